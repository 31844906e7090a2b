/* SPDX-License-Identifier: ISC */
#include "store/db.h"

#include "base/arena.h"
#include "base/err.h"
#include "store/query.h"

int
store_deadline_add(
    struct store *s, const struct deadline_record *r, struct err *err)
{
	struct query q;

	if (db_must_be_open(s, "deadline", err) < 0)
		return -1;
	query_init(&q, s, Q_DEADLINE_ADD);
	query_put_i64(&q, r->clue);
	query_put_str(&q, r->kind);
	query_put_i64(&q, r->due_s);
	query_put_i64(&q, r->warn_s);
	query_put_i64(&q, r->met_s);
	query_put_i64(&q, r->ask_s);
	query_put_i64(&q, r->steps_sent);
	return query_run(&q, err);
}

static int
list(struct query *q, struct arena *a, struct deadline_record **out,
    size_t *n_out, struct err *err)
{
	struct buf rows = BUF_INIT;
	struct deadline_record r = {0};
	int rc;

	while ((rc = query_step(q, err)) == 1) {
		r.id = query_i64(q);
		r.clue = query_i64(q);
		r.kind = query_str(q, a);
		r.due_s = query_i64(q);
		r.warn_s = query_i64(q);
		r.met_s = query_i64(q);
		r.ask_s = query_i64(q);
		r.steps_sent = query_u32(q);
		buf_add(&rows, &r, sizeof(r));
	}
	return query_rows_end(q, rc, &rows, sizeof(r), a, out, n_out, err);
}

int
store_deadlines(struct store *s, int64_t clue, struct arena *a,
    struct deadline_record **out, size_t *n_out, struct err *err)
{
	struct query q;

	query_init(&q, s, Q_DEADLINES);
	query_put_i64(&q, clue);
	return list(&q, a, out, n_out, err);
}

int
store_deadlines_to_ask(struct store *s, int64_t now_s, size_t max,
    struct arena *a, struct deadline_record **out, size_t *n_out,
    struct err *err)
{
	struct query q;

	query_init(&q, s, Q_DEADLINES_TO_ASK);
	query_put_i64(&q, now_s);
	query_put_limit(&q, max);
	return list(&q, a, out, n_out, err);
}

int
store_deadline_update(
    struct store *s, const struct deadline_record *r, struct err *err)
{
	struct query q;
	bool own;

	if (db_own_begin(s, &own, err) < 0)
		return -1;
	query_init(&q, s, Q_DEADLINE_UPDATE);
	query_put_i64(&q, r->id);
	query_put_i64(&q, r->due_s);
	query_put_i64(&q, r->warn_s);
	query_put_i64(&q, r->met_s);
	query_put_i64(&q, r->ask_s);
	query_put_i64(&q, r->steps_sent);
	return db_own_end(s, own, query_run_one(&q, err), err);
}

int
store_deadline_next(struct store *s, int64_t *next_s_out, struct err *err)
{
	struct query q;

	query_init(&q, s, Q_DEADLINE_NEXT);
	return query_one_i64(&q, next_s_out, err);
}
