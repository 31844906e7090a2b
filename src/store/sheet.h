/* SPDX-License-Identifier: ISC */
#ifndef STORE_SHEET_H
#define STORE_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "intake/intake.h"
#include "store/store.h"

/*
 * What the office's daily sheet asks of the store.  The rules of store.h hold:
 * strings of a row live until its callback returns, a callback that returns
 * non-zero stops, and it may ask the store anything else meanwhile.
 */

/* -- major matters (重大信息) ---------------------------------------------- */
/* Marks the clue for good; the first reason stays. */
int store_major_add(struct store *s, int64_t clue, int64_t at_s,
    const char *why, struct err *err);
/* Why it is one; 1 = found. */
int store_major_why(struct store *s, int64_t clue, struct arena *a,
    const char **why_out, struct err *err);
struct major_row {
	int64_t clue, at_s;
	const char *number, *domain, *officer, *state, *excluded, *why;
};
/* Those that nobody accepted yet, oldest first. */
int store_majors_open(struct store *s, struct arena *a,
    struct major_row **out, size_t *n_out, struct err *err);

/* -- clues and deadlines --------------------------------------------------- */
struct open_deadline {
	const char *kind; /* deadline_name() */
	int64_t due_s, clue;
	const char *number, *state, *domain;
	const char *officer, *deputy, *leader; /* person ids or "" */
	const char *excluded;
	bool discipline;
};
/* Deadlines that were not met and end in [from_s, to_s), earliest first; those
 * of clues at rest (suspended …) are among them. */
int store_open_deadlines(struct store *s, int64_t from_s, int64_t to_s,
    int (*row)(void *arg, const struct open_deadline *d), void *arg,
    struct err *err);

/* How many clues came in [from_s, to_s), one call a domain. */
int store_new_by_domain(struct store *s, int64_t from_s, int64_t to_s,
    int (*row)(void *arg, const char *domain, int64_t n), void *arg,
    struct err *err);
/* How many clues are in the state now. */
int store_count_state(
    struct store *s, const char *state, int64_t *n_out, struct err *err);

/* The few columns by which clues are counted for leaders. */
struct clue_brief_row {
	const char *officer, *state;
	int64_t received_s;
	bool discipline;
	const char *excluded;
};
/* Clues without an outcome; those received in [from_s, to_s). */
int store_clues_open(struct store *s,
    int (*row)(void *arg, const struct clue_brief_row *r), void *arg,
    struct err *err);
int store_clues_came(struct store *s, int64_t from_s, int64_t to_s,
    int (*row)(void *arg, const struct clue_brief_row *r), void *arg,
    struct err *err);

/* The last event before the time, 0 = none; the ledger's last one for
 * INT64_MAX. */
int store_event_before(
    struct store *s, int64_t at_s, int64_t *event_out, struct err *err);
/* Steps of the urging ladder behind that event. */
struct step_row {
	const char *kind;   /* urge_name() */
	const char *detail; /* "accept: lu-wenbo yan-ruoxi" */
	const char *number, *excluded;
};
int store_steps_after(struct store *s, int64_t event,
    int (*row)(void *arg, const struct step_row *r), void *arg,
    struct err *err);

/* -- letters --------------------------------------------------------------- */
struct letter_trouble {
	const char *kind, *to_person; /* "" = a citizen */
	enum letter_state state;      /* failed or unknown */
	const char *result;
	int64_t created_s;
	const char *number, *excluded; /* "" = of no clue */
};
/* Letters made at or after from_s that failed, or whose fate is unknown. */
int store_letters_trouble(struct store *s, int64_t from_s, size_t max,
    struct arena *a, struct letter_trouble **out, size_t *n_out,
    struct err *err);
/* Letters still to be sent that are older than before_s. */
int store_letters_waiting(
    struct store *s, int64_t before_s, int64_t *n_out, struct err *err);

/* -- the mailbox's reconciliation ------------------------------------------ */
struct mail_seen {
	int64_t taken;	 /* journal: became a message of ours */
	int64_t repeats; /* the same message once more */
	int64_t skipped; /* from before the first start's day */
	int64_t missing; /* the server gave no body; asked for again */
	int64_t by_hand; /* messages that came past the mailbox: a file */
	int64_t kinds[KIND_COUNT];
	int64_t quarantine;
	int64_t unknown; /* messages of no kind that we know */
	int64_t lost;	 /* tips that became no clue: in the whole store */
};
/* In [from_s, to_s): each journal entry with the message it led to. */
int store_mail_between(struct store *s, int64_t from_s, int64_t to_s,
    struct mail_seen *out, struct err *err);
/* Since the first start: the journal and the messages, counted apart. */
int store_mail_all(struct store *s, struct mail_seen *out, struct err *err);

#endif
