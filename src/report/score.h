/* SPDX-License-Identifier: ISC */
#ifndef REPORT_SCORE_H
#define REPORT_SCORE_H

#include <stddef.h>
#include <stdint.h>

#include "report/report.h"

struct arena;

/*
 * How units and officers did (考核).  A clue is received by whom it was
 * assigned to in the period, also when it went on to somebody else; it is
 * accepted and concluded, in time or not, by whom it is with.  Deadlines that
 * are still ahead count for nobody.  Returned, urged and extended are counted
 * by their events in the period; overdue is now.
 */
struct in_time {
	int64_t good, all;
};
struct score {
	int64_t received;
	struct in_time accepted, concluded;
	int32_t *days; /* working days from dispatch to the end, ascending */
	size_t n_days;
	int64_t overdue, returned, urged, extended;
};
struct scores {
	struct score *persons; /* by index of roster.persons */
	struct score *units;   /* by index of roster.units */
};
int scores_read(const struct conf *conf, struct store *s,
    const struct report_query *q, struct arena *a, struct scores *out,
    struct err *err);

#endif
