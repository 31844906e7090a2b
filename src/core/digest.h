/* SPDX-License-Identifier: ISC */
#ifndef CORE_DIGEST_H
#define CORE_DIGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "follow/clue.h"

struct arena;
struct clue_record;
struct conf;
struct err;
struct take_context;

/*
 * An officer who prefers it (roster: digest) gets reminders gathered: one mail
 * each working morning with what is not accepted, due and overdue.  Notices
 * come singly all the same: each has its own code to reply with.
 */

/* Whether the step of the ladder is left to the person's digest: a reminder
 * or an end, of a clue that is no priority one. */
bool digest_covers(const struct conf *conf, int person, enum urge_step step,
    const struct clue_record *clue);

/* Inside a transaction: the morning's digests.  Who has nothing open gets
 * none. */
int digest_write(const struct take_context *c, int64_t now_s,
    struct arena *a, struct err *err);

#endif
