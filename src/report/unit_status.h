/* SPDX-License-Identifier: ISC */
#ifndef REPORT_UNIT_STATUS_H
#define REPORT_UNIT_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/kinds.h"
#include "report/monthly.h"
#include "report/report.h"

struct arena;
struct buf;
struct conf;
struct err;
struct store;
struct unit_report;

/* Who of the units that report (those with an address) has done so for a
 * period, and what comes of it when it is added up. */
struct unit_status {
	int unit;                       /* index into roster.units */
	const struct unit_report *last; /* that counts; NULL = none yet */
	const struct unit_report *refused; /* the last one; NULL = none */
	size_t n_refused, n_sent;          /* of all */
	int64_t sums[FIGURE_COUNT];        /* of the last one's figures */
};
int unit_statuses(const struct conf *conf, struct store *s,
    const struct period *period, struct arena *a, struct unit_status **out,
    size_t *n_out, struct err *err);

/* "渣土管理所：已报（2026-11-21 09:30，填表人 王五）", a line each. */
void unit_status_lines(const struct conf *conf,
    const struct unit_status *list, size_t n, struct buf *out);

/* The district form out of what the units sent, in the layout of the form
 * that is filed; it is a draft and is never filed itself. */
int unit_sum_form(const struct conf *conf, struct store *s,
    const struct period *period, struct arena *a, struct monthly *out,
    struct err *err);

/* 各单位月报汇总: by domain and by unit, what the units reported, what the
 * ledger says, and the difference. */
int report_units(const struct conf *conf, struct store *s,
    const struct report_query *q, struct err *err);

#endif
