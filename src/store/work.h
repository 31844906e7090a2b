/* SPDX-License-Identifier: ISC */
#ifndef STORE_WORK_H
#define STORE_WORK_H

#include <stdint.h>

#include "store/store.h"

/* What working on clues asks of the store beyond store.h, under its rules. */

/* The office put a clue into another domain than the rules did: a labelled
 * example. */
struct correction_record {
	int64_t id; /* out */
	int64_t clue;
	int64_t at_s;
	const char *actor;		    /* person id, "unix:name" */
	const char *domain_was, *domain_is; /* ids */
};
int store_correction_add(
    struct store *s, const struct correction_record *r, struct err *err);
/* All, oldest first.  A clue may have several: the last one holds. */
int store_corrections(struct store *s, struct arena *a,
    struct correction_record **out, size_t *n_out, struct err *err);

/* How often the clue changed hands or ended, by its ledger: the turn that a
 * reply's token is bound to. */
int store_turn(
    struct store *s, int64_t clue, uint32_t *turn_out, struct err *err);

/* The clue that a repeated one repeats; the last word holds. */
int store_clue_set_first(
    struct store *s, int64_t clue, int64_t first, struct err *err);
/* 1 = it repeats *first_out. */
int store_clue_first(
    struct store *s, int64_t clue, int64_t *first_out, struct err *err);

#endif
