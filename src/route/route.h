/* SPDX-License-Identifier: ISC */
#ifndef ROUTE_ROUTE_H
#define ROUTE_ROUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf/conf.h"

struct arena;
struct err;

/*
 * Text → domain, area, people.  Pure: same rules, roster and text, same
 * answer.  Compiled once per configuration.
 */
struct route;

/* Compiles rules, areas and roster; ERR_CONF names file:line of a term that
 * cannot be compiled.  `conf` must outlive it. */
int route_new(const struct conf *conf, struct route **route_out,
    struct err *err);
void route_free(struct route **route);

enum route_field { FIELD_SUBJECT, FIELD_TEXT };

/* Instead of a domain's index: terms that say how urgent a clue is. */
enum { HIT_PRIORITY = -1, HIT_MAJOR = -2 };

struct route_hit {
	int domain;           /* index, HIT_PRIORITY or HIT_MAJOR */
	const char *term;     /* as in the rules */
	const char *found;    /* as in the text, original spelling */
	enum route_field field;
	size_t at;            /* byte offset in the original field */
	size_t len;           /* bytes there */
	int32_t factor;       /* thousandths: subject_weight, or how late in
			       * the text it stands */
	int32_t weight;       /* what it gave, thousandths, factor applied */
	const char *file;     /* where the rule stands */
	int line;
};

/*
 * A domain's score is the sum of the weights of its terms that the tip meets,
 * each once unless it repeats, at its first place; a place in the subject
 * multiplies by subject_weight, one late in the text by the factor that "late"
 * gives (characters are counted in normal form, so that blanks change
 * nothing).  A "not" term takes the score back to 0 and has a hit with that
 * negative weight: hits always add up to the score.
 *
 * An overriding domain that reaches the threshold (and its override_from),
 * override_share of the best other score and override_other of what "other"
 * has, wins; of several the one that goes to discipline.  Else the highest
 * score (of equal ones the first in the form's order), if it reaches the
 * threshold (its domain's own, where it has one) and is `margin` above the
 * next.  Else "other" with triage.
 */
struct route_decision {
	int domain;          /* index into rules.domains */
	bool triage;         /* nothing placed it: waits with the office */
	bool priority;
	bool major;          /* 重大信息: told of at once; priority as well */
	int32_t score;       /* of `domain`, thousandths */
	int32_t margin;      /* score - the runner-up's; negative where an
	                      * overriding domain or triage beat it */
	int runner_up;       /* best of the others; -1 = none scored; with
	                      * triage: the best guess */
	int32_t scores[MAX_DOMAINS];
	int area;            /* index into areas; -1 = none found */
	const char *area_found; /* the words that named it; "" */
	const struct route_hit *hits;
	size_t n_hits;
	bool domain_word;    /* any hit of a domain other than "other" */
};

/* `subject` and `text` are the sender's own words (no quotes, no signature). */
int route_decide(const struct route *route, const char *subject,
    const char *text, struct arena *a, struct route_decision *out,
    struct err *err);

/* Decides again from d->scores: what would happen if they were so. */
void route_rechoose(const struct route *route, struct route_decision *d);

/* A person of the roster whom the tip names. */
struct route_accused {
	int person;          /* index into roster.persons */
	bool sure;           /* false: a common name without a second sign:
	                      * kept out all the same, and the office asked */
	const char *why;     /* "name 王某 and role 所长", for the office only */
};
/* Everybody whom subject, text, quoted text or attachment names name. */
int route_accused(const struct route *route, const char *const *texts,
    size_t n_texts, struct arena *a, const struct route_accused **out,
    size_t *n_out, struct err *err);

/* Who gets the clue. */
struct route_people {
	int officer;   /* who is told; never -1 (the office at the worst) */
	int deputy;    /* stands by; -1 */
	int leader;    /* of the unit, for urging; -1 */
	bool triage;   /* the officer is the office itself */
	bool to_discipline;
	const char *why; /* one line for the ledger: which duty, which area,
	                  * who was passed over and why */
};
/* Domain × area → people, absent persons and the accused passed over: deputy,
 * leader, then discipline.  A clue that accuses the officer, deputy or leader
 * of its duty goes to discipline.  `day` is today (civil_day_number). */
int route_people(const struct route *route, const struct route_decision *d,
    const struct route_accused *accused, size_t n_accused, int32_t day,
    struct arena *a, struct route_people *out, struct err *err);

#endif
