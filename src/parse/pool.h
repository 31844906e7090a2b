/* SPDX-License-Identifier: ISC */
#ifndef PARSE_POOL_H
#define PARSE_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct message;

/*
 * The core's side of the parser: starts the zygote, keeps at most
 * MAX_PARSER_CHILDREN children, hands out jobs, re-runs the unanswered jobs of
 * a child that died, one a child, and reports the guilty one.  No event loop
 * inside: the owner polls pool_fds() (or pool_epoll_fd()) and calls
 * pool_step().  Used by the daemon and by cluectl.
 */
struct pool;

/* How a job ended: exactly one of message and failure.  The receiver owns
 * *message. */
typedef void pool_done_fn(void *arg, uint64_t job, struct message *message,
    const struct err *failure);

/* `per_child`: messages a child takes in a backlog (1 = strict).  Starts the
 * zygote by spawn_role("parse"). */
int pool_new(unsigned per_child, pool_done_fn *done, void *arg,
    struct pool **pool_out, struct err *err);
void pool_free(struct pool **pool);

/* Queues a job; raw_fd is a sealed memfd that the pool dups.  Answers come by
 * `done` from pool_step(), in no particular order. */
int pool_add(struct pool *pool, uint64_t job, int raw_fd, struct err *err);
/* Whether the messages of jobs added from now on carry the bytes of their
 * attachments; at first they do not. */
void pool_want_files(struct pool *pool, bool want);
/* Reads what role.h's `more` wrote of m and puts it into m, in its arena; it
 * comes from a child and is not to be believed.  -1 and ERR_SYSTEM when memory
 * is out, else it is malformed, and the child is ended for it. */
typedef int pool_read_fn(
    struct message *m, const void *data, size_t len, struct err *err);
/* From now on jobs ask for it; once, before the first job. */
void pool_read_more(struct pool *pool, pool_read_fn *read);
/* Jobs added and not yet answered. */
size_t pool_pending(const struct pool *pool);

/* One descriptor that polls readable when pool_step() has work. */
int pool_epoll_fd(const struct pool *pool);
/* Milliseconds until pool_step() must run for a time limit; -1 = none. */
int pool_timeout_ms(const struct pool *pool);
/* Handles everything that is ready; never blocks.  ERR_SYSTEM only when the
 * zygote cannot be (re)started. */
int pool_step(struct pool *pool, struct err *err);

#endif
