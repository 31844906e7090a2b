/* SPDX-License-Identifier: ISC */
#include "test_store_help.h"

#include "store/citizen.h"

static void
the_programs_own_look_is_not_entered(void **state)
{
	struct world *w = *state;
	struct reporter_record r = {.address = "a@example.net",
				   .name = "甲",
				   .reply_to = "",
				   .signature = "乙"},
			       out;
	struct event_record *events;
	size_t n;

	ok(w, store_begin(w->s, &w->err));
	r.message = put_message(w, "tip");
	ok(w, store_reporter_add(w->s, &r, &w->err));
	ok(w, store_commit(w->s, &w->err));
	assert_int_equal(
	    store_reporter_use(w->s, r.message, w->a, &out, &w->err), 1);
	assert_string_equal(out.address, "a@example.net");
	assert_string_equal(out.signature, "乙");
	assert_int_equal(store_reporter_use(w->s, 99, w->a, &out, &w->err), 0);
	ok(w, store_events(w->s, 0, w->a, &events, &n, &w->err));
	assert_int_equal(n, 0);
}

static void
a_code_is_given_once(void **state)
{
	struct world *w = *state;
	const char *hash = NULL;
	int64_t clue;

	refused(w, ERR_BUG, store_code_add(w->s, 1, "h", &w->err));
	ok(w, store_begin(w->s, &w->err));
	clue = put_clue(w, sample_clue());
	ok(w, store_code_add(w->s, clue, "$argon2id$x", &w->err));
	assert_int_equal(store_code_add(w->s, clue, "other", &w->err), -1);
	ok(w, store_commit(w->s, &w->err));
	assert_int_equal(store_code(w->s, clue, w->a, &hash, &w->err), 1);
	assert_string_equal(hash, "$argon2id$x");
	assert_int_equal(store_code(w->s, 99, w->a, &hash, &w->err), 0);
}

static int64_t
count(struct world *w, const char *kind, const char *address, int64_t since_s)
{
	int64_t n = -1;

	ok(w, store_letters_to_citizens(
		  w->s, kind, address, since_s, &n, &w->err));
	return n;
}

static void
letters_to_citizens_are_counted(void **state)
{
	struct world *w = *state;
	struct letter_record r = sample_letter();

	ok(w, store_begin(w->s, &w->err));
	(void)put_letter(w, r, "to a colleague");
	r.to_person = "";
	r.kind = "acknowledgement";
	r.rcpt_to = "a@example.net";
	r.message_id = "l2@example.org";
	(void)put_letter(w, r, "x");
	r.created_s = 2000;
	r.message_id = "l3@example.org";
	(void)put_letter(w, r, "x");
	r.rcpt_to = "b@example.net";
	r.message_id = "l4@example.org";
	(void)put_letter(w, r, "x");
	ok(w, store_commit(w->s, &w->err));
	assert_int_equal(count(w, "acknowledgement", "", 0), 3);
	assert_int_equal(count(w, "acknowledgement", "", 1001), 2);
	assert_int_equal(count(w, "acknowledgement", "A@example.net", 0), 2);
	assert_int_equal(count(w, "receipt", "", 0), 0);
}

static void
a_reply_is_found_by_what_it_says(void **state)
{
	struct world *w = *state;
	struct message_record r = sample_message("x", 1);
	int64_t id = 0, found = 0;

	r.kind = "reply";
	ok(w, store_begin(w->s, &w->err));
	ok(w, store_message_add(w->s, &r, "x", 1, &id, &w->err));
	ok(w, store_commit(w->s, &w->err));
	assert_int_equal(store_message_find_reply(
			     w->s, r.content_key, id + 1, &found, &w->err),
	    1);
	assert_int_equal(found, id);
	assert_int_equal(
	    store_message_find_reply(w->s, r.content_key, id, &found, &w->err),
	    0);
	r.content_key[0] ^= 1;
	assert_int_equal(store_message_find_reply(
			     w->s, r.content_key, id + 1, &found, &w->err),
	    0);
}

static void
waiting_letters_are_given_up(void **state)
{
	struct world *w = *state;
	struct letter_record r = sample_letter(), out;
	int64_t clue, mine, other, sent;

	ok(w, store_begin(w->s, &w->err));
	r.clue = clue = put_clue(w, sample_clue());
	mine = put_letter(w, r, "x");
	r.to_person = "li";
	other = put_letter(w, r, "x");
	r.to_person = "zhang";
	r.state = LETTER_SENT;
	sent = put_letter(w, r, "x");
	ok(w, store_letters_cancel(w->s, clue, "zhang", &w->err));
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_letter_by_id(w->s, mine, w->a, &out, &w->err));
	assert_int_equal(out.state, LETTER_CANCELLED);
	ok(w, store_letter_by_id(w->s, other, w->a, &out, &w->err));
	assert_int_equal(out.state, LETTER_READY);
	ok(w, store_letter_by_id(w->s, sent, w->a, &out, &w->err));
	assert_int_equal(out.state, LETTER_SENT);
}

#define T(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(the_programs_own_look_is_not_entered),
	    T(a_code_is_given_once),
	    T(letters_to_citizens_are_counted),
	    T(a_reply_is_found_by_what_it_says),
	    T(waiting_letters_are_given_up),
	};

	return cmocka_run_group_tests_name(
	    "store: citizens", tests, NULL, NULL);
}
