/* SPDX-License-Identifier: ISC */
#ifndef REPORT_UNIT_FORM_H
#define REPORT_UNIT_FORM_H

#include <stddef.h>
#include <stdint.h>

#include "conf/conf.h"
#include "report/kinds.h"
#include "report/monthly.h"

struct arena;
struct buf;
struct err;

/*
 * The monthly form of a unit: sent to it blank, with unit and period filled
 * in, and read back.  It is found by its words, not by places: clerks insert
 * rows, move sheets and save it with other programs.
 */

/* The day before which it is due, as a day number: due_day of the month that
 * the period is named after. */
int32_t unit_form_due(const struct conf *conf, const struct period *period);

/* Writes the blank form (xlsx); path NULL = standard output. */
int unit_form_blank(const struct conf *conf, int unit,
    const struct period *period, const char *path, struct err *err);

struct form_cell {
	uint16_t part, row, column; /* worksheet from 0, places from 1 */
	const char *text;	    /* a stranger's, one line */
};
struct unit_form {
	/* From the form's number; "" when that line is gone. */
	const char *unit;
	/* From the number, else from the days that are named; "" = none. */
	const char *period;
	const char *filled_by, *phone, *filled_on; /* "" = not filled in */
	int64_t n[MAX_DOMAINS][FIGURE_COUNT];
};
/* The largest figure that a form may have. */
#define UNIT_FIGURE_MOST 999999

enum unit_form_verdict {
	UNIT_FORM_NONE,	 /* no such form among the cells */
	UNIT_FORM_WRONG, /* one line a fault in *problems, for people */
	UNIT_FORM_GOOD,
};
/* Pure. */
enum unit_form_verdict unit_form_read(const struct conf *conf,
    const struct form_cell *cells, size_t n, struct arena *a,
    struct unit_form *out, struct buf *problems);

#endif
