/* SPDX-License-Identifier: ISC */
#include "store/db.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "store/query.h"
#include "store/raw.h"

static int
find(struct query *q, int64_t *id_out, struct err *err)
{
	int rc = query_step(q, err);

	if (rc == 1)
		*id_out = query_i64(q);
	query_done(q);
	return rc;
}

int
store_message_find(struct store *s, const unsigned char sha256[SHA256_BYTES],
    int64_t *id_out, struct err *err)
{
	struct query q;

	query_init(&q, s, Q_MESSAGE_FIND);
	query_put_blob(&q, sha256, SHA256_BYTES);
	return find(&q, id_out, err);
}

int
store_message_find_same(struct store *s, const char *message_id,
    const unsigned char content_key[SHA256_BYTES], int64_t *id_out,
    struct err *err)
{
	struct query q;

	query_init(&q, s, Q_MESSAGE_FIND_SAME);
	query_put_blob(&q, content_key, SHA256_BYTES);
	query_put_str(&q, message_id);
	return find(&q, id_out, err);
}

int
store_message_add(struct store *s, const struct message_record *r,
    const void *raw, size_t raw_len, int64_t *id_out, struct err *err)
{
	struct query q;
	int64_t raw_id = 0;

	if (db_must_be_open(s, "message", err) < 0)
		return -1;
	if (raw_len > MAX_MESSAGE_BYTES)
		return err_set(err, ERR_INPUT, ERR_OWN, 0,
		    "store: a message of %zu bytes", raw_len);
	if (raw_add(s, raw, raw_len, MIN_RAW_PACKED, r->let_go, &raw_id,
		err) < 0)
		return -1;
	query_init(&q, s, Q_MESSAGE_ADD);
	query_put_blob(&q, r->sha256, sizeof(r->sha256));
	query_put_blob(&q, r->content_key, sizeof(r->content_key));
	query_put_str(&q, r->message_id);
	query_put_str(&q, r->channel);
	query_put_str(&q, r->kind);
	query_put_str(&q, r->why);
	query_put_i64(&q, r->received_s);
	query_put_i64(&q, r->internal_s);
	query_put_i64(&q, r->date_s);
	query_put_i64(&q, (int64_t)r->size_bytes);
	query_put_str(&q, r->charset);
	query_put_i64(&q, r->defects);
	query_put_str(&q, r->lost);
	query_put_ref(&q, r->clue);
	query_put_ref(&q, raw_id);
	if (query_run(&q, err) < 0)
		return -1;
	*id_out = sqlite3_last_insert_rowid(s->db);
	return pending_count(s, "kind", r->kind, err);
}

int
store_message_set_clue(struct store *s, int64_t message, int64_t clue,
    struct err *err)
{
	struct query q;
	bool own;

	if (db_own_begin(s, &own, err) < 0)
		return -1;
	query_init(&q, s, Q_MESSAGE_SET_CLUE);
	query_put_i64(&q, message);
	query_put_ref(&q, clue);
	return db_own_end(s, own, query_run_one(&q, err), err);
}

int
store_message_set_kind(struct store *s, int64_t message, const char *kind,
    const char *why, struct err *err)
{
	struct query q;
	bool own;

	if (db_own_begin(s, &own, err) < 0)
		return -1;
	query_init(&q, s, Q_MESSAGE_SET_KIND);
	query_put_i64(&q, message);
	query_put_str(&q, kind);
	query_put_str(&q, why);
	return db_own_end(s, own, query_run_one(&q, err), err);
}

int
store_message_set_decoded(struct store *s, int64_t message,
    const struct message_record *r, struct err *err)
{
	struct query q;
	bool own;

	if (db_own_begin(s, &own, err) < 0)
		return -1;
	query_init(&q, s, Q_MESSAGE_SET_DECODED);
	query_put_i64(&q, message);
	query_put_blob(&q, r->content_key, sizeof(r->content_key));
	query_put_str(&q, r->message_id);
	query_put_str(&q, r->kind);
	query_put_str(&q, r->why);
	query_put_i64(&q, r->date_s);
	query_put_str(&q, r->charset);
	query_put_i64(&q, r->defects);
	query_put_str(&q, r->lost);
	return db_own_end(s, own, query_run_one(&q, err), err);
}

int
store_message_raw(struct store *s, int64_t message, void **raw_out,
    size_t *len_out, struct err *err)
{
	return raw_of(s, Q_MESSAGE_RAW, message, raw_out, len_out, err);
}

/* Same order as store_message_add(), the id in front. */
static void
take(struct query *q, struct arena *a, struct stored_message *m)
{
	struct message_record *r = &m->record;

	m->id = query_i64(q);
	query_hash(q, r->sha256, sizeof(r->sha256));
	query_hash(q, r->content_key, sizeof(r->content_key));
	r->message_id = query_str(q, a);
	r->channel = query_str(q, a);
	r->kind = query_str(q, a);
	r->why = query_str(q, a);
	r->received_s = query_i64(q);
	r->internal_s = query_i64(q);
	r->date_s = query_i64(q);
	r->size_bytes = (uint64_t)query_i64(q);
	r->charset = query_str(q, a);
	r->defects = query_u32(q);
	r->lost = query_str(q, a);
	r->clue = query_i64(q);
}

int
store_message_by_id(struct store *s, int64_t id, struct arena *a,
    struct stored_message *out, struct err *err)
{
	struct stored_message m = {0};
	struct query q;
	int rc;

	query_init(&q, s, Q_MESSAGE_BY_ID);
	query_put_i64(&q, id);
	rc = query_step(&q, err);
	if (rc == 1) {
		take(&q, a, &m);
		rc = query_lost(&q, err) < 0 ? -1 : 1;
	}
	query_done(&q);
	if (rc == 1)
		*out = m;
	return rc;
}

static int
list(struct query *q, struct arena *a, struct stored_message **out,
    size_t *n_out, struct err *err)
{
	struct buf rows = BUF_INIT;
	struct stored_message m = {0};
	int rc;

	while ((rc = query_step(q, err)) == 1) {
		take(q, a, &m);
		buf_add(&rows, &m, sizeof(m));
	}
	return query_rows_end(q, rc, &rows, sizeof(m), a, out, n_out, err);
}

int
store_messages(struct store *s, int64_t clue, struct arena *a,
    struct stored_message **out, size_t *n_out, struct err *err)
{
	struct query q;

	query_init(&q, s, Q_MESSAGES_OF_CLUE);
	query_put_i64(&q, clue);
	return list(&q, a, out, n_out, err);
}

int
store_messages_of_kind(struct store *s, const char *kind, size_t max,
    struct arena *a, struct stored_message **out, size_t *n_out,
    struct err *err)
{
	struct query q;

	query_init(&q, s, Q_MESSAGES_OF_KIND);
	query_put_str(&q, kind);
	query_put_limit(&q, max);
	return list(&q, a, out, n_out, err);
}
