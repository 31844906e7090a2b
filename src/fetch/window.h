/* SPDX-License-Identifier: ISC */
#ifndef FETCH_WINDOW_H
#define FETCH_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"

struct err;
struct fetch_ack;
struct uids;

/*
 * What runs ahead of the core's commits: messages that were asked for, and
 * those sent to the core and not acknowledged.  Both together never pass
 * MAX_WINDOW_MESSAGES, nor MAX_WINDOW_BYTES unless one message alone does.
 */
struct window_entry {
	uint32_t folder, uidvalidity, uid;
	uint64_t bytes;
	bool mark; /* to be marked on the server when acknowledged */
};

struct window {
	struct window_entry sent[MAX_WINDOW_MESSAGES];
	size_t n_sent;
	uint64_t sent_bytes;
	size_t n_asked;
	uint64_t asked_bytes;
};

/* How many more messages may be asked for. */
size_t window_room(const struct window *w);
/* Whether a message of this size may be asked for. */
bool window_fits(const struct window *w, uint64_t bytes);
/* Asked for; and: arrived, or given up. */
void window_ask(struct window *w, uint64_t bytes);
void window_unask(struct window *w, uint64_t bytes);
/* Forgets everything asked for: the connection is gone. */
void window_unask_all(struct window *w);

/* Sent to the core.  The caller has seen to it that there is room. */
void window_send(struct window *w, const struct window_entry *e);
/* Takes an acknowledgement; UIDs to be marked are added to to_mark (those of
 * the acknowledged folder).  ERR_BUG when a UID was never sent. */
int window_ack(struct window *w, const struct fetch_ack *ack,
    struct uids *to_mark, struct err *err);

#endif
