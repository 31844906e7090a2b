/* SPDX-License-Identifier: ISC */
#ifndef CORE_ROLE_H
#define CORE_ROLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct buf;
struct err;
struct frame;
typedef struct sd_event sd_event;
typedef struct sd_event_source sd_event_source;

/*
 * A child process with a role (fetch, send) on the event loop: started by
 * spawn_role(), started again with a growing delay when it dies, ended by
 * role_stop().  The core never blocks on it: a role whose socket is full does
 * not read any more and is killed.
 */
struct role;

struct role_ops {
	const char *name; /* "fetch", "send": what spawn_role() gets */
	/* The process runs: send it what it needs.  -1 ends it: role_start()
	 * fails, and a role that was to be started again is so later. */
	int (*started)(void *arg, struct err *err);
	/* A frame came; descriptors that are taken are set to -1 in it.
	 * -1 = a breach of the contract: the role is killed. */
	int (*frame)(void *arg, struct frame *frame, struct err *err);
	/* It ended; true = start it again (after the delay). */
	bool (*ended)(void *arg, int exit_status);
	/* NULL, or whether it is we who keep it from sending frames. */
	bool (*waits_for_us)(void *arg);
};

/* `label` names it in the log; ops and arg are borrowed. */
int role_new(sd_event *event, const char *label, const struct role_ops *ops,
    void *arg, struct role **role_out, struct err *err);
void role_free(struct role **role); /* kills it when it runs */

int role_start(struct role *role, struct err *err);
bool role_runs(const struct role *role);
/* After a delay that grows with each death or failure; whether it is to be. */
void role_start_later(struct role *role);
bool role_is_to_start(const struct role *role);
/* Never blocks.  ERR_LATER when it does not run. */
int role_send(struct role *role, uint32_t type, const struct buf *body,
    const int *fds, size_t n_fds, struct err *err);
/* The socket to it, for writers of their own; -1 when it does not run. */
int role_socket(const struct role *role);
void role_kill(struct role *role);
/* By signal: it shall begin nothing new (a sender gives its letters back). */
void role_hold(struct role *role);
/* Takes what it says now; false when it has said nothing for so long, or is at
 * its end. */
bool role_wait(struct role *role, int timeout_ms);
/* Kills it, takes what it had still said and tells its end, at once. */
void role_end(struct role *role);
/* It was killed for what it said: its last words may be missing. */
bool role_broke_rules(const struct role *role);
/* Its watchdog: a frame must come within so many milliseconds, or it is
 * taken for hung and killed; 0 = none is due. */
void role_expect(struct role *role, int64_t within_ms);
/* It works: the next death is answered by the shortest delay again. */
void role_works(struct role *role);

#endif
