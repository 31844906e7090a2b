/* SPDX-License-Identifier: ISC */
#include "test_store_help.h"

#include "store/chain.h"

static void
events_come_back_in_order(void **state)
{
	struct world *w = *state;
	struct event_record *e;
	int64_t a, b;
	size_t n;

	ok(w, store_begin(w->s, &w->err));
	a = put_clue(w, sample_clue());
	b = put_clue(w, sample_clue());
	put_event(w, a, "received", "1");
	put_event(w, b, "received", "2");
	put_event(w, 0, "started", "3");
	put_event(w, a, "routed", "渣土运输");
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_events(w->s, a, w->a, &e, &n, &w->err));
	assert_int_equal(n, 2);
	assert_int_equal(e[0].id, 1);
	assert_int_equal(e[1].id, 4);
	assert_int_equal(e[1].clue, a);
	assert_int_equal(e[1].at_s, 1000);
	assert_string_equal(e[1].kind, "routed");
	assert_string_equal(e[1].actor, "clued");
	assert_string_equal(e[1].detail, "渣土运输");
	ok(w, store_events(w->s, 0, w->a, &e, &n, &w->err));
	assert_int_equal(n, 0);
	ok(w, store_begin(w->s, &w->err));
	refused(w, ERR_BUG,
	    store_event_add(w->s,
		&(struct event_record){.clue = 99, .kind = "k",
		    .actor = "", .detail = ""},
		&w->err));
	store_rollback(w->s);
}

struct seen {
	int n, stop_at;
	int64_t last;
};

static int
see(void *arg, const struct event_record *r)
{
	struct seen *seen = arg;

	assert_true(r->id > seen->last);
	seen->last = r->id;
	return ++seen->n == seen->stop_at;
}

static void
the_book_has_all_events_of_a_time(void **state)
{
	static const struct {
		int64_t from_s, to_s;
		int stop_at, want;
	} t[] = {{0, 0, 0, 5}, {20, 0, 0, 3}, {20, 40, 0, 2}, {0, 40, 1, 1},
	    {60, 0, 0, 0}};
	struct world *w = *state;

	ok(w, store_begin(w->s, &w->err));
	for (int64_t at_s = 0; at_s < 50; at_s += 10)
		ok(w, store_event_add(w->s,
			&(struct event_record){.at_s = at_s, .kind = "k",
			    .actor = "a", .detail = ""},
			&w->err));
	ok(w, store_commit(w->s, &w->err));
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct seen seen = {.stop_at = t[i].stop_at};

		ok(w, store_ledger(w->s, t[i].from_s, t[i].to_s, see, &seen,
			&w->err));
		assert_int_equal(seen.n, t[i].want);
	}
}

static void
fill(struct world *w, int n)
{
	char detail[20];

	ok(w, store_begin(w->s, &w->err));
	put_clue(w, sample_clue());
	for (int i = 1; i <= n; i++) {
		(void)snprintf(detail, sizeof(detail), "event %d", i);
		put_event(w, i % 2, "received", detail);
	}
	ok(w, store_commit(w->s, &w->err));
}

static void
a_whole_chain_passes(void **state)
{
	struct world *w = *state;
	struct store *other = NULL;
	char head[65] = "", again[65] = "";
	int64_t n = -1;

	ok(w, store_chain_check(w->s, &n, head, &w->err));
	assert_int_equal(n, 0);
	fill(w, 10);
	/* Undone and rolled-back events leave no trace. */
	ok(w, store_begin(w->s, &w->err));
	put_event(w, 1, "a", "");
	ok(w, store_save(w->s, &w->err));
	put_event(w, 1, "b", "");
	store_undo(w->s);
	/* Also in the middle of a transaction. */
	ok(w, store_chain_check(w->s, &n, head, &w->err));
	assert_int_equal(n, 11);
	store_rollback(w->s);
	fill(w, 3);
	/* Two programs take turns. */
	ok(w, store_open(w->path, STORE_WRITE, &other, &w->err));
	for (int i = 0; i < 4; i++) {
		struct store *s = i % 2 ? w->s : other;

		ok(w, store_begin(s, &w->err));
		ok(w, store_event_add(s,
			&(struct event_record){.kind = "k", .actor = "a",
			    .detail = ""},
			&w->err));
		ok(w, store_commit(s, &w->err));
	}
	store_close(&other);
	ok(w, store_chain_check(w->s, &n, head, &w->err));
	assert_int_equal(n, 17);
	assert_int_equal(strlen(head), 64);
	world_reopen(w, STORE_READ);
	ok(w, store_chain_check(w->s, &n, again, &w->err));
	assert_string_equal(head, again);
}

#define NO_TRIGGERS \
	"DROP TRIGGER event_no_update; DROP TRIGGER event_no_delete;" \
	"DROP TRIGGER event_in_order; "

/* An intruder with the file but without the key. */
static void
every_change_breaks_the_chain(void **state)
{
	static const struct {
		const char *sql;
		const char *names; /* the first event that breaks it */
	} t[] = {
	    {"UPDATE event SET detail = 'event 5!' WHERE id = 5", "event 5:"},
	    {"UPDATE event SET detail = 'event 5' || char(0) || 'x'"
	     " WHERE id = 5", "event 5:"},
	    {"UPDATE event SET actor = kind, kind = actor WHERE id = 6",
		"event 6:"},
	    {"UPDATE event SET kind = kind || actor, actor = ''"
	     " WHERE id = 7", "event 7:"},
	    {"UPDATE event SET at_s = at_s + 1 WHERE id = 1", "event 1:"},
	    {"UPDATE event SET clue = NULL WHERE id = 3", "event 3:"},
	    {"UPDATE event SET hash = zeroblob(32) WHERE id = 10",
		"event 10:"},
	    {"DELETE FROM event WHERE id = 4", "event 4:"},
	    {"DELETE FROM event WHERE id = 1", "event 1:"},
	    {"DELETE FROM event WHERE id = 10", "event 10:"},
	    {"DELETE FROM event WHERE id > 3", "event 4:"},
	    {"DELETE FROM event", "event 1:"},
	    /* The end is cut off and the chain's row made to agree. */
	    {"DELETE FROM event WHERE id > 8; UPDATE chain SET last = 8,"
	     " head = (SELECT hash FROM event WHERE id = 8)", "event 8:"},
	    {"UPDATE chain SET seal = zeroblob(32)", "event 10:"},
	    {"INSERT INTO event VALUES (11, 1, 1, 'k', 'a', '',"
	     " zeroblob(32))", "event 11:"},
	    {"INSERT INTO event VALUES (0, 1, 1, 'k', 'a', '',"
	     " zeroblob(32))", "event 1:"},
	    {"INSERT INTO event VALUES (-1, 1, 1, 'k', 'a', '',"
	     " zeroblob(32))", "event 1:"},
	    {"INSERT INTO event SELECT 11, clue, at_s, kind, actor, detail,"
	     " hash FROM event WHERE id = 10", "event 11:"},
	    /* One is put in between, the later ones moved up. */
	    {"UPDATE event SET id = -id WHERE id > 5; INSERT INTO event"
	     " VALUES (6, 1, 1, 'k', 'a', '', zeroblob(32));"
	     " UPDATE event SET id = 1 - id WHERE id < 0", "event 6:"},
	    /* Two trade places. */
	    {"UPDATE event SET id = -2 WHERE id = 2; UPDATE event SET id = 2"
	     " WHERE id = 3; UPDATE event SET id = 3 WHERE id = -2",
		"event 2:"},
	};
	struct world *w = *state;
	char head[65];
	sqlite3 *db;
	int64_t n;

	fill(w, 10);
	raw_exec(w->s->db, NO_TRIGGERS);
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		store_close(&w->s);
		db = raw_open(w->path);
		raw_exec(db, "ATTACH '' AS keep;"
		    " CREATE TABLE keep.e AS SELECT * FROM event;"
		    " CREATE TABLE keep.c AS SELECT * FROM chain");
		raw_exec(db, t[i].sql);
		ok(w, store_open(w->path, STORE_READ, &w->s, &w->err));
		refused(w, ERR_INPUT,
		    store_chain_check(w->s, &n, head, &w->err));
		if (strstr(w->err.what, t[i].names) == NULL)
			fail_msg("%s: %s", t[i].sql, w->err.what);
		store_close(&w->s);
		raw_exec(db, "DELETE FROM event; DELETE FROM chain;"
		    " INSERT INTO event SELECT * FROM keep.e;"
		    " INSERT INTO chain SELECT * FROM keep.c");
		(void)sqlite3_close(db);
		ok(w, store_open(w->path, STORE_READ, &w->s, &w->err));
		ok(w, store_chain_check(w->s, &n, head, &w->err));
		assert_int_equal(n, 10);
	}
}

static void
a_chain_without_its_end_is_damaged(void **state)
{
	struct world *w = *state;
	char head[65];
	int64_t n;

	fill(w, 3);
	raw_exec(w->s->db, "DELETE FROM chain");
	refused(w, ERR_SYSTEM, store_chain_check(w->s, &n, head, &w->err));
	store_close(&w->s);
	refused(w, ERR_SYSTEM,
	    store_open(w->path, STORE_WRITE, &w->s, &w->err));
}

static void
the_ledger_refuses_changes_by_itself(void **state)
{
	static const char *const t[] = {
	    "UPDATE event SET detail = '' WHERE id = 2",
	    "DELETE FROM event WHERE id = 2",
	    "DELETE FROM event",
	    "REPLACE INTO event VALUES (2, 1, 1, 'k', 'a', '', zeroblob(32))",
	    "INSERT INTO event VALUES (9, 1, 1, 'k', 'a', '', zeroblob(32))",
	    "INSERT INTO event VALUES (-9, 1, 1, 'k', 'a', '', zeroblob(32))",
	};
	struct world *w = *state;
	sqlite3 *db = raw_open(w->path);
	char head[65];
	int64_t n;

	fill(w, 3);
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		assert_int_equal(sqlite3_exec(db, t[i], NULL, NULL, NULL),
		    SQLITE_CONSTRAINT);
	(void)sqlite3_close(db);
	ok(w, store_chain_check(w->s, &n, head, &w->err));
	assert_int_equal(n, 3);
}

static void
key_path(struct world *w, char path[200])
{
	(void)snprintf(path, 200, "%s.key", w->path);
}

static void
without_its_key_a_store_can_be_read_only(void **state)
{
	struct world *w = *state;
	struct event_record *e;
	char path[200], head[65];
	int64_t count;
	size_t n;

	fill(w, 3);
	store_close(&w->s);
	key_path(w, path);
	assert_int_equal(unlink(path), 0);
	refused(w, ERR_CONF,
	    store_open(w->path, STORE_WRITE, &w->s, &w->err));
	refused(w, ERR_CONF,
	    store_open(w->path, STORE_CREATE, &w->s, &w->err));
	assert_non_null(strstr(w->err.what, "backup"));
	/* A missing key is never made anew for a store that had one. */
	assert_int_equal(access(path, F_OK), -1);
	ok(w, store_open(w->path, STORE_READ, &w->s, &w->err));
	ok(w, store_events(w->s, 1, w->a, &e, &n, &w->err));
	assert_int_equal(n, 2);
	refused(w, ERR_CONF,
	    store_chain_check(w->s, &count, head, &w->err));
	assert_non_null(strstr(w->err.what, ".key"));
}

static void
a_wrong_key_is_told_apart(void **state)
{
	static const size_t sizes[] = {0, 31, 33, STORE_KEY_BYTES};
	struct world *w = *state;
	char path[200], head[65];
	int64_t n;
	FILE *f;

	fill(w, 3);
	key_path(w, path);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		store_close(&w->s);
		assert_non_null(f = fopen(path, "w"));
		for (size_t k = 0; k < sizes[i]; k++)
			(void)fputc((int)k, f);
		(void)fclose(f);
		refused(w, ERR_CONF,
		    store_open(w->path, STORE_WRITE, &w->s, &w->err));
		ok(w, store_open(w->path, STORE_READ, &w->s, &w->err));
		refused(w, ERR_CONF,
		    store_chain_check(w->s, &n, head, &w->err));
	}
}

static void
each_store_has_a_key_of_its_own(void **state)
{
	struct world *w = *state;
	struct store *other = NULL;
	char path[200];

	(void)snprintf(path, sizeof(path), "%s/other.db", w->folder);
	ok(w, store_open(path, STORE_CREATE, &other, &w->err));
	assert_memory_not_equal(other->key, w->s->key, STORE_KEY_BYTES);
	store_close(&other);
}

/* A death between the key and the store's first commit. */
static void
a_key_without_its_store_is_taken_over(void **state)
{
	struct world *w = *state;
	unsigned char key[STORE_KEY_BYTES];
	struct store *s = NULL;
	char path[200], head[65];
	int64_t n;
	FILE *f;

	memset(key, 7, sizeof(key));
	(void)snprintf(path, sizeof(path), "%s/half.db.key", w->folder);
	assert_non_null(f = fopen(path, "w"));
	assert_int_equal(fwrite(key, 1, sizeof(key), f), sizeof(key));
	(void)fclose(f);
	(void)snprintf(path, sizeof(path), "%s/half.db", w->folder);
	assert_non_null(f = fopen(path, "w"));
	(void)fclose(f);
	ok(w, store_open(path, STORE_CREATE, &s, &w->err));
	assert_memory_equal(s->key, key, sizeof(key));
	ok(w, store_chain_check(s, &n, head, &w->err));
	store_close(&s);
}

/* The encoding is written down: a second program must be able to check. */
static void
the_hash_is_over_the_bytes_that_chain_h_names(void **state)
{
	static const unsigned char want[] =
	    "\x0d\0\0\0" "clued event 1"
	    "\x20\0\0\0" "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	    "\1\0\0\0\0\0\0\0" "\2\0\0\0\0\0\0\0" "\3\0\0\0\0\0\0\0"
	    "\1\0\0\0k" "\1\0\0\0a" "\0\0\0\0";
	static const unsigned char none[CHAIN_BYTES];
	struct world *w = *state;
	struct event_record e = {1, 2, 3, "k", "a", ""};
	unsigned char hash[CHAIN_BYTES];

	ok(w, chain_hash(w->s, none, &e, hash, &w->err));
	assert_int_equal(w->s->scratch.len, sizeof(want) - 1);
	assert_memory_equal(w->s->scratch.data, want, sizeof(want) - 1);
}

#define T(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(events_come_back_in_order),
	    T(the_book_has_all_events_of_a_time),
	    T(a_whole_chain_passes),
	    T(every_change_breaks_the_chain),
	    T(a_chain_without_its_end_is_damaged),
	    T(the_ledger_refuses_changes_by_itself),
	    T(without_its_key_a_store_can_be_read_only),
	    T(a_wrong_key_is_told_apart),
	    T(each_store_has_a_key_of_its_own),
	    T(a_key_without_its_store_is_taken_over),
	    T(the_hash_is_over_the_bytes_that_chain_h_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
