/* SPDX-License-Identifier: ISC */
#ifndef TESTS_NORM_WORLD_H
#define TESTS_NORM_WORLD_H

#include "base/err.h"
#include "route/normalise.h"

/* The table of normal forms, made once for a file's tests. */
static struct norm_table *table;

static int
setup(void **state)
{
	struct err err;

	(void)state;
	return norm_table_new(&table, &err);
}

static int
teardown(void **state)
{
	(void)state;
	norm_table_free(&table);
	return 0;
}

#endif
