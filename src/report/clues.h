/* SPDX-License-Identifier: ISC */
#ifndef REPORT_CLUES_H
#define REPORT_CLUES_H

#include "report/figures.h"
#include "report/report.h"
#include "store/store.h"

/* One clue as a register has it: the record and what its events add. */
struct clue_line {
	struct clue_record clue;
	bool late;	       /* found in an earlier, filed period */
	int64_t transferred_s; /* the last transfer; 0 = none */
	const char *transfer;  /* to whom, document; "" */
	int64_t concluded_s;   /* the last outcome; 0 = open */
	const char *result;    /* its text; "" */
	unsigned extended;     /* how often */
	bool accepted;
};

/* Every clue found in the query's period that passes its filters, in the order
 * in which they were found; a callback that returns non-zero stops.  A line
 * lives until the callback returns. */
int clues_walk(const struct conf *conf, struct store *s,
    const struct report_query *q,
    int (*line)(void *arg, const struct clue_line *l), void *arg,
    struct err *err);

#endif
