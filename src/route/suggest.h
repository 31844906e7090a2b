/* SPDX-License-Identifier: ISC */
#ifndef ROUTE_SUGGEST_H
#define ROUTE_SUGGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct err;
struct route;

/*
 * Words that would repair what the rules get wrong.
 *
 * From letters whose domain a person said: all runs of two to six characters
 * of the letters of domain D that the rules place elsewhere are counted, one
 * a letter, in D's letters and in all others.  A run that nearly always stands
 * inside the same longer run is a piece of a word and left out; so is one that
 * begins or ends with a particle, or is a term of D already.  What remains is
 * ordered by z, the log-odds (+0.5 smoothed) over their standard error.  For
 * each the decision is made again for every letter with the term added, at a
 * few weights; the weight that repairs most is kept.  A word is suggested when
 * it repairs two letters at least and more than twice what it spoils.
 *
 * Few corrections say little about what is usual.  Letters whose domain nobody
 * had to correct (`assumed`) are counted as well, so that 您好 and 反映 are
 * nobody's words, and a word pays for each of them that it would move.
 */
struct suggest_letter {
	const char *subject, *text;
	int domain; /* what it is; -1 = unknown: not used */
	bool assumed; /* nobody said so, but it stood */
};

struct suggestion {
	int domain;
	const char *word; /* in normal form */
	int32_t weight;   /* thousandths */
	int32_t z;        /* thousandths */
	uint32_t inside, outside;     /* letters with it: of D, of others */
	uint32_t n_inside, n_outside; /* letters there are */
	uint32_t fixed, broken;       /* letters it would put right, wrong */
	uint32_t stirred;             /* assumed ones that it would move */
	const uint32_t *moved;        /* indexes of both kinds, ascending */
	size_t n_moved;
};

/* For one domain, the best first, at most `most`. */
int route_suggest(const struct route *route, const struct suggest_letter *list,
    size_t n, int domain, size_t most, struct arena *a,
    struct suggestion **out, size_t *n_out, struct err *err);

#endif
