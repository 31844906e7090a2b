/* SPDX-License-Identifier: ISC */
#include "parse/text.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"

/* ---- tidy ----------------------------------------------------------- */

uint32_t
text_tidy_cp(uint32_t cp)
{
	if (cp == UINT32_MAX)
		return 0xfffd;
	if (cp == '\t')
		return cp;
	if (cp == '\n' || cp == 0x0b || cp == 0x0c || cp == 0x85 ||
	    cp == 0x2028 || cp == 0x2029)
		return '\n';
	if (cp == 0xa0)
		return ' ';
	/* Invisible: soft hyphen, zero-width space, word joiner, tags. */
	if (cp == 0xad || cp == 0x200b || cp == 0x2060 ||
	    (cp >= 0xe0000 && cp <= 0xe007f))
		return 0;
	return cp_printable(cp) ? cp : 0;
}

static size_t
plain_run(const char *p, const char *end)
{
	const char *q = p;

	while (q < end && *q >= 0x20 && *q < 0x7f)
		q++;
	return (size_t)(q - p);
}

/* Adds as much as fits; false when something did not. */
static bool
add_within(struct buf *out, size_t limit, const char *p, size_t len)
{
	size_t room = limit - out->len;

	buf_add(out, p, len <= room ? len : utf8_cut(p, len, room));
	return len <= room;
}

int
text_tidy(
    const char *text, size_t len, size_t max, struct buf *out, bool *cut_out)
{
	const char *p = text, *end = text + len;
	size_t limit = out->len + max, n;
	bool fits = true;
	char utf8[4];
	uint32_t cp;

	while (p < end && fits && !buf_bad(out)) {
		n = plain_run(p, end);
		fits = add_within(out, limit, p, n);
		p += n;
		if (p == end || !fits)
			break;
		if (*p == '\r') {
			/* "\r\r\n" comes from twice-converted line ends. */
			while (p < end && *p == '\r')
				p++;
			p += p < end && *p == '\n';
			fits = add_within(out, limit, "\n", 1);
			continue;
		}
		p += utf8_next(p, end, &cp);
		cp = text_tidy_cp(cp);
		n = cp == 0 ? 0 : utf8_put(cp, utf8);
		fits = add_within(out, limit, utf8, n);
	}
	if (!fits && cut_out != NULL)
		*cut_out = true;
	return buf_bad(out) ? -1 : 0;
}

/* ---- format=flowed -------------------------------------------------- */

/* One line of a flowed text, RFC 3676 section 4. */
struct flowed {
	size_t depth; /* quote marks */
	const char *text;
	size_t len;
	bool soft; /* goes on in the next line */
	bool sign; /* "-- ", neither soft nor ever joined */
};

static const char *
read_flowed(const char *p, const char *end, struct flowed *line)
{
	const char *nl = memchr(p, '\n', (size_t)(end - p));
	const char *to = nl != NULL ? nl : end, *q = p;

	while (q < to && *q == '>')
		q++;
	line->depth = (size_t)(q - p);
	q += q < to && *q == ' ';
	line->text = q;
	line->len = (size_t)(to - q);
	line->sign = line->len == 3 && memcmp(q, "-- ", 3) == 0;
	line->soft = line->len > 0 && q[line->len - 1] == ' ' && !line->sign;
	return nl != NULL ? nl + 1 : end;
}

bool
text_is_cjk(uint32_t cp)
{
	return (cp >= 0x2e80 && cp < 0xac00) || (cp >= 0xf900 && cp < 0xfb00) ||
	       (cp >= 0xfe30 && cp < 0xfe50) || (cp >= 0xff00 && cp < 0xfff0) ||
	       (cp >= 0x20000 && cp < 0x40000);
}

static bool
starts_in_cjk(const char *p, const char *end)
{
	uint32_t cp;

	if (p >= end)
		return false;
	(void)utf8_next(p, end, &cp);
	return (cp >= 0x2e80 && cp < 0xac00) || (cp >= 0xf900 && cp < 0xfb00) ||
	       (cp >= 0xfe30 && cp < 0xfe50) || (cp >= 0xff00 && cp < 0xfff0) ||
	       (cp >= 0x20000 && cp < 0x40000);
}

static bool
ends_in_cjk(const struct buf *b)
{
	size_t n = 1;

	while (n < 4 && n < b->len && (b->data[b->len - n] & 0xc0) == 0x80)
		n++;
	return b->len >= n &&
	       starts_in_cjk(b->data + b->len - n, b->data + b->len);
}

/* Takes the blank off the end that the soft break stands behind, where it is no
 * part of the text: by DelSp, or between two Chinese characters. */
static void
join_soft(struct buf *out, bool delsp, const struct flowed *next)
{
	if (out->len == 0 || out->data[out->len - 1] != ' ')
		return;
	buf_cut(out, out->len - 1);
	if (!delsp && !(ends_in_cjk(out) &&
			  starts_in_cjk(next->text, next->text + next->len)))
		buf_addc(out, ' ');
}

/* Starts a line: quote marks again, and the stuffed blank where the text would
 * look like a quote without it. */
static void
start_line(struct buf *out, const struct flowed *line)
{
	for (size_t i = 0; i < line->depth; i++)
		buf_addc(out, '>');
	if (line->depth > 0 || (line->len > 0 && line->text[0] == '>'))
		buf_addc(out, ' ');
}

int
text_unflow(const char *text, size_t len, bool delsp, struct buf *out)
{
	const char *p = text, *end = text + len;
	struct flowed line, before = {0};
	bool open = false; /* the line before was soft */

	while (p < end) {
		p = read_flowed(p, end, &line);
		if (open && line.depth == before.depth && !line.sign) {
			join_soft(out, delsp, &line);
		} else {
			if (open)
				buf_addc(out, '\n');
			start_line(out, &line);
		}
		buf_add(out, line.text, line.len);
		open = line.soft;
		if (!open)
			buf_addc(out, '\n');
		before = line;
	}
	return buf_bad(out) ? -1 : 0;
}
