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
int deadline_by_name(const char *name);           /* -1 = unknown */

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

/* May an extension by so many working days be granted?  It must have been
 * asked for before the end, be at most the class's longest, and granted is how
 * many there were. */
enum extend_verdict { EXTEND_OK, EXTEND_LATE, EXTEND_TOO_MANY, EXTEND_DAYS };
enum extend_verdict deadline_may_extend(const struct deadline_class *cls,
    int64_t due_s, int64_t asked_s, uint32_t granted, uint32_t days);
/* The end so many working days later. */
int64_t deadline_extended(
    const struct calendar *cal, int64_t due_s, uint32_t days);
/* The end after a pause (挂账): later by the working time that it took; an end
 * at a close stays at a close. */
int64_t deadline_resumed(const struct calendar *cal, int64_t due_s,
    int64_t paused_s, int64_t resumed_s);

/* An end under other rules of time: what lay between the planned and the real
 * one (extensions, pauses), in working time by the old rules, behind the newly
 * planned one. */
int64_t deadline_carried(const struct calendar *old, int64_t old_planned_s,
    int64_t due_s, const struct calendar *cal, int64_t planned_s);

/* The urging ladder of one deadline. */
enum urge_step { URGE_NONE, URGE_WARN, URGE_EXPIRED, URGE_URGING,
	URGE_CRITICISM, URGE_STEP_COUNT };
const char *urge_name(enum urge_step s);  /* its template: "reminder" … */
const char *urge_title(enum urge_step s); /* "预警" */
int urge_by_name(const char *name);       /* -1 = unknown */

/* When each step may be sent first, in working time; 0 = it is left out. */
struct urge_plan { int64_t at_s[URGE_STEP_COUNT]; };
void urge_plan(const struct calendar *cal, const struct deadline_class *cls,
    int64_t warn_s, int64_t due_s, struct urge_plan *out);

/* The highest step that is due and was not sent (steps_sent: bit 1 << step; a
 * step that was sent covers the lower ones), only in working time.  *next_s is
 * when to ask again (0 = never) once that step is marked as sent.  Call it for
 * open deadlines only. */
enum urge_step urge_due(const struct calendar *cal,
    const struct urge_plan *plan, uint32_t steps_sent, int64_t now_s,
    int64_t *next_s);
/* steps_sent with the step marked. */
uint32_t urge_mark(uint32_t steps_sent, enum urge_step step);
/* What of steps_sent holds after the end moved: steps whose new time is still
 * to come are sent anew. */
uint32_t urge_keep(
    const struct urge_plan *plan, uint32_t steps_sent, int64_t now_s);
/* A letter of the step at the moment of sending: now_s = it may go, later =
 * not before then (working time, or because the clock was put back), 0 = never
 * (a higher step was decided, or the end moved). */
int64_t urge_send_at(const struct calendar *cal,
    const struct urge_plan *plan, uint32_t steps_sent, enum urge_step step,
    int64_t now_s);

#endif
