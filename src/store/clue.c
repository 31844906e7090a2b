/* SPDX-License-Identifier: ISC */
#include "store/db.h"

#include "base/arena.h"
#include "base/err.h"
#include "store/find.h"
#include "store/query.h"

/* Six digits, more when a year has a million clues. */
static int
next_number(struct store *s, const char *prefix, int year, struct arena *a,
    const char **number_out, struct err *err)
{
	const char *text;
	int64_t number;

	if (pending_number(s, prefix, year, &number, err) < 0)
		return -1;
	text = arena_printf(
	    a, "%s-%04d-%06lld", prefix, year, (long long)number);
	if (text == NULL)
		return db_no_memory(err);
	*number_out = text;
	return 0;
}

int
store_clue_add(struct store *s, struct clue_record *r, const char *prefix,
    int year, struct arena *a, struct err *err)
{
	const char *number = NULL;
	struct query q;

	if (db_must_be_open(s, "clue", err) < 0 ||
	    next_number(s, prefix, year, a, &number, err) < 0)
		return -1;
	query_init(&q, s, Q_CLUE_ADD);
	query_put_str(&q, number);
	query_put_ref(&q, r->message);
	query_put_str(&q, r->channel);
	query_put_str(&q, r->state);
	query_put_str(&q, r->domain);
	query_put_str(&q, r->runner_up);
	query_put_i64(&q, r->score);
	query_put_i64(&q, r->margin);
	query_put_str(&q, r->area);
	query_put_str(&q, r->class_id);
	query_put_str(&q, r->officer);
	query_put_str(&q, r->deputy);
	query_put_str(&q, r->leader);
	query_put_i64(&q, r->triage);
	query_put_i64(&q, r->discipline);
	query_put_str(&q, r->why);
	query_put_str(&q, r->excluded);
	query_put_str(&q, r->rules);
	query_put_str(&q, r->subject);
	query_put_str(&q, r->text);
	query_put_i64(&q, r->received_s);
	query_put_i64(&q, r->dispatched_s);
	if (query_run(&q, err) < 0)
		return -1;
	r->id = sqlite3_last_insert_rowid(s->db);
	r->number = number;
	find_later(s, r->id, r->pairs);
	s->fresh_clue = r->id;
	s->fresh_turn = 0;
	return pending_count(s, "state", r->state, err);
}

/* Same order as store_clue_add(), the id in front. */
static void
take(struct query *q, struct arena *a, struct clue_record *r)
{
	r->id = query_i64(q);
	r->number = query_str(q, a);
	r->message = query_i64(q);
	r->channel = query_str(q, a);
	r->state = query_str(q, a);
	r->domain = query_str(q, a);
	r->runner_up = query_str(q, a);
	r->score = (int32_t)query_i64(q);
	r->margin = (int32_t)query_i64(q);
	r->area = query_str(q, a);
	r->class_id = query_str(q, a);
	r->officer = query_str(q, a);
	r->deputy = query_str(q, a);
	r->leader = query_str(q, a);
	r->triage = query_bool(q);
	r->discipline = query_bool(q);
	r->why = query_str(q, a);
	r->excluded = query_str(q, a);
	r->rules = query_str(q, a);
	r->subject = query_str(q, a);
	r->text = query_str(q, a);
	r->received_s = query_i64(q);
	r->dispatched_s = query_i64(q);
}

static int
get(struct query *q, struct arena *a, struct clue_record *out,
    struct err *err)
{
	struct clue_record r = {0};
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
store_clue_by_number(struct store *s, const char *number, struct arena *a,
    struct clue_record *out, struct err *err)
{
	struct query q;

	query_init(&q, s, Q_CLUE_BY_NUMBER);
	query_put_str(&q, number);
	return get(&q, a, out, err);
}

int
store_clue_by_id(struct store *s, int64_t id, struct arena *a,
    struct clue_record *out, struct err *err)
{
	struct query q;

	query_init(&q, s, Q_CLUE_BY_ID);
	query_put_i64(&q, id);
	return get(&q, a, out, err);
}

int
store_clue_update(
    struct store *s, const struct clue_record *r, struct err *err)
{
	struct query q;
	bool own;

	if (db_own_begin(s, &own, err) < 0)
		return -1;
	query_init(&q, s, Q_CLUE_UPDATE);
	query_put_i64(&q, r->id);
	query_put_str(&q, r->state);
	query_put_str(&q, r->domain);
	query_put_str(&q, r->area);
	query_put_str(&q, r->class_id);
	query_put_str(&q, r->officer);
	query_put_str(&q, r->deputy);
	query_put_str(&q, r->leader);
	query_put_i64(&q, r->triage);
	query_put_i64(&q, r->discipline);
	query_put_str(&q, r->why);
	query_put_str(&q, r->excluded);
	query_put_i64(&q, r->dispatched_s);
	return db_own_end(s, own, query_run_one(&q, err), err);
}

int
store_match_add(
    struct store *s, const struct match_record *r, struct err *err)
{
	struct query q;

	if (db_must_be_open(s, "match", err) < 0)
		return -1;
	query_init(&q, s, Q_MATCH_ADD);
	query_put_i64(&q, r->clue);
	query_put_i64(&q, r->seq);
	query_put_str(&q, r->domain);
	query_put_str(&q, r->term);
	query_put_str(&q, r->found);
	query_put_str(&q, r->field);
	query_put_i64(&q, (int64_t)r->at);
	query_put_i64(&q, (int64_t)r->len);
	query_put_i64(&q, r->weight);
	return query_run(&q, err);
}

int
store_matches(struct store *s, int64_t clue, struct arena *a,
    struct match_record **out, size_t *n_out, struct err *err)
{
	struct buf rows = BUF_INIT;
	struct match_record r = {0};
	struct query q;
	int rc;

	query_init(&q, s, Q_MATCHES);
	query_put_i64(&q, clue);
	while ((rc = query_step(&q, err)) == 1) {
		r.clue = query_i64(&q);
		r.domain = query_str(&q, a);
		r.term = query_str(&q, a);
		r.found = query_str(&q, a);
		r.field = query_str(&q, a);
		r.at = (uint64_t)query_i64(&q);
		r.len = (uint64_t)query_i64(&q);
		r.weight = (int32_t)query_i64(&q);
		buf_add(&rows, &r, sizeof(r));
	}
	return query_rows_end(&q, rc, &rows, sizeof(r), a, out, n_out, err);
}
