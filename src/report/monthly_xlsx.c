/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "report/cell.h"
#include "report/monthly_parts.h"
#include "report/xlsx.h"

/*
 * The form on one A4 page, upright: title, who and when, the table, who filled
 * it in, who gets a copy, and in small print the ledger's end.  Heights are in
 * points and fill the page with nine domains; with more, the page is made
 * smaller by the printer's settings, never a second one begun.
 */
#define COLUMNS (1 + FIGURE_COUNT)
#define LAST_COLUMN FIGURE_COUNT
#define HEIGHT_TITLE 66
#define HEIGHT_LINE 32
#define HEIGHT_HEAD 58
#define HEIGHT_ROW 42
#define HEIGHT_NAME 21 /* of each line of a long name */
#define NAME_COLUMNS 18 /* of a terminal, on one line of it */
#define HEIGHT_GAP 8
#define HEIGHT_SMALL 16

struct form {
	const struct monthly *m;
	lxw_workbook *book;
	lxw_worksheet *sheet;
	lxw_row_t at;
	lxw_format *title, *left, *right, *head, *name, *number, *small, *cell;
	lxw_error failed;
};

static void
check(struct form *f, lxw_error code)
{
	if (f->failed == LXW_NO_ERROR)
		f->failed = code;
}

static void
write_cell(struct form *f, lxw_col_t column, const char *text, lxw_format *how)
{
	BUF_AUTO struct buf safe = BUF_INIT;

	cell_xlsx(&safe, text);
	if (buf_bad(&safe))
		check(f, LXW_ERROR_MEMORY_MALLOC_FAILED);
	else
		check(f, worksheet_write_string(
			     f->sheet, f->at, column, buf_str(&safe), how));
}

static void
write_across(struct form *f, lxw_col_t from, lxw_col_t to, const char *text,
    lxw_format *how)
{
	BUF_AUTO struct buf safe = BUF_INIT;

	cell_xlsx(&safe, text);
	if (buf_bad(&safe))
		check(f, LXW_ERROR_MEMORY_MALLOC_FAILED);
	else
		check(f, worksheet_merge_range(f->sheet, f->at, from, f->at, to,
			     buf_str(&safe), how));
}

static void
next_row(struct form *f, double height)
{
	check(f, worksheet_set_row(f->sheet, f->at, height, NULL));
	f->at++;
}

static void
make_styles(struct form *f)
{
	lxw_workbook *w = f->book;

	f->title = xlsx_style(w, 20, XLSX_BOLD | XLSX_CENTER | XLSX_WRAP);
	f->left = xlsx_style(w, 12, XLSX_WRAP);
	f->right = xlsx_style(w, 12, XLSX_RIGHT);
	f->head =
	    xlsx_style(w, 13, XLSX_BOLD | XLSX_CENTER | XLSX_BOX | XLSX_WRAP);
	f->name = xlsx_style(w, 14, XLSX_CENTER | XLSX_BOX | XLSX_WRAP);
	f->number = xlsx_style(w, 14, XLSX_CENTER | XLSX_BOX);
	f->small = xlsx_style(w, 8, XLSX_FAINT);
	f->cell = xlsx_style(w, 10, XLSX_BOX | XLSX_WRAP);
	format_set_num_format(f->number, "0");
}

static void
set_page(struct form *f)
{
	lxw_worksheet *s = f->sheet;

	worksheet_set_portrait(s);
	worksheet_set_paper(s, XLSX_A4);
	worksheet_fit_to_pages(s, 1, 1);
	worksheet_set_margins(s, 0.7, 0.7, 0.9, 0.7);
	worksheet_center_horizontally(s);
	check(f, worksheet_set_column(s, 0, 0, 21, NULL));
	check(f, worksheet_set_column(s, 1, LAST_COLUMN, 16, NULL));
}

static void
write_heading(struct form *f)
{
	char line[MONTHLY_LINE], period[PERIOD_TEXT];

	write_across(f, 0, LAST_COLUMN, monthly_title(f->m, line), f->title);
	next_row(f, HEIGHT_TITLE);
	(void)snprintf(
	    line, sizeof(line), "填报单位（盖章）：%s", f->m->office);
	write_across(f, 0, LAST_COLUMN, line, f->left);
	next_row(f, HEIGHT_LINE);
	(void)snprintf(line, sizeof(line), "统计时段：%s",
	    period_text(&f->m->period, period));
	write_across(f, 0, LAST_COLUMN, line, f->left);
	next_row(f, HEIGHT_LINE);
	write_cell(f, 0, "斗争领域", f->head);
	for (int k = 0; k < FIGURE_COUNT; k++)
		write_cell(f, (lxw_col_t)(k + 1), figure_title((enum figure)k),
		    f->head);
	next_row(f, HEIGHT_HEAD);
}

static void
write_figures(struct form *f, const char *title, const int64_t n[FIGURE_COUNT])
{
	size_t lines = (str_width(title) + NAME_COLUMNS - 1) / NAME_COLUMNS;
	lxw_col_t column = 1;

	write_cell(f, 0, title, f->name);
	for (int k = 0; k < FIGURE_COUNT; k++, column++)
		check(f, f->m->blank
			     ? worksheet_write_blank(
				   f->sheet, f->at, column, f->number)
			     : worksheet_write_number(f->sheet, f->at, column,
				   (double)n[k], f->number));
	next_row(f, lines > 2 ? (double)lines * HEIGHT_NAME : HEIGHT_ROW);
}

static void
write_table(struct form *f)
{
	int64_t totals[FIGURE_COUNT];

	for (size_t i = 0; i < f->m->n_rows; i++)
		write_figures(f, f->m->rows[i].title, f->m->rows[i].n);
	for (int k = 0; k < FIGURE_COUNT; k++)
		totals[k] = monthly_total(f->m, (enum figure)k);
	if (f->m->total)
		write_figures(f, "合计", totals);
}

static void
write_foot(struct form *f)
{
	char line[MONTHLY_LINE], date[MONTHLY_LINE];
	const char *remark;

	next_row(f, HEIGHT_GAP);
	(void)snprintf(line, sizeof(line), "填表人：%s", f->m->filled_by);
	write_cell(f, 0, line, f->left);
	(void)snprintf(line, sizeof(line), "联系电话：%s", f->m->phone);
	write_across(f, 1, 2, line, f->left);
	(void)snprintf(
	    line, sizeof(line), "填表日期：%s", monthly_date(f->m, date));
	write_across(f, 3, LAST_COLUMN, line, f->right);
	next_row(f, HEIGHT_LINE);
	(void)snprintf(line, sizeof(line), "抄送：%s", f->m->copy_to);
	write_across(f, 0, LAST_COLUMN, line, f->left);
	next_row(f, HEIGHT_LINE);
	write_across(f, 0, LAST_COLUMN, monthly_seal(f->m, line), f->small);
	next_row(f, HEIGHT_SMALL);
	remark = monthly_remark(f->m, line);
	if (remark[0] == '\0')
		return;
	write_across(f, 0, LAST_COLUMN, remark, f->small);
	next_row(f, HEIGHT_SMALL);
}

/* -- what stands behind the figures, on a sheet of its own ---------------- */

static void
write_refs(struct form *f, const struct monthly_row *r, int k)
{
	for (int64_t i = 0; i < r->n[k]; i++) {
		write_cell(f, 0, r->title, f->cell);
		write_cell(f, 1, figure_title((enum figure)k), f->cell);
		write_cell(f, 2, r->refs[k][i], f->cell);
		f->at++;
	}
}

static void
write_proof(struct form *f)
{
	f->sheet = workbook_add_worksheet(f->book, "依据");
	if (f->sheet == NULL) {
		check(f, LXW_ERROR_MEMORY_MALLOC_FAILED);
		return;
	}
	f->at = 0;
	worksheet_set_paper(f->sheet, XLSX_A4);
	worksheet_fit_to_pages(f->sheet, 1, 0);
	check(f, worksheet_set_column(f->sheet, 0, 0, 18, NULL));
	check(f, worksheet_set_column(f->sheet, 1, 1, 26, NULL));
	check(f, worksheet_set_column(f->sheet, 2, 2, 46, NULL));
	write_cell(f, 0, "斗争领域", f->head);
	write_cell(f, 1, "项目", f->head);
	write_cell(f, 2, "依据", f->head);
	f->at++;
	check(f, worksheet_repeat_rows(f->sheet, 0, 0));
	worksheet_freeze_panes(f->sheet, 1, 0);
	for (size_t i = 0; i < f->m->n_rows; i++)
		for (int k = 0; k < FIGURE_COUNT; k++)
			write_refs(f, &f->m->rows[i], k);
}

static int
failed(lxw_error code, struct err *err)
{
	return err_set(err,
	    code == LXW_ERROR_MEMORY_MALLOC_FAILED ? ERR_SYSTEM : ERR_LATER,
	    ERR_OWN, (int)code, "write the form: %s", lxw_strerror(code));
}

int
monthly_xlsx(
    const struct monthly *m, bool prove, const char *path, struct err *err)
{
	struct form f = {.m = m, .book = workbook_new(path)};
	char line[MONTHLY_LINE];

	if (f.book == NULL)
		return failed(LXW_ERROR_MEMORY_MALLOC_FAILED, err);
	/* Of the content alone: the same form is the same file. */
	xlsx_properties(f.book, monthly_title(m, line),
	    m->filed_s != 0 ? m->filed_s : m->period.to_s);
	make_styles(&f);
	f.sheet = workbook_add_worksheet(f.book, "月报表");
	if (f.sheet == NULL) {
		lxw_workbook_free(f.book);
		return failed(LXW_ERROR_MEMORY_MALLOC_FAILED, err);
	}
	set_page(&f);
	write_heading(&f);
	write_table(&f);
	write_foot(&f);
	if (prove)
		write_proof(&f);
	check(&f, workbook_close(f.book));
	return f.failed == LXW_NO_ERROR ? 0 : failed(f.failed, err);
}
