/* SPDX-License-Identifier: ISC */
#include "letter/render.h"

#include <string.h>

#include "base/buf.h"
#include "letter/expand.h"

/* Mail programs keep inline styles only. */
#define FONT "font-family:-apple-system,'PingFang SC','Microsoft YaHei'," \
	"'Noto Sans CJK SC',sans-serif;"
#define WRAP "word-break:break-word;overflow-wrap:anywhere;"

void
render_text(struct buf *out, const struct letter_lines *lines)
{
	size_t n;

	for (size_t i = 0; i < lines->n; i++) {
		for (const char *s = lines->list[i].text; *s != '\0'; s += n) {
			n = strcspn(s, "\n");
			buf_add(out, s, n);
			if (s[n] != '\n')
				continue;
			buf_adds(out, "\r\n");
			n++;
		}
		buf_adds(out, "\r\n");
	}
}

/* A blank at the start of a line or behind another one would be lost. */
static bool
blank_is_lost(const char *s, size_t i)
{
	return i == 0 || s[i - 1] == ' ' || s[i - 1] == '\n';
}

/* Bytes from s that stand for themselves: all of a Chinese text's. */
static size_t
plain_run(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && ((unsigned char)s[n] > '>' || s[n] == '.' ||
			      (s[n] >= '0' && s[n] <= '9')))
		n++;
	return n;
}

static void
add_escaped(struct buf *out, const char *s, size_t len)
{
	size_t n;

	for (size_t i = 0; i < len; i++) {
		n = plain_run(s + i, len - i);
		buf_add(out, s + i, n);
		i += n;
		if (i == len)
			return;
		switch (s[i]) {
		case '&':
			buf_adds(out, "&amp;");
			break;
		case '<':
			buf_adds(out, "&lt;");
			break;
		case '>':
			buf_adds(out, "&gt;");
			break;
		case '"':
			buf_adds(out, "&quot;");
			break;
		case '\'':
			buf_adds(out, "&#39;");
			break;
		case '\n':
			buf_adds(out, "<br>\r\n");
			break;
		case '\t':
			buf_adds(out, "&nbsp;&nbsp;&nbsp;&nbsp;");
			break;
		case ' ':
			buf_adds(out, blank_is_lost(s, i) ? "&nbsp;" : " ");
			break;
		default:
			buf_addc(out, s[i]);
		}
	}
}

static void
add_fact(struct buf *out, const struct letter_line *line)
{
	buf_adds(out, "<tr><td style=\"padding:5px 10px 5px 0;width:1%;"
	    "color:#666;vertical-align:top;white-space:nowrap\">");
	add_escaped(out, line->text, line->label_len);
	buf_addf(out, "</td><td style=\"padding:5px 0;vertical-align:top;"
	    "%s" WRAP "\">", line->strong ? "font-weight:bold;" : "");
	add_escaped(out, line->value, strlen(line->value));
	buf_adds(out, "</td></tr>\r\n");
}

static void
add_box(struct buf *out, const struct letter_line *line)
{
	buf_adds(out, "<div style=\"margin:6px 0 14px;padding:10px 12px;"
	    "background:#f5f6f7;color:#222;border-left:3px solid #9aa5b1;"
	    WRAP "\">");
	add_escaped(out, line->text, strlen(line->text));
	buf_adds(out, "</div>\r\n");
}

static void
open_run(struct buf *out, enum line_kind kind)
{
	if (kind == LINE_FACT)
		buf_adds(out, "<table role=\"presentation\" style=\"width:100%;"
		    "margin:6px 0 14px;border-collapse:collapse;"
		    "font-size:16px;line-height:1.5\">\r\n");
	else if (kind == LINE_TEXT)
		buf_adds(out, "<p style=\"margin:0 0 12px;" WRAP "\">");
	else if (kind == LINE_HEAD)
		buf_adds(out, "<p style=\"margin:16px 0 6px;font-weight:bold;"
		    WRAP "\">");
}

static void
close_run(struct buf *out, enum line_kind kind)
{
	if (kind == LINE_FACT)
		buf_adds(out, "</table>\r\n");
	else if (kind == LINE_TEXT || kind == LINE_HEAD)
		buf_adds(out, "</p>\r\n");
}

/* Facts in a row are one table, lines of text in a row one paragraph. */
static void
add_line(struct buf *out, const struct letter_line *line, bool first)
{
	if (line->kind == LINE_FACT) {
		add_fact(out, line);
	} else if (line->kind == LINE_BLOCK) {
		add_box(out, line);
	} else if (line->kind != LINE_BLANK) {
		if (!first)
			buf_adds(out, "<br>\r\n");
		add_escaped(out, line->text, strlen(line->text));
	}
}

void
render_html(struct buf *out, const char *title, bool priority,
    const struct letter_lines *lines)
{
	enum line_kind run = LINE_BLANK;
	bool first;

	buf_adds(out, "<!DOCTYPE html>\r\n<html lang=\"zh-CN\"><head>\r\n"
	    "<meta charset=\"utf-8\">\r\n<meta name=\"viewport\" "
	    "content=\"width=device-width, initial-scale=1\">\r\n<title>");
	add_escaped(out, title, strlen(title));
	buf_addf(out, "</title></head>\r\n<body style=\"margin:0;padding:0\">"
	    "\r\n<div style=\"max-width:640px;margin:0 auto;padding:14px 16px;"
	    "border-top:4px solid %s;" FONT "font-size:16px;line-height:1.6;"
	    "color:#222\">\r\n", priority ? "#c62828" : "#2f6db5");
	for (size_t i = 0; i < lines->n; i++) {
		first = lines->list[i].kind != run;
		if (first) {
			close_run(out, run);
			run = lines->list[i].kind;
			open_run(out, run);
		}
		add_line(out, &lines->list[i], first);
	}
	close_run(out, run);
	buf_adds(out, "</div>\r\n</body></html>\r\n");
}
