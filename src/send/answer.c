/* SPDX-License-Identifier: ISC */
#include "send/answer.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/str.h"

void
answer_clear(struct answer *t)
{
	t->code = 0;
	t->whole = true;
	t->len = 0;
}

/* The reply code of a line, 0 if it has none. */
static int
line_code(const char *line, size_t len)
{
	if (len < 3 || line[0] < '1' || line[0] > '5')
		return 0;
	for (int i = 1; i < 3; i++) {
		if (line[i] < '0' || line[i] > '9')
			return 0;
	}
	if (len > 3 && line[3] != ' ' && line[3] != '-')
		return 0;
	return (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
}

static void
add(struct answer *t, const char *s, size_t len)
{
	if (len > sizeof(t->raw) - t->len)
		len = sizeof(t->raw) - t->len;
	memcpy(t->raw + t->len, s, len);
	t->len += len;
}

bool
answer_add_line(struct answer *t, const char *line, size_t len)
{
	int code;

	while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
		len--;
	code = line_code(line, len);
	if (code == 0)
		return false;
	if (t->whole)
		answer_clear(t);
	t->code = code;
	t->whole = len == 3 || line[3] == ' ';
	if (len > 4) {
		if (t->len > 0)
			add(t, " ", 1);
		add(t, line + 4, len - 4);
	}
	return t->whole;
}

iconv_t
answer_open_gbk(void)
{
	iconv_t cd = iconv_open("UTF-8", "GB18030");
	char in[] = "\xb0\xa1", out[8];
	char *from = in, *to = out;
	size_t n_from = 2, n_to = sizeof(out);

	/* The first use loads what later may not be loaded. */
	if (cd != (iconv_t)-1)
		(void)iconv(cd, &from, &n_from, &to, &n_to);
	return cd;
}

/* A reply that fills the room may end inside a character: that is no reason
 * to take it for damaged. */
static bool
is_utf8(const struct answer *t)
{
	size_t most = t->len == sizeof(t->raw) ? 3 : 0;

	for (size_t n = 0; n <= most; n++) {
		if (utf8_valid(t->raw, t->len - n))
			return true;
	}
	return false;
}

static bool
from_gbk(const struct answer *t, iconv_t gbk, struct buf *out)
{
	char copy[MAX_REPLY_BYTES];
	char *from = copy, *to, *start;
	size_t n_from = t->len, n_to = 4 * t->len;

	if (gbk == (iconv_t)-1 || (start = buf_grow(out, n_to)) == NULL)
		return false;
	memcpy(copy, t->raw, t->len);
	to = start;
	(void)iconv(gbk, NULL, NULL, NULL, NULL);
	if (iconv(gbk, &from, &n_from, &to, &n_to) == (size_t)-1 &&
	    (n_from > 3 || t->len < sizeof(t->raw))) {
		buf_clear(out);
		return false;
	}
	buf_cut(out, (size_t)(to - start));
	return true;
}

static void
add_hiding(struct buf *out, const char *s, const char *hide)
{
	size_t n = strlen(hide);
	const char *at = s;

	while (n > 0 && (at = str_icontains(s, hide)) != NULL) {
		str_add_printable(out, s, (size_t)(at - s), false);
		buf_adds(out, "(recipient)");
		s = at + n;
	}
	str_add_printable(out, s, strlen(s), false);
}

void
answer_printable(
    const struct answer *t, iconv_t gbk, const char *hide, struct buf *out)
{
	struct buf BUF_AUTO words = BUF_INIT;

	if (is_utf8(t) || !from_gbk(t, gbk, &words))
		buf_add(&words, t->raw, t->len);
	for (size_t i = 0; i < words.len; i++) {
		if (words.data[i] == '\0')
			words.data[i] = ' ';
	}
	add_hiding(out, buf_str(&words), hide);
}
