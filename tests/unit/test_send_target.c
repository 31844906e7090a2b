/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <curl/curl.h>

#include "base/buf.h"
#include "base/err.h"
#include "send/target.h"
#include "send/wire.h"

static struct send_start
good(void)
{
	return (struct send_start){.host = "smtp.example.com", .port = 465,
	    .tls = SEND_TLS_IMPLICIT, .ca_file = "", .connect_to = "",
	    .auth = SEND_AUTH_PLAIN, .user = "tips@example.com",
	    .secret = "x", .helo = "clued.example.com", .timeout_ms = 1000};
}

static void
test_addresses(void **state)
{
	static const char *const fine[] = {"li@example.org", "a@b",
	    "li+x/y=z@example.org", "\"a\\\"b@c\"@example.org", "a@[127.0.0.1]"};
	static const char *const bad[] = {"", "li", "@example.org", "li@",
	    "li@example.org\r\nRCPT TO:<x@example.org>", "li@example.org ",
	    "a b@example.org", "<li@example.org>", "li@example.org>",
	    "li\t@example.org", "李@example.org", "li@例子.org", "li@a\x7f",
	    "\"a b\"@example.org"};
	char longest[256];

	(void)state;
	for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++)
		assert_true(target_address_ok(fine[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(target_address_ok(bad[i]));
	memset(longest, 'a', sizeof(longest));
	longest[100] = '@';
	longest[255] = '\0';
	assert_false(target_address_ok(longest));
	longest[254] = '\0';
	assert_true(target_address_ok(longest));
}

static void
test_lines(void **state)
{
	static const struct {
		const char *data;
		size_t len;
		bool ok;
	} rows[] = {{"a\r\n", 3, true}, {"a", 1, true}, {"\r\n", 2, true},
	    {"a\n", 2, false}, {"\n", 1, false}, {"a\r", 2, false},
	    {"a\rb\r\n", 5, false}, {"a\r\n\n.\r\n", 7, false},
	    {"a\0b\r\n", 5, false}, {"\xff\r\n.\r\n", 6, true}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(
		    target_lines_ok(rows[i].data, rows[i].len), rows[i].ok);
}

static void
test_plain_connections_stay_here(void **state)
{
	static const struct {
		const char *host, *connect_to;
		bool ok;
	} rows[] = {{"localhost", "", true}, {"127.0.0.1", "", true},
	    {"127.9.9.9", "", true}, {"::1", "", true}, {"[::1]", "", true},
	    {"smtp.example.com", "127.0.0.1:2525", true},
	    {"smtp.example.com", "[::1]:2525", true},
	    {"smtp.example.com", "", false}, {"10.0.0.1", "", false},
	    {"localhost.example.com", "", false},
	    {"127.0.0.1.example.com", "", false}, {"::ffff:10.0.0.1", "", false},
	    /* Where it goes counts, not how it is called. */
	    {"localhost", "10.0.0.1:25", false},
	    {"localhost", "[2001:db8::1]:25", false}};
	struct send_start s = good();
	struct err err;

	(void)state;
	s.tls = SEND_TLS_NONE;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		s.host = rows[i].host;
		s.connect_to = rows[i].connect_to;
		assert_int_equal(
		    target_check(&s, &err), rows[i].ok ? 0 : -1);
		if (rows[i].ok)
			continue;
		assert_int_equal(err.kind, ERR_CONF);
		assert_non_null(strstr(err.what, "starttls"));
	}
}

static void
refused(struct send_start s)
{
	struct err err = {0};

	assert_int_equal(target_check(&s, &err), -1);
	assert_int_equal(err.kind, ERR_CONF);
}

static void
test_refused_settings(void **state)
{
	static const char *const names[] = {
	    "", "a b", "a/b", "a@b", "a?b", "a#b", "a%0d", "a\r\nb", "主机"};
	static const char *const secrets[] = {"", "x\n", "x\r", "x\001y"};
	struct send_start s = good();

	(void)state;
	assert_int_equal(target_check(&s, NULL), 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		s = good();
		s.host = names[i];
		refused(s);
		s = good();
		s.helo = names[i];
		refused(s);
	}
	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++) {
		s = good();
		s.secret = secrets[i];
		refused(s);
		s = good();
		s.user = secrets[i];
		refused(s);
		s.auth = SEND_AUTH_NONE;
		assert_int_equal(target_check(&s, NULL), 0);
	}
}

static void
test_forms(void **state)
{
	struct buf BUF_AUTO url = BUF_INIT;
	struct curl_slist *list = NULL;
	struct send_start s = good();

	(void)state;
	target_url(&s, &url);
	assert_string_equal(
	    buf_str(&url), "smtps://smtp.example.com:465/clued.example.com");
	assert_int_equal(target_connect_to(&s, &list), 0);
	assert_null(list);
	assert_string_equal(
	    target_ca_file(&s), "/etc/ssl/certs/ca-certificates.crt");
	s.tls = SEND_TLS_STARTTLS;
	s.host = "::1";
	s.helo = "[127.0.0.1]";
	s.connect_to = "127.0.0.1:2465";
	s.ca_file = "own.pem";
	buf_clear(&url);
	target_url(&s, &url);
	assert_string_equal(buf_str(&url), "smtp://[::1]:465/[127.0.0.1]");
	assert_int_equal(target_connect_to(&s, &list), 0);
	assert_string_equal(list->data, "::127.0.0.1:2465");
	assert_string_equal(target_ca_file(&s), "own.pem");
	curl_slist_free_all(list);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_addresses),
	    cmocka_unit_test(test_lines),
	    cmocka_unit_test(test_plain_connections_stay_here),
	    cmocka_unit_test(test_refused_settings),
	    cmocka_unit_test(test_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
