/* SPDX-License-Identifier: ISC */
#include "store/db.h"

#include "base/arena.h"
#include "base/err.h"
#include "store/query.h"

int
store_attachment_add(
    struct store *s, const struct attachment_record *r, struct err *err)
{
	struct query q;

	if (db_must_be_open(s, "attachment", err) < 0)
		return -1;
	query_init(&q, s, Q_ATTACHMENT_ADD);
	query_put_i64(&q, r->message);
	query_put_i64(&q, r->seq);
	query_put_str(&q, r->name);
	query_put_str(&q, r->type);
	query_put_str(&q, r->type_claimed);
	query_put_str(&q, r->link);
	query_put_i64(&q, (int64_t)r->size_bytes);
	query_put_blob(&q, r->sha256, sizeof(r->sha256));
	query_put_i64(&q, r->flags);
	query_put_i64(&q, r->sent_along);
	query_put_i64(&q, r->released);
	return query_run(&q, err);
}

int
store_attachment_update(
    struct store *s, const struct attachment_record *r, struct err *err)
{
	struct query q;
	bool own;

	if (db_own_begin(s, &own, err) < 0)
		return -1;
	query_init(&q, s, Q_ATTACHMENT_SET);
	query_put_i64(&q, r->message);
	query_put_i64(&q, r->seq);
	query_put_i64(&q, r->sent_along);
	query_put_i64(&q, r->released);
	return db_own_end(s, own, query_run_one(&q, err), err);
}

int
store_attachments(struct store *s, int64_t message, struct arena *a,
    struct attachment_record **out, size_t *n_out, struct err *err)
{
	struct buf rows = BUF_INIT;
	struct attachment_record r = {0};
	struct query q;
	int rc;

	query_init(&q, s, Q_ATTACHMENTS);
	query_put_i64(&q, message);
	while ((rc = query_step(&q, err)) == 1) {
		r.message = query_i64(&q);
		r.seq = query_u32(&q);
		r.name = query_str(&q, a);
		r.type = query_str(&q, a);
		r.type_claimed = query_str(&q, a);
		r.link = query_str(&q, a);
		r.size_bytes = (uint64_t)query_i64(&q);
		query_hash(&q, r.sha256, sizeof(r.sha256));
		r.flags = query_u32(&q);
		r.sent_along = query_bool(&q);
		r.released = query_bool(&q);
		buf_add(&rows, &r, sizeof(r));
	}
	return query_rows_end(&q, rc, &rows, sizeof(r), a, out, n_out, err);
}
