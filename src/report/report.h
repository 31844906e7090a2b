/* SPDX-License-Identifier: ISC */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "report/paper.h"
#include "report/period.h"

struct conf;
struct err;
struct store;

/*
 * The office's books other than the monthly form (monthly.h).  None of them
 * reads who a citizen is.  Each writes to query->path, or to standard output
 * when that is NULL; the file is there whole or not at all.
 */
struct report_query {
	enum paper_format format;
	const char *path;
	struct period period;
	bool whole;	     /* all there is; the period says nothing */
	const char *domain;  /* id, "" = all */
	int unit;	     /* index into roster.units, -1 = all */
	const char *officer; /* person id, "" = all */
	unsigned periods;    /* of a trend; the last one is `period` */
	int64_t now_s;
};

/* 摸排线索统计表: the clues found in the period with their state, and a sheet
 * of sums by domain and state. */
int report_statistics(const struct conf *conf, struct store *s,
    const struct report_query *q, struct err *err);
/* 线索报送情况登记表: the same clues, one row each.  Accused persons of the
 * roster are named for the office alone: not where the book is made for a unit
 * or an officer. */
int report_register(const struct conf *conf, struct store *s,
    const struct report_query *q, struct err *err);
/* 工作台账: every event, in the ledger's order. */
int report_ledger(const struct conf *conf, struct store *s,
    const struct report_query *q, struct err *err);
/* 考核: by unit and officer, over the clues assigned in the period. */
int report_appraisal(const struct conf *conf, struct store *s,
    const struct report_query *q, struct err *err);
/* The figures of several periods by domain. */
int report_trend(const struct conf *conf, struct store *s,
    const struct report_query *q, struct err *err);

#endif
