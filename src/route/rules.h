/* SPDX-License-Identifier: ISC */
#ifndef ROUTE_RULES_H
#define ROUTE_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "route/match.h"

struct arena;
struct err;
struct norm;
struct norm_table;
struct pattern;
struct rules_conf;

/* The rules, compiled: every word of every term in one matcher, and from each
 * word the way back to the terms that want it. */
struct rule_term {
	const char *label;       /* as in the rules, for people */
	struct pattern *pattern; /* NULL = words */
	int32_t weight;          /* thousandths */
	uint16_t within;
	int8_t domain;           /* or HIT_PRIORITY, HIT_MAJOR (route.h) */
	uint8_t n_slots;         /* of words */
	uint8_t pairs;           /* of a pattern: bit n = both of branch n */
	bool cancels, repeat;
	bool wording;            /* no words: wording.h */
	bool in_line;            /* a pattern that stays in one line … */
	bool sees_end;           /* … but asks where the text ends */
	uint32_t nth;            /* of a pattern: among the patterns */
	const char *file; /* for people */
	int line;
};

/* A word fills slot `slot` of term `term`.  A term has one slot for each of
 * its words; the words of a synonym list all fill the same one.  For a term
 * with a pattern the word is one of the literals that announce it: slots 2n
 * and 2n + 1 are those of branch n (literals.h), and where it matches both of
 * some branch are filled. */
struct term_ref {
	uint32_t term;
	uint32_t slot;
};

/* What a domain must score. */
int32_t rules_threshold(const struct rules_conf *conf, size_t domain);

struct rules {
	const struct rules_conf *conf;
	struct arena *arena;
	struct rule_term
	    *terms; /* domains in order, each in order; then priority, major */
	size_t n_terms;
	struct matcher *words;
	uint32_t *ref_first; /* of each word; one more at the end */
	struct term_ref *refs;
	uint32_t *always; /* terms whose pattern no literal announces */
	size_t n_always;
	uint32_t *wordings; /* terms of wording */
	size_t n_wordings;
	size_t n_patterns;
};

/* ERR_CONF names file:line of what cannot be compiled: an unknown synonym, a
 * word of which nothing is left in normal form, a bad pattern. */
int rules_new(const struct rules_conf *conf, const struct norm_table *table,
    struct rules **out, struct err *err);
void rules_free(struct rules **rules);

/* A term that the text meets: bytes [from, to) of the normal form. */
struct finding {
	uint32_t term;
	uint32_t from, to;
	int32_t times; /* the weight, thousandths; 0 = as its place has it */
};
struct findings {
	struct finding *list;
	size_t n;
	size_t size;
};
void findings_done(struct findings *f);

/* All findings, by term and place; a term that does not repeat has one. */
int rules_find(const struct rules *rules, const struct norm *text,
    struct findings *out, struct err *err);

#endif
