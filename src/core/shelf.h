/* SPDX-License-Identifier: ISC */
#ifndef CORE_SHELF_H
#define CORE_SHELF_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct err;
struct message;
struct stored_message;
struct take_context;
struct take_output;

/*
 * What lies beside the clues: mail that could not be read (quarantine), and
 * mail that was not taken for a tip (the shelf: suspected spam, empty,
 * automatic, lists).  A person looks at it and takes it up; from there it goes
 * the way of all mail.
 */

/* Whether a message of this kind can be taken up: it made nothing yet. */
bool shelf_holds(const struct stored_message *m);

/* The parser reads it now: it becomes what it is.  In a transaction of its own;
 * an event "unquarantined" says who asked. */
int shelf_retry(const struct take_context *c, const struct stored_message *m,
    const struct message *decoded, const char *actor, int64_t now_s,
    struct arena *a, struct take_output *out, struct err *err);

/* It is a tip, whatever it looked like; likewise, event "unshelved". */
int shelf_release(const struct take_context *c, const struct stored_message *m,
    const struct message *decoded, const char *actor, int64_t now_s,
    struct arena *a, struct take_output *out, struct err *err);

/* The same in words that a person wrote, for what no parser reads. */
int shelf_write(const struct take_context *c, const struct stored_message *m,
    const struct message *words, const char *actor, int64_t now_s,
    struct arena *a, struct take_output *out, struct err *err);

/* The ledger's word that somebody looked at a message's raw bytes, where a
 * citizen's identity stands. */
int shelf_seen(const struct take_context *c, int64_t message,
    const char *actor, int64_t now_s, struct arena *a, struct err *err);

#endif
