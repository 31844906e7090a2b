/* SPDX-License-Identifier: ISC */
#include "store/chain.h"

#include <string.h>

#include <sodium.h>

#include "base/err.h"
#include "base/pack.h"
#include "store/query.h"

static const char event_label[] = "clued event 1";
static const char seal_label[] = "clued seal 1";
static const char key_label[] = "clued key 1";

static int
finish(struct store *s, unsigned char out[CHAIN_BYTES], struct err *err)
{
	struct buf *b = &s->scratch;

	if (buf_bad(b))
		return db_no_memory(err);
	(void)crypto_generichash(out, CHAIN_BYTES,
	    (const unsigned char *)b->data, b->len, s->key, sizeof(s->key));
	return 0;
}

int
chain_hash(struct store *s, const unsigned char before[CHAIN_BYTES],
    const struct event_record *e, unsigned char out[CHAIN_BYTES],
    struct err *err)
{
	struct buf *b = &s->scratch;

	buf_clear(b);
	pack_str(b, event_label);
	pack_bytes(b, before, CHAIN_BYTES);
	pack_i64(b, e->id);
	pack_i64(b, e->clue);
	pack_i64(b, e->at_s);
	pack_str(b, e->kind);
	pack_str(b, e->actor);
	pack_str(b, e->detail);
	return finish(s, out, err);
}

int
chain_seal_hash(struct store *s, int64_t last,
    const unsigned char head[CHAIN_BYTES], unsigned char out[CHAIN_BYTES],
    struct err *err)
{
	struct buf *b = &s->scratch;

	buf_clear(b);
	pack_str(b, seal_label);
	pack_i64(b, last);
	pack_bytes(b, head, CHAIN_BYTES);
	return finish(s, out, err);
}

static int
key_hash(struct store *s, unsigned char out[CHAIN_BYTES], struct err *err)
{
	buf_clear(&s->scratch);
	pack_str(&s->scratch, key_label);
	return finish(s, out, err);
}

int
chain_make(struct store *s, struct err *err)
{
	static const unsigned char none[CHAIN_BYTES];
	unsigned char seal[CHAIN_BYTES], check[CHAIN_BYTES];
	struct query q;

	if (chain_seal_hash(s, 0, none, seal, err) < 0 ||
	    key_hash(s, check, err) < 0)
		return -1;
	query_init(&q, s, Q_CHAIN_MAKE);
	query_put_blob(&q, seal, sizeof(seal));
	query_put_blob(&q, check, sizeof(check));
	return query_run_one(&q, err);
}

int
chain_end(struct store *s, struct err *err)
{
	struct query q;
	int rc;

	if (s->chain_known)
		return 0;
	s->chain_last = 0;
	memset(s->chain_head, 0, sizeof(s->chain_head));
	query_init(&q, s, Q_EVENT_LAST);
	rc = query_step(&q, err);
	if (rc == 1) {
		s->chain_last = query_i64(&q);
		query_hash(&q, s->chain_head, sizeof(s->chain_head));
	}
	query_done(&q);
	/* Outside a transaction somebody else may move it. */
	s->chain_known = rc >= 0 && s->open;
	return rc < 0 ? -1 : 0;
}

int
chain_seal(struct store *s, struct err *err)
{
	unsigned char seal[CHAIN_BYTES];
	struct query q;

	if (chain_end(s, err) < 0 ||
	    chain_seal_hash(s, s->chain_last, s->chain_head, seal, err) < 0)
		return -1;
	query_init(&q, s, Q_CHAIN_SEAL);
	query_put_i64(&q, s->chain_last);
	query_put_blob(&q, s->chain_head, sizeof(s->chain_head));
	query_put_blob(&q, seal, sizeof(seal));
	return query_run_one(&q, err);
}

int
chain_key_check(struct store *s, struct err *err)
{
	unsigned char have[CHAIN_BYTES] = {0}, want[CHAIN_BYTES];
	struct query q;
	int rc;

	if (key_hash(s, want, err) < 0)
		return -1;
	query_init(&q, s, Q_CHAIN);
	rc = query_step(&q, err);
	if (rc == 1) {
		q.at = 2;
		query_hash(&q, have, sizeof(have));
	}
	query_done(&q);
	if (rc < 0)
		return -1;
	if (rc == 0)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
		    "store: damaged: the ledger's end is not noted any more; "
		    "restore the last backup");
	if (sodium_memcmp(have, want, sizeof(have)) == 0)
		return 0;
	return err_set(err, ERR_CONF, ERR_OWN, 0,
	    "store: %s.key is not the key this store was made with; restore "
	    "the right one from the backup of the store",
	    s->path);
}
