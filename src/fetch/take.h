/* SPDX-License-Identifier: ISC */
#ifndef FETCH_TAKE_H
#define FETCH_TAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/limits.h"
#include "fetch/suspects.h"

struct fetch_known;
struct peer;
struct session;

/*
 * Takes the new messages of the selected folder: finds their UIDs, asks for
 * size, flags and date, then for the bodies, several commands ahead, and hands
 * each message to the core in a sealed memfd as it arrives.
 */

/* The way of one message. */
enum item_state {
	ITEM_NEW,       /* only the UID is known */
	ITEM_DESCRIBED, /* size, flags and date are here, or will not come */
	/* Those from here on hold a place in the window. */
	ITEM_ASKED,     /* the body is on its way */
	ITEM_READY,     /* it is here: fd */
	ITEM_SKIPPED,   /* too old */
	ITEM_MISSING,   /* there is no body */
	ITEM_SENT,      /* the window counts it as sent */
};

struct item {
	uint32_t uid;
	uint32_t size;      /* RFC822.SIZE */
	uint32_t asked;     /* bytes that it holds in the window */
	uint32_t got;       /* bytes that arrived */
	int64_t internal_s;
	int fd;
	uint8_t state;      /* enum item_state */
	bool has_size;
	bool seen;
	bool oversize;
	bool single; /* not together with others */
	bool joined; /* no message of the folder is between it and the last */
};

/* One command on its way. */
struct question {
	int tag;
	bool bodies;   /* else: descriptions */
	size_t from, to; /* items that it is about (not all of them) */
	uint64_t bytes;
};

struct taker {
	struct session *s;
	struct peer *peer;
	struct suspects *suspects;
	struct item *items; /* two ascending runs: new ones, then `again` */
	size_t n, n_new;
	size_t described; /* items before it were asked about */
	size_t asked;     /* bodies of items before it were asked for */
	size_t sent;      /* items before it went to the core */
	struct question questions[MAX_PIPELINE];
	size_t n_questions;
	int spool; /* the body that is arriving; -1 = none */
	uint64_t spooled;
	struct err err; /* what went wrong inside libetpan's call-backs */
	bool failed;
};

/* Tells libetpan where messages go (arrive.c); after each session_open(). */
void take_attach(struct taker *t);

/* The whole of it.  -1 with s->scope: the folder cannot be read, or the
 * connection was lost (then ERR_NOW: the folder was made anew meanwhile). */
int take_folder(struct taker *t, const struct fetch_known *known,
    uint32_t *messages_out, struct err *err);

/* Frees what take_folder() left behind after a lost connection. */
void take_done(struct taker *t);

/* ---- its parts ---------------------------------------------------------- */

/* find.c: fills t->items; -1 as above. */
int take_find(struct taker *t, const struct fetch_known *known,
    struct err *err);
/* The item of a UID; NULL when it is none of ours. */
struct item *take_item(const struct taker *t, uint32_t uid);

/* ask.c: sends as many commands as may be on their way.  -1 = the connection
 * is lost. */
int take_ask_more(struct taker *t);

/* arrive.c: everything that is complete goes to the core, in the order of the
 * UIDs: what the core has then has no gaps.  -1 = the connection is lost. */
int take_flush(struct taker *t);

#endif
