/* SPDX-License-Identifier: ISC */
#ifndef STORE_HEALTH_H
#define STORE_HEALTH_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct err;
struct store;

/*
 * Whether all is well: what the daemon's alarms look at, and what a thorough
 * check of the whole store finds.
 */

/* Letters that should have gone before before_s: due and not tried, or tried
 * in vain; *oldest_s_out is when the first of them was written (0 = none). */
int store_letters_stuck(struct store *s, int64_t before_s, int64_t *n_out,
    int64_t *oldest_s_out, struct err *err);
/* Messages that went to quarantine since then. */
int store_unreadable_since(
    struct store *s, int64_t since_s, int64_t *n_out, struct err *err);

/*
 * Whether the books add up: numbers without gaps, counts that agree with the
 * rows, no tip without its clue, nothing long missing from a mailbox.
 * *finding_out is "" or the first thing that is off, for people (Chinese); in
 * the arena or static.
 */
int store_books_check(struct store *s, int64_t now_s, struct arena *a,
    const char **finding_out, struct err *err);

/* -- the whole store, slowly ----------------------------------------------- */

/* Told of each finding (Chinese, one line) and of the progress. */
struct fsck_ops {
	void (*finding)(void *arg, const char *what);
	void (*progress)(void *arg, const char *what, int64_t done,
	    int64_t all);
	void *arg;
};
struct fsck_counts {
	int64_t messages, letters, events, findings;
};
/*
 * Pages and references (store_check), the ledger's chain, the books, what the
 * journal, clues and messages say of each other, and the SHA-256 of every
 * message and letter against its bytes.  Findings are no error; -1 only when
 * the check itself could not go on.
 */
int store_fsck(struct store *s, int64_t now_s, const struct fsck_ops *ops,
    struct fsck_counts *out, struct err *err);
/* The first message behind `id`; 1 = found. */
int store_message_next(
    struct store *s, int64_t id, int64_t *next_out, struct err *err);

#endif
