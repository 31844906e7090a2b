/* SPDX-License-Identifier: ISC */
#ifndef CORE_ALARM_H
#define CORE_ALARM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct conf;
struct err;
struct route;
struct store;
typedef struct sd_event sd_event;

/*
 * Alarms to the office: one letter when something that is watched (watch.h)
 * begins to stand, another each day while it lasts, and an all-clear.  What
 * was told is a note in the store, written together with the letter.
 */

/* What is known of one alarm; all 0 = it does not stand. */
struct alarm_state {
	int64_t since_s;
	int64_t told_s; /* 0 = not told yet */
};
enum alarm_step { ALARM_NOTHING, ALARM_RAISE, ALARM_REPEAT, ALARM_CLEAR,
	ALARM_FORGET /* it ended before anybody was told */ };
/* Pure.  Told again after a day; a clock that was set back does not silence
 * an alarm for longer than that. */
enum alarm_step alarm_next(
    const struct alarm_state *state, bool stands, int64_t now_s);
/* "since told"; anything else is all 0. */
struct alarm_state alarm_read(const char *note);

/* Since when the alarm of that key stands, as the daemon told; 0 = it does
 * not. */
struct arena;
int alarm_since_s(struct store *store, const char *key, struct arena *a,
    int64_t *since_s_out, struct err *err);

/*
 * The daemon's.  With alarm_smtp letters go through that account, by a send
 * process of their own, and only when it fails thrice into the outbox.
 */
struct alarm;
int alarm_new(sd_event *event, const struct conf *conf,
    const struct route *route, struct store *store, struct alarm **alarm_out,
    struct err *err);
void alarm_free(struct alarm **alarm);
void alarm_reconfigure(struct alarm *alarm, const struct conf *conf,
    const struct route *route);
/* Looks at everything, at most once a minute, and not in the first minutes
 * after the start, when a mailbox cannot have been read yet.  1 = letters were
 * written into the outbox. */
int alarm_step(struct alarm *alarm, int64_t now_s, struct err *err);
/* How many stand, and the first one's subject ("" = none), for STATUS. */
size_t alarm_count(const struct alarm *alarm, const char **first_out);

#endif
