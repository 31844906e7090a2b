/* SPDX-License-Identifier: ISC */
#ifndef ROUTE_DECIDE_H
#define ROUTE_DECIDE_H

#include "route/route.h"
#include "route/rules.h"

struct norm;
struct rules_conf;

/* The text as the sender wrote it, and its normal form: subject, LF, text. */
struct decide_text {
	const struct norm *norm;
	size_t subject_end; /* bytes of norm that are the subject's */
	const char *subject, *text;
};

/* Scores the findings and decides: domain, triage, priority, hits.  `other`
 * is the index of the domain that takes what nothing places. */
int decide_domain(const struct rules *rules, int other,
    const struct decide_text *text, const struct findings *f, struct arena *a,
    struct route_decision *out, struct err *err);

/* Domain, triage, score, margin and runner-up from the scores alone. */
void decide_choose(
    const struct rules_conf *conf, int other, struct route_decision *d);

#endif
