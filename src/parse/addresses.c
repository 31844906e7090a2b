/* SPDX-License-Identifier: ISC */
#include "parse/addresses.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"
#include "parse/charset.h"
#include "parse/message.h"
#include "parse/words.h"

/* A list under way, over text that is UTF-8 with its encoded words in it. */
struct list {
	const char *p;
	const char *end;
	bool no_quote;	 /* the rest has no quote that closes */
	bool no_comment; /* … no bracket that closes */

	struct buf phrase;  /* words outside of everything */
	struct buf comment; /* the last one */
	struct buf angle;   /* the first <…> with an @, or the first */
	bool has_angle;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
has_at(const struct buf *b)
{
	return b->len > 0 && memchr(b->data, '@', b->len) != NULL;
}

/* ---- pieces --------------------------------------------------------- */

/* The closing quote for the one at p, NULL if none; where text is glued to it
 * ("a <x@y>, "b" <z@y>: a quote was forgotten) it does not count.  Sets
 * *to_end_out when the whole rest was looked at in vain. */
static const char *
closing_quote(const char *p, const char *end, bool *to_end_out)
{
	for (p++; p < end; p++) {
		if (*p == '\\' && p + 1 < end)
			p++;
		else if (*p == '"')
			return p + 1 == end || is_blank(p[1]) ||
				       strchr("<,;(:@.\"=", p[1]) != NULL
				   ? p
				   : NULL;
	}
	*to_end_out = true;
	return NULL;
}

/* Adds quoted text without its backslashes; an encoded word in it stays. */
static void
add_unquoted(struct buf *out, const char *p, const char *end)
{
	for (; p < end; p++) {
		if (*p == '\\' && p + 1 < end)
			p++;
		buf_addc(out, *p);
	}
}

/* A quoted string: to the phrase, or as it stands in front of an @. */
static void
take_quoted(struct list *l)
{
	const char *close =
	    l->no_quote ? NULL : closing_quote(l->p, l->end, &l->no_quote);

	if (close == NULL) {
		l->p++;
		return;
	}
	if (close + 1 < l->end && close[1] == '@')
		buf_add(&l->phrase, l->p, (size_t)(close + 1 - l->p));
	else
		add_unquoted(&l->phrase, l->p + 1, close);
	l->p = close + 1;
}

/* The bracket that closes the comment at p; they nest, RFC 5322 3.2.2. */
static const char *
closing_comment(const char *p, const char *end)
{
	size_t depth = 0;
	struct word w;

	while (p < end) {
		if (*p == '=' && words_at(p, end, &w)) {
			p = w.end;
			continue;
		}
		if (*p == '\\')
			p++;
		else if (*p == '(')
			depth++;
		else if (*p == ')' && --depth == 0)
			return p;
		p++;
	}
	return NULL;
}

static void
take_comment(struct list *l)
{
	const char *close =
	    l->no_comment ? NULL : closing_comment(l->p, l->end);

	if (close == NULL) {
		l->no_comment = true;
		buf_addc(&l->phrase, *l->p++);
		return;
	}
	buf_clear(&l->comment);
	add_unquoted(&l->comment, l->p + 1, close);
	l->p = close + 1;
}

/* <…>; where the bracket is not closed, up to the end of the entry.  A source
 * route (RFC 5322 section 4.4) has commas. */
static void
take_angle(struct list *l)
{
	const char *start;

	while (l->p < l->end && (*l->p == '<' || is_blank(*l->p)))
		l->p++;
	start = l->p;
	while (l->p < l->end && *l->p != '>' && *l->p != '<' && *l->p != ';' &&
	       (*l->p != ',' || *start == '@'))
		l->p++;
	if (!l->has_angle || !has_at(&l->angle)) {
		buf_clear(&l->angle);
		buf_add(&l->angle, start, (size_t)(l->p - start));
		l->has_angle = true;
	}
	while (l->p < l->end && *l->p == '>')
		l->p++;
}

/* Reads one entry up to its comma or semicolon, or to a group's colon. */
static void
read_entry(struct list *l)
{
	struct word w;

	buf_clear(&l->phrase);
	buf_clear(&l->comment);
	buf_clear(&l->angle);
	l->has_angle = false;
	while (l->p < l->end) {
		char c = *l->p;

		if (c == ',' || c == ';') {
			l->p++;
			return;
		}
		if (c == '=' && words_at(l->p, l->end, &w)) {
			buf_add(&l->phrase, l->p, (size_t)(w.end - l->p));
			l->p = w.end;
		} else if (c == '"') {
			take_quoted(l);
		} else if (c == '(') {
			take_comment(l);
		} else if (c == '<') {
			take_angle(l);
		} else if (c == ':' && !l->has_angle && !has_at(&l->phrase)) {
			buf_clear(&l->phrase); /* a group's name */
			l->p++;
		} else {
			buf_addc(&l->phrase, c);
			l->p++;
		}
	}
}

/* ---- addresses ------------------------------------------------------ */

/* Chinese text may be glued to a bare address; real addresses are ASCII. */
static bool
is_addr_char(char c)
{
	return c > ' ' && c < 0x7f && strchr("[]", c) == NULL;
}

/* Finds the token with the @ in a phrase: "a@b 张三", "张三a@b".  Moves it to
 * addr and the rest to `rest`. */
static void
take_bare(const struct buf *phrase, struct buf *addr, struct buf *rest)
{
	const char *p = phrase->data, *end = p + phrase->len, *from, *to;
	const char *quote;

	from = memrchr(p, '@', phrase->len);
	for (to = from; to < end && is_addr_char(*to); to++)
		;
	if (from > p + 1 && from[-1] == '"' &&
	    (quote = memrchr(p, '"', (size_t)(from - 1 - p))) != NULL)
		from = quote;
	/* A name in an encoded word may be glued to the address as well. */
	while (from > p && is_addr_char(from[-1]) &&
	       !(from - p >= 2 && from[-2] == '?' && from[-1] == '='))
		from--;
	buf_clear(addr);
	buf_add(addr, from, (size_t)(to - from));
	buf_add(rest, p, (size_t)(from - p));
	buf_addc(rest, ' ');
	buf_add(rest, to, (size_t)(end - to));
}

/* Takes off what wraps an address: blanks, 'a@b', mailto:, a source route
 * (RFC 5322 section 4.4); and the blanks around @ and dots. */
static void
strip_addr(struct buf *addr)
{
	BUF_AUTO struct buf out = BUF_INIT;
	const char *p = buf_str(addr), *end = p + addr->len, *colon;

	colon = memrchr(p, ':', addr->len);
	if (colon != NULL && memchr(colon, '@', (size_t)(end - colon)) != NULL)
		p = colon + 1;
	while (p < end && (is_blank(*p) || *p == '\''))
		p++;
	while (end > p && (is_blank(end[-1]) || strchr("'.", end[-1]) != NULL))
		end--;
	for (; p < end; p++) {
		bool dot =
		    out.len > 0 && strchr(".@", out.data[out.len - 1]) != NULL;
		const char *q = p;

		while (q < end && is_blank(*q))
			q++;
		if (q > p && (dot || *q == '.' || *q == '@'))
			p = q;
		buf_addc(&out, *p);
	}
	buf_clear(addr);
	buf_add(addr, buf_str(&out), out.len);
}

/* The @ between local part and domain; NULL unless there is exactly one
 * outside of a quoted local part. */
static char *
find_at(const struct buf *addr)
{
	char *p = addr->data, *at;

	if (*p == '"') {
		at = memrchr(p, '"', addr->len);
		if (at == p || at[1] != '@')
			return NULL;
		at++;
	} else {
		at = memchr(p, '@', addr->len);
	}
	if (at == NULL || at == p || at[1] == '\0' ||
	    strchr(at + 1, '@') != NULL)
		return NULL;
	return at;
}

/* Whether the address can stand in a header and a log, RFC 5322 3.4.1 taken
 * loosely: one @, no blanks, no brackets, nothing unprintable. */
static bool
check_addr(struct buf *addr)
{
	const char *p, *end;
	uint32_t cp;
	char *at;

	if (buf_bad(addr) || addr->len == 0 || addr->len > MAX_ADDRESS_BYTES ||
	    memchr(addr->data, 0, addr->len) != NULL ||
	    strstr(addr->data, "=?") != NULL)
		return false;
	for (p = addr->data, end = p + addr->len; p < end;) {
		p += utf8_next(p, end, &cp);
		if (cp == 0xfffd || cp == UINT32_MAX || !cp_printable(cp) ||
		    cp == ' ' || cp == 0x3000 || cp == 0xa0 ||
		    (cp < 0x80 && strchr("<>(),;", (int)cp) != NULL))
			return false;
	}
	at = find_at(addr);
	if (at == NULL)
		return false;
	for (; *at != '\0'; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at + ('a' - 'A'));
	return true;
}

/* ---- names ---------------------------------------------------------- */

/* Decodes a name, takes off quotes around all of it and blanks that a comment
 * left behind. */
static int
decode_name(const struct buf *raw, struct buf *name, struct charset_result *sum)
{
	struct charset_result r;
	size_t len, n = 0;
	char *p;

	if (words_decode_utf8(
		buf_str(raw), raw->len, MAX_NAME_BYTES, name, &r) != 0)
		return -1;
	charset_result_add(sum, &r);
	p = name->data;
	len = name->len;
	while (len >= 2 && p[0] == p[len - 1] && (*p == '"' || *p == '\'')) {
		p++;
		len -= 2;
	}
	while (len > 0 && *p == ' ') {
		p++;
		len--;
	}
	while (len > 0 && p[len - 1] == ' ')
		len--;
	for (size_t i = 0; i < len; i++)
		if (p[i] != ' ' || p[i - 1] != ' ')
			name->data[n++] = p[i];
	buf_cut(name, n);
	return 0;
}

/* The address of an entry: out of its brackets, or bare out of the phrase.
 * Leaves in *name what is the name.  Returns whether it is good. */
static bool
find_addr(struct list *l, struct buf *addr, struct buf *name)
{
	bool good;

	if (!l->has_angle && has_at(&l->phrase))
		take_bare(&l->phrase, addr, name);
	else
		buf_add(addr, buf_str(&l->angle), l->angle.len);
	strip_addr(addr);
	good = check_addr(addr);
	if (!good || name->len == 0) {
		buf_clear(name);
		buf_add(name, buf_str(&l->phrase), l->phrase.len);
	}
	return good;
}

/* Adds what read_entry() found, if it is anything. */
static int
add_entry(struct list *l, struct arena *arena, struct mail_address *list,
    size_t *n, struct charset_result *sum)
{
	BUF_AUTO struct buf raw_name = BUF_INIT;
	BUF_AUTO struct buf name = BUF_INIT;
	BUF_AUTO struct buf addr = BUF_INIT;
	const char *name_copy, *addr_copy;
	bool good = find_addr(l, &addr, &raw_name);

	if (buf_bad(&l->phrase) || buf_bad(&l->angle) || buf_bad(&l->comment) ||
	    buf_bad(&addr) || buf_bad(&raw_name) ||
	    decode_name(&raw_name, &name, sum) != 0)
		return -1;
	if (name.len == 0 && decode_name(&l->comment, &name, sum) != 0)
		return -1;
	/* What stands in the brackets and is no address is a name. */
	if (name.len == 0 && !good && decode_name(&l->angle, &name, sum) != 0)
		return -1;
	if (name.len == 0 && !good)
		return 0;
	name_copy = arena_memdup(arena, buf_str(&name), name.len);
	addr_copy = good ? arena_strdup(arena, addr.data) : "";
	if (name_copy == NULL || addr_copy == NULL)
		return -1;
	list[(*n)++] = (struct mail_address){name_copy, addr_copy};
	return 0;
}

int
addresses_parse(const char *raw, size_t len, const struct charset_hint *hint,
    struct arena *arena, struct mail_address *list, size_t size,
    size_t *n_inout, struct charset_result *result_out)
{
	BUF_AUTO struct buf text = BUF_INIT;
	struct list l = {.phrase = BUF_INIT};
	int rc;

	rc = words_raw_to_utf8(raw, len, hint, &text, result_out);
	l.p = buf_str(&text);
	l.end = l.p + text.len;
	while (rc == 0 && l.p < l.end && *n_inout < size) {
		read_entry(&l);
		rc = add_entry(&l, arena, list, n_inout, result_out);
	}
	buf_done(&l.phrase);
	buf_done(&l.comment);
	buf_done(&l.angle);
	return rc;
}
