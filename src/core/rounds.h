/* SPDX-License-Identifier: ISC */
#ifndef CORE_ROUNDS_H
#define CORE_ROUNDS_H

#include <stdint.h>

struct arena;
struct conf;
struct err;
struct sheet_mark;
struct store;
struct take_context;

/*
 * Letters that come round: the office's sheet and officers' digests each
 * working morning, the leaders' summary each week.  Once for each day and week,
 * whatever is restarted: what was written is noted in the same transaction.
 * After an outage there is one for all the time since the last, none for days
 * gone by.
 */

/* Writes what is due at now_s; *next_s_out is when to call again (0 = they are
 * switched off).  Opens a transaction of its own. */
int rounds_step(const struct take_context *c, int64_t now_s,
    int64_t *next_s_out, struct err *err);

/* From where a sheet made now would tell: the end of the last one. */
int rounds_since(const struct conf *conf, struct store *s, int64_t now_s,
    struct arena *a, struct sheet_mark *out, struct err *err);

#endif
