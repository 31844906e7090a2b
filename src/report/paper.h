/* SPDX-License-Identifier: ISC */
#ifndef REPORT_PAPER_H
#define REPORT_PAPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dest;
struct err;

/*
 * A report as it is written, row by row and in constant memory: one or more
 * tables with notes below, in one of four formats.  Cells are cleaned here
 * (cell.h): what a stranger wrote is text everywhere and a formula nowhere.
 */
enum paper_format { PAPER_TEXT, PAPER_CSV, PAPER_JSON, PAPER_XLSX };
/* "text", "csv", "json", "xlsx"; -1 = unknown. */
int paper_format_by_name(const char *name);
/* By a file's ending; -1 = none of ours. */
int paper_format_by_path(const char *path);

enum cell_kind {
	CELL_TEXT,
	CELL_NUMBER, /* n */
	CELL_TENTHS, /* n / 10 */
	CELL_SHARE,  /* n / 1000, shown in per cent */
	CELL_NONE,   /* nothing to say: "—", null */
};
struct cell {
	enum cell_kind kind;
	const char *text;
	int64_t n;
};

struct column {
	const char *key;   /* in JSON */
	const char *title; /* 编号 */
	uint8_t width;	   /* columns of a terminal or a sheet, not 0 */
	bool wrap;	   /* long text: to the left, on several lines */
};
#define PAPER_COLUMNS 24

struct sheet {
	const char *name;  /* of the tab, at most 31 characters */
	const char *title; /* above the table */
	const char *under; /* one line below the title; "" = none */
	const struct column *columns;
	size_t n_columns; /* at most PAPER_COLUMNS */
};

/* Bars or lines over columns of an earlier sheet; in xlsx only. */
struct chart {
	const char *title;
	size_t sheet;	      /* 0 = the first */
	size_t category;      /* column of the names */
	const size_t *values; /* columns of the numbers */
	size_t n_values;
	bool stacked; /* upright and on top of each other; else lying */
	bool share;   /* axis in per cent */
	bool wide;    /* over the whole page */
};

/* What the whole is, for JSON and the file's properties. */
struct paper_facts {
	const char *report; /* "register" */
	const char *title;
	const char *unit;   /* the office */
	const char *period; /* "2026-11" or "" */
	int32_t first_day, last_day;
	int64_t created_s; /* never the clock: same input, same bytes */
};

struct paper;
/* Borrows `facts` until paper_close(); columns of a sheet likewise. */
int paper_new(enum paper_format format, const char *path,
    const struct paper_facts *facts, struct paper **paper_out, struct err *err);
/* Failures of these are kept and come out of paper_close(). */
void paper_sheet(struct paper *p, const struct sheet *sheet);
void paper_row(struct paper *p, const struct cell *cells);
void paper_note(struct paper *p, const char *text);
/* Behind the last sheet, on a sheet of their own. */
void paper_chart(struct paper *p, const struct chart *chart);
/* Finishes the file (commit) or drops it, and frees. */
int paper_close(struct paper **p, bool commit, struct err *err);

#endif
