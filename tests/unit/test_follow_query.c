/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "follow/query.h"

#define NUMBER "LY-2026-000123"
#define CODE "72HK-90RW-M3Y1-5568"

static const struct {
	const char *subject, *text, *quoted;
	const char *number, *code;
	bool question;
} cases[] = {
    {"查询", NUMBER " " CODE, "", NUMBER, CODE, true},
    {"查询 " NUMBER, CODE, "", NUMBER, CODE, true},
    {"", "查询 " NUMBER " " CODE, "", NUMBER, CODE, true},
    {"", "查询" NUMBER "查询码" CODE "谢谢", "", NUMBER, CODE, true},
    {"", "您好，请查询一下：" NUMBER "，" CODE "。", "", NUMBER, CODE, true},
    {"", NUMBER "\n" CODE, "", NUMBER, CODE, true},
    /* full width, lower case, blanks, dashes of other kinds */
    {"", "查询　ＬＹ－２０２６－０００１２３　７２ｈｋ－９０ｒｗ－ｍ３ｙ１－５５６８",
	"", NUMBER, CODE, true},
    {"", "查询 ly 2026 123 72hk 90rw m3y1 5568", "", NUMBER, CODE, true},
    {"", "查询 LY2026000123 72HK90RWM3Y15568", "", NUMBER, CODE, true},
    {"", "查询 LY—2026—000123 72HK—90RW—M3Y1—5568", "", NUMBER, CODE, true},
    {"", "查询 ly-2026-0123 7 2 H K 9 0 R W M 3 Y 1 5 5 6 8", "", NUMBER,
	CODE, true},
    {"", "查詢 " NUMBER " " CODE, "", NUMBER, CODE, true},
    /* letters for digits, as they are heard and read */
    {"", "查询 " NUMBER " 7ZHK-9ORW-M3YI-SS6B", "", NUMBER, CODE, true},
    {"", "查询 " NUMBER " 7zhk-9qrw-m3yl-55g8", "", NUMBER, CODE, true},
    /* what was quoted fills in what is missing */
    {"Re: 来信收悉（" NUMBER "）", "查询", "查询码：" CODE, NUMBER, CODE,
	true},
    {"回复：来信收悉", "补充：昨晚那几辆渣土车又来了，车牌海A12345，"
		       "在同一个工地门口堵住了施工车辆不让出去。",
	"登记编号为 " NUMBER "，查询码 " CODE, NUMBER, CODE, false},
    /* further words make it more than a question */
    {"", NUMBER " " CODE " 我再补充一点，他们昨天又到工地打人了。", "", NUMBER,
	CODE, false},
    {"查询 " NUMBER, "查询码" CODE "。另外我要补充，他们昨天又带了十几个人到"
		     "工地打人，派出所来了也不走，车牌我都拍下来了，请尽快处理。",
	"", NUMBER, CODE, false},
    /* a question that lacks something is a question still */
    {"查询", "", "", "", "", true},
    {"查询进度", "", "", "", "", true},
    {"", "查询 " NUMBER, "", NUMBER, "", true},
    {"", "查询 " CODE, "", "", CODE, true},
    {"", "query " NUMBER " " CODE, "", NUMBER, CODE, true},
    /* tips */
    {"查询渣土车", "查询一下这几辆渣土车有没有手续，天天半夜强行倾倒渣土。", "",
	"", "", false},
    {"举报", "编号" NUMBER "的事还没有人管，渣土车照样来。", "", NUMBER, "",
	false},
    {"举报", "他的卡号是6222 0200 0011 2233，电话13800138000。", "", "",
	"6222-0200-0011-2233", false},
    {"", "身份证320724197801011234", "", "", "", false},
    {"", "LY-2026-", "", "", "", false},
    {"", "ALY-2026-000123", "", "", "", false},
    {"", "LY-1926-000123", "", "", "", false},
    {"", "", "", "", "", false},
};

static void
mails_are_read(void **state)
{
	struct query_asked q;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(query_read("LY", cases[i].subject,
				     cases[i].text, cases[i].quoted, &q),
		    0);
		if (strcmp(q.number, cases[i].number) != 0 ||
		    strcmp(q.n_codes > 0 ? q.codes[0] : "",
			cases[i].code) != 0 ||
		    query_is_question(&q, false) != cases[i].question)
			fail_msg("case %zu \"%s\" \"%s\": number %s codes %zu"
				 " %s asks %d rest %zu",
			    i, cases[i].subject, cases[i].text, q.number,
			    q.n_codes, q.codes[0], q.asks, q.rest);
	}
}

/* In a reply to our letter the word alone is enough. */
static void
a_reply_may_ask_with_a_word(void **state)
{
	struct query_asked q;

	(void)state;
	assert_int_equal(
	    query_read("LY", "Re: x", "查询一下办到哪一步了，谢谢", "", &q), 0);
	assert_true(query_is_question(&q, true));
	assert_int_equal(
	    query_read("LY", "Re: x", "他们昨天又来了", "", &q), 0);
	assert_false(query_is_question(&q, true));
}

static void
at_most_three_codes_are_looked_at(void **state)
{
	struct query_asked q;

	(void)state;
	assert_int_equal(query_read("LY", "",
			     "1111111111111111 2222222222222222 "
			     "3333333333333333 4444444444444444",
			     "", &q),
	    0);
	assert_int_equal(q.n_codes, MAX_QUERY_CODES);
	assert_string_equal(q.codes[2], "3333-3333-3333-3333");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(mails_are_read),
	    cmocka_unit_test(a_reply_may_ask_with_a_word),
	    cmocka_unit_test(at_most_three_codes_are_looked_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
