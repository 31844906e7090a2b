/* SPDX-License-Identifier: ISC */
#include "parse/role.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/frame.h"
#include "base/limits.h"
#include "base/pack.h"
#include "base/rest.h"
#include "base/sandbox.h"
#include "parse/child.h"
#include "parse/jail.h"
#include "parse/parse.h"
#include "parse/wire.h"

/* More than the core will ever want: it keeps to MAX_PARSER_CHILDREN. */
#define ROOM (2 * MAX_PARSER_CHILDREN)
/* Without children for so long: nothing more is to be expected now. */
#define REST_AFTER_MS 1000

struct entry {
	uint32_t child;
	pid_t pid; /* 0 = free */
	int pidfd;
};

struct zygote {
	int sock;
	pid_t self;
	struct entry children[ROOM];
	bool rests; /* its pages are dropped */
	struct sandbox_filter *filter;
	const struct parse_more *more;
	unsigned char buffer[FRAME_BUFFER];
};

/* ---- start -------------------------------------------------------------- */

static int
start(struct zygote *z, struct err *err)
{
	(void)signal(SIGPIPE, SIG_IGN);
	/* libytnef prints; stdio would ask what kind of file that is by a
	 * call that no child may make. */
	(void)setvbuf(stdout, NULL, _IONBF, 0);
	if (parse_init(err) < 0 ||
	    (z->more != NULL && z->more->init(err) < 0) ||
	    child_filter_new(&z->filter, err) < 0)
		return -1;
	/* Of what the tables took; the jail forbids both. */
	(void)malloc_trim(0);
	rest_files();
	if (zygote_jail(err) < 0)
		return -1;
	return frame_send(z->sock, PARSE_READY, NULL, NULL, 0, err);
}

static void
tell_failure(int sock, const struct err *err)
{
	struct buf BUF_AUTO b = BUF_INIT;

	pack_u32(&b, 0);
	parse_wire_put_err(&b, err);
	(void)frame_send(sock, PARSE_FAILED, &b, NULL, 0, NULL);
}

/* ---- children ----------------------------------------------------------- */

static int
tell_end(struct zygote *z, uint32_t child, uint32_t status)
{
	struct buf BUF_AUTO b = BUF_INIT;

	pack_u32(&b, child);
	pack_u32(&b, status);
	return frame_send(z->sock, PARSE_ENDED, &b, NULL, 0, NULL);
}

static struct entry *
find_entry(struct zygote *z, uint32_t child)
{
	for (size_t i = 0; i < ROOM; i++) {
		if (z->children[i].pid != 0 && z->children[i].child == child)
			return &z->children[i];
	}
	return NULL;
}

static struct entry *
free_entry(struct zygote *z)
{
	for (size_t i = 0; i < ROOM; i++) {
		if (z->children[i].pid == 0)
			return &z->children[i];
	}
	return NULL;
}

static int
fork_child(struct zygote *z, uint32_t child, int sock)
{
	struct entry *e = free_entry(z);
	pid_t pid = e != NULL ? fork() : -1;

	if (pid == 0)
		child_main(sock, z->self, z->filter, z->more);
	if (pid < 0)
		return tell_end(z, child, PARSE_NO_FORK);
	e->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (e->pidfd < 0)
		return -1;
	e->pid = pid;
	e->child = child;
	return 0;
}

static int
bury(struct zygote *z, struct entry *e)
{
	int status = 0;

	while (waitpid(e->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	(void)close(e->pidfd);
	e->pid = 0;
	return tell_end(z, e->child, (uint32_t)status);
}

/* ---- the loop ----------------------------------------------------------- */

/* Only the core writes here; whatever is not in order ends the zygote. */
static int
on_frame(struct zygote *z, const struct frame *f)
{
	struct unpack u;
	struct entry *e;
	uint32_t child;

	unpack_init(&u, f->body, f->len);
	child = unpack_u32(&u);
	if (unpack_end(&u) < 0)
		return -1;
	if (f->type == PARSE_FORK && f->n_fds == 1)
		return fork_child(z, child, f->fds[0]);
	if (f->type != PARSE_KILL || f->n_fds != 0)
		return -1;
	e = find_entry(z, child);
	if (e != NULL)
		(void)syscall(
		    SYS_pidfd_send_signal, e->pidfd, SIGKILL, NULL, 0);
	return 0;
}

static int
read_frame(struct zygote *z)
{
	struct frame f;
	int rc = frame_recv(z->sock, z->buffer, &f, NULL);

	if (rc <= 0)
		return -1;
	rc = on_frame(z, &f);
	frame_close_fds(&f);
	return rc;
}

/* Waits for the core or for a child's end.  -1 = it is over. */
static int
turn(struct zygote *z)
{
	struct pollfd fds[1 + ROOM] = {{z->sock, POLLIN, 0}};
	bool alone = true;
	int n;

	for (size_t i = 0; i < ROOM; i++) {
		fds[1 + i].fd =
		    z->children[i].pid != 0 ? z->children[i].pidfd : -1;
		fds[1 + i].events = POLLIN;
		alone &= z->children[i].pid == 0;
	}
	n = poll(fds, 1 + ROOM, alone && !z->rests ? REST_AFTER_MS : -1);
	if (n < 0)
		return errno == EINTR ? 0 : -1;
	if (n == 0)
		rest_pages();
	z->rests = n == 0;
	for (size_t i = 0; i < ROOM; i++) {
		if (fds[1 + i].revents != 0 && bury(z, &z->children[i]) < 0)
			return -1;
	}
	return fds[0].revents != 0 ? read_frame(z) : 0;
}

int
parse_zygote_main(int sock, const struct parse_more *more)
{
	struct zygote *z = calloc(1, sizeof(*z));
	struct err err;

	if (z == NULL)
		return 1;
	z->sock = sock;
	z->more = more;
	z->self = getpid();
	if (start(z, &err) < 0) {
		tell_failure(sock, &err);
		return 1;
	}
	while (turn(z) == 0)
		continue;
	/* The children die with their parent, and the memory goes with it. */
	return 0;
}
