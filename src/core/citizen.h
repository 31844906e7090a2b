/* SPDX-License-Identifier: ISC */
#ifndef CORE_CITIZEN_H
#define CORE_CITIZEN_H

#include <stdbool.h>
#include <stdint.h>

#include "follow/query.h"

struct arena;
struct err;
struct letter_record;
struct message;
struct pipeline_source;
struct take_context;

/*
 * A citizen's mail beside the tip itself: what it names, what it is owed.  At
 * intake it only leaves a row; core/answer.c works those off.
 */
struct citizen_read {
	struct query_asked said;
	bool question;  /* asks for a clue's state and does nothing else */
	int64_t named;  /* the clue whose number it names; 0 */
	int64_t joins;  /* the same, and the query code fits */
	bool wrong;     /* a number and a code that do not belong together */
	const char *code; /* the one that fits, to be kept from officers; "" */
};

/* own: the letter of ours that the mail answers; NULL = none.  Checks a query
 * code only for a mail that is no question, and not while too many were wrong:
 * such a mail becomes a tip of its own. */
int citizen_read(const struct take_context *c, const struct message *m,
    const struct letter_record *own, int64_t now_s, struct arena *a,
    struct citizen_read *out, struct err *err);

/* The following run inside the caller's transaction, the message being in the
 * store as `row` and its sender in the table of reporters. */

/* A question: it will be answered.  own as above: who answers our letter need
 * not name number and code. */
int citizen_asks(const struct take_context *c, const struct citizen_read *r,
    const struct letter_record *own, int64_t row, int64_t now_s,
    struct arena *a, struct err *err);

/* A new clue: owes the acknowledgement, if this mail may have one (RFC 3834
 * section 2: nothing automatic, no list, nobody of the office, nothing old),
 * and enters which clue the mail named without the right to join it. */
int citizen_tipped(const struct take_context *c,
    const struct pipeline_source *from, const struct message *m,
    const struct citizen_read *r, int64_t clue, int64_t row, int64_t now_s,
    struct arena *a, struct err *err);

/* A clue has ended: the citizen is told, if the configuration says so and it
 * is still ended two days later; the office may see it otherwise until then. */
int citizen_closed(const struct take_context *c, int64_t clue, int64_t message,
    int64_t now_s, struct err *err);

#endif
