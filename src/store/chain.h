/* SPDX-License-Identifier: ISC */
#ifndef STORE_CHAIN_H
#define STORE_CHAIN_H

#include "store/db.h"

/*
 * The ledger's chain.  Each event carries BLAKE2b-256, keyed, over a label and
 * packed (base/pack.h): the hash of the event before it (32 zero bytes for
 * the first), id, clue, at_s, kind, actor, detail.  The seal is the same over
 * another label, the last id and its hash.  Without the key nobody can change,
 * leave out, add or cut off an event so that the check passes.
 */
#define CHAIN_BYTES 32

int chain_hash(struct store *s, const unsigned char before[CHAIN_BYTES],
    const struct event_record *e, unsigned char out[CHAIN_BYTES],
    struct err *err);
/* Over the chain's end; last = 0 with zero bytes for an empty ledger. */
int chain_seal_hash(struct store *s, int64_t last,
    const unsigned char head[CHAIN_BYTES], unsigned char out[CHAIN_BYTES],
    struct err *err);
/* Fills chain_last and chain_head (0 and zero bytes: empty) of the store: asked
 * once a transaction, kept by store_event_add(), forgotten when something is
 * undone. */
int chain_end(struct store *s, struct err *err);
/* Makes the chain's row in a new store. */
int chain_make(struct store *s, struct err *err);
/* Writes the chain's end as it is now; once a commit. */
int chain_seal(struct store *s, struct err *err);

/* Reads the key beside the store; with `make` a missing one is made.
 * ERR_CONF says what is wrong with it. */
int chain_key_load(struct store *s, bool make, struct err *err);
/* Writes the loaded key beside the copy of a store. */
int chain_key_copy(struct store *s, const char *store_path, struct err *err);
/* Whether the loaded key is the one the store was made with. */
int chain_key_check(struct store *s, struct err *err);

#endif
