/* SPDX-License-Identifier: ISC */
#ifndef CORE_ANSWER_H
#define CORE_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct err;
struct query_asked;
struct take_context;

/* Kinds of store/answer.h. */
#define ANSWER_ACK "acknowledge"
#define ANSWER_QUERY "query" /* number and code are to be checked */
#define ANSWER_STATE "state" /* asked by answering our letter */
#define ANSWER_CLOSED "closed"
/* Questions are answered before anything else. */
#define ANSWER_FIRST_S 1

/*
 * Works off some of what is owed to citizens, each in its own transaction: the
 * slow hash of a query code is made here, one at a time and outside of any
 * transaction, when its letter is about to be written.  Nothing is written
 * while the outbox has a minute's worth of letters, so that officers' notices
 * of a backlog leave first.  Sets *next_s_out to when to call again (0 =
 * nothing is owed, or the outbox must drain first).
 */
int answer_step(const struct take_context *c, int64_t now_s,
    int64_t *next_s_out, struct err *err);

/* All that a citizen learns of a clue's state: 已收到, 核查中, 已移送, 已办结. */
const char *answer_progress(const char *state);

/* Shared with citizen.c: which of the codes is the clue's (0 = a number that
 * does not exist), -1 = none, in the same time for either. */
int citizen_code_fits(const struct take_context *c, int64_t clue,
    const struct query_asked *said, struct arena *a, int *fits_out,
    struct err *err);
/* Whether no further codes are tried in this hour. */
int citizen_too_many_wrong(const struct take_context *c, int64_t now_s,
    bool *many_out, struct err *err);

#endif
