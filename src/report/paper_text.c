/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "base/str.h"
#include "base/zone.h"
#include "report/cell.h"
#include "report/paper_formats.h"

/* Plain text, CSV (RFC 4180) and JSON (RFC 8259): what is written as it
 * comes. */

/* -- for people ----------------------------------------------------------- */

/* The last column of a table may be as long as it is. */
static void
add_padded(struct paper *p, size_t column, const char *text)
{
	const struct column *c = &p->sheet.columns[column];
	bool last = column + 1 == p->sheet.n_columns;

	if (last && c->wrap)
		cell_clean(&p->out, text);
	else
		str_add_cell(&p->out, text, c->width, !last);
	buf_adds(&p->out, last ? "\n" : "  ");
}

static void
text_open(struct paper *p)
{
	(void)p;
}

static void
text_sheet(struct paper *p)
{
	if (p->n_sheets > 0)
		buf_addc(&p->out, '\n');
	cell_clean(&p->out, p->sheet.title);
	buf_addc(&p->out, '\n');
	if (p->sheet.under[0] != '\0') {
		cell_clean(&p->out, p->sheet.under);
		buf_addc(&p->out, '\n');
	}
	buf_addc(&p->out, '\n');
	for (size_t i = 0; i < p->sheet.n_columns; i++)
		add_padded(p, i, p->sheet.columns[i].title);
}

static void
text_row(struct paper *p, const struct cell *cells)
{
	for (size_t i = 0; i < p->sheet.n_columns; i++) {
		BUF_AUTO struct buf clean = BUF_INIT, text = BUF_INIT;

		paper_cell_text(&text, &cells[i]);
		cell_clean(&clean, buf_str(&text));
		if (buf_bad(&text) || buf_bad(&clean))
			p->out.bad = true;
		add_padded(p, i, buf_str(&clean));
	}
}

static void
text_note(struct paper *p, const char *text)
{
	if (!p->noted)
		buf_addc(&p->out, '\n');
	cell_clean(&p->out, text);
	buf_addc(&p->out, '\n');
}

static void
text_end(struct paper *p)
{
	(void)p;
}

const struct paper_ops paper_text = {
    .open = text_open,
    .sheet = text_sheet,
    .row = text_row,
    .note = text_note,
    .end = text_end,
};

/* -- for spreadsheet programs --------------------------------------------- */

/* Without the mark, Excel in China takes UTF-8 for GBK. */
static void
csv_open(struct paper *p)
{
	buf_adds(&p->out, "\xef\xbb\xbf");
}

static void
csv_sheet(struct paper *p)
{
	if (p->n_sheets > 0)
		buf_adds(&p->out, "\r\n");
	for (size_t i = 0; i < p->sheet.n_columns; i++) {
		if (i > 0)
			buf_addc(&p->out, ',');
		cell_csv(&p->out, p->sheet.columns[i].title);
	}
	buf_adds(&p->out, "\r\n");
}

static void
csv_row(struct paper *p, const struct cell *cells)
{
	for (size_t i = 0; i < p->sheet.n_columns; i++) {
		if (i > 0)
			buf_addc(&p->out, ',');
		if (cells[i].kind == CELL_TEXT)
			cell_csv(&p->out, cells[i].text);
		else if (cells[i].kind != CELL_NONE)
			paper_cell_text(&p->out, &cells[i]);
	}
	buf_adds(&p->out, "\r\n");
}

/* Nothing below the rows: programs read them. */
static void
csv_note(struct paper *p, const char *text)
{
	(void)p;
	(void)text;
}

const struct paper_ops paper_csv = {
    .open = csv_open,
    .sheet = csv_sheet,
    .row = csv_row,
    .note = csv_note,
    .end = text_end,
};

/* -- for programs --------------------------------------------------------- */

static void
add_text(struct paper *p, const char *text)
{
	BUF_AUTO struct buf clean = BUF_INIT;

	cell_clean(&clean, text);
	if (buf_bad(&clean))
		p->out.bad = true;
	json_add_cstr(&p->out, buf_str(&clean));
}

static void
add_member(struct paper *p, const char *key, const char *value)
{
	buf_addf(&p->out, ",\"%s\":", key);
	add_text(p, value);
}

static void
add_day(struct paper *p, const char *key, int32_t day)
{
	struct civil c;

	civil_from_day(day, &c);
	buf_addf(
	    &p->out, ",\"%s\":\"%04d-%02d-%02d\"", key, c.year, c.month, c.day);
}

static void
json_open(struct paper *p)
{
	const struct paper_facts *f = p->facts;

	buf_adds(&p->out, "{\"report\":");
	add_text(p, f->report);
	add_member(p, "title", f->title);
	add_member(p, "unit", f->unit);
	if (f->period[0] != '\0')
		add_member(p, "period", f->period);
	if (f->last_day != 0) {
		add_day(p, "from", f->first_day);
		add_day(p, "to", f->last_day);
	}
	buf_adds(&p->out, ",\"sheets\":[");
}

static void
json_end_sheet(struct paper *p)
{
	if (p->n_sheets > 0)
		buf_adds(&p->out, p->noted ? "]}" : "\n]}");
}

static void
json_sheet(struct paper *p)
{
	json_end_sheet(p);
	buf_adds(&p->out, p->n_sheets > 0 ? ",\n{\"name\":" : "\n{\"name\":");
	add_text(p, p->sheet.name);
	add_member(p, "title", p->sheet.title);
	buf_adds(&p->out, ",\"rows\":[");
}

static void
add_value(struct paper *p, const struct cell *c)
{
	switch (c->kind) {
	case CELL_TEXT:
		add_text(p, c->text);
		break;
	case CELL_SHARE:
		buf_addf(
		    &p->out, "%d.%03d", (int)(c->n / 1000), (int)(c->n % 1000));
		break;
	case CELL_NONE:
		buf_adds(&p->out, "null");
		break;
	case CELL_NUMBER:
	case CELL_TENTHS:
		paper_cell_text(&p->out, c);
		break;
	}
}

static void
json_row(struct paper *p, const struct cell *cells)
{
	buf_adds(&p->out, p->n_rows > 0 ? ",\n{" : "\n{");
	for (size_t i = 0; i < p->sheet.n_columns; i++) {
		buf_addf(&p->out, "%s\"%s\":", i > 0 ? "," : "",
		    p->sheet.columns[i].key);
		add_value(p, &cells[i]);
	}
	buf_addc(&p->out, '}');
}

static void
json_note(struct paper *p, const char *text)
{
	buf_adds(&p->out, p->noted ? ",\n" : "\n],\"notes\":[\n");
	add_text(p, text);
}

static void
json_end(struct paper *p)
{
	json_end_sheet(p);
	buf_adds(&p->out, "\n]}\n");
}

const struct paper_ops paper_json = {
    .open = json_open,
    .sheet = json_sheet,
    .row = json_row,
    .note = json_note,
    .end = json_end,
};
