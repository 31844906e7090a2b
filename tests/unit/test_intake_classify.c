/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "intake/intake.h"
#include "parse/message.h"

/* A mail in few words; what is not said is as in a plain mail of a citizen. */
struct sample {
	const char *what;
	const char *from, *subject, *text, *quoted, *attachment;
	const char *auto_submitted, *precedence, *list_id, *return_path;
	bool null_path, unsubscribe, suppress, spam, junk, own_sender;
	bool domain_word, person, unit;
	int own_letter, own_clue;
	enum report_kind report;
	uint32_t defects;
	enum mail_kind kind;
	bool may_answer;
};

static const char * or (const char *s, const char *dflt)
{
	return s != NULL ? s : dflt;
}

static void
make(const struct sample *c, struct message *m, struct attachment *att)
{
	memset(m, 0, sizeof(*m));
	memset(att, 0, sizeof(*att));
	m->from.name = m->sender.name = m->sender.addr = "";
	m->reply_to.name = m->reply_to.addr = "";
	m->from.addr = or (c->from, "somebody@mail.example");
	m->subject = or (c->subject, "");
	m->text = or (c->text, "");
	m->quoted = or (c->quoted, "");
	m->signature = m->charset = m->lost = m->message_id = "";
	m->in_reply_to = "";
	m->defects = c->defects;
	if (c->attachment != NULL) {
		att->name = c->attachment;
		att->type = att->type_claimed = att->link = "";
		m->attachments = att;
		m->n_attachments = 1;
	}
	m->signs.return_path =
	    or (c->return_path, c->null_path ? "" : m->from.addr);
	m->signs.return_path_empty = c->null_path;
	m->signs.auto_submitted = or (c->auto_submitted, "");
	m->signs.precedence = or (c->precedence, "");
	m->signs.list_id = or (c->list_id, "");
	m->signs.list_unsubscribe = c->unsubscribe;
	m->signs.auto_suppress = c->suppress;
	m->signs.spam_verdict = c->spam;
	m->signs.spam_why = m->signs.auth_results = m->signs.mailer = "";
	m->signs.report = c->report;
	m->signs.report_status = m->signs.report_action = "";
	m->signs.report_recipient = m->signs.report_message_id = "";
	m->signs.report_diagnostic = "";
}

#define TIP .kind = KIND_TIP
#define OK .may_answer = true

static const struct sample samples[] = {
    {"a plain tip", .text = "渣土车半夜倾倒", .domain_word = true, TIP, OK},
    {"no words of the rules", .text = "我家楼下很吵", TIP, OK},
    {"a subject only", .subject = "中山路有人强占道路摆摊", TIP, OK},
    {"a photo only", .attachment = "IMG_1.jpg", TIP, OK},
    {"a forward only", .subject = "转发：", .quoted = "渣土车照片", TIP, OK},
    {"text that could not be decoded", .defects = DEFECT_CHARSET_LOST, TIP, OK},
    {"odd headers of a client", .text = "举报", .precedence = "normal",
	.auto_submitted = "no", TIP, OK},
    {"suppress asked by a company's server", .text = "举报占道",
	.suppress = true, TIP, .may_answer = false},
    {"list-unsubscribe alone is no list", .text = "举报占道",
	.unsubscribe = true, TIP, .may_answer = false},
    {"list-id alone is no list", .text = "举报占道", .list_id = "a.example",
	TIP, .may_answer = false},
    {"precedence bulk alone is no list", .text = "渣土车", .precedence = "bulk",
	.domain_word = true, TIP, .may_answer = false},
    {"a hotline's system passes a tip on", .from = "noreply@hotline.example",
	.auto_submitted = "auto-generated", .text = "占道经营扰民",
	.domain_word = true, TIP, .may_answer = false},
    {"null path, nothing else", .null_path = true, .text = "有人强占道路", TIP,
	.may_answer = false},
    {"a tip about automatic answers", .subject = "自动回复骗人，没人管",
	.text = "投诉", TIP, OK},
    {"a person forwards a bounce", .report = REPORT_DELIVERY,
	.text = "上次发的信被退回，再发一次", TIP, .may_answer = false},
    {"a tip in the junk folder", .junk = true, .text = "渣土车",
	.domain_word = true, TIP, OK},
    {"a plea in the junk folder", .junk = true, .text = "我要举报楼下", TIP,
	OK},
    {"called spam, but with a domain's word", .spam = true, .text = "渣土车",
	.domain_word = true, TIP, .may_answer = false},
    {"answers no clue", .own_letter = 3, .text = "还有一件事", TIP, OK},
    {"our own address without a sign", .own_sender = true, .text = "转群众来信",
	TIP, OK},
    {"a roster person reports something new", .person = true,
	.text = "东园路有人强行收摊位费", .domain_word = true, TIP, OK},
    {"a unit writes, but no report", .unit = true, .text = "请协助", TIP, OK},

    {"spam by verdict", .spam = true, .text = "代开发票", .kind = KIND_SPAM},
    {"spam by folder", .junk = true, .text = "特价机票", .kind = KIND_SPAM, OK},
    {"an officer's reply in the junk folder", .junk = true, .person = true,
	.own_letter = 5, .own_clue = 2, .text = "签收", .kind = KIND_REPLY, OK},
    {"a follow-up in the junk folder", .junk = true, .own_letter = 5,
	.own_clue = 2, .text = "又来了", .kind = KIND_FOLLOWUP, OK},

    {"nothing at all", .kind = KIND_EMPTY, OK},
    {"blanks", .text = " \n　\t", .subject = "（无主题）", .kind = KIND_EMPTY,
	OK},
    {"an answer without a word", .subject = "回复：收到您的来信",
	.own_letter = 5, .own_clue = 2, .quoted = "您的来信",
	.kind = KIND_EMPTY, OK},

    {"a further mail", .own_letter = 5, .own_clue = 2, .text = "今晚又来了",
	.kind = KIND_FOLLOWUP, OK},
    {"a further photo", .own_letter = 5, .own_clue = 2, .attachment = "1.jpg",
	.kind = KIND_FOLLOWUP, OK},

    {"an officer's reply", .person = true, .own_letter = 5, .own_clue = 2,
	.text = "已经去看过", .kind = KIND_REPLY, OK},
    {"a command without a thread", .person = true, .text = "　签收",
	.kind = KIND_REPLY, OK},
    {"an English command", .person = true, .text = "Accept\n",
	.kind = KIND_REPLY, OK},
    {"thread lost by webmail", .person = true, .subject = "回复：线索交办",
	.text = "已核实", .kind = KIND_REPLY, OK},
    {"the number in the subject", .person = true, .text = "见附件",
	.subject = "LY-2026-000123 的情况", .kind = KIND_REPLY, OK},
    {"a unit's officer replies on a clue", .person = true, .unit = true,
	.own_letter = 5, .own_clue = 2, .text = "反馈：见报告",
	.attachment = "核查报告.docx", .kind = KIND_REPLY, OK},

    {"a unit's report by subject", .unit = true, .subject = "10月份月报表",
	.text = "请查收", .kind = KIND_UNIT_REPORT, OK},
    {"a unit's report by attachment", .unit = true, .subject = "环卫所",
	.attachment = "扫黑除恶开展情况统计表.xlsx", .kind = KIND_UNIT_REPORT,
	OK},
    {"a report in answer to the reminder", .unit = true, .own_letter = 9,
	.subject = "回复：报送提醒", .attachment = "月报.docx",
	.kind = KIND_UNIT_REPORT, OK},
    {"a citizen speaks of reports", .text = "他们的月报是假的", TIP, OK},

    {"a bounce", .from = "MAILER-DAEMON@mx.example", .null_path = true,
	.report = REPORT_DELIVERY, .text = "undeliverable",
	.kind = KIND_BOUNCE},
    {"a bounce with a letter of ours", .from = "system@mx.example",
	.own_letter = 8, .report = REPORT_DELIVERY, .kind = KIND_BOUNCE},
    {"a bounce that quotes a domain's words", .from = "postmaster@mx.example",
	.report = REPORT_DELIVERY, .domain_word = true, .text = "渣土运输线索",
	.kind = KIND_BOUNCE},

    {"a vacation", .auto_submitted = "auto-replied", .text = "休假中",
	.kind = KIND_AUTO},
    {"a vacation that quotes our notice", .auto_submitted = "auto-replied",
	.own_letter = 5, .own_clue = 2, .domain_word = true,
	.text = "渣土运输线索已收到", .person = true, .kind = KIND_AUTO},
    {"a vacation by its subject", .subject = "自动回复：线索交办",
	.own_letter = 5, .own_clue = 2, .text = "你好，邮件已收到",
	.kind = KIND_AUTO},
    {"the same in English", .subject = "Automatic reply: notice",
	.person = true, .own_letter = 5, .kind = KIND_AUTO},
    {"brackets round it", .subject = "【自动回复】你好", .kind = KIND_AUTO},
    {"an officer's out-of-office with a null path", .null_path = true,
	.person = true, .own_letter = 5, .text = "我在外出差",
	.kind = KIND_AUTO},
    {"a read receipt", .report = REPORT_DISPOSITION, .own_letter = 5,
	.kind = KIND_AUTO},
    {"a feedback report", .report = REPORT_FEEDBACK, .kind = KIND_AUTO},
    {"precedence auto_reply", .precedence = "auto_reply", .text = "收到",
	.kind = KIND_AUTO},
    {"a provider's notice", .from = "no-reply@provider.example",
	.text = "您的邮箱容量不足", .kind = KIND_AUTO},
    {"a mail system without a report", .from = "Postmaster@mx.example",
	.text = "virus removed", .kind = KIND_AUTO},
    {"our own letter comes back", .own_sender = true,
	.auto_submitted = "auto-generated", .domain_word = true,
	.text = "渣土运输", .kind = KIND_AUTO},

    {"out of office, not closed by a colon", .person = true,
	.subject = "Out of office until Monday Re: notice", .text = "Back soon",
	.kind = KIND_AUTO},
    {"a Polish vacation", .subject = "[Automatyczna odpowiedź] test",
	.text = "Dzień dobry", .kind = KIND_AUTO},
    {"a Russian one", .subject = "Автоматический ответ: notice",
	.text = "В отпуске", .kind = KIND_AUTO},
    {"a Japanese one", .subject = "自動返信：督办通知", .text = "出張中です",
	.kind = KIND_AUTO},
    {"Notes' out of office", .text = "I will return on 2026-11-02.",
	.subject = "AUTO: Smith, John is out of the office. (returning 2.11.)",
	.kind = KIND_AUTO},
    {"a receipt in words that repeats our subject",
	.subject = "已读：线索交办（渣土运输）", .own_letter = 5, .own_clue = 2,
	.text = "您的邮件已于 2026-10-30 被收件人阅读，已阅读。",
	.domain_word = true, .kind = KIND_AUTO},
    {"a receipt in English", .subject = "Read: notice",
	.text = "Your message was read on Friday.", .kind = KIND_AUTO},
    {"a challenge", .subject = "RE: notice",
	.text = "This account is protected. Click http://v.example/1 to have "
		"your address added to the allowed list.",
	.kind = KIND_AUTO},

    {"a tip that begins with 已读", .text = "已读了你们的通告，我要举报夜间偷倒。",
	.subject = "已读", TIP, OK},
    {"a tip that speaks of an answering machine",
	.subject = "自动回复之后没有人管", .text = "打了三次电话，还是有人收摊位费",
	TIP, OK},
    {"an answer to an automatic answer", .subject = "Re: 自动回复：来信已收到",
	.text = "楼下又开始施工了", TIP, OK},
    {"a tip that quotes a verification link",
	.text = "网站要我打开 http://a.example 完成 sender verification 才能举报",
	TIP, OK},
    {"a tip to an office whose mailbox is a group", .list_id = "tips.example",
	.precedence = "list", .domain_word = true,
	.text = "我要举报有人强占道路收摊位费", TIP, .may_answer = false},

    {"a newsletter", .list_id = "news.example", .unsubscribe = true,
	.text = "本周要闻", .kind = KIND_LIST},
    {"a mailing list", .list_id = "dev.example", .precedence = "list",
	.text = "patch", .kind = KIND_LIST},
    {"a newsletter with a domain's word", .list_id = "news.example",
	.precedence = "bulk", .domain_word = true, .text = "渣土整治",
	.kind = KIND_LIST},
    {"an officer through a list", .list_id = "office.example", .person = true,
	.precedence = "list", .text = "签收", .own_letter = 5,
	.kind = KIND_REPLY},
};

static void
test_kinds(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		const struct sample *c = &samples[i];
		struct intake_facts f = {.junk = c->junk,
		    .person = c->person ? 1 : -1,
		    .unit = c->unit ? 1 : -1,
		    .own_letter = c->own_letter,
		    .own_clue = c->own_clue,
		    .own_sender = c->own_sender,
		    .domain_word = c->domain_word};
		struct attachment att;
		struct message m;
		const char *why = NULL;
		enum mail_kind kind;

		make(c, &m, &att);
		kind = intake_classify(&m, &f, &why);
		if (kind != c->kind)
			fail_msg("%s: %s (%s), not %s", c->what,
			    intake_kind_name(kind), why,
			    intake_kind_name(c->kind));
		assert_non_null(why);
		assert_true(why[0] != '\0');
		if (intake_may_answer(&m) != c->may_answer)
			fail_msg(
			    "%s: may be answered: %d", c->what, !c->may_answer);
	}
}

static void
test_no_sender(void **state)
{
	struct sample c = {"", .from = "", .text = "渣土车"};
	struct attachment att;
	struct message m;

	(void)state;
	make(&c, &m, &att);
	assert_false(intake_may_answer(&m));
}

static void
test_names(void **state)
{
	(void)state;
	for (int k = 0; k < KIND_COUNT; k++) {
		assert_true(intake_kind_name((enum mail_kind)k)[0] != '\0');
		assert_int_equal(
		    intake_kind_by_name(intake_kind_name((enum mail_kind)k)),
		    k);
	}
	assert_string_equal(intake_kind_name(KIND_SPAM), "suspected-spam");
	assert_int_equal(intake_kind_by_name("nothing"), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_kinds),
	    cmocka_unit_test(test_no_sender),
	    cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
