/* SPDX-License-Identifier: ISC */
#ifndef PARSE_PROCS_H
#define PARSE_PROCS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/frame.h"
#include "base/limits.h"
#include "parse/jobs.h"
#include "parse/pool.h"

struct message;

/*
 * The pool's processes: the zygote and its children.  How they are started,
 * read and ended is here; who gets which job, and when, is pool.c's.
 */

/* Pause after a zygote that would not start, or a fork that failed. */
#define PROCS_PAUSE_MS 1000

/* Why a child was killed; its end is read in this light. */
enum verdict {
	DIED, TOO_SLOW, LIED,
	UNHEARD, /* we could not receive from it: no fault of its jobs */
};

/* unused → live (sock >= 0) → retired (its end is awaited) → unused */
struct child {
	bool used;
	uint32_t number;
	int sock;
	struct jobs flight; /* sent, not yet answered; answered in order */
	unsigned taken;
	bool solo;
	enum verdict verdict;
	int64_t since_ms; /* of the first in flight, the last answer when none
			   * is, or the retirement */
};

struct zygote {
	int sock; /* -1: none */
	int pidfd;
	pid_t pid;
	bool ready;
	int64_t since_ms;
	struct err failure; /* its own account of why it could not start */
};

/* Takes the job; exactly one of m (taken too) and failure. */
typedef void procs_answer_fn(
    void *arg, struct job *j, struct message *m, const struct err *failure);

struct procs {
	procs_answer_fn *answer;
	void *arg;
	pool_read_fn *read_more;
	struct jobs *queue; /* unanswered jobs go back to its head */
	int epoll;
	struct zygote zygote;
	struct child children[MAX_PARSER_CHILDREN];
	uint32_t last_number; /* of a child or a job */
	int64_t pause_until_ms;
	int time_ms; /* for one message */
	unsigned char buffer[FRAME_BUFFER];
};

/* Starts a zygote; there must be none. */
int procs_start(struct procs *p, struct err *err);
/* Ends the zygote, and with it the children; their jobs go back or fail.
 * -1 when it had never become ready: *err says why. */
int procs_lose(struct procs *p, struct err *err);
/* Ends everything; jobs under way are freed unanswered. */
void procs_end(struct procs *p);

/* Handles what is ready to be read; -1 when the zygote is gone or must go. */
int procs_read(struct procs *p);

/* Asks for a child; NULL when there may be none now. */
struct child *procs_new_child(struct procs *p);
/* Sends the job; it stays the caller's on failure. */
int procs_send(struct child *c, const struct job *j);
/* Ends a child.  It would end by itself when its socket closes, but one that
 * a message has taken over would not: so it is always killed. */
void procs_retire(struct procs *p, struct child *c, enum verdict verdict);

#endif
