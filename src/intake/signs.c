/* SPDX-License-Identifier: ISC */
#include "intake/signs.h"

#include <string.h>

#include <utf8proc.h>

#include "base/str.h"
#include "parse/message.h"

#define LENGTH(list) (sizeof(list) / sizeof(*(list)))

static bool
in_list(const char *s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_ieq(s, list[i]))
			return true;
	return false;
}

static bool
contains_any(const char *s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_icontains(s, list[i]) != NULL)
			return true;
	return false;
}

/* The local part of an address equals one of the list. */
static bool
local_part_in(const char *addr, const char *const *list, size_t n)
{
	const char *at = strrchr(addr, '@');
	size_t len = at == NULL ? strlen(addr) : (size_t)(at - addr);

	for (size_t i = 0; i < n; i++)
		if (strlen(list[i]) == len && str_istarts(addr, list[i]))
			return true;
	return false;
}

bool
sign_own_program(const struct message *m)
{
	return strcmp(m->signs.mailer, "clued") == 0 && sign_auto_submitted(m);
}

bool
sign_auto_submitted(const struct message *m)
{
	const char *s = m->signs.auto_submitted;

	return s[0] != '\0' && !str_ieq(s, "no");
}

bool
sign_bulk(const struct message *m)
{
	static const char *const list[] = {"bulk", "list", "junk"};

	return in_list(m->signs.precedence, list, LENGTH(list));
}

bool
sign_daemon_sender(const struct message *m)
{
	static const char *const list[] = {"mailer-daemon", "mailerdaemon",
	    "mailer_daemon", "postmaster", "post_master", "mail-daemon",
	    "maildaemon", "mdaemon", "mail.delivery.system"};

	return local_part_in(m->from.addr, list, LENGTH(list)) ||
	       local_part_in(m->signs.return_path, list, LENGTH(list));
}

bool
sign_no_reply_sender(const struct message *m)
{
	static const char *const list[] = {"noreply", "no-reply", "no_reply",
	    "no.reply", "donotreply", "do-not-reply", "do_not_reply",
	    "notreply", "bounce", "bounces"};

	return local_part_in(m->from.addr, list, LENGTH(list));
}

static bool
is_report_name(const char *s)
{
	static const char *const list[] = {"月报", "报表", "统计表", "汇总表",
	    "登记表", "月度报告", "工作报告", "情况报告", "自查报告",
	    "进展报告", "总结报告", "月總結", "月总结", "工作总结", "月度总结",
	    "开展情况", "工作情况", "零报告", "台账", "monthly report"};

	return contains_any(s, list, LENGTH(list));
}

bool
sign_report_name(const struct message *m)
{
	if (is_report_name(m->subject))
		return true;
	for (size_t i = 0; i < m->n_attachments; i++)
		if (is_report_name(m->attachments[i].name))
			return true;
	return false;
}

bool
sign_command(const struct message *m)
{
	static const char *const list[] = {"签收", "反馈", "退回", "转办",
	    "延期", "挂账", "移送", "查实", "查否", "不属于", "回避", "帮助",
	    "分派", "改域", "同意延期", "不同意延期", "办结复核", "查询",
	    "accept", "feedback", "return", "reassign", "extend", "suspend",
	    "transfer", "substantiated", "unsubstantiated", "not-applicable",
	    "recuse", "help"};
	const char *s = m->text;

	s += strspn(s, " \t\r\n");
	while (str_starts(s, "　")) /* ideographic space */
		s += strlen("　");
	for (size_t i = 0; i < LENGTH(list); i++)
		if (str_istarts(s, list[i]))
			return true;
	return false;
}

const char *
signs_skip(const char *s, const char *const *list)
{
	for (size_t i = 0; list[i] != NULL;) {
		if (str_istarts(s, list[i])) {
			s += strlen(list[i]);
			i = 0;
		} else {
			i++;
		}
	}
	return s;
}

static const char *
skip_reply_marks(const char *s)
{
	static const char *const list[] = {"re:", "re：", "回复:", "回复：",
	    "答复:", "答复：", "回覆:", "回覆：", "回:", "回：",
	    "转发:", "转发：", "fw:", "fw：", "fwd:", "fwd：",
	    "轉寄:", "aw:", " ", NULL};

	return signs_skip(s, list);
}

/* LY-2026-000123: capitals, a year, three digits or more. */
static bool
names_clue(const char *s)
{
	for (const char *p = strstr(s, "-20"); p != NULL;
	     p = strstr(p + 1, "-20")) {
		size_t n = strspn(p + 1, "0123456789");

		if (p > s && p[-1] >= 'A' && p[-1] <= 'Z' && n == 4 &&
		    p[5] == '-' && strspn(p + 6, "0123456789") >= 3)
			return true;
	}
	return false;
}

bool
sign_answers(const struct message *m)
{
	static const char *const list[] = {"re:", "re：", "回复:", "回复：",
	    "答复:", "答复：", "回覆:", "回覆：", "回:", "回："};

	for (size_t i = 0; i < LENGTH(list); i++)
		if (str_istarts(m->subject, list[i]))
			return true;
	return names_clue(m->subject);
}

bool
sign_has_text(const char *s)
{
	const char *end = s + strlen(s);
	uint32_t cp;

	while (s < end) {
		s += utf8_next(s, end, &cp);
		if (cp == UINT32_MAX)
			continue;
		switch (utf8proc_category((utf8proc_int32_t)cp)) {
		case UTF8PROC_CATEGORY_LU:
		case UTF8PROC_CATEGORY_LL:
		case UTF8PROC_CATEGORY_LT:
		case UTF8PROC_CATEGORY_LM:
		case UTF8PROC_CATEGORY_LO:
		case UTF8PROC_CATEGORY_ND:
		case UTF8PROC_CATEGORY_NL:
		case UTF8PROC_CATEGORY_NO:
			return true;
		default:
			break;
		}
	}
	return false;
}

bool
sign_has_subject(const struct message *m)
{
	static const char *const list[] = {"无主题", "(无主题)", "（无主题）",
	    "無主旨", "no subject", "(no subject)", "<no subject>", "none",
	    "无标题", "来自手机", "新邮件", "发自我的iphone"};
	const char *s = skip_reply_marks(m->subject);

	return sign_has_text(s) && !in_list(s, list, LENGTH(list));
}

static bool
is_plea(const char *s)
{
	static const char *const list[] = {"举报", "投诉", "反映", "检举",
	    "控告", "线索", "求助", "扰民", "城管", "督办", "舉報", "投訴",
	    "反應", "檢舉"};

	return contains_any(s, list, LENGTH(list));
}

bool
sign_plea_text(const struct message *m)
{
	return is_plea(m->text);
}

bool
sign_plea(const struct message *m)
{
	return is_plea(m->subject) || is_plea(m->text);
}
