/* SPDX-License-Identifier: ISC */
#include "test_store_help.h"

#include <time.h>

static struct journal_entry
entry(uint32_t uid, enum journal_outcome outcome)
{
	return (struct journal_entry){"tips", "INBOX", 7, uid, outcome, 0, 50};
}

static void
put(struct world *w, uint32_t uid, enum journal_outcome outcome)
{
	struct journal_entry e = entry(uid, outcome);

	ok(w, store_journal_add(w->s, &e, &w->err));
}

static struct journal_known
known(struct world *w)
{
	struct journal_known k = {.next = 99};

	ok(w, store_journal_known(
		w->s, "tips", "INBOX", 7, w->a, &k, &w->err));
	return k;
}

static void
a_new_folder_is_known_from_one(void **state)
{
	struct journal_known k = known(*state);

	assert_int_equal(k.next, 1);
	assert_int_equal(k.n_again, 0);
	assert_int_equal(k.n_done, 0);
}

static void
the_first_entry_that_is_done_stays(void **state)
{
	struct world *w = *state;
	struct journal_entry e = entry(5, JOURNAL_SKIPPED);

	ok(w, store_begin(w->s, &w->err));
	assert_int_equal(
	    store_journal_has(w->s, "tips", "INBOX", 7, 5, &w->err), 0);
	put(w, 5, JOURNAL_MISSING);
	/* To be taken again, so not "has". */
	assert_int_equal(
	    store_journal_has(w->s, "tips", "INBOX", 7, 5, &w->err), 0);
	put(w, 5, JOURNAL_MISSING);
	put(w, 5, JOURNAL_TAKEN);
	assert_int_equal(
	    store_journal_has(w->s, "tips", "INBOX", 7, 5, &w->err), 1);
	ok(w, store_journal_add(w->s, &e, &w->err));
	put(w, 5, JOURNAL_MISSING);
	assert_int_equal(raw_number(w->s->db,
	    "SELECT outcome FROM journal WHERE uid = 5"), JOURNAL_TAKEN);
	/* Other folders, other validities, other mailboxes know nothing. */
	assert_int_equal(
	    store_journal_has(w->s, "tips", "INBOX", 8, 5, &w->err), 0);
	assert_int_equal(
	    store_journal_has(w->s, "tips", "Junk", 7, 5, &w->err), 0);
	assert_int_equal(
	    store_journal_has(w->s, "more", "INBOX", 7, 5, &w->err), 0);
	ok(w, store_commit(w->s, &w->err));
}

static void
impossible_entries_are_a_bug(void **state)
{
	struct world *w = *state;
	struct journal_entry none = entry(0, JOURNAL_TAKEN);
	struct journal_entry what = entry(1, (enum journal_outcome)4);
	struct journal_entry dangling = entry(1, JOURNAL_TAKEN);

	dangling.message = 77;
	ok(w, store_begin(w->s, &w->err));
	refused(w, ERR_BUG, store_journal_add(w->s, &none, &w->err));
	refused(w, ERR_BUG, store_journal_add(w->s, &what, &w->err));
	refused(w, ERR_BUG, store_journal_add(w->s, &dangling, &w->err));
	store_rollback(w->s);
}

static void
the_water_mark_hides_what_is_below(void **state)
{
	static const uint32_t left[] = {12, 16, 18, 20, UINT32_MAX};
	struct world *w = *state;
	struct journal_known k;

	ok(w, store_begin(w->s, &w->err));
	for (uint32_t uid = 20; uid > 0; uid -= 2)
		put(w, uid, uid == 4 || uid == 14 ? JOURNAL_MISSING
						  : JOURNAL_TAKEN);
	put(w, UINT32_MAX, JOURNAL_SKIPPED);
	ok(w, store_commit(w->s, &w->err));
	k = known(w);
	assert_int_equal(k.next, 1);
	assert_int_equal(k.n_done, 9);

	ok(w, store_journal_advance(w->s, "tips", "INBOX", 7, 11, &w->err));
	k = known(w);
	assert_int_equal(k.next, 11);
	assert_int_equal(k.n_again, 2);
	assert_int_equal(k.again[0], 4);
	assert_int_equal(k.again[1], 14);
	assert_int_equal(k.n_done, 5);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(k.done[i], left[i]);

	/* Never back; other validities are not touched. */
	ok(w, store_journal_advance(w->s, "tips", "INBOX", 7, 3, &w->err));
	ok(w, store_journal_advance(w->s, "tips", "INBOX", 8, 40, &w->err));
	assert_int_equal(known(w).next, 11);
	ok(w, store_journal_known(
		w->s, "tips", "INBOX", 8, w->a, &k, &w->err));
	assert_int_equal(k.next, 40);
}

static void
an_advance_falls_with_its_transaction(void **state)
{
	struct world *w = *state;

	ok(w, store_begin(w->s, &w->err));
	ok(w, store_journal_advance(w->s, "tips", "INBOX", 7, 9, &w->err));
	store_rollback(w->s);
	assert_int_equal(known(w).next, 1);
}

/* A million rows below the mark cost nothing to know, and little to keep. */
static void
a_million_entries_stay_cheap(void **state)
{
	struct world *w = *state;
	int64_t rows;
	clock_t began; /* of our own time: others may be busy too */
	struct journal_known k;

	ok(w, store_begin(w->s, &w->err));
	put(w, 1, JOURNAL_SKIPPED);
	raw_exec(w->s->db,
	    "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n"
	    " WHERE i < 1000000) INSERT INTO journal"
	    " SELECT 1, 3 * i, 0, NULL, 1700000000 + i FROM n");
	ok(w, store_journal_advance(
		w->s, "tips", "INBOX", 7, 2999001, &w->err));
	ok(w, store_commit(w->s, &w->err));
	began = clock();
	for (int i = 0; i < 100; i++)
		k = known(w);
	assert_int_equal(k.n_done, 334);
	assert_true(clock() - began < 2 * CLOCKS_PER_SEC);
	rows = raw_number(w->s->db, "SELECT sum(pgsize) FROM dbstat"
				    " WHERE name LIKE 'journal%'");
	if (rows > 40 << 20) /* the index by time is a third of it */
		fail_msg("%lld bytes", (long long)rows);
}

static void
the_guard_is_the_first_one(void **state)
{
	struct world *w = *state;
	int64_t since = 0;

	ok(w, store_mailbox_since(w->s, "tips", 500, &since, &w->err));
	assert_int_equal(since, 500);
	ok(w, store_mailbox_since(w->s, "tips", 900, &since, &w->err));
	assert_int_equal(since, 500);
	ok(w, store_begin(w->s, &w->err));
	ok(w, store_mailbox_since(w->s, "more", 0, &since, &w->err));
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_mailbox_since(w->s, "more", 7, &since, &w->err));
	assert_int_equal(since, 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(a_new_folder_is_known_from_one),
	    T(the_first_entry_that_is_done_stays),
	    T(impossible_entries_are_a_bug),
	    T(the_water_mark_hides_what_is_below),
	    T(an_advance_falls_with_its_transaction),
	    T(a_million_entries_stay_cheap),
	    T(the_guard_is_the_first_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
