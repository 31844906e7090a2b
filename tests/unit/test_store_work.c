/* SPDX-License-Identifier: ISC */
#include "test_store_help.h"

#include "store/work.h"

static void
corrections_are_kept_in_order(void **state)
{
	struct world *w = *state;
	struct correction_record r = {.at_s = 2000, .actor = "office",
	    .domain_was = "other", .domain_is = "muck-transport"}, *list;
	size_t n;

	refused(w, ERR_BUG, store_correction_add(w->s, &r, &w->err));
	ok(w, store_begin(w->s, &w->err));
	r.clue = put_clue(w, sample_clue());
	ok(w, store_correction_add(w->s, &r, &w->err));
	r.actor = "unix:li";
	r.domain_was = "muck-transport";
	r.domain_is = "sanitation-work";
	ok(w, store_correction_add(w->s, &r, &w->err));
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_corrections(w->s, w->a, &list, &n, &w->err));
	assert_int_equal(n, 2);
	assert_int_equal(list[0].clue, r.clue);
	assert_int_equal(list[0].at_s, 2000);
	assert_string_equal(list[0].actor, "office");
	assert_string_equal(list[0].domain_was, "other");
	assert_string_equal(list[0].domain_is, "muck-transport");
	assert_string_equal(list[1].actor, "unix:li");
	assert_true(list[1].id > list[0].id);
}

static void
the_turn_moves_with_hands_and_outcomes(void **state)
{
	static const char *const moves[] = {"assigned", "reassigned",
	    "returned", "recused", "transferred", "substantiated",
	    "unsubstantiated", "not-applicable", "duplicate", "reopened",
	    "triage"};
	static const char *const stays[] = {"received", "routed", "accepted",
	    "feedback", "extended", "suspended", "note", "reply", "urging"};
	struct world *w = *state;
	uint32_t turn;
	int64_t clue, other;

	ok(w, store_begin(w->s, &w->err));
	clue = put_clue(w, sample_clue());
	other = put_clue(w, sample_clue());
	put_event(w, other, "assigned", "");
	ok(w, store_turn(w->s, clue, &turn, &w->err));
	assert_int_equal(turn, 0);
	for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++) {
		put_event(w, clue, moves[i], "");
		ok(w, store_turn(w->s, clue, &turn, &w->err));
		assert_int_equal(turn, i + 1);
	}
	for (size_t i = 0; i < sizeof(stays) / sizeof(stays[0]); i++)
		put_event(w, clue, stays[i], "");
	ok(w, store_turn(w->s, clue, &turn, &w->err));
	assert_int_equal(turn, sizeof(moves) / sizeof(moves[0]));
	ok(w, store_commit(w->s, &w->err));
}

static void
a_repeated_clue_knows_the_first(void **state)
{
	struct world *w = *state;
	int64_t a, b, c, first = 0;

	ok(w, store_begin(w->s, &w->err));
	a = put_clue(w, sample_clue());
	b = put_clue(w, sample_clue());
	c = put_clue(w, sample_clue());
	assert_int_equal(store_clue_first(w->s, b, &first, &w->err), 0);
	ok(w, store_clue_set_first(w->s, b, a, &w->err));
	ok(w, store_clue_set_first(w->s, b, c, &w->err));
	ok(w, store_commit(w->s, &w->err));
	assert_int_equal(store_clue_first(w->s, b, &first, &w->err), 1);
	assert_int_equal(first, c);
}

#define T(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(corrections_are_kept_in_order),
	    T(the_turn_moves_with_hands_and_outcomes),
	    T(a_repeated_clue_knows_the_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
