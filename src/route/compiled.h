/* SPDX-License-Identifier: ISC */
#ifndef ROUTE_COMPILED_H
#define ROUTE_COMPILED_H

#include "route/normalise.h"
#include "route/route.h"
#include "route/rules.h"

struct areas;
struct conf;
struct suspects;

/* What route_new() makes: for this room only. */
struct route {
	const struct conf *conf;
	struct norm_table *table;
	struct rules *rules;
	struct areas *areas;
	struct suspects *suspects;
	int other;
};

#endif
