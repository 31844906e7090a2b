/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "parse/text.h"
#include "parse_mutate.h"

#define BYTES(s) s, sizeof(s) - 1

static const struct {
	const char *raw;
	size_t len;
	const char *want;
} tidies[] = {
    {BYTES("a\r\nb\rc\nd"), "a\nb\nc\nd"},
    {BYTES("a\r\r\nb"), "a\nb"},
    {BYTES("a\fb\vc\xc2\x85"
	   "d\xe2\x80\xa8"
	   "e"),
	"a\nb\nc\nd\ne"},
    {BYTES("a\tb"), "a\tb"},
    {BYTES("a\0b\001\002\003\004\033[1mc\177"), "ab[1mc"},
    {BYTES("a\xc2\xa0"
	   "b"),
	"a b"},
    {BYTES("\xef\xbb\xbf"
	   "a\xe2\x80\xae"
	   "b\xe2\x80\x8b"
	   "c\xc2\xad"),
	"abc"},
    {BYTES("\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9"),
	"\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9"},
    {BYTES("a\xff"
	   "b\xe6\xb8"),
	"a\xef\xbf\xbd"
	"b\xef\xbf\xbd\xef\xbf\xbd"},
    {BYTES("渣土　车"), "渣土　车"},
    {BYTES("x\xf3\xa0\x81\xa1y"), "xy"},
    {BYTES("\r"), "\n"},
    {BYTES(""), ""},
};

static void
test_tidy(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(tidies) / sizeof(tidies[0]); i++) {
		BUF_AUTO struct buf out = BUF_INIT;
		bool cut = false;

		assert_int_equal(
		    text_tidy(tidies[i].raw, tidies[i].len, 1000, &out, &cut),
		    0);
		assert_string_equal(buf_str(&out), tidies[i].want);
		assert_false(cut);
	}
}

static void
test_tidy_max(void **state)
{
	static const char text[] = "a渣\r\n土b\xe2\x80\xae";
	static const char want[] = "a渣\n土b";

	(void)state;
	for (size_t max = 0; max < sizeof(want) + 2; max++) {
		BUF_AUTO struct buf out = BUF_INIT;
		bool cut = false;

		assert_int_equal(
		    text_tidy(text, sizeof(text) - 1, max, &out, &cut), 0);
		assert_true(out.len <= max);
		assert_memory_equal(buf_str(&out), want, out.len);
		assert_true(utf8_valid(buf_str(&out), out.len));
		assert_int_equal(cut, max < sizeof(want) - 1);
	}
}

static void
test_unflow(void **state)
{
	static const struct {
		const char *text;
		bool delsp;
		const char *want;
	} table[] = {
	    {"one \ntwo\n", false, "one two\n"},
	    {"one\ntwo\n", false, "one\ntwo\n"},
	    {"渣土 \n车\n", true, "渣土车\n"},
	    {"渣土 \n车\n", false, "渣土车\n"},
	    {"one \n渣\n", false, "one 渣\n"},
	    {"one \ntwo\n", true, "onetwo\n"},
	    {"> a \n> b\n>> c \n>> d\ne \nf", false, "> a b\n>> c d\ne f\n"},
	    {"a \n> b\n", false, "a \n> b\n"},
	    {" >not a quote\n From x\n", false, " >not a quote\nFrom x\n"},
	    {"text \n-- \nname\n", false, "text \n-- \nname\n"},
	    {"text\n-- \nname\n", false, "text\n-- \nname\n"},
	    {"last ", false, "last "},
	    {"", false, ""},
	    {"\n\n", false, "\n\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		BUF_AUTO struct buf out = BUF_INIT;

		assert_int_equal(
		    text_unflow(table[i].text, strlen(table[i].text),
			table[i].delsp, &out),
		    0);
		assert_string_equal(buf_str(&out), table[i].want);
	}
}

static void
mutant(void *arg, const char *raw, size_t len)
{
	BUF_AUTO struct buf tidy = BUF_INIT;
	BUF_AUTO struct buf flat = BUF_INIT;

	(void)arg;
	assert_int_equal(text_tidy(raw, len, 1000, &tidy, NULL), 0);
	assert_true(utf8_valid(buf_str(&tidy), tidy.len));
	for (size_t i = 0; i < tidy.len; i++)
		assert_true((unsigned char)tidy.data[i] >= 0x20 ||
			    tidy.data[i] == '\n' || tidy.data[i] == '\t');
	assert_int_equal(
	    text_unflow(buf_str(&tidy), tidy.len, len % 2, &flat), 0);
	assert_true(utf8_valid(buf_str(&flat), flat.len));
}

static void
test_mutants(void **state)
{
	static const char text[] = "> a \n> b\n>> 渣 \n>> 土\ne \r\nf\n-- \nx ";

	(void)state;
	mutate(text, sizeof(text) - 1, 20000, mutant, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_tidy),
	    cmocka_unit_test(test_tidy_max),
	    cmocka_unit_test(test_unflow),
	    cmocka_unit_test(test_mutants),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
