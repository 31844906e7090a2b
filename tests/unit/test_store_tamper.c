/* SPDX-License-Identifier: ISC */
/* A thousand random changes of the ledger's table, by somebody who has the file
 * but not the key: every one of them is noticed. */
#include "test_store_help.h"

#include "store/books.h"

#define N_EVENTS 60
#define N_CHANGES 1000

static uint32_t
roll(uint32_t *seed, uint32_t sides)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) % sides;
}

static void
fill(struct world *w)
{
	char detail[40];
	int64_t clue[3];

	ok(w, store_begin(w->s, &w->err));
	for (int i = 0; i < 3; i++)
		clue[i] = put_clue(w, sample_clue());
	for (uint32_t i = 0; i < N_EVENTS; i++) {
		/* Equal rows are the hardest to tell apart. */
		(void)snprintf(detail, sizeof(detail), "e%u", i / 6 * 6);
		put_event(w, i % 4 < 3 ? clue[i % 4] : 0,
		    i % 5 ? "routed" : "received", detail);
	}
	ok(w, store_commit(w->s, &w->err));
}

/* A bit of the text or the hash of a row, or a number of it. */
static void
flip(uint32_t *seed, uint32_t id, char *sql, size_t size)
{
	static const char *const changes[] = {
	    "at_s = at_s + 1",
	    "at_s = -at_s",
	    "kind = kind || 'x'",
	    "kind = substr(kind, 2)",
	    "actor = upper(actor)",
	    "actor = actor || ' '",
	    "detail = detail || char(0)",
	    "detail = ''",
	    "detail = replace(detail, 'e', 'E')",
	    "clue = CASE WHEN clue IS 1 THEN 2 ELSE 1 END",
	    "detail = kind, kind = detail",
	    "clue = CASE WHEN clue IS NULL THEN 3 END",
	};
	uint32_t n = sizeof(changes) / sizeof(changes[0]);
	uint32_t k = roll(seed, n + 4), at = roll(seed, 32);

	if (k < n)
		(void)snprintf(sql, size, "UPDATE event SET %s WHERE id = %u",
		    changes[k], id);
	else
		(void)snprintf(sql, size,
		    "UPDATE event SET hash = CAST(substr(hash, 1, %u) ||"
		    " iif(substr(hash, %u, 1) = x'%02x', x'%02x', x'%02x')"
		    " || substr(hash, %u) AS BLOB) WHERE id = %u",
		    at, at + 1, at, at + 1, at, at + 2, id);
}

static void
swap(uint32_t *seed, uint32_t id, char *sql, size_t size)
{
	uint32_t other = 1 + roll(seed, N_EVENTS);

	if (other == id)
		other = id % N_EVENTS + 1;
	if (roll(seed, 2) == 0)
		/* Whole rows with their hashes. */
		(void)snprintf(sql, size,
		    "UPDATE event SET id = -1 WHERE id = %u;"
		    " UPDATE event SET id = %u WHERE id = %u;"
		    " UPDATE event SET id = %u WHERE id = -1",
		    id, id, other, other);
	else
		/* What is said, but not the hashes: only times, because
		 * other columns may be equal. */
		(void)snprintf(sql, size,
		    "UPDATE event SET at_s = at_s - 5 WHERE id = %u;"
		    " UPDATE event SET at_s = at_s + 5 WHERE id = %u",
		    id, other);
}

static void
drop(uint32_t *seed, uint32_t id, char *sql, size_t size)
{
	bool close_gap = roll(seed, 2) == 0;

	(void)snprintf(sql, size,
	    "DELETE FROM event WHERE id = %u;"
	    " UPDATE event SET id = -id WHERE id > %u;"
	    " UPDATE event SET id = -id - 1 WHERE id < 0",
	    id, close_gap ? id : N_EVENTS);
}

static void
insert(uint32_t *seed, uint32_t id, char *sql, size_t size)
{
	uint32_t model = 1 + roll(seed, N_EVENTS);

	(void)snprintf(sql, size,
	    "UPDATE event SET id = -id WHERE id >= %u;"
	    " UPDATE event SET id = 1 - id WHERE id < 0;"
	    " INSERT INTO event SELECT %u, clue, at_s, kind, actor, detail,"
	    " hash FROM event WHERE id = %u",
	    id, id, model >= id ? model + 1 : model);
}

static void
truncate_after(uint32_t *seed, uint32_t id, char *sql, size_t size)
{
	/* With or without making the chain's own row agree. */
	(void)snprintf(sql, size, "DELETE FROM event WHERE id >= %u;%s", id,
	    roll(seed, 2) == 0
		? ""
		: " UPDATE chain SET last = (SELECT coalesce(max(id), 0)"
		  " FROM event), head = coalesce((SELECT hash FROM event"
		  " ORDER BY id DESC LIMIT 1), zeroblob(32))");
}

static void
append(uint32_t *seed, uint32_t id, char *sql, size_t size)
{
	(void)snprintf(sql, size,
	    "INSERT INTO event SELECT %u, clue, at_s, kind, actor, detail,"
	    " %s FROM event WHERE id = %u;"
	    " UPDATE chain SET last = %u, head = (SELECT hash FROM event"
	    " WHERE id = %u)",
	    N_EVENTS + 1, roll(seed, 2) == 0 ? "hash" : "randomblob(32)", id,
	    N_EVENTS + 1, N_EVENTS + 1);
}

static void (*const ways[])(uint32_t *seed, uint32_t id, char *sql,
    size_t size) = {flip, flip, swap, drop, insert, truncate_after, append};
#define N_WAYS (sizeof(ways) / sizeof(ways[0]))

static void
every_change_is_noticed(void **state)
{
	struct world *w = *state;
	uint32_t seed = 20261123, caught[N_WAYS] = {0}, way;
	char sql[600], head[65];
	sqlite3 *db = w->s->db;
	int64_t n;

	fill(w);
	raw_exec(db, "DROP TRIGGER event_no_update;"
		     " DROP TRIGGER event_no_delete;"
		     " DROP TRIGGER event_in_order;"
		     " CREATE TEMP TABLE e AS SELECT * FROM event;"
		     " CREATE TEMP TABLE c AS SELECT * FROM chain");
	for (int i = 0; i < N_CHANGES; i++) {
		way = roll(&seed, N_WAYS);
		ways[way](&seed, 1 + roll(&seed, N_EVENTS), sql, sizeof(sql));
		raw_exec(db, sql);
		if (store_chain_check(w->s, &n, head, &w->err) == 0)
			fail_msg("change %d: %s", i, sql);
		assert_int_equal(w->err.kind, ERR_INPUT);
		caught[way]++;
		raw_exec(db, "BEGIN; DELETE FROM event; DELETE FROM chain;"
			     " INSERT INTO event SELECT * FROM e;"
			     " INSERT INTO chain SELECT * FROM c; COMMIT");
	}
	ok(w, store_chain_check(w->s, &n, head, &w->err));
	for (size_t k = 0; k < N_WAYS; k++)
		assert_true(caught[k] > 50);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		every_change_is_noticed, world_setup, world_teardown),
	};

	return cmocka_run_group_tests_name("store_tamper", tests, NULL, NULL);
}
