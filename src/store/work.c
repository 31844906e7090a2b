/* SPDX-License-Identifier: ISC */
#include "store/work.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "store/db.h"
#include "store/query.h"
#include "store/turn.h"

int
store_correction_add(
    struct store *s, const struct correction_record *r, struct err *err)
{
	struct query q;

	if (db_must_be_open(s, "correction", err) < 0)
		return -1;
	query_init(&q, s, Q_CORRECTION_ADD);
	query_put_i64(&q, r->clue);
	query_put_i64(&q, r->at_s);
	query_put_str(&q, r->actor);
	query_put_str(&q, r->domain_was);
	query_put_str(&q, r->domain_is);
	return query_run(&q, err);
}

int
store_corrections(struct store *s, struct arena *a,
    struct correction_record **out, size_t *n_out, struct err *err)
{
	struct correction_record r = {0};
	struct buf rows = BUF_INIT;
	struct query q;
	int rc;

	query_init(&q, s, Q_CORRECTIONS);
	while ((rc = query_step(&q, err)) == 1) {
		r.id = query_i64(&q);
		r.clue = query_i64(&q);
		r.at_s = query_i64(&q);
		r.actor = query_str(&q, a);
		r.domain_was = query_str(&q, a);
		r.domain_is = query_str(&q, a);
		buf_add(&rows, &r, sizeof(r));
	}
	return query_rows_end(&q, rc, &rows, sizeof(r), a, out, n_out, err);
}

bool
is_turn(const char *kind)
{
	static const char *const kinds[] = {"triage", "assigned",
	    "reassigned", "returned", "recused", "transferred",
	    "substantiated", "unsubstantiated", "not-applicable", "duplicate",
	    "reopened"};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i], kind) == 0)
			return true;
	return false;
}

int
store_turn(struct store *s, int64_t clue, uint32_t *turn_out, struct err *err)
{
	struct query q;
	uint32_t n = 0;
	int rc;

	/* Its first letters are written with it. */
	if (clue != 0 && clue == s->fresh_clue) {
		*turn_out = s->fresh_turn;
		return 0;
	}
	query_init(&q, s, Q_TURN);
	query_put_i64(&q, clue);
	while ((rc = query_step(&q, err)) == 1)
		n += is_turn(query_str_here(&q));
	query_done(&q);
	if (rc < 0)
		return -1;
	*turn_out = n;
	return 0;
}

int
store_clue_set_first(
    struct store *s, int64_t clue, int64_t first, struct err *err)
{
	struct query q;

	if (db_must_be_open(s, "repeated clue", err) < 0)
		return -1;
	query_init(&q, s, Q_CLUE_FIRST_SET);
	query_put_i64(&q, clue);
	query_put_i64(&q, first);
	return query_run(&q, err);
}

int
store_clue_first(
    struct store *s, int64_t clue, int64_t *first_out, struct err *err)
{
	int64_t first = 0;
	struct query q;
	int rc;

	query_init(&q, s, Q_CLUE_FIRST);
	query_put_i64(&q, clue);
	rc = query_step(&q, err);
	if (rc == 1)
		first = query_i64(&q);
	query_done(&q);
	if (rc == 1)
		*first_out = first;
	return rc;
}
