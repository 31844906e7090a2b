/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "letter/clean.h"

#define BAD "\xef\xbf\xbd"

static void
test_line(void **state)
{
	static const struct { const char *in, *out; } rows[] = {
	    {"", ""},
	    {"  a  b ", "a b"},
	    {"a\r\nBcc: x@example.com", "a Bcc: x@example.com"},
	    {"a\rb\nc\td\x0b" "e\x0c" "f", "a b c d e f"},
	    {"a\x01\x1f\x7f" "b", "a b"},
	    {"a\xc2\x85" "b\xe2\x80\xa8" "c\xe2\x80\xa9" "d", "a b c d"},
	    {"a\xc2\xa0" "b", "a b"},
	    {"\xe2\x80\xae" "abc\xe2\x81\xa6" "d\xe2\x80\x8f", "abcd"},
	    {"\xef\xbb\xbf" "a\xe2\x80\x8b" "b", "ab"},
	    {"a\xff" "b\xc3", "a" BAD "b" BAD},
	    {"\xed\xa0\x80", BAD BAD BAD},              /* a surrogate */
	    {"a\xef\xbf\xbe" "b", "a" BAD "b"},          /* U+FFFE */
	    {"a\xf3\xa0\x80\xa1" "b", "ab"},             /* a tag */
	    {"\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9", /* ZWJ stays */
	        "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9"},
	    {"渣土　车", "渣土　车"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		BUF_AUTO struct buf b = BUF_INIT;

		clean_line(&b, rows[i].in, 1000);
		assert_string_equal(buf_str(&b), rows[i].out);
	}
}

static void
test_line_cut(void **state)
{
	static const struct { const char *in; size_t max; const char *out; }
	rows[] = {
	    {"abcdef", 6, "abcdef"},
	    {"abcdefg", 6, "abc…"},
	    {"渣土运输", 12, "渣土运输"},
	    {"渣土运输车", 12, "渣土运…"},
	    {"渣土运输车", 11, "渣土…"},
	};
	char text[10001];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		BUF_AUTO struct buf b = BUF_INIT;

		buf_adds(&b, "kept ");
		clean_line(&b, rows[i].in, rows[i].max);
		assert_string_equal(buf_str(&b) + 5, rows[i].out);
	}
	memset(text, 'x', sizeof(text) - 1);
	text[10000] = '\0';
	for (size_t max = 0; max < 50; max++) {
		BUF_AUTO struct buf b = BUF_INIT;

		clean_line(&b, text, max);
		assert_true(b.len <= max || max < 4);
	}
}

static void
test_block(void **state)
{
	static const struct { const char *in, *out; } rows[] = {
	    {"", ""},
	    {"\r\n \r\n a\r\n\r\nb \t\r\n\r\n", " a\n\nb"},
	    {"a\rb\r\nc\nd\n\re", "a\nb\nc\nd\n\ne"},
	    {"a\xe2\x80\xa8" "b\xc2\x85" "c\x0c" "d", "a\nb\nc\nd"},
	    {"a\tb", "a\tb"},
	    {"a\x1b[31m", "a" BAD "[31m"},
	    {"a\xe2\x80\xae" "b", "ab"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		BUF_AUTO struct buf b = BUF_INIT;

		clean_block(&b, rows[i].in);
		assert_string_equal(buf_str(&b), rows[i].out);
	}
}

/* Every code point, alone between two letters, and every byte. */
static void
test_every_character(void **state)
{
	char s[8] = "a";
	size_t n;

	(void)state;
	for (uint32_t cp = 1; cp < 0x110000; cp++) {
		BUF_AUTO struct buf line = BUF_INIT;
		BUF_AUTO struct buf block = BUF_INIT;
		uint32_t got;

		n = utf8_put(cp, s + 1);
		s[1 + n] = 'b';
		s[2 + n] = '\0';
		clean_line(&line, s, 100);
		clean_block(&block, s);
		assert_true(utf8_valid(line.data, line.len));
		assert_true(utf8_valid(block.data, block.len));
		assert_null(strpbrk(buf_str(&line), "\r\n\t"));
		assert_null(strpbrk(buf_str(&block), "\r"));
		for (size_t i = 0; i < line.len; i += n) {
			n = utf8_next(
			    line.data + i, line.data + line.len, &got);
			assert_true(cp_printable(got));
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_line),
	    cmocka_unit_test(test_line_cut),
	    cmocka_unit_test(test_block),
	    cmocka_unit_test(test_every_character),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
