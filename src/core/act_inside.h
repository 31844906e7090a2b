/* SPDX-License-Identifier: ISC */
#ifndef CORE_ACT_INSIDE_H
#define CORE_ACT_INSIDE_H

#include "conf/conf.h"
#include "core/act.h"
#include "follow/clue.h"

/* What the act_*.c files share; nobody else includes this. */

/* Both return 0, so that a handler can end with them; -1 without memory. */
int act_refuse(struct act *x, struct err *err, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
int act_say(struct act *x, struct err *err, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Refuses because the state does not allow it. */
int act_illegal(struct act *x, struct err *err);

/* The state after the action, or -1 with nothing changed. */
int act_move(struct act *x, enum clue_action action);
/* Writes the clue's row. */
int act_save(struct act *x, struct err *err);
/* An entry of the ledger; detail NULL = memory was out. */
int act_event(
    struct act *x, const char *kind, const char *detail, struct err *err);
/* The text as the ledger keeps it: one line, cut; NULL without memory. */
const char *act_line(struct act *x, const char *text);
/* "理由：…" behind a sentence, or nothing. */
const char *act_reason(struct act *x, const char *text);

/* Names for people; the office for somebody at cluectl. */
const char *act_name(const struct act *x, const char *person_id);
const char *act_who(const struct act *x);
bool act_is_absent(const struct act *x, int person);
bool act_is_excluded(const struct act *x, int person);

/* What the ledger tells about the clue so far. */
struct act_history {
	uint32_t returned;			 /* in all */
	uint32_t extended;			 /* since it was last opened */
	const struct event_record *extend_asked; /* waits for a ruling; NULL */
	const struct event_record *suspend_asked;
	int64_t suspended_s; /* since when it rests; 0 */
};
int act_history(struct act *x, struct act_history *out, struct err *err);

/* -- time ----------------------------------------------------------------- */
#define ACT_MEETS(kind) (1U << (kind))
#define ACT_MEETS_ALL 7U
/* Open deadlines of these kinds end well or badly now. */
int act_meet(struct act *x, unsigned kinds, struct err *err);
/* Three new deadlines from now on. */
int act_plan(struct act *x, struct err *err);
/* After the clue came to rest: nobody is asked about its ends. */
int act_pause(struct act *x, struct err *err);
/* Open ends move by the pause since then. */
int act_resume(struct act *x, int64_t paused_s, struct err *err);
/* The open end of the kind; 1 = found. */
int act_end(struct act *x, enum deadline_kind kind, struct deadline_record *out,
    struct err *err);
/* Moves it, and says so in the ledger. */
int act_move_end(
    struct act *x, struct deadline_record *d, int64_t due_s, struct err *err);
/* Another class: its terms, with what extensions and pauses added. */
int act_reclass(
    struct act *x, const struct deadline_class *to, struct err *err);

/* -- hands ---------------------------------------------------------------- */
/* The person of the office who is not kept out, else of discipline; -1. */
int act_office(const struct act *x);
/* A letter of that template to act_office() about what an officer did or asks
 * for.  Of a clue with discipline its first line only: what discipline writes
 * is not the office's to read. */
int act_tell_office(struct act *x, const char *template_id, const char *what,
    struct err *err);
/* Gives the clue to a person: letters to who had it are given up, clocks start
 * if they have not, kind ("assigned", "reassigned") is entered, the notice goes
 * out.  The state is the caller's. */
int act_hand(struct act *x, int person, const char *kind, const char *why,
    struct err *err);
/* Puts it on the office's desk; cause is for the office to read. */
int act_to_office(struct act *x, const char *cause, struct err *err);
/* Why the command's target cannot have it, or NULL. *person_out is set when
 * it is somebody; *rest_out is what follows the name. */
const char *act_target(struct act *x, int *person_out, const char **rest_out);

/* -- letters -------------------------------------------------------------- */
/* About the clue to one person: what happened and what may be done next. */
int act_tell(struct act *x, const char *template_id, int person,
    enum command_by as, const char *what, struct err *err);
/* The same to who has the clue, unless that is the actor. */
int act_tell_officer(struct act *x, const char *what, struct err *err);

/* -- the commands --------------------------------------------------------- */
int act_accept(struct act *x, struct err *err);
int act_feedback(struct act *x, struct err *err);
int act_return(struct act *x, struct err *err);
int act_reassign(struct act *x, struct err *err);
int act_assign(struct act *x, struct err *err);
int act_recuse(struct act *x, struct err *err);
int act_ask(struct act *x, struct err *err);
int act_domain(struct act *x, struct err *err);
int act_extend(struct act *x, struct err *err);
int act_grant(struct act *x, struct err *err);
int act_refuse_extension(struct act *x, struct err *err);
int act_suspend(struct act *x, struct err *err);
int act_grant_suspension(struct act *x, struct err *err);
int act_refuse_suspension(struct act *x, struct err *err);
int act_conclude(struct act *x, struct err *err);
int act_duplicate(struct act *x, struct err *err);
int act_review(struct act *x, struct err *err);
int act_reopen(struct act *x, struct err *err);
int act_note(struct act *x, struct err *err);
int act_query(struct act *x, struct err *err);
int act_help(struct act *x, struct err *err);

#endif
