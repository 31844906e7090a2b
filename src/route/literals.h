/* SPDX-License-Identifier: ISC */
#ifndef ROUTE_LITERALS_H
#define ROUTE_LITERALS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Literals of which at least one stands in every text that a PCRE2 pattern
 * matches: the pattern need only be run where one was found.  Reads the
 * pattern as far as rules use it (characters, groups, alternatives, classes,
 * quantifiers); whatever else it meets, it errs to "none".
 */
#define MAX_LITERALS 96
#define MAX_LITERAL_BYTES 47

struct literals {
	size_t n; /* 0 = none: the pattern must always be run */
	char list[MAX_LITERALS][MAX_LITERAL_BYTES + 1]; /* whole characters */
};

/* `pattern` is in normal form (norm_pattern()) and compiles.  *second: others
 * of which one stands there as well; none where there is no more to say. */
void literals_of(
    const char *pattern, struct literals *out, struct literals *second);

/* No match reaches over an LF: all of it, and so all its literals, stand in
 * one line.  Errs to false. */
bool literals_in_line(const char *pattern);

#endif
