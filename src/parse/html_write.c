/* SPDX-License-Identifier: ISC */
#include "parse/html_write.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "parse/html_token.h"
#include "parse/text.h"

/* Line ends in a row; a page of <br> is one gap. */
#define LINE_ENDS_MAX 3
/* Tabs in a row; layout tables have dozens of empty cells. */
#define CELLS_MAX 8

void
html_write_init(struct html_writer *w, struct buf *out, size_t max)
{
	/* The beginning is as good as after a blank line. */
	*w = (struct html_writer){.out = out,
	    .start = out->len,
	    .limit = out->len + max,
	    .line_end = LINE_ENDS_MAX};
}

static void
put(struct html_writer *w, const char *text, size_t len)
{
	size_t room = w->limit - w->out->len;

	if (w->cut)
		return;
	w->cut = len > room;
	buf_add(w->out, text, utf8_cut(text, len, room));
	w->cut |= buf_bad(w->out);
}

/* Takes blanks off the end of the line; a line of nothing else (&nbsp;) is as
 * empty as if it had never been begun. */
static void
trim_line(struct html_writer *w)
{
	struct buf *out = w->out;
	size_t len = out->len;

	while (len > w->start &&
	       (out->data[len - 1] == ' ' || out->data[len - 1] == '\t'))
		len--;
	buf_cut(out, len);
	while (w->line_end < LINE_ENDS_MAX && len > w->start &&
	       out->data[len - 1] == '\n') {
		w->line_end++;
		len--;
	}
	if (len == w->start)
		w->line_end = LINE_ENDS_MAX;
}

static void
put_line_end(struct html_writer *w)
{
	if (w->line_end == 0)
		trim_line(w);
	if (w->line_end < LINE_ENDS_MAX)
		put(w, "\n", 1);
	w->line_end++;
	w->blank = false;
	w->last = '\n';
}

/* Writes what was asked for in front of the character cp. */
static void
settle(struct html_writer *w, uint32_t cp)
{
	while (w->line_end < w->breaks && w->line_end < LINE_ENDS_MAX)
		put_line_end(w);
	for (; w->cells > 0 && w->line_end == 0; w->cells--) {
		put(w, "\t", 1);
		w->blank = false;
	}
	if (w->prefix[0] != '\0')
		put(w, w->prefix, strlen(w->prefix));
	else if (w->blank && w->line_end == 0 && w->last != ' ' &&
		 !(w->blank_line && text_is_cjk(w->last) && text_is_cjk(cp)))
		put(w, " ", 1);
	w->prefix[0] = '\0';
	w->breaks = w->cells = 0;
	w->blank = w->blank_line = w->fresh = false;
	w->line_end = 0;
}

static void
put_cp(struct html_writer *w, uint32_t cp, bool preserve)
{
	bool hard = cp == 0xa0; /* a blank that does not collapse */
	char utf8[4];

	if ((cp == ' ' || cp == '\n' || cp == '\t' || cp == '\r') &&
	    !preserve) {
		w->blank_line |= cp == '\n' || cp == '\r';
		w->blank = true;
		return;
	}
	cp = text_tidy_cp(cp);
	if (cp == 0 || cp == '\r')
		return;
	if (cp == '\n') {
		html_write_line(w);
		return;
	}
	settle(w, cp);
	put(w, utf8, utf8_put(cp, utf8));
	w->last = hard ? 0xa0 : cp;
}

/* The run of printable ASCII without blanks and references at p. */
static size_t
word_run(const char *p, const char *end, bool plain)
{
	const char *q = p;

	while (q<end && * q> 0x20 && *q < 0x7f && (plain || *q != '&'))
		q++;
	return (size_t)(q - p);
}

/* A reference's characters are text, its blanks included: &nbsp;, &#32;. */
static void
put_entity(struct html_writer *w, const struct buf *text)
{
	const char *p = buf_str(text), *end = p + text->len;
	uint32_t cp;

	while (p < end) {
		p += utf8_next(p, end, &cp);
		put_cp(w, cp, cp == 0xa0);
	}
}

void
html_write_text(
    struct html_writer *w, const char *text, size_t len, unsigned how)
{
	bool preserve = (how & WRITE_PRESERVE) != 0;
	bool plain = (how & WRITE_PLAIN) != 0;
	BUF_AUTO struct buf entity = BUF_INIT;
	const char *p = text, *end = text + len;
	uint32_t cp;
	size_t n;

	while (p < end && !w->cut) {
		n = word_run(p, end, plain);
		if (n > 0) {
			settle(w, (unsigned char)*p);
			put(w, p, n);
			p += n;
			w->last = (unsigned char)p[-1];
			continue;
		}
		if (*p == '&' && !plain &&
		    (n = html_entity(p, end, &entity)) > 0) {
			put_entity(w, &entity);
			buf_clear(&entity);
			p += n;
			continue;
		}
		p += utf8_next(p, end, &cp);
		put_cp(w, cp, preserve || cp == 0xa0);
	}
}

void
html_write_break(struct html_writer *w, unsigned n)
{
	w->blank = false;
	if (w->fresh)
		return;
	w->breaks = w->breaks > n ? w->breaks : n;
}

void
html_write_line(struct html_writer *w)
{
	while (w->line_end < w->breaks && w->line_end < LINE_ENDS_MAX)
		put_line_end(w);
	w->breaks = 0;
	w->cells = 0;
	put_line_end(w);
}

void
html_write_row(struct html_writer *w)
{
	html_write_break(w, 1);
	w->cells = 0;
	w->row_start = w->out->len;
}

/* Blocks in a cell do not break the row: their line ends are forgotten at its
 * edges, unless the row's own is still to come. */
void
html_write_cell(struct html_writer *w)
{
	w->blank = false;
	if (w->out->len > w->row_start) {
		w->breaks = 0;
		w->cells += w->cells < CELLS_MAX;
	}
	w->fresh = true;
}

void
html_write_cell_end(struct html_writer *w)
{
	w->breaks = w->out->len > w->row_start ? 0 : 1;
	w->blank = false;
	w->fresh = false;
}

void
html_write_item(struct html_writer *w, const char *prefix)
{
	html_write_break(w, 1);
	(void)snprintf(w->prefix, sizeof(w->prefix), "%s", prefix);
	w->fresh = true;
}

void
html_write_item_end(struct html_writer *w)
{
	w->prefix[0] = '\0';
	w->fresh = false;
}

void
html_write_mark(struct html_writer *w, char mark)
{
	char text[2] = {mark, '\n'};

	w->fresh = false;
	w->cells = 0;
	w->prefix[0] = '\0';
	if (w->line_end == 0)
		put_line_end(w);
	put(w, text, 2);
	w->breaks = 0;
	w->blank = false;
	w->line_end = LINE_ENDS_MAX - 1;
	w->last = '\n';
}
