/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include <opencc/opencc.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "norm_world.h"
#include "route/normalise.h"


/* The normal form of s, and for each byte that its origin is a character of
 * s in ascending order. */
static char *
normal(const char *s, unsigned flags)
{
	struct norm n;
	struct err err;
	char *out;

	norm_init(&n);
	assert_int_equal(norm_add(table, &n, s, strlen(s), flags, &err), 0);
	for (size_t i = 0; i < n.len; i++) {
		assert_true(n.at[i] < strlen(s));
		assert_true((s[n.at[i]] & 0xc0) != 0x80);
		if (i > 0)
			assert_true(n.at[i] >= n.at[i - 1]);
	}
	assert_true(utf8_valid(n.text, n.len));
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(n.text[n.len + i], 0);
	out = strdup(n.text);
	norm_done(&n);
	return out;
}

static void
test_forms(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
	    {"", ""},
	    {"渣土车", "渣土车"},
	    {"渣 土 车", "渣土车"},
	    {"渣　土\t车", "渣土车"},
	    {"渣*土*车", "渣土车"},
	    {"渣/土/车", "渣土车"},
	    {"渣-土_车", "渣土车"},
	    {"渣·土•车", "渣土车"},
	    {"渣\xe2\x80\x8b土\xef\xbb\xbf车", "渣土车"},
	    {"“渣土”车", "渣土车"},
	    {"（渣土）【车】", "渣土车"},
	    {"渣\n土车", "渣土车"},
	    {"渣\r\n土车", "渣土车"},
	    {"渣\n\n土车", "渣\n土车"},
	    {"渣土。车", "渣土\n车"},
	    {"渣土，车辆", "渣土,车辆"},
	    {"渣土！？车辆", "渣土\n车辆"},
	    {"渣，土，车", "渣土车"},
	    {"渣。土。车", "渣土车"},
	    {"运渣，土，车来了", "运渣土车来了"},
	    {"渣、土；车", "渣土车"},
	    {"道路，占道，路边", "道路,占道,路边"},
	    {"渣😀土🚛车", "渣土车"},
	    {"渣\xcc\xb6土\xcc\xb6车", "渣土车"},
	    {"廣告牌違章", "广告牌违章"},
	    {"佔道經營", "占道经营"},
	    {"著火", "着火"},
	    {"ＫＴＶ", "ktv"},
	    {"Ktv Led", "ktvled"},
	    {"①②⑩", "1210"},
	    {"❶➂➌", "133"},
	    {"〇一二三九", "01239"},
	    {"壹贰叁貳", "1232"},
	    {"１２．５吨", "12.5吨"},
	    {"22：30", "22:30"},
	    {"138-0000-0001", "138-0000-0001"},
	    {"138 0000 0001", "13800000001"},
	    {"a--b", "ab"},
	    {"５０㎡", "50m2"},
	    {"𝟏𝟐", "12"},
	    {"⼟", "土"},
	    {"。。。渣土。。。", "渣土"},
	    {"\xff\xfe渣\xe5土", "渣土"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *out = normal(cases[i].in, 0);

		assert_string_equal(out, cases[i].out);
		free(out);
	}
}

static void
test_masks(void **state)
{
	char *out = normal("王*国和李××，王○○", NORM_MASKS);

	(void)state;
	assert_string_equal(out, "王某国和李某某,王某某");
	free(out);
}

static void
test_origin(void **state)
{
	const char *s = "在，渣 * 土\xe2\x80\x8b 車（夜）";
	struct norm n;
	struct err err;
	size_t at, len;
	const char *p;

	(void)state;
	norm_init(&n);
	assert_int_equal(norm_add(table, &n, s, strlen(s), 0, &err), 0);
	p = strstr(n.text, "渣土车");
	assert_non_null(p);
	len = norm_origin(&n, s, strlen(s), (size_t)(p - n.text),
	    (size_t)(p - n.text) + 9, &at);
	assert_memory_equal(s + at, "渣 * 土\xe2\x80\x8b 車", len);
	assert_int_equal(len, strlen("渣 * 土\xe2\x80\x8b 車"));
	norm_done(&n);
}

static const char *const texts[] = {
    "每天夜里渣土车在墟沟街道强行倾倒建筑垃圾，没有人管。请领导查处！",
    "小区门口烧烤摊占道经营，油烟扰民；多次投诉无果。",
    "楼顶私搭乱建彩钢棚，城管来了也不拆，说是有保护伞",
    "大型广告牌破损，随时会掉下来",
};

/* Blanks, invisible characters and noise between any two characters leave the
 * normal form as it was. */
static void
test_insertion(void **state)
{
	static const char *const noise[] = {" ", "　", "\xe2\x80\x8b", "*", "·",
	    "/", "\n", " * ", "“", "_", "\xc2\xa0", "~"};

	(void)state;
	srandom(7);
	for (size_t round = 0; round < 400; round++) {
		const char *s = texts[round % 4], *end = s + strlen(s);
		struct buf b BUF_AUTO = BUF_INIT;
		char *plain = normal(s, 0), *noisy;
		bool after_noise = false;

		while (s < end) {
			uint32_t cp;
			size_t len = utf8_next(s, end, &cp);
			const char *x = noise[(size_t)random() % 12];

			buf_add(&b, s, len);
			s += len;
			/* Two line ends in a row would be a paragraph. */
			if (random() % 3 == 0 &&
			    !(after_noise && strcmp(x, "\n") == 0)) {
				buf_adds(&b, x);
				after_noise = true;
			} else {
				after_noise = false;
			}
		}
		noisy = normal(buf_str(&b), 0);
		assert_string_equal(noisy, plain);
		free(noisy);
		free(plain);
	}
}

/* What OpenCC makes traditional comes back to the same normal form. */
static void
test_traditional(void **state)
{
	static const char *const ways[] = {
	    "s2t.json", "s2tw.json", "s2hk.json"};

	(void)state;
	for (size_t w = 0; w < 3; w++) {
		opencc_t cc = opencc_open(ways[w]);

		assert_true(cc != (opencc_t)-1);
		for (size_t i = 0; i < 4; i++) {
			char *t =
			    opencc_convert_utf8(cc, texts[i], strlen(texts[i]));
			char *x = normal(t, 0), *y = normal(texts[i], 0);

			assert_string_equal(x, y);
			free(x);
			free(y);
			opencc_convert_utf8_free(t);
		}
		opencc_close(cc);
	}
}

static void
test_full_width(void **state)
{
	struct buf b BUF_AUTO = BUF_INIT;
	const char *s = "tel 0518-2345678 led KTV";
	char *x, *y, bytes[4];

	(void)state;
	for (const char *p = s; *p != '\0'; p++)
		buf_add(&b, bytes,
		    utf8_put(
			*p == ' ' ? 0x3000 : (uint32_t)*p + 0xfee0, bytes));
	x = normal(buf_str(&b), 0);
	y = normal(s, 0);
	assert_string_equal(x, y);
	free(x);
	free(y);
}

static void
test_pattern(void **state)
{
	struct buf b BUF_AUTO = BUF_INIT;

	(void)state;
	norm_pattern(table, "渣土\\S{0,4}[車輛，]一次。", &b);
	assert_string_equal(buf_str(&b), "渣土\\S{0,4}[车辆,]1次\n");
}

/* Every prefix of bytes, cut anywhere, is safe. */
static void
test_cut(void **state)
{
	const char *s = "①渣,土、车 ＫＴＶ 12.5 ﷺ é 王*某";

	(void)state;
	for (size_t n = 0; n <= strlen(s); n++) {
		char *copy = malloc(n + 1);

		memcpy(copy, s, n);
		copy[n] = '\0';
		free(normal(copy, 0));
		free(copy);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_forms),
	    cmocka_unit_test(test_masks),
	    cmocka_unit_test(test_origin),
	    cmocka_unit_test(test_insertion),
	    cmocka_unit_test(test_traditional),
	    cmocka_unit_test(test_full_width),
	    cmocka_unit_test(test_pattern),
	    cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
