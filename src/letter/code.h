/* SPDX-License-Identifier: ISC */
#ifndef LETTER_CODE_H
#define LETTER_CODE_H

#include <stdbool.h>

#include "follow/query.h"

struct err;

/*
 * The query code of an acknowledgement: what a citizen asks about his clue
 * with, from any address and on the telephone.  The store has only a slow hash
 * of it, so that whoever gets hold of the store cannot ask or write in the
 * citizen's name.
 *
 * The hash is Argon2id by libsodium with two passes over 8 MiB: 8 ms on this
 * class of machine, not the 70 ms and 64 MiB of OPSLIMIT_INTERACTIVE.  Those
 * are made for passwords that people choose; this has 64 random bits, of which
 * even a thousand guesses a second find none, and the core that hashes must
 * not stall.  The parameters stand in each hash and may be raised later.
 */
#define CODE_HASH_SIZE 128

void code_make(char out[QUERY_CODE_SIZE]);
/* ERR_SYSTEM when there is no memory for it. */
int code_hash(const char *code, char out[CODE_HASH_SIZE], struct err *err);
/* hash NULL: takes as long as any, and is false. */
bool code_is(const char *hash, const char *code);

#endif
