/* SPDX-License-Identifier: ISC */
#include "test_store_help.h"

static void
deadlines_come_back_and_change(void **state)
{
	struct world *w = *state;
	struct deadline_record r = {.kind = "feedback", .due_s = 200,
	    .warn_s = 150, .ask_s = 150, .steps_sent = 0}, *list;
	size_t n;

	ok(w, store_begin(w->s, &w->err));
	r.clue = put_clue(w, sample_clue());
	ok(w, store_deadline_add(w->s, &r, &w->err));
	r.kind = "conclude";
	ok(w, store_deadline_add(w->s, &r, &w->err));
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_deadlines(w->s, r.clue, w->a, &list, &n, &w->err));
	assert_int_equal(n, 2);
	assert_string_equal(list[0].kind, "feedback");
	list[1].due_s = 300;
	list[1].warn_s = 250;
	list[1].met_s = 240;
	list[1].ask_s = 0;
	list[1].steps_sent = 0x80000005;
	r = list[1];
	ok(w, store_deadline_update(w->s, &r, &w->err));
	ok(w, store_deadlines(w->s, r.clue, w->a, &list, &n, &w->err));
	assert_int_equal(n, 2);
	assert_int_equal(list[0].due_s, 200);
	assert_int_equal(list[0].warn_s, 150);
	assert_int_equal(list[0].met_s, 0);
	assert_int_equal(list[0].ask_s, 150);
	assert_int_equal(list[1].id, r.id);
	assert_int_equal(list[1].clue, r.clue);
	assert_string_equal(list[1].kind, "conclude");
	assert_int_equal(list[1].due_s, 300);
	assert_int_equal(list[1].warn_s, 250);
	assert_int_equal(list[1].met_s, 240);
	assert_int_equal(list[1].ask_s, 0);
	assert_int_equal(list[1].steps_sent, 0x80000005);
	ok(w, store_deadlines(w->s, 99, w->a, &list, &n, &w->err));
	assert_int_equal(n, 0);
}

static void
only_open_ones_that_are_due_are_asked_for(void **state)
{
	/* What is asked for at 100, in this order: 3, 1, 4. */
	static const struct {
		int64_t met_s, ask_s;
	} t[] = {{0, 50}, {10, 20}, {0, 40}, {0, 100}, {0, 101}, {0, 0}};
	struct world *w = *state;
	struct deadline_record *list;
	int64_t clue, next;
	size_t n;

	ok(w, store_deadline_next(w->s, &next, &w->err));
	assert_int_equal(next, 0);
	ok(w, store_begin(w->s, &w->err));
	clue = put_clue(w, sample_clue());
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		put_deadline(
		    w, clue, "accept", 500, t[i].met_s, t[i].ask_s);
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_deadlines_to_ask(
		w->s, 100, 10, w->a, &list, &n, &w->err));
	assert_int_equal(n, 3);
	assert_int_equal(list[0].id, 3);
	assert_int_equal(list[1].id, 1);
	assert_int_equal(list[2].id, 4);
	ok(w, store_deadlines_to_ask(
		w->s, 100, 2, w->a, &list, &n, &w->err));
	assert_int_equal(n, 2);
	ok(w, store_deadlines_to_ask(
		w->s, 39, 10, w->a, &list, &n, &w->err));
	assert_int_equal(n, 0);
	ok(w, store_deadline_next(w->s, &next, &w->err));
	assert_int_equal(next, 40);
}

#define T(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(deadlines_come_back_and_change),
	    T(only_open_ones_that_are_due_are_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
