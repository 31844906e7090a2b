/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "send/wire.h"

static const struct send_start start = {.host = "smtp.example.com",
    .port = 465,
    .tls = SEND_TLS_STARTTLS,
    .ca_file = "/etc/ssl/own.pem",
    .connect_to = "127.0.0.1:2465",
    .auth = SEND_AUTH_XOAUTH2,
    .user = "tips@example.com",
    .secret = "geheim-密码",
    .helo = "clued.example.com",
    .timeout_ms = 60000,
    .check = true};

static const struct send_letter letter = {
    UINT64_MAX - 1, "tips@example.com", "li@example.org", 7};

static const struct send_result result = {
    7, SEND_UNKNOWN, 554, "554 DT:SPM 请使用授权码登录", 900,
    1800000000};

/* Every frame through one shape, so that each is cut and flipped alike. */
enum which { START, LETTER, RESULT, N_FRAMES };

static void
put(enum which which, struct buf *b)
{
	if (which == START)
		send_put_start(b, &start);
	else if (which == LETTER)
		send_put_letter(b, &letter);
	else
		send_put_result(b, &result);
}

static void
check_start(const struct send_start *s)
{
	assert_true(s->port >= 1 && s->port <= 65535);
	assert_true((unsigned)s->tls <= SEND_TLS_NONE);
	assert_true((unsigned)s->auth <= SEND_AUTH_XOAUTH2);
	assert_true(s->timeout_ms > 0);
	assert_true(strlen(s->host) <= MAX_HOST_BYTES);
	assert_true(strlen(s->secret) <= MAX_SECRET_BYTES);
	assert_non_null(s->helo);
}

static void
check_result(const struct send_result *r)
{
	struct buf BUF_AUTO shown = BUF_INIT;

	assert_true((unsigned)r->outcome <= SEND_BACK);
	assert_in_range(r->code, 0, 999);
	assert_in_range(r->pause_s, 0, SEND_MAX_PAUSE_S);
	str_add_printable(&shown, r->what, strlen(r->what), false);
	assert_string_equal(buf_str(&shown), r->what);
}

/* Reads a frame; what is taken must keep its promises. */
static int
get(enum which which, const void *d, size_t len)
{
	struct arena ARENA_AUTO *a = arena_new();
	struct err err = {0};
	struct send_start s;
	struct send_letter l;
	struct send_result r;
	int rc;

	if (which == START) {
		rc = send_get_start(d, len, a, &s, &err);
		if (rc == 0)
			check_start(&s);
	} else if (which == LETTER) {
		rc = send_get_letter(d, len, a, &l, &err);
		if (rc == 0)
			assert_true(l.mail_from != NULL && l.rcpt_to != NULL);
	} else {
		rc = send_get_result(d, len, a, &r, &err);
		if (rc == 0)
			check_result(&r);
	}
	assert_int_equal(err.kind, rc == 0 ? ERR_NONE : ERR_INPUT);
	return rc;
}

static void
test_round_trip(void **state)
{
	struct arena ARENA_AUTO *a = arena_new();
	struct buf BUF_AUTO b = BUF_INIT;
	struct send_start s;
	struct send_letter l;
	struct send_result r;

	(void)state;
	put(START, &b);
	assert_int_equal(send_get_start(b.data, b.len, a, &s, NULL), 0);
	assert_string_equal(s.host, start.host);
	assert_int_equal(s.port, start.port);
	assert_int_equal(s.tls, start.tls);
	assert_string_equal(s.ca_file, start.ca_file);
	assert_string_equal(s.connect_to, start.connect_to);
	assert_int_equal(s.auth, start.auth);
	assert_string_equal(s.user, start.user);
	assert_string_equal(s.secret, start.secret);
	assert_string_equal(s.helo, start.helo);
	assert_int_equal(s.timeout_ms, start.timeout_ms);
	assert_true(s.check);
	buf_clear(&b);
	put(LETTER, &b);
	assert_int_equal(send_get_letter(b.data, b.len, a, &l, NULL), 0);
	assert_int_equal(l.letter, letter.letter);
	assert_string_equal(l.mail_from, letter.mail_from);
	assert_string_equal(l.rcpt_to, letter.rcpt_to);
	assert_int_equal(l.halts, letter.halts);
	buf_clear(&b);
	put(RESULT, &b);
	assert_int_equal(send_get_result(b.data, b.len, a, &r, NULL), 0);
	assert_int_equal(r.letter, result.letter);
	assert_int_equal(r.outcome, result.outcome);
	assert_int_equal(r.code, result.code);
	assert_string_equal(r.what, result.what);
	assert_int_equal(r.pause_s, result.pause_s);
	assert_int_equal(r.certificate_until_s, result.certificate_until_s);
}

static void
test_cut_at_every_length(void **state)
{
	(void)state;
	for (int which = START; which < N_FRAMES; which++) {
		struct buf BUF_AUTO b = BUF_INIT;
		char *copy;

		put((enum which)which, &b);
		for (size_t n = 0; n < b.len; n++) {
			/* Its own memory: one byte too far is seen. */
			copy = malloc(n + 1);
			assert_non_null(copy);
			memcpy(copy, b.data, n);
			assert_int_equal(get((enum which)which, copy, n), -1);
			free(copy);
		}
		buf_addc(&b, '\0');
		assert_int_equal(get((enum which)which, b.data, b.len), -1);
	}
}

static void
test_every_bit_flipped(void **state)
{
	size_t refused = 0;

	(void)state;
	for (int which = START; which < N_FRAMES; which++) {
		struct buf BUF_AUTO b = BUF_INIT;

		put((enum which)which, &b);
		for (size_t bit = 0; bit < 8 * b.len; bit++) {
			char mask = (char)(1U << bit % 8);

			b.data[bit / 8] = (char)(b.data[bit / 8] ^ mask);
			refused += get((enum which)which, b.data, b.len) < 0;
			b.data[bit / 8] = (char)(b.data[bit / 8] ^ mask);
		}
		assert_int_equal(get((enum which)which, b.data, b.len), 0);
	}
	assert_true(refused > 100);
}

static void
test_bounds(void **state)
{
	char longest[SEND_MAX_WHAT + 2];
	struct buf BUF_AUTO b = BUF_INIT;
	struct send_result r = result;
	struct send_start s = start;

	(void)state;
	memset(longest, 'x', sizeof(longest));
	longest[SEND_MAX_WHAT + 1] = '\0';
	r.what = longest;
	send_put_result(&b, &r);
	assert_int_equal(get(RESULT, b.data, b.len), -1);
	longest[SEND_MAX_WHAT] = '\0';
	buf_clear(&b);
	send_put_result(&b, &r);
	assert_int_equal(get(RESULT, b.data, b.len), 0);
	buf_clear(&b);
	r.what = NULL;
	send_put_result(&b, &r);
	assert_int_equal(get(RESULT, b.data, b.len), -1);
	buf_clear(&b);
	s.port = 0;
	send_put_start(&b, &s);
	assert_int_equal(get(START, b.data, b.len), -1);
}

/* What a server says goes to logs and terminals. */
static void
test_result_text_is_printable(void **state)
{
	struct arena ARENA_AUTO *a = arena_new();
	struct buf BUF_AUTO b = BUF_INIT;
	struct send_result r = result;

	(void)state;
	r.what = "550 \033[31mred\r\nstate=sent";
	send_put_result(&b, &r);
	assert_int_equal(send_get_result(b.data, b.len, a, &r, NULL), 0);
	assert_string_equal(r.what, "550 ?[31mred??state=sent");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_round_trip),
	    cmocka_unit_test(test_cut_at_every_length),
	    cmocka_unit_test(test_every_bit_flipped),
	    cmocka_unit_test(test_bounds),
	    cmocka_unit_test(test_result_text_is_printable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
