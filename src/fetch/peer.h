/* SPDX-License-Identifier: ISC */
#ifndef FETCH_PEER_H
#define FETCH_PEER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "fetch/uids.h"
#include "fetch/window.h"
#include "fetch/wire.h"

struct arena;

/*
 * The core, as fetch sees it: frames out, frames in, what runs ahead of its
 * commits, and what is to be marked.  Sending never deadlocks: while the core
 * cannot take more, its own frames are read.
 */
struct peer {
	int sock;
	unsigned char *space;
	struct window window;
	/* Acknowledged and not yet marked on the server, folder by folder;
	 * of the UIDVALIDITY that was last announced. */
	struct uids to_mark[MAX_FOLDERS];
	uint32_t validity[MAX_FOLDERS];
	/* The answer to the last FETCH_FOLDER. */
	struct arena *known_arena;
	struct fetch_known known;
	bool have_known;
	struct fetch_folder asked;
	bool poll; /* FETCH_POLL came */
	bool stop; /* FETCH_STOP came */
	bool gone; /* the socket is closed, or the core broke the rules */
	struct err err; /* of `gone`; ERR_NONE when it just closed */
	int64_t waited_ms; /* spent in waiting for the core to take frames */
};

int peer_init(struct peer *p, int sock, struct err *err);
void peer_done(struct peer *p);

/* The first frame; strings live in the arena, and what stood in the frame's
 * buffer is wiped. */
int peer_read_start(struct peer *p, struct arena *a, struct fetch_start *out,
    struct err *err);

/* Takes every frame that is there, without waiting.  -1 when there is no
 * sense in going on (stop or gone). */
int peer_drain(struct peer *p);
/* The same, but waits for at least one until the time (clock_mono_ms();
 * -1 = for ever). */
int peer_wait(struct peer *p, int64_t until_ms);

/* -1 when the core is gone. */
int peer_send_folder(struct peer *p, const struct fetch_folder *f);
/* fd -1 = none; otherwise the peer closes it.  Counts in the window. */
int peer_send_taken(
    struct peer *p, const struct fetch_taken *t, int fd, uint64_t bytes);
int peer_send_round(struct peer *p, uint32_t messages);
int peer_send_server(struct peer *p, int64_t certificate_until_s);
int peer_send_trouble(struct peer *p, const struct err *err, uint32_t retry_s);

/* Waits for the FETCH_KNOWN of the folder that was sent last. */
int peer_await_known(struct peer *p);

#endif
