/* SPDX-License-Identifier: ISC */
#include "test_store_help.h"

static void
a_letter_comes_back_as_it_went_in(void **state)
{
	struct world *w = *state;
	struct letter_record r = sample_letter(), out, *list;
	char bytes[4000];
	void *got;
	int64_t id = 0;
	size_t n;

	memset(bytes, 'x', sizeof(bytes));
	ok(w, store_begin(w->s, &w->err));
	r.clue = put_clue(w, sample_clue());
	put_deadline(w, r.clue, "accept", 5, 0, 5);
	r.deadline = 1;
	r.state = LETTER_FAILED;
	r.tries = 3;
	r.repeats = 1;
	r.sent_s = 7;
	r.code = 550;
	r.result = "5.1.1 没有此人";
	ok(w, store_letter_add(
		w->s, &r, bytes, sizeof(bytes), &id, &w->err));
	ok(w, store_commit(w->s, &w->err));
	r.id = id;

	assert_int_equal(
	    store_letter_by_id(w->s, id, w->a, &out, &w->err), 1);
	assert_int_equal(out.id, id);
	assert_int_equal(out.clue, r.clue);
	assert_int_equal(out.deadline, 1);
	assert_string_equal(out.kind, "notice");
	assert_string_equal(out.to_person, "zhang");
	assert_string_equal(out.rcpt_to, r.rcpt_to);
	assert_string_equal(out.message_id, r.message_id);
	assert_int_equal(out.state, LETTER_FAILED);
	assert_int_equal(out.tries, 3);
	assert_int_equal(out.repeats, 1);
	assert_int_equal(out.created_s, 1000);
	assert_int_equal(out.next_try_s, 1000);
	assert_int_equal(out.sent_s, 7);
	assert_int_equal(out.code, 550);
	assert_string_equal(out.result, r.result);

	assert_int_equal(store_letter_by_message_id(
	    w->s, "l1@example.org", w->a, &out, &w->err), 1);
	assert_int_equal(out.id, id);
	assert_int_equal(store_letter_by_message_id(
	    w->s, "l2@example.org", w->a, &out, &w->err), 0);
	ok(w, store_letters(w->s, r.clue, w->a, &list, &n, &w->err));
	assert_int_equal(n, 1);
	assert_int_equal(list[0].id, id);
	ok(w, store_letters(w->s, 99, w->a, &list, &n, &w->err));
	assert_int_equal(n, 0);
	ok(w, store_letter_bytes(w->s, id, &got, &n, &w->err));
	assert_int_equal(n, sizeof(bytes));
	assert_memory_equal(got, bytes, n);
	free(got);
	refused(w, ERR_INPUT,
	    store_letter_bytes(w->s, 99, &got, &n, &w->err));
	assert_int_equal(
	    store_letter_by_id(w->s, 99, w->a, &out, &w->err), 0);
}

static int
claim(struct world *w, int64_t now_s, struct letter_record *out, char *text)
{
	struct letter_record *list;
	void *bytes = NULL;
	size_t len = 0, n;
	int rc = 0;

	ok(w, store_begin(w->s, &w->err));
	ok(w, store_letters_ready(
	    w->s, now_s, 1, w->a, &list, &n, &w->err));
	if (n > 0)
		rc = store_letter_claim(
		    w->s, list[0].id, w->a, out, &bytes, &len, &w->err);
	ok(w, store_commit(w->s, &w->err));
	if (rc == 1) {
		assert_true(len < 20);
		memcpy(text, bytes, len);
		text[len] = '\0';
		free(bytes);
	}
	return rc;
}

static void
letters_are_claimed_once_oldest_first(void **state)
{
	/* At 100: "b", "a", then none; "d" is later, the others not ready. */
	static const struct {
		enum letter_state state;
		int64_t next_try_s;
		const char *text;
	} t[] = {{LETTER_READY, 90, "a"}, {LETTER_READY, 80, "b"},
	    {LETTER_SENT, 70, "c"}, {LETTER_READY, 101, "d"},
	    {LETTER_SENDING, 1, "e"}, {LETTER_CANCELLED, 1, "f"},
	    {LETTER_UNKNOWN, 1, "g"}, {LETTER_FAILED, 1, "h"}};
	struct world *w = *state;
	struct letter_record r = sample_letter(), out;
	char text[20];
	int64_t next;

	assert_int_equal(claim(w, 100, &out, text), 0);
	ok(w, store_letter_next(w->s, &next, &w->err));
	assert_int_equal(next, 0);
	ok(w, store_begin(w->s, &w->err));
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		r.state = t[i].state;
		r.next_try_s = t[i].next_try_s;
		put_letter(w, r, t[i].text);
	}
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_letter_next(w->s, &next, &w->err));
	assert_int_equal(next, 80);

	assert_int_equal(claim(w, 100, &out, text), 1);
	assert_string_equal(text, "b");
	assert_int_equal(out.state, LETTER_SENDING);
	assert_int_equal(out.tries, 1);
	assert_int_equal(claim(w, 100, &out, text), 1);
	assert_string_equal(text, "a");
	assert_int_equal(claim(w, 100, &out, text), 0);
	ok(w, store_letter_next(w->s, &next, &w->err));
	assert_int_equal(next, 101);

	/* Back after a 4xx: later, and one more try. */
	out.state = LETTER_READY;
	out.next_try_s = 160;
	out.code = 451;
	out.result = "4.7.1 later";
	ok(w, store_letter_update(w->s, &out, &w->err));
	assert_int_equal(claim(w, 150, &out, text), 1);
	assert_string_equal(text, "d");
	assert_int_equal(claim(w, 160, &out, text), 1);
	assert_string_equal(text, "a");
	assert_int_equal(out.tries, 2);
	assert_int_equal(out.code, 451);
	assert_string_equal(out.result, "4.7.1 later");
}

static void
as_many_as_are_asked_for_are_ready(void **state)
{
	static const int64_t next_s[] = {90, 80, 101, 80, 70};
	struct world *w = *state;
	struct letter_record r = sample_letter(), *list;
	size_t n;

	ok(w, store_begin(w->s, &w->err));
	for (size_t i = 0; i < 5; i++) {
		r.next_try_s = next_s[i];
		put_letter(w, r, "x");
	}
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_letters_ready(w->s, 100, 3, w->a, &list, &n, &w->err));
	assert_int_equal(n, 3);
	assert_int_equal(list[0].id, 5);
	assert_int_equal(list[1].id, 2);
	assert_int_equal(list[2].id, 4);
	ok(w, store_letters_ready(w->s, 100, 9, w->a, &list, &n, &w->err));
	assert_int_equal(n, 4);
	assert_int_equal(list[3].next_try_s, 90);
}

/* Only the post needs to know where a citizen's letter goes. */
static void
a_citizens_address_goes_to_the_post_alone(void **state)
{
	struct world *w = *state;
	struct letter_record r = sample_letter(), out, *list;
	char text[20];
	size_t n;

	ok(w, store_begin(w->s, &w->err));
	r.clue = put_clue(w, sample_clue());
	r.to_person = "";
	r.rcpt_to = "citizen@example.org";
	r.id = put_letter(w, r, "x");
	ok(w, store_commit(w->s, &w->err));
	assert_int_equal(
	    store_letter_by_id(w->s, r.id, w->a, &out, &w->err), 1);
	assert_string_equal(out.rcpt_to, "");
	assert_int_equal(store_letter_by_message_id(
	    w->s, r.message_id, w->a, &out, &w->err), 1);
	assert_string_equal(out.rcpt_to, "");
	ok(w, store_letters(w->s, r.clue, w->a, &list, &n, &w->err));
	assert_string_equal(list[0].rcpt_to, "");
	ok(w, store_letters_ready(w->s, 1000, 1, w->a, &list, &n, &w->err));
	assert_string_equal(list[0].rcpt_to, "citizen@example.org");
	assert_int_equal(claim(w, 1000, &out, text), 1);
	assert_string_equal(out.rcpt_to, "citizen@example.org");
}

static void
two_programs_never_claim_the_same(void **state)
{
	struct world *w = *state;
	struct store *other = NULL;
	struct letter_record a, b;
	void *bytes;
	size_t len;

	ok(w, store_begin(w->s, &w->err));
	put_letter(w, sample_letter(), "one");
	put_letter(w, sample_letter(), "two");
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_open(w->path, STORE_WRITE, &other, &w->err));
	refused(w, ERR_BUG, store_letter_claim(
	    w->s, 1, w->a, &a, &bytes, &len, &w->err));
	ok(w, store_begin(w->s, &w->err));
	assert_int_equal(store_letter_claim(
	    w->s, 1, w->a, &a, &bytes, &len, &w->err), 1);
	free(bytes);
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_begin(other, &w->err));
	assert_int_equal(store_letter_claim(
	    other, 1, w->a, &b, &bytes, &len, &w->err), 0);
	assert_int_equal(store_letter_claim(
	    other, 2, w->a, &b, &bytes, &len, &w->err), 1);
	free(bytes);
	assert_int_equal(store_letter_claim(
	    other, 3, w->a, &b, &bytes, &len, &w->err), 0);
	ok(w, store_commit(other, &w->err));
	store_close(&other);
}

static void
a_damaged_letter_is_not_claimed(void **state)
{
	struct world *w = *state;
	struct letter_record out;
	void *bytes = NULL;
	size_t len;

	ok(w, store_begin(w->s, &w->err));
	put_letter(w, sample_letter(), "one");
	ok(w, store_commit(w->s, &w->err));
	raw_exec(w->s->db, "UPDATE raw SET bytes = x'6f6e66'");
	ok(w, store_begin(w->s, &w->err));
	refused(w, ERR_SYSTEM, store_letter_claim(
		w->s, 1, w->a, &out, &bytes, &len, &w->err));
	assert_null(bytes);
	store_rollback(w->s);
	assert_int_equal(
	    store_letter_by_id(w->s, 1, w->a, &out, &w->err), 1);
	assert_int_equal(out.state, LETTER_READY);
	assert_int_equal(out.tries, 0);
}

static void
after_a_death_a_letter_is_repeated_at_most_once(void **state)
{
	struct world *w = *state;
	struct letter_record r = sample_letter(), out;
	static const struct {
		enum letter_state state;
		uint32_t repeats;
		enum letter_state want;
		uint32_t want_repeats;
	} t[] = {{LETTER_SENDING, 0, LETTER_READY, 1},
	    {LETTER_SENDING, 1, LETTER_UNKNOWN, 1},
	    {LETTER_READY, 0, LETTER_READY, 0},
	    {LETTER_SENT, 0, LETTER_SENT, 0}};
	int64_t n = -1;

	ok(w, store_begin(w->s, &w->err));
	for (size_t i = 0; i < 4; i++) {
		r.state = t[i].state;
		r.repeats = t[i].repeats;
		put_letter(w, r, "x");
	}
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_letters_recover(w->s, &n, &w->err));
	assert_int_equal(n, 2);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(store_letter_by_id(
		    w->s, (int64_t)i + 1, w->a, &out, &w->err), 1);
		assert_int_equal(out.state, t[i].want);
		assert_int_equal(out.repeats, t[i].want_repeats);
	}
	ok(w, store_letters_recover(w->s, &n, &w->err));
	assert_int_equal(n, 0);
}

static int64_t
next_try(struct world *w, int64_t id)
{
	struct letter_record l;

	ok(w, store_letter_by_id(w->s, id, w->a, &l, &w->err));
	return l.next_try_s;
}

static void
a_clock_that_was_ahead_holds_no_letter(void **state)
{
	struct world *w = *state;
	struct letter_record l = sample_letter();
	int64_t fresh, again, later, soon;

	ok(w, store_begin(w->s, &w->err));
	l.created_s = l.next_try_s = 9000; /* written in the future */
	fresh = put_letter(w, l, "a");
	l.created_s = 100;
	l.result = "450 later"; /* put off in the future */
	again = put_letter(w, l, "b");
	l.next_try_s = 1100; /* put off as it should be */
	soon = put_letter(w, l, "c");
	l.next_try_s = 9000; /* waits for working hours */
	l.result = "";
	later = put_letter(w, l, "d");
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_letters_pull(w->s, 1000, INT64_MAX, false, &w->err));
	assert_int_equal(next_try(w, fresh), 1000);
	assert_int_equal(next_try(w, again), 9000);
	ok(w, store_letters_pull(w->s, 1000, 1500, false, &w->err));
	assert_int_equal(next_try(w, fresh), 1000);
	assert_int_equal(next_try(w, again), 1000);
	assert_int_equal(next_try(w, soon), 1100);
	assert_int_equal(next_try(w, later), 9000);
	ok(w, store_letters_pull(w->s, 1000, INT64_MAX, true, &w->err));
	assert_int_equal(next_try(w, soon), 1000);
	assert_int_equal(next_try(w, later), 1000);
}

static void
states_have_names(void **state)
{
	(void)state;
	assert_string_equal(letter_state_name(LETTER_READY), "ready");
	assert_string_equal(letter_state_name(LETTER_CANCELLED), "cancelled");
	assert_string_equal(letter_state_name(LETTER_STATE_COUNT), "?");
}

#define T(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(a_letter_comes_back_as_it_went_in),
	    T(letters_are_claimed_once_oldest_first),
	    T(as_many_as_are_asked_for_are_ready),
	    T(a_clock_that_was_ahead_holds_no_letter),
	    T(a_citizens_address_goes_to_the_post_alone),
	    T(two_programs_never_claim_the_same),
	    T(a_damaged_letter_is_not_claimed),
	    T(after_a_death_a_letter_is_repeated_at_most_once),
	    cmocka_unit_test(states_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
