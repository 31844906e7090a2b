/* SPDX-License-Identifier: ISC */
#include "parse/params.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"
#include "parse/charset.h"
#include "parse/words.h"

/* One "name*0*=value" of a header value in UTF-8. */
struct param {
	const char *name;
	size_t name_len; /* without stars */
	int section;	 /* -1 = not a continuation */
	bool extended;	 /* ends in a star: percent-encoded, maybe a charset */
	const char *value;
	size_t value_len;
	bool quoted;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
is_token_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '*' ||
	       c == '.';
}

static const char *
skip_blanks(const char *p, const char *end)
{
	while (p < end && is_blank(*p))
		p++;
	return p;
}

/* ---- tokens --------------------------------------------------------- */

/* A quote ends a value only where a value may end: inner quotes are sent
 * without their backslash. */
static bool
closes_value(const char *p, const char *end)
{
	const char *q = skip_blanks(p, end), *name = q;

	if (q == end || *q == ';')
		return true;
	while (q < end && is_token_char(*q))
		q++;
	return q > name && name > p && q < end && *q == '=';
}

/* Behind the closing quote of the value that starts at p; NULL when it never
 * closes.  The checks for a closing quote look ahead over blanks and a name
 * only, so a text of many quotes costs no more than its length. */
static const char *
quoted_end(const char *p, const char *end)
{
	for (; p < end; p++) {
		if (*p == '\\' && end - p >= 2 && (p[1] == '"' || p[1] == '\\'))
			p++;
		else if (*p == '"' && closes_value(p + 1, end))
			return p + 1;
	}
	return NULL;
}

/* Behind the unquoted value at p: at a semicolon outside encoded words. */
static const char *
plain_end(const char *p, const char *end)
{
	struct word w;

	while (p < end && *p != ';') {
		if (*p == '=' && words_at(p, end, &w))
			p = w.end;
		else
			p++;
	}
	return p;
}

/* Reads "name*1*" in front of the equals sign. */
static void
read_name(const char *p, const char *end, struct param *param)
{
	const char *star = memchr(p, '*', (size_t)(end - p));

	param->name = p;
	param->name_len = (size_t)((star != NULL ? star : end) - p);
	param->section = -1;
	param->extended = star != NULL && end[-1] == '*';
	if (star == NULL || end - star < 2 || star[1] < '0' || star[1] > '9')
		return;
	param->section = 0;
	for (p = star + 1; p < end && *p >= '0' && *p <= '9'; p++)
		if (param->section < MAX_PARAM_SECTIONS)
			param->section = param->section * 10 + (*p - '0');
}

static const char *
read_value(const char *p, const char *end, struct param *param)
{
	const char *q;

	p = skip_blanks(p, end);
	param->quoted = p < end && *p == '"';
	param->value = p + param->quoted;
	q = param->quoted ? quoted_end(p + 1, end) : NULL;
	if (q != NULL) {
		param->value_len = (size_t)(q - 1 - param->value);
		return q;
	}
	q = param->quoted ? end : plain_end(p, end);
	param->value_len = (size_t)(q - param->value);
	while (param->value_len > 0 &&
	       is_blank(param->value[param->value_len - 1]))
		param->value_len--;
	return q;
}

/* The next parameter at or behind p; NULL when there is none, else where to go
 * on. */
static const char *
next_param(const char *p, const char *end, struct param *param)
{
	const char *name;

	while (p < end) {
		while (p < end && !is_token_char(*p))
			p++;
		for (name = p; p < end && is_token_char(*p);)
			p++;
		if (p == name)
			return NULL;
		read_name(name, p, param);
		p = skip_blanks(p, end);
		if (p < end && *p == '=')
			return read_value(p + 1, end, param);
	}
	return NULL;
}

/* ---- values --------------------------------------------------------- */

static void
add_percent(struct buf *out, const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		int high =
		    p[i] == '%' && i + 2 < len ? hex_value(p[i + 1]) : -1;
		int low = high >= 0 ? hex_value(p[i + 2]) : -1;

		if (low >= 0) {
			buf_addc(out, (char)(high << 4 | low));
			i += 2;
		} else {
			buf_addc(out, p[i]);
		}
	}
}

/* Adds a value as it stands; in quotes, \" and \\ lose their backslash, others
 * keep it ("C:\new.doc"). */
static void
add_plain(struct buf *out, const struct param *param)
{
	const char *p = param->value;

	for (size_t i = 0; i < param->value_len; i++) {
		if (param->quoted && p[i] == '\\' && i + 1 < param->value_len &&
		    (p[i + 1] == '"' || p[i + 1] == '\\'))
			i++;
		buf_addc(out, p[i]);
	}
}

/* Splits "charset'language'" off the first section; label_out has room for 64
 * bytes.  Returns how much of the value it was. */
static size_t
read_charset(const struct param *param, char label_out[64])
{
	const char *p = param->value, *end = p + param->value_len;
	const char *first = memchr(p, '\'', param->value_len), *second;
	size_t n;

	if (first == NULL)
		return 0;
	second = memchr(first + 1, '\'', (size_t)(end - first - 1));
	n = (size_t)(first - p);
	if (second == NULL || n >= 64 || second - first > 40)
		return 0;
	memcpy(label_out, p, n);
	label_out[n] = '\0';
	return (size_t)(second + 1 - p);
}

/* A name as some web mailers write it: "%E5%8F%91.pdf" without a star. */
static bool
is_percent_utf8(const char *p, size_t len, struct buf *bytes)
{
	if (memchr(p, '%', len) == NULL)
		return false;
	add_percent(bytes, p, len);
	for (size_t i = 0; i < bytes->len; i++)
		if ((unsigned char)bytes->data[i] >= 0x80)
			return memchr(p, ' ', len) == NULL &&
			       utf8_valid(bytes->data, bytes->len);
	return false;
}

static int
decode_plain(const struct buf *value, size_t max, struct buf *out,
    struct charset_result *r)
{
	BUF_AUTO struct buf bytes = BUF_INIT;

	if (is_percent_utf8(buf_str(value), value->len, &bytes)) {
		*r = (struct charset_result){"utf-8", true, false, false};
		words_add_line(out, buf_str(&bytes), bytes.len, max);
		return buf_bad(out) ? -1 : 0;
	}
	return words_decode_utf8(buf_str(value), value->len, max, out, r);
}

static int
by_section(const void *a, const void *b)
{
	const struct param *x = a, *y = b;

	return x->section - y->section;
}

static bool
has_word(const struct buf *bytes)
{
	return memmem(buf_str(bytes), bytes->len, "=?", 2) != NULL;
}

/* Joins the sections (sorted) as bytes, then converts. */
static int
decode_sections(const struct param *list, size_t n,
    const struct charset_hint *hint, size_t max, struct buf *out,
    struct charset_result *r)
{
	BUF_AUTO struct buf bytes = BUF_INIT;
	BUF_AUTO struct buf text = BUF_INIT;
	char label[64] = "";
	bool extended = false;
	size_t skip;

	for (size_t i = 0; i < n; i++) {
		skip =
		    i == 0 && list[i].extended ? read_charset(list, label) : 0;
		extended |= list[i].extended;
		if (list[i].extended)
			add_percent(&bytes, list[i].value + skip,
			    list[i].value_len - skip);
		else
			add_plain(&bytes, &list[i]);
	}
	if (buf_bad(&bytes))
		return -1;
	if (!extended || (label[0] == '\0' && has_word(&bytes)))
		return decode_plain(&bytes, max, out, r);
	if (charset_decode(buf_str(&bytes), bytes.len,
		label[0] == '\0' ? NULL : label, hint, &text, r) != 0)
		return -1;
	words_add_line(out, buf_str(&text), text.len, max);
	return buf_bad(out) ? -1 : 0;
}

/* Collects the plain form and the sections of a parameter. */
static size_t
collect(const char *p, const char *end, const char *name, struct param *list,
    struct param *plain_out)
{
	struct param param;
	size_t n = 0;

	plain_out->value = NULL;
	while ((p = next_param(p, end, &param)) != NULL) {
		if (strlen(name) != param.name_len ||
		    strncasecmp(name, param.name, param.name_len) != 0)
			continue;
		if (param.section >= 0 || param.extended) {
			if (n < MAX_PARAM_SECTIONS)
				list[n++] = param;
		} else if (plain_out->value == NULL) {
			*plain_out = param;
		}
	}
	return n;
}

/* Both forms in one header: the whole "name*" beats stray continuations. */
static size_t
choose_sections(struct param *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].section < 0) {
			list[0] = list[i];
			return 1;
		}
	qsort(list, n, sizeof(*list), by_section);
	return n;
}

int
params_find(const char *raw, size_t len, const char *name,
    const struct charset_hint *hint, size_t max, struct buf *out,
    struct charset_result *result_out)
{
	BUF_AUTO struct buf text = BUF_INIT;
	BUF_AUTO struct buf value = BUF_INIT;
	struct param list[MAX_PARAM_SECTIONS], plain;
	struct charset_result r;
	size_t n, start = out->len;
	const char *p;

	if (words_raw_to_utf8(raw, len, hint, &text, result_out) != 0)
		return -1;
	p = buf_str(&text);
	n = collect(p, p + text.len, name, list, &plain);
	if (n > 0) {
		n = choose_sections(list, n);
		if (decode_sections(list, n, hint, max, out, &r) != 0)
			return -1;
		if (plain.value == NULL || (!r.lost && out->len > start)) {
			charset_result_add(result_out, &r);
			return 1;
		}
		buf_cut(out, start);
	}
	if (plain.value == NULL)
		return 0;
	add_plain(&value, &plain);
	if (buf_bad(&value) || decode_plain(&value, max, out, &r) != 0)
		return -1;
	charset_result_add(result_out, &r);
	return 1;
}
