/* SPDX-License-Identifier: ISC */
#include "ctl/probe.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/frame.h"
#include "base/limits.h"
#include "base/spawn.h"
#include "conf/conf.h"
#include "fetch/wire.h"
#include "send/wire.h"

/* What a role may take on top of its own network time limit. */
#define GRACE_MS 5000

struct probe {
	pid_t pid;
	int pidfd, sock;
	unsigned char *buffer;
	struct arena *arena;
};

static int
probe_start(struct probe *p, const char *role, struct err *err)
{
	int pair[2];

	p->buffer = malloc(FRAME_BUFFER);
	p->arena = arena_new();
	p->sock = p->pidfd = -1;
	p->pid = 0;
	if (p->buffer == NULL || p->arena == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (frame_pair(pair, err) < 0)
		return -1;
	p->sock = pair[0];
	if (spawn_role(role, pair[1], &p->pid, &p->pidfd, err) < 0) {
		(void)close(pair[1]);
		p->pid = 0;
		return -1;
	}
	(void)close(pair[1]);
	return 0;
}

/* Returns the process's wait status. */
static int
probe_end(struct probe *p, bool by_force)
{
	int status = 0;

	if (p->pid > 0 && by_force)
		(void)kill(p->pid, SIGKILL);
	if (p->pid > 0)
		(void)waitpid(p->pid, &status, 0);
	if (p->sock >= 0)
		(void)close(p->sock);
	if (p->pidfd >= 0)
		(void)close(p->pidfd);
	free(p->buffer);
	arena_free(&p->arena);
	return status;
}

static void
wipe(struct buf *body, char *secret, size_t size)
{
	sodium_memzero(secret, size);
	if (body->data != NULL)
		sodium_memzero(body->data, body->size);
	buf_done(body);
}

/* Waits for the next frame: 1 = got it, 0 = the role ended. */
static int
next_frame(
    struct probe *p, int64_t until_ms, struct frame *frame, struct err *err)
{
	struct pollfd pfd = {.fd = p->sock, .events = POLLIN};
	int64_t left_ms = until_ms - clock_mono_ms();
	int rc = left_ms > 0 ? poll(&pfd, 1, (int)left_ms) : 0;

	if (rc < 0)
		return err_errno(err, errno, "poll");
	if (rc == 0)
		return err_set(err, ERR_LATER, ERR_OWN, 0,
		    "no answer in time; check the network and the host name");
	return frame_recv(p->sock, p->buffer, frame, err);
}

static int
mailbox_frame(struct probe *p, struct frame *f, struct err *err)
{
	struct fetch_trouble t;

	frame_close_fds(f);
	if (f->type != FETCH_TROUBLE)
		return 0;
	if (fetch_get_trouble(f->body, f->len, p->arena, &t, err) < 0)
		return -1;
	return err_set(err, t.kind, t.origin, t.code, "%s", t.what);
}

static int
smtp_frame(struct probe *p, struct frame *f, struct err *err)
{
	struct send_result r;

	frame_close_fds(f);
	if (f->type != SEND_RESULT)
		return 0;
	if (send_get_result(f->body, f->len, p->arena, &r, err) < 0)
		return -1;
	if (r.outcome == SEND_OK)
		return 0;
	return err_set(err, ERR_CONF, ERR_SMTP, r.code, "%s", r.what);
}

static int
follow(struct probe *p, uint32_t timeout_ms,
    int (*frame_fn)(struct probe *, struct frame *, struct err *),
    struct err *err)
{
	/* Several network steps, each with the limit of its own. */
	int64_t until_ms =
	    clock_mono_ms() + 4 * (int64_t)timeout_ms + GRACE_MS;
	struct frame frame;
	int rc;

	while ((rc = next_frame(p, until_ms, &frame, err)) == 1)
		if (frame_fn(p, &frame, err) < 0)
			return -1;
	return rc;
}

static int
finish(struct probe *p, int rc, struct err *err)
{
	int status = probe_end(p, rc < 0);

	if (rc < 0)
		return -1;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return err_set(err, ERR_SYSTEM, ERR_OWN, status,
		    "the process failed without a word (status %d)", status);
	return 0;
}

int
probe_mailbox(const struct conf *conf, size_t index, struct err *err)
{
	const struct mailbox_conf *m = &conf->mailboxes[index];
	struct fetch_start start = m->imap;
	char secret[MAX_SECRET_BYTES];
	struct buf body = BUF_INIT;
	struct probe p;
	int rc;

	if (conf_secret(conf, &m->secret, secret, sizeof(secret), err) < 0)
		return -1;
	start.secret = secret;
	start.check = true;
	fetch_put_start(&body, &start);
	rc = probe_start(&p, "fetch", err);
	if (rc == 0)
		rc = frame_send(p.sock, FETCH_START, &body, NULL, 0, err);
	wipe(&body, secret, sizeof(secret));
	if (rc == 0)
		rc = follow(&p, start.timeout_ms, mailbox_frame, err);
	return finish(&p, rc, err);
}

int
probe_smtp(const struct conf *conf, const struct smtp_conf *account,
    struct err *err)
{
	struct send_start start = account->smtp;
	char secret[MAX_SECRET_BYTES];
	struct buf body = BUF_INIT;
	struct probe p;
	int rc;

	if (conf_smtp_secret(conf, account, secret, sizeof(secret),
		err) < 0)
		return -1;
	start.secret = secret;
	start.check = true;
	send_put_start(&body, &start);
	rc = probe_start(&p, "send", err);
	if (rc == 0)
		rc = frame_send(p.sock, SEND_START, &body, NULL, 0, err);
	wipe(&body, secret, sizeof(secret));
	if (rc == 0)
		rc = follow(&p, start.timeout_ms, smtp_frame, err);
	return finish(&p, rc, err);
}
