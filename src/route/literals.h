/* SPDX-License-Identifier: ISC */
#ifndef ROUTE_LITERALS_H
#define ROUTE_LITERALS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Literals that stand in every text which a PCRE2 pattern matches: the pattern
 * need only be run where they were found.  Reads the pattern as far as rules
 * use it (characters, groups, alternatives, classes, quantifiers); whatever
 * else it meets, it errs to "none".
 */
#define MAX_LITERALS 96
#define MAX_LITERAL_BYTES 47

struct literals {
	size_t n;
	char list[MAX_LITERALS][MAX_LITERAL_BYTES + 1]; /* whole characters */
};

/* One of a pattern's alternatives: of `first` one stands in what it matches,
 * and of `second` one as well, unless there is no more to say. */
struct literals_branch {
	struct literals first, second;
};
#define MAX_BRANCHES 4

/* `pattern` is in normal form (norm_pattern()) and compiles.  What it matches
 * is matched by one of the branches; more alternatives share the last one.
 * Returns how many there are, 0 = the pattern must always be run. */
size_t literals_of(
    const char *pattern, struct literals_branch out[MAX_BRANCHES]);

/* No match reaches over an LF, nor does what it looks at beside itself: all of
 * it, and so all its literals, stand in one line.  Errs to false. */
bool literals_in_line(const char *pattern);

/* Whether a line by itself, with the text before it, is not the same to the
 * pattern as within the text: "$" and the like.  Errs to true. */
bool literals_see_end(const char *pattern);

#endif
