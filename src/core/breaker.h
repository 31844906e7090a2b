/* SPDX-License-Identifier: ISC */
#ifndef CORE_BREAKER_H
#define CORE_BREAKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"

struct arena;
struct conf;
struct err;
struct letter_record;
struct store;

/*
 * How much may leave, whatever asks for it: two programs that answer each
 * other, a farm of auto-responders, a mistake of ours.  What is above a cap
 * stays in the outbox.  A full hour stops sending until it is over; a full day
 * until somebody has looked and said `cluectl resume`.  Counted are letters
 * that the server took, in the store, so that a restart changes nothing.
 * Letters of kind "alarm" go all the same; those are few (core/alarm.h).
 */
struct breaker_state {
	int64_t since_s; /* of the last stop; 0 = none, or resumed */
	int64_t until_s; /* 0 = until somebody says so */
	int64_t n;       /* letters that had left by then */
};
/* Since when and how long nothing is sent. */
int breaker_read(struct store *store, struct arena *a,
    struct breaker_state *out, struct err *err);
/* Whether the state stops sending at that moment. */
bool breaker_stops(const struct breaker_state *st, int64_t now_s);

/*
 * How many may leave before the store must be asked again, in all and to the
 * latest recipients: time only makes it more, so that counting what left costs
 * a letter nothing.  All zero knows nothing.
 */
struct breaker {
	uint32_t room;
	struct breaker_to {
		bool person;
		uint32_t room;
		char address[MAX_ADDRESS_BYTES + 1];
	} to[16];
	unsigned next; /* of `to`, to be overwritten */
};
/* The caps or the clock changed. */
void breaker_forget(struct breaker *b);
/* A letter is under way. */
void breaker_left(struct breaker *b, const struct letter_record *l);
/* Whether this letter's recipient has room for it, without asking. */
bool breaker_has_room(struct breaker *b, const struct letter_record *l);

/* *until_s_out: 0 = b->room letters may leave, else when to ask again.  Letters
 * under way (`ahead`) are in no count yet: where they could matter there is no
 * room before they were answered.  Notes a new stop in a transaction of its
 * own. */
int breaker_check(struct breaker *b, const struct conf *conf,
    struct store *store, size_t ahead, int64_t now_s, int64_t *until_s_out,
    struct err *err);

/* One letter: *at_s_out = now_s, or later, when its recipient has had enough.
 * 1 = the `ahead` letters that are under way to him must be answered first. */
int breaker_letter(struct breaker *b, const struct conf *conf,
    struct store *store, const struct letter_record *l, size_t ahead,
    int64_t now_s, int64_t *at_s_out, struct err *err);

/* Sending goes on, and counts from now on. */
int breaker_resume(struct store *store, int64_t now_s, struct err *err);

#endif
