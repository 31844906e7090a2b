/* SPDX-License-Identifier: ISC */
#ifndef CORE_TRANSFER_H
#define CORE_TRANSFER_H

#include <stdbool.h>
#include <stdint.h>

#include "report/transfer_letter.h"

struct arena;
struct clue_record;
struct err;
struct take_context;

/* The covering sheet of a transfer (线索移送函): its facts from the store. */
struct transfer_options {
	const char *body;     /* where it goes; NULL = as it was entered */
	const char *document; /* number of the paper; NULL = likewise */
	bool with_reporter;   /* the look is entered in the ledger: inside a
			       * transaction of the caller */
	const char *actor;
	int64_t now_s;
};
/* 1 = *out is filled (borrowing the arena), 0 = the clue was not transferred
 * and no body was given. */
int transfer_facts(const struct take_context *c,
    const struct clue_record *clue, const struct transfer_options *o,
    struct arena *a, struct transfer_letter *out, struct err *err);

/* After a transfer was entered: the sheet goes to this person of the roster
 * (the office, or discipline) to be printed.  Without the citizen.  Inside the
 * caller's transaction. */
int transfer_mail(const struct take_context *c,
    const struct clue_record *clue, int person, int64_t now_s,
    struct arena *a, struct err *err);

#endif
