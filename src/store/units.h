/* SPDX-License-Identifier: ISC */
#ifndef STORE_UNITS_H
#define STORE_UNITS_H

#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

/* The monthly reports that units send.  The rules of store.h hold. */

enum unit_outcome {
	UNIT_FILED,   /* the letter and its files; no figures were read */
	UNIT_FIGURES, /* a form of ours was read */
	UNIT_REFUSED, /* one was there, and wrong: it counts as not sent */
};

struct unit_figure {
	const char *domain, *figure; /* ids */
	int64_t n;
};
struct unit_report {
	int64_t id; /* out */
	const char *unit, *period;
	int64_t message;
	int64_t received_s;
	int64_t event; /* out: "unit-report" or "unit-report-refused" */
	enum unit_outcome outcome;
	const char *filled_by, *phone, *filled_on; /* as written; "" */
	const char *problem; /* of a refused one; "" */
	const struct unit_figure *figures; /* of UNIT_FIGURES */
	size_t n_figures;
};
/* Enters it in the ledger too, with the SHA-256 of its figures. */
int store_unit_report_add(struct store *s, struct unit_report *r,
    struct arena *a, struct err *err);
/* All of a period, oldest first, with their figures; unit "" = all.
 * ERR_INPUT when figures are not what the ledger says. */
int store_unit_reports(struct store *s, const char *period, const char *unit,
    struct arena *a, struct unit_report **out, size_t *n_out,
    struct err *err);

#endif
