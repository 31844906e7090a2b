/* SPDX-License-Identifier: ISC */
#ifndef ROUTE_PEOPLE_H
#define ROUTE_PEOPLE_H

#include "conf/conf.h"
#include "route/route.h"

/*
 * route_people() without the compiled rules.  In order:
 *
 * 1. a discipline domain goes to discipline;
 * 2. officer, deputy or leader of the duty surely accused: discipline;
 *    perhaps accused (a common name): the office, to find out;
 * 3. no domain, no duty: the office;
 * 4. else the first of officer, deputy, leader who is there today; nobody
 *    there: the office.
 *
 * Discipline accused: another of its people, the bureau's leader, the office.
 * The office accused: another of its people, discipline.  Only a clue that
 * accuses every one of them comes to the office nevertheless.
 */
int people_choose(const struct conf *conf, const struct route_decision *d,
    const struct route_accused *accused, size_t n_accused, int32_t day,
    struct arena *a, struct route_people *out, struct err *err);

#endif
