/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "conf/conf.h"
#include "follow/command.h"

#define OFFICER COMMAND_BY_OFFICER
#define OFFICE COMMAND_BY_OFFICE
/* No command at all. */
#define NONE VERB_COUNT

/* What an officer's phone sends, and what may come of it. */
struct reply {
	const char *text;
	enum command_verb verb;
	enum command_flaw flaw;
	const char *target, *said; /* NULL = "" */
	uint32_t days;
};

static const struct reply replies[] = {
    /* said well */
    {"签收", VERB_ACCEPT, 0, 0, 0, 0},
    {"签收。谢谢", VERB_ACCEPT, 0, 0, "谢谢", 0},
    {"已签收", VERB_ACCEPT, 0, 0, 0, 0},
    {"　　签收　", VERB_ACCEPT, 0, 0, 0, 0},
    {"【签收】", VERB_ACCEPT, 0, 0, 0, 0},
    {"“签收”", VERB_ACCEPT, 0, 0, 0, 0},
    {"签 收", VERB_ACCEPT, 0, 0, 0, 0},
    {"签收！！！", VERB_ACCEPT, 0, 0, 0, 0},
    {"签收了", VERB_ACCEPT, 0, 0, "了", 0},
    {"收到，签收", VERB_ACCEPT, 0, 0, 0, 0},
    {"好的，已签收，马上去看。", VERB_ACCEPT, 0, 0, "马上去看。", 0},
    {"您好！\n签收\n\n陆文博\n渣土管理所", VERB_ACCEPT, 0, 0,
	"陆文博\n渣土管理所", 0},
    {"\n\n\n签收\n\n发自我的iPhone", VERB_ACCEPT, 0, 0, "发自我的iPhone", 0},
    {"簽收", VERB_ACCEPT, 0, 0, 0, 0},
    {"１．签收", VERB_ACCEPT, 0, 0, 0, 0},
    {"指令：签收", VERB_ACCEPT, 0, 0, 0, 0},
    {"\u200b签\u200b收", VERB_ACCEPT, 0, 0, 0, 0},
    {"\u00a0签收\u00a0", VERB_ACCEPT, 0, 0, 0, 0},
    {"ACCEPT", VERB_ACCEPT, 0, 0, 0, 0},
    {"Accept. Thanks!", VERB_ACCEPT, 0, 0, "Thanks!", 0},
    {"LY-2026-000001 签收", VERB_ACCEPT, 0, 0, 0, 0},
    {"反馈 今日已到现场。", VERB_FEEDBACK, 0, 0, "今日已到现场。", 0},
    {"反馈：\n　今日已到现场。\n明日取证。", VERB_FEEDBACK, 0, 0,
	"今日已到现场。\n明日取证。", 0},
    {"反馈今日已到现场，没有发现", VERB_FEEDBACK, 0, 0,
	"今日已到现场，没有发现", 0},
    {"阶段反馈：已约谈", VERB_FEEDBACK, 0, 0, "已约谈", 0},
    {"feedback: went there, took photos", VERB_FEEDBACK, 0, 0,
	"went there, took photos", 0},
    {"退回 该地点属邻区", VERB_RETURN, 0, 0, "该地点属邻区", 0},
    {"退回，理由：不归我所管", VERB_RETURN, 0, 0, "不归我所管", 0},
    {"退回\n不归我所管", VERB_RETURN, 0, 0, "不归我所管", 0},
    {"退回不是我辖区", VERB_RETURN, 0, 0, "不是我辖区", 0},
    {"转办 陆文博", VERB_REASSIGN, 0, "陆文博", 0, 0},
    {"转办给陆文博，他负责这片", VERB_REASSIGN, 0, "陆文博，他负责这片", 0, 0},
    {"转办：\n陆文博", VERB_REASSIGN, 0, "陆文博", 0, 0},
    {"reassign to lu-wenbo", VERB_REASSIGN, 0, "lu-wenbo", 0, 0},
    {"延期5天 需调取合同", VERB_EXTEND, 0, 0, "需调取合同", 5},
    {"申请延期 10 个工作日，理由：当事人外出", VERB_EXTEND, 0, 0, "当事人外出",
	10},
    {"延期五天，等检测报告", VERB_EXTEND, 0, 0, "等检测报告", 5},
    {"延期十五天\n等检测报告", VERB_EXTEND, 0, 0, "等检测报告", 15},
    {"延期 二十天 取证困难", VERB_EXTEND, 0, 0, "取证困难", 20},
    {"延期３天　取证", VERB_EXTEND, 0, 0, "取证", 3},
    {"extend 5 days waiting for the lab", VERB_EXTEND, 0, 0,
	"waiting for the lab", 5},
    {"挂账 当事人在逃", VERB_SUSPEND, 0, 0, "当事人在逃", 0},
    {"掛賬：當事人在逃", VERB_SUSPEND, 0, 0, "當事人在逃", 0},
    {"移送 公安机关 海公〔2026〕12号", VERB_TRANSFER, 0,
	"公安机关 海公〔2026〕12号", 0, 0},
    {"移送公安分局刑警大队", VERB_TRANSFER, 0, "公安分局刑警大队", 0, 0},
    {"已移送至区纪委", VERB_TRANSFER, 0, "区纪委", 0, 0},
    {"查实。举报属实，已罚款", VERB_SUBSTANTIATED, 0, 0, "举报属实，已罚款", 0},
    {"查实办结：已拆除", VERB_SUBSTANTIATED, 0, 0, "已拆除", 0},
    {"查否 三次核查未发现", VERB_UNSUBSTANTIATED, 0, 0, "三次核查未发现", 0},
    {"不属于 邻里纠纷", VERB_NOT_APPLICABLE, 0, 0, "邻里纠纷", 0},
    {"不属于涉黑涉恶。属于邻里纠纷", VERB_NOT_APPLICABLE, 0, 0, "属于邻里纠纷",
	0},
    {"not-applicable: a quarrel", VERB_NOT_APPLICABLE, 0, 0, "a quarrel", 0},
    {"回避", VERB_RECUSE, 0, 0, 0, 0},
    {"申请回避，被举报人是我表弟", VERB_RECUSE, 0, 0, "被举报人是我表弟", 0},
    {"帮助", VERB_HELP, 0, 0, 0, 0},
    {"？", VERB_HELP, 0, 0, 0, 0},
    {"help", VERB_HELP, 0, 0, 0, 0},
    /* incomplete */
    {"反馈", VERB_FEEDBACK, COMMAND_NO_TEXT, 0, 0, 0},
    {"反馈：。。。", VERB_FEEDBACK, COMMAND_NO_TEXT, 0, 0, 0},
    {"退回", VERB_RETURN, COMMAND_NO_TEXT, 0, 0, 0},
    {"转办", VERB_REASSIGN, COMMAND_NO_PERSON, 0, 0, 0},
    {"延期", VERB_EXTEND, COMMAND_NO_DAYS, 0, 0, 0},
    {"延期 需要时间", VERB_EXTEND, COMMAND_NO_DAYS, 0, "需要时间", 0},
    {"延期5天", VERB_EXTEND, COMMAND_NO_TEXT, 0, 0, 5},
    {"延期到12月5日 取证", VERB_EXTEND, COMMAND_NO_DAYS, 0, "12月5日 取证", 0},
    {"延期一周 取证", VERB_EXTEND, COMMAND_NO_DAYS, 0, "一周 取证", 0},
    {"延期 2个月 取证", VERB_EXTEND, COMMAND_NO_DAYS, 0, "2个月 取证", 0},
    {"延期0天 取证", VERB_EXTEND, COMMAND_NO_DAYS, 0, "0天 取证", 0},
    {"移送", VERB_TRANSFER, COMMAND_NO_BODY, 0, 0, 0},
    {"查实", VERB_SUBSTANTIATED, COMMAND_NO_TEXT, 0, 0, 0},
    {"查否。", VERB_UNSUBSTANTIATED, COMMAND_NO_TEXT, 0, 0, 0},
    {"挂账", VERB_SUSPEND, COMMAND_NO_TEXT, 0, 0, 0},
    /* not said plainly: nothing may happen */
    {"签收吗？", VERB_ACCEPT, COMMAND_DOUBTFUL, 0, "吗？", 0},
    {"签收？", VERB_ACCEPT, COMMAND_DOUBTFUL, 0, "？", 0},
    {"签收不了", VERB_ACCEPT, COMMAND_DOUBTFUL, 0, "不了", 0},
    {"签收后发现不是我的", VERB_ACCEPT, COMMAND_DOUBTFUL, 0, "后发现不是我的",
	0},
    {"签收人是谁", VERB_ACCEPT, COMMAND_DOUBTFUL, 0, "人是谁", 0},
    {"退回的理由要写吗", VERB_RETURN, COMMAND_DOUBTFUL, 0, "的理由要写吗", 0},
    {"查实后再报", VERB_SUBSTANTIATED, COMMAND_DOUBTFUL, 0, "后再报", 0},
    {"不属于我管", VERB_NOT_APPLICABLE, COMMAND_DOUBTFUL, 0, "我管", 0},
    {"不属于本单位职责", VERB_NOT_APPLICABLE, COMMAND_DOUBTFUL, 0, "本单位职责",
	0},
    {"移送前还要取证", VERB_TRANSFER, COMMAND_DOUBTFUL, "前还要取证", 0, 0},
    {"申请移送 公安机关", VERB_TRANSFER, COMMAND_DOUBTFUL, "公安机关", 0, 0},
    {"回避吗", VERB_RECUSE, COMMAND_DOUBTFUL, 0, "吗", 0},
    {"反馈什么", VERB_FEEDBACK, COMMAND_DOUBTFUL, 0, "什么", 0},
    /* no command */
    {"", NONE, COMMAND_UNKNOWN, 0, 0, 0},
    {"\n  \n", NONE, COMMAND_UNKNOWN, 0, 0, 0},
    {"收到", NONE, COMMAND_UNKNOWN, 0, 0, 0},
    {"谢谢", NONE, COMMAND_UNKNOWN, 0, 0, 0},
    {"不签收", NONE, COMMAND_UNKNOWN, 0, 0, 0},
    {"暂不签收", NONE, COMMAND_UNKNOWN, 0, 0, 0},
    {"没有签收", NONE, COMMAND_UNKNOWN, 0, 0, 0},
    {"请签收", VERB_ACCEPT, COMMAND_DOUBTFUL, 0, 0, 0},
    {"怎么签收", NONE, COMMAND_UNKNOWN, 0, 0, 0},
    {"能不能延期5天", NONE, COMMAND_UNKNOWN, 0, 0, 0},
    {"这个线索我看了，签收", NONE, COMMAND_UNKNOWN, 0, 0, 0},
    {"因证人住院，特申请延期5天，请批准。", VERB_EXTEND, 0, 0,
	"因证人住院，特申请延期5天，请批准。", 5},
    {"该人是我堂兄，本人申请回避", VERB_RECUSE, 0, 0,
	"该人是我堂兄，本人申请回避", 0},
    {"证人住院，申请延期", VERB_EXTEND, COMMAND_NO_DAYS, 0,
	"证人住院，申请延期", 0},
    {"如果证人不来，我申请延期5天", NONE, COMMAND_UNKNOWN, 0, 0, 0},
    {"他是我堂兄，是否申请回避", NONE, COMMAND_UNKNOWN, 0, 0, 0},
    {"材料已齐，申请移送公安机关", NONE, COMMAND_UNKNOWN, 0, 0, 0},
    {"建议移送 公安机关", NONE, COMMAND_UNKNOWN, 0, 0, 0},
    {"acceptable", NONE, COMMAND_UNKNOWN, 0, 0, 0},
    {"helpful", NONE, COMMAND_UNKNOWN, 0, 0, 0},
    {"> 签收", NONE, COMMAND_UNKNOWN, 0, 0, 0},
    {"> 签收\n签收", NONE, COMMAND_UNKNOWN, 0, 0, 0},
    {"-----原始邮件-----\n发件人: 线索邮箱\n签收", NONE, COMMAND_UNKNOWN, 0, 0,
	0},
    {"发件人：陆文博\n主题：回复\n\n签收", NONE, COMMAND_UNKNOWN, 0, 0, 0},
    {"线索邮箱 <tips@example.com> 于2026年11月23日周一 10:20写道：\n签收", NONE,
	COMMAND_UNKNOWN, 0, 0, 0},
    {"本邮件为自动回复，我正在休假。", NONE, COMMAND_UNKNOWN, 0, 0, 0},
    {"您的邮件已被签收", NONE, COMMAND_UNKNOWN, 0, 0, 0},
    {"\xff\xfe签收", VERB_ACCEPT, 0, 0, 0, 0},
    /* the office's */
    {"分派 陆文博", VERB_ASSIGN, COMMAND_NOT_YOURS, "陆文博", 0, 0},
    {"同意延期", VERB_GRANT, COMMAND_NOT_YOURS, 0, 0, 0},
    {"不同意延期 理由", VERB_REFUSE, COMMAND_NOT_YOURS, 0, 0, 0},
    {"办结复核 通过", VERB_REVIEW, COMMAND_NOT_YOURS, 0, 0, 0},
    /* history below is not the text */
    {"反馈 到了现场\n\n> 签收\n> 线索内容", VERB_FEEDBACK, 0, 0, "到了现场", 0},
    {"签收\n\n------------------ 原始邮件 ------------------\n发件人: x",
	VERB_ACCEPT, 0, 0, 0, 0},
    /* a second command of an officer is text */
    {"签收\n反馈 已到现场", VERB_ACCEPT, 0, 0, "反馈 已到现场", 0},
};

static const char *
or_empty(const char *s)
{
	return s != NULL ? s : "";
}

static void
check(const char *text, const struct command *c, const struct reply *want)
{
	if (c->flaw != want->flaw ||
	    (want->verb != NONE && c->verb != want->verb) ||
	    strcmp(c->target, or_empty(want->target)) != 0 ||
	    strcmp(c->text, or_empty(want->said)) != 0 || c->days != want->days)
		fail_msg("“%s”: %s flaw %d target “%s” text “%s” days %u", text,
		    command_name(c->verb), (int)c->flaw, c->target, c->text,
		    c->days);
}

static void
test_replies(void **state)
{
	size_t count = sizeof(replies) / sizeof(*replies);

	(void)state;
	assert_true(count >= 60);
	for (size_t i = 0; i < count; i++) {
		struct arena *a = arena_new();
		struct command *list;
		size_t n;

		assert_int_equal(
		    command_read(replies[i].text, OFFICER, a, &list, &n), 0);
		if (n != 1)
			fail_msg("“%s”: %zu commands", replies[i].text, n);
		check(replies[i].text, &list[0], &replies[i]);
		arena_free(&a);
	}
}

/* "accept", "incomplete:extend", "none", as tests/data/replies says it. */
static const char *
read_as(const struct command *c, char *out, size_t size)
{
	(void)snprintf(out, size, "%s%s",
	    c->flaw == COMMAND_OK ? ""
	    : c->flaw >= COMMAND_NO_TEXT ? "incomplete:"
					 : "none",
	    c->flaw == COMMAND_OK || c->flaw >= COMMAND_NO_TEXT
		? command_name(c->verb)
		: "");
	return out;
}

static void
check_said(char *line)
{
	char *body = strstr(line, " | "), got[64];
	struct arena *a = arena_new();
	struct command *list;
	size_t n, len = 0;

	assert_non_null(body);
	*body = '\0';
	body += 3;
	for (const char *s = body; *s != '\0' && *s != '\n'; s++) {
		bool is_break = s[0] == '\\' && s[1] == 'n';

		body[len++] = is_break ? '\n' : *s;
		s += is_break;
	}
	body[len] = '\0';
	assert_int_equal(command_read(body, OFFICER, a, &list, &n), 0);
	if (strcmp(strcmp(line, "explained") == 0 ? "none" : line,
		read_as(&list[0], got, sizeof(got))) != 0)
		fail_msg("“%s” is read as %s, not %s", body, got, line);
	arena_free(&a);
}

/* What one wrote who did not know how it is read. */
static void
test_said_by_others(void **state)
{
	FILE *f = fopen("tests/data/replies/blind.said", "r");
	char line[1000];
	int n = 0;

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL)
		if (line[0] != '#') {
			check_said(line);
			n++;
		}
	(void)fclose(f);
	assert_true(n >= 100);
}

/* Whatever is wrong is told with an example. */
static void
test_advice(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(replies) / sizeof(*replies); i++) {
		BUF_AUTO struct buf b = BUF_INIT;
		struct arena *a = arena_new();
		struct command *list;
		size_t n;

		assert_int_equal(
		    command_read(replies[i].text, OFFICER, a, &list, &n), 0);
		command_advise(&list[0], OFFICER, &b);
		assert_int_equal(b.len > 0, list[0].flaw != COMMAND_OK);
		if (list[0].flaw != COMMAND_OK &&
		    list[0].flaw != COMMAND_NOT_YOURS)
			assert_true(strstr(buf_str(&b), "请写：") != NULL ||
				    strstr(buf_str(&b), "例如：") != NULL);
		arena_free(&a);
	}
}

/* Every example is a command without a flaw, for who may use it. */
static void
test_examples(void **state)
{
	(void)state;
	for (int v = 0; v < VERB_COUNT; v++) {
		struct arena *a = arena_new();
		struct command *list;
		size_t n;

		assert_int_equal(
		    command_read(command_example((enum command_verb)v), OFFICE,
			a, &list, &n),
		    0);
		assert_int_equal(n, 1);
		assert_int_equal(list[0].verb, v);
		assert_int_equal(list[0].flaw, COMMAND_OK);
		assert_int_equal(
		    command_by_name(command_name((enum command_verb)v)), v);
		arena_free(&a);
	}
}

static void
test_several_of_the_office(void **state)
{
	static const struct reply want[] = {
	    {0, VERB_ASSIGN, 0, "陆文博", 0, 0},
	    {0, VERB_DOMAIN, 0, "占道经营", 0, 0},
	    {0, VERB_REFUSE, 0, 0, "材料够了，\n请按期办结", 0},
	    {0, VERB_GRANT, 0, 0, 0, 3},
	    {0, VERB_ASSIGN, COMMAND_NO_PERSON, 0, 0, 0},
	    {0, VERB_QUERY, 0, 0, 0, 0},
	    {0, VERB_REVIEW, COMMAND_OK, 0, "没有照片", 0},
	    {0, VERB_REVIEW, COMMAND_NO_VERDICT, 0, 0, 0},
	    {0, VERB_DUPLICATE, 0, "LY-2026-000001", 0, 0},
	    {0, VERB_DUPLICATE, 0, "LY-2026-000001 同一车队", 0, 0},
	};
	static const char text[] =
	    "各位好：\n分派 LY-2026-000007 陆文博\n"
	    "ly-2026-000008：改域 占道经营\n\n"
	    "不同意延期 LY-2026-000009 材料够了，\n请按期办结\n"
	    "同意延期 LY-2026-000010 3天\n"
	    "分派\n"
	    "查询 LY-2026-000011\n"
	    "办结复核 LY-2026-000012 不通过 没有照片\n"
	    "办结复核\n"
	    "LY-2026-000013 重复 LY-2026-000001\n"
	    "合并 LY-2026-000014 与 LY-2026-000001 同一车队\n";
	static const char *const numbers[] = {"LY-2026-000007",
	    "LY-2026-000008", "LY-2026-000009", "LY-2026-000010", "",
	    "LY-2026-000011", "LY-2026-000012", "", "LY-2026-000013",
	    "LY-2026-000014"};
	struct arena *a = arena_new();
	struct command *list;
	size_t n;

	(void)state;
	assert_int_equal(command_read(text, OFFICE, a, &list, &n), 0);
	assert_int_equal(n, sizeof(want) / sizeof(*want));
	for (size_t i = 0; i < n; i++) {
		check(list[i].line, &list[i], &want[i]);
		assert_string_equal(list[i].number, numbers[i]);
	}
	assert_false(list[6].passed);
	arena_free(&a);
}

/* More than anybody writes: the rest is text, nothing overflows. */
static void
test_too_many(void **state)
{
	struct arena *a = arena_new();
	BUF_AUTO struct buf b = BUF_INIT;
	struct command *list;
	size_t n;

	(void)state;
	for (int i = 0; i < 1000; i++)
		buf_adds(&b, "签收\n");
	assert_int_equal(command_read(buf_str(&b), OFFICE, a, &list, &n), 0);
	assert_int_equal(n, MAX_COMMANDS);
	arena_free(&a);
}

static void
test_people(void **state)
{
	static const char *const aliases[] = {"小陆"};
	static const struct person_conf persons[] = {
	    {.id = "lu-wenbo",
		.name = "陆文博",
		.address = "lu@example.org",
		.aliases = aliases,
		.n_aliases = 1},
	    {.id = "lu-wen", .name = "陆文", .address = "luwen@example.org"},
	    {.id = "wang-1", .name = "王强", .address = "w1@example.org"},
	    {.id = "wang-2", .name = "王强", .address = "w2@example.org"},
	};
	static const struct domain_conf domains[] = {
	    {.id = "muck-transport", .title = "渣土运输"},
	    {.id = "protective-umbrella", .title = "充当“保护伞”"},
	};
	const struct conf conf = {
	    .roster = {.persons = persons, .n_persons = 4},
	    .rules = {.domains = domains, .n_domains = 2},
	};
	const char *rest;

	(void)state;
	assert_int_equal(command_person(&conf, "陆文博，他熟悉", &rest), 0);
	assert_string_equal(rest, "他熟悉");
	assert_int_equal(command_person(&conf, "陆文 同志", &rest), 1);
	assert_string_equal(rest, "");
	assert_int_equal(command_person(&conf, "小陆", &rest), 0);
	assert_int_equal(command_person(&conf, "LU-WENBO", &rest), 0);
	assert_int_equal(command_person(&conf, "lu@example.org", &rest), 0);
	assert_int_equal(command_person(&conf, "lu-wenbo2", &rest), -1);
	assert_int_equal(command_person(&conf, "王强", &rest), -2);
	assert_int_equal(command_person(&conf, "w2@example.org", &rest), 3);
	assert_int_equal(command_person(&conf, "李四", &rest), -1);
	assert_int_equal(command_domain(&conf, "渣土运输领域", &rest), 0);
	assert_int_equal(command_domain(&conf, "保护伞", &rest), 1);
	assert_int_equal(command_domain(&conf, "充当保护伞", &rest), 1);
	assert_int_equal(command_domain(&conf, "充当“保护伞”", &rest), 1);
	assert_int_equal(command_domain(&conf, "别的", &rest), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_replies),
	    cmocka_unit_test(test_said_by_others),
	    cmocka_unit_test(test_advice),
	    cmocka_unit_test(test_examples),
	    cmocka_unit_test(test_several_of_the_office),
	    cmocka_unit_test(test_too_many),
	    cmocka_unit_test(test_people),
	};

	return cmocka_run_group_tests_name("commands", tests, NULL, NULL);
}
