/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "ctl/ctl.h"

void
table_init(
    struct table *t, const char *const *heads, const size_t *most, size_t n)
{
	memset(t, 0, sizeof(*t));
	t->n_columns = n;
	memcpy(t->heads, heads, n * sizeof(*heads));
	memcpy(t->most, most, n * sizeof(*most));
}

static void
row_free(char **row, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(row[i]);
	free(row);
}

void
table_done(struct table *t)
{
	for (size_t i = 0; i < t->n_rows; i++)
		row_free(t->rows[i], t->n_columns);
	free(t->rows);
	memset(t, 0, sizeof(*t));
}

/* A cell is one line of printable text. */
static char *
clean_cell(const char *text)
{
	BUF_AUTO struct buf b = BUF_INIT;

	str_add_printable(&b, text, strlen(text), false);
	return buf_bad(&b) ? NULL : strdup(buf_str(&b));
}

int
table_add(struct table *t, const char *const *cells)
{
	char **row = calloc(t->n_columns, sizeof(*row));
	char ***rows = t->rows;
	bool lost = t->lost;

	t->lost = true; /* until it is there */
	if (row == NULL)
		return -1;
	for (size_t i = 0; i < t->n_columns; i++)
		if ((row[i] = clean_cell(cells[i])) == NULL)
			goto fail;
	if (t->n_rows == t->size) {
		rows = reallocarray(
		    t->rows, t->size * 2 + 16, sizeof(*t->rows));
		if (rows == NULL)
			goto fail;
		t->rows = rows;
		t->size = t->size * 2 + 16;
	}
	t->rows[t->n_rows++] = row;
	t->lost = lost;
	return 0;
fail:
	row_free(row, t->n_columns);
	return -1;
}

static size_t
column_width(const struct table *t, size_t column)
{
	size_t width = str_width(t->heads[column]);

	for (size_t i = 0; i < t->n_rows; i++) {
		size_t w = str_width(t->rows[i][column]);

		if (w > width)
			width = w;
	}
	if (t->most[column] != 0 && width > t->most[column])
		width = t->most[column];
	return width;
}

static void
print_row(const struct table *t, const size_t *widths, char *const *cells,
    struct buf *out)
{
	for (size_t c = 0; c < t->n_columns; c++) {
		bool last = c + 1 == t->n_columns;

		str_add_cell(out, cells[c], widths[c], !last);
		buf_adds(out, last ? "\n" : "  ");
	}
}

void
table_print(const struct table *t, bool color, struct buf *out)
{
	size_t widths[TABLE_COLUMNS];
	char *heads[TABLE_COLUMNS];

	for (size_t c = 0; c < t->n_columns; c++) {
		widths[c] = column_width(t, c);
		heads[c] = (char *)(size_t)t->heads[c];
	}
	if (color)
		buf_adds(out, "\033[1m");
	print_row(t, widths, heads, out);
	if (color)
		buf_adds(out, "\033[0m");
	for (size_t i = 0; i < t->n_rows; i++)
		print_row(t, widths, t->rows[i], out);
	out->bad |= t->lost;
}
