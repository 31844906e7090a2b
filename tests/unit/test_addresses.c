/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "parse/addresses.h"
#include "parse/charset.h"
#include "parse/message.h"
#include "parse_mutate.h"

/* want: "name|addr" joined by commas. */
static const struct {
	const char *name;
	const char *raw;
	const char *want;
} cases[] = {
    {"bare", "a@example.com", "|a@example.com"},
    {"angle", "<a@example.com>", "|a@example.com"},
    {"name", "Zhang San <a@example.com>", "Zhang San|a@example.com"},
    {"quoted name", "\"Zhang, San\" <a@example.com>",
	"Zhang, San|a@example.com"},
    {"escaped quote", "\"a \\\"b\\\" c\" <a@example.com>",
	"a \"b\" c|a@example.com"},
    {"two", "a@example.com, B <b@example.com>",
	"|a@example.com,B|b@example.com"},
    {"semicolons", "a@example.com; b@example.com",
	"|a@example.com,|b@example.com"},
    {"domain in lower case", "A@Example.COM", "|A@example.com"},
    {"encoded name", "=?gb2312?B?1cXI/Q==?= <a@example.com>",
	"张三|a@example.com"},
    {"encoded name in quotes", "\"=?gb2312?B?1cXI/Q==?=\" <a@example.com>",
	"张三|a@example.com"},
    {"encoded name glued", "=?gb2312?B?1cXI/Q==?=<a@example.com>",
	"张三|a@example.com"},
    {"encoded name split in a character",
	"=?utf-8?B?5byg5A==?=\r\n =?utf-8?B?uIk=?= <a@example.com>",
	"张三|a@example.com"},
    {"comma in a Q word", "=?utf-8?Q?Zhang,_San?= <a@example.com>",
	"Zhang, San|a@example.com"},
    {"comma in a B word is no separator",
	"=?gb18030?B?zfXO5aOssOy5q8rS?= <a@example.com>",
	"王五，办公室|a@example.com"},
    {"empty address", "=?gbk?B?1cXI/Q==?= <>", "张三|"},
    {"nothing", "<>", ""},
    {"only commas", " , ;, ", ""},
    {"raw gbk", "\xd5\xc5\xc8\xfd <a@example.com>", "张三|a@example.com"},
    {"raw gbk in quotes", "\"\xd5\xc5\xc8\xfd\" <a@example.com>",
	"张三|a@example.com"},
    {"raw gbk with an @ and a backslash in it",
	"\"\x81\x40\x81\x5c\xd5\xc5\xc8\xfd\" <a@example.com>",
	"丂乗张三|a@example.com"},
    {"raw utf-8", "张三 <a@example.com>", "张三|a@example.com"},
    {"glued Chinese", "张三a@example.com", "张三|a@example.com"},
    {"name behind", "a@example.com 张三", "张三|a@example.com"},
    {"wide brackets", "张三＜a@example.com＞", "张三＜ ＞|a@example.com"},
    {"comment as name", "a@example.com (=?gbk?B?1cXI/Q==?=)",
	"张三|a@example.com"},
    {"nested comments", "a@example.com (x (y) z)", "x (y) z|a@example.com"},
    {"comment inside", "Zhang (the boss) San <a@example.com>",
	"Zhang San|a@example.com"},
    {"comment without end", "Zhang (x <a@example.com>",
	"Zhang (x|a@example.com"},
    {"group", "Team: a@example.com, B <b@example.com>;, c@example.com",
	"|a@example.com,B|b@example.com,|c@example.com"},
    {"empty group", "undisclosed-recipients:;", ""},
    {"missing bracket", "Zhang <a@example.com", "Zhang|a@example.com"},
    {"missing bracket in a list", "Zhang <a@example.com, b@example.com",
	"Zhang|a@example.com,|b@example.com"},
    {"missing quote", "\"Zhang <a@example.com>, b@example.com",
	"Zhang|a@example.com,|b@example.com"},
    {"missing quote before a quoted name",
	"\"Zhang <a@example.com>, \"Li\" <b@example.com>",
	"Zhang|a@example.com,Li|b@example.com"},
    {"doubled brackets", "Zhang <<a@example.com>>", "Zhang|a@example.com"},
    {"two brackets", "Zhang <x> <a@example.com>", "Zhang|a@example.com"},
    {"single quotes", "'Zhang' <'a@example.com'>", "Zhang|a@example.com"},
    {"mailto", "Zhang <mailto:a@example.com>", "Zhang|a@example.com"},
    {"bare mailto", "mailto:a@example.com", "|a@example.com"},
    {"blanks inside", "<a @ example . com>", "|a@example.com"},
    {"source route", "<@x.example,@y.example:a@example.com>", "|a@example.com"},
    {"quoted local part", "\"a b\"@example.com", "\"a b\"@example.com|"},
    {"quoted local part without blanks", "<\"a..b\"@example.com>",
	"|\"a..b\"@example.com"},
    {"address as name", "\"a@example.com\" <b@example.com>",
	"a@example.com|b@example.com"},
    {"no address", "root (Cron Daemon)", "root|"},
    {"brackets without address", "<root>", "root|"},
    {"two at signs", "Zhang <a@b@example.com>", "Zhang|"},
    {"no local part", "Zhang <@example.com>", "Zhang|"},
    {"no domain", "Zhang <a@>", "Zhang|"},
    {"line end in the name", "=?utf-8?Q?a=0D=0ABcc:_x?= <a@example.com>",
	"a Bcc: x|a@example.com"},
    {"control characters", "Zh\001ang <a\002@example.com>", "Zhang|"},
    {"folded", "Zhang\r\n San\r\n <a@example.com>", "Zhang San|a@example.com"},
    {"an encoded address is not believed",
	"=?utf-8?B?5byg5LiJIDxhQGV4YW1wbGUuY29tPg==?=",
	"张三 <a@example.com>|"},
    {"a Q word with an @ alone", "=?utf-8?Q?a@example.com?=", "a@example.com|"},
    {"SMTPUTF8", "张三 <张三@例子.example>", "张三|张三@例子.example"},
    {"several authors", "张三 <a@example.com>, 李四 <b@example.com>",
	"张三|a@example.com,李四|b@example.com"},
    {"domain literal", "<a@[192.0.2.1]>", "|a@[192.0.2.1]"},
    {"wrong words in the name", "=?utf-8?B?1cXI/Q==?= <a@example.com>",
	"张三|a@example.com"},
};
#define N_CASES (sizeof(cases) / sizeof(cases[0]))

static void
join(const struct mail_address *list, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n; i++)
		buf_addf(out, "%s%s|%s", i > 0 ? "," : "", list[i].name,
		    list[i].addr);
}

static void
test_cases(void **state)
{
	size_t n_wrong = 0;

	(void)state;
	for (size_t i = 0; i < N_CASES; i++) {
		ARENA_AUTO struct arena *arena = arena_new();
		BUF_AUTO struct buf got = BUF_INIT;
		struct mail_address list[8];
		struct charset_result r;
		size_t n = 0;

		assert_int_equal(
		    addresses_parse(cases[i].raw, strlen(cases[i].raw), NULL,
			arena, list, 8, &n, &r),
		    0);
		join(list, n, &got);
		if (strcmp(buf_str(&got), cases[i].want) == 0)
			continue;
		print_error("%s: \"%s\"\n", cases[i].name, buf_str(&got));
		n_wrong++;
	}
	assert_int_equal(n_wrong, 0);
}

/* To and Cc go into one list, which is never overrun. */
static void
test_limits(void **state)
{
	static const char raw[] = "a@example.com, b@example.com";
	ARENA_AUTO struct arena *arena = arena_new();
	BUF_AUTO struct buf longer = BUF_INIT;
	struct mail_address list[3];
	struct charset_result r;
	size_t n = 0;

	(void)state;
	for (int i = 0; i < 2; i++)
		assert_int_equal(addresses_parse(raw, sizeof(raw) - 1, NULL,
				     arena, list, 3, &n, &r),
		    0);
	assert_int_equal(n, 3);
	assert_string_equal(list[2].addr, "a@example.com");

	n = 0;
	for (int i = 0; i < 300; i++)
		buf_adds(&longer, "渣");
	buf_adds(&longer, " <");
	for (int i = 0; i < 300; i++)
		buf_adds(&longer, "a");
	buf_adds(&longer, "@example.com>");
	assert_int_equal(addresses_parse(longer.data, longer.len, NULL, arena,
			     list, 3, &n, &r),
	    0);
	assert_int_equal(n, 1);
	assert_int_equal(strlen(list[0].name), MAX_NAME_BYTES / 3 * 3);
	assert_string_equal(list[0].addr, "");
}

static void
test_linear(void **state)
{
	static const char *const pieces[] = {"\"", "\\\"", "(", "(\\", "<", ":",
	    "\"a", "=?a?Q?", "@", "\"a\" ", "a@b ", "<@", "((\"", ")("};

	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		ARENA_AUTO struct arena *arena = arena_new();
		BUF_AUTO struct buf raw = BUF_INIT;
		struct mail_address list[MAX_ADDRESSES];
		struct charset_result r;
		size_t n = 0;

		while (raw.len < 256 << 10)
			buf_adds(&raw, pieces[i]);
		assert_int_equal(addresses_parse(raw.data, raw.len, NULL, arena,
				     list, MAX_ADDRESSES, &n, &r),
		    0);
	}
}

static void
mutant(void *arg, const char *raw, size_t len)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct mail_address list[5];
	struct charset_result r;
	const char *p, *end;
	size_t n = 0;
	uint32_t cp;

	(void)arg;
	assert_int_equal(
	    addresses_parse(raw, len, NULL, arena, list, 5, &n, &r), 0);
	assert_true(n <= 5);
	for (size_t i = 0; i < n; i++) {
		p = list[i].name;
		end = p + strlen(p);
		assert_true(end - p <= MAX_NAME_BYTES &&
			    utf8_valid(p, (size_t)(end - p)));
		while (p < end) {
			p += utf8_next(p, end, &cp);
			assert_true(cp_printable(cp));
		}
		p = list[i].addr;
		assert_true(strlen(p) <= MAX_ADDRESS_BYTES);
		assert_null(strpbrk(p, " \r\n\t<>,;()"));
		assert_true(utf8_valid(p, strlen(p)));
		assert_true(*p != '\0' || list[i].name[0] != '\0');
	}
}

static void
test_mutants(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_CASES; i++)
		mutate(cases[i].raw, strlen(cases[i].raw), 500, mutant, NULL);
}

static int
setup(void **state)
{
	struct err err;

	(void)state;
	return charset_init(&err);
}

static int
teardown(void **state)
{
	(void)state;
	charset_done();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_linear),
	    cmocka_unit_test(test_mutants),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
