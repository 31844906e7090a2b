/* SPDX-License-Identifier: ISC */
#ifndef CORE_OUTCOME_H
#define CORE_OUTCOME_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct err;
struct letter_record;
struct send_result;
struct smtp_conf;
struct take_context;

/*
 * What follows from the answer to a letter.  The answers of the send process
 * and what becomes of the letter are in one place, outcome_decide().
 */

/* The longest pause after log-ins that were refused. */
#define OUTCOME_REFUSED_MOST_S 3600

/* How the server and the send process stand, as the latest answers left it. */
struct standing {
	int64_t pause_until_s; /* nothing leaves before */
	unsigned refusals;     /* in a row */
	unsigned absences;     /* times in a row that there was no sender */
	bool trouble;          /* something went wrong; the reader clears it */
	char why[128];         /* of the pause; "" = none */
};

/* Sets state, next_try_s, sent_s, tries, repeats, code and result of *l; what
 * `r` says is borrowed. */
void outcome_decide(struct standing *st, const struct smtp_conf *smtp,
    struct letter_record *l, const struct send_result *r, int64_t now_s);
/* It could not be handed over: no letter's fault, so it waits as all others do
 * until the sender is there again. */
void outcome_absent(struct standing *st, const struct smtp_conf *smtp,
    struct letter_record *l, const char *why, int64_t now_s);
/* Later, or never when it is too old. */
void outcome_put_off(struct standing *st, const struct smtp_conf *smtp,
    struct letter_record *l, int64_t now_s);

/* Into the store, and what else it brings with it: the office is told of a
 * letter that failed, a query code that was sent is forgotten.  Inside a
 * transaction. */
int outcome_write(const struct take_context *c, const struct letter_record *l,
    int64_t now_s, struct arena *a, struct err *err);

#endif
