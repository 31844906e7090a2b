/* SPDX-License-Identifier: ISC */
#ifndef CORE_TURN_H
#define CORE_TURN_H

#include <stddef.h>
#include <stdint.h>

#include "letter/token.h"

struct err;
struct person_conf;
struct take_context;

/*
 * The code that a letter to a person of the roster carries and that an answer
 * brings back (letter/token.h).  About a clue it is bound to the clue's turn,
 * which the ledger counts.  Letters of no clue have one only for the office,
 * which may rule on any clue by it; it lasts the month in which it was written
 * and the next.
 */

/* "" in *out when such a letter has none. */
int turn_code(const struct take_context *c, int64_t clue,
    const struct person_conf *person, int64_t now_s, char out[TOKEN_SIZE],
    struct err *err);

enum turn_verdict {
	TURN_NONE, /* no code of ours to this person among them */
	TURN_OVER, /* one of an earlier turn */
	TURN_NOW,
};
/* What the codes of a mail (in token_find()'s form) are worth. */
int turn_check(const struct take_context *c, int64_t clue,
    const struct person_conf *person, int64_t now_s,
    const char (*codes)[TOKEN_SIZE], size_t n, enum turn_verdict *out,
    struct err *err);

#endif
