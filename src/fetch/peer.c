/* SPDX-License-Identifier: ISC */
#include "fetch/peer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/frame.h"

/* Wait before another try when the kernel holds too many descriptors of ours
 * in flight (ETOOMANYREFS). */
#define REFS_WAIT_MS 20

int
peer_init(struct peer *p, int sock, struct err *err)
{
	int flags = fcntl(sock, F_GETFL);

	*p = (struct peer){.sock = sock};
	if (flags < 0 || fcntl(sock, F_SETFL, flags | O_NONBLOCK) < 0)
		return err_errno(err, errno, "socket to the core");
	p->space = malloc(FRAME_BUFFER);
	if (p->space == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "no memory");
	return 0;
}

void
peer_done(struct peer *p)
{
	free(p->space);
	p->space = NULL;
	arena_free(&p->known_arena);
	for (size_t i = 0; i < MAX_FOLDERS; i++)
		uids_done(&p->to_mark[i]);
}

static int
put_trouble(
    int sock, const struct err *why, uint32_t retry_s, struct err *err)
{
	char text[sizeof(why->what) + sizeof(why->where)];
	struct fetch_trouble t = {.kind = why->kind, .origin = why->origin,
	    .code = why->code, .what = err_text(why, text, sizeof(text)),
	    .retry_s = retry_s};
	BUF_AUTO struct buf b = BUF_INIT;

	fetch_put_trouble(&b, &t);
	return frame_send(sock, FETCH_TROUBLE, &b, NULL, 0, err);
}

/* ---- frames in ---------------------------------------------------------- */

/* The socket is closed, or the core broke the rules: then it is told, if it
 * still takes something. */
static int
break_off(struct peer *p)
{
	p->gone = true;
	if (p->err.kind != ERR_NONE)
		(void)put_trouble(p->sock, &p->err, 0, NULL);
	return -1;
}

static int
on_known(struct peer *p, const struct frame *f)
{
	struct fetch_known k;

	arena_free(&p->known_arena);
	p->have_known = false;
	p->known_arena = arena_new();
	if (p->known_arena == NULL)
		return err_set(&p->err, ERR_SYSTEM, ERR_OWN, 0, "no memory");
	if (fetch_open_known(f, p->known_arena, &k, &p->err) < 0)
		return -1;
	/* An answer to an earlier question: the folder was given up since. */
	if (k.folder != p->asked.folder ||
	    k.uidvalidity != p->asked.uidvalidity)
		return 0;
	p->known = k;
	p->have_known = true;
	return 0;
}

static int
on_ack(struct peer *p, const struct frame *f)
{
	ARENA_AUTO struct arena *a = arena_new();
	UIDS_AUTO struct uids outdated = UIDS_INIT;
	struct uids *to_mark = &outdated;
	struct fetch_ack ack;

	if (a == NULL)
		return err_set(&p->err, ERR_SYSTEM, ERR_OWN, 0, "no memory");
	if (fetch_get_ack(f->body, f->len, a, &ack, &p->err) < 0)
		return -1;
	if (ack.uidvalidity == p->validity[ack.folder])
		to_mark = &p->to_mark[ack.folder];
	return window_ack(&p->window, &ack, to_mark, &p->err);
}

static int
dispatch(struct peer *p, const struct frame *f)
{
	switch (f->type) {
	case FETCH_KNOWN:
		return on_known(p, f);
	case FETCH_ACK:
		return on_ack(p, f);
	case FETCH_POLL:
		p->poll = true;
		return 0;
	case FETCH_STOP:
		p->stop = true;
		return 0;
	default:
		return err_set(&p->err, ERR_BUG, ERR_OWN, (int)f->type,
		    "the core sent a frame of type %u", f->type);
	}
}

int
peer_drain(struct peer *p)
{
	struct frame f;
	struct err err;
	int r;

	while (!p->gone) {
		r = frame_recv(p->sock, p->space, &f, &err);
		if (r < 0 && err.kind == ERR_NOW)
			break;
		if (r <= 0) {
			if (r < 0)
				p->err = err;
			return break_off(p);
		}
		r = dispatch(p, &f);
		frame_close_fds(&f);
		if (r < 0)
			return break_off(p);
	}
	return p->gone || p->stop ? -1 : 0;
}

int
peer_wait(struct peer *p, int64_t until_ms)
{
	struct pollfd pfd = {p->sock, POLLIN, 0};
	int64_t left = until_ms < 0 ? -1 : until_ms - clock_mono_ms();
	int ms = left > INT32_MAX ? INT32_MAX : (int)left;

	if (until_ms >= 0 && left < 0)
		ms = 0;
	if (poll(&pfd, 1, ms) < 0 && errno != EINTR) {
		(void)err_errno(&p->err, errno, "poll");
		return break_off(p);
	}
	return peer_drain(p);
}

int
peer_read_start(struct peer *p, struct arena *a, struct fetch_start *out,
    struct err *err)
{
	struct pollfd pfd = {p->sock, POLLIN, 0};
	struct frame f;
	int r;

	while (poll(&pfd, 1, -1) < 0 && errno == EINTR)
		continue;
	r = frame_recv(p->sock, p->space, &f, err);
	if (r == 0)
		return err_set(err, ERR_LATER, ERR_OWN, 0, "the core is gone");
	if (r < 0)
		return -1;
	frame_close_fds(&f);
	if (f.type != FETCH_START)
		return err_set(err, ERR_BUG, ERR_OWN, (int)f.type,
		    "the first frame has type %u", f.type);
	r = fetch_get_start(f.body, f.len, a, out, err);
	explicit_bzero(p->space, FRAME_BUFFER);
	return r;
}

/* ---- frames out --------------------------------------------------------- */

/* Waits until the core takes more, and takes what it sends meanwhile. */
static int
make_way(struct peer *p, const struct err *why)
{
	struct pollfd pfd = {p->sock, POLLIN | POLLOUT, 0};
	int64_t from_ms = clock_mono_ms();
	int ms = -1;

	if (why->code == ETOOMANYREFS) {
		pfd.events = POLLIN;
		ms = REFS_WAIT_MS;
	}
	if (poll(&pfd, 1, ms) < 0 && errno != EINTR) {
		(void)err_errno(&p->err, errno, "poll");
		return break_off(p);
	}
	p->waited_ms += clock_mono_ms() - from_ms;
	(void)peer_drain(p);
	return p->gone ? -1 : 0;
}

/* After a frame_send() that failed: 0 = try again, -1 = no more. */
static int
not_sent(struct peer *p, const struct err *err)
{
	if (err->kind == ERR_NOW || err->code == ETOOMANYREFS)
		return make_way(p, err);
	if (err->code != EPIPE)
		p->err = *err;
	return break_off(p);
}

static int
send_frame(struct peer *p, uint32_t type, const struct buf *body, int fd)
{
	struct err err;

	while (!p->gone) {
		if (frame_send(p->sock, type, body, &fd, fd >= 0, &err) == 0)
			return 0;
		(void)not_sent(p, &err);
	}
	return -1;
}

int
peer_send_folder(struct peer *p, const struct fetch_folder *f)
{
	BUF_AUTO struct buf b = BUF_INIT;

	p->asked = *f;
	p->have_known = false;
	if (p->validity[f->folder] != f->uidvalidity)
		uids_clear(&p->to_mark[f->folder]);
	p->validity[f->folder] = f->uidvalidity;
	fetch_put_folder(&b, f);
	return send_frame(p, FETCH_FOLDER, &b, -1);
}

int
peer_send_taken(
    struct peer *p, const struct fetch_taken *t, int fd, uint64_t bytes)
{
	struct window_entry e = {.folder = t->folder,
	    .uidvalidity = t->uidvalidity, .uid = t->uid, .bytes = bytes,
	    .mark = fd >= 0};
	BUF_AUTO struct buf b = BUF_INIT;
	int r;

	/* Before the frame: its acknowledgement may come while it is sent. */
	window_send(&p->window, &e);
	fetch_put_taken(&b, t);
	r = send_frame(p, FETCH_TAKEN, &b, fd);
	if (fd >= 0)
		(void)close(fd);
	return r;
}

int
peer_send_server(struct peer *p, int64_t certificate_until_s)
{
	BUF_AUTO struct buf b = BUF_INIT;

	fetch_put_server(&b, certificate_until_s);
	return send_frame(p, FETCH_SERVER, &b, -1);
}

int
peer_send_round(struct peer *p, uint32_t messages)
{
	BUF_AUTO struct buf b = BUF_INIT;

	fetch_put_round(&b, messages);
	return send_frame(p, FETCH_ROUND, &b, -1);
}

int
peer_send_trouble(struct peer *p, const struct err *err, uint32_t retry_s)
{
	struct err why;

	while (!p->gone) {
		if (put_trouble(p->sock, err, retry_s, &why) == 0)
			return 0;
		(void)not_sent(p, &why);
	}
	return -1;
}

int
peer_await_known(struct peer *p)
{
	while (!p->have_known) {
		if (peer_wait(p, -1) < 0)
			return -1;
	}
	return 0;
}
