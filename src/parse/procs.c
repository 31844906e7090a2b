/* SPDX-License-Identifier: ISC */
#include "parse/procs.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/memfd.h"
#include "base/pack.h"
#include "base/spawn.h"
#include "parse/message.h"
#include "parse/wire.h"

/* What epoll says for the zygote; children say their number. */
#define ZYGOTE_EVENT UINT64_MAX

/* ---- failures ----------------------------------------------------------- */

static void
fail_job(struct procs *p, struct job *j, const char *why)
{
	struct err err = {0};

	(void)err_set(&err, ERR_INPUT, ERR_OWN, 0, "%s", why);
	p->answer(p->arg, j, NULL, &err);
}

static void
describe_end(const struct procs *p, enum verdict verdict, int status, char *out,
    size_t size)
{
	if (verdict == TOO_SLOW)
		(void)snprintf(out, size, "parser took longer than %d s",
		    p->time_ms / 1000);
	else if (verdict == LIED)
		(void)snprintf(out, size, "parser's answer was malformed");
	else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
		(void)snprintf(out, size,
		    "parser took longer than %d s of CPU time",
		    MAX_PARSER_CPU_S);
	else if (WIFSIGNALED(status))
		(void)snprintf(out, size, "parser killed by signal %s",
		    sigabbrev_np(WTERMSIG(status)));
	else if (WEXITSTATUS(status) == PARSE_EXIT_MEMORY)
		(void)snprintf(out, size, "parser ran out of memory");
	else
		(void)snprintf(out, size, "parser ended with status %d",
		    WEXITSTATUS(status));
}

/* ---- children ----------------------------------------------------------- */

static struct child *
find_child(struct procs *p, uint64_t number)
{
	for (size_t i = 0; i < MAX_PARSER_CHILDREN; i++) {
		if (p->children[i].used && p->children[i].number == number)
			return &p->children[i];
	}
	return NULL;
}

static int
tell_zygote(struct procs *p, uint32_t type, uint32_t child, const int *fd)
{
	struct buf BUF_AUTO b = BUF_INIT;

	pack_u32(&b, child);
	return frame_send(
	    p->zygote.sock, type, &b, fd, fd != NULL ? 1 : 0, NULL);
}

void
procs_retire(struct procs *p, struct child *c, enum verdict verdict)
{
	/* Closing takes it out of the epoll set too. */
	(void)close(c->sock);
	c->sock = -1;
	c->verdict = verdict;
	c->since_ms = clock_mono_ms();
	(void)tell_zygote(p, PARSE_KILL, c->number, NULL);
}

/* Jobs that were innocent go to `again`, but one that was under way each time
 * is not tried for ever. */
static void
try_again(
    struct procs *p, struct jobs *flight, struct jobs *again, const char *why)
{
	struct job *j;

	while ((j = jobs_take(flight)) != NULL) {
		j->solo |= ++j->tries > 1;
		if (j->tries < MAX_PARSE_TRIES)
			jobs_append(again, j);
		else
			fail_job(p, j, why);
	}
}

/* Whether the machine rather than the message may have ended the child: out of
 * memory, a call that failed, SIGKILL (the kernel's when memory is out). */
static bool
may_be_innocent(const struct child *c, uint32_t status)
{
	return c->verdict == DIED &&
	    (!WIFSIGNALED((int)status) || WTERMSIG((int)status) == SIGKILL);
}

/* The child is no more.  A job that had it for itself is guilty, unless the
 * machine may be, once; of several, each gets a child of its own. */
static void
settle(struct procs *p, struct child *c, uint32_t status)
{
	bool solo = c->solo || c->taken == 1;
	struct jobs left;
	char why[80];

	describe_end(p, c->verdict, (int)status, why, sizeof(why));
	jobs_init(&left);
	if (c->verdict == UNHEARD)
		try_again(p, &c->flight, &left,
		    "the parser's answer could not be received each time");
	else
		jobs_prepend(&left, &c->flight);
	if (c->sock >= 0)
		(void)close(c->sock);
	c->used = false;
	if (status == PARSE_NO_FORK || c->verdict == UNHEARD) {
		p->pause_until_ms = clock_mono_ms() + PROCS_PAUSE_MS;
	} else {
		for (struct job *j = left.head; j != NULL; j = j->next)
			j->solo = true;
		if (solo && left.head != NULL &&
		    (!may_be_innocent(c, status) || left.head->tries++ > 0))
			fail_job(p, jobs_take(&left), why);
	}
	jobs_prepend(p->queue, &left);
}

static int
watch(struct procs *p, int fd, uint64_t tag, struct err *err)
{
	struct epoll_event e = {.events = EPOLLIN, .data.u64 = tag};

	if (fcntl(fd, F_SETFL, O_NONBLOCK) < 0 ||
	    epoll_ctl(p->epoll, EPOLL_CTL_ADD, fd, &e) < 0)
		return err_errno(err, errno, "watch parser socket");
	return 0;
}

static int
hatch(struct procs *p, struct child *c)
{
	int fds[2], rc;

	if (frame_pair(fds, NULL) < 0)
		return -1;
	*c = (struct child){.number = ++p->last_number, .sock = fds[0]};
	jobs_init(&c->flight);
	rc = watch(p, fds[0], c->number, NULL);
	if (rc == 0)
		rc = tell_zygote(p, PARSE_FORK, c->number, &fds[1]);
	(void)close(fds[1]);
	if (rc < 0)
		(void)close(fds[0]);
	c->used = rc == 0;
	return rc;
}

struct child *
procs_new_child(struct procs *p)
{
	for (size_t i = 0; i < MAX_PARSER_CHILDREN; i++) {
		struct child *c = &p->children[i];

		if (c->used)
			continue;
		if (hatch(p, c) == 0)
			return c;
		p->pause_until_ms = clock_mono_ms() + PROCS_PAUSE_MS;
		return NULL;
	}
	return NULL;
}

/* ---- answers of children ------------------------------------------------ */

/* What `more` wrote, then the message. */
static int
read_message(const struct procs *p, const struct job *j, const void *data,
    size_t len, struct message **m_out, struct err *err)
{
	struct message *m;
	const void *more;
	struct unpack u;
	size_t n;

	unpack_init(&u, data, len);
	more = unpack_bytes(&u, j->more ? MAX_TOLD_BYTES : 0, &n);
	if (u.bad)
		return -1;
	if (parse_wire_get(u.at, (size_t)(u.end - u.at), &m, err) < 0)
		return -1;
	if (j->more && p->read_more(m, more, n, err) < 0) {
		message_free(&m);
		return -1;
	}
	*m_out = m;
	return 0;
}

/* On -1 err->kind ERR_SYSTEM or ERR_LATER says that the trouble is ours. */
static int
read_done(const struct procs *p, const struct job *j, const struct frame *f,
    const struct unpack *u, struct message **m_out, struct err *err)
{
	struct memmap map;
	int rc;

	err->kind = ERR_INPUT;
	if (f->n_fds == 0)
		return read_message(
		    p, j, u->at, (size_t)(u->end - u->at), m_out, err);
	if (f->n_fds != 1 || unpack_end(u) < 0 ||
	    memfd_map(f->fds[0], MAX_PARSED_BYTES, &map, err) < 0)
		return -1;
	rc = read_message(p, j, map.data, map.len, m_out, err);
	memfd_unmap(&map);
	return rc;
}

/* -1 = the child must go: for a breach (LIED), or because we could not read
 * what it said (UNHEARD). */
static int
on_answer(struct procs *p, struct child *c, const struct frame *f,
    enum verdict *verdict_out)
{
	struct message *m = NULL;
	struct err failure = {0}, err;
	struct unpack u;

	*verdict_out = LIED;
	unpack_init(&u, f->body, f->len);
	if (c->flight.head == NULL ||
	    unpack_u32(&u) != c->flight.head->number || u.bad)
		return -1;
	if (f->type == PARSE_DONE) {
		if (read_done(
			p, c->flight.head, f, &u, &m, &err) < 0) {
			if (err.kind == ERR_SYSTEM || err.kind == ERR_LATER)
				*verdict_out = UNHEARD;
			return -1;
		}
	} else if (f->type != PARSE_FAILED || f->n_fds != 0 ||
		   parse_wire_get_err(&u, &failure) < 0) {
		return -1;
	}
	c->since_ms = clock_mono_ms();
	p->answer(
	    p->arg, jobs_take(&c->flight), m, m != NULL ? NULL : &failure);
	return 0;
}

/* Reads what a child has answered.  How it ended is told by the zygote. */
static void
drain_child(struct procs *p, struct child *c)
{
	enum verdict verdict;
	struct frame f;
	struct err err;
	int rc;

	while (c->sock >= 0) {
		rc = frame_recv(c->sock, p->buffer, &f, &err);
		if (rc < 0 && err.kind == ERR_NOW)
			return;
		if (rc == 0) {
			procs_retire(p, c, DIED);
			return;
		}
		verdict = LIED;
		if (rc > 0) {
			rc = on_answer(p, c, &f, &verdict);
			frame_close_fds(&f);
		} else if (err.origin == ERR_ERRNO) {
			procs_retire(p, c, UNHEARD);
			return;
		}
		if (rc < 0)
			procs_retire(p, c, verdict);
	}
}

/* ---- the zygote --------------------------------------------------------- */

int
procs_start(struct procs *p, struct err *err)
{
	struct zygote *z = &p->zygote;
	int fds[2], rc;

	if (frame_pair(fds, err) < 0)
		return -1;
	rc = spawn_role("parse", fds[1], &z->pid, &z->pidfd, err);
	(void)close(fds[1]);
	if (rc < 0) {
		(void)close(fds[0]);
		return -1;
	}
	z->sock = fds[0];
	z->ready = false;
	z->failure.kind = ERR_NONE;
	z->since_ms = clock_mono_ms();
	return watch(p, fds[0], ZYGOTE_EVENT, err);
}

static void
end_zygote(struct zygote *z)
{
	if (z->sock < 0)
		return;
	(void)close(z->sock);
	z->sock = -1;
	(void)syscall(SYS_pidfd_send_signal, z->pidfd, SIGKILL, NULL, 0);
	while (waitpid(z->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	(void)close(z->pidfd);
}

/* A child that died with its zygote. */
static void
orphan(struct procs *p, struct child *c, struct jobs *again)
{
	drain_child(p, c);
	if (c->sock >= 0)
		(void)close(c->sock);
	c->used = false;
	try_again(p, &c->flight, again,
	    "parser died with its zygote each time");
}

int
procs_lose(struct procs *p, struct err *err)
{
	struct zygote *z = &p->zygote;
	struct jobs again;

	jobs_init(&again);
	end_zygote(z);
	for (size_t i = 0; i < MAX_PARSER_CHILDREN; i++) {
		if (p->children[i].used)
			orphan(p, &p->children[i], &again);
	}
	jobs_prepend(p->queue, &again);
	if (z->ready) {
		/* One that does not live long is not started in a hurry. */
		p->pause_until_ms = z->since_ms + PROCS_PAUSE_MS;
		return 0;
	}
	p->pause_until_ms = clock_mono_ms() + PROCS_PAUSE_MS;
	if (z->failure.kind == ERR_NONE)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
		    "the parser process ended before it was ready");
	if (err != NULL)
		*err = z->failure;
	return err_at(err, "parser process");
}

static int
on_ended(struct procs *p, struct unpack *u)
{
	struct child *c = find_child(p, unpack_u32(u));
	uint32_t status = unpack_u32(u);

	if (unpack_end(u) < 0 || c == NULL)
		return -1;
	/* What it answered before its end still counts. */
	drain_child(p, c);
	settle(p, c, status);
	return 0;
}

/* -1 = a breach. */
static int
on_zygote_frame(struct procs *p, const struct frame *f)
{
	struct zygote *z = &p->zygote;
	struct unpack u;

	unpack_init(&u, f->body, f->len);
	switch (f->type) {
	case PARSE_READY:
		z->ready = true;
		return unpack_end(&u);
	case PARSE_FAILED:
		(void)unpack_u32(&u);
		if (parse_wire_get_err(&u, &z->failure) < 0)
			z->failure.kind = ERR_NONE;
		return 0;
	case PARSE_ENDED:
		return on_ended(p, &u);
	default:
		return -1;
	}
}

/* -1 when the zygote is gone, or must go. */
static int
drain_zygote(struct procs *p)
{
	struct frame f;
	struct err err;
	int rc;

	for (;;) {
		rc = frame_recv(p->zygote.sock, p->buffer, &f, &err);
		if (rc < 0 && err.kind == ERR_NOW)
			return 0;
		if (rc <= 0)
			return -1;
		rc = on_zygote_frame(p, &f);
		frame_close_fds(&f);
		if (rc < 0)
			return -1;
	}
}

/* ---- both --------------------------------------------------------------- */

int
procs_send(struct child *c, const struct job *j)
{
	struct buf BUF_AUTO b = BUF_INIT;

	pack_u32(&b, j->number);
	pack_bool(&b, j->files);
	pack_bool(&b, j->more);
	return frame_send(c->sock, PARSE_JOB, &b, &j->fd, 1, NULL);
}

int
procs_read(struct procs *p)
{
	struct epoll_event events[1 + MAX_PARSER_CHILDREN];
	int n = epoll_wait(p->epoll, events, 1 + MAX_PARSER_CHILDREN, 0);
	int rc = 0;

	/* Children first: an answer may stand before the end that the zygote
	 * tells. */
	for (int i = 0; i < n; i++) {
		struct child *c = find_child(p, events[i].data.u64);

		if (c != NULL)
			drain_child(p, c);
	}
	for (int i = 0; i < n; i++) {
		if (events[i].data.u64 == ZYGOTE_EVENT)
			rc = drain_zygote(p);
	}
	return rc;
}

void
procs_end(struct procs *p)
{
	end_zygote(&p->zygote);
	for (size_t i = 0; i < MAX_PARSER_CHILDREN; i++) {
		struct child *c = &p->children[i];

		if (!c->used)
			continue;
		if (c->sock >= 0)
			(void)close(c->sock);
		jobs_done(&c->flight);
	}
}
