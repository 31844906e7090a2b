/* SPDX-License-Identifier: ISC */
#include "store/db.h"

#include <string.h>

#include "base/err.h"
#include "follow/clue.h"
#include "store/query.h"

/* The clue_row has one place for each. */
_Static_assert(DEADLINE_COUNT == 3, "struct clue_row");

static const char *
or_any(const char *text)
{
	return text != NULL ? text : "";
}

static int64_t
or_never(int64_t s)
{
	return s != 0 ? s : INT64_MAX;
}

/* Whichever finds fewest comes first. */
static enum statement
leading(const struct clue_filter *f, int64_t due_before_s)
{
	if (due_before_s != 0)
		return Q_LIST_OVERDUE;
	if (f->triage)
		return Q_LIST_TRIAGE;
	if (or_any(f->officer)[0] != '\0')
		return Q_LIST_OFFICER;
	if (f->received_from_s != 0)
		return Q_LIST_RECEIVED;
	if (or_any(f->state)[0] != '\0')
		return Q_LIST_STATE;
	if (or_any(f->area)[0] != '\0')
		return Q_LIST_AREA;
	if (or_any(f->domain)[0] != '\0')
		return Q_LIST_DOMAIN;
	return Q_LIST_ALL;
}

/* An open deadline that is due before the earlier of both bounds meets
 * both. */
static int64_t
due_bound(const struct clue_filter *f)
{
	int64_t bound = f->due_before_s;

	if (f->overdue && (bound == 0 || bound > f->now_s + 1))
		bound = f->now_s + 1;
	return bound;
}

/* A reopened clue may have several of a kind: the last one counts. */
static int
add_deadlines(struct store *s, struct clue_row *r, struct err *err)
{
	struct query q;
	const char *kind;
	int rc, k;

	query_init(&q, s, Q_LIST_DEADLINES);
	query_put_i64(&q, r->id);
	while ((rc = query_step(&q, err)) == 1) {
		kind = query_str_here(&q);
		for (k = 0; k < DEADLINE_COUNT; k++)
			if (strcmp(kind, deadline_name(
			    (enum deadline_kind)k)) == 0)
				break;
		if (k == DEADLINE_COUNT)
			continue;
		r->due_s[k] = query_i64(&q);
		r->met_s[k] = query_i64(&q);
	}
	query_done(&q);
	return rc;
}

static int
give(struct query *q, int (*row)(void *arg, const struct clue_row *r),
    void *arg, struct err *err)
{
	struct clue_row r;
	int rc;

	while ((rc = query_step(q, err)) == 1) {
		r = (struct clue_row){0};
		r.id = query_i64(q);
		r.number = query_str_here(q);
		r.state = query_str_here(q);
		r.domain = query_str_here(q);
		r.area = query_str_here(q);
		r.officer = query_str_here(q);
		r.class_id = query_str_here(q);
		r.subject = query_str_here(q);
		r.why = query_str_here(q);
		r.triage = query_bool(q);
		r.discipline = query_bool(q);
		r.received_s = query_i64(q);
		r.dispatched_s = query_i64(q);
		rc = query_lost(q, err);
		if (rc == 0)
			rc = add_deadlines(q->s, &r, err);
		if (rc < 0 || row(arg, &r) != 0)
			break;
	}
	query_done(q);
	return rc < 0 ? -1 : 0;
}

int
store_list(struct store *s, const struct clue_filter *f,
    int (*row)(void *arg, const struct clue_row *r), void *arg,
    struct err *err)
{
	int64_t due_before_s = due_bound(f);
	enum statement id = leading(f, due_before_s);
	struct query q;

	query_init(&q, s, id);
	query_put_str(&q, or_any(f->domain));
	query_put_str(&q, or_any(f->officer));
	query_put_str(&q, or_any(f->state));
	query_put_str(&q, or_any(f->area));
	query_put_i64(&q, f->triage);
	query_put_i64(&q, due_before_s);
	query_put_i64(&q, f->received_from_s);
	query_put_i64(&q, or_never(f->received_before_s));
	query_put_limit(&q, f->limit);
	if (id == Q_LIST_OVERDUE)
		query_put_i64(&q, f->overdue);
	return give(&q, row, arg, err);
}

int
store_clues_recent(struct store *s, size_t limit,
    int (*row)(void *arg, const struct clue_row *r), void *arg,
    struct err *err)
{
	struct query q;

	query_init(&q, s, Q_LIST_RECENT);
	query_put_limit(&q, limit);
	return give(&q, row, arg, err);
}

int
store_ledger(struct store *s, int64_t from_s, int64_t to_s,
    int (*row)(void *arg, const struct event_record *r), void *arg,
    struct err *err)
{
	struct event_record r;
	struct query q;
	int rc;

	/* The whole book needs no sorting. */
	query_init(&q, s, from_s == 0 && to_s == 0 ? Q_LEDGER
						   : Q_LEDGER_BETWEEN);
	if (from_s != 0 || to_s != 0) {
		query_put_i64(&q, from_s);
		query_put_i64(&q, or_never(to_s));
	}
	while ((rc = query_step(&q, err)) == 1) {
		r.id = query_i64(&q);
		r.clue = query_i64(&q);
		r.at_s = query_i64(&q);
		r.kind = query_str_here(&q);
		r.actor = query_str_here(&q);
		r.detail = query_str_here(&q);
		rc = query_lost(&q, err);
		if (rc < 0 || row(arg, &r) != 0)
			break;
	}
	query_done(&q);
	return rc < 0 ? -1 : 0;
}
