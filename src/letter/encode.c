/* SPDX-License-Identifier: ISC */
#include "letter/encode.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"

/* RFC 2045: 76 characters a line are 57 bytes. */
#define LINE_BYTES 57
/* RFC 2047 section 2: a word has at most 75 characters, a line with words 76;
 * twelve are "=?UTF-8?B?" and "?=". */
#define WORD_BYTES 45
#define WORD_FRAME 12
#define LINE_COLUMNS 76
/* Characters of a parameter's value in one piece. */
#define PIECE_COLUMNS 54

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "abcdefghijklmnopqrstuvwxyz0123456789+/";

/* Three bytes. */
static void
put_whole(char *out, const unsigned char *in)
{
	unsigned v = (unsigned)in[0] << 16 | (unsigned)in[1] << 8 | in[2];

	out[0] = digits[v >> 18];
	out[1] = digits[v >> 12 & 63];
	out[2] = digits[v >> 6 & 63];
	out[3] = digits[v & 63];
}

/* One or two. */
static void
put_rest(char *out, const unsigned char *in, size_t len)
{
	unsigned v = (unsigned)in[0] << 16;

	if (len > 1)
		v |= (unsigned)in[1] << 8;
	out[0] = digits[v >> 18];
	out[1] = digits[v >> 12 & 63];
	out[2] = len > 1 ? digits[v >> 6 & 63] : '=';
	out[3] = '=';
}

void
encode_base64(struct buf *out, const void *data, size_t len)
{
	const unsigned char *in = data;
	char *to = buf_grow(out, (len + 2) / 3 * 4);

	if (to == NULL)
		return;
	for (; len >= 3; len -= 3, in += 3, to += 4)
		put_whole(to, in);
	if (len > 0)
		put_rest(to, in, len);
}

void
encode_base64_lines(struct buf *out, const void *data, size_t len)
{
	const unsigned char *in = data;
	size_t n;

	for (size_t i = 0; i < len; i += n) {
		n = len - i < LINE_BYTES ? len - i : LINE_BYTES;
		encode_base64(out, in + i, n);
		buf_add(out, "\r\n", 2);
	}
}

size_t
encode_base64_size(size_t len)
{
	return (len + 2) / 3 * 4 + (len + LINE_BYTES - 1) / LINE_BYTES * 2;
}

/* How many bytes of a word fit behind this column. */
static size_t
word_room(size_t column)
{
	size_t room;

	if (column + WORD_FRAME + 4 > LINE_COLUMNS)
		return 0;
	room = (LINE_COLUMNS - column - WORD_FRAME) / 4 * 3;
	return room < WORD_BYTES ? room : WORD_BYTES;
}

size_t
encode_words(struct buf *out, const char *s, size_t column)
{
	size_t len = strlen(s), n, start;

	while (len > 0) {
		n = utf8_cut(s, len, word_room(column));
		if (n == 0) {
			/* No room behind a long field name: a fresh line. */
			buf_adds(out, "\r\n ");
			column = 1;
			continue;
		}
		start = out->len;
		buf_adds(out, "=?UTF-8?B?");
		encode_base64(out, s, n);
		buf_adds(out, "?=");
		if (buf_bad(out))
			return column;
		column += out->len - start;
		s += n;
		len -= n;
		if (len > 0) {
			buf_adds(out, "\r\n ");
			column = 1;
		}
	}
	return column;
}

static bool
is_plain(const char *s)
{
	for (; *s != '\0'; s++)
		if (*s < ' ' || *s > '~' || *s == '"' || *s == '\\')
			return false;
	return true;
}

/* RFC 2231 section 7: what may stand in an extended value as it is. */
static bool
is_attribute_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || (c != '\0' && strchr("-._~", c) != NULL);
}

static void
add_escaped(struct buf *out, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (is_attribute_char(s[i]))
			buf_addc(out, s[i]);
		else
			buf_addf(out, "%%%02X", (unsigned)(unsigned char)s[i]);
	}
}

/* Bytes of whole characters whose escaped form fits one piece. */
static size_t
piece_len(const char *s, size_t len)
{
	size_t columns = 0, n = 0;

	for (; n < len; n++) {
		columns += is_attribute_char(s[n]) ? 1 : 3;
		if (columns > PIECE_COLUMNS)
			break;
	}
	return utf8_cut(s, len, n);
}

void
encode_parameter(struct buf *out, const char *name, const char *value)
{
	size_t len = strlen(value), n = piece_len(value, len);

	if (is_plain(value) && len <= PIECE_COLUMNS) {
		buf_addf(out, ";\r\n %s=\"%s\"", name, value);
		return;
	}
	if (n == len) {
		buf_addf(out, ";\r\n %s*=UTF-8''", name);
		add_escaped(out, value, len);
		return;
	}
	for (unsigned i = 0; len > 0; i++) {
		n = piece_len(value, len);
		buf_addf(out, ";\r\n %s*%u*=%s", name, i,
		    i == 0 ? "UTF-8''" : "");
		add_escaped(out, value, n);
		value += n;
		len -= n;
	}
}
