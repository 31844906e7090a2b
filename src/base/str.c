/* SPDX-License-Identifier: ISC */
#include "base/str.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "base/buf.h"

static bool
is_tail(const char *s, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (((unsigned char)s[i] & 0xc0) != 0x80)
			return false;
	return true;
}

size_t
utf8_next_any(const char *s, const char *end, uint32_t *cp_out)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t left = (size_t)(end - s);
	uint32_t cp;

	if (p[0] < 0x80) {
		*cp_out = p[0];
		return 1;
	}
	if (p[0] >= 0xc2 && p[0] < 0xe0 && left >= 2 && is_tail(s, 2)) {
		*cp_out = ((uint32_t)(p[0] & 0x1f) << 6) | (p[1] & 0x3f);
		return 2;
	}
	if ((p[0] & 0xf0) == 0xe0 && left >= 3 && is_tail(s, 3)) {
		cp = ((uint32_t)(p[0] & 0x0f) << 12) |
		    ((uint32_t)(p[1] & 0x3f) << 6) | (p[2] & 0x3f);
		if (cp >= 0x800 && (cp < 0xd800 || cp > 0xdfff)) {
			*cp_out = cp;
			return 3;
		}
	}
	if (p[0] >= 0xf0 && p[0] < 0xf5 && left >= 4 && is_tail(s, 4)) {
		cp = ((uint32_t)(p[0] & 0x07) << 18) |
		    ((uint32_t)(p[1] & 0x3f) << 12) |
		    ((uint32_t)(p[2] & 0x3f) << 6) | (p[3] & 0x3f);
		if (cp >= 0x10000 && cp <= 0x10ffff) {
			*cp_out = cp;
			return 4;
		}
	}
	*cp_out = UINT32_MAX;
	return 1;
}

size_t
utf8_put(uint32_t cp, char out[4])
{
	if (cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
		return 0;
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xc0 | (cp >> 6));
		out[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xe0 | (cp >> 12));
		out[1] = (char)(0x80 | ((cp >> 6) & 0x3f));
		out[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | (cp >> 18));
	out[1] = (char)(0x80 | ((cp >> 12) & 0x3f));
	out[2] = (char)(0x80 | ((cp >> 6) & 0x3f));
	out[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

bool
utf8_valid(const char *s, size_t len)
{
	const char *end = s + len;
	uint32_t cp;

	while (s < end) {
		s += utf8_next(s, end, &cp);
		if (cp == UINT32_MAX)
			return false;
	}
	return true;
}

size_t
utf8_cut(const char *s, size_t len, size_t max)
{
	if (len <= max)
		return len;
	while (max > 0 && ((unsigned char)s[max] & 0xc0) == 0x80)
		max--;
	return max;
}

size_t
utf8_count(const char *s, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)s[i] & 0xc0) != 0x80;
	return n;
}

int
cp_width(uint32_t cp)
{
	return cp < 0x7f ? 1 : utf8proc_charwidth((utf8proc_int32_t)cp);
}

size_t
str_width(const char *s)
{
	const char *end = s + strlen(s);
	size_t columns = 0;
	uint32_t cp;

	while (s < end) {
		s += utf8_next(s, end, &cp);
		columns += cp == UINT32_MAX ? 1 : (size_t)cp_width(cp);
	}
	return columns;
}

bool
cp_printable(uint32_t cp)
{
	if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0))
		return false;
	if ((cp >= 0x200e && cp <= 0x200f) || (cp >= 0x2028 && cp <= 0x202e) ||
	    (cp >= 0x2066 && cp <= 0x2069) || cp == 0x061c || cp == 0xfeff)
		return false;
	return cp <= 0x10ffff && (cp < 0xd800 || cp > 0xdfff);
}

void
str_make_printable(char *s)
{
	char *end = s + strlen(s);
	uint32_t cp;
	size_t n;

	while (s < end) {
		n = utf8_next(s, end, &cp);
		if (cp == UINT32_MAX || !cp_printable(cp))
			memset(s, '?', n);
		s += n;
	}
}

void
str_add_printable(struct buf *out, const char *s, size_t len, bool keep_lines)
{
	const char *end = s + len;
	uint32_t cp;
	size_t n;

	for (; s < end; s += n) {
		n = utf8_next(s, end, &cp);
		if (cp == '\n' || cp == '\t')
			buf_addc(out, keep_lines ? (char)cp : ' ');
		else if (cp == UINT32_MAX || !cp_printable(cp))
			buf_adds(out, "\xef\xbf\xbd");
		else
			buf_add(out, s, n);
	}
}

void
str_add_cell(struct buf *out, const char *s, size_t columns, bool pad)
{
	BUF_AUTO struct buf clean = BUF_INIT;
	size_t used = 0, total, n;
	const char *p, *end;
	uint32_t cp;

	str_add_printable(&clean, s, strlen(s), false);
	total = str_width(buf_str(&clean));
	p = buf_str(&clean);
	end = p + clean.len;
	while (p < end) {
		n = utf8_next(p, end, &cp);
		if (total > columns &&
		    used + (size_t)cp_width(cp) + 1 > columns) {
			buf_adds(out, "…");
			used++;
			break;
		}
		buf_add(out, p, n);
		used += (size_t)cp_width(cp);
		p += n;
	}
	for (; pad && used < columns; used++)
		buf_addc(out, ' ');
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool
str_ieq(const char *a, const char *b)
{
	for (; *a != '\0' && lower(*a) == lower(*b); a++)
		b++;
	return *a == '\0' && *b == '\0';
}

bool
str_istarts(const char *s, const char *prefix)
{
	for (; *prefix != '\0' && lower(*s) == lower(*prefix); s++)
		prefix++;
	return *prefix == '\0';
}

bool
str_starts(const char *s, const char *prefix)
{
	for (; *prefix != '\0'; prefix++)
		if (*s++ != *prefix)
			return false;
	return true;
}

const char *
str_icontains(const char *s, const char *needle)
{
	char small = lower(*needle);
	char large = small >= 'a' && small <= 'z' ? (char)(small - ('a' - 'A'))
						  : small;

	if (*needle == '\0')
		return s;
	/* Most places differ in the first two bytes: no call for them. */
	for (; *s != '\0'; s++)
		if ((*s == small || *s == large) &&
		    (needle[1] == '\0' || lower(s[1]) == lower(needle[1])) &&
		    str_istarts(s, needle))
			return s;
	return NULL;
}

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

char *
str_trim(char *s)
{
	size_t len;

	while (is_blank(*s))
		s++;
	len = strlen(s);
	while (len > 0 && is_blank(s[len - 1]))
		s[--len] = '\0';
	return s;
}

void
hex_put(const void *data, size_t len, char *out)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *p = data;

	for (size_t i = 0; i < len; i++) {
		out[2 * i] = digits[p[i] >> 4];
		out[2 * i + 1] = digits[p[i] & 15];
	}
	out[2 * len] = '\0';
}

int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int
str_int64(const char *s, int64_t min, int64_t max, int64_t *out)
{
	const char *p = s + (*s == '-');
	int64_t v = 0;

	if (*p == '\0')
		return -1;
	for (; *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, *p - '0', &v))
			return -1;
	if (*s == '-')
		v = -v;
	if (*p != '\0' || v < min || v > max)
		return -1;
	*out = v;
	return 0;
}

void
json_add_str(struct buf *out, const char *s, size_t len)
{
	const char *end = s + len;
	uint32_t cp;
	size_t n;

	buf_addc(out, '"');
	for (; s < end; s += n) {
		n = utf8_next(s, end, &cp);
		if (cp == UINT32_MAX)
			buf_adds(out, "\xef\xbf\xbd");
		else if (cp == '"' || cp == '\\')
			buf_addf(out, "\\%c", (char)cp);
		else if (cp == '\n')
			buf_adds(out, "\\n");
		else if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0) ||
		    cp == 0x2028 || cp == 0x2029)
			buf_addf(out, "\\u%04x", (unsigned)cp);
		else
			buf_add(out, s, n);
	}
	buf_addc(out, '"');
}

void
json_add_cstr(struct buf *out, const char *s)
{
	if (s == NULL)
		buf_adds(out, "null");
	else
		json_add_str(out, s, strlen(s));
}
