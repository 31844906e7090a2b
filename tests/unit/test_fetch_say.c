/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "fetch/say.h"

static void
test_texts(void **state)
{
	static const struct { const char *raw, *secret, *shown; } cases[] = {
	    {"Login failed", "pw", "Login failed"},
	    {"登录失败", "pw", "登录失败"},
	    /* GBK, as QQ and others send it. */
	    {"\xb5\xc7\xc2\xbc\xcc\xab\xc6\xb5\xb7\xb1", "pw", "登录太频繁"},
	    {"Error: \xc7\xeb\xca\xb9\xd3\xc3\xca\xda\xc8\xa8\xc2\xeb", "pw",
		"Error: 请使用授权码"},
	    /* Neither. */
	    {"a\xff\xff", "pw", "a??"},
	    /* Cut inside a GBK character. */
	    {"\xb5\xc7\xc2", "pw", "登"},
	    {"\x1b[31mred\x07", "pw", "?[31mred?"},
	    {"LOGIN user pass bad", "pass",
		"(not shown: it repeats the password)"},
	    {"LOGIN user pw bad", "pw", "LOGIN user pw bad"},
	    {"", "pw", ""},
	    {"no secret", "", "no secret"},
	};
	struct say *say;
	char out[100];

	(void)state;
	assert_int_equal(say_new(&say, NULL), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)say_text(
		    say, cases[i].raw, cases[i].secret, out, sizeof(out));
		assert_string_equal(out, cases[i].shown);
	}
	say_free(&say);
	say_free(&say);
}

/* Whatever the bytes and the room: valid, printable, terminated. */
static void
test_any_bytes(void **state)
{
	struct say *say;
	char raw[64], out[48];
	uint32_t x = 1;

	(void)state;
	assert_int_equal(say_new(&say, NULL), 0);
	for (int round = 0; round < 20000; round++) {
		size_t size = 2 + (size_t)round % (sizeof(out) - 2);

		for (size_t i = 0; i < sizeof(raw) - 1; i++) {
			x = x * 1664525 + 1013904223;
			raw[i] = (char)((x >> 24) | 1);
		}
		raw[sizeof(raw) - 1] = '\0';
		memset(out, 'X', sizeof(out));
		(void)say_text(say, raw, "", out, size);
		assert_true(strnlen(out, size) < size);
		assert_true(utf8_valid(out, strlen(out)));
		assert_null(strchr(out, 0x1b));
	}
	say_free(&say);
}

static void
test_mentions(void **state)
{
	static const char *const words[] = {"unsafe login", "频繁", NULL};

	(void)state;
	assert_true(say_mentions("SELECT Unsafe Login.", words));
	assert_true(say_mentions("登录太频繁", words));
	assert_false(say_mentions("unsafe", words));
	assert_false(say_mentions("", words));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_texts),
	    cmocka_unit_test(test_any_bytes),
	    cmocka_unit_test(test_mentions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
