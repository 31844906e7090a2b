/* SPDX-License-Identifier: ISC */
#ifndef CORE_RELATED_H
#define CORE_RELATED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/related.h"

struct arena;
struct clue_record;
struct conf;
struct err;
struct similar_print;
struct store;

/*
 * Same incident, many reporters (串并): a new clue is linked with earlier ones
 * that name the same people, plates or telephones, the same place at about the
 * same time, or say nearly the same.  Nothing is dropped; who may know of a
 * linked clue is decided for each reader anew.
 */

/* A clue on the same matter. */
struct related_named {
	struct related_brief brief;
	const char *why;
};

/* Enters the print (similar.h) of a clue that was just added and links it.
 * Enters "related" in the ledger when there is something.  Inside the caller's
 * transaction.  *out: what it was linked with, the strongest first. */
int related_link(struct store *s, const struct clue_record *clue,
    const struct similar_print *print, int64_t now_s, struct arena *a,
    struct related_named **out, size_t *n_out, struct err *err);

/* Whether this person of the roster may know that there is such a clue: never
 * one whom it accuses, and of discipline's clues only discipline and the
 * office. */
bool related_may_know(
    const struct conf *conf, const struct related_brief *clue, int person);

/* For a letter to that person: "LY-2026-000120（同一车牌）、…"; "" when there
 * is nothing that he may know. */
int related_line_of(const struct conf *conf, const struct related_named *list,
    size_t n, int person, struct arena *a, const char **line_out,
    struct err *err);
/* The same for a clue that was linked earlier. */
int related_line(const struct conf *conf, struct store *s, int64_t clue,
    int person, struct arena *a, const char **line_out, struct err *err);

/* One clue and all that hang together with it over links, the clue itself
 * first, then by distance and strength; at most MAX_RELATED. */
struct related_row {
	int64_t clue, via; /* the one from which it was reached; 0 = itself */
	int32_t weight;
	const char *why, *actor;
};
int related_all(struct store *s, int64_t clue, struct arena *a,
    struct related_row **out, size_t *n_out, struct err *err);

#endif
