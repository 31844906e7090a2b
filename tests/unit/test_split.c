/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "parse/split.h"
#include "parse_mutate.h"

static const struct {
	const char *name;
	const char *text;
	const char *own;
	const char *quoted;
	const char *signature;
	bool forwarded;
} cases[] = {
    {"own words only", "渣土车夜里乱倒。\n\n请查。\n",
	"渣土车夜里乱倒。\n\n请查。", "", "", false},
    {"empty", "", "", "", "", false},
    {"> quotes", "签收\n\n> 您有一条线索\n> 请办理\n", "签收",
	"> 您有一条线索\n> 请办理", "", false},
    {"answers between quotes", "> 一\n甲\n> 二\n乙\n", "甲\n乙", "> 一\n> 二",
	"", false},
    {"On … wrote:",
	"accept\n\nOn Mon, Jan 5, 2026 at 10:00 AM Office <o@example.com> "
	"wrote:\n> a\n> b\n",
	"accept",
	"On Mon, Jan 5, 2026 at 10:00 AM Office <o@example.com> wrote:\n"
	"> a\n> b",
	"", false},
    {"On … wrote: wrapped",
	"accept\n\nOn Mon, Jan 5, 2026 at 10:00 AM Office\n<o@example.com> "
	"wrote:\n> a\n",
	"accept",
	"On Mon, Jan 5, 2026 at 10:00 AM Office\n<o@example.com> wrote:\n> a",
	"", false},
    {"在 … 写道：, no > below",
	"签收\n\n在 2026年1月5日，10:00，办公室 <o@example.com> 写道：\n\n"
	"线索内容\n",
	"签收",
	"在 2026年1月5日，10:00，办公室 <o@example.com> 写道：\n\n线索内容", "",
	false},
    {"在2026-…写道: of 163",
	"已查实\n\n\n\n\n在2026-01-05 10:00:00，\"办公室\" <o@example.com> "
	"写道：\n\n内容",
	"已查实",
	"在2026-01-05 10:00:00，\"办公室\" <o@example.com> 写道：\n\n内容", "",
	false},
    {"name 于 … 写道：",
	"好\n办公室 <o@example.com> 于2026年1月5日周一 10:20写道：\n> 内容\n"
	"后面还有\n",
	"好\n后面还有",
	"办公室 <o@example.com> 于2026年1月5日周一 10:20写道：\n> 内容", "",
	false},
    {"date and address without a verb",
	"签收\n\n2026-01-05 10:20 GMT+08:00 办公室\n<o@example.com>:\n\n> "
	"内容\n",
	"签收", "2026-01-05 10:20 GMT+08:00 办公室\n<o@example.com>:\n\n> 内容",
	"", false},
    {"name and address above 于 … 写道：",
	"签收\n\n某市某区办公室 <o@example.com>\n于2026年1月5日周一 "
	"10:20写道：\n\n> 内容\n",
	"签收",
	"某市某区办公室 <o@example.com>\n于2026年1月5日周一 10:20写道：\n\n"
	"> 内容",
	"", false},
    {"an introduction of no known language",
	"ok\n\nKirjutas kolmapäeval \"Mari\" <\nm@example.com>:\n> a\nok\n",
	"ok\n\nok", "Kirjutas kolmapäeval \"Mari\" <\nm@example.com>:\n> a", "",
	false},
    {"own words above a quote",
	"关于2026年3月5日的通知：\n> 请签收\n见 a@example.com：\n> 请办理\n",
	"关于2026年3月5日的通知：\n见 a@example.com：", "> 请签收\n> 请办理",
	"", false},
    {"headers of another language",
	"ok\n\nVon: Amt <o@example.com>\nGesendet: Montag\nAn: x\n"
	"Betreff: y\n\nInhalt\n",
	"ok",
	"Von: Amt <o@example.com>\nGesendet: Montag\nAn: x\nBetreff: y\n\n"
	"Inhalt",
	"", false},
    {"headers below a rule, the author last",
	"ok\n----------\nDate: Thu\nSubject: y\nFrom: o@example.com\nTo: "
	"x\n\na",
	"ok",
	"----------\nDate: Thu\nSubject: y\nFrom: o@example.com\nTo: x\n\na",
	"", false},
    {"Foxmail's own address",
	"签收\n\nli@example.cn\n \n发件人： 督办\n发送时间： 2026-01-05\n"
	"收件人： li\n主题： 交办\n内容\n",
	"签收",
	"发件人： 督办\n发送时间： 2026-01-05\n收件人： li\n主题： 交办\n内容",
	"li@example.cn", false},
    {"all headers on the divider's line",
	"签收\n\n----邮件原文----发件人：督办 "
	"<o@example.com>收件人：li\n内容\n",
	"签收", "----邮件原文----发件人：督办 <o@example.com>收件人：li\n内容",
	"", false},
    {"Galaxy",
	"签收\n\n从我的 Galaxy 发送\n\n-------- 原始信息 --------\n"
	"发件人： 督办\n内容\n",
	"签收", "-------- 原始信息 --------\n发件人： 督办\n内容",
	"从我的 Galaxy 发送", false},
    {"写道 in a sentence", "他在日记里写道：\n我要举报。\n",
	"他在日记里写道：\n我要举报。", "", "", false},
    {"QQ divider",
	"签收\n\n\n------------------ 原始邮件 ------------------\n"
	"发件人: \"办公室\" <o@example.com>;\n发送时间: 2026年1月5日\n内容\n",
	"签收",
	"------------------ 原始邮件 ------------------\n"
	"发件人: \"办公室\" <o@example.com>;\n发送时间: 2026年1月5日\n内容",
	"", false},
    {"QQ divider in English",
	"ok\n------------------ Original ------------------\nFrom: x\n", "ok",
	"------------------ Original ------------------\nFrom: x", "", false},
    {"163 divider",
	"收到\n\n---- 回复的原邮件 ----\n| 发件人 | 办公室 |\n| 日期 | x |\n",
	"收到", "---- 回复的原邮件 ----\n| 发件人 | 办公室 |\n| 日期 | x |", "",
	false},
    {"Outlook divider", "ok\n-----Original Message-----\nFrom: x\n", "ok",
	"-----Original Message-----\nFrom: x", "", false},
    {"Outlook divider in Chinese", "好\n-----邮件原件-----\n发件人: x\n", "好",
	"-----邮件原件-----\n发件人: x", "", false},
    {"Gmail forward",
	"请看\n---------- Forwarded message ---------\nFrom: x\n\n内容\n",
	"请看", "---------- Forwarded message ---------\nFrom: x\n\n内容", "",
	false},
    {"Apple forward", "请看\n\n开始转发的邮件：\n\n发件人: x\n", "请看",
	"开始转发的邮件：\n\n发件人: x", "", false},
    {"Outlook headers with a rule above",
	"反馈 已核查\n\n________________________________\n"
	"发件人: 办公室 <o@example.com>\n发送时间: 2026年1月5日 10:00\n"
	"收件人: 李四\n主题: 线索\n\n内容\n",
	"反馈 已核查",
	"________________________________\n"
	"发件人: 办公室 <o@example.com>\n发送时间: 2026年1月5日 10:00\n"
	"收件人: 李四\n主题: 线索\n\n内容",
	"", false},
    {"Foxmail headers",
	"签收\n \n发件人： 办公室\n发送时间： 2026-01-05 10:00\n收件人： 李四\n"
	"主题： 线索\n内容\n",
	"签收",
	"发件人： 办公室\n发送时间： 2026-01-05 10:00\n收件人： 李四\n"
	"主题： 线索\n内容",
	"", false},
    {"caption without dashes",
	"签收\n\n\n         原始邮件\n \n发件人：办公室 <o@example.com>\n"
	"发件时间：2026年1月5日 10:00\n收件人：李四\n主题：线索\n\n内容",
	"签收",
	"         原始邮件\n \n发件人：办公室 <o@example.com>\n"
	"发件时间：2026年1月5日 10:00\n收件人：李四\n主题：线索\n\n内容",
	"", false},
    {"the same words in a sentence", "请看\n原始邮件\n谢谢\n",
	"请看\n原始邮件\n谢谢", "", "", false},
    {"bold English headers",
	"accept\n\n*From:* Office\n*Sent:* Monday\n*To:* Li\n*Subject:* x\n\ny",
	"accept", "*From:* Office\n*Sent:* Monday\n*To:* Li\n*Subject:* x\n\ny",
	"", false},
    {"wide labels",
	"好\n发　件　人：办公室\n日　　期：1月\n主　　题：线索\n内容", "好",
	"发　件　人：办公室\n日　　期：1月\n主　　题：线索\n内容", "", false},
    {"a tip with labels of its own",
	"时间：6月3日\n地点：老街\n主题：举报\n经过：倒渣土\n",
	"时间：6月3日\n地点：老街\n主题：举报\n经过：倒渣土", "", "", false},
    {"iPhone", "签收\n\n发自我的iPhone\n", "签收", "", "发自我的iPhone", false},
    {"iPhone above the quote",
	"签收\n\n发自我的iPhone\n\n> 在 2026年1月5日，10:00，o@example.com "
	"写道：\n> 内容\n",
	"签收", "> 在 2026年1月5日，10:00，o@example.com 写道：\n> 内容",
	"发自我的iPhone", false},
    {"Huawei", "签收\n发自我的华为手机\n", "签收", "", "发自我的华为手机",
	false},
    {"Xiaomi", "签收\n发自我的小米手机\n", "签收", "", "发自我的小米手机",
	false},
    {"vivo", "签收\n发自我的vivo智能手机\n", "签收", "", "发自我的vivo智能手机",
	false},
    {"Windows", "签收\n从 Windows 版邮件发送\n", "签收", "",
	"从 Windows 版邮件发送", false},
    {"Windows without blanks", "签收\n从Windows 10版邮件发送\n", "签收", "",
	"从Windows 10版邮件发送", false},
    {"English phones", "accept\nSent from my Galaxy\n", "accept", "",
	"Sent from my Galaxy", false},
    {"a heartfelt sentence", "发自我的内心，我感谢你们。\n",
	"发自我的内心，我感谢你们。", "", "", false},
    {"delimiter", "签收\n-- \n李四\n城管局\n", "签收", "", "-- \n李四\n城管局",
	false},
    {"delimiter above the quote", "签收\n-- \n李四\n\n> 内容\n", "签收",
	"> 内容", "-- \n李四", false},
    {"dashes in front of a long text",
	"一\n--\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n",
	"一\n--\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16", "", "",
	false},
    {"dashes in front of everything", "--\n渣土\n", "--\n渣土", "", "", false},
    {"only a signature", "发自我的iPhone\n", "发自我的iPhone", "", "", false},
    {"NetEase card",
	"签收\n\n| |\n李四\n|\n|\n邮箱：l@example.com\n|\n\n签名由 "
	"网易邮箱大师 "
	"定制\n",
	"签收", "",
	"| |\n李四\n|\n|\n邮箱：l@example.com\n|\n\n签名由 网易邮箱大师 定制",
	false},
    {"disclaimer", "已办结\n\n免责声明：本邮件仅供参考。\n保密。\n", "已办结",
	"", "免责声明：本邮件仅供参考。\n保密。", false},
    {"marks",
	"签收\n\001\n办公室写的\n\001\n更早的\n\002\n\002\n又及\n\003\n李四\n"
	"\004\n",
	"签收\n又及", "办公室写的\n更早的", "李四", false},
    {"attribution in front of a mark",
	"签收\n2026年1月5日 o@example.com 写道：\n\001\n内容\n\002\n又及\n",
	"签收\n又及", "2026年1月5日 o@example.com 写道：\n内容", "", false},
    {"marks that never end, or never began", "一\n\002\n二\n\001\n三", "一\n二",
	"三", "", false},
    {"a mark within a line", "一\001二\002三", "一\n三", "二", "", false},
    {"forwarded tip",
	"\n---------- 转发的邮件 ---------\n发件人： x\n主题： 举报\n\n渣土\n",
	"---------- 转发的邮件 ---------\n发件人： x\n主题： 举报\n\n渣土", "",
	"", true},
    {"forwarded tip with a word",
	"转发\n-----原始邮件-----\n发件人: x\n\n渣土车乱倒\n",
	"-----原始邮件-----\n发件人: x\n\n渣土车乱倒", "", "", true},
    {"forwarded with a footer",
	"\n发自我的iPhone\n\n开始转发的邮件：\n\n> 发件人: x\n> \n> 渣土\n",
	"开始转发的邮件：\n\n> 发件人: x\n> \n> 渣土", "", "发自我的iPhone",
	true},
    {"all quoted", "> 渣土\n> 乱倒\n>> 更早\n", "渣土\n乱倒\n> 更早", "", "",
	true},
    {"all marked", "\001\n渣土\n\002\n", "渣土", "", "", true},
};
#define N_CASES (sizeof(cases) / sizeof(cases[0]))

static void
test_cases(void **state)
{
	size_t n_wrong = 0;

	(void)state;
	for (size_t i = 0; i < N_CASES; i++) {
		struct split s;

		assert_int_equal(
		    split_text(cases[i].text, strlen(cases[i].text), &s), 0);
		if (strcmp(buf_str(&s.own), cases[i].own) != 0 ||
		    strcmp(buf_str(&s.quoted), cases[i].quoted) != 0 ||
		    strcmp(buf_str(&s.signature), cases[i].signature) != 0 ||
		    s.forwarded != cases[i].forwarded) {
			print_error("%s:\n[%s]\n[%s]\n[%s] %d\n", cases[i].name,
			    buf_str(&s.own), buf_str(&s.quoted),
			    buf_str(&s.signature), s.forwarded);
			n_wrong++;
		}
		split_done(&s);
	}
	assert_int_equal(n_wrong, 0);
}

/* Lines that must be known as dividers, and some that must not. */
static void
test_dividers(void **state)
{
	static const char *const yes[] = {"-----原始邮件-----",
	    "---原始邮件---", "-------- 转发邮件信息 --------",
	    "---- Replied Message ----", "---- 转发的原邮件 ----",
	    "-------- Forwarded Message --------", "-----Original Message-----",
	    "—————— 原始邮件 ——————",
	    "Begin forwarded message:", "---------- 转发的邮件 ----------",
	    "=====原始邮件====="};
	static const char *const no[] = {"原始邮件", "--", "-----",
	    "- 原邮件里说", "----原始邮件里有照片", "转发的邮件请看"};

	(void)state;
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		char text[200];
		struct split s;

		(void)snprintf(text, sizeof(text), "own\n%s\nold\n", yes[i]);
		assert_int_equal(split_text(text, strlen(text), &s), 0);
		assert_string_equal(buf_str(&s.own), "own");
		split_done(&s);
	}
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
		char text[200];
		struct split s;

		(void)snprintf(text, sizeof(text), "own\n%s\nmore\n", no[i]);
		assert_int_equal(split_text(text, strlen(text), &s), 0);
		assert_non_null(strstr(buf_str(&s.own), "own"));
		assert_int_equal(s.quoted.len, 0);
		split_done(&s);
	}
}

/* No line is lost: all three together have every visible byte. */
static size_t
count_visible(const char *p, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += (unsigned char)p[i] > 0x20 && p[i] != '>';
	return n;
}

static void
mutant(void *arg, const char *raw, size_t len)
{
	struct split s;

	(void)arg;
	assert_int_equal(split_text(raw, len, &s), 0);
	assert_int_equal(
	    s.forwarded ||
		count_visible(raw, len) ==
		    count_visible(buf_str(&s.own), s.own.len) +
			count_visible(buf_str(&s.quoted), s.quoted.len) +
			count_visible(buf_str(&s.signature), s.signature.len),
	    1);
	for (char c = SPLIT_QUOTE_BEGIN; c <= SPLIT_SIGN_END; c++)
		assert_null(memchr(buf_str(&s.own), c, s.own.len));
	split_done(&s);
}

static void
test_mutants(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_CASES; i++)
		mutate(cases[i].text, strlen(cases[i].text), 500, mutant, NULL);
}

static void
test_linear(void **state)
{
	static const char *const pieces[] = {"\n", ">\n", "\001", "\001\002\n",
	    "--\n", "From: a\n", "On 2026 a@b\n", "发自我的iPhone\n", "|\n",
	    "签名由 a 定制\n", "免责声明\n", "a\n", " \n", "-----\n\n",
	    "日期：1\n", "渣"};

	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		BUF_AUTO struct buf raw = BUF_INIT;
		struct split s;

		buf_adds(&raw, "x\n");
		while (raw.len < 2 << 20)
			buf_adds(&raw, pieces[i]);
		assert_int_equal(split_text(raw.data, raw.len, &s), 0);
		split_done(&s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_dividers),
	    cmocka_unit_test(test_linear),
	    cmocka_unit_test(test_mutants),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
