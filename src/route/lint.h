/* SPDX-License-Identifier: ISC */
#ifndef ROUTE_LINT_H
#define ROUTE_LINT_H

#include <stddef.h>

struct arena;
struct err;
struct route;

/*
 * What a rule file says in vain.  The loader refuses what cannot be meant;
 * this finds what can be read but does nothing, or something twice:
 *
 *   duplicate  two terms of a domain are the same
 *   double     a term's word is in a list that the domain uses as well: both
 *              count at one place
 *   shadowed   a word of a list contains another word of it, so that the list
 *              is met wherever the longer one stands
 *   dead       a "not" term stands in every text that the term meets; or the
 *              pattern holds a mark that the normal form never has
 *   unused     no term refers to the list
 */
enum lint_kind {
	LINT_DUPLICATE,
	LINT_DOUBLE,
	LINT_SHADOWED,
	LINT_DEAD,
	LINT_UNUSED,
	LINT_KINDS
};
enum { LINT_LIST = -3 }; /* a list of synonyms belongs to no domain */
const char *lint_kind_name(enum lint_kind kind);

struct lint_fault {
	enum lint_kind kind;
	int domain;       /* or HIT_PRIORITY, HIT_MAJOR, LINT_LIST */
	const char *what; /* the term or "@name" */
	const char *with; /* the other one; "" */
	const char *file; /* "" for a list */
	int line;
};

int route_lint(const struct route *route, struct arena *a,
    struct lint_fault **out, size_t *n_out, struct err *err);

#endif
