/* SPDX-License-Identifier: ISC */
#ifndef CORE_LETTERS_CITIZEN_H
#define CORE_LETTERS_CITIZEN_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct err;
struct letter_field;
struct take_context;

/* What citizens are written to with; template ids and kinds of the outbox. */
#define LETTER_ACK "acknowledgement"
#define LETTER_ACK_STATE "ack-state"
#define LETTER_ACK_UNKNOWN "ack-unknown"
#define LETTER_ACK_CLOSED "ack-closed"
#define LETTER_ACK_QUESTION "ack-question"

/* The kind of event that keeps what a citizen was asked. */
#define EVENT_CITIZEN_ASKED "citizen-asked"

/*
 * A letter to a citizen, into the outbox inside the caller's transaction.  It
 * answers a message and goes to that message's address, which is in it in the
 * envelope and the To header and nowhere else; the citizen's name is in none.
 */
struct letters_citizen {
	const char *template_id;
	const char *address;
	int64_t message;   /* what it answers; 0 = nothing */
	int64_t clue;      /* 0 = of none */
	const struct letter_field *fields;
	size_t n_fields;
	int64_t now_s;
};
int letters_citizen(const struct take_context *c,
    const struct letters_citizen *l, struct arena *a, struct err *err);

#endif
