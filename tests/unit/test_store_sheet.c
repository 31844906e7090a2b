/* SPDX-License-Identifier: ISC */
#include "test_store_help.h"

#include "base/buf.h"
#include "follow/clue.h"
#include "store/sheet.h"

static int64_t
put_state(struct world *w, const char *state, int64_t received_s)
{
	struct clue_record r = sample_clue();

	r.state = state;
	r.received_s = received_s;
	return put_clue(w, r);
}

static void
majors_repeat_until_accepted(void **state)
{
	struct world *w = *state;
	struct major_row *list;
	struct clue_record r;
	size_t n;
	int64_t ids[CLUE_STATE_COUNT];

	refused(w, ERR_BUG, store_major_add(w->s, 1, 5, "x", &w->err));
	ok(w, store_begin(w->s, &w->err));
	for (int i = 0; i < CLUE_STATE_COUNT; i++) {
		ids[i] = put_state(
		    w, clue_state_name((enum clue_state)i), 100 - i);
		ok(w, store_major_add(
			w->s, ids[i], 100 - i, "砍伤", &w->err));
	}
	(void)put_state(w, "assigned", 1); /* no major matter */
	/* The first reason and time stay. */
	ok(w, store_major_add(w->s, ids[0], 500, "other", &w->err));
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_majors_open(w->s, w->a, &list, &n, &w->err));
	assert_int_equal(n, 4);
	assert_string_equal(list[0].state, "reopened"); /* oldest first */
	assert_string_equal(list[1].state, "returned");
	assert_string_equal(list[2].state, "assigned");
	assert_string_equal(list[3].state, "new");
	assert_string_equal(list[3].why, "砍伤");
	assert_int_equal(list[3].at_s, 100);
	assert_string_equal(list[3].number, "LY-2026-000001");
	assert_int_equal(
	    store_clue_by_id(w->s, ids[CLUE_ASSIGNED], w->a, &r, &w->err), 1);
	r.state = "accepted";
	ok(w, store_begin(w->s, &w->err));
	ok(w, store_clue_update(w->s, &r, &w->err));
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_majors_open(w->s, w->a, &list, &n, &w->err));
	assert_int_equal(n, 3);
}

static int
add_row(void *arg, const struct open_deadline *d)
{
	buf_addf(arg, "%lld:%s@%lld ", (long long)d->clue, d->kind,
	    (long long)d->due_s);
	return 0;
}

static int
stop(void *arg, const struct open_deadline *d)
{
	(void)add_row(arg, d);
	return 1;
}

static void
open_deadlines_by_their_end(void **state)
{
	struct world *w = *state;
	BUF_AUTO struct buf b = BUF_INIT;
	int64_t a, c;

	ok(w, store_begin(w->s, &w->err));
	a = put_state(w, "assigned", 1);
	c = put_state(w, "suspended", 1);
	put_deadline(w, a, "accept", 100, 0, 0);
	put_deadline(w, a, "feedback", 200, 150, 0); /* met */
	put_deadline(w, a, "conclude", 300, 0, 0);
	put_deadline(w, c, "accept", 99, 0, 0);
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_open_deadlines(w->s, 0, 300, add_row, &b, &w->err));
	assert_string_equal(buf_str(&b), "2:accept@99 1:accept@100 ");
	b.len = 0;
	ok(w, store_open_deadlines(w->s, 100, 301, add_row, &b, &w->err));
	assert_string_equal(buf_str(&b), "1:accept@100 1:conclude@300 ");
	b.len = 0;
	ok(w, store_open_deadlines(w->s, 0, 301, stop, &b, &w->err));
	assert_string_equal(buf_str(&b), "2:accept@99 ");
}

static int
add_domain(void *arg, const char *domain, int64_t n)
{
	buf_addf(arg, "%s=%lld ", domain, (long long)n);
	return 0;
}

static int
add_step(void *arg, const struct step_row *r)
{
	buf_addf(arg, "%s %s (%s) ", r->number, r->kind, r->detail);
	return 0;
}

static void
what_came_and_what_was_urged(void **state)
{
	struct world *w = *state;
	BUF_AUTO struct buf b = BUF_INIT;
	struct clue_record r = sample_clue();
	int64_t n = 7, id, event;

	ok(w, store_begin(w->s, &w->err));
	id = put_state(w, "assigned", 100);
	(void)put_state(w, "assigned", 199);
	(void)put_state(w, "new", 200);
	(void)put_state(w, "new", 99);
	r.domain = "other";
	r.received_s = 150;
	(void)put_clue(w, r);
	put_event(w, id, "urging", "accept: zhang wang"); /* at 1000 */
	put_event(w, id, "received", "");
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_new_by_domain(w->s, 100, 200, add_domain, &b, &w->err));
	assert_string_equal(buf_str(&b), "muck-transport=2 other=1 ");
	b.len = 0;
	ok(w, store_count_state(w->s, "new", &n, &w->err));
	assert_int_equal(n, 2);
	ok(w, store_count_state(w->s, "returned", &n, &w->err));
	assert_int_equal(n, 0);
	ok(w, store_event_before(w->s, 1000, &event, &w->err));
	assert_int_equal(event, 0);
	ok(w, store_steps_after(w->s, event, add_step, &b, &w->err));
	assert_string_equal(
	    buf_str(&b), "LY-2026-000001 urging (accept: zhang wang) ");
	b.len = 0;
	buf_adds(&b, "");
	ok(w, store_event_before(w->s, 1001, &event, &w->err));
	assert_int_equal(event, 2);
	ok(w, store_event_before(w->s, INT64_MAX, &event, &w->err));
	assert_int_equal(event, 2);
	ok(w, store_steps_after(w->s, 1, add_step, &b, &w->err));
	assert_string_equal(buf_str(&b), "");
}

static void
put_in_state(struct world *w, int64_t clue, enum letter_state st,
    int64_t created_s)
{
	struct letter_record r = sample_letter();

	r.clue = clue;
	r.created_s = created_s;
	r.id = put_letter(w, r, "x");
	r.state = st;
	r.result = "550 no";
	ok(w, store_letter_update(w->s, &r, &w->err));
}

static void
letters_in_trouble(void **state)
{
	struct world *w = *state;
	struct letter_trouble *list;
	int64_t clue, waiting;
	size_t n;

	ok(w, store_begin(w->s, &w->err));
	clue = put_state(w, "assigned", 1);
	put_in_state(w, clue, LETTER_FAILED, 100);
	put_in_state(w, 0, LETTER_UNKNOWN, 101);
	put_in_state(w, clue, LETTER_FAILED, 99);
	put_in_state(w, clue, LETTER_SENT, 102);
	put_in_state(w, clue, LETTER_READY, 103);
	put_in_state(w, clue, LETTER_READY, 104);
	put_in_state(w, clue, LETTER_CANCELLED, 103);
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_letters_trouble(w->s, 100, 0, w->a, &list, &n, &w->err));
	assert_int_equal(n, 2);
	assert_int_equal(list[0].state, LETTER_FAILED);
	assert_string_equal(list[0].number, "LY-2026-000001");
	assert_string_equal(list[0].result, "550 no");
	assert_int_equal(list[1].state, LETTER_UNKNOWN);
	assert_string_equal(list[1].number, "");
	ok(w, store_letters_trouble(w->s, 0, 1, w->a, &list, &n, &w->err));
	assert_int_equal(n, 1);
	ok(w, store_letters_waiting(w->s, 104, &waiting, &w->err));
	assert_int_equal(waiting, 1);
}

static int64_t
put_kind(struct world *w, const char *kind, const char *channel,
    int64_t received_s, int64_t clue)
{
	static int number;
	char text[32];
	struct message_record r;
	int64_t id = 0;

	(void)snprintf(text, sizeof(text), "message %d", ++number);
	r = sample_message(text, strlen(text));
	r.kind = kind;
	r.channel = channel;
	r.received_s = received_s;
	r.clue = clue;
	ok(w, store_message_add(w->s, &r, text, strlen(text), &id, &w->err));
	return id;
}

static void
put_seen(struct world *w, uint32_t uid, enum journal_outcome outcome,
    int64_t message, int64_t at_s)
{
	const struct journal_entry e = {"tips", "INBOX", 7, uid, outcome,
	    message, at_s};

	ok(w, store_journal_add(w->s, &e, &w->err));
}

static void
fill_mailbox(struct world *w)
{
	int64_t clue = put_state(w, "assigned", 1), tip;

	tip = put_kind(w, "tip", "mail", 100, clue);
	put_seen(w, 1, JOURNAL_TAKEN, tip, 100);
	put_seen(w, 2, JOURNAL_REPEAT, tip, 101);
	put_seen(w, 3, JOURNAL_TAKEN,
	    put_kind(w, "quarantine", "mail", 101, 0), 101);
	put_seen(w, 4, JOURNAL_SKIPPED, 0, 150);
	put_seen(w, 5, JOURNAL_MISSING, 0, 199);
	put_seen(w, 6, JOURNAL_TAKEN,
	    put_kind(w, "suspected-spam", "mail", 200, 0), 200);
	(void)put_kind(w, "tip", "file", 120, clue);
}

static void
the_mailbox_adds_up(void **state)
{
	struct world *w = *state;
	struct mail_seen day, all;

	ok(w, store_mail_all(w->s, &all, &w->err)); /* an empty store */
	assert_int_equal(all.taken + all.by_hand, 0);
	ok(w, store_begin(w->s, &w->err));
	fill_mailbox(w);
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_mail_between(w->s, 100, 200, &day, &w->err));
	assert_int_equal(day.taken, 2);
	assert_int_equal(day.repeats, 1);
	assert_int_equal(day.skipped, 1);
	assert_int_equal(day.missing, 1);
	assert_int_equal(day.by_hand, 1);
	assert_int_equal(day.kinds[KIND_TIP], 2);
	assert_int_equal(day.quarantine, 1);
	assert_int_equal(day.kinds[KIND_SPAM], 0);
	ok(w, store_mail_all(w->s, &all, &w->err));
	assert_int_equal(all.taken, 3);
	assert_int_equal(all.by_hand, 1);
	assert_int_equal(all.kinds[KIND_TIP], 2);
	assert_int_equal(all.kinds[KIND_SPAM], 1);
	assert_int_equal(all.quarantine, 1);
	assert_int_equal(all.unknown, 0);
	assert_int_equal(all.lost, 0);
}

static void
what_does_not_add_up_shows(void **state)
{
	struct world *w = *state;
	struct mail_seen m;

	ok(w, store_begin(w->s, &w->err));
	(void)put_kind(w, "tip", "mail", 100, 0); /* no clue, no journal */
	(void)put_kind(w, "riddle", "mail", 100, 0);
	put_seen(w, 1, JOURNAL_TAKEN, 0, 100); /* leads to no message */
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_mail_all(w->s, &m, &w->err));
	assert_int_equal(m.lost, 1);
	assert_int_equal(m.unknown, 1);
	assert_int_equal(m.taken, 1);
	ok(w, store_mail_between(w->s, 0, 1000, &m, &w->err));
	assert_int_equal(m.taken, 1);
	assert_int_equal(m.kinds[KIND_TIP], 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(majors_repeat_until_accepted),
	    T(open_deadlines_by_their_end),
	    T(what_came_and_what_was_urged),
	    T(letters_in_trouble),
	    T(the_mailbox_adds_up),
	    T(what_does_not_add_up_shows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
