/* SPDX-License-Identifier: ISC */
#ifndef PARSE_SPLIT_SIGNS_H
#define PARSE_SPLIT_SIGNS_H

#include <stdbool.h>
#include <stddef.h>

/* What a single line of a mail's text says about its neighbourhood.  Lines
 * come without their end and with the blanks at both ends taken off. */

/* The words of mailers over quoted text that goes on to the end:
 * "------------------ 原始邮件 ------------------", "---- 回复的原邮件 ----",
 * "-----Original Message-----", "Begin forwarded message:" … */
bool signs_is_divider(const char *line, size_t len);
/* Nothing but dashes, underlines and the like. */
bool signs_is_rule(const char *line, size_t len);
/* The same words without dashes; they count only above repeated headers. */
bool signs_is_caption(const char *line, size_t len);
/* "On … wrote:", "在 … 写道：", "… 于2026年1月2日周五 10:20写道：": ends so,
 * and has a date or an address in it. */
bool signs_is_attribution(const char *line, size_t len);
/* In whatever language, right above a quote: names an address and ends in a
 * colon. */
bool signs_is_introduction(const char *line, size_t len);
/* Whether more text may follow an attribution that was wrapped. */
bool signs_may_be_attribution(const char *line, size_t len);

enum header_label {
	LABEL_NONE,
	LABEL_FROM,
	LABEL_DATE,
	LABEL_TO,
	LABEL_CC,
	LABEL_SUBJECT,
};
/* The header that a line like "发件人：张三" or "*Sent:* Monday" repeats. */
enum header_label signs_header(const char *line, size_t len);

/* A line that a phone or mail program puts under everything: "发自我的iPhone",
 * "从 Windows 版邮件发送", "Sent from my Galaxy". */
bool signs_is_footer(const char *line, size_t len);
/* Nothing but a mail address. */
bool signs_is_address(const char *line, size_t len);
/* The footer of NetEase's card, which stands under a frame of bars. */
bool signs_is_card_footer(const char *line, size_t len);
/* The start of a legal notice. */
bool signs_is_disclaimer(const char *line, size_t len);
/* "转发", "FYI": words that say nothing of their own. */
bool signs_is_forward_word(const char *line, size_t len);

#endif
