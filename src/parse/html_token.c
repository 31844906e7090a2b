/* SPDX-License-Identifier: ISC */
#include "parse/html_token.h"

#include <stdint.h>
#include <string.h>

#include <libxml/HTMLparser.h>

#include "base/buf.h"
#include "base/str.h"

static const char *const raw_names[] = {
    "script", "style", "title", "textarea", "xmp", "iframe", "noembed"};
#define N_RAW (sizeof(raw_names) / sizeof(raw_names[0]))

void
html_input_init(struct html_input *in, const char *html, size_t len)
{
	*in = (struct html_input){.p = html, .end = html + len};
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* ---- entities ------------------------------------------------------- */

/* Numbers 128..159 mean windows-1252: HTML standard, 13.2.5.80. */
static uint32_t
number_cp(uint32_t n)
{
	static const uint16_t c1[] = {0x20ac, 0x81, 0x201a, 0x192, 0x201e,
	    0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d,
	    0x17d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013,
	    0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d, 0x17e, 0x178};

	if (n >= 0x80 && n < 0xa0)
		return c1[n - 0x80];
	return n == 0 || n > 0x10ffff ? 0xfffd : n;
}

static size_t
numeric_entity(const char *p, const char *end, struct buf *out)
{
	const char *q = p + 2;
	bool hex = q < end && (*q == 'x' || *q == 'X');
	uint32_t n = 0;
	char utf8[4];
	size_t len, digits = 0;

	for (q += hex; q < end && digits < 9; q++, digits++) {
		char c = lower(*q);

		if (c >= '0' && c <= '9')
			n = n * (hex ? 16 : 10) + (uint32_t)(c - '0');
		else if (hex && c >= 'a' && c <= 'f')
			n = n * 16 + (uint32_t)(c - 'a' + 10);
		else
			break;
	}
	if (digits == 0)
		return 0;
	len = utf8_put(number_cp(n), utf8);
	if (len == 0)
		buf_adds(out, "\xef\xbf\xbd");
	else
		buf_add(out, utf8, len);
	return (size_t)(q - p) + (q < end && *q == ';');
}

/* Names that are known without their semicolon. */
static size_t
open_entity(const char *p, size_t len, struct buf *out)
{
	static const struct {
		const char *name, *text;
	} table[] = {{"nbsp", "\xc2\xa0"}, {"amp", "&"}, {"lt", "<"},
	    {"gt", ">"}, {"quot", "\""}, {"copy", "©"}, {"middot", "·"}};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		size_t n = strlen(table[i].name);

		if (n <= len && memcmp(p, table[i].name, n) == 0) {
			buf_adds(out, table[i].text);
			return n + 1;
		}
	}
	return 0;
}

size_t
html_entity(const char *p, const char *end, struct buf *out)
{
	const htmlEntityDesc *entity;
	char name[12], utf8[4];
	const char *q = p + 1;
	size_t n = 0;

	if (end - p < 3)
		return 0;
	if (*q == '#')
		return numeric_entity(p, end, out);
	while (q < end && n + 1 < sizeof(name) &&
	       (is_letter(*q) || (*q >= '0' && *q <= '9')))
		name[n++] = *q++;
	name[n] = '\0';
	if (n == 0)
		return 0;
	if (q == end || *q != ';')
		return open_entity(name, n, out);
	entity = htmlEntityLookup((const xmlChar *)name);
	if (entity == NULL && strcmp(name, "apos") != 0)
		return open_entity(name, n, out);
	n = utf8_put(entity == NULL ? '\'' : entity->value, utf8);
	buf_add(out, utf8, n);
	return (size_t)(q + 1 - p);
}

/* ---- attributes ----------------------------------------------------- */

struct attribute {
	const char *name;
	size_t name_len;
	const char *value;
	size_t value_len;
};

/* Reads a value at p; returns where it ends, NULL when its quote never closes.
 * The input remembers a quote that is not there. */
static const char *
read_value(
    const char *p, const char *end, struct html_input *in, struct attribute *a)
{
	bool *missing = NULL;
	const char *q = NULL;

	if (p < end && (*p == '"' || *p == '\'')) {
		if (in != NULL)
			missing = *p == '"' ? &in->no_double : &in->no_single;
		if (missing == NULL || !*missing)
			q = memchr(p + 1, *p, (size_t)(end - p - 1));
		if (q != NULL) {
			a->value = p + 1;
			a->value_len = (size_t)(q - p - 1);
			return q + 1;
		}
		if (missing != NULL)
			*missing = true;
	}
	a->value = p;
	while (p < end && !is_blank(*p) && *p != '>')
		p++;
	a->value_len = (size_t)(p - a->value);
	return p;
}

/* Reads the attribute at or behind p; NULL at the end of the tag, which
 * *end_out then tells (NULL: it never ends). */
static const char *
read_attribute(const char *p, const char *end, struct html_input *in,
    struct attribute *a, const char **end_out)
{
	const char *q;

	while (p < end && (is_blank(*p) || *p == '/'))
		p++;
	*end_out = p < end ? p : NULL;
	if (p == end || *p == '>')
		return NULL;
	a->name = p++;
	while (p < end && !is_blank(*p) && *p != '/' && *p != '>' && *p != '=')
		p++;
	a->name_len = (size_t)(p - a->name);
	a->value = p;
	a->value_len = 0;
	for (q = p; q < end && is_blank(*q);)
		q++;
	if (q == end || *q != '=')
		return p;
	for (q++; q < end && is_blank(*q);)
		q++;
	return read_value(q, end, in, a);
}

bool
html_attribute(const struct html_token *token, const char *name, size_t max,
    struct buf *out)
{
	const char *p = token->attributes, *end = p + token->attributes_len;
	const char *tag_end;
	struct attribute a;

	while ((p = read_attribute(p, end, NULL, &a, &tag_end)) != NULL) {
		if (a.name_len != strlen(name) ||
		    strncasecmp(a.name, name, a.name_len) != 0)
			continue;
		if (a.value_len > max)
			a.value_len = max;
		for (size_t i = 0, n; i < a.value_len; i += n) {
			n = a.value[i] == '&' ? html_entity(a.value + i,
						    a.value + a.value_len, out)
					      : 0;
			if (n == 0) {
				buf_addc(out, a.value[i]);
				n = 1;
			}
		}
		return true;
	}
	return false;
}

/* ---- tags ----------------------------------------------------------- */

/* Behind "<!…>" or "<?…>"; NULL if it never closes. */
static const char *
skip_bogus(struct html_input *in, const char *p)
{
	const char *gt =
	    in->no_gt ? NULL : memchr(p, '>', (size_t)(in->end - p));

	in->no_gt |= gt == NULL;
	return gt != NULL ? gt + 1 : NULL;
}

/* Behind the comment at p ("<!--"); an unclosed one ends with its own tag. */
static const char *
skip_comment(struct html_input *in, const char *p)
{
	const char *q = p + 2; /* "<!-->" is a whole comment */

	while (!in->no_comment_end) {
		q = memmem(q, (size_t)(in->end - q), "--", 2);
		if (q == NULL)
			in->no_comment_end = true;
		else if (in->end - q > 2 && q[2] == '>')
			return q + 3;
		else if (in->end - q > 3 && q[2] == '!' && q[3] == '>')
			return q + 4;
		else
			q++;
	}
	return skip_bogus(in, p);
}

static size_t
read_name(const char *p, const char *end, char *out, size_t size)
{
	size_t n = 0;
	const char *q = p;

	for (; q < end && !is_blank(*q) && *q != '/' && *q != '>'; q++)
		if (n + 1 < size)
			out[n++] = lower(*q);
	out[n] = '\0';
	return (size_t)(q - p);
}

/* Reads the tag whose name starts at p.  Returns behind its '>', NULL if it has
 * none. */
static const char *
read_tag(struct html_input *in, const char *p, struct html_token *token)
{
	const char *tag_end = NULL;
	struct attribute a;

	if (in->no_gt)
		return NULL;
	p += read_name(p, in->end, token->name, sizeof(token->name));
	token->attributes = p;
	while ((p = read_attribute(p, in->end, in, &a, &tag_end)) != NULL)
		;
	if (tag_end == NULL) {
		/* Perhaps a quote took the '>' in: without quotes, then. */
		tag_end = memchr(token->attributes, '>',
		    (size_t)(in->end - token->attributes));
		in->no_gt |= tag_end == NULL;
		if (tag_end == NULL)
			return NULL;
		in->no_double = in->no_single = true;
	}
	token->attributes_len = (size_t)(tag_end - token->attributes);
	return tag_end + 1;
}

/* The end tag of the raw element `name` behind p, NULL if there is none. */
static const char *
find_raw_end(const char *p, const char *end, const char *name)
{
	size_t n = strlen(name);

	while ((p = memchr(p, '<', (size_t)(end - p))) != NULL) {
		if ((size_t)(end - p) > n + 1 && p[1] == '/' &&
		    strncasecmp(p + 2, name, n) == 0)
			return p;
		p++;
	}
	return NULL;
}

/* If the tag opens a raw element, finds its end; without one its content is
 * read as HTML. */
static void
start_raw(struct html_input *in, const char *p, struct html_token *token)
{
	for (size_t i = 0; i < N_RAW; i++) {
		if (strcmp(token->name, raw_names[i]) != 0)
			continue;
		if ((in->no_raw_end & 1U << i) == 0)
			in->raw_end = find_raw_end(p, in->end, token->name);
		if (in->raw_end == NULL)
			in->no_raw_end |= 1U << i;
		in->raw_text = token->name[0] != 't'; /* title, textarea */
		token->unclosed = in->raw_end == NULL;
	}
}

/* Reads markup at in->p ('<').  Returns false when it is text; a token of kind
 * HTML_TEXT and no length means that there was nothing to tell. */
static bool
read_markup(struct html_input *in, struct html_token *token)
{
	const char *p = in->p, *next = NULL;
	size_t left = (size_t)(in->end - p);

	token->kind = HTML_TEXT;
	token->len = 0;
	if (left >= 4 && memcmp(p, "<!--", 4) == 0) {
		next = skip_comment(in, p);
	} else if (left >= 2 && (p[1] == '!' || p[1] == '?')) {
		next = skip_bogus(in, p);
	} else if (left >= 3 && p[1] == '/' && is_letter(p[2])) {
		next = read_tag(in, p + 2, token);
		token->kind = HTML_CLOSE;
	} else if (left >= 3 && p[1] == '/') {
		next = skip_bogus(in, p);
	} else if (left >= 2 && is_letter(p[1])) {
		next = read_tag(in, p + 1, token);
		token->kind = HTML_OPEN;
		if (next != NULL)
			start_raw(in, next, token);
	}
	if (next == NULL)
		return false;
	in->p = next;
	return true;
}

/* Text of a raw element; false if it has none. */
static bool
read_raw(struct html_input *in, struct html_token *token)
{
	const char *to = in->raw_end;

	in->raw_end = NULL;
	if (to <= in->p)
		return false;
	token->kind = HTML_TEXT;
	token->raw = in->raw_text;
	token->text = in->p;
	token->len = (size_t)(to - in->p);
	in->p = to;
	return true;
}

void
html_next(struct html_input *in, struct html_token *token)
{
	const char *lt;

	if (in->raw_end != NULL && read_raw(in, token))
		return;
	token->raw = token->unclosed = false;
	while (in->p < in->end && *in->p == '<')
		if (!read_markup(in, token))
			break;
		else if (token->kind != HTML_TEXT)
			return;
	token->kind = in->p < in->end ? HTML_TEXT : HTML_END;
	if (token->kind == HTML_END)
		return;
	/* A '<' that opens nothing is the first character of text. */
	lt = memchr(in->p + 1, '<', (size_t)(in->end - in->p - 1));
	token->text = in->p;
	in->p = lt != NULL ? lt : in->end;
	token->len = (size_t)(in->p - token->text);
}
