/* SPDX-License-Identifier: ISC */
/*
 * A stranger's words on the way into a table and into the search: whatever
 * they are, a cell is one line of valid UTF-8, a CSV cell begins no formula
 * and ends where its quote ends, no long number survives a brief, and what was
 * cut out of a text is found in it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"
#include "report/cell.h"
#include "intake/gram.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void
check(bool ok, const char *what)
{
	if (ok)
		return;
	(void)fprintf(stderr, "cells: %s\n", what);
	abort();
}

static void
check_line(const struct buf *b, const char *what)
{
	check(utf8_valid(buf_str(b), b->len), what);
	for (size_t i = 0; i < b->len; i++)
		check((unsigned char)b->data[i] >= ' ' && b->data[i] != 0x7f,
		    what);
}

static void
check_csv(const char *text)
{
	BUF_AUTO struct buf b = BUF_INIT;
	size_t i = 1;

	cell_csv(&b, text);
	check_line(&b, "csv is no line");
	check(b.len >= 2 && b.data[0] == '"' && b.data[b.len - 1] == '"',
	    "csv without quotes");
	for (; i + 1 < b.len; i++)
		if (b.data[i] == '"')
			check(b.data[++i] == '"' && i + 1 < b.len,
			    "csv quote inside");
	i = 1 + strspn(b.data + 1, " ");
	check(strchr("=+-@", b.data[i]) == NULL, "csv formula");
}

static void
check_brief(const char *text)
{
	BUF_AUTO struct buf b = BUF_INIT;
	size_t digits = 0;

	cell_brief(&b, text, text, MAX_BRIEF_CHARS);
	check_line(&b, "brief is no line");
	check(utf8_count(buf_str(&b), b.len) <= MAX_BRIEF_CHARS + 1,
	    "brief is long");
	for (size_t i = 0; i < b.len; i++) {
		digits = b.data[i] >= '0' && b.data[i] <= '9' ? digits + 1 : 0;
		/* Behind "LY-2026-" stands a clue's number. */
		check(digits < 7 || memchr(buf_str(&b), '-', i) != NULL,
		    "brief with a number");
	}
}

static void
check_grams(const char *text, size_t from, size_t n)
{
	BUF_AUTO struct buf units = BUF_INIT, index = BUF_INIT;
	BUF_AUTO struct buf expression = BUF_INIT;
	const struct gram_unit *u;
	size_t n_units;

	gram_units(text, &units);
	gram_index(&units, &index);
	check(utf8_valid(buf_str(&index), index.len), "index");
	u = (const struct gram_unit *)(const void *)units.data;
	n_units = units.len / sizeof(*u);
	if (n_units == 0)
		return;
	from %= n_units;
	n = 1 + n % 8;
	for (size_t i = 1; i < n; i++)
		if (from + i >= n_units || !u[from + i].joined)
			n = i;
	check(gram_find(u, n_units, 0, u + from, n) <= from, "not found");
	gram_expression(u + from, n, &expression);
	check(utf8_valid(buf_str(&expression), expression.len), "expression");
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	BUF_AUTO struct buf text = BUF_INIT, clean = BUF_INIT, xlsx = BUF_INIT;

	if (size < 2)
		return 0;
	buf_add(&text, data + 2, size - 2);
	cell_clean(&clean, buf_str(&text));
	check_line(&clean, "cell is no line");
	cell_xlsx(&xlsx, buf_str(&text));
	check_line(&xlsx, "xlsx is no line");
	check_csv(buf_str(&text));
	check_brief(buf_str(&text));
	check_grams(buf_str(&text), data[0], data[1]);
	return 0;
}
