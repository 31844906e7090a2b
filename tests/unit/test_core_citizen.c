/* SPDX-License-Identifier: ISC */
/* Query codes and caps against floods, on a real store with injected time. */
#include "test_store_help.h"

#include <sys/resource.h>

#include "conf/conf.h"
#include "core/answer.h"
#include "core/breaker.h"
#include "core/citizen.h"
#include "core/pipeline.h"
#include "core/take.h"
#include "letter/code.h"
#include "parse/message.h"
#include "store/answer.h"
#include "store/citizen.h"

#define NOW 1796090400
#define CLUES 50

struct office {
	struct world *w;
	struct conf *conf;
	struct take_context c;
	struct message *m;
	char code[QUERY_CODE_SIZE];
	int64_t clue, row;
};

static double
cpu_s(void)
{
	struct rusage r;

	(void)getrusage(RUSAGE_SELF, &r);
	return (double)r.ru_utime.tv_sec + (double)r.ru_utime.tv_usec / 1e6;
}

static int64_t
add_message(struct office *o, int n)
{
	struct message_record r = {.message_id = "", .channel = "mail",
	    .kind = "tip", .why = "", .received_s = NOW, .charset = "",
	    .lost = ""};
	char raw[32];
	int64_t row = 0;

	(void)snprintf(raw, sizeof(raw), "message %d", n);
	hash_sha256(raw, strlen(raw), r.sha256);
	ok(o->w, store_message_add(
		     o->w->s, &r, raw, strlen(raw), &row, &o->w->err));
	return row;
}

static void
add_reporter(struct office *o, int64_t row, const char *address)
{
	const struct reporter_record r = {row, address, "", "", "", "", ""};

	ok(o->w, store_reporter_add(o->w->s, &r, &o->w->err));
}

static int64_t
add_clue(struct office *o, int64_t row)
{
	struct clue_record r = {.message = row, .channel = "mail",
	    .state = "assigned", .domain = "other", .runner_up = "",
	    .area = "", .class_id = "normal", .officer = "lu-wenbo",
	    .deputy = "", .leader = "", .why = "", .excluded = "",
	    .rules = "", .subject = "", .text = "", .received_s = NOW,
	    .dispatched_s = NOW};

	ok(o->w, store_clue_add(
		     o->w->s, &r, "LY", 2026, o->w->a, &o->w->err));
	return r.id;
}

static struct office
office_open(struct world *w)
{
	static const struct conf_options options = {.no_secrets = true};
	struct conf_mistakes mistakes;
	struct office o = {.w = w};
	char hash[CODE_HASH_SIZE];

	assert_int_equal(conf_load_with("etc/clued.conf", &options, &o.conf,
			     &mistakes),
	    0);
	conf_mistakes_done(&mistakes);
	o.c = (struct take_context){.conf = o.conf, .store = w->s};
	o.m = message_new();
	assert_non_null(o.m);
	ok(w, store_begin(w->s, &w->err));
	o.row = add_message(&o, 0);
	add_reporter(&o, o.row, "citizen@example.net");
	o.clue = add_clue(&o, o.row);
	code_make(o.code);
	ok(w, code_hash(o.code, hash, &w->err));
	ok(w, store_code_add(w->s, o.clue, hash, &w->err));
	ok(w, store_commit(w->s, &w->err));
	return o;
}

static void
office_close(struct office *o)
{
	message_free(&o->m);
	conf_free(&o->conf);
}

static bool
joins(struct office *o, const char *number, const char *code, int64_t now_s)
{
	struct citizen_read r;

	o->m->subject = "补充";
	o->m->text = arena_printf(o->w->a,
	    "%s %s 他们昨天夜里又来了，把工地的大门堵住不让车辆出入。",
	    number, code);
	ok(o->w, citizen_read(&o->c, o->m, NULL, now_s, o->w->a, &r,
		     &o->w->err));
	assert_false(r.question);
	if (r.wrong) {
		const struct answer_record wrong = {.kind = ANSWER_QUERY,
		    .message = o->row, .clue = r.named, .at_s = now_s,
		    .wrong = true, .said = ""};

		ok(o->w, store_answer_add(o->w->s, &wrong, &o->w->err));
	}
	return r.joins != 0;
}

/* Ten thousand forged codes join nothing, and after the hour's worth of them
 * cost nothing; the right one counts again when the hour is over. */
static void
ten_thousand_forged_codes(void **state)
{
	struct world *w = *state;
	struct office o = office_open(w);
	char code[QUERY_CODE_SIZE], number[24];
	double before, after;

	ok(w, store_begin(w->s, &w->err)); /* as the intake does */
	assert_true(joins(&o, "LY-2026-000001", o.code, NOW));
	before = cpu_s();
	for (int i = 0; i < 10000; i++) {
		code_make(code);
		(void)snprintf(
		    number, sizeof(number), "LY-2026-%06d", i % 3 + 1);
		assert_false(joins(&o, number, code, NOW + i / 10));
		/* One character off is as wrong as any. */
		memcpy(code, o.code, sizeof(code));
		code[i % 4] = code[i % 4] == '0' ? '1' : '0';
	}
	after = cpu_s();
	print_message("10000 forged codes: %.2f s of CPU time\n",
	    after - before);
	assert_true(after - before < 60);
	assert_false(joins(&o, "LY-2026-000001", o.code, NOW + 1000));
	assert_true(joins(&o, "LY-2026-000001", o.code, NOW + 1000 + 3601));
	assert_false(joins(&o, "LY-2026-000001", code, NOW + 1000 + 3601));
	ok(w, store_commit(w->s, &w->err));
	office_close(&o);
}

static void
codes_are_random_and_readable(void **state)
{
	char a[QUERY_CODE_SIZE], b[QUERY_CODE_SIZE], hash[CODE_HASH_SIZE];
	struct err err;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		code_make(a);
		code_make(b);
		assert_string_not_equal(a, b);
		assert_int_equal(strlen(a), QUERY_CODE_SIZE - 1);
		assert_int_equal(
		    strspn(a, QUERY_ALPHABET "-"), strlen(a));
	}
	assert_int_equal(code_hash(a, hash, &err), 0);
	assert_true(code_is(hash, a));
	assert_false(code_is(hash, b));
	assert_false(code_is(NULL, a));
	assert_null(strstr(hash, a));
}

/* A backlog: so many an hour, one an address and day as configured, each with
 * a code of its own; what is over waits and is not looked at again and again. */
static void
a_backlog_is_acknowledged_in_time(void **state)
{
	struct world *w = *state;
	struct office o = office_open(w);
	int64_t next_s = 0, n = 0, now_s = NOW;
	double before;

	ok(w, store_begin(w->s, &w->err));
	for (int i = 1; i <= CLUES; i++) {
		char address[40];
		int64_t row = add_message(&o, i);
		const struct answer_record ack = {.kind = ANSWER_ACK,
		    .message = row, .clue = add_clue(&o, row), .at_s = NOW,
		    .next_s = NOW, .said = ""};

		(void)snprintf(address, sizeof(address),
		    i <= 10 ? "same@example.net" : "c%d@example.net", i);
		add_reporter(&o, row, address);
		ok(w, store_answer_add(w->s, &ack, &w->err));
	}
	ok(w, store_commit(w->s, &w->err));
	((struct conf *)o.conf)->citizens.acks_hour = 30;
	((struct conf *)o.conf)->citizens.acks_address_day = 2;
	((struct conf *)o.conf)->smtp.per_minute = 1000;
	before = cpu_s();
	for (int i = 0; i < 100; i++)
		ok(w, answer_step(&o.c, now_s, &next_s, &w->err));
	print_message("30 acknowledgements: %.2f s of CPU time\n",
	    cpu_s() - before);
	ok(w, store_letters_to_citizens(
		  w->s, "acknowledgement", "", 0, &n, &w->err));
	assert_int_equal(n, 30);
	assert_true(next_s > now_s);
	ok(w, store_letters_to_citizens(w->s, "acknowledgement",
		  "same@example.net", 0, &n, &w->err));
	assert_int_equal(n, 2);
	now_s += 3601;
	for (int i = 0; i < 100; i++)
		ok(w, answer_step(&o.c, now_s, &next_s, &w->err));
	ok(w, store_letters_to_citizens(
		  w->s, "acknowledgement", "", 0, &n, &w->err));
	assert_int_equal(n, CLUES - 8);
	ok(w, store_answer_next(w->s, &next_s, &w->err));
	assert_int_equal(next_s, 0);
	office_close(&o);
}

/* -- the breaker -------------------------------------------------------------- */

static void
send(struct office *o, const char *address, int64_t at_s)
{
	struct letter_record l = {.kind = "notice", .to_person = "",
	    .rcpt_to = address, .message_id = "", .state = LETTER_SENT,
	    .created_s = at_s, .next_try_s = at_s, .sent_s = at_s,
	    .result = ""};
	int64_t id;

	ok(o->w, store_begin(o->w->s, &o->w->err));
	ok(o->w, store_letter_add(o->w->s, &l, "x", 1, &id, &o->w->err));
	ok(o->w, store_commit(o->w->s, &o->w->err));
}

static int64_t
until(struct office *o, int64_t now_s)
{
	struct breaker b = {.room = 0};
	int64_t until_s = -1;

	ok(o->w, breaker_check(
		     &b, o->conf, o->w->s, 0, now_s, &until_s, &o->w->err));
	assert_int_equal(until_s == 0, b.room > 0);
	return until_s;
}

static void
full_hours_wait_and_full_days_stop(void **state)
{
	struct world *w = *state;
	struct office o = office_open(w);
	struct caps_conf *caps = &((struct conf *)o.conf)->caps;
	struct breaker_state st;

	caps->hour = 3;
	caps->day = 5;
	assert_int_equal(until(&o, NOW), 0);
	for (int i = 0; i < 3; i++)
		send(&o, "a@example.net", NOW + i);
	assert_int_equal(until(&o, NOW + 3), NOW + 3600);
	assert_int_equal(until(&o, NOW + 3599), NOW + 3600);
	/* A clock that was set back does not stop longer. */
	assert_int_equal(until(&o, NOW - 86400 * 30), 0);
	assert_int_equal(until(&o, NOW + 3601), 0);
	send(&o, "a@example.net", NOW + 3700);
	send(&o, "a@example.net", NOW + 3701);
	assert_true(until(&o, NOW + 3702) > NOW + 3702);
	assert_true(until(&o, NOW + 86400 * 3) > NOW + 86400 * 3);
	ok(w, breaker_read(w->s, w->a, &st, &w->err));
	assert_true(breaker_stops(&st, NOW + 86400 * 3));
	assert_int_equal(st.n, 5);
	ok(w, breaker_resume(w->s, NOW + 4000, &w->err));
	assert_int_equal(until(&o, NOW + 4001), 0);
	office_close(&o);
}

/* What the store said is not asked again before so many have left. */
static void
room_is_counted_down(void **state)
{
	struct world *w = *state;
	struct office o = office_open(w);
	struct caps_conf *caps = &((struct conf *)o.conf)->caps;
	struct letter_record l = {
	    .kind = "notice", .to_person = "", .rcpt_to = "a@example.net"};
	struct breaker b = {.room = 0};
	int64_t until_s = -1;

	caps->hour = 4;
	caps->day = 6;
	send(&o, "a@example.net", NOW - 5000);
	send(&o, "a@example.net", NOW);
	ok(w, breaker_check(
		  &b, o.conf, w->s, 0, NOW + 1, &until_s, &w->err));
	assert_int_equal(until_s, 0);
	assert_int_equal(b.room, 3);
	for (int i = 0; i < 3; i++) {
		breaker_left(&b, &l);
		send(&o, "a@example.net", NOW + 1);
	}
	assert_int_equal(b.room, 0);
	/* One of them may not have left after all: first it is answered. */
	ok(w, breaker_check(
		  &b, o.conf, w->s, 1, NOW + 2, &until_s, &w->err));
	assert_int_equal(until_s, 0);
	assert_int_equal(b.room, 0);
	ok(w, breaker_check(
		  &b, o.conf, w->s, 0, NOW + 2, &until_s, &w->err));
	assert_int_equal(until_s, NOW + 3600);
	/* The day was full but for one before somebody looked. */
	ok(w, breaker_resume(w->s, NOW + 2, &w->err));
	ok(w, breaker_check(
		  &b, o.conf, w->s, 0, NOW + 3, &until_s, &w->err));
	assert_int_equal(until_s, 0);
	assert_int_equal(b.room, 4);
	office_close(&o);
}

static void
an_address_is_counted_down_likewise(void **state)
{
	struct world *w = *state;
	struct office o = office_open(w);
	struct caps_conf *caps = &((struct conf *)o.conf)->caps;
	struct letter_record l = {
	    .kind = "notice", .to_person = "", .rcpt_to = "a@example.net"};
	struct letter_record other = {
	    .kind = "notice", .to_person = "", .rcpt_to = "b@example.net"};
	struct breaker b = {.room = 0};
	int64_t at_s = 0;

	caps->citizen_hour = 2;
	caps->citizen_day = 9;
	assert_int_equal(breaker_letter(&b, o.conf, w->s, &l, 0, NOW, &at_s,
			     &w->err), 0);
	assert_int_equal(at_s, NOW);
	breaker_left(&b, &l);
	l.rcpt_to = "A@example.NET";
	assert_true(breaker_has_room(&b, &l));
	assert_false(breaker_has_room(&b, &other));
	breaker_left(&b, &l);
	assert_false(breaker_has_room(&b, &l));
	assert_int_equal(breaker_letter(&b, o.conf, w->s, &l, 2, NOW, &at_s,
			     &w->err), 1);
	send(&o, "a@example.net", NOW);
	send(&o, "a@example.net", NOW);
	assert_int_equal(breaker_letter(&b, o.conf, w->s, &l, 0, NOW, &at_s,
			     &w->err), 0);
	assert_int_equal(at_s, NOW + 3600);
	/* More recipients than are remembered. */
	for (int i = 0; i < 100; i++) {
		other.rcpt_to = arena_printf(w->a, "%d@example.net", i);
		ok(w, breaker_letter(&b, o.conf, w->s, &other, 0, NOW, &at_s,
			  &w->err));
		assert_int_equal(at_s, NOW);
		assert_true(breaker_has_room(&b, &other));
	}
	breaker_forget(&b);
	assert_false(breaker_has_room(&b, &other));
	office_close(&o);
}

static void
one_address_cannot_take_all(void **state)
{
	struct world *w = *state;
	struct office o = office_open(w);
	struct caps_conf *caps = &((struct conf *)o.conf)->caps;
	struct letter_record l = {.kind = "ack-state", .to_person = "",
	    .rcpt_to = "A@Example.net"};
	struct breaker none = {.room = 0}, b = none;
	int64_t at_s;

	caps->citizen_hour = 2;
	caps->citizen_day = 3;
	caps->person_hour = caps->person_day = 100;
	send(&o, "a@example.net", NOW);
	send(&o, "b@example.net", NOW);
	b = none;
	ok(w, breaker_letter(&b, o.conf, w->s, &l, 0, NOW + 1, &at_s,
		  &w->err));
	assert_int_equal(at_s, NOW + 1);
	send(&o, "a@example.NET", NOW + 10);
	b = none;
	ok(w, breaker_letter(&b, o.conf, w->s, &l, 0, NOW + 11, &at_s,
		  &w->err));
	assert_int_equal(at_s, NOW + 3600);
	send(&o, "a@example.net", NOW + 4000);
	b = none;
	ok(w, breaker_letter(&b, o.conf, w->s, &l, 0, NOW + 9000, &at_s,
		  &w->err));
	assert_int_equal(at_s, NOW + 86400);
	l.to_person = "lu-wenbo";
	b = none;
	ok(w, breaker_letter(&b, o.conf, w->s, &l, 0, NOW + 9000, &at_s,
		  &w->err));
	assert_int_equal(at_s, NOW + 9000);
	l.kind = "alarm";
	caps->person_hour = 1;
	b = none;
	ok(w, breaker_letter(&b, o.conf, w->s, &l, 0, NOW + 4001, &at_s,
		  &w->err));
	assert_int_equal(at_s, NOW + 4001);
	office_close(&o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		ten_thousand_forged_codes, world_setup, world_teardown),
	    cmocka_unit_test(codes_are_random_and_readable),
	    cmocka_unit_test_setup_teardown(a_backlog_is_acknowledged_in_time,
		world_setup, world_teardown),
	    cmocka_unit_test_setup_teardown(full_hours_wait_and_full_days_stop,
		world_setup, world_teardown),
	    cmocka_unit_test_setup_teardown(
		room_is_counted_down, world_setup, world_teardown),
	    cmocka_unit_test_setup_teardown(
		an_address_is_counted_down_likewise, world_setup,
		world_teardown),
	    cmocka_unit_test_setup_teardown(
		one_address_cannot_take_all, world_setup, world_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
