/* SPDX-License-Identifier: ISC */
#include "store/chain.h"

#include "base/arena.h"
#include "base/err.h"
#include "store/query.h"

/* The chain's end, as the table has it: another process may have moved it
 * since our last transaction, and an undone savepoint took ours away. */
static int
last_event(struct store *s, int64_t *id_out, unsigned char hash[CHAIN_BYTES],
    struct err *err)
{
	struct query q;
	int rc;

	query_init(&q, s, Q_EVENT_LAST);
	rc = query_step(&q, err);
	if (rc == 1) {
		*id_out = query_i64(&q);
		query_hash(&q, hash, CHAIN_BYTES);
	}
	query_done(&q);
	return rc;
}

int
store_event_add(
    struct store *s, const struct event_record *r, struct err *err)
{
	unsigned char before[CHAIN_BYTES] = {0}, hash[CHAIN_BYTES];
	struct event_record e = *r;
	struct query q;

	e.id = 0;
	if (db_must_be_open(s, "event", err) < 0 ||
	    last_event(s, &e.id, before, err) < 0)
		return -1;
	e.id++;
	if (chain_hash(s, before, &e, hash, err) < 0)
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
	return query_run(&q, err);
}

int
store_events(struct store *s, int64_t clue, struct arena *a,
    struct event_record **out, size_t *n_out, struct err *err)
{
	struct buf rows = BUF_INIT;
	struct event_record r = {0};
	struct query q;
	int rc;

	query_init(&q, s, Q_EVENTS);
	query_put_i64(&q, clue);
	while ((rc = query_step(&q, err)) == 1) {
		r.id = query_i64(&q);
		r.clue = query_i64(&q);
		r.at_s = query_i64(&q);
		r.kind = query_str(&q, a);
		r.actor = query_str(&q, a);
		r.detail = query_str(&q, a);
		buf_add(&rows, &r, sizeof(r));
	}
	return query_rows_end(&q, rc, &rows, sizeof(r), a, out, n_out, err);
}
