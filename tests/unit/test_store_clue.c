/* SPDX-License-Identifier: ISC */
#include "test_store_help.h"

static void
same(const struct clue_record *a, const struct clue_record *b)
{
	assert_int_equal(a->id, b->id);
	assert_string_equal(a->number, b->number);
	assert_int_equal(a->message, b->message);
	assert_string_equal(a->channel, b->channel);
	assert_string_equal(a->state, b->state);
	assert_string_equal(a->domain, b->domain);
	assert_string_equal(a->runner_up, b->runner_up);
	assert_int_equal(a->score, b->score);
	assert_int_equal(a->margin, b->margin);
	assert_string_equal(a->area, b->area);
	assert_string_equal(a->class_id, b->class_id);
	assert_string_equal(a->officer, b->officer);
	assert_string_equal(a->deputy, b->deputy);
	assert_string_equal(a->leader, b->leader);
	assert_int_equal(a->triage, b->triage);
	assert_int_equal(a->discipline, b->discipline);
	assert_string_equal(a->why, b->why);
	assert_string_equal(a->excluded, b->excluded);
	assert_string_equal(a->rules, b->rules);
	assert_string_equal(a->subject, b->subject);
	assert_string_equal(a->text, b->text);
	assert_int_equal(a->received_s, b->received_s);
	assert_int_equal(a->dispatched_s, b->dispatched_s);
}

static void
a_clue_comes_back_as_it_went_in(void **state)
{
	struct world *w = *state;
	struct clue_record r = sample_clue(), out;

	ok(w, store_begin(w->s, &w->err));
	r.message = put_message(w, "a");
	r.score = -5;
	r.margin = INT32_MAX;
	r.discipline = true;
	r.excluded = "wang: 名字";
	ok(w, store_clue_add(w->s, &r, "LY", 2026, w->a, &w->err));
	assert_string_equal(r.number, "LY-2026-000001");
	ok(w, store_commit(w->s, &w->err));
	assert_int_equal(
	    store_clue_by_id(w->s, r.id, w->a, &out, &w->err), 1);
	same(&out, &r);
	assert_int_equal(
	    store_clue_by_number(w->s, r.number, w->a, &out, &w->err), 1);
	same(&out, &r);
	assert_int_equal(
	    store_clue_by_id(w->s, r.id + 1, w->a, &out, &w->err), 0);
	assert_int_equal(store_clue_by_number(
	    w->s, "LY-2026-000002", w->a, &out, &w->err), 0);
	assert_int_equal(store_clue_by_number(
	    w->s, "ly-2026-000001", w->a, &out, &w->err), 0);
}

static void
an_update_writes_what_follow_decides(void **state)
{
	struct world *w = *state;
	struct clue_record r = sample_clue(), want, out;

	ok(w, store_begin(w->s, &w->err));
	ok(w, store_clue_add(w->s, &r, "LY", 2026, w->a, &w->err));
	ok(w, store_commit(w->s, &w->err));
	want = r;
	want.state = "returned";
	want.domain = "other";
	want.area = "";
	want.class_id = "priority";
	want.officer = "zhao";
	want.deputy = "";
	want.leader = "sun";
	want.triage = true;
	want.discipline = true;
	want.why = "moved";
	want.excluded = "zhang";
	want.dispatched_s = 5000;
	/* The rest is history and stays. */
	r = want;
	r.text = "other text";
	r.subject = "other subject";
	r.received_s = 1;
	ok(w, store_clue_update(w->s, &r, &w->err));
	assert_int_equal(
	    store_clue_by_id(w->s, r.id, w->a, &out, &w->err), 1);
	same(&out, &want);
}

static void
numbers_have_no_gap_and_no_end(void **state)
{
	struct world *w = *state;
	struct clue_record r = sample_clue();

	ok(w, store_begin(w->s, &w->err));
	for (int i = 0; i < 3; i++)
		ok(w, store_clue_add(w->s, &r, "LY", 2026, w->a, &w->err));
	assert_string_equal(r.number, "LY-2026-000003");
	store_rollback(w->s);

	ok(w, store_begin(w->s, &w->err));
	ok(w, store_clue_add(w->s, &r, "LY", 2026, w->a, &w->err));
	assert_string_equal(r.number, "LY-2026-000001");
	/* Each year and each prefix counts for itself. */
	ok(w, store_clue_add(w->s, &r, "LY", 2027, w->a, &w->err));
	assert_string_equal(r.number, "LY-2027-000001");
	ok(w, store_clue_add(w->s, &r, "HZ", 2026, w->a, &w->err));
	assert_string_equal(r.number, "HZ-2026-000001");
	raw_exec(w->s->db, "UPDATE counter SET last = 999998"
			   " WHERE prefix = 'LY' AND year = 2026");
	ok(w, store_clue_add(w->s, &r, "LY", 2026, w->a, &w->err));
	assert_string_equal(r.number, "LY-2026-999999");
	ok(w, store_clue_add(w->s, &r, "LY", 2026, w->a, &w->err));
	assert_string_equal(r.number, "LY-2026-1000000");
	ok(w, store_commit(w->s, &w->err));
}

static void
matches_keep_their_order(void **state)
{
	struct world *w = *state;
	struct match_record r = {.domain = "muck-transport", .term = "渣土",
	    .found = "渣 土", .field = "text", .at = 1UL << 40, .len = 7,
	    .weight = -300}, *list;
	int64_t other;
	size_t n;

	ok(w, store_begin(w->s, &w->err));
	r.clue = put_clue(w, sample_clue());
	other = put_clue(w, sample_clue());
	for (int32_t i = 0; i < 12; i++) {
		r.weight = 10 - i;
		r.seq = (uint32_t)i;
		ok(w, store_match_add(w->s, &r, &w->err));
	}
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_matches(w->s, r.clue, w->a, &list, &n, &w->err));
	assert_int_equal(n, 12);
	for (int32_t i = 0; i < 12; i++) {
		assert_int_equal(list[i].clue, r.clue);
		assert_string_equal(list[i].domain, r.domain);
		assert_string_equal(list[i].term, r.term);
		assert_string_equal(list[i].found, r.found);
		assert_string_equal(list[i].field, r.field);
		assert_int_equal(list[i].at, r.at);
		assert_int_equal(list[i].len, r.len);
		assert_int_equal(list[i].weight, 10 - i);
	}
	ok(w, store_matches(w->s, other, w->a, &list, &n, &w->err));
	assert_int_equal(n, 0);
}

/* Whatever a stranger writes is a value, never SQL. */
static void
quotes_and_commands_are_only_text(void **state)
{
	static const char *const hard[] = {"'; DROP TABLE clue; --",
	    "\" OR 1=1 --", "%_\\", "?1", "\x01\x1b[2J\n", "🚛 渣土"};
	struct world *w = *state;
	struct clue_record r, out;

	ok(w, store_begin(w->s, &w->err));
	for (size_t i = 0; i < sizeof(hard) / sizeof(hard[0]); i++) {
		r = sample_clue();
		r.subject = r.text = r.why = r.domain = r.state = hard[i];
		ok(w, store_clue_add(w->s, &r, hard[i], 2026, w->a, &w->err));
		assert_int_equal(store_clue_by_number(
		    w->s, r.number, w->a, &out, &w->err), 1);
		same(&out, &r);
	}
	ok(w, store_commit(w->s, &w->err));
}

#define T(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(a_clue_comes_back_as_it_went_in),
	    T(an_update_writes_what_follow_decides),
	    T(numbers_have_no_gap_and_no_end),
	    T(matches_keep_their_order),
	    T(quotes_and_commands_are_only_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
