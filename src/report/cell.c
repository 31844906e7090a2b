/* SPDX-License-Identifier: ISC */
#include "report/cell.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"

/* Identity cards, telephones, QQ and bank accounts have more digits than any
 * other number in a tip; a mail address is as telling. */
#define MASK_DIGITS 7
#define MASK_KEEP 3
/* A subject shorter than this ("举报", "你好") says nothing. */
#define BRIEF_SUBJECT 6

/* Code points that no XML 1.0 document may hold, and non-characters. */
static bool
is_none(uint32_t cp)
{
	return (cp & 0xfffe) == 0xfffe || (cp >= 0xfdd0 && cp <= 0xfdef);
}

void
cell_clean(struct buf *out, const char *text)
{
	const char *end = text + strlen(text);
	bool after_cr = false;
	uint32_t cp;
	size_t n;

	for (; text < end; text += n) {
		n = utf8_next(text, end, &cp);
		if (cp == UINT32_MAX)
			buf_adds(out, "\xef\xbf\xbd");
		else if (cp == '\t' || cp == '\r' || cp == 0x2028 ||
			 cp == 0x2029 || (cp == '\n' && !after_cr))
			buf_addc(out, ' ');
		else if (cp_printable(cp) && !is_none(cp))
			buf_add(out, text, n);
		after_cr = cp == '\r';
	}
}

static bool
begins_formula(const char *text)
{
	const char *end = text + strlen(text);
	uint32_t cp = 0;

	while (text < end) {
		text += utf8_next(text, end, &cp);
		if (cp != ' ' && cp != 0xa0 && cp != 0x3000 &&
		    !(cp >= 0x2000 && cp <= 0x200f))
			break;
	}
	if (cp >= 0xff01 && cp <= 0xff5e)
		cp -= 0xff01 - '!';
	return cp == '=' || cp == '+' || cp == '-' || cp == '@' ||
	       cp == 0x2212; /* minus sign */
}

void
cell_csv(struct buf *out, const char *text)
{
	BUF_AUTO struct buf clean = BUF_INIT;

	cell_clean(&clean, text);
	if (buf_bad(&clean))
		out->bad = true;
	buf_addc(out, '"');
	if (begins_formula(buf_str(&clean)))
		buf_addc(out, '\'');
	for (const char *p = buf_str(&clean); *p != '\0'; p++) {
		if (*p == '"')
			buf_addc(out, '"');
		buf_addc(out, *p);
	}
	buf_addc(out, '"');
}

static bool
is_escape(const char *s)
{
	return s[0] == '_' && s[1] == 'x' &&
	       strspn(s + 2, "0123456789abcdefABCDEF") >= 4 && s[6] == '_';
}

void
cell_xlsx(struct buf *out, const char *text)
{
	BUF_AUTO struct buf clean = BUF_INIT;
	const char *p, *end;
	size_t units = 0, n;
	uint32_t cp;

	cell_clean(&clean, text);
	if (buf_bad(&clean))
		out->bad = true;
	p = buf_str(&clean);
	for (end = p + clean.len; p < end; p += n) {
		n = utf8_next(p, end, &cp);
		units += cp > 0xffff ? 2 : 1;
		if (is_escape(p))
			units += 6;
		if (units > MAX_CELL_CHARS)
			break;
		if (is_escape(p))
			buf_adds(out, "_x005F");
		buf_add(out, p, n);
	}
}

/* -- briefs --------------------------------------------------------------- */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_address_char(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-' ||
	       c == '+' || c == '@';
}

static bool
is_alnum(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Bytes of the mail address that begins at s; 0 = none. */
static size_t
address_at(const char *s)
{
	size_t n = 0;
	bool at = false;

	while (is_address_char(s[n])) {
		at |= s[n] == '@' && n > 0 && is_alnum(s[n + 1]);
		n++;
	}
	return at ? n : 0;
}

/* 2026-11-20 is no telephone. */
static bool
is_date(const char *s)
{
	return (strncmp(s, "19", 2) == 0 || strncmp(s, "20", 2) == 0) &&
	       strspn(s, "0123456789") == 4 && s[4] == '-' &&
	       strspn(s + 5, "0123456789") <= 2;
}

static bool
is_gap(char c)
{
	return c == ' ' || c == '-' || c == '.';
}

/* Bytes of the number that begins at s if it has so many digits that it must
 * be masked; groups may be parted by one blank, hyphen or dot. */
static size_t
number_at(const char *s)
{
	size_t n = 0, digits = 0;

	if (is_date(s))
		return 0;
	for (;; n++) {
		if (is_digit(s[n]) ||
		    (digits == 17 && (s[n] == 'x' || s[n] == 'X')))
			digits++;
		else if (n == 0 || !is_gap(s[n]) || !is_digit(s[n + 1]))
			break;
	}
	return digits >= MASK_DIGITS ? n : 0;
}

/* Whether a number may begin here: not inside one, and not behind "LY-2026-",
 * which is a clue's own number or a document's. */
static bool
may_begin(const char *text, const char *p)
{
	if (!is_digit(*p) || p == text)
		return is_digit(*p);
	if (p[-1] == '-' && p - text > 1)
		return !is_alnum(p[-2]);
	return !is_digit(p[-1]);
}

static size_t
telling(const char *text, const char *p)
{
	size_t n = 0;

	if (is_address_char(*p) && (p == text || !is_address_char(p[-1])))
		n = address_at(p);
	return n == 0 && may_begin(text, p) ? number_at(p) : n;
}

static void
mask(struct buf *out, const char *text)
{
	size_t n;

	for (const char *p = text; *p != '\0'; p += n) {
		n = telling(text, p);
		if (n == 0) {
			n = 1;
			buf_addc(out, *p);
			continue;
		}
		buf_add(out, p, MASK_KEEP);
		buf_adds(out, "****");
	}
}

/* Full-width letters and digits hide a number as little as others do. */
static void
narrow(struct buf *out, const char *text)
{
	const char *end = text + strlen(text);
	uint32_t cp;
	size_t n;

	for (; text < end; text += n) {
		n = utf8_next(text, end, &cp);
		if ((cp >= 0xff10 && cp <= 0xff19) ||
		    (cp >= 0xff20 && cp <= 0xff3a) ||
		    (cp >= 0xff41 && cp <= 0xff5a) || cp == 0xff0e)
			buf_addc(out, (char)(cp - 0xff01 + '!'));
		else
			buf_add(out, text, n);
	}
}

static void
cut(struct buf *out, const char *text, size_t max_chars)
{
	const char *p = text, *end = text + strlen(text);
	uint32_t cp;

	for (size_t i = 0; p < end && i < max_chars; i++)
		p += utf8_next(p, end, &cp);
	buf_add(out, text, (size_t)(p - text));
	if (p < end)
		buf_adds(out, "…");
}

void
cell_brief(
    struct buf *out, const char *subject, const char *text, size_t max_chars)
{
	BUF_AUTO struct buf clean = BUF_INIT, narrowed = BUF_INIT;
	BUF_AUTO struct buf masked = BUF_INIT;

	cell_clean(&clean, subject);
	if (text[0] != '\0' &&
	    utf8_count(buf_str(&clean), clean.len) < BRIEF_SUBJECT) {
		if (clean.len > 0)
			buf_adds(&clean, "：");
		cell_clean(&clean, text);
	}
	narrow(&narrowed, buf_str(&clean) + strspn(buf_str(&clean), " "));
	mask(&masked, buf_str(&narrowed));
	if (buf_bad(&clean) || buf_bad(&narrowed) || buf_bad(&masked))
		out->bad = true;
	cut(out, buf_str(&masked), max_chars);
}
