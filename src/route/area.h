/* SPDX-License-Identifier: ISC */
#ifndef ROUTE_AREA_H
#define ROUTE_AREA_H

#include <stddef.h>

#include "conf/conf.h"

struct arena;
struct decide_text;
struct norm_table;
struct route_decision;

/*
 * Which area a tip speaks of: names and aliases of areas are counted, the
 * longest at each place (连云 inside 连云港 does not count where 连云港 is an
 * alias too).  The area that is named most often is taken; of several, the
 * one named first.  A name in the subject counts like one in the text.
 */
struct areas;

/* An alias that two areas share belongs to the first. */
int areas_new(const struct area_conf *list, size_t n,
    const struct norm_table *table, struct areas **out, struct err *err);
void areas_free(struct areas **areas);

/* Fills area and area_found. */
int areas_decide(const struct areas *areas, const struct decide_text *text,
    struct arena *a, struct route_decision *out, struct err *err);

#endif
