/* SPDX-License-Identifier: ISC */
#include "store/chain.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "store/books.h"
#include "store/query.h"
#include "store/turn.h"

int
store_event_add(
    struct store *s, const struct event_record *r, struct err *err)
{
	unsigned char hash[CHAIN_BYTES];
	struct event_record e = *r;
	struct query q;

	if (db_must_be_open(s, "event", err) < 0 || chain_end(s, err) < 0)
		return -1;
	e.id = s->chain_last + 1;
	if (chain_hash(s, s->chain_head, &e, hash, err) < 0)
		return -1;
	query_init(&q, s, Q_EVENT_ADD);
	query_put_i64(&q, e.id);
	query_put_ref(&q, e.clue);
	query_put_i64(&q, e.at_s);
	query_put_str(&q, e.kind);
	query_put_str(&q, e.actor);
	query_put_str(&q, e.detail);
	query_put_blob(&q, hash, sizeof(hash));
	s->chain_moved = true;
	if (query_run(&q, err) < 0)
		return -1;
	s->chain_last = e.id;
	memcpy(s->chain_head, hash, sizeof(hash));
	if (e.clue != 0 && e.clue == s->fresh_clue)
		s->fresh_turn += is_turn(e.kind);
	return 0;
}

/* Events as both queries below give them; ends *q. */
static int
event_rows(struct query *q, struct arena *a, struct event_record **out,
    size_t *n_out, struct err *err)
{
	struct buf rows = BUF_INIT;
	struct event_record r = {0};
	int rc;

	while ((rc = query_step(q, err)) == 1) {
		r.id = query_i64(q);
		r.clue = query_i64(q);
		r.at_s = query_i64(q);
		r.kind = query_str(q, a);
		r.actor = query_str(q, a);
		r.detail = query_str(q, a);
		buf_add(&rows, &r, sizeof(r));
	}
	return query_rows_end(q, rc, &rows, sizeof(r), a, out, n_out, err);
}

int
store_events(struct store *s, int64_t clue, struct arena *a,
    struct event_record **out, size_t *n_out, struct err *err)
{
	struct query q;

	query_init(&q, s, Q_EVENTS);
	query_put_i64(&q, clue);
	return event_rows(&q, a, out, n_out, err);
}

int
store_events_of_none(struct store *s, const char *kind, struct arena *a,
    struct event_record **out, size_t *n_out, struct err *err)
{
	struct query q;

	query_init(&q, s, Q_EVENTS_OF_NONE);
	query_put_str(&q, kind);
	return event_rows(&q, a, out, n_out, err);
}
