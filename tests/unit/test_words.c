/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "parse/charset.h"
#include "parse/words.h"
#include "parse_mutate.h"

#define GUESSED 1
#define LOST 2
#define FFFD "\xef\xbf\xbd"

static const struct {
	const char *name;
	const char *raw;
	const char *want;
	const char *charset;
	int flags;
} cases[] = {
    {"plain", "Monthly report", "Monthly report", "us-ascii", 0},
    {"empty", "", "", "us-ascii", 0},
    {"folded", " one\r\n two\r\n\tthree \r\n", "one two three", "us-ascii", 0},
    {"blanks inside stay", "a  b", "a  b", "us-ascii", 0},
    {"control characters go", "a\001b\033[31mc\177", "ab[31mc", "us-ascii", 0},
    {"B word", "=?gb2312?B?udjT2tT8zcG1xL7Zsag=?=", "关于渣土的举报", "gb18030",
	0},
    {"Q word", "=?GBK?Q?=C4=E3=BA=C3_=CA=C0=BD=E7?=", "你好 世界", "gb18030",
	0},
    {"Q word with blanks in it",
	"=?GBK?Q?=C4=E3=BA=C3 =CA=C0=BD=E7?=", "你好 世界", "gb18030", 0},
    {"Q word in small hex", "=?gbk?q?=c4=e3?=", "你", "gb18030", 0},
    {"Q word with a raw question mark",
	"=?gbk?Q?why?=C4=E3=BA=C3?=", "why?你好", "gb18030", 0},
    {"Q word with bad escapes",
	"=?utf-8?Q?100=25_=ZZ_=?=", "100% =ZZ =", "us-ascii", 0},
    {"character split over words, bytes",
	"=?utf-8?B?5YWz5LqO5rij5Zyf6A==?=\r\n "
	"=?utf-8?B?vablpJzpl7TlgL7lgJLnmoTkuL7miqU=?=",
	"关于渣土车夜间倾倒的举报", "utf-8", 0},
    {"gbk character split over words",
	"=?gb2312?B?vtmxqM4=?= =?GB2312?B?pbeovajJ6A==?=", "举报违法建设",
	"gb18030", 0},
    {"Q words split in a character",
	"=?utf-8?Q?=E6=B8?= =?utf-8?Q?=A3=E5=9C=9F?=", "渣土", "utf-8", 0},
    {"Q and B of one charset joined",
	"=?utf-8?Q?=E6=B8?= =?utf-8?B?o+Wcnw==?=", "渣土", "utf-8", 0},
    {"base64 text cut inside a quantum",
	"=?utf-8?B?5YWz5LqO5rij5?=\r\n "
	"=?utf-8?B?Zyf6L2m5aSc6Ze05YC+5YCS55qE5Li+5oql?=",
	"关于渣土车夜间倾倒的举报", "utf-8", 0},
    {"padding left out", "=?utf-8?B?5Lya6K6u5pS55pyfMQ?= =?utf-8?B?5Lya?=",
	"会议改期1会", "utf-8", 0},
    {"three characters split over words",
	"=?utf-8?B?5Lya6A==?= "
	"=?utf-8?B?rq7mlLnmnJ8=?=",
	"会议改期", "utf-8", 0},
    {"words of two charsets", "=?gbk?B?1cXI/Q==?= =?utf-8?B?5Lya?=", "张三会",
	"gb18030", 0},
    {"blank between word and text",
	"=?gbk?B?1cXI/Q==?= and =?gbk?B?wO4=?=", "张三 and 李", "gb18030", 0},
    {"glued words", "=?gbk?B?1cXI/Q==?==?gbk?B?wO4=?=", "张三李", "gb18030", 0},
    {"glued text", "Re:=?gbk?B?1cXI/Q==?=(2)", "Re:张三(2)", "gb18030", 0},
    {"inside quotes", "\"=?gbk?B?1cXI/Q==?=\"", "\"张三\"", "gb18030", 0},
    {"charset with language", "=?gb2312*zh-cn?B?1cXI/Q==?=", "张三", "gb18030",
	0},
    {"unknown charset", "=?x-unknown?B?1cXI/Q==?=", "张三", "gb18030", GUESSED},
    {"empty charset", "=??B?1cXI/Q==?=", "张三", "gb18030", GUESSED},
    {"declared gb2312, really utf-8",
	"=?gb2312?B?5Lya6K6u5pS55pyf?=", "会议改期", "utf-8", GUESSED},
    {"declared utf-8, really gbk", "=?utf-8?B?udjT2tT8zcG1xL7Zsag=?=",
	"关于渣土的举报", "gb18030", GUESSED},
    {"raw gbk",
	"\xb9\xd8\xd3\xda\xd4\xfc\xcd\xc1\xb5\xc4\xbe\xd9\xb1\xa8 10\xd4\xc2",
	"关于渣土的举报 10月", "gb18030", GUESSED},
    {"raw utf-8 is no guess", "关于渣土的举报", "关于渣土的举报", "utf-8", 0},
    {"raw gbk beside a gbk word",
	"\xd4\xfc\xcd\xc1 =?gbk?B?1cXI/Q==?=", "渣土 张三", "gb18030", GUESSED},
    {"raw big5 beside a big5 word",
	"\xb9\x48\xab\xd8 =?big5?B?pGo=?=", "違建 大", "big5-hkscs", GUESSED},
    {"raw utf-8 beside a gbk word", "渣土 =?gbk?B?1cXI/Q==?=", "渣土 张三",
	"utf-8", 0},
    {"a word in a decoded word is left alone",
	"=?utf-8?Q?=3D=3Fgbk=3FB=3F1cXI/Q=3D=3D=3F=3D?=", "=?gbk?B?1cXI/Q==?=",
	"us-ascii", 0},
    {"end mark cut off", "=?gb2312?B?udjT2tT8zcG1xL7Zsag=", "关于渣土的举报",
	"gb18030", 0},
    {"half an end mark", "=?gb2312?B?udjT2tT8zcG1xL7Zsag=?", "关于渣土的举报",
	"gb18030", 0},
    {"cut in the middle", "=?gb2312?B?udjT2tT8zcG1xL7Z", "关于渣土的举",
	"gb18030", 0},
    {"no end mark in front of text", "=?gbk?B?1cXI/Q== hello", "张三 hello",
	"gb18030", 0},
    {"no end mark in front of a word",
	"=?gbk?B?1cXI/Q==\r\n =?gbk?B?wO4=?=", "张三李", "gb18030", 0},
    {"word folded inside", "=?gbk?B?1cXI\r\n /Q==?=", "张三", "gb18030", 0},
    {"line end in a decoded word", "=?utf-8?B?YQpiDQpj?=", "a b c", "us-ascii",
	0},
    {"NUL in a decoded word", "=?utf-8?B?YQBi?=", "ab", "us-ascii", 0},
    {"direction override goes", "=?utf-8?B?YeKArmI=?=", "ab", "utf-8", 0},
    {"no word", "=?what? =?utf-8?X?abc?= 1=?2", "=?what? =?utf-8?X?abc?= 1=?2",
	"us-ascii", 0},
    {"URL-safe base64", "=?utf-8?B?5Lya6K6u5pS55pyf?= =?utf-8?B?77yf?=",
	"会议改期？", "utf-8", 0},
    {"iso-2022-jp words", "=?ISO-2022-JP?B?GyRCJUYlOSVIGyhC?=", "テスト",
	"iso-2022-jp", 0},
    {"utf-7 words are not joined",
	"=?utf-7?Q?+ZuVUSg?= =?utf-7?Q?+ZuVUSg-?=", "曥告曥告", "utf-7", 0},
    {"hz", "=?hz-gb-2312?Q?~{<:Ky2;S{~}?=", "己所不欲", "hz-gb-2312", 0},
    {"truncated character", "=?gb2312?B?udjT2tQ=?=", "关于" FFFD, "gb18030",
	LOST},
};
#define N_CASES (sizeof(cases) / sizeof(cases[0]))

static void
test_cases(void **state)
{
	size_t n_wrong = 0;

	(void)state;
	for (size_t i = 0; i < N_CASES; i++) {
		BUF_AUTO struct buf out = BUF_INIT;
		struct charset_result r;

		assert_int_equal(
		    words_decode(cases[i].raw, strlen(cases[i].raw), NULL, 1000,
			&out, &r),
		    0);
		if (strcmp(buf_str(&out), cases[i].want) == 0 &&
		    strcmp(r.charset, cases[i].charset) == 0 &&
		    r.guessed == ((cases[i].flags & GUESSED) != 0) &&
		    r.lost == ((cases[i].flags & LOST) != 0))
			continue;
		print_error("%s: \"%s\" as %s, guessed %d, lost %d\n",
		    cases[i].name, buf_str(&out), r.charset, r.guessed, r.lost);
		n_wrong++;
	}
	assert_int_equal(n_wrong, 0);
}

/* The body's charset decides what a short raw subject cannot. */
static void
test_hint(void **state)
{
	struct charset_hint hint = {"big5-hkscs", NULL};
	BUF_AUTO struct buf out = BUF_INIT;
	struct charset_result r;

	(void)state;
	assert_int_equal(
	    words_decode("\xb9\x48\xab\xd8", 4, &hint, 100, &out, &r), 0);
	assert_string_equal(buf_str(&out), "違建");
}

static void
test_max(void **state)
{
	static const char raw[] = "=?gb2312?B?udjT2tT8zcG1xL7Zsag=?= x";
	static const char want[] = "关于渣土的举报 x";

	(void)state;
	for (size_t max = 1; max < sizeof(want) + 2; max++) {
		BUF_AUTO struct buf out = BUF_INIT;
		struct charset_result r;

		buf_adds(&out, "<");
		assert_int_equal(
		    words_decode(raw, sizeof(raw) - 1, NULL, max, &out, &r), 0);
		assert_true(out.len <= max + 1);
		assert_true(utf8_valid(out.data, out.len));
		assert_memory_equal(out.data + 1, want, out.len - 1);
		assert_true(out.len + 4 > max || out.len == sizeof(want));
	}
}

/* 256 KB of openings must not cost their square. */
static void
test_linear(void **state)
{
	static const char *const pieces[] = {"=?", "=?a?Q?", "=?a?B?",
	    "=?a?B?=", "=?gbk?Q?=A1?= ", "=?gbk?B?wO4?= ", "=?a?Q?\xa1?=", "?=",
	    "="};

	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		BUF_AUTO struct buf raw = BUF_INIT;
		BUF_AUTO struct buf out = BUF_INIT;
		struct charset_result r;

		while (raw.len < 256 << 10)
			buf_adds(&raw, pieces[i]);
		assert_int_equal(
		    words_decode(raw.data, raw.len, NULL, 1000, &out, &r), 0);
	}
}

static void
mutant(void *arg, const char *raw, size_t len)
{
	BUF_AUTO struct buf out = BUF_INIT;
	struct charset_result r;
	uint32_t cp;
	const char *p, *end;

	(void)arg;
	assert_int_equal(words_decode(raw, len, NULL, 100, &out, &r), 0);
	assert_true(out.len <= 100);
	assert_true(utf8_valid(buf_str(&out), out.len));
	for (p = buf_str(&out), end = p + out.len; p < end;) {
		p += utf8_next(p, end, &cp);
		assert_true(cp_printable(cp));
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
	    cmocka_unit_test(test_hint),
	    cmocka_unit_test(test_max),
	    cmocka_unit_test(test_linear),
	    cmocka_unit_test(test_mutants),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
