/* SPDX-License-Identifier: ISC */
#ifndef FOLLOW_CLUE_H
#define FOLLOW_CLUE_H

#include <stdbool.h>
#include <stdint.h>

/* A clue's life: the states of DOMAIN.md and the legal moves between them. */
enum clue_state {
	CLUE_NEW, CLUE_ASSIGNED, CLUE_ACCEPTED, CLUE_VERIFYING,
	CLUE_TRANSFERRED, CLUE_SUBSTANTIATED, CLUE_UNSUBSTANTIATED,
	CLUE_NOT_APPLICABLE, CLUE_DUPLICATE,
	CLUE_RETURNED, CLUE_SUSPENDED, CLUE_REOPENED,
	CLUE_STATE_COUNT,
};
const char *clue_state_name(enum clue_state s);  /* "assigned" */
const char *clue_state_title(enum clue_state s); /* "已交办" */
int clue_state_by_name(const char *name);        /* -1 = unknown */
bool clue_state_is_final(enum clue_state s);     /* an outcome */

enum clue_action {
	ACT_ASSIGN, ACT_ACCEPT, ACT_FEEDBACK, ACT_RETURN, ACT_REASSIGN,
	ACT_EXTEND, ACT_SUSPEND, ACT_TRANSFER, ACT_SUBSTANTIATED,
	ACT_UNSUBSTANTIATED, ACT_NOT_APPLICABLE, ACT_DUPLICATE, ACT_REOPEN,
	ACT_RECUSE, ACT_COUNT,
};
const char *clue_action_name(enum clue_action a);  /* "accept" */
const char *clue_action_title(enum clue_action a); /* "签收" */
int clue_action_by_name(const char *name);         /* -1 = unknown */
/* The state after the action; -1 when it is not legal there.  One table. */
int clue_next(enum clue_state s, enum clue_action a);

/* The three deadlines of a clue. */
enum deadline_kind { DEADLINE_ACCEPT, DEADLINE_FEEDBACK, DEADLINE_CONCLUDE,
	DEADLINE_COUNT };
const char *deadline_name(enum deadline_kind k);  /* "accept" */
const char *deadline_title(enum deadline_kind k); /* "签收" */

struct calendar;
struct deadline_class;
struct term;
struct deadline_plan {
	int64_t due_s[DEADLINE_COUNT];  /* 0 = the class has no such deadline */
	int64_t warn_s[DEADLINE_COUNT]; /* reminder; = due_s when none */
};
/* All three run from dispatch_s.  A term of nothing is no deadline. */
void deadline_plan(const struct calendar *cal,
    const struct deadline_class *cls, int64_t dispatch_s,
    struct deadline_plan *out);

/* The reminder of one deadline, for example after an extension: the term before
 * due_s, in working time; half-way when that lies before dispatch_s; due_s
 * itself when the term is nothing. */
int64_t deadline_warn_s(const struct calendar *cal,
    const struct term *warn_before, int64_t dispatch_s, int64_t due_s);

/* What may be sent for one deadline at now_s. */
enum urge_step { URGE_NONE, URGE_WARN, URGE_EXPIRED, URGE_STEP_COUNT };
const char *urge_name(enum urge_step s); /* its template: "reminder" … */
/* The highest step that is due and was not sent (steps_sent: bit 1 << step),
 * only in working time; *next_s is when to ask again (0 = never) once that
 * step is marked as sent.  Call it for open deadlines only; ask again after a
 * new due_s. */
enum urge_step urge_due(const struct calendar *cal, int64_t warn_s,
    int64_t due_s, uint32_t steps_sent, int64_t now_s, int64_t *next_s);

#endif
