/* SPDX-License-Identifier: ISC */
#ifndef CORE_POST_INSIDE_H
#define CORE_POST_INSIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/limits.h"
#include "core/breaker.h"
#include "core/outcome.h"
#include "core/post.h"
#include "core/take.h"
#include "store/store.h"

struct role;
typedef struct sd_event_source sd_event_source;

/* What post.c and its post_*.c share. */

/* A letter that was claimed. */
struct flight {
	struct letter_record rec;
	struct arena *arena; /* owns its strings */
	struct buf bytes;    /* until it is handed over */
	size_t len;
	int64_t since_ms;    /* with the sender */
	bool untried;        /* it came back */
};

struct post {
	struct take_context c;
	struct role *role;
	sd_event *event;
	sd_event_source *timer; /* answers are to be settled */
	struct standing standing;
	struct breaker breaker;
	/* The first n_answered are to be settled; the others are under way, in
	 * the order of their claim, which is that of their answers.  While a
	 * full one is settled as many may be claimed. */
	struct flight window[2 * MAX_POST_LETTERS];
	size_t n, n_answered;
	uint32_t halts; /* answers of this sender that told to wait */
	bool stopping;  /* told to end: a new configuration, or a rest */
	int64_t used_s; /* the last letter was handed to it */
	int64_t seen_s; /* the clock at the last step; 0 = none yet */
	int64_t minute; /* now_s / 60 of the count below */
	uint32_t sent_this_minute;
	post_settled_fn *settled;
	void *settled_arg;
};

/* ---- the window (post_window.c) ------------------------------------------ */

size_t post_under_way(const struct post *p);
/* How many letters may be claimed at once. */
size_t post_window_size(const struct post *p);
/* Forgets all but the first n; the first n, which were answered. */
void post_drop_last(struct post *p, size_t n);
void post_drop_first(struct post *p, size_t n);

/* ---- claiming (post_window.c) -------------------------------------------- */

/* How many letters may be claimed. */
struct allowance {
	size_t letters;
	size_t ordinary; /* … of them that are no alarms */
};
/* Claims what may leave, and puts off or cancels what may not; *moved_out of
 * them.  On failure *culprit is the letter, if it was one.  Inside a
 * transaction. */
int post_claim(struct post *p, const struct allowance *may, int64_t now_s,
    struct arena *a, size_t *moved_out, struct letter_record *culprit,
    struct err *err);
/* Hands the letters from the first-th on to the sender; those that cannot be
 * are to be settled as put off: they go back with the next step. */
void post_hand_over(struct post *p, size_t first, int64_t now_s);

/* ---- settling (post_settle.c) -------------------------------------------- */

/* Writes what was answered, inside a transaction. */
int post_write_answered(struct post *p, int64_t now_s, struct err *err);
/* It was committed: logged, and the letters leave the window. */
void post_drop_settled(struct post *p);
/* The letter's outcome, in a transaction of its own. */
int post_write_alone(struct post *p, const struct letter_record *l,
    int64_t now_s, struct arena *a, struct err *err);
/* Each letter by itself; where telling of one fails, its state is written at
 * least. */
int post_settle_apart(struct post *p, int64_t now_s, struct err *err);
/* What the store refuses to all alike is tried again later; what one letter
 * brings with it must not hold the others. */
bool post_is_letters_fault(const struct err *err);

#endif
