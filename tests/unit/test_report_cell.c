/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "report/cell.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))

static void
controls_are_left_out(void **state)
{
	static const struct {
		const char *text, *want;
	} t[] = {
	    {"", ""}, {"渣土\t车\r\n夜里\n强揽\r!", "渣土 车 夜里 强揽 !"},
	    {"a\x01\x1f\x7f"
	     "b",
		"ab"},
	    {"\xc2\x85"
	     "x",
		"x"}, /* C1: next line */
	    {"a\xe2\x80\xae"
	     "b\xe2\x81\xa6",
		"ab"}, /* bidirectional */
	    {"\xef\xbb\xbf表", "表"},
	    {"a\xff"
	     "b",
		"a\xef\xbf\xbd"
		"b"},
	    {"a\xef\xbf\xbe\xef\xbf\xbf\xef\xb7\x90"
	     "b",
		"ab"}, /* non-characters */
	    {"\xf0\x9f\xbf\xbe", ""},
	    {"\xe2\x80\xa8", " "}, /* line separator */
	};
	(void)state;

	for (size_t i = 0; i < N(t); i++) {
		BUF_AUTO struct buf b = BUF_INIT;

		cell_clean(&b, t[i].text);
		assert_string_equal(buf_str(&b), t[i].want);
	}
}

static void
no_csv_cell_is_a_formula(void **state)
{
	static const struct {
		const char *text, *want;
	} t[] = {
	    {"", "\"\""},
	    {"渣土", "\"渣土\""},
	    {"他说\"滚\",走", "\"他说\"\"滚\"\",走\""},
	    {"=1+1", "\"'=1+1\""},
	    {"+86 138", "\"'+86 138\""},
	    {"-2+3", "\"'-2+3\""},
	    {"@SUM(A1)", "\"'@SUM(A1)\""},
	    {"\t=1", "\"' =1\""},
	    {"\r=1", "\"' =1\""},
	    {"\n=1", "\"' =1\""},
	    {"\x01=1", "\"'=1\""},
	    {"  =1", "\"'  =1\""},
	    {"\xe3\x80\x80=1", "\"'\xe3\x80\x80=1\""},
	    {"\xe2\x80\x8b=1", "\"'\xe2\x80\x8b=1\""},
	    {"＝1", "\"'＝1\""},
	    {"＋1", "\"'＋1\""},
	    {"－1", "\"'－1\""},
	    {"＠x", "\"'＠x\""},
	    {"−1", "\"'−1\""},
	    {"1=1", "\"1=1\""},
	    {"LY-2026-000123", "\"LY-2026-000123\""},
	    {"a\r\n=1", "\"a =1\""},
	};
	(void)state;

	for (size_t i = 0; i < N(t); i++) {
		BUF_AUTO struct buf b = BUF_INIT;

		cell_csv(&b, t[i].text);
		assert_string_equal(buf_str(&b), t[i].want);
	}
}

static void
xlsx_cells_mean_what_they_say(void **state)
{
	static const struct {
		const char *text, *want;
	} t[] = {
	    {"=1+1", "=1+1"}, /* the library writes it as a string */
	    {"a_x0041_b", "a_x005F_x0041_b"},
	    {"_x005F_x0041_", "_x005F_x005F_x005F_x0041_"},
	    {"_x41_ _xZZZZ_ _x0041", "_x41_ _xZZZZ_ _x0041"},
	    {"a\nb", "a b"},
	};
	BUF_AUTO struct buf text = BUF_INIT, out = BUF_INIT;
	(void)state;

	for (size_t i = 0; i < N(t); i++) {
		BUF_AUTO struct buf b = BUF_INIT;

		cell_xlsx(&b, t[i].text);
		assert_string_equal(buf_str(&b), t[i].want);
	}
	/* What is too long for Excel is cut between characters. */
	for (int i = 0; i < 40000; i++)
		buf_adds(&text, i % 2 ? "渣" : "𠀀");
	cell_xlsx(&out, buf_str(&text));
	/* Pairs of 2 + 1 units and 4 + 3 bytes; one is left over. */
	assert_int_equal(MAX_CELL_CHARS % 3, 1);
	assert_int_equal(out.len, MAX_CELL_CHARS / 3 * 7);
}

static void
briefs_tell_nobody(void **state)
{
	static const struct {
		const char *subject, *text, *want;
	} t[] = {
	    {"举报渣土车强揽", "详情", "举报渣土车强揽"},
	    {"举报", "渣土车强揽", "举报：渣土车强揽"},
	    {"", "渣土车强揽", "渣土车强揽"},
	    {"", "", ""},
	    {"收到", "", "收到"},
	    {"  \t渣土车夜里强揽", "", "渣土车夜里强揽"},
	    {"我的电话13800000001请回电", "", "我的电话138****请回电"},
	    {"电话138-0000-0001，谢谢", "", "电话138****，谢谢"},
	    {"电话-13800000001，谢谢", "", "电话-138****，谢谢"},
	    {"电话138 0000 0001或0518-8000001", "", "电话138****或051****"},
	    {"打138.0000.0001，损失3.5万", "", "打138****，损失3.5万"},
	    {"tel13800000001 QQ12345678", "", "tel138**** QQ123****"},
	    {"电话１３８００００００００，谢谢", "", "电话138****，谢谢"},
	    {"身份证32070019700101001X号", "", "身份证320****号"},
	    {"发信到a.b-c@example.org好吗", "", "发信到a.b****好吗"},
	    {"发信到Ａ＠example.org好吗", "", "发信到A@e****好吗"},
	    {"车牌苏G12345，第12345号", "", "车牌苏G12345，第12345号"},
	    {"见LY-2026-000123号线索", "", "见LY-2026-000123号线索"},
	    {"发生在2026-11-20夜里", "", "发生在2026-11-20夜里"},
	    {"海公移〔2026〕12号文件", "", "海公移〔2026〕12号文件"},
	    {"一二三四五六七八九十一二三四五六七八九十甲", "",
		"一二三四五六七八九十一二三四五六七八九十…"},
	};
	(void)state;

	for (size_t i = 0; i < N(t); i++) {
		BUF_AUTO struct buf b = BUF_INIT;

		cell_brief(&b, t[i].subject, t[i].text, 20);
		/* The limit is of the last; the others are shorter or
		 * tried without it. */
		if (i + 1 < N(t)) {
			buf_clear(&b);
			cell_brief(&b, t[i].subject, t[i].text, 60);
		}
		assert_string_equal(buf_str(&b), t[i].want);
	}
}

/* A number at the very end once drew in what memory held behind it. */
static void
a_number_at_the_end_ends_there(void **state)
{
	char before[200];
	(void)state;

	for (size_t len = 20; len < sizeof(before); len++) {
		BUF_AUTO struct buf b = BUF_INIT;

		for (size_t i = 0; i < len; i++)
			before[i] = (i + len) % 2 ? '7' : 'x';
		before[len] = '\0';
		cell_brief(&b, before, "", 60);
		buf_clear(&b);
		cell_brief(&b, "联系电话 0518-8000-0099", "", 60);
		assert_string_equal(buf_str(&b), "联系电话 051****");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(controls_are_left_out),
	    cmocka_unit_test(no_csv_cell_is_a_formula),
	    cmocka_unit_test(xlsx_cells_mean_what_they_say),
	    cmocka_unit_test(briefs_tell_nobody),
	    cmocka_unit_test(a_number_at_the_end_ends_there),
	};

	return cmocka_run_group_tests_name("report_cell", tests, NULL, NULL);
}
