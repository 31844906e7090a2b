/* SPDX-License-Identifier: ISC */
#ifndef CORE_FOLLOWUP_H
#define CORE_FOLLOWUP_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct err;
struct message;
struct take_context;

/* A citizen's further mail that belongs to a clue. */
struct followup_input {
	const struct message *message;
	int64_t row;          /* of the message */
	int64_t clue;
	bool by_code;         /* it named number and query code */
	const char *code;     /* the query code that stands in it; "" */
	const char *answered; /* kind of our letter that it answers; "" */
	int64_t now_s;
};

/*
 * It joins the clue, and whoever has the clue is told of it like of the tip:
 * the citizen hidden, by what the first message told as well, photos cleaned,
 * attachments held.  A clue that has ended, or is with nobody, goes to the
 * office.  Whom the further mail accuses is kept out from now on: when that
 * is the clue's officer, deputy or leader it goes to discipline (to the office
 * when it is not sure), and what waits in the outbox for him is given up.
 */
int followup_take(const struct take_context *c,
    const struct followup_input *in, struct arena *a, const char **number_out,
    struct err *err);

#endif
