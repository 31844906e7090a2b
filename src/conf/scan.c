/* SPDX-License-Identifier: ISC */
#include "conf/scan.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/str.h"

struct scan {
	const struct scan_calls *calls;
	const char *p, *end;
	const char *pending; /* begin of what was not handed on yet */
	int line;
	int depth;
};

static void
tell(struct scan *s, const char *text)
{
	s->calls->mistake(s->calls->arg, s->line, text);
}

static void
flush(struct scan *s)
{
	if (s->p > s->pending)
		s->calls->text(
		    s->calls->arg, s->pending, (size_t)(s->p - s->pending));
	s->pending = s->p;
}

static void
skip_line(struct scan *s)
{
	while (s->p < s->end && *s->p != '\n')
		s->p++;
}

static void
skip_comment(struct scan *s)
{
	int first = s->line;

	for (s->p += 2; s->p < s->end; s->p++) {
		s->line += *s->p == '\n';
		if (s->p[0] == '*' && s->p[1] == '/') {
			s->p += 2;
			return;
		}
	}
	s->line = first;
	tell(s, "comment without an end");
}

/* No text of ours has a line end in it, so one that does lacks its quote; what
 * follows it cannot be told apart, and the scan ends. */
static void
skip_string(struct scan *s)
{
	for (s->p++; s->p < s->end && *s->p != '\n'; s->p++) {
		if (*s->p == '"') {
			s->p++;
			return;
		}
		if (*s->p != '\\')
			continue;
		if (str_starts(s->p, "\\x00"))
			tell(s, "\\x00 cannot stand in a string");
		if (s->p + 1 < s->end && s->p[1] != '\n')
			s->p++;
	}
	tell(s, "string without an end on its line");
	s->p = s->end;
}

static bool
is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '*' || c == '.' ||
	       c == '+' || c == '-';
}

/* libconfig keeps the low 32 bits of an integer without L. */
static bool
is_cut_integer(const char *word, size_t len)
{
	const char *digits = word + (*word == '-' || *word == '+');
	size_t n = len - (size_t)(digits - word);
	int64_t v;
	char copy[16];

	if (n > 2 && digits[0] == '0' && (digits[1] | 32) == 'x')
		return n > 2 + 8 &&
		       strspn(digits + 2, "0123456789abcdefABCDEF") >= n - 2;
	if (n == 0 || strspn(digits, "0123456789") < n)
		return false;
	if (n >= sizeof(copy))
		return true;
	(void)snprintf(copy, sizeof(copy), "%.*s", (int)n, digits);
	return str_int64(copy, 0, INT_MAX, &v) < 0;
}

static void
skip_word(struct scan *s)
{
	const char *word = s->p;

	while (s->p < s->end && is_word_char(*s->p))
		s->p++;
	if (is_cut_integer(word, (size_t)(s->p - word)))
		tell(s, "this number is too large");
}

/* At the start of a line: handles `@include "name"`, which ends the line. */
static void
try_include(struct scan *s)
{
	const char *p = s->p, *name, *quote;

	p += strspn(p, " \t");
	if (!str_starts(p, "@include"))
		return;
	p += strlen("@include");
	p += strspn(p, " \t");
	name = p + 1;
	quote = *p == '"' ? name + strcspn(name, "\"\\\n") : NULL;
	if (quote == NULL || *quote != '"' || quote == name) {
		tell(s, "write @include \"file\" on a line of its own");
		return;
	}
	p = quote + 1 + strspn(quote + 1, " \t\r;");
	if (*p != '\n' && *p != '\0' && *p != '#') {
		tell(s, "nothing may follow @include \"file\" on its line");
		return;
	}
	flush(s);
	s->calls->include(
	    s->calls->arg, s->line, name, (size_t)(quote - name));
	s->p = quote + 1;
	skip_line(s);
	s->pending = s->p;
}

static void
nest(struct scan *s, char c)
{
	if (c == '(' || c == '[' || c == '{')
		s->depth++;
	else
		s->depth--;
	if (s->depth == MAX_CONF_NESTING)
		tell(s, "brackets nested too deep");
}

static void
step_on(struct scan *s)
{
	char c = *s->p;

	if (c == '#' || (c == '/' && s->p[1] == '/'))
		skip_line(s);
	else if (c == '/' && s->p[1] == '*')
		skip_comment(s);
	else if (c == '"')
		skip_string(s);
	else if (is_word_char(c))
		skip_word(s);
	else {
		if (c != '\0' && strchr("()[]{}", c) != NULL)
			nest(s, c);
		s->p++;
	}
}

void
scan_text(const char *text, size_t len, const struct scan_calls *calls)
{
	struct scan s = {.calls = calls,
	    .p = text,
	    .end = text + len,
	    .pending = text,
	    .line = 1};

	try_include(&s);
	while (s.p < s.end) {
		if (*s.p != '\n') {
			step_on(&s);
			continue;
		}
		s.p++;
		s.line++;
		try_include(&s);
	}
	flush(&s);
}

/* -- keys of a line -------------------------------------------------------- */

static const char *
find_line(const char *text, unsigned line)
{
	while (line > 1 && *text != '\0')
		line -= *text++ == '\n';
	return text;
}

static const char *
behind_string(const char *p)
{
	for (p++; *p != '"' && *p != '\n' && *p != '\0'; p++)
		p += *p == '\\' && p[1] != '\0';
	return *p == '"' ? p + 1 : p;
}

static bool
is_assigned(const char *p)
{
	p += strspn(p, " \t\r\n");
	return *p == '=' || *p == ':';
}

size_t
scan_key_on_line(const char *text, unsigned line, size_t k)
{
	size_t ends[64], n = 0, len;
	const char *p = find_line(text, line);

	while (*p != '\0' && *p != '\n' && *p != '#' && n < 64) {
		if (*p == '"') {
			p = behind_string(p);
			continue;
		}
		for (len = 0; is_word_char(p[len]);)
			len++;
		if (len > 0 && is_assigned(p + len))
			ends[n++] = (size_t)(p + len - text);
		p += len > 0 ? len : 1;
	}
	return k < n ? ends[n - 1 - k] : 0;
}
