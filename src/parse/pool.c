/* SPDX-License-Identifier: ISC */
#include "parse/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "parse/jobs.h"
#include "parse/procs.h"

struct pool {
	unsigned per_child;
	pool_done_fn *done;
	void *arg;
	struct procs procs;
	struct jobs queue;
	size_t pending;
	bool stepping;
	bool want_files;
};

/* ---- answers to the owner ----------------------------------------------- */

static void
answer(void *arg, struct job *j, struct message *m, const struct err *err)
{
	struct pool *p = arg;
	uint64_t id = j->id;

	job_free(j);
	p->pending--;
	p->done(p->arg, id, m, err);
}

/* ---- handing out -------------------------------------------------------- */

/* The least loaded child that may take one more of the common jobs. */
static struct child *
least_loaded(struct pool *p)
{
	struct child *best = NULL;

	for (size_t i = 0; i < MAX_PARSER_CHILDREN; i++) {
		struct child *c = &p->procs.children[i];

		if (!c->used || c->sock < 0 || c->solo ||
		    c->taken >= p->per_child ||
		    c->flight.n >= MAX_PARSER_FLIGHT)
			continue;
		if (best == NULL || c->flight.n < best->flight.n)
			best = c;
	}
	return best;
}

static struct child *
child_for(struct pool *p, const struct job *j)
{
	struct child *c = j->solo ? NULL : least_loaded(p);
	struct child *fresh;

	if (c != NULL && c->flight.n == 0)
		return c;
	fresh = procs_new_child(&p->procs);
	return fresh != NULL ? fresh : c;
}

static void
hand_out(struct pool *p)
{
	struct child *c;

	if (!p->procs.zygote.ready || clock_mono_ms() < p->procs.pause_until_ms)
		return;
	while (p->queue.head != NULL) {
		c = child_for(p, p->queue.head);
		if (c == NULL)
			return; /* a child's end or a pause's brings the next */
		if (procs_send(c, p->queue.head) < 0) {
			p->procs.pause_until_ms =
			    clock_mono_ms() + PROCS_PAUSE_MS;
			return;
		}
		if (c->flight.n == 0)
			c->since_ms = clock_mono_ms();
		c->taken++;
		c->solo |= p->queue.head->solo;
		jobs_append(&c->flight, jobs_take(&p->queue));
	}
}

/* A child ends when its share is done, or a moment after the backlog: core
 * hands out as fast as it commits, and a child for every few messages would
 * cost more than they do. */
static void
retire_idle(struct pool *p)
{
	int64_t now = clock_mono_ms();

	for (size_t i = 0; i < MAX_PARSER_CHILDREN; i++) {
		struct child *c = &p->procs.children[i];

		if (c->used && c->sock >= 0 && c->flight.n == 0 &&
		    (c->solo || c->taken >= p->per_child ||
			now >= c->since_ms + PARSER_LINGER_MS))
			procs_retire(&p->procs, c, DIED);
	}
}

/* ---- time --------------------------------------------------------------- */

/* When pool_step() must look at this child; INT64_MAX = never. */
static int64_t
child_due_ms(const struct pool *p, const struct child *c)
{
	if (!c->used)
		return INT64_MAX;
	if (c->sock >= 0 && c->flight.n == 0)
		return c->since_ms + PARSER_LINGER_MS;
	return c->since_ms +
	       (c->sock >= 0 ? p->procs.time_ms : MAX_ZYGOTE_TIME_MS);
}

/* Whether a child can be asked for: hand_out() then gets one, or pauses. */
static bool
has_slot(const struct pool *p)
{
	for (size_t i = 0; i < MAX_PARSER_CHILDREN; i++)
		if (!p->procs.children[i].used)
			return true;
	return false;
}

static int64_t
due_ms(const struct pool *p)
{
	int64_t due = INT64_MAX, at;

	for (size_t i = 0; i < MAX_PARSER_CHILDREN; i++) {
		at = child_due_ms(p, &p->procs.children[i]);
		due = at < due ? at : due;
	}
	if (p->procs.zygote.sock >= 0 && !p->procs.zygote.ready) {
		at = p->procs.zygote.since_ms + MAX_ZYGOTE_TIME_MS;
		due = at < due ? at : due;
	} else if (p->procs.zygote.sock < 0 || p->queue.n > 0) {
		at = p->procs.pause_until_ms;
		/* A pause that is over holds nothing up, unless its end was
		 * missed. */
		if (at > clock_mono_ms() || p->procs.zygote.sock < 0 ||
		    (p->procs.zygote.ready && has_slot(p)))
			due = at < due ? at : due;
	}
	return due;
}

/* -1 when the zygote must go: it does not start, or does not bury. */
static int
check_time(struct pool *p)
{
	int64_t now = clock_mono_ms();

	if (!p->procs.zygote.ready &&
	    now >= p->procs.zygote.since_ms + MAX_ZYGOTE_TIME_MS)
		return -1;
	for (size_t i = 0; i < MAX_PARSER_CHILDREN; i++) {
		struct child *c = &p->procs.children[i];

		if (now < child_due_ms(p, c) ||
		    (c->sock >= 0 && c->flight.n == 0))
			continue; /* idle ones: retire_idle() */
		if (c->sock < 0)
			return -1;
		procs_retire(&p->procs, c, TOO_SLOW);
	}
	return 0;
}

/* ---- public ------------------------------------------------------------- */

static int
step(struct pool *p, struct err *err)
{
	if (p->procs.zygote.sock >= 0 &&
	    (procs_read(&p->procs) < 0 || check_time(p) < 0) &&
	    procs_lose(&p->procs, err) < 0)
		return -1;
	if (p->procs.zygote.sock < 0 &&
	    clock_mono_ms() >= p->procs.pause_until_ms &&
	    procs_start(&p->procs, err) < 0) {
		p->procs.pause_until_ms = clock_mono_ms() + PROCS_PAUSE_MS;
		return err_at(err, "parser process");
	}
	hand_out(p);
	retire_idle(p);
	return 0;
}

int
pool_step(struct pool *p, struct err *err)
{
	int rc;

	p->stepping = true;
	rc = step(p, err);
	p->stepping = false;
	return rc;
}

int
pool_add(struct pool *p, uint64_t id, int raw_fd, struct err *err)
{
	struct job *j = calloc(1, sizeof(*j));

	if (j == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	j->fd = fcntl(raw_fd, F_DUPFD_CLOEXEC, 3);
	if (j->fd < 0) {
		(void)err_errno(err, errno, "dup message");
		free(j);
		return -1;
	}
	j->id = id;
	j->files = p->want_files;
	j->more = p->procs.read_more != NULL;
	j->number = ++p->procs.last_number;
	jobs_append(&p->queue, j);
	p->pending++;
	/* From inside `done` the step that called it goes on to hand out. */
	if (!p->stepping)
		hand_out(p);
	return 0;
}

void
pool_want_files(struct pool *p, bool want)
{
	p->want_files = want;
}

void
pool_read_more(struct pool *p, pool_read_fn *read)
{
	p->procs.read_more = read;
}

size_t
pool_pending(const struct pool *p)
{
	return p->pending;
}

int
pool_epoll_fd(const struct pool *p)
{
	return p->procs.epoll;
}

int
pool_timeout_ms(const struct pool *p)
{
	int64_t due = due_ms(p), left;

	if (due == INT64_MAX)
		return -1;
	left = due - clock_mono_ms();
	return left < 0 ? 0 : left > INT32_MAX ? INT32_MAX : (int)left;
}

/* Until the first zygote is ready, so that what is missing on this machine is
 * said at the start. */
static int
await_ready(struct pool *p, struct err *err)
{
	struct pollfd fd = {p->procs.epoll, POLLIN, 0};

	while (!p->procs.zygote.ready) {
		(void)poll(&fd, 1, pool_timeout_ms(p));
		if (pool_step(p, err) < 0)
			return -1;
	}
	return 0;
}

static int
time_limit_ms(void)
{
#ifdef CLUED_TEST_HOOKS
	const char *ms = getenv("CLUED_TEST_PARSE_MS");

	if (ms != NULL)
		return (int)strtol(ms, NULL, 10);
#endif
	return MAX_PARSE_TIME_MS;
}

int
pool_new(unsigned per_child, pool_done_fn *done, void *arg,
    struct pool **pool_out, struct err *err)
{
	struct pool *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	p->per_child = per_child > 0 ? per_child : 1;
	p->done = done;
	p->arg = arg;
	p->procs.time_ms = time_limit_ms();
	jobs_init(&p->queue);
	p->procs.answer = answer;
	p->procs.arg = p;
	p->procs.queue = &p->queue;
	p->procs.zygote.sock = -1;
	p->procs.epoll = epoll_create1(EPOLL_CLOEXEC);
	if (p->procs.epoll < 0) {
		(void)err_errno(err, errno, "epoll_create1");
		free(p);
		return -1;
	}
	if (procs_start(&p->procs, err) < 0 || await_ready(p, err) < 0) {
		pool_free(&p);
		return err_at(err, "parser pool");
	}
	*pool_out = p;
	return 0;
}

void
pool_free(struct pool **pool)
{
	struct pool *p = *pool;

	if (p == NULL)
		return;
	procs_end(&p->procs);
	jobs_done(&p->queue);
	(void)close(p->procs.epoll);
	free(p);
	*pool = NULL;
}
