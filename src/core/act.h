/* SPDX-License-Identifier: ISC */
#ifndef CORE_ACT_H
#define CORE_ACT_H

#include <stdbool.h>
#include <stdint.h>

#include "follow/command.h"
#include "store/store.h"

struct arena;
struct buf;
struct err;
struct take_context;

/*
 * The one way in which anything is done to a clue, whether an officer wrote it,
 * the office did, or somebody typed it into cluectl: what is legal, which
 * deadlines are met, moved or paused, what the ledger says, and who is told.
 * Who may act at all is asked before (core/obey.h).
 */
struct act_actor {
	const char *id; /* roster id, or "unix:name" */
	int person;	/* in the roster; -1 = somebody at cluectl */
	enum command_by by;
};

struct act {
	const struct take_context *c;
	const struct act_actor *actor;
	const struct command *command;
	int64_t now_s;
	int64_t arrived_s; /* the mail, at the provider: what counts against a
			    * deadline when we were down; 0 = now */
	struct arena *arena;
	bool stays; /* 改域 alone: who has it is said by the next command */
	struct clue_record clue; /* as it is; afterwards as it became */
	/* out */
	bool done;	  /* else nothing was written */
	const char *said; /* what was understood, or why it was not done */
};

/* Inside the caller's transaction.  A command that cannot be obeyed is no
 * failure: done is false and said tells why. */
int act_apply(struct act *x, struct err *err);

/* What may be written about a clue in this state, titles in a row. */
void act_next(const char *state, enum command_by by, struct buf *out);
/* "办结 2026-11-24 17:30（周二）": its next open end; "" when none runs. */
int act_due(const struct take_context *c, const struct clue_record *clue,
    struct arena *a, const char **out, struct err *err);
/* The state's title; the name itself when it is unknown. */
const char *act_state(const char *state);

#endif
