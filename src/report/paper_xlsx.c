/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/str.h"
#include "report/cell.h"
#include "report/paper_formats.h"
#include "report/xlsx.h"

/*
 * Sheets for the screen and for A4 across: title, head and column names stay
 * when one scrolls and come again on every printed page.  Rows go to the
 * library's temporary file one by one.
 */
#define ROW_TITLE 0
#define ROW_UNDER 1
#define ROW_HEAD 2
#define ROW_FIRST 3
/* Charts on their sheet, in cells of the default size: two side by side, or
 * one over both places. */
#define CHART_WIDTH 620
#define CHART_HEIGHT 360
#define CHART_ROWS 19
#define CHART_COLUMNS 10
/* Points of a line of text, and above and below it. */
#define LINE_HEIGHT 13.5
#define LINE_MARGIN 6.5
/* Lines of one cell; a sheet's row is at most 409 points high. */
#define MAX_LINES 29

struct place {
	char name[40]; /* of the sheet */
	lxw_row_t last;
};

struct book {
	lxw_workbook *workbook;
	lxw_worksheet *at;     /* the sheet that rows go to */
	lxw_worksheet *charts; /* NULL = none yet */
	size_t n_charts;
	lxw_row_t next;
	unsigned parts; /* of the sheet at hand; > 1 when it was too long */
	struct place places[8];
	lxw_format *title, *under, *head, *text, *wrap, *number, *tenths,
	    *share, *note;
};

static void
check(struct paper *p, lxw_error code)
{
	struct err err;

	if (code == LXW_NO_ERROR)
		return;
	(void)err_set(&err,
	    code == LXW_ERROR_MEMORY_MALLOC_FAILED ? ERR_SYSTEM : ERR_LATER,
	    ERR_OWN, (int)code, "write the sheet: %s", lxw_strerror(code));
	paper_fail(p, &err);
}

static void
make_styles(struct book *b)
{
	lxw_workbook *w = b->workbook;

	b->title = xlsx_style(w, 16, XLSX_BOLD | XLSX_CENTER);
	b->under = xlsx_style(w, 10, XLSX_CENTER);
	b->head = xlsx_style(
	    w, 10, XLSX_BOLD | XLSX_CENTER | XLSX_BOX | XLSX_WRAP | XLSX_GREY);
	b->text = xlsx_style(w, 10, XLSX_CENTER | XLSX_BOX | XLSX_WRAP);
	b->wrap = xlsx_style(w, 10, XLSX_BOX | XLSX_WRAP);
	b->number = xlsx_style(w, 10, XLSX_CENTER | XLSX_BOX);
	b->tenths = xlsx_style(w, 10, XLSX_CENTER | XLSX_BOX);
	format_set_num_format(b->tenths, "0.0");
	b->share = xlsx_style(w, 10, XLSX_CENTER | XLSX_BOX);
	format_set_num_format(b->share, "0.0%");
	b->note = xlsx_style(w, 10, 0);
}

static void
xlsx_open(struct paper *p)
{
	/* The library wants a folder that may be written, and no const. */
	lxw_workbook_options options = {.constant_memory = 1};

	p->book = calloc(1, sizeof(*p->book));
	if (p->book != NULL)
		p->book->workbook = workbook_new_opt(p->dest.temp, &options);
	if (p->book == NULL || p->book->workbook == NULL) {
		paper_no_memory(p);
		return;
	}
	xlsx_properties(
	    p->book->workbook, p->facts->title, p->facts->created_s);
	make_styles(p->book);
}

static void
write_cell(struct paper *p, lxw_row_t row, size_t column, const char *text,
    lxw_format *style)
{
	BUF_AUTO struct buf safe = BUF_INIT;

	cell_xlsx(&safe, text);
	if (buf_bad(&safe)) {
		paper_no_memory(p);
		return;
	}
	check(p, worksheet_write_string(p->book->at, row, (lxw_col_t)column,
		     buf_str(&safe), style));
}

/* Over all columns; one column alone cannot be merged. */
static void
write_across(
    struct paper *p, lxw_row_t row, const char *text, lxw_format *style)
{
	BUF_AUTO struct buf safe = BUF_INIT;
	lxw_col_t last = (lxw_col_t)(p->sheet.n_columns - 1);

	cell_xlsx(&safe, text);
	if (buf_bad(&safe))
		paper_no_memory(p);
	else if (last == 0)
		write_cell(p, row, 0, text, style);
	else
		check(p, worksheet_merge_range(p->book->at, row, 0, row, last,
			     buf_str(&safe), style));
}

static void
set_page(struct paper *p)
{
	lxw_worksheet *s = p->book->at;

	worksheet_set_landscape(s);
	worksheet_set_paper(s, XLSX_A4);
	worksheet_fit_to_pages(s, 1, 0);
	worksheet_set_margins(s, 0.4, 0.4, 0.5, 0.6);
	worksheet_center_horizontally(s);
	check(p, worksheet_set_footer(s, "&C第 &P 页，共 &N 页"));
	check(p, worksheet_repeat_rows(s, ROW_TITLE, ROW_HEAD));
	worksheet_freeze_panes(s, ROW_FIRST, 0);
	for (size_t i = 0; i < p->sheet.n_columns; i++)
		check(p, worksheet_set_column(s, (lxw_col_t)i, (lxw_col_t)i,
			     p->sheet.columns[i].width + 1, NULL));
}

/* Lines that a text takes in its column.  Programs do not agree on whether
 * they find out by themselves, so rows are given their height. */
static unsigned
count_lines(const struct paper *p, size_t column, const char *text)
{
	size_t width = p->sheet.columns[column].width;
	size_t lines = (str_width(text) + width - 1) / width;

	return lines < 1 ? 1 : lines > MAX_LINES ? MAX_LINES : (unsigned)lines;
}

static void
set_height(struct paper *p, lxw_row_t row, unsigned lines)
{
	check(p, worksheet_set_row(p->book->at, row,
		     lines * LINE_HEIGHT + LINE_MARGIN, NULL));
}

/* A sheet has room for 1,048,576 rows; what is longer goes on on another. */
static void
add_part(struct paper *p)
{
	struct book *b = p->book;
	struct place *place = &b->places[p->n_sheets];
	unsigned lines = 1, n;

	b->parts++;
	if (b->parts == 1)
		(void)snprintf(
		    place->name, sizeof(place->name), "%s", p->sheet.name);
	else
		(void)snprintf(place->name, sizeof(place->name), "%s%u",
		    p->sheet.name, b->parts);
	b->at = workbook_add_worksheet(b->workbook, place->name);
	if (b->at == NULL) {
		paper_no_memory(p);
		return;
	}
	set_page(p);
	check(p, worksheet_set_row(b->at, ROW_TITLE, 30, NULL));
	write_across(p, ROW_TITLE, p->sheet.title, b->title);
	write_across(p, ROW_UNDER, p->sheet.under, b->under);
	check(p, worksheet_set_row(b->at, ROW_UNDER, 20, NULL));
	for (size_t i = 0; i < p->sheet.n_columns; i++) {
		n = count_lines(p, i, p->sheet.columns[i].title);
		lines = n > lines ? n : lines;
	}
	set_height(p, ROW_HEAD, lines);
	for (size_t i = 0; i < p->sheet.n_columns; i++)
		write_cell(p, ROW_HEAD, i, p->sheet.columns[i].title, b->head);
	b->next = ROW_FIRST;
}

static void
xlsx_sheet(struct paper *p)
{
	p->book->parts = 0;
	if (p->n_sheets < sizeof(p->book->places) / sizeof(p->book->places[0]))
		add_part(p);
}

static void
write_number(struct paper *p, size_t column, double n, lxw_format *style)
{
	check(p, worksheet_write_number(
		     p->book->at, p->book->next, (lxw_col_t)column, n, style));
}

static void
write_value(struct paper *p, size_t column, const struct cell *c)
{
	struct book *b = p->book;

	switch (c->kind) {
	case CELL_TEXT:
		write_cell(p, b->next, column, c->text,
		    p->sheet.columns[column].wrap ? b->wrap : b->text);
		break;
	case CELL_NUMBER:
		write_number(p, column, (double)c->n, b->number);
		break;
	case CELL_TENTHS:
		write_number(p, column, (double)c->n / 10, b->tenths);
		break;
	case CELL_SHARE:
		write_number(p, column, (double)c->n / 1000, b->share);
		break;
	case CELL_NONE:
		write_cell(p, b->next, column, "—", b->text);
		break;
	}
}

static void
xlsx_row(struct paper *p, const struct cell *cells)
{
	unsigned lines = 1, n;

	if (p->book->next >= MAX_SHEET_ROWS)
		add_part(p);
	for (size_t i = 0; i < p->sheet.n_columns; i++) {
		n = cells[i].kind != CELL_TEXT
			? 1
			: count_lines(p, i, cells[i].text);
		lines = n > lines ? n : lines;
	}
	/* Before the cells: a row that was left is written. */
	set_height(p, p->book->next, lines);
	for (size_t i = 0; i < p->sheet.n_columns && !p->failed; i++)
		write_value(p, i, &cells[i]);
	p->book->places[p->n_sheets - 1].last = p->book->next++;
}

static void
xlsx_note(struct paper *p, const char *text)
{
	struct book *b = p->book;

	if (!p->noted)
		b->next++;
	write_across(p, b->next++, text, b->note);
}

/* -- charts --------------------------------------------------------------- */

static lxw_worksheet *
chart_sheet(struct paper *p)
{
	struct book *b = p->book;

	if (b->charts != NULL)
		return b->charts;
	b->charts = workbook_add_worksheet(b->workbook, "图表");
	if (b->charts == NULL) {
		paper_no_memory(p);
		return NULL;
	}
	worksheet_gridlines(b->charts, LXW_HIDE_ALL_GRIDLINES);
	worksheet_set_landscape(b->charts);
	worksheet_set_margins(b->charts, 0.4, 0.4, 0.5, 0.5);
	worksheet_center_horizontally(b->charts);
	worksheet_set_paper(b->charts, XLSX_A4);
	worksheet_fit_to_pages(b->charts, 1, 1);
	return b->charts;
}

static void
add_series(struct paper *p, lxw_chart *chart, const struct chart *c,
    size_t column, size_t nth)
{
	/* Told apart in print as well as on the screen. */
	static const lxw_color_t colors[] = {0x2F5597, 0xC55A11, 0x7F7F7F,
	    0xBF9000, 0x538135, 0x7030A0, 0x00808A, 0xC00000, 0x404040};
	const struct place *place = &p->book->places[c->sheet];
	lxw_chart_series *s = chart_add_series(chart, NULL, NULL);
	lxw_chart_fill fill = {
	    .color = colors[nth % (sizeof(colors) / sizeof(colors[0]))]};

	if (s == NULL) {
		paper_no_memory(p);
		return;
	}
	chart_series_set_categories(s, place->name, ROW_FIRST,
	    (lxw_col_t)c->category, place->last, (lxw_col_t)c->category);
	chart_series_set_values(s, place->name, ROW_FIRST, (lxw_col_t)column,
	    place->last, (lxw_col_t)column);
	chart_series_set_name_range(
	    s, place->name, ROW_HEAD, (lxw_col_t)column);
	chart_series_set_fill(s, &fill);
	if (c->n_values <= 3)
		chart_series_set_labels(s);
}

static void
dress_axes(lxw_chart *chart, const struct chart *c)
{
	/* The library's x is what lies: with bars that is the numbers. */
	lxw_chart_axis *numbers = c->stacked ? chart->y_axis : chart->x_axis;
	lxw_chart_axis *names = c->stacked ? chart->x_axis : chart->y_axis;
	lxw_chart_font font = {.name = (char *)(size_t)XLSX_FONT, .size = 9};
	lxw_chart_line faint = {.color = 0xD9D9D9, .width = 0.5};

	chart_axis_set_num_font(numbers, &font);
	chart_axis_set_num_font(names, &font);
	chart_axis_major_gridlines_set_line(numbers, &faint);
	chart_axis_set_min(numbers, 0);
	chart_axis_set_num_format(numbers, c->share ? "0%" : "0");
	if (c->share)
		chart_axis_set_max(numbers, 1);
	if (!c->stacked) {
		/* From top to bottom as in the table, numbers below. */
		chart_axis_set_reverse(names);
		chart_axis_set_crossing_max(names);
		chart_axis_major_gridlines_set_visible(names, LXW_FALSE);
	}
}

static void
dress_chart(lxw_chart *chart, const struct chart *c)
{
	lxw_chart_font small = {.name = (char *)(size_t)XLSX_FONT, .size = 9};
	lxw_chart_font large = {
	    .name = (char *)(size_t)XLSX_FONT, .size = 12, .bold = LXW_TRUE};

	chart_title_set_name(chart, c->title);
	chart_title_set_name_font(chart, &large);
	chart_legend_set_font(chart, &small);
	chart_legend_set_position(chart,
	    c->n_values > 1 ? LXW_CHART_LEGEND_BOTTOM : LXW_CHART_LEGEND_NONE);
	chart_set_series_gap(chart, 60);
	dress_axes(chart, c);
}

static void
xlsx_chart(struct paper *p, const struct chart *c)
{
	struct book *b = p->book;
	lxw_worksheet *sheet = chart_sheet(p);
	lxw_chart_options options = {0};
	lxw_chart *chart;
	size_t at = b->n_charts;

	b->n_charts += c->wide ? 2 : 1;
	/* Nothing to draw. */
	if (sheet == NULL || b->places[c->sheet].last < ROW_FIRST)
		return;
	chart = workbook_add_chart(
	    b->workbook, c->stacked ? LXW_CHART_COLUMN_STACKED : LXW_CHART_BAR);
	if (chart == NULL) {
		paper_no_memory(p);
		return;
	}
	for (size_t i = 0; i < c->n_values; i++)
		add_series(p, chart, c, c->values[i], i);
	dress_chart(chart, c);
	options.x_scale = CHART_WIDTH / 480.0 * (c->wide ? 2 : 1);
	options.y_scale = CHART_HEIGHT / 288.0;
	check(p,
	    worksheet_insert_chart_opt(sheet, (lxw_row_t)(at / 2 * CHART_ROWS),
		(lxw_col_t)(at % 2 * CHART_COLUMNS), chart, &options));
}

static void
xlsx_end(struct paper *p)
{
	lxw_workbook *w = p->book->workbook;

	p->book->workbook = NULL;
	check(p, workbook_close(w));
}

static void
xlsx_discard(struct paper *p)
{
	if (p->book == NULL)
		return;
	if (p->book->workbook != NULL)
		lxw_workbook_free(p->book->workbook);
	free(p->book);
	p->book = NULL;
}

const struct paper_ops paper_xlsx = {
    .by_name = true,
    .open = xlsx_open,
    .sheet = xlsx_sheet,
    .row = xlsx_row,
    .note = xlsx_note,
    .chart = xlsx_chart,
    .end = xlsx_end,
    .discard = xlsx_discard,
};
