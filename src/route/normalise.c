/* SPDX-License-Identifier: ISC */
#include "route/normalise.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "route/normtable.h"

/* Slack behind the text: the matcher loads 8 bytes at a time. */
#define SLACK 8
/* Most bytes that one character's normal form is given (U+FDFA wants 33). */
#define MOST_OUT 64
#define MOST_TEXT (1UL << 30)

/* What stands between two letters. */
struct gap {
	bool strong, weak;
	unsigned newlines;
	unsigned n_marks; /* punctuation marks, separators included */
	uint32_t mark;	  /* the last of them */
	size_t at;
};

struct writer {
	const struct norm_table *table;
	struct norm *out;
	const char *s, *end;
	unsigned flags;
	struct gap gap;
	bool started;	  /* a letter was written */
	bool after_alnum; /* the last one was ASCII */
	bool after_sep;	  /* its cell began behind a separator */
	unsigned cell;	  /* letters since the last separator, at most 2 */
	bool failed;
};

void
norm_init(struct norm *n)
{
	memset(n, 0, sizeof(*n));
}

void
norm_done(struct norm *n)
{
	free(n->text);
	free(n->at);
	memset(n, 0, sizeof(*n));
}

static bool
make_room(struct norm *n, size_t more)
{
	size_t size = n->len + more + SLACK;
	char *text;
	uint32_t *at;

	if (size <= n->size)
		return true;
	if (size < n->size * 2)
		size = n->size * 2;
	text = realloc(n->text, size);
	if (text == NULL)
		return false;
	n->text = text;
	at = realloc(n->at, size * sizeof(*at));
	if (at == NULL)
		return false;
	n->at = at;
	n->size = size;
	return true;
}

static void
put(struct writer *w, uint32_t cp, size_t at)
{
	struct norm *n = w->out;
	size_t len;

	if (n->len + 4 + SLACK > n->size && !make_room(n, MOST_OUT)) {
		w->failed = true;
		return;
	}
	len = utf8_put(cp, n->text + n->len);
	for (size_t i = 0; i < len; i++)
		n->at[n->len + i] = (uint32_t)at;
	n->len += len;
}

static bool
is_mask(uint32_t cp)
{
	return cp == '*' || cp == '_' || cp == 0xd7 || cp == 0x25cb ||
	       cp == 0x25cf || cp == 0x25a1 || cp == 0x25a0 || cp == 0x25ef;
}

/* Whether the letter that ends at p stands alone: a separator follows it. */
static bool
sep_follows(const struct writer *w, const char *p)
{
	uint32_t cp;
	struct norm_char c;

	while (p < w->end) {
		p += utf8_next(p, w->end, &cp);
		c = norm_char(w->table, cp);
		if (c.kind == NORM_WEAK || c.kind == NORM_STRONG)
			return true;
		if (c.kind != NORM_BLANK && c.kind != NORM_IGNORED &&
		    c.kind != NORM_NOISE)
			return false;
	}
	return false;
}

/* Punctuation put round single characters to hide a word from us. */
static bool
is_evasion(const struct writer *w, bool alnum, const char *next)
{
	if (w->gap.newlines > 1)
		return false;
	if (w->cell == 1 && w->after_sep && !w->after_alnum)
		return true;
	return !alnum && sep_follows(w, next);
}

/* Marks that belong to numbers and names: 12.5, 22:30, 3-2, 1/2, 1,000. */
static bool
is_joint(uint32_t cp)
{
	return cp == '.' || cp == ':' || cp == '-' || cp == '/' || cp == ',';
}

/* Decides what becomes of the gap in front of a letter that ends at next. */
static void
close_gap(struct writer *w, bool alnum, const char *next)
{
	struct gap *g = &w->gap;
	bool sep = g->strong || g->weak || g->newlines > 1;

	if (w->started && w->after_alnum && alnum && g->n_marks == 1 &&
	    g->newlines == 0 && is_joint(g->mark))
		put(w, g->mark, g->at);
	else if (w->started && sep && !is_evasion(w, alnum, next))
		put(w, g->strong || g->newlines > 1 ? '\n' : ',', g->at);
	if (sep) {
		w->after_sep = true;
		w->cell = 0;
	}
	memset(g, 0, sizeof(*g));
}

static void
add_mark(struct writer *w, const struct norm_char *c, size_t at)
{
	struct gap *g = &w->gap;

	g->strong |= c->kind == NORM_STRONG;
	g->weak |= c->kind == NORM_WEAK;
	g->newlines += c->kind == NORM_NEWLINE;
	if (c->kind == NORM_BLANK || c->kind == NORM_NEWLINE)
		return;
	if (g->n_marks++ == 0)
		g->at = at;
	g->mark = c->cp;
}

static void
add_char(struct writer *w, struct norm_char c, size_t at, const char *next)
{
	bool alnum = c.kind == NORM_ALNUM;

	if (c.kind == NORM_NOISE && (w->flags & NORM_MASKS) != 0 &&
	    is_mask(c.cp))
		c = (struct norm_char){0x67d0, NORM_LETTER}; /* 某 */
	if (c.kind == NORM_IGNORED)
		return;
	if (c.kind != NORM_LETTER && !alnum) {
		add_mark(w, &c, at);
		return;
	}
	close_gap(w, alnum, next);
	put(w, c.cp, at);
	w->started = true;
	w->after_alnum = alnum;
	if (w->cell < 2)
		w->cell++;
}

static void
add_all(struct writer *w)
{
	const char *p = w->s, *next;
	struct norm_char list[NORM_MOST_CHARS], c;
	uint32_t cp;
	size_t n;

	while (p < w->end && !w->failed) {
		next = p + utf8_next(p, w->end, &cp);
		c = norm_char(w->table, cp);
		if (c.kind != NORM_MANY) {
			add_char(w, c, (size_t)(p - w->s), next);
		} else {
			n = norm_chars(w->table, cp, list);
			for (size_t i = 0; i < n; i++)
				add_char(w, list[i], (size_t)(p - w->s), next);
		}
		p = next;
	}
}

int
norm_add(const struct norm_table *table, struct norm *n, const char *s,
    size_t len, unsigned flags, struct err *err)
{
	struct writer w = {
	    .table = table, .out = n, .s = s, .end = s + len, .flags = flags};

	if (len > MOST_TEXT || n->len > MOST_TEXT)
		return err_set(err, ERR_INPUT, ERR_OWN, 0,
		    "text of %zu bytes is too long to be routed", len);
	if (!make_room(n, len + MOST_OUT))
		w.failed = true;
	else if (n->len > 0 && len > 0)
		put(&w, '\n', 0);
	if (!w.failed)
		add_all(&w);
	if (w.failed)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
		    "no memory for the text's normal form");
	memset(n->text + n->len, 0, SLACK);
	return 0;
}

size_t
norm_origin(const struct norm *n, const char *s, size_t s_len, size_t from,
    size_t to, size_t *at_out)
{
	size_t last = n->at[to - 1];
	uint32_t cp;

	*at_out = n->at[from];
	return last + utf8_next(s + last, s + s_len, &cp) - *at_out;
}

void
norm_pattern(
    const struct norm_table *table, const char *pattern, struct buf *out)
{
	const char *p = pattern, *next, *end = p + strlen(p);
	struct norm_char list[NORM_MOST_CHARS];
	char bytes[4];
	uint32_t cp;
	size_t n;

	for (; p < end; p = next) {
		next = p + utf8_next(p, end, &cp);
		if (cp < 0x80) {
			buf_addc(out, (char)cp);
			continue;
		}
		n = norm_chars(table, cp, list);
		for (size_t i = 0; i < n; i++) {
			cp = list[i].kind == NORM_STRONG ? '\n'
			     : list[i].kind == NORM_WEAK ? ','
							 : list[i].cp;
			buf_add(out, bytes, utf8_put(cp, bytes));
		}
	}
}
