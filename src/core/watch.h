/* SPDX-License-Identifier: ISC */
#ifndef CORE_WATCH_H
#define CORE_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct conf;
struct err;
struct store;

/*
 * What must not happen in silence: a mailbox that is not read, letters that do
 * not go, messages that cannot be read, a disk, a certificate or a calendar
 * that runs out, books that do not add up.  The daemon makes alarms of it
 * (alarm.h); cluectl status and doctor show it.
 */
struct watch_item {
	const char *key;     /* "silence.tips", "disk": for notes and logs */
	const char *subject; /* one line, Chinese */
	const char *cause;   /* several lines: what is known, what to do */
	bool stands;
};

/* Everything that is watched, whether it stands or not; strings live in the
 * arena or are static. */
int watch_look(const struct conf *conf, struct store *store, int64_t now_s,
    struct arena *a, struct watch_item **items_out, size_t *n_out,
    struct err *err);

/* A mailbox that was never read counts from when it was first configured. */
int watch_mailbox_known(
    struct store *store, const char *mailbox, int64_t now_s, struct err *err);

/* When a server's certificate ends; `server` is a mailbox's id or WATCH_SMTP,
 * which no mailbox can have.  Only a change is written; nothing for 0. */
#define WATCH_SMTP "@smtp"
int watch_certificate(struct store *store, const char *server,
    int64_t until_s, struct err *err);

/* Looks whether the books add up, once a day; notes what is off. */
int watch_books(struct store *store, int64_t now_s, struct err *err);

/* A note that holds a time; 0 = none. */
int watch_note_s(struct store *store, const char *prefix, const char *name,
    struct arena *a, int64_t *at_s_out, struct err *err);
int watch_note_set_s(struct store *store, const char *prefix,
    const char *name, int64_t at_s, struct err *err);

/* -- the rules, pure ------------------------------------------------------- */

/* Working minutes since last_s are more than limit_min; 0 = never. */
struct calendar;
bool watch_is_silent(const struct calendar *cal, int64_t last_s,
    int64_t now_s, uint32_t limit_min);
/* A year without a file begins within so many days (or has begun). */
bool watch_calendar_ends(
    const struct calendar *cal, int64_t now_s, uint32_t days);

#endif
