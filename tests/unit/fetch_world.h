/* SPDX-License-Identifier: ISC */
#ifndef FETCH_WORLD_H
#define FETCH_WORLD_H

/*
 * A whole fetch session, libetpan included, whose server is a string: what the
 * client says is thrown away, what it reads is the string.  A thread plays the
 * core: it checks every frame and acknowledges.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/frame.h"
#include "base/memfd.h"
#include "fetch/idle.h"
#include "fetch/mark.h"
#include "fetch/peer.h"
#include "fetch/say.h"
#include "fetch/session.h"
#include "fetch/take.h"
#include "fetch/wire.h"

struct world {
	struct fetch_start conf;
	struct fetch_folder_conf folder;
	struct say *say;
	struct peer peer;
	struct session s;
	struct taker t;
	struct suspects suspects;
	/* the server */
	const char *bytes;
	size_t len, at, piece;
	/* the core */
	int core;
	pthread_t thread;
	unsigned n_taken, n_whole, n_missing;
	uint32_t last_uid;
	/* what became of it: how far it got */
	unsigned reached;
	uint32_t messages;
	struct err err;
};

/* Steps that world_run() takes. */
enum { WORLD_LOGIN = 1, WORLD_ID, WORLD_SELECT, WORLD_TAKE, WORLD_MARK,
	WORLD_REST };

static ssize_t
world_recv(void *arg, void *data, size_t size)
{
	struct world *w = arg;
	size_t n = w->len - w->at;

	n = n < w->piece ? n : w->piece;
	n = n < size ? n : size;
	if (n == 0)
		return -1;
	memcpy(data, w->bytes + w->at, n);
	w->at += n;
	return (ssize_t)n;
}

static ssize_t
world_send(void *arg, const void *data, size_t len)
{
	(void)arg, (void)data;
	return (ssize_t)len;
}

static int
world_fd(void *arg)
{
	(void)arg;
	return -1;
}

static void
world_check(bool ok, const char *what)
{
	if (ok)
		return;
	(void)fprintf(stderr, "fetch: %s\n", what);
	abort();
}

static void
world_on_taken(struct world *w, struct frame *f)
{
	struct fetch_taken t;
	struct memmap map;
	struct fetch_ack ack;
	BUF_AUTO struct buf b = BUF_INIT;

	world_check(fetch_get_taken(f->body, f->len, &t, NULL) == 0,
	    "FETCH_TAKEN breaks its rules");
	world_check((f->n_fds == 1) == !(t.missing || t.skipped),
	    "a body too many or too few");
	if (f->n_fds == 1) {
		world_check(memfd_map(f->fds[0], w->conf.max_message_bytes,
				&map, NULL) == 0, "the body breaks its rules");
		memfd_unmap(&map);
		w->n_whole++;
	}
	world_check(t.uid > w->last_uid, "UIDs out of order");
	w->last_uid = t.uid;
	w->n_taken++;
	w->n_missing += t.missing;
	ack = (struct fetch_ack){t.folder, t.uidvalidity, &t.uid, 1};
	fetch_put_ack(&b, &ack);
	(void)frame_send(w->core, FETCH_ACK, &b, NULL, 0, NULL);
}

static void *
world_core(void *arg)
{
	struct world *w = arg;
	unsigned char *space = malloc(FRAME_BUFFER);
	struct frame f;

	while (frame_recv(w->core, space, &f, NULL) == 1) {
		if (f.type == FETCH_TAKEN)
			world_on_taken(w, &f);
		frame_close_fds(&f);
	}
	free(space);
	return NULL;
}

static void
world_start(struct world *w)
{
	int pair[2];

	world_check(frame_pair(pair, NULL) == 0 &&
		peer_init(&w->peer, pair[0], NULL) == 0, "no core");
	w->core = pair[1];
	world_check(pthread_create(&w->thread, NULL, world_core, w) == 0,
	    "no thread");
	w->folder.name = "INBOX";
	w->conf.host = "imap.test";
	w->conf.user = "tips@example.com";
	w->conf.secret = "secret";
	w->conf.folders = &w->folder;
	w->conf.n_folders = 1;
	w->conf.send_id = true;
	w->conf.mark_with = w->conf.mark_with != NULL ? w->conf.mark_with : "";
	w->conf.timeout_ms = 10000;
	if (w->conf.max_message_bytes == 0)
		w->conf.max_message_bytes = 1000000;
	w->s.conf = &w->conf;
	w->s.say = w->say;
	w->s.peer = &w->peer;
	w->t = (struct taker){.s = &w->s, .peer = &w->peer,
	    .suspects = &w->suspects, .spool = -1};
}

static void
world_end(struct world *w)
{
	session_close(&w->s, false);
	take_done(&w->t);
	(void)shutdown(w->peer.sock, SHUT_RDWR);
	(void)pthread_join(w->thread, NULL);
	(void)close(w->peer.sock);
	(void)close(w->core);
	peer_done(&w->peer);
}

static int
world_folder(struct world *w)
{
	const struct fetch_known all = {.next = 1};
	struct fetch_folder f;

	if (session_select(&w->s, 0, &w->err) < 0)
		return -1;
	w->reached = WORLD_SELECT;
	f = (struct fetch_folder){.uidvalidity = w->s.uidvalidity};
	world_check(peer_send_folder(&w->peer, &f) == 0, "no FETCH_FOLDER");
	take_attach(&w->t);
	if (take_folder(&w->t, &all, &w->messages, &w->err) < 0)
		return -1;
	w->reached = WORLD_TAKE;
	while (w->peer.window.n_sent > 0)
		world_check(peer_wait(&w->peer, -1) == 0, "the core is gone");
	if (mark_acknowledged(&w->s, &w->peer, &w->err) < 0 ||
	    mark_leftovers(&w->s, &w->peer, &all, &w->err) < 0)
		return -1;
	w->reached = WORLD_MARK;
	if (idle_rest(&w->s, clock_mono_ms() + 1000, w->conf.idle) < 0)
		return -1;
	w->reached = WORLD_REST;
	return 0;
}

/* The caller sets say and what it wants of conf, all else zero. */
static void
world_run(struct world *w, const char *bytes, size_t len, size_t piece)
{
	const struct stream_pipe pipe = {
	    w, world_recv, world_send, world_fd};

	w->bytes = bytes;
	w->len = len;
	w->piece = piece;
	world_start(w);
	if (session_begin(&w->s, &pipe, &w->err) == 0 &&
	    session_login(&w->s, &w->err) == 0) {
		w->reached = WORLD_LOGIN;
		if (session_introduce(&w->s, &w->err) == 0) {
			w->reached = WORLD_ID;
			(void)world_folder(w);
		}
	}
	world_end(w);
}

#endif
