/* SPDX-License-Identifier: ISC */
#include "test_store_help.h"

#include "store/sheet.h"
#include "store/work.h"

/* What is kept back until the commit: numbers and counts. */

static const char *
number_of(struct world *w, const char *prefix, int year)
{
	struct clue_record r = sample_clue();

	ok(w, store_clue_add(w->s, &r, prefix, year, w->a, &w->err));
	return r.number;
}

static void
numbers_have_no_gap(void **state)
{
	struct world *w = *state;

	for (int round = 0; round < 2; round++) {
		ok(w, store_begin(w->s, &w->err));
		assert_string_equal(number_of(w, "LY", 2026), "LY-2026-000001");
		ok(w, store_save(w->s, &w->err));
		assert_string_equal(number_of(w, "LY", 2026), "LY-2026-000002");
		assert_string_equal(number_of(w, "LY", 2027), "LY-2027-000001");
		store_undo(w->s);
		assert_string_equal(number_of(w, "LY", 2026), "LY-2026-000002");
		assert_string_equal(number_of(w, "LY", 2027), "LY-2027-000001");
		assert_string_equal(number_of(w, "LY", 2026), "LY-2026-000003");
		ok(w, store_save(w->s, &w->err));
		assert_string_equal(number_of(w, "LY", 2026), "LY-2026-000004");
		ok(w, store_release(w->s, &w->err));
		if (round == 0)
			store_rollback(w->s);
		else
			ok(w, store_commit(w->s, &w->err));
	}
	world_reopen(w, STORE_CREATE);
	ok(w, store_begin(w->s, &w->err));
	assert_string_equal(number_of(w, "LY", 2026), "LY-2026-000005");
	assert_string_equal(number_of(w, "LY", 2027), "LY-2027-000002");
	ok(w, store_commit(w->s, &w->err));
}

/* A prefix longer than any is written at once. */
static void
long_prefixes_count_too(void **state)
{
	static const char prefix[] = "a-prefix-that-nobody-would-ever-use-x";
	struct world *w = *state;

	ok(w, store_begin(w->s, &w->err));
	for (int i = 1; i <= 3; i++) {
		const char *number = number_of(w, prefix, 2026);

		assert_int_equal(number[strlen(number) - 1], '0' + i);
	}
	ok(w, store_commit(w->s, &w->err));
}

/* Another program gave numbers between two of our transactions. */
static void
others_numbers_are_seen(void **state)
{
	struct world *w = *state;
	struct store *other = NULL;
	struct clue_record r = sample_clue();

	ok(w, store_open(w->path, STORE_WRITE, &other, &w->err));
	for (int i = 0; i < 3; i++) {
		struct store *s = i == 1 ? other : w->s;

		ok(w, store_begin(s, &w->err));
		ok(w, store_clue_add(s, &r, "LY", 2026, w->a, &w->err));
		ok(w, store_commit(s, &w->err));
		assert_int_equal(r.number[strlen(r.number) - 1], '1' + i);
	}
	store_close(&other);
}

static void
count_is(struct world *w, int64_t clues, int64_t open_clues, int64_t ready,
    int64_t sent)
{
	struct store_counts c;
	int64_t n;

	ok(w, store_counts(w->s, 1000, &c, &w->err));
	assert_int_equal(c.clues, clues);
	assert_int_equal(c.open_clues, open_clues);
	assert_int_equal(c.letters[LETTER_READY], ready);
	assert_int_equal(c.letters[LETTER_SENT], sent);
	ok(w, store_count_state(w->s, "assigned", &n, &w->err));
	assert_int_equal(n, open_clues);
}

static void
counts_are_right_at_any_time(void **state)
{
	struct world *w = *state;
	struct clue_record clue = sample_clue();
	struct letter_record l = sample_letter();

	ok(w, store_begin(w->s, &w->err));
	count_is(w, 0, 0, 0, 0);
	clue.id = put_clue(w, clue);
	l.id = put_letter(w, l, "letter");
	/* Changed before it was ever written down. */
	l.state = LETTER_SENT;
	ok(w, store_letter_update(w->s, &l, &w->err));
	clue.state = "substantiated";
	ok(w, store_clue_update(w->s, &clue, &w->err));
	count_is(w, 1, 0, 0, 1);
	(void)put_clue(w, sample_clue());
	ok(w, store_save(w->s, &w->err));
	(void)put_clue(w, sample_clue());
	(void)put_letter(w, sample_letter(), "undone");
	store_undo(w->s);
	count_is(w, 2, 1, 0, 1);
	(void)put_letter(w, sample_letter(), "stays");
	ok(w, store_commit(w->s, &w->err));
	count_is(w, 2, 1, 1, 1);
	ok(w, store_begin(w->s, &w->err));
	(void)put_clue(w, sample_clue());
	store_rollback(w->s);
	count_is(w, 2, 1, 1, 1);
	world_reopen(w, STORE_CREATE);
	count_is(w, 2, 1, 1, 1);
}

/* More kinds than are kept back, and names longer than any. */
static void
many_kinds(void **state)
{
	struct world *w = *state;
	sqlite3 *db;

	ok(w, store_begin(w->s, &w->err));
	for (int i = 0; i < 2 * PENDING_COUNTS; i++) {
		struct message_record r;
		char text[16], kind[64];
		int64_t id;

		(void)snprintf(text, sizeof(text), "%d", i);
		(void)snprintf(kind, sizeof(kind), "%s-%d",
		    i % 2 == 0 ? "kind" : "kind-that-nobody-would-ever-name",
		    i / 4);
		r = sample_message(text, strlen(text));
		r.kind = kind;
		ok(w, store_message_add(w->s, &r, text, strlen(text), &id,
			  &w->err));
	}
	ok(w, store_commit(w->s, &w->err));
	db = raw_open(w->path);
	assert_int_equal(raw_number(db, "SELECT sum(n) FROM tally"),
	    2 * PENDING_COUNTS);
	assert_int_equal(raw_number(db, "SELECT count(*) FROM tally AS t WHERE"
					" n <> (SELECT count(*) FROM message"
					" WHERE kind = t.key)"), 0);
	(void)sqlite3_close(db);
}

/* The turn of a clue that was just added is known without asking. */
static void
turns_of_a_new_clue(void **state)
{
	struct world *w = *state;
	int64_t first, second;
	uint32_t turn;

	ok(w, store_begin(w->s, &w->err));
	first = put_clue(w, sample_clue());
	put_event(w, first, "received", "mail");
	put_event(w, first, "assigned", "zhang");
	ok(w, store_turn(w->s, first, &turn, &w->err));
	assert_int_equal(turn, 1);
	second = put_clue(w, sample_clue());
	put_event(w, first, "returned", "not mine");
	ok(w, store_turn(w->s, second, &turn, &w->err));
	assert_int_equal(turn, 0);
	ok(w, store_turn(w->s, first, &turn, &w->err));
	assert_int_equal(turn, 2);
	ok(w, store_save(w->s, &w->err));
	put_event(w, second, "triage", "office");
	store_undo(w->s);
	ok(w, store_turn(w->s, second, &turn, &w->err));
	assert_int_equal(turn, 0);
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_turn(w->s, first, &turn, &w->err));
	assert_int_equal(turn, 2);
}

#define T(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(numbers_have_no_gap),
	    T(long_prefixes_count_too),
	    T(others_numbers_are_seen),
	    T(counts_are_right_at_any_time),
	    T(many_kinds),
	    T(turns_of_a_new_clue),
	};

	return cmocka_run_group_tests_name(
	    "store pending", tests, NULL, NULL);
}
