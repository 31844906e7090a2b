/* SPDX-License-Identifier: ISC */
#include "conf/load.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"

/* Longest text of one mistake. */
#define TEXT_BYTES 1000
/* Longest name that is compared letter by letter. */
#define NEAR_BYTES 64

void
conf_mistakes_done(struct conf_mistakes *m)
{
	arena_free(&m->arena);
	*m = (struct conf_mistakes){0};
}

/* Room for one more; the list doubles when it holds a power of two. */
static bool
make_room(struct conf_mistakes *m)
{
	struct conf_mistake *bigger;

	if ((m->n & (m->n - 1)) != 0)
		return true;
	bigger =
	    arena_array(m->arena, m->n == 0 ? 1 : m->n * 2, sizeof(*bigger));
	if (bigger == NULL)
		return false;
	if (m->n > 0)
		memcpy(bigger, m->list, m->n * sizeof(*bigger));
	m->list = bigger;
	return true;
}

static void
insert(struct conf_mistakes *m, bool warning, const struct conf_mistake *one)
{
	size_t at = warning ? m->n : m->n - m->n_warnings;

	if (!make_room(m))
		return;
	memmove(
	    m->list + at + 1, m->list + at, (m->n - at) * sizeof(m->list[0]));
	m->list[at] = *one;
	m->n++;
	m->n_warnings += warning;
}

__attribute__((format(printf, 4, 0))) static void
add(struct conf_mistakes *m, bool warning, struct place at, const char *fmt,
    va_list ap)
{
	char text[TEXT_BYTES];
	struct conf_mistake one = {0};
	char *line;

	if (m->arena == NULL)
		m->arena = arena_new();
	if (m->arena == NULL || m->n > MAX_CONF_ERRORS)
		return;
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	if (m->n == MAX_CONF_ERRORS)
		(void)snprintf(text, sizeof(text),
		    "more than %d mistakes; the rest is not listed",
		    MAX_CONF_ERRORS);
	one.file = arena_strdup(m->arena, at.file != NULL ? at.file : "");
	one.line = at.line;
	if (at.line > 0)
		line = arena_printf(m->arena, "%s:%d: %s%s", one.file, at.line,
		    warning ? "warning: " : "", text);
	else
		line = arena_printf(m->arena, "%s: %s%s", one.file,
		    warning ? "warning: " : "", text);
	if (one.file == NULL || line == NULL)
		return;
	str_make_printable(line);
	one.text = line;
	insert(m, warning, &one);
}

void
mistake_add(struct conf_mistakes *m, bool warning, struct place at,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(m, warning, at, fmt, ap);
	va_end(ap);
}

void
load_mistake(struct load *l, struct place at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(l->mistakes, false, at, fmt, ap);
	va_end(ap);
	l->n_errors++;
}

void
load_err(struct load *l, struct place at, const struct err *err,
    const char *what)
{
	if (err->kind != ERR_CONF && err->kind != ERR_INPUT)
		l->mistakes->machine = true;
	load_mistake(l, at, "%s: %s", what, err->what);
}

/* What a wrong name or mode in the configuration brings about. */
static bool
is_mistake(int code)
{
	static const int codes[] = {ENOENT, ENOTDIR, EISDIR, EACCES, EPERM,
	    ELOOP, ENAMETOOLONG, ENXIO, ENODEV, EINVAL, EROFS};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i] == code)
			return true;
	return false;
}

void
load_errno(struct load *l, struct place at, int code, const char *what)
{
	if (!is_mistake(code))
		l->mistakes->machine = true;
	load_mistake(l, at, "%s: %s", what, strerror(code));
}

void
load_warning(struct load *l, struct place at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(l->mistakes, true, at, fmt, ap);
	va_end(ap);
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Edits (insert, drop, change, swap of neighbours) from a to b: three rows of
 * the usual matrix. */
static size_t
distance(const char *a, const char *b)
{
	size_t rows[3][NEAR_BYTES + 1];
	size_t la = strlen(a), lb = strlen(b);

	if (la > NEAR_BYTES || lb > NEAR_BYTES)
		return SIZE_MAX;
	for (size_t j = 0; j <= lb; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t *row = rows[i % 3];
		const size_t *up = rows[(i + 2) % 3], *up2 = rows[(i + 1) % 3];

		row[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			row[j] = least(up[j], row[j - 1]) + 1;
			row[j] =
			    least(row[j], up[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				row[j] = least(row[j], up2[j - 2] + 1);
		}
	}
	return rows[la % 3][lb];
}

void
near_try(struct near *near, const char *candidate)
{
	size_t d = distance(near->wanted, candidate);
	size_t most = strlen(near->wanted) / 3 + 1;

	if (d > most || (near->best != NULL && d >= near->distance))
		return;
	near->best = candidate;
	near->distance = d;
}
