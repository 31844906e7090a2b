/* SPDX-License-Identifier: ISC */
#include "store/db.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "store/citizen.h"
#include "store/query.h"

int
store_reporter_add(
    struct store *s, const struct reporter_record *r, struct err *err)
{
	struct query q;

	if (db_must_be_open(s, "reporter", err) < 0)
		return -1;
	query_init(&q, s, Q_REPORTER_ADD);
	query_put_ref(&q, r->message);
	query_put_str(&q, r->address);
	query_put_str(&q, r->name);
	query_put_str(&q, r->reply_to);
	query_put_str(&q, r->signature);
	query_put_str(&q, r->sender != NULL ? r->sender : "");
	query_put_str(&q, r->return_path != NULL ? r->return_path : "");
	return query_run(&q, err);
}

/* 1 = found; *clue_out is the clue of the message, 0 = none. */
static int
look_up(struct store *s, int64_t message, struct arena *a,
    struct reporter_record *out, int64_t *clue_out, struct err *err)
{
	struct query q;
	int rc;

	query_init(&q, s, Q_REPORTER);
	query_put_i64(&q, message);
	rc = query_step(&q, err);
	if (rc == 1) {
		out->message = query_i64(&q);
		out->address = query_str(&q, a);
		out->name = query_str(&q, a);
		out->reply_to = query_str(&q, a);
		out->signature = query_str(&q, a);
		out->sender = query_str(&q, a);
		out->return_path = query_str(&q, a);
		*clue_out = query_i64(&q);
		rc = query_lost(&q, err) < 0 ? -1 : 1;
	}
	query_done(&q);
	return rc;
}

int
store_reporter_use(struct store *s, int64_t message, struct arena *a,
    struct reporter_record *out, struct err *err)
{
	struct reporter_record r = {0};
	int64_t clue;
	int rc = look_up(s, message, a, &r, &clue, err);

	if (rc == 1)
		*out = r;
	return rc;
}

static int
enter(struct store *s, int64_t message, int64_t clue, const char *actor,
    struct err *err)
{
	char detail[48];
	struct event_record e = {.clue = clue,
	    .at_s = clock_now_s(),
	    .kind = "reporter-seen",
	    .actor = actor,
	    .detail = detail};

	(void)snprintf(
	    detail, sizeof(detail), "message %lld", (long long)message);
	return store_event_add(s, &e, err);
}

/* The look counts only once it stands in the ledger: nothing is given back
 * when the entry cannot be written. */
int
store_reporter_show(struct store *s, int64_t message, const char *actor,
    struct arena *a, struct reporter_record *out, struct err *err)
{
	struct reporter_record r = {0};
	int64_t clue = 0;
	bool own;
	int rc;

	if (db_own_begin(s, &own, err) < 0)
		return -1;
	rc = look_up(s, message, a, &r, &clue, err);
	if (rc == 1 && enter(s, message, clue, actor, err) < 0)
		rc = -1;
	rc = db_own_end(s, own, rc, err);
	if (rc == 1)
		*out = r;
	return rc;
}
