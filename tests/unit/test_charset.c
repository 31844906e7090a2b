/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "parse/charset.h"
#include "parse/charset_convert.h"
#include "parse/charset_more.h"
#include "parse/charset_single.h"
#include "parse_mutate.h"

#define BYTES(s) s, sizeof(s) - 1

enum { GUESSED = 1, LOST = 2 };

static const struct {
	const char *name;
	const char *raw;
	size_t len;
	const char *label;
	const char *nearby;
	const char *want;
	const char *charset;
	int flags;
} cases[] = {
    {"plain ascii", BYTES("hello"), "gb2312", NULL, "hello", "us-ascii", 0},
    {"plain ascii, no label", BYTES("hello"), NULL, NULL, "hello", "us-ascii",
	0},
    {"empty", BYTES(""), "utf-8", NULL, "", "us-ascii", 0},
    {"utf-8 as labelled",
	BYTES("\xe5\x8d\xa0\xe9\x81\x93\xe7\xbb\x8f\xe8\x90\xa5"), "utf-8",
	NULL, "占道经营", "utf-8", 0},
    {"utf-8, no label", BYTES("\xe6\xb8\xa3\xe5\x9c\x9f"), NULL, NULL, "渣土",
	"utf-8", GUESSED},
    {"declared gb2312, really utf-8",
	BYTES("\xe6\xb8\xa3\xe5\x9c\x9f\xe8\xbd\xa6\xe5\xa4\x9c\xe9\x97\xb4\xe5"
	      "\x80\xbe\xe5\x80\x92"),
	"gb2312", NULL, "渣土车夜间倾倒", "utf-8", GUESSED},
    {"declared gb2312 as the name beside, really big5",
	BYTES("\xbd\xd0\xac\x64\xb3\x42\xc0\xcb\xc1\x7c\xb4\xed"
	      "\xa4\x67\xa8\xae\xb1\x6a\xa6\xe6\xb6\xc9\xad\xcb"),
	"gb2312", "gb2312", "請查處檢舉渣土車強行傾倒", "big5-hkscs",
	GUESSED},
    {"declared big5, really utf-8", BYTES("\xe6\xb8\xa3\xe5\x9c\x9f"), "big5",
	NULL, "渣土", "utf-8", GUESSED},
    {"declared utf-8, really gbk",
	BYTES("\xb3\xc7\xb9\xdc\xb6\xd3\xb3\xa4\xca\xd5\xc7\xae"), "utf-8",
	NULL, "城管队长收钱", "gb18030", GUESSED},
    {"declared utf-8, really gbk, a name", BYTES("\xd5\xc5\xc8\xfd"), "UTF-8",
	NULL, "张三", "gb18030", GUESSED},
    {"declared utf-8, gbk that is valid utf-8", BYTES("\xc4\xa3\xca\xbd"),
	"utf-8", NULL, "模式", "gb18030", GUESSED},
    {"us-ascii with gbk",
	BYTES("\xbe\xd9\xb1\xa8\xce\xa5\xb7\xa8\xbd\xa8\xc9\xe8"), "us-ascii",
	NULL, "举报违法建设", "gb18030", GUESSED},
    {"us-ascii with utf-8", BYTES("\xe4\xb8\xbe\xe6\x8a\xa5"), "us-ascii", NULL,
	"举报", "utf-8", GUESSED},
    {"iso-8859-1 with gbk", BYTES("\xbe\xd9\xb1\xa8\xce\xa5\xbd\xa8"),
	"iso-8859-1", NULL, "举报违建", "gb18030", GUESSED},
    {"iso-8859-1 with accents", BYTES("M\xfcller, caf\xe9"), "ISO-8859-1", NULL,
	"Müller, café", "windows-1252", 0},
    {"iso-8859-1 is windows-1252", BYTES("\x93quoted\x94 \x80"), "iso-8859-1",
	NULL, "“quoted” €", "windows-1252", 0},
    {"us-ascii with accents",
	BYTES("Gr\xfc\xdf"
	      "e aus K\xf6ln"),
	"us-ascii", NULL, "Grüße aus Köln", "windows-1252", GUESSED},
    {"unknown label with gbk", BYTES("\xb6\xf1\xca\xc6\xc1\xa6"), "x-unknown",
	NULL, "恶势力", "gb18030", GUESSED},
    {"no label with gbk", BYTES("\xb1\xa3\xbb\xa4\xc9\xa1"), NULL, NULL,
	"保护伞", "gb18030", GUESSED},
    {"no label, one character", BYTES("\xcd\xb7"), NULL, NULL, "头", "gb18030",
	GUESSED},
    {"no label, gbk of two valid utf-8 characters", BYTES("\xc4\xa3\xca\xbd"),
	NULL, NULL, "模式", "gb18030", GUESSED},
    {"no label, utf-8 word with an accent", BYTES("caf\xc3\xa9"), NULL, NULL,
	"café", "utf-8", GUESSED},
    {"no label, cyrillic utf-8", BYTES("\xd0\xa1\xd0\xb1\xd0\xbe\xd0\xb9"),
	NULL, NULL, "Сбой", "utf-8", GUESSED},
    {"gb2312: beyond its set",
	BYTES("\xd6\xec\xe9"
	      "F\xbb\xf9"),
	"gb2312", NULL, "朱镕基", "gb18030", 0},
    {"gb2312: euro of gbk", BYTES("\xa2\xe3 5"), "gb2312", NULL, "€ 5",
	"gb18030", 0},
    {"gbk: euro of cp936", BYTES("100\x80"), "gbk", NULL, "100€", "gb18030", 0},
    {"gb2312: four bytes",
	BYTES("\x95"
	      "4\xb2"
	      "5\x81"
	      "9\xee"
	      "9"),
	"gb2312", NULL, "𠮷㐀", "gb18030", 0},
    {"gbk labels: quotes and blanks", BYTES("\xd4\xfc\xcd\xc1"), " \"GBK\" ",
	NULL, "渣土", "gb18030", 0},
    {"label with language", BYTES("\xd4\xfc\xcd\xc1"), "gb2312*zh-cn", NULL,
	"渣土", "gb18030", 0},
    {"x-gbk", BYTES("\xd4\xfc\xcd\xc1"), "x-gbk", NULL, "渣土", "gb18030", 0},
    {"gb_2312-80", BYTES("\xd4\xfc\xcd\xc1"), "GB_2312-80", NULL, "渣土",
	"gb18030", 0},
    {"gbk single yi under its label", BYTES("\xd2\xbb"), "gb2312", NULL, "一",
	"gb18030", 0},
    {"utf-8 accents under gb2312", BYTES("caf\xc3\xa9 M\xc3\xbcller"), "gb2312",
	NULL, "café Müller", "utf-8", GUESSED},
    {"hz", BYTES("~{<:Ky2;~} ~~ok"), "hz-gb-2312", NULL, "己所不 ~ok",
	"hz-gb-2312", 0},
    {"hz: line continuation and lost end", BYTES("~{<:Ky~}~\nx~{2;\ny"),
	"hz-gb-2312", NULL, "己所x不\ny", "hz-gb-2312", 0},
    {"hz without label", BYTES("see ~{<:Ky2;S{~} end"), NULL, NULL,
	"see 己所不欲 end", "hz-gb-2312", GUESSED},
    {"no hz: a path", BYTES("~{a}~/x"), NULL, NULL, "~{a}~/x", "us-ascii", 0},
    {"utf-7", BYTES("+ZuVUSg-"), "unicode-1-1-utf-7", NULL, "曥告", "utf-7", 0},
    {"big5", BYTES("\xb9H\xb3\xb9\xab\xd8\xbfv"), "big5", NULL, "違章建築",
	"big5-hkscs", 0},
    {"big5: euro of cp950", BYTES("\xa3\xe1\xa4@"), "big5", NULL, "€一",
	"big5-hkscs", 0},
    {"big5-hkscs character", BYTES("\x9d\xef"), "big5", NULL, "嘅",
	"big5-hkscs", 0},
    {"no label with big5",
	BYTES("\xb9H\xb3\xb9\xab\xd8\xbfv\xbbP\xc0\xf4\xb9\xd2\xbd\xc3\xa5\xcd"
	      "\xaa\xba\xb0\xdd\xc3"
	      "D"),
	NULL, NULL, "違章建築與環境衛生的問題", "big5-hkscs", GUESSED},
    {"declared gb2312, really big5",
	BYTES("\xb9H\xb3\xb9\xab\xd8\xbfv\xbbP\xc0\xf4\xb9\xd2\xbd\xc3\xa5\xcd"
	      "\xaa\xba\xb0\xdd\xc3"
	      "D"),
	"gb2312", NULL, "違章建築與環境衛生的問題", "big5-hkscs", GUESSED},
    {"declared big5, really gbk",
	BYTES("\xb9\xd8\xd3\xda\xd4\xfc\xcd\xc1\xd4\xcb\xca\xe4\xb3\xb5\xc1\xbe"
	      "\xb5\xc4\xbe\xd9\xb1\xa8"),
	"big5", NULL, "关于渣土运输车辆的举报", "gb18030", GUESSED},
    {"neighbour big5", BYTES("\xb9H\xab\xd8"), NULL, "big5-hkscs", "違建",
	"big5-hkscs", GUESSED},
    {"neighbour utf-8 says nothing", BYTES("\xce\xa5\xbd\xa8"), NULL, "utf-8",
	"违建", "gb18030", GUESSED},
    {"ks_c_5601-1987",
	BYTES("\xbe\xc8\xb3\xe7\xc7\xcf\xbc\xbc\xbf\xe4 \x8c"
	      "c\xb9\xe6"),
	"ks_c_5601-1987", NULL, "안녕하세요 똠방", "cp949", 0},
    {"shift_jis with cp932",
	BYTES("\x87@\x83"
	      "e\x83X\x83g"),
	"shift_jis", NULL, "①テスト", "windows-31j", 0},
    {"euc-jp",
	BYTES(
	    "\xc6\xee\xa5\xa2\xa5\xd5\xa5\xea\xa5\xab\xb6\xa6\xcf\xc2\xb9\xf1"),
	"euc-jp", NULL, "南アフリカ共和国", "euc-jp", 0},
    {"iso-2022-jp", BYTES("\x1b$B%F%9%H\x1b(B ok"), "iso-2022-jp", NULL,
	"テスト ok", "iso-2022-jp", 0},
    {"iso-2022-jp without label", BYTES("\x1b$B%F%9%H\x1b(B ok"), NULL, NULL,
	"テスト ok", "iso-2022-jp", GUESSED},
    {"iso-2022-cn", BYTES("\x1b$)A\x0e=;;;\x0f."), "iso-2022-cn", NULL, "交换.",
	"iso-2022-cn", 0},
    {"iso-2022-kr", BYTES("\x1b$)C\x0e>H3g\x0f."), "iso-2022-kr", NULL, "안녕.",
	"iso-2022-kr", 0},
    {"iso-2022-jp label, really utf-8", BYTES("\xe6\xb5\x8b\xe8\xaf\x95"),
	"iso-2022-jp", NULL, "测试", "utf-8", GUESSED},
    {"windows-1251", BYTES("\xcf\xf0\xe8\xe2\xe5\xf2, \xec\xe8\xf0"),
	"windows-1251", NULL, "Привет, мир", "windows-1251", 0},
    {"koi8-r", BYTES("\xf0\xd2\xc9\xd7\xc5\xd4"), "koi8-r", NULL, "Привет",
	"koi8-r", 0},
    {"iso-8859-8-i", BYTES("\xf9\xec\xe5\xed"), "iso-8859-8-i", NULL, "שלום",
	"iso-8859-8", 0},
    {"utf-8 mark", BYTES("\xef\xbb\xbf\xe6\xb8\xa3\xe5\x9c\x9f"), "gb2312",
	NULL, "渣土", "utf-8", GUESSED},
    {"utf-8 mark in front of gbk",
	BYTES("\xef\xbb\xbf\xb9\xd8\xd3\xda\xd4\xfc\xcd\xc1\xd4\xcb\xca\xe4"),
	NULL, NULL, "关于渣土运输", "gb18030", GUESSED},
    {"utf-16le mark", BYTES("\xff\xfe#n\x1fWa\x00"), "utf-16", NULL, "渣土a",
	"utf-16le", 0},
    {"utf-16be mark, no label", BYTES("\xfe\xffn#W\x1f\x00\n"), NULL, NULL,
	"渣土\n", "utf-16be", 0},
    {"utf-16 without mark", BYTES("#n\x1fWf\x8f\x1cY\xf4\x95"), "utf-16", NULL,
	"渣土车夜间", "utf-16le", 0},
    {"utf-16be as labelled", BYTES("\xd8=\xde\x00n#W\x1f"), "utf-16be", NULL,
	"😀渣土", "utf-16be", 0},
    {"utf-16 label over ascii", BYTES("Subject here"), "utf-16", NULL,
	"Subject here", "us-ascii", 0},
    {"utf-16 label over utf-8",
	BYTES("\xe6\xb8\xa3\xe5\x9c\x9f\xe5\x80\xbe\xe5\x80\x92"), "utf-16",
	NULL, "渣土倾倒", "utf-8", GUESSED},
    {"utf-16 without label",
	BYTES("r\x00"
	      "e\x00p\x00o\x00r\x00t\x00:\x00 \x00"
	      "a\x00 \x00"
	      "c\x00"
	      "a\x00r\x00\n\x00"),
	NULL, NULL, "report: a car\n", "utf-16le", GUESSED},
    {"utf-32be mark", BYTES("\x00\x00\xfe\xff\x00\x00n#\x00\x00W\x1f"), NULL,
	NULL, "渣土", "utf-32be", 0},
    {"gb18030 mark",
	BYTES("\x84"
	      "1\x95"
	      "3\xd4\xfc\xcd\xc1"),
	NULL, NULL, "渣土", "gb18030", 0},
    {"damaged characters are no mark",
	BYTES(
	    "\xff\xfe\xcd\xdf\xca\xb2\xb9\xb2\xba\xcd\xb9\xfa\xb3\xc9\xc1\xa2"),
	"gb2312", NULL, "�瓦什共和国成立", "gb18030", LOST},
    {"utf-8, a byte spoilt",
	BYTES("\xe5\xa4\x9c\xe9\xff\x8c\xe6\x9c\x89\xe4\xba\xba\xe5\x81\xb7\xe5"
	      "\x80\x92\xe6\xb8\xa3\xe5\x9c\x9f"),
	"utf-8", NULL, "夜�有人偷倒渣土", "utf-8", LOST},
    {"utf-8 labelled gb2312, a byte spoilt",
	BYTES("\xe5\xa4\x9c\xe9\xff\x8c\xe6\x9c\x89\xe4\xba\xba\xe5\x81\xb7\xe5"
	      "\x80\x92\xe6\xb8\xa3\xe5\x9c\x9f"),
	"gb2312", NULL, "夜�有人偷倒渣土", "utf-8", GUESSED | LOST},
    {"utf-8 without label, a byte lost",
	BYTES("\xe5\xa4\x9c\xe9\x87\x8c\xe6\x89\xe4\xba\xba\xe5\x81\xb7\xe5\x80"
	      "\x92\xe6\xb8\xa3\xe5\x9c\x9f"),
	NULL, NULL, "夜里�人偷倒渣土", "utf-8", GUESSED | LOST},
    {"utf-8, a byte came between",
	BYTES("\xe5\xa4\x9c\xe9\x87\x8c\xe6\x9c\xc0\x89\xe4\xba\xba\xe5\x81\xb7"
	      "\xe5\x80\x92\xe6\xb8\xa3\xe5\x9c\x9f"),
	"utf-8", NULL, "夜里�人偷倒渣土", "utf-8", LOST},
    {"utf-8 cut at its end",
	BYTES("\xe5\xa4\x9c\xe9\x87\x8c\xe6\x9c\x89\xe4\xba\xba\xe5\x81\xb7\xe5"
	      "\x80\x92\xe6\xb8\xa3\xe5\x9c"),
	"utf-8", NULL, "夜里有人偷倒渣�", "utf-8", LOST},
    {"one ruined character as labelled", BYTES("\xe4\xff\xa0"), "utf-8", NULL,
	"�", "utf-8", LOST},
    {"gbk, a lead spoilt",
	BYTES(
	    "\xd2\xb9\xc0\xef\xff\xd0\xc8\xcb\xcd\xb5\xb5\xb9\xd4\xfc\xcd\xc1"),
	"gb2312", NULL, "夜里�人偷倒渣土", "gb18030", LOST},
    {"gbk, a trail spoilt",
	BYTES(
	    "\xd2\xb9\xc0\xef\xd3\xff\xc8\xcb\xcd\xb5\xb5\xb9\xd4\xfc\xcd\xc1"),
	"gb2312", NULL, "夜里�人偷倒渣土", "gb18030", LOST},
    {"gbk without label, a lead spoilt",
	BYTES(
	    "\xd2\xb9\xc0\xef\xff\xd0\xc8\xcb\xcd\xb5\xb5\xb9\xd4\xfc\xcd\xc1"),
	NULL, NULL, "夜里�人偷倒渣土", "gb18030", GUESSED | LOST},
    {"gbk under utf-8, a trail spoilt",
	BYTES(
	    "\xd2\xb9\xc0\xef\xd3\xff\xc8\xcb\xcd\xb5\xb5\xb9\xd4\xfc\xcd\xc1"),
	"utf-8", NULL, "夜里�人偷倒渣土", "gb18030", GUESSED | LOST},
    {"gbk, a byte came between",
	BYTES("\xd2\xb9\xc0\xef\xff\xd3\xd0\xc8\xcb\xcd\xb5\xb5\xb9\xd4\xfc\xcd"
	      "\xc1"),
	"gbk", NULL, "夜里�有人偷倒渣土", "gb18030", LOST},
    {"gbk cut at its end",
	BYTES("\xd2\xb9\xc0\xef\xd3\xd0\xc8\xcb\xcd\xb5\xb5\xb9\xd4\xfc\xcd"),
	"gbk", NULL, "夜里有人偷倒渣�", "gb18030", LOST},
    {"gbk, ascii in place of a trail", BYTES("\xd4\xda 5"), "gbk", NULL, "在 5",
	"gb18030", 0},
    {"gbk, lead before a blank", BYTES("\xd4\xda\xc4 5"), "gbk", NULL, "在� 5",
	"gb18030", LOST},
    {"cesu-8 emoji", BYTES("ok\xed\xa0\xbd\xed\xb8\x80"), "utf-8", NULL, "ok😀",
	"utf-8", 0},
    {"overlong forms",
	BYTES("a\xc0\xaf"
	      "b\xe6\xb8\xa3\xe5\x9c\x9f"),
	"utf-8", NULL, "a�b渣土", "utf-8", LOST},
    {"NUL goes away",
	BYTES("a\x00"
	      "b\x00"
	      "c"),
	NULL, NULL, "abc", "us-ascii", 0},
    {"control characters stay",
	BYTES("a\x1b"
	      "b"),
	"us-ascii", NULL, "a\033b", "us-ascii", 0},
};
#define N_CASES (sizeof(cases) / sizeof(cases[0]))

static void
check_cases(void)
{
	size_t n_wrong = 0;

	for (size_t i = 0; i < N_CASES; i++) {
		BUF_AUTO struct buf out = BUF_INIT;
		struct charset_hint hint = {cases[i].nearby, NULL};
		struct charset_result r;

		assert_int_equal(charset_decode(cases[i].raw, cases[i].len,
				     cases[i].label, &hint, &out, &r),
		    0);
		if (strcmp(buf_str(&out), cases[i].want) != 0 ||
		    strcmp(r.charset, cases[i].charset) != 0 ||
		    r.guessed != ((cases[i].flags & GUESSED) != 0) ||
		    r.lost != ((cases[i].flags & LOST) != 0) || r.cut)
			print_error("%s: \"%s\" as %s, guessed %d, lost %d\n",
			    cases[i].name, buf_str(&out), r.charset, r.guessed,
			    r.lost),
			    n_wrong++;
	}
	assert_int_equal(n_wrong, 0);
}

static void
test_cases(void **state)
{
	(void)state;
	check_cases();
}

/* After charset_init() no file is opened: the sandbox would kill for it. */
static void
test_without_files(void **state)
{
	struct rlimit before, none;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	check_cases();
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
}

static void
test_names(void **state)
{
	static const struct {
		const char *label, *want;
	} names[] = {
	    {"GB2312", "gb18030"},
	    {"gbk", "gb18030"},
	    {"cp936", "gb18030"},
	    {"X-GBK", "gb18030"},
	    {"cn-gb", "gb18030"},
	    {"gb_2312-80", "gb18030"},
	    {"EUC-CN", "gb18030"},
	    {"\"gb2312\"", "gb18030"},
	    {" 'GB18030' ", "gb18030"},
	    {"gb2312;", "gb18030"},
	    {"utf8", "utf-8"},
	    {"UTF-8*en", "utf-8"},
	    {"big5", "big5-hkscs"},
	    {"KS_C_5601-1987", "cp949"},
	    {"euc-kr", "cp949"},
	    {"Shift_JIS", "windows-31j"},
	    {"hz-gb-2312", "hz-gb-2312"},
	    {"unicode-1-1-utf-7", "utf-7"},
	    {"iso-8859-1", "windows-1252"},
	    {"latin1", "windows-1252"},
	    {"ISO-8859-15", "iso-8859-15"},
	    {"us-ascii", "us-ascii"},
	    {"UTF-8//TRANSLIT", NULL},
	    {"../../x", NULL},
	    {"", NULL},
	    {"*", NULL},
	    {"\xe4\xb8\xad", NULL},
	    {"x-user-defined", NULL},
	    {"utf-8utf-8utf-8utf-8utf-8utf-8utf-8utf-8utf-8utf-8", NULL},
	};
	const char *got;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		got = charset_canonical(names[i].label, strlen(names[i].label));
		if (names[i].want == NULL)
			assert_null(got);
		else
			assert_string_equal(got, names[i].want);
	}
}

/* Every name given out is understood again, so it can be a hint or be stored;
 * CP950 is only the second opinion on Big5. */
static void
test_names_round(void **state)
{
	(void)state;
	for (int id = 0; id < CS_COUNT; id++) {
		const char *name = charset_get((enum charset_id)id)->name;

		if (id != CS_CP950)
			assert_string_equal(
			    charset_canonical(name, strlen(name)), name);
	}
}

/* The rest of glibc: each name is its own charset's, all of them open, and their
 * other names are understood. */
static void
test_names_of_the_rest(void **state)
{
	static const char *const others[][2] = {{"CP037", "ibm037"},
	    {"csIBM500", "ibm500"}, {"ARMSCII8", "armscii-8"},
	    {"EBCDIC-CP-IT", "ibm280"}, {"L4-unknown", NULL},
	    {"csISOLatin1", "windows-1252"}};
	size_t n_open = 0;

	(void)state;
	for (size_t i = 0; i < charset_more_count(); i++) {
		const char *name = charset_more_get(i)->name;
		const char *got = charset_canonical(name, strlen(name));

		n_open += got != NULL;
		if (got != NULL)
			assert_string_equal(got, name);
	}
	assert_true(n_open > 150);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		const char *got =
		    charset_canonical(others[i][0], strlen(others[i][0]));

		if (others[i][1] == NULL)
			assert_null(got);
		else
			assert_string_equal(got, others[i][1]);
	}
}

/* A reply in GBK over a quote in UTF-8, in either order and under any label. */
static void
test_lines_of_two_charsets(void **state)
{
	static const char gb[] = "\xce\xd2\xd2\xaa\xbe\xd9\xb1\xa8";
	static const char *const labels[] = {
	    "utf-8", "gb2312", "us-ascii", NULL};

	(void)state;
	for (size_t i = 0; i < 8; i++) {
		BUF_AUTO struct buf raw = BUF_INIT;
		BUF_AUTO struct buf out = BUF_INIT;
		struct charset_result r;

		buf_addf(&raw, "%s\nplain\n%s\n",
		    i % 2 == 0 ? gb : "建设路工地", i % 2 == 0 ? "建设路工地" : gb);
		assert_int_equal(charset_decode(raw.data, raw.len,
				     labels[i / 2], NULL, &out, &r),
		    0);
		assert_string_equal(buf_str(&out), i % 2 == 0
			? "我要举报\nplain\n建设路工地\n"
			: "建设路工地\nplain\n我要举报\n");
		assert_true(r.guessed);
		assert_false(r.lost);
	}
}

/* A text cut anywhere keeps all but its last character. */
static void
test_every_length(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_CASES; i++)
		for (size_t n = 0; n <= cases[i].len; n++) {
			BUF_AUTO struct buf out = BUF_INIT;
			struct charset_result r;

			assert_int_equal(charset_decode(cases[i].raw, n,
					     cases[i].label, NULL, &out, &r),
			    0);
			assert_true(utf8_valid(buf_str(&out), out.len));
		}
}

static const char utf8_text[] =
    "夜里有人在老街偷倒渣土，城管队员来了也不管，请查一查。";
static const char gbk_text[] =
    "\xd2\xb9\xc0\xef\xd3\xd0\xc8\xcb\xd4\xda\xc0\xcf\xbd\xd6\xcd\xb5\xb5\xb9"
    "\xd4\xfc\xcd\xc1\xa3\xac\xb3\xc7\xb9\xdc\xb6\xd3\xd4\xb1\xc0\xb4\xc1\xcb"
    "\xd2\xb2\xb2\xbb\xb9\xdc\xa3\xac\xc7\xeb\xb2\xe9\xd2\xbb\xb2\xe9\xa1\xa3";

static size_t
count_replacements(const char *s)
{
	size_t n = 0;

	while ((s = strstr(s, "\xef\xbf\xbd")) != NULL) {
		n++;
		s += 3;
	}
	return n;
}

/* Spoils byte `at`, decodes, and wants one U+FFFD and the two ends whole. */
static void
check_spoilt(
    const char *text, size_t len, size_t at, const char *label, size_t unit)
{
	BUF_AUTO struct buf out = BUF_INIT;
	struct charset_result r;
	char raw[256];
	size_t character = at / unit, n_left = character * 3;
	size_t n_right = sizeof(utf8_text) - 1 - n_left - 3;

	memcpy(raw, text, len);
	raw[at] = (char)0xff;
	assert_int_equal(charset_decode(raw, len, label, NULL, &out, &r), 0);
	if (out.len != sizeof(utf8_text) - 1 || !r.lost ||
	    count_replacements(buf_str(&out)) != 1 ||
	    memcmp(out.data, utf8_text, n_left) != 0 ||
	    memcmp(out.data + out.len - n_right,
		utf8_text + sizeof(utf8_text) - 1 - n_right, n_right) != 0)
		fail_msg("byte %zu under %s: %s", at, label ? label : "none",
		    buf_str(&out));
}

static void
test_one_bad_byte(void **state)
{
	static const char *const labels[] = {NULL, "utf-8", "gb2312"};

	(void)state;
	for (size_t l = 0; l < 3; l++) {
		for (size_t at = 0; at < sizeof(utf8_text) - 1; at++)
			check_spoilt(
			    utf8_text, sizeof(utf8_text) - 1, at, labels[l], 3);
		for (size_t at = 0; at < sizeof(gbk_text) - 1; at++)
			check_spoilt(
			    gbk_text, sizeof(gbk_text) - 1, at, labels[l], 2);
	}
}

/* A byte lost from GBK turns no more than a few characters around it. */
static void
test_one_lost_byte(void **state)
{
	char raw[256];
	size_t len = sizeof(gbk_text) - 2;

	(void)state;
	for (size_t at = 0; at < sizeof(gbk_text) - 1; at++) {
		BUF_AUTO struct buf out = BUF_INIT;
		struct charset_result r;
		size_t head = 0, tail = 0, n;

		memcpy(raw, gbk_text, at);
		memcpy(raw + at, gbk_text + at + 1, len - at);
		assert_int_equal(
		    charset_decode(raw, len, "gb2312", NULL, &out, &r), 0);
		n = out.len;
		while (head < n && out.data[head] == utf8_text[head])
			head++;
		while (head + tail < n &&
		       out.data[n - 1 - tail] ==
			   utf8_text[sizeof(utf8_text) - 2 - tail])
			tail++;
		assert_string_equal(r.charset, "gb18030");
		if (head + tail + 7 * 3 < sizeof(utf8_text) - 1)
			fail_msg("byte %zu: %s", at, buf_str(&out));
	}
}

static void
test_cap(void **state)
{
	static const char *const labels[] = {"utf-8", "gb2312"};
	static const char *const raws[] = {utf8_text, gbk_text};

	(void)state;
	for (size_t cap = 1; cap < sizeof(utf8_text) + 3; cap++)
		for (size_t i = 0; i < 2; i++) {
			struct charset_result r;
			struct buf out;

			buf_init(&out, cap);
			assert_int_equal(
			    charset_decode(raws[i], strlen(raws[i]), labels[i],
				NULL, &out, &r),
			    0);
			assert_int_equal(r.cut, cap < sizeof(utf8_text) - 1);
			assert_int_equal(out.len,
			    utf8_cut(utf8_text, sizeof(utf8_text) - 1, cap));
			assert_memory_equal(buf_str(&out), utf8_text, out.len);
			buf_done(&out);
		}
}

/* The text is appended, and what stood there stays. */
static void
test_appends(void **state)
{
	BUF_AUTO struct buf out = BUF_INIT;
	struct charset_result r;

	(void)state;
	buf_adds(&out, "x");
	assert_int_equal(
	    charset_decode(gbk_text, 4, "big5", NULL, &out, &r), 0);
	assert_int_equal(out.data[0], 'x');
	assert_true(utf8_valid(out.data, out.len));
}

static void
test_fallback(void **state)
{
	static const char raw[] = "\xe7\xe8"; /* no pair of GB 2312 level 1 */
	struct charset_hint hint = {NULL, "windows-1251"};
	BUF_AUTO struct buf out = BUF_INIT;
	struct charset_result r;

	(void)state;
	assert_int_equal(
	    charset_decode(raw, sizeof(raw) - 1, NULL, &hint, &out, &r), 0);
	assert_string_equal(buf_str(&out), "зи");
	assert_true(r.guessed);
}

/* Long texts: damage in the middle of blocks, at every offset. */
static void
test_blocks(void **state)
{
	char raw[200];

	(void)state;
	for (size_t shift = 0; shift < 40; shift++)
		for (size_t bad = 0; bad < 2; bad++) {
			BUF_AUTO struct buf out = BUF_INIT;
			struct charset_result r;
			size_t len = shift;

			memset(raw, 'a', shift);
			while (len + 3 <= sizeof(raw)) {
				memcpy(raw + len, "\xe6\xb8\xa3", 3);
				len += 3;
			}
			if (bad)
				raw[100 + shift] = 'x';
			assert_int_equal(
			    charset_decode(raw, len, "utf-8", NULL, &out, &r),
			    0);
			assert_int_equal(r.lost, bad);
			assert_int_equal(charset_utf8_prefix(
					     (unsigned char *)raw, len) == len,
			    !bad);
			assert_true(utf8_valid(buf_str(&out), out.len));
		}
}

/* The prefix is right for every character at every boundary of the grammar. */
static void
test_prefix_exhaustive(void **state)
{
	unsigned char raw[80];

	(void)state;
	for (unsigned a = 0x80; a < 0x100; a++)
		for (unsigned b = 0x70; b < 0x100; b += 1)
			for (unsigned c = 0x7f; c < 0x100; c += 0x40) {
				memset(raw, 'a', sizeof(raw));
				raw[40] = (unsigned char)a;
				raw[41] = (unsigned char)b;
				raw[42] = (unsigned char)c;
				raw[43] = 0x80;
				assert_int_equal(
				    charset_utf8_prefix(raw, sizeof(raw)) ==
					sizeof(raw),
				    utf8_valid((char *)raw, sizeof(raw)));
			}
}

static void
mutant(void *arg, const char *raw, size_t len)
{
	static const char *const labels[] = {NULL, "utf-8", "gb2312", "big5",
	    "us-ascii", "iso-2022-jp", "hz-gb-2312", "utf-7", "utf-16",
	    "shift_jis", "iso-2022-kr", "iso-2022-cn", "euc-tw", "johab"};
	BUF_AUTO struct buf out = BUF_INIT;
	struct charset_result r;
	size_t *n = arg;

	assert_int_equal(
	    charset_decode(raw, len, labels[*n % 14], NULL, &out, &r), 0);
	assert_true(utf8_valid(buf_str(&out), out.len));
	assert_null(memchr(buf_str(&out), 0, out.len));
	++*n;
}

static void
test_mutants(void **state)
{
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < N_CASES; i++)
		mutate(cases[i].raw, cases[i].len, 300, mutant, &n);
}

/* Of n symbols a row in which each pair of them stands side by side. */
static size_t
all_pairs(const unsigned char *symbols, size_t n, char *out)
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		out[len++] = (char)symbols[i];
		for (size_t j = i + 1; j < n; j++) {
			out[len++] = (char)symbols[i];
			out[len++] = (char)symbols[j];
		}
	}
	out[len++] = (char)symbols[0];
	return len;
}

static size_t
meaningful(const struct charset_single *s, unsigned char out[256])
{
	size_t n = 0;

	for (unsigned byte = 1; byte < 256; byte++)
		if (s->cp[byte] != CHARSET_SINGLE_BAD && s->cp[byte] != 0)
			out[n++] = (unsigned char)byte;
	return n;
}

/* What a table says of all pairs of bytes is what iconv makes of them in one
 * go: no byte's meaning hangs on its neighbour's. */
static void
check_pairs(iconv_t cd, const struct charset_single *s, enum charset_id id)
{
	enum { ROOM = 3 * 65536 };
	char *row = malloc(ROOM), *text = malloc(ROOM), *in = row, *to = text;
	BUF_AUTO struct buf out = BUF_INIT;
	struct charset_sink sink = {&out, 0, false};
	size_t left, room = ROOM, len;
	unsigned char bytes[256];

	assert_true(row != NULL && text != NULL);
	len = left = all_pairs(bytes, meaningful(s, bytes), row);
	(void)iconv(cd, NULL, NULL, NULL, NULL);
	assert_int_equal(iconv(cd, &in, &left, &to, &room), 0);
	charset_convert(&sink, id, (const unsigned char *)row, len);
	assert_int_equal(sink.n_bad, 0);
	assert_int_equal(out.len, (size_t)(to - text));
	assert_memory_equal(out.data, text, out.len);
	free(row);
	free(text);
}

static void
test_tables_say_what_iconv_says(void **state)
{
	static const char *const none[] = {"windows-1255", "windows-1258",
	    "tcvn", "iso_6937", "t.61-8bit", "shift_jisx0213", "gb18030"};
	size_t n = 0, n_none = 0;

	(void)state;
	for (int i = 0; i < CS_COUNT + (int)charset_more_count(); i++) {
		const struct charset *c = charset_get((enum charset_id)i);
		struct charset_single *s;
		iconv_t cd;

		if (c->iconv_name == NULL)
			continue;
		cd = iconv_open("UTF-8", c->iconv_name);
		/* NOLINTNEXTLINE: iconv's own error value */
		assert_true(cd != (iconv_t)-1);
		assert_int_equal(charset_single_new(cd, &s), 0);
		for (size_t k = 0; k < sizeof(none) / sizeof(none[0]); k++)
			n_none += s == NULL && strcmp(c->name, none[k]) == 0;
		if (s != NULL && c->kind >= KIND_LATIN) {
			check_pairs(cd, s, (enum charset_id)i);
			n++;
		}
		free(s);
		(void)iconv_close(cd);
	}
	assert_int_equal(n_none, sizeof(none) / sizeof(none[0]));
	assert_in_range(n, 200, 250);
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
	    cmocka_unit_test(test_without_files),
	    cmocka_unit_test(test_tables_say_what_iconv_says),
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_names_round),
	    cmocka_unit_test(test_names_of_the_rest),
	    cmocka_unit_test(test_lines_of_two_charsets),
	    cmocka_unit_test(test_every_length),
	    cmocka_unit_test(test_one_bad_byte),
	    cmocka_unit_test(test_one_lost_byte),
	    cmocka_unit_test(test_cap),
	    cmocka_unit_test(test_appends),
	    cmocka_unit_test(test_fallback),
	    cmocka_unit_test(test_blocks),
	    cmocka_unit_test(test_prefix_exhaustive),
	    cmocka_unit_test(test_mutants),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
