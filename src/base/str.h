/* SPDX-License-Identifier: ISC */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/* Text helpers over UTF-8 (RFC 3629).  No locale is ever asked. */

/* utf8_next() of anything. */
size_t utf8_next_any(const char *s, const char *end, uint32_t *cp_out);

/* Reads one code point at s (s < end).  Returns its length in bytes and sets
 * *cp_out; for a bad sequence returns 1 and sets *cp_out to UINT32_MAX. */
static inline size_t
utf8_next(const char *s, const char *end, uint32_t *cp_out)
{
	const unsigned char *p = (const unsigned char *)s;

	/* Most of all text: ASCII, and the three bytes of Chinese. */
	if (p[0] < 0x80) {
		*cp_out = p[0];
		return 1;
	}
	if (p[0] > 0xe0 && p[0] < 0xed && end - s >= 3 &&
	    (p[1] & 0xc0) == 0x80 && (p[2] & 0xc0) == 0x80) {
		*cp_out = ((uint32_t)(p[0] & 0x0f) << 12) |
		    ((uint32_t)(p[1] & 0x3f) << 6) | (p[2] & 0x3f);
		return 3;
	}
	return utf8_next_any(s, end, cp_out);
}

/* Writes cp as UTF-8 into out (4 bytes of room); returns the length, 0 if cp
 * is no scalar value. */
size_t utf8_put(uint32_t cp, char out[4]);
/* Whether all len bytes are valid UTF-8 (surrogates and > 10FFFF are not). */
bool utf8_valid(const char *s, size_t len);
/* The largest n <= max such that s[0..n) ends on a character boundary. */
size_t utf8_cut(const char *s, size_t len, size_t max);
/* Number of code points. */
size_t utf8_count(const char *s, size_t len);

/* Columns a terminal uses for the text: 2 for East Asian wide and full width,
 * 0 for combining and zero-width characters, 1 for the rest. */
size_t str_width(const char *s);
/* Columns for one code point. */
int cp_width(uint32_t cp);
/* Whether a code point may be shown on a terminal or in a log: no C0, C1,
 * DEL, no bidirectional controls, no line separators. */
bool cp_printable(uint32_t cp);

/* Replaces, in place, every byte or character that must not reach a terminal
 * or a log by '?' (one per byte). */
void str_make_printable(char *s);
/* Appends a printable copy: unprintable characters become U+FFFD, TAB and LF
 * become a blank unless keep_lines. */
void str_add_printable(
    struct buf *out, const char *s, size_t len, bool keep_lines);
/* Appends the text cut to `columns` (with … at the cut) and padded to them. */
void str_add_cell(struct buf *out, const char *s, size_t columns, bool pad);

/* ASCII-only, locale-free comparisons. */
bool str_ieq(const char *a, const char *b);
bool str_istarts(const char *s, const char *prefix);
bool str_starts(const char *s, const char *prefix);
/* First occurrence of needle, ASCII case folded; NULL if none. */
const char *str_icontains(const char *s, const char *needle);
/* In place: ASCII blanks off both ends; returns the new start. */
char *str_trim(char *s);

/* Lower-case hex of len bytes; out has 2 * len + 1 bytes. */
void hex_put(const void *data, size_t len, char *out);
/* What a hexadecimal digit of either case is worth; -1 for any other byte. */
int hex_value(char c);

/* Parses a whole decimal in [min, max]; -1 when it is none. */
int str_int64(const char *s, int64_t min, int64_t max, int64_t *out);

/* Appends s as a JSON string with quotes (RFC 8259): control characters,
 * U+2028/9 and DEL are escaped, bad UTF-8 becomes U+FFFD. */
void json_add_str(struct buf *out, const char *s, size_t len);
void json_add_cstr(struct buf *out, const char *s_or_null);

#endif
