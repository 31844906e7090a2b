/* SPDX-License-Identifier: ISC */
#ifndef PARSE_SHEET_H
#define PARSE_SHEET_H

#include <stdbool.h>
#include <stddef.h>

#include "parse/message.h"

struct arena;

/*
 * What stands in the cells of an xlsx (ECMA-376), as a program that saved it
 * left it: shared and inline strings, numbers, the last values of formulas.
 * libzip unpacks and libxml2 reads, both with limits (base/limits.h) and
 * without entities, document types, foreign encodings or links to elsewhere.
 * Debian 12 has no kept C library that reads this format; those for C++ set no
 * limits.  Runs in a parser child only.
 */

/* Once per process, before the sandbox closes. */
void sheet_init(void);

/* Whether a file is one, by its true type and name. */
bool sheet_is_one(const char *type, const char *name);

/* Reads it into *out (all but attachment); damage is said in out->state.  -1
 * only when memory is out. */
int sheet_read(
    const void *data, size_t len, struct arena *a, struct workbook *out);

#endif
