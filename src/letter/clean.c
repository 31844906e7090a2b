/* SPDX-License-Identifier: ISC */
#include "letter/clean.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */
#define ELLIPSIS "\xe2\x80\xa6"    /* U+2026 */

enum kind { KIND_KEEP, KIND_LINE, KIND_BLANK, KIND_BAD, KIND_DROP };

static enum kind
kind_of(uint32_t cp)
{
	/* LF VT FF CR NEL LS PS */
	if ((cp >= 0x0a && cp <= 0x0d) || cp == 0x85 || cp == 0x2028 ||
	    cp == 0x2029)
		return KIND_LINE;
	if (cp == ' ' || cp == '\t' || cp == 0xa0)
		return KIND_BLANK;
	if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0))
		return KIND_BAD;
	/* Noncharacters, and what utf8_next() could not read. */
	if ((cp & 0xfffe) == 0xfffe || (cp >= 0xfdd0 && cp <= 0xfdef))
		return KIND_BAD;
	/* Zero-width blanks, annotations, tags: text nobody sees. */
	if (cp == 0x200b || (cp >= 0x2060 && cp <= 0x206f) ||
	    (cp >= 0xfff9 && cp <= 0xfffb) || (cp >= 0xe0000 && cp <= 0xe007f))
		return KIND_DROP;
	return cp_printable(cp) ? KIND_KEEP : KIND_DROP;
}

/* Bytes from s that stay as they are: ASCII from `least` on, and the blocks of
 * Chinese texts (U+3000 to U+9FFF, U+FF00 to U+FF7F). */
static size_t
plain_run(const char *s, const char *end, char least)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t len = (size_t)(end - s), n = 0;

	for (;;) {
		if (len - n >= 3 &&
		    ((p[n] >= 0xe3 && p[n] <= 0xe9) ||
			(p[n] == 0xef && (p[n + 1] & 0xfe) == 0xbc)) &&
		    (p[n + 1] & 0xc0) == 0x80 && (p[n + 2] & 0xc0) == 0x80)
			n += 3;
		else if (n < len && s[n] >= least && s[n] <= '~')
			n++;
		else
			return n;
	}
}

/* Adds characters and, before them, the blank that is owed. */
static void
add_characters(struct buf *out, size_t start, bool *owed, const char *s,
    size_t len)
{
	if (*owed && out->len > start)
		buf_addc(out, ' ');
	*owed = false;
	buf_add(out, s, len);
}

static void
cut(struct buf *out, size_t start, size_t max)
{
	size_t len = out->len - start;

	if (len <= max)
		return;
	max = max > sizeof(ELLIPSIS) ? max - (sizeof(ELLIPSIS) - 1) : 0;
	buf_cut(out, start + utf8_cut(out->data + start, len, max));
	buf_adds(out, ELLIPSIS);
}

void
clean_line(struct buf *out, const char *s, size_t max)
{
	const char *end = s + strlen(s);
	size_t start = out->len, n;
	bool owed = false;
	uint32_t cp;

	for (; s < end && out->len - start <= max && !buf_bad(out); s += n) {
		n = plain_run(s, end, '!');
		if (n > 0) {
			add_characters(out, start, &owed, s, n);
			continue;
		}
		n = utf8_next(s, end, &cp);
		switch (kind_of(cp)) {
		case KIND_KEEP:
			add_characters(out, start, &owed, s, n);
			break;
		case KIND_BAD:
			if (cp >= 0xa0) {
				add_characters(out, start, &owed, REPLACEMENT,
				    sizeof(REPLACEMENT) - 1);
				break;
			}
			/* FALLTHROUGH */
		case KIND_LINE:
		case KIND_BLANK:
			owed = true;
			break;
		case KIND_DROP:
			break;
		}
	}
	if (!buf_bad(out))
		cut(out, start, max);
}

/* Length of the line end at s: CR LF is one. */
static size_t
line_end(const char *s, const char *end, size_t n)
{
	return s[0] == '\r' && s + 1 < end && s[1] == '\n' ? 2 : n;
}

static void
trim_end(struct buf *out, size_t start, const char *what)
{
	size_t len = out->len;

	while (len > start && strchr(what, out->data[len - 1]) != NULL)
		len--;
	buf_cut(out, len);
}

void
clean_block(struct buf *out, const char *s)
{
	const char *end = s + strlen(s);
	size_t start = out->len, n;
	uint32_t cp;

	for (; s < end && !buf_bad(out); s += n) {
		n = plain_run(s, end, ' ');
		if (n > 0) {
			buf_add(out, s, n);
			continue;
		}
		n = utf8_next(s, end, &cp);
		switch (kind_of(cp)) {
		case KIND_KEEP:
			buf_add(out, s, n);
			break;
		case KIND_BLANK:
			buf_addc(out, cp == '\t' ? '\t' : ' ');
			break;
		case KIND_LINE:
			n = line_end(s, end, n);
			trim_end(out, start, " \t");
			if (out->len > start)
				buf_addc(out, '\n');
			break;
		case KIND_BAD:
			buf_adds(out, REPLACEMENT);
			break;
		case KIND_DROP:
			break;
		}
	}
	trim_end(out, start, " \t\n");
}
