/* SPDX-License-Identifier: ISC */
#ifndef CORE_OBEY_H
#define CORE_OBEY_H

#include <stdint.h>

struct arena;
struct err;
struct letter_record;
struct message;
struct pipeline_source;
struct take_context;

/*
 * From a colleague's mail to what it commands.  It is obeyed when it was not
 * sent by a program, when the provider vouches for its author where that is
 * asked for (authserv_id), when the same mail was not taken before, when it
 * carries a code that we wrote to this person about this clue in its present
 * turn (core/turn.h), and when that person has the clue, stands in for who has
 * it, or is the office.  What is not obeyed changes nothing, is entered in the
 * ledger, and the colleague is told at his own address, not more than once a
 * day about one clue.
 */
struct obey_input {
	const struct message *message;
	const struct pipeline_source *from;
	const unsigned char *content_key;
	const struct letter_record *own; /* that it answers; NULL = none */
	int64_t row;			 /* of the message */
	int person;			 /* who sent it; -1 = nobody of ours */
	int64_t now_s;
};

/* Inside the caller's transaction.  *number_out is of the clue that the mail
 * was taken for, "" = of none; in the arena. */
int obey_reply(const struct take_context *c, const struct obey_input *in,
    struct arena *a, const char **number_out, struct err *err);

/* A program's answer to a letter of ours: entered when it looks like a
 * command, so that nobody wonders why it was not obeyed. */
int obey_automatic(const struct take_context *c, const struct obey_input *in,
    struct arena *a, struct err *err);

/* Somebody who is not on the roster answered a letter to one who is. */
int obey_stranger(const struct take_context *c, const struct obey_input *in,
    struct arena *a, const char **number_out, struct err *err);

#endif
