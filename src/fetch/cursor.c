/* SPDX-License-Identifier: ISC */
#include "fetch/cursor.h"

#include <string.h>
#include <strings.h>

#include "base/limits.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
cursor_blanks(struct cursor *c)
{
	const char *from = c->at;

	while (c->at < c->end && is_blank(*c->at))
		c->at++;
	return c->at > from;
}

bool
cursor_byte(struct cursor *c, char byte)
{
	if (c->at == c->end || *c->at != byte)
		return false;
	c->at++;
	return true;
}

size_t
cursor_word(struct cursor *c, const char **word_out)
{
	*word_out = c->at;
	while (c->at < c->end && !is_blank(*c->at) && *c->at != '(' &&
	    *c->at != ')')
		c->at++;
	return (size_t)(c->at - *word_out);
}

bool
cursor_is(const char *word, size_t len, const char *name)
{
	return len == strlen(name) && strncasecmp(word, name, len) == 0;
}

bool
cursor_name(struct cursor *c, const char *name)
{
	struct cursor ahead = *c;
	const char *word;
	size_t len = cursor_word(&ahead, &word);

	if (!cursor_is(word, len, name))
		return false;
	*c = ahead;
	return true;
}

bool
cursor_number(struct cursor *c, uint64_t max, uint64_t *value_out)
{
	const char *p = c->at;
	uint64_t v = 0;

	while (p < c->end && is_digit(*p) && p - c->at < 19)
		v = v * 10 + (uint64_t)(*p++ - '0');
	if (p == c->at || (p < c->end && is_digit(*p)) || v > max)
		return false;
	c->at = p;
	*value_out = v;
	return true;
}

bool
cursor_quoted(struct cursor *c, const char **text_out, size_t *len_out)
{
	const char *p = c->at;

	if (p == c->end || *p != '"')
		return false;
	for (p++; p < c->end && *p != '"'; p++) {
		if (*p == '\\' && ++p == c->end)
			return false;
	}
	if (p == c->end)
		return false;
	*text_out = c->at + 1;
	*len_out = (size_t)(p - *text_out);
	c->at = p + 1;
	return true;
}

bool
cursor_literal(struct cursor *c, uint64_t *n_out)
{
	struct cursor ahead = *c;

	if (!cursor_byte(&ahead, '{') ||
	    !cursor_number(&ahead, UINT32_MAX, n_out) ||
	    !cursor_byte(&ahead, '}') || ahead.at != ahead.end)
		return false;
	*c = ahead;
	return true;
}

/* One step inside a list: a parenthesis, a string or a word. */
static bool
skip_token(struct cursor *c, unsigned *depth)
{
	const char *text;
	size_t len;

	if (cursor_byte(c, '(')) {
		(*depth)++;
		return *depth <= MAX_IMAP_DEPTH;
	}
	if (cursor_byte(c, ')')) {
		if (*depth == 0)
			return false;
		(*depth)--;
		return true;
	}
	if (c->at < c->end && *c->at == '"')
		return cursor_quoted(c, &text, &len);
	return cursor_word(c, &text) > 0 &&
	    memchr(text, '{', (size_t)(c->at - text)) == NULL;
}

bool
cursor_skip_value(struct cursor *c)
{
	unsigned depth = 0;

	do {
		(void)cursor_blanks(c);
		if (c->at == c->end || !skip_token(c, &depth))
			return false;
	} while (depth > 0);
	return true;
}
