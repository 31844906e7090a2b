/* SPDX-License-Identifier: ISC */
#ifndef CORE_DISPATCH_H
#define CORE_DISPATCH_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct err;
struct message;
struct pipeline_source;
struct route_accused;
struct route_decision;
struct take_context;
struct told;

struct dispatch_input {
	const struct pipeline_source *from;
	const struct message *message;
	const struct told *told; /* of it */
	const struct route_decision *decision;
	int64_t row; /* of the message */
	int64_t received_s; /* 0 = now */
	int64_t now_s;
};

/* A tip becomes a clue: number, reasons, people (never an accused one),
 * events, deadlines and the notice, inside the caller's transaction.
 * *number_out lives in the arena. */
int dispatch_tip(const struct take_context *c, const struct dispatch_input *in,
    struct arena *a, int64_t *clue_out, const char **number_out,
    struct err *err);

/* Whom of the roster the message names: in its words, what it quotes, its
 * attachments' names. */
int dispatch_accused(const struct take_context *c, const struct message *m,
    struct arena *a, const struct route_accused **out, size_t *n_out,
    struct err *err);

#endif
