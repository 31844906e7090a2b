/* SPDX-License-Identifier: ISC */
#ifndef REPORT_FIGURES_H
#define REPORT_FIGURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf/conf.h"
#include "report/kinds.h"
#include "report/period.h"
#include "store/books.h"

struct arena;
struct err;
struct store;

/*
 * The four figures of a period by domain, counted from the ledger: every event
 * counts by its own time, in the one period in which that time lies.  A clue
 * counts once a period and figure, a case (配合查) once by its number.
 *
 * A period that was filed is counted up to the ledger's end as it was then.
 * What was entered later with a time inside it counts in the first period
 * behind it that was not filed yet, so that nothing is lost or counted twice;
 * such events are `late`.
 */
struct figure_ref {
	int domain; /* index into rules.domains */
	enum figure figure;
	int64_t event, clue; /* clue 0 = none */
	int64_t at_s;
	const char *thing; /* what counts once: number of clue or case, … */
	const char *text;  /* the same for people */
	bool late;
};
struct figures {
	/* By its name; filed and later periods begin where the one before
	 * ended when it was filed. */
	struct period period;
	bool filed;
	int64_t last_event; /* the ledger's end for this count */
	char head[CHAIN_HEX];
	int64_t n[MAX_DOMAINS][FIGURE_COUNT];
	size_t n_late;
	/* Ascending by domain, figure, event. */
	const struct figure_ref *refs;
	size_t n_refs;
};
/* Of a period with a name, or of any days (then nothing is late). */
int figures_count(const struct conf *conf, struct store *s,
    const struct period *period, struct arena *a, struct figures *out,
    struct err *err);

#endif
