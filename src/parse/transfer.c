/* SPDX-License-Identifier: ISC */
#include "parse/transfer.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "parse/header.h"

enum encoding
transfer_encoding(const char *value)
{
	while (*value == '"' || *value == '\'' || *value == ' ')
		value++;
	if (str_istarts(value, "base64") || str_istarts(value, "base-64"))
		return ENC_BASE64;
	if (str_istarts(value, "quoted"))
		return ENC_QP;
	if (str_istarts(value, "uu") || str_istarts(value, "x-uu"))
		return ENC_UU;
	return ENC_IDENTITY;
}

/* How much of a text is looked at, and the shortest that must be base64. */
#define LOOK_BYTES 4096
#define SURE_BYTES 60
/* Different digits that are in it; "aaaa…" has one. */
#define SURE_DIGITS 20

/* ---- base64 ------------------------------------------------------------- */

/* Value of a base64 digit; -1 = blank or line end, -2 = '=', -3 = wrong. */
static int
base64_digit(unsigned char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	if (c == '/')
		return 63;
	if (c == '=')
		return -2;
	return c == '\n' || c == '\r' || c == ' ' || c == '\t' ? -1 : -3;
}

/* A small letter and then a capital: every sixth pair of base64, none of words
 * between blanks. */
static bool
is_turn(const char *p)
{
	return p[0] >= 'a' && p[0] <= 'z' && p[1] >= 'A' && p[1] <= 'Z';
}

bool
transfer_may_be_base64(const char *data, size_t len)
{
	size_t wrong = 0, right = 0, blanks = 0, turns = 0;

	for (size_t i = 0; i < len && i < LOOK_BYTES; i++) {
		int v = base64_digit((unsigned char)data[i]);

		/* Base64 has blanks at the ends of lines, if anywhere. */
		blanks += data[i] == ' ' && i + 1 < len &&
			  base64_digit((unsigned char)data[i + 1]) >= 0;
		wrong += v == -3;
		right += v >= 0;
		turns += i + 1 < len && is_turn(data + i);
	}
	if (wrong == 0 && turns * 16 >= right)
		return true;
	wrong += blanks;
	return wrong == 0 || wrong * 10 < right;
}

bool
transfer_must_be_base64(const char *data, size_t len)
{
	size_t at = 0, next, n, width = 0, sum = 0, kinds = 0;
	bool seen[64] = {false};
	bool last = false;

	while (len > 0 && base64_digit((unsigned char)data[len - 1]) == -1)
		len--;
	while (len > 0 && data[len - 1] == '=')
		sum++, len--;
	if (len < SURE_BYTES || sum > 2)
		return false;
	for (; at < len; at = next) {
		n = header_line_at(data, len, at, &next);
		if (last || n == 0 || (width != 0 && n > width))
			return false;
		last = width != 0 && n < width;
		width = width == 0 ? n : width;
		sum += n;
		for (size_t i = 0; i < n; i++) {
			int v = base64_digit((unsigned char)data[at + i]);

			if (v < 0)
				return false;
			kinds += !seen[v];
			seen[v] = true;
		}
	}
	return sum % 4 == 0 && kinds >= SURE_DIGITS;
}

/* Writes the whole bytes of `n` gathered digits; returns how many. */
static size_t
base64_flush(uint32_t bits, unsigned n, char *out)
{
	bits <<= 6 * (4 - n);
	if (n > 1)
		out[0] = (char)(bits >> 16);
	if (n > 2)
		out[1] = (char)(bits >> 8);
	if (n > 3)
		out[2] = (char)bits;
	return n > 1 ? n - 1 : 0;
}

/* Whole quanta without a break, three bytes of four digits each; returns how
 * many characters they were. */
static size_t
base64_run(const char *data, size_t len, const int8_t digits[256], char *to)
{
	const unsigned char *p = (const unsigned char *)data;
	size_t i = 0;
	int a, b, c, d;

	for (; len - i >= 4; i += 4, p += 4, to += 3) {
		a = digits[p[0]];
		b = digits[p[1]];
		c = digits[p[2]];
		d = digits[p[3]];
		if ((a | b | c | d) < 0)
			break;
		to[0] = (char)(a << 2 | b >> 4);
		to[1] = (char)(b << 4 | c >> 2);
		to[2] = (char)(c << 6 | d);
	}
	return i;
}

static void
base64_decode(const char *data, size_t len, struct buf *out, bool *damaged)
{
	int8_t digits[256];
	size_t before = out->len;
	char *to = buf_grow(out, len / 4 * 3 + 6), *start = to;
	uint32_t bits = 0;
	unsigned n = 0;
	bool padded = false;

	if (to == NULL)
		return;
	for (int c = 0; c < 256; c++)
		digits[c] = (int8_t)base64_digit((unsigned char)c);
	for (size_t i = 0, run; i < len; i++) {
		int v;

		if (n == 0) {
			run = base64_run(data + i, len - i, digits, to);
			to += run / 4 * 3;
			i += run;
			if (i == len)
				break;
		}
		v = digits[(unsigned char)data[i]];
		if (v >= 0) {
			bits = bits << 6 | (uint32_t)v;
			if (++n < 4)
				continue;
		} else if (v == -2) {
			/* Padding ends a quantum; another run of base64 may
			 * follow, as some mailers join encoded pieces. */
			*damaged |= n == 1;
			padded = true;
		} else {
			*damaged |= v == -3;
			/* A mailing list's footer behind the end. */
			if (v == -3 && padded)
				break;
			continue;
		}
		to += base64_flush(bits, n, to);
		bits = n = 0;
	}
	*damaged |= n == 1;
	to += base64_flush(bits, n, to);
	buf_cut(out, before + (size_t)(to - start));
}

/* ---- quoted-printable --------------------------------------------------- */

/* Decodes one line without its end; true when it ends in a soft break. */
static bool
qp_line(const char *line, size_t len, struct buf *out, bool *damaged)
{
	size_t i = 0, run;
	int hi, lo;

	/* Blanks at the end were added on the way (RFC 2045, rule 3). */
	while (len > 0 && (line[len - 1] == ' ' || line[len - 1] == '\t'))
		len--;
	while (i < len) {
		const char *eq = memchr(line + i, '=', len - i);

		run = eq != NULL ? (size_t)(eq - line) - i : len - i;
		buf_add(out, line + i, run);
		i += run;
		if (i >= len)
			break;
		if (i + 1 == len)
			return true;
		hi = hex_value(line[i + 1]);
		lo = i + 2 < len ? hex_value(line[i + 2]) : -1;
		if (hi >= 0 && lo >= 0) {
			buf_addc(out, (char)(hi * 16 + lo));
			i += 3;
			continue;
		}
		*damaged = true;
		buf_addc(out, line[i++]);
	}
	return false;
}

static void
qp_decode(const char *data, size_t len, struct buf *out, bool *damaged)
{
	size_t at = 0, next, n;

	while (at < len) {
		n = header_line_at(data, len, at, &next);
		if (!qp_line(data + at, n, out, damaged))
			buf_add(out, data + at + n, next - at - n);
		at = next;
	}
}

/* ---- uuencode ----------------------------------------------------------- */

/* One line: its first character says how many bytes it holds. */
static void
uu_line(const char *line, size_t len, struct buf *out, bool *damaged)
{
	size_t want = ((size_t)(unsigned char)line[0] - ' ') & 63, have = 0;
	char piece[3];

	for (size_t i = 1; have < want; i += 4) {
		uint32_t bits = 0;

		/* Blanks at the end may be gone: they are zeros. */
		for (size_t k = i; k < i + 4; k++) {
			char c = k < len ? line[k] : ' ';

			bits = bits << 6 | ((uint32_t)(c - ' ') & 63);
		}
		*damaged |= i >= len;
		(void)base64_flush(bits, 4, piece);
		buf_add(out, piece, want - have < 3 ? want - have : 3);
		have += 3;
	}
}

static bool
is_begin(const char *line, size_t len)
{
	if (len < 11 || memcmp(line, "begin ", 6) != 0)
		return false;
	/* begin 644 name */
	for (size_t i = 6; i < 9; i++) {
		if (line[i] < '0' || line[i] > '7')
			return false;
	}
	return line[9] == ' ' || (len > 11 && line[10] == ' ');
}

static bool
is_end(const char *line, size_t len)
{
	while (len > 3 && (line[len - 1] == ' ' || line[len - 1] == '\t'))
		len--;
	return len == 3 && memcmp(line, "end", 3) == 0;
}

/* Whether a line can be data: its length agrees with its first character. */
static bool
is_uu_data(const char *line, size_t len)
{
	size_t want;

	if (len == 0 || line[0] < ' ' || line[0] > '`')
		return false;
	want = (((size_t)line[0] - ' ') & 63) * 4;
	return len <= 1 + (want + 2) / 3 + 4;
}

static void
uu_decode(const char *data, size_t len, struct buf *out, bool *damaged)
{
	size_t at = 0, next, n;
	bool inside = false;

	while (at < len) {
		n = header_line_at(data, len, at, &next);
		if (inside && is_end(data + at, n))
			return;
		if (inside && n > 0)
			uu_line(data + at, n, out, damaged);
		inside |= is_begin(data + at, n);
		at = next;
	}
	*damaged = true;
}

/* Follows the data lines behind a begin line to their "end". */
static bool
find_uu_end(const char *data, size_t len, size_t at, size_t *end_out)
{
	size_t next, n;

	while (at < len) {
		n = header_line_at(data, len, at, &next);
		if (is_end(data + at, n)) {
			*end_out = next;
			return true;
		}
		if (n > 0 && !is_uu_data(data + at, n))
			return false;
		at = next;
	}
	return false;
}

/* ---- yEnc --------------------------------------------------------------- */

static bool
line_starts(const char *line, size_t len, const char *word)
{
	return len >= strlen(word) && memcmp(line, word, strlen(word)) == 0;
}

/* Where the name begins on "=ybegin line=128 size=9 name=…"; 0 if nowhere. */
static size_t
y_name(const char *line, size_t len)
{
	const char *name;

	if (!line_starts(line, len, "=ybegin "))
		return 0;
	name = memmem(line, len, " name=", 6);
	return name != NULL ? (size_t)(name - line) + 6 : 0;
}

/* Follows the data to its "=yend"; another "=ybegin" is the end of hope. */
static bool
find_y_end(const char *data, size_t len, size_t at, size_t *end_out)
{
	size_t next, n;

	for (; at < len; at = next) {
		n = header_line_at(data, len, at, &next);
		if (line_starts(data + at, n, "=yend")) {
			*end_out = next;
			return true;
		}
		if (line_starts(data + at, n, "=ybegin "))
			return false;
	}
	return false;
}

/* Every byte is 42 more than it was; critical ones are 64 more behind a '='. */
static void
y_line(const char *line, size_t len, struct buf *out)
{
	for (size_t i = 0; i < len; i++) {
		bool escaped = line[i] == '=' && i + 1 < len;

		i += escaped;
		buf_addc(
		    out, (char)((unsigned char)line[i] - (escaped ? 106 : 42)));
	}
}

static void
y_decode(const char *data, size_t len, struct buf *out, bool *damaged)
{
	size_t at = 0, next, n;

	for (; at < len; at = next) {
		n = header_line_at(data, len, at, &next);
		if (line_starts(data + at, n, "=yend"))
			return;
		/* A critical line end was written as "=…" and a byte. */
		if (!line_starts(data + at, n, "=y"))
			y_line(data + at, n, out);
	}
	*damaged = true;
}

/* ---- files in text ------------------------------------------------------ */

/* Whether a file begins on this line and ends somewhere. */
static bool
file_at(const char *data, size_t len, size_t at, size_t n, size_t next,
    struct uu_file *f)
{
	const char *line = data + at;
	size_t name = y_name(line, n);

	if (name > 0 && find_y_end(data, len, next, &f->end)) {
		f->how = ENC_YENC;
	} else if (is_begin(line, n) && find_uu_end(data, len, next, &f->end)) {
		f->how = ENC_UU;
		name = line[9] == ' ' ? 10 : 11;
	} else {
		return false;
	}
	while (n > name && line[n - 1] == ' ')
		n--;
	f->begin = at;
	f->name = line + name;
	f->name_len = n - name;
	return true;
}

bool
transfer_find_uu(const char *data, size_t len, size_t at, struct uu_file *f)
{
	size_t next, n;

	for (; at < len; at = next) {
		n = header_line_at(data, len, at, &next);
		if (file_at(data, len, at, n, next, f))
			return true;
	}
	return false;
}

void
transfer_decode(enum encoding enc, const char *data, size_t len,
    struct buf *out, bool *damaged_out)
{
	switch (enc) {
	case ENC_BASE64:
		base64_decode(data, len, out, damaged_out);
		return;
	case ENC_QP:
		qp_decode(data, len, out, damaged_out);
		return;
	case ENC_UU:
		uu_decode(data, len, out, damaged_out);
		return;
	case ENC_YENC:
		y_decode(data, len, out, damaged_out);
		return;
	default:
		buf_add(out, data, len);
		return;
	}
}
