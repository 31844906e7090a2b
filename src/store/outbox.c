/* SPDX-License-Identifier: ISC */
#include "store/db.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "store/query.h"
#include "store/raw.h"

/* The numbers stand in the table, in statements.c and in the schema. */
_Static_assert(LETTER_READY == 0 && LETTER_SENDING == 1 &&
    LETTER_UNKNOWN == 4 && LETTER_STATE_COUNT == 6, "see schema.sql");

const char *
letter_state_name(enum letter_state st)
{
	static const char *const names[LETTER_STATE_COUNT] = {"ready",
	    "sending", "sent", "failed", "unknown", "cancelled"};

	return (unsigned)st < LETTER_STATE_COUNT ? names[st] : "?";
}

/* As tally has them. */
static const char state_key[LETTER_STATE_COUNT][2] = {
    "0", "1", "2", "3", "4", "5"};

int
store_letter_add(struct store *s, const struct letter_record *r,
    const void *bytes, size_t len, int64_t *id_out, struct err *err)
{
	unsigned char sha256[SHA256_BYTES];
	struct query q;
	int64_t raw = 0;

	if (db_must_be_open(s, "letter", err) < 0)
		return -1;
	if (len > MAX_LETTER_BYTES)
		return err_set(err, ERR_BUG, ERR_OWN, 0,
		    "store: a letter of %zu bytes", len);
	hash_sha256(bytes, len, sha256);
	/* What has a citizen's code in it never lies there in plain words. */
	if (raw_add(s, bytes, len,
		r->to_person[0] == '\0' ? MIN_RAW_PACKED : MIN_LETTER_PACKED,
		NULL, &raw, err) < 0)
		return -1;
	query_init(&q, s, Q_LETTER_ADD);
	query_put_ref(&q, r->clue);
	query_put_ref(&q, r->deadline);
	query_put_str(&q, r->kind);
	query_put_str(&q, r->to_person);
	query_put_str(&q, r->rcpt_to);
	query_put_str(&q, r->message_id);
	query_put_i64(&q, r->state);
	query_put_i64(&q, r->tries);
	query_put_i64(&q, r->repeats);
	query_put_i64(&q, r->created_s);
	query_put_i64(&q, r->next_try_s);
	query_put_i64(&q, r->sent_s);
	query_put_i64(&q, r->code);
	query_put_str(&q, r->result);
	query_put_blob(&q, sha256, sizeof(sha256));
	query_put_ref(&q, raw);
	if (query_run(&q, err) < 0)
		return -1;
	*id_out = sqlite3_last_insert_rowid(s->db);
	return pending_count(s, "letter", state_key[r->state], err);
}

/* Same order as store_letter_add(), the id in front. */
static void
take(struct query *q, struct arena *a, struct letter_record *r)
{
	r->id = query_i64(q);
	r->clue = query_i64(q);
	r->deadline = query_i64(q);
	r->kind = query_str(q, a);
	r->to_person = query_str(q, a);
	r->rcpt_to = query_str(q, a);
	r->message_id = query_str(q, a);
	r->state = (enum letter_state)query_u32(q);
	r->tries = query_u32(q);
	r->repeats = query_u32(q);
	r->created_s = query_i64(q);
	r->next_try_s = query_i64(q);
	r->sent_s = query_i64(q);
	r->code = (int32_t)query_i64(q);
	r->result = query_str(q, a);
}

static int
get(struct query *q, struct arena *a, struct letter_record *out,
    struct err *err)
{
	struct letter_record r = {0};
	int rc = query_step(q, err);

	if (rc == 1) {
		take(q, a, &r);
		rc = query_lost(q, err) < 0 ? -1 : 1;
	}
	query_done(q);
	if (rc == 1)
		*out = r;
	return rc;
}

int
store_letter_by_id(struct store *s, int64_t id, struct arena *a,
    struct letter_record *out, struct err *err)
{
	struct query q;

	query_init(&q, s, Q_LETTER_BY_ID);
	query_put_i64(&q, id);
	return get(&q, a, out, err);
}

static int
rows(struct query *q, struct arena *a, struct letter_record **out,
    size_t *n_out, struct err *err)
{
	struct buf found = BUF_INIT;
	struct letter_record r = {0};
	int rc;

	while ((rc = query_step(q, err)) == 1) {
		take(q, a, &r);
		buf_add(&found, &r, sizeof(r));
	}
	return query_rows_end(q, rc, &found, sizeof(r), a, out, n_out, err);
}

int
store_letters_ready(struct store *s, int64_t now_s, size_t max,
    struct arena *a, struct letter_record **out, size_t *n_out,
    struct err *err)
{
	struct query q;

	query_init(&q, s, Q_LETTERS_READY);
	query_put_i64(&q, now_s);
	query_put_limit(&q, max);
	return rows(&q, a, out, n_out, err);
}

int
store_letter_claim(struct store *s, int64_t letter, struct arena *a,
    struct letter_record *out, void **bytes_out, size_t *len_out,
    struct err *err)
{
	struct query q;
	int rc;

	if (db_must_be_open(s, "claim", err) < 0)
		return -1;
	query_init(&q, s, Q_LETTER_CLAIM);
	query_put_i64(&q, letter);
	rc = get(&q, a, out, err);
	if (rc == 1 &&
	    store_letter_bytes(s, letter, bytes_out, len_out, err) < 0)
		return -1;
	return rc;
}

int
store_letter_update(
    struct store *s, const struct letter_record *r, struct err *err)
{
	struct query q;
	bool own;

	if (db_own_begin(s, &own, err) < 0)
		return -1;
	query_init(&q, s, Q_LETTER_UPDATE);
	query_put_i64(&q, r->id);
	query_put_i64(&q, r->state);
	query_put_i64(&q, r->next_try_s);
	query_put_i64(&q, r->sent_s);
	query_put_i64(&q, r->tries);
	query_put_i64(&q, r->repeats);
	query_put_i64(&q, r->code);
	query_put_str(&q, r->result);
	return db_own_end(s, own, query_run_one(&q, err), err);
}

int
store_letters_recover(struct store *s, int64_t *n_out, struct err *err)
{
	struct query q;
	int64_t n = 0;
	bool own;
	int rc;

	if (db_own_begin(s, &own, err) < 0)
		return -1;
	query_init(&q, s, Q_LETTERS_RECOVER);
	rc = query_run(&q, err);
	if (rc == 0)
		n = sqlite3_changes64(s->db);
	if (db_own_end(s, own, rc, err) < 0)
		return -1;
	*n_out = n;
	return 0;
}

int
store_letters_pull(struct store *s, int64_t now_s, int64_t latest_s,
    bool all, struct err *err)
{
	struct query q;
	int64_t id;
	bool own;

	/* Hardly ever: not worth the write lock at every look. */
	query_init(&q, s, Q_LETTER_AHEAD);
	query_put_i64(&q, now_s);
	query_put_i64(&q, all);
	query_put_i64(&q, latest_s);
	if (query_one_i64(&q, &id, err) < 0)
		return -1;
	if (id == 0)
		return 0;
	if (db_own_begin(s, &own, err) < 0)
		return -1;
	query_init(&q, s, Q_LETTERS_PULL);
	query_put_i64(&q, now_s);
	query_put_i64(&q, all);
	query_put_i64(&q, latest_s);
	return db_own_end(s, own, query_run(&q, err), err);
}

int
store_letter_next(struct store *s, int64_t *next_s_out, struct err *err)
{
	struct query q;

	query_init(&q, s, Q_LETTER_NEXT);
	return query_one_i64(&q, next_s_out, err);
}

int
store_letter_by_message_id(struct store *s, const char *message_id,
    struct arena *a, struct letter_record *out, struct err *err)
{
	struct query q;

	query_init(&q, s, Q_LETTER_BY_MESSAGE_ID);
	query_put_str(&q, message_id);
	return get(&q, a, out, err);
}

int
store_letters(struct store *s, int64_t clue, struct arena *a,
    struct letter_record **out, size_t *n_out, struct err *err)
{
	struct query q;

	query_init(&q, s, Q_LETTERS);
	query_put_i64(&q, clue);
	return rows(&q, a, out, n_out, err);
}

int
store_letter_bytes(struct store *s, int64_t letter, void **bytes_out,
    size_t *len_out, struct err *err)
{
	return raw_of(s, Q_LETTER_RAW, letter, bytes_out, len_out, err);
}
