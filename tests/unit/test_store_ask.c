/* SPDX-License-Identifier: ISC */
#include "test_store_help.h"

#include "follow/clue.h"
#include "intake/intake.h"

static const struct {
	const char *domain, *officer, *state, *area;
	bool triage;
	int64_t received_s;
	int64_t due_s; /* of "feedback", open; 0 = none */
	int64_t met_s;
} clues[] = {
    {"muck-transport", "zhang", "assigned", "xugou", false, 10, 100, 0},
    {"muck-transport", "li", "verifying", "xugou", false, 20, 200, 0},
    {"other", "", "new", "", true, 30, 0, 0},
    {"other", "zhang", "substantiated", "haizhou", false, 40, 50, 45},
    {"muck-transport", "zhang", "accepted", "haizhou", false, 50, 101, 0},
    {"outdoor-advertising", "li", "returned", "xugou", true, 60, 99, 0},
};
#define N_CLUES (sizeof(clues) / sizeof(clues[0]))

static void
put_clues(struct world *w)
{
	struct clue_record r = sample_clue();
	int64_t id;

	ok(w, store_begin(w->s, &w->err));
	for (size_t i = 0; i < N_CLUES; i++) {
		r.domain = clues[i].domain;
		r.officer = clues[i].officer;
		r.state = clues[i].state;
		r.area = clues[i].area;
		r.triage = clues[i].triage;
		r.received_s = clues[i].received_s;
		id = put_clue(w, r);
		if (clues[i].due_s != 0)
			put_deadline(w, id, "feedback", clues[i].due_s,
			    clues[i].met_s, 1);
	}
	ok(w, store_commit(w->s, &w->err));
}

struct seen {
	char ids[64];
	size_t stop_at, n;
};

static int
see(void *arg, const struct clue_row *r)
{
	struct seen *seen = arg;
	size_t len = strlen(seen->ids);

	(void)snprintf(
	    seen->ids + len, sizeof(seen->ids) - len, "%d ", (int)r->id);
	return ++seen->n == seen->stop_at;
}

static void
each_filter_and_some_together(void **state)
{
	static const struct {
		struct clue_filter f;
		const char *want;
	} t[] = {
	    {{.limit = 0}, "1 2 3 4 5 6 "},
	    {{.limit = 2}, "1 2 "},
	    {{.domain = "muck-transport"}, "1 2 5 "},
	    {{.officer = "zhang"}, "1 4 5 "},
	    {{.state = "new"}, "3 "},
	    {{.area = "xugou"}, "1 2 6 "},
	    {{.triage = true}, "3 6 "},
	    {{.domain = "nothing"}, ""},
	    {{.domain = "muck-transport", .officer = "zhang"}, "1 5 "},
	    {{.domain = "muck-transport", .officer = "zhang",
		.state = "accepted", .area = "haizhou"}, "5 "},
	    {{.officer = "zhang", .limit = 2}, "1 4 "},
	    /* Due at the very second is overdue. */
	    {{.overdue = true, .now_s = 100}, "1 6 "},
	    {{.overdue = true, .now_s = 98}, ""},
	    {{.overdue = true, .now_s = 100, .limit = 1}, "1 "},
	    {{.overdue = true, .now_s = 1000, .triage = true}, "6 "},
	    {{.overdue = true, .now_s = 1000, .domain =
		"muck-transport", .area = "xugou"}, "1 2 "},
	    {{.due_before_s = 100}, "6 "},
	    {{.due_before_s = 101}, "1 6 "},
	    {{.due_before_s = 101, .overdue = true, .now_s = 99},
		"6 "},
	    {{.due_before_s = 99, .overdue = true, .now_s = 999}, ""},
	    {{.received_from_s = 20, .received_before_s = 40}, "2 3 "},
	    {{.received_before_s = 21}, "1 2 "},
	    {{.received_from_s = 20, .area = "xugou"}, "2 6 "},
	    {{.received_from_s = 50, .officer = "zhang"}, "5 "},
	};
	struct world *w = *state;

	put_clues(w);
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct seen seen = {0};

		ok(w, store_list(w->s, &t[i].f, see, &seen, &w->err));
		if (strcmp(seen.ids, t[i].want) != 0)
			fail_msg("filter %zu: %s", i, seen.ids);
	}
}

static void
a_callback_may_stop(void **state)
{
	struct world *w = *state;
	struct clue_filter f = {.limit = 0};
	struct seen seen = {.stop_at = 2};

	put_clues(w);
	ok(w, store_list(w->s, &f, see, &seen, &w->err));
	assert_string_equal(seen.ids, "1 2 ");
	seen = (struct seen){0};
	ok(w, store_clues_recent(w->s, 3, see, &seen, &w->err));
	assert_string_equal(seen.ids, "6 5 4 ");
}

static int
list_inside(void *arg, const struct clue_row *r)
{
	struct world *w = arg;
	struct clue_filter f = {.limit = 0};
	struct seen seen = {0};
	struct clue_record c;

	/* Other questions are fine, another list is not. */
	assert_int_equal(
	    store_clue_by_id(w->s, r->id, w->a, &c, &w->err), 1);
	assert_string_equal(c.number, r->number);
	refused(w, ERR_BUG, store_list(w->s, &f, see, &seen, &w->err));
	return 0;
}

static void
a_list_inside_a_list_is_refused(void **state)
{
	struct world *w = *state;
	struct clue_filter f = {.limit = 0};

	put_clues(w);
	ok(w, store_list(w->s, &f, list_inside, w, &w->err));
}

static int
look_at_row(void *arg, const struct clue_row *r)
{
	*(bool *)arg = true;
	assert_string_equal(r->number, "LY-2026-000001");
	assert_string_equal(r->state, "assigned");
	assert_string_equal(r->domain, "muck-transport");
	assert_string_equal(r->area, "xugou");
	assert_string_equal(r->officer, "zhang");
	assert_string_equal(r->class_id, "normal");
	assert_string_equal(r->subject, "举报强揽渣土");
	assert_string_equal(r->why, "渣土 2.5");
	assert_false(r->triage);
	assert_true(r->discipline);
	assert_int_equal(r->received_s, 1000);
	assert_int_equal(r->dispatched_s, 1001);
	/* The second "accept" came with the reopening. */
	assert_int_equal(r->due_s[DEADLINE_ACCEPT], 90);
	assert_int_equal(r->met_s[DEADLINE_ACCEPT], 0);
	assert_int_equal(r->due_s[DEADLINE_FEEDBACK], 0);
	assert_int_equal(r->due_s[DEADLINE_CONCLUDE], 30);
	assert_int_equal(r->met_s[DEADLINE_CONCLUDE], 29);
	return 0;
}

static void
a_row_has_what_a_list_shows(void **state)
{
	struct world *w = *state;
	struct clue_record c = sample_clue();
	struct clue_filter f = {.limit = 0};
	bool seen = false;
	int64_t id;

	ok(w, store_begin(w->s, &w->err));
	c.discipline = true;
	id = put_clue(w, c);
	put_deadline(w, id, "accept", 10, 9, 0);
	put_deadline(w, id, "conclude", 30, 29, 0);
	put_deadline(w, id, "accept", 90, 0, 80);
	put_deadline(w, id, "something-later", 95, 0, 80);
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_list(w->s, &f, look_at_row, &seen, &w->err));
	assert_true(seen);
}

static void
counts_agree_with_the_tables(void **state)
{
	struct world *w = *state;
	struct clue_record r;
	struct letter_record l = sample_letter();
	struct store_counts c;
	int64_t sum = 0;

	ok(w, store_counts(w->s, 100, &c, &w->err));
	assert_int_equal(c.messages, 0);
	assert_int_equal(c.events, 0);
	assert_true(c.size_bytes > 0);

	put_clues(w);
	ok(w, store_begin(w->s, &w->err));
	(void)put_message(w, "a");
	(void)put_message(w, "b");
	(void)put_message(w, "c");
	ok(w, store_message_set_kind(w->s, 2, "bounce", "", &w->err));
	ok(w, store_message_set_kind(w->s, 3, "quarantine", "", &w->err));
	ok(w, store_message_set_kind(w->s, 3, "quarantine", "x", &w->err));
	put_event(w, 1, "k", "");
	put_event(w, 1, "k", "");
	for (int i = 0; i < LETTER_STATE_COUNT; i++)
		for (int k = 0; k <= i; k++) {
			l.state = (enum letter_state)i;
			put_letter(w, l, "x");
		}
	l.id = 1; /* ready becomes sent */
	l.state = LETTER_SENT;
	ok(w, store_letter_update(w->s, &l, &w->err));
	/* What is undone is not counted. */
	ok(w, store_save(w->s, &w->err));
	put_event(w, put_clue(w, sample_clue()), "k", "");
	(void)put_message(w, "d");
	put_letter(w, l, "x");
	store_undo(w->s);
	ok(w, store_commit(w->s, &w->err));

	ok(w, store_counts(w->s, 100, &c, &w->err));
	assert_int_equal(c.messages, 3);
	assert_int_equal(c.kinds[KIND_TIP], 1);
	assert_int_equal(c.kinds[KIND_BOUNCE], 1);
	assert_int_equal(c.quarantine, 1);
	for (int i = 0; i < 16; i++)
		sum += c.kinds[i];
	assert_int_equal(sum, 2);
	assert_int_equal(c.clues, 6);
	assert_int_equal(c.open_clues, 5);
	assert_int_equal(c.triage, 2);
	assert_int_equal(c.overdue, 2);
	assert_int_equal(c.events, 2);
	assert_int_equal(c.letters[LETTER_READY], 0);
	assert_int_equal(c.letters[LETTER_SENT], 4);
	assert_int_equal(c.letters[LETTER_CANCELLED], 6);

	assert_int_equal(store_clue_by_id(w->s, 1, w->a, &r, &w->err), 1);
	r.state = "transferred";
	ok(w, store_clue_update(w->s, &r, &w->err));
	ok(w, store_counts(w->s, 100, &c, &w->err));
	assert_int_equal(c.clues, 6);
	assert_int_equal(c.open_clues, 4);
	assert_int_equal(raw_number(w->s->db,
	    "SELECT count(*) FROM tally WHERE n < 0"), 0);
}

static void
a_clue_late_twice_counts_once(void **state)
{
	struct world *w = *state;
	struct clue_filter f = {.overdue = true, .now_s = 100};
	struct seen seen = {0};
	struct store_counts c;
	int64_t id;

	ok(w, store_begin(w->s, &w->err));
	id = put_clue(w, sample_clue());
	put_deadline(w, id, "accept", 10, 0, 9);
	put_deadline(w, id, "feedback", 20, 0, 9);
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_counts(w->s, 100, &c, &w->err));
	assert_int_equal(c.overdue, 1);
	ok(w, store_list(w->s, &f, see, &seen, &w->err));
	assert_string_equal(seen.ids, "1 ");
}

static void
notes_outlive_the_process(void **state)
{
	struct world *w = *state;
	const char *value = "untouched";

	assert_int_equal(
	    store_note_get(w->s, "poll.tips", w->a, &value, &w->err), 0);
	assert_string_equal(value, "untouched");
	ok(w, store_note_set(w->s, "poll.tips", "1", &w->err));
	ok(w, store_begin(w->s, &w->err));
	ok(w, store_note_set(w->s, "poll.tips", "今天", &w->err));
	ok(w, store_note_set(w->s, "alarm", "", &w->err));
	ok(w, store_commit(w->s, &w->err));
	world_reopen(w, STORE_READ);
	assert_int_equal(
	    store_note_get(w->s, "poll.tips", w->a, &value, &w->err), 1);
	assert_string_equal(value, "今天");
	assert_int_equal(
	    store_note_get(w->s, "alarm", w->a, &value, &w->err), 1);
	assert_string_equal(value, "");
}

#define T(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(each_filter_and_some_together),
	    T(a_callback_may_stop),
	    T(a_list_inside_a_list_is_refused),
	    T(a_row_has_what_a_list_shows),
	    T(counts_agree_with_the_tables),
	    T(a_clue_late_twice_counts_once),
	    T(notes_outlive_the_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
