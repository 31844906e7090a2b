/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/buf.h"
#include "base/fold.h"
#include "base/str.h"
#include "follow/command_line.h"
#include "follow/command_words.h"

/* What follows a command: whom, how long, why. */

/* 重复 LY-…-13 LY-…-1: the first of two numbers is the clue itself. */
static bool
two_numbers(const struct reading *r, size_t i, size_t e)
{
	size_t n = command_number_at(r->f->s + i), k;

	if (n == 0 || i + n >= e)
		return false;
	k = line_skip(r, i + n, e, SEPARATORS "与和到入并");
	return k < e && command_number_at(r->f->s + k) > 0;
}

/* 5, 5个工作日, 十, 十五天 …: the days and the bytes; 0 = none. */
static size_t
days_at(const struct reading *r, size_t i, size_t e, uint32_t *out)
{
	static const char han[] = "零一二三四五六七八九";
	static const char *const units[] = {"个工作日", "个工作天", "工作日",
	    "个自然日", "天", "日", "个日", "days", "day", "d", "working days",
	    "working day", NULL};
	static const char *const other[] = {"月", "年", "周", "号", "点", "时",
	    "个月", "小时", ".", "-", "/", "个星期", "星期", "%", "week",
	    "month", NULL};
	size_t b = i, n;
	uint32_t days = 0, ten = 0;

	while (i < e && r->f->s[i] >= '0' && r->f->s[i] <= '9' && i - b < 4)
		days = days * 10 + (uint32_t)(r->f->s[i++] - '0');
	for (bool any = true; i < e && any &&
			      (i == b || days == 0 || ten > 0 ||
				  (unsigned char)r->f->s[b] >= 0x80);) {
		any = false;
		for (uint32_t d = 1; d < 10 && !any; d++)
			if (strncmp(r->f->s + i, han + 3 * d, 3) == 0) {
				days += d;
				any = true;
			}
		if (!any && line_at(r, i, "两")) {
			days += 2;
			any = true;
		} else if (!any && line_at(r, i, "十")) {
			days = (days == 0 ? 1 : days) * 10;
			ten = 1;
			any = true;
		}
		i += any ? 3 : 0;
	}
	if (i == b || days == 0 || days > 999)
		return 0;
	n = line_skip(r, i, e, " ");
	if (line_match(r, n, other) > 0)
		return 0;
	i = n + line_match(r, n, units);
	*out = days;
	return i - b;
}

static size_t
skip_reason(const struct reading *r, size_t i, size_t e)
{
	static const char *const words[] = {"理由是", "理由", "原因是", "原因",
	    "因为", "reason", "because", "由于", NULL};
	size_t n;

	i = line_skip(r, i, e, SEPARATORS "(");
	if ((n = line_match(r, i, words)) > 0)
		i = line_skip(r, i + n, e, SEPARATORS);
	return i;
}

static size_t
skip_linking(const struct reading *r, size_t i, size_t e)
{
	static const char *const words[] = {
	    "给", "由", "至", "到", "to ", "为", "请", "by ", "让", "交", NULL};
	size_t n;

	i = line_skip(r, i, e, SEPARATORS "(“\"[【");
	while ((n = line_match(r, i, words)) > 0)
		i = line_skip(r, i + n, e, SEPARATORS "(“\"[【");
	return i;
}

static void
read_verdict(struct reading *r, struct command *c, size_t i, size_t e)
{
	static const char *const no[] = {"不通过", "未通过", "不同意", "退回",
	    "不予通过", "不合格", "no", "reject", NULL};
	static const char *const yes[] = {
	    "通过", "同意", "合格", "无误", "yes", "pass", "ok", NULL};
	size_t n;

	i = line_skip(r, i, e, SEPARATORS);
	n = line_match(r, i, no);
	if (n == 0) {
		n = line_match(r, i, yes);
		c->passed = n > 0;
	}
	if (n == 0)
		c->flaw = COMMAND_NO_VERDICT;
	buf_adds(&r->text, line_copy(r, skip_reason(r, i + n, e), e));
}

/* What follows the verb on its line, by what the verb wants. */
void
line_read_rest(struct reading *r, struct command *c, size_t i, size_t e)
{
	enum command_wants wants = command_words[c->verb].wants;
	size_t b = line_skip(r, i, e, SEPARATORS), n = 0;

	if ((wants != WANTS_FIRST || two_numbers(r, b, e)) &&
	    (n = line_take_number(r, b, &c->number)) > 0)
		b = line_skip(r, b + n, e,
		    wants == WANTS_FIRST ? SEPARATORS "与和到入并"
					 : SEPARATORS);
	switch (wants) {
	case WANTS_PERSON:
	case WANTS_BODY:
	case WANTS_DOMAIN:
	case WANTS_FIRST:
		c->target = line_copy(r, skip_linking(r, b, e), e);
		return;
	case WANTS_DAYS:
		b = skip_linking(r, b, e);
		n = days_at(r, b, e, &c->days);
		b = skip_reason(r, b + n, e);
		break;
	case WANTS_MAYBE_DAYS:
		n = days_at(r, b, e, &c->days);
		b = skip_reason(r, b + n, e);
		break;
	case WANTS_VERDICT:
		read_verdict(r, c, b, e);
		return;
	default:
		b = skip_reason(r, b, e);
		break;
	}
	buf_adds(&r->text, line_copy(r, b, e));
}

bool
line_is_greeting(const struct reading *r, size_t i, size_t e)
{
	size_t n;

	while (i < e && ((n = line_match(r, i, command_greetings)) > 0 ||
			    (n = line_one_of(r, i, SEPARATORS)) > 0 ||
			    (n = line_picture_at(r, i, e)) > 0))
		i += n;
	return i >= e;
}

static bool
has_words(const char *s)
{
	const char *end = s + strlen(s);
	size_t n = 0;
	uint32_t cp;

	while (s < end) {
		s += utf8_next(s, end, &cp);
		n += cp > 0x2FFF && cp != 0x3001 && cp != 0x3002 && cp != 0x3000
			 ? 2
			 : cp >= '0' && cp < 0x80;
	}
	return n >= 2; /* one Han character, two of another script */
}

/* 谢谢！ and 辛苦了 are no reason. */
static bool
says_something(const char *text)
{
	struct reading r = {0};
	struct fold f;
	bool polite;

	if (!has_words(text) || fold_init(&f, text) < 0)
		return has_words(text);
	r.f = &f;
	polite = line_is_greeting(&r, 0, f.len);
	fold_done(&f);
	return !polite;
}

enum command_flaw
command_missing(const struct command *c)
{
	switch (command_words[c->verb].wants) {
	case WANTS_TEXT:
		return says_something(c->text) ? COMMAND_OK : COMMAND_NO_TEXT;
	case WANTS_PERSON:
		return c->target[0] != '\0' ? COMMAND_OK : COMMAND_NO_PERSON;
	case WANTS_BODY:
		return has_words(c->target) ? COMMAND_OK : COMMAND_NO_BODY;
	case WANTS_DOMAIN:
		return c->target[0] != '\0' ? COMMAND_OK : COMMAND_NO_DOMAIN;
	case WANTS_FIRST:
		return command_number_at(c->target) > 0 ? COMMAND_OK
							: COMMAND_NO_NUMBER;
	case WANTS_DAYS:
		if (c->days == 0)
			return COMMAND_NO_DAYS;
		return says_something(c->text) ? COMMAND_OK : COMMAND_NO_TEXT;
	case WANTS_VERDICT:
		return c->passed || says_something(c->text) ? COMMAND_OK
							    : COMMAND_NO_TEXT;
	default:
		return COMMAND_OK;
	}
}
