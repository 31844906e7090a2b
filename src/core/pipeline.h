/* SPDX-License-Identifier: ISC */
#ifndef CORE_PIPELINE_H
#define CORE_PIPELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct conf;
struct err;
struct pool;
struct route;
struct store;

/*
 * The way of a message, from its raw bytes to the committed clue, and of a
 * letter from the outbox to its result.  It knows no event loop: the daemon
 * (and `cluectl ingest`) calls it when something arrives and polls
 * pipeline_pool().  Nothing is true until pipeline_flush() has committed it.
 */
struct pipeline;

/* Where a message came from; strings are copied. */
struct pipeline_source {
	const char *channel; /* "mail" or "file" */
	const char *mailbox; /* conf id; "" for a file */
	const char *folder;  /* UTF-8; "" for a file */
	bool junk;
	uint32_t uidvalidity;
	uint32_t uid;
	int64_t internal_s; /* INTERNALDATE, UTC seconds; 0 = unknown */
	bool oversize;      /* only the beginning was taken */
	uint64_t tag;       /* the caller's; handed back untouched */
};

/* What became of it, told after the commit. */
struct pipeline_taken {
	const char *kind;   /* intake_kind_name(), "quarantine", "skipped",
			     * "missing", "probe" */
	const char *number; /* clue it made or joined; "" */
	bool repeat;        /* it was in the store already */
};
typedef void pipeline_taken_fn(void *arg, const struct pipeline_source *from,
    const struct pipeline_taken *what);

/* Starts the parser.  conf, route and store are borrowed. */
int pipeline_new(const struct conf *conf, const struct route *route,
    struct store *store, pipeline_taken_fn *taken, void *arg,
    struct pipeline **pipeline_out, struct err *err);
void pipeline_free(struct pipeline **p);

/* After a reload; messages at hand are finished by the new rules. */
void pipeline_reconfigure(struct pipeline *p, const struct conf *conf,
    const struct route *route);

/* A message arrived: raw_fd is a sealed memfd and stays the caller's; -1 with
 * `missing` or skipped ones, which only get their line in the journal. */
enum pipeline_bare { BARE_NOT, BARE_SKIPPED, BARE_MISSING };
int pipeline_on_message(struct pipeline *p, const struct pipeline_source *from,
    int raw_fd, enum pipeline_bare bare, struct err *err);

/* The parser: poll this descriptor and this time limit, then step. */
int pipeline_poll_fd(const struct pipeline *p);
int pipeline_timeout_ms(const struct pipeline *p);
/* Takes the parser's answers, and commits when a group is full, when nothing
 * more is being parsed, or when MAX_GROUP_WAIT_MS is over.  On -1 (disk full,
 * store locked) everything is kept and the next step tries again. */
int pipeline_step(struct pipeline *p, struct err *err);
/* Messages that are not committed yet. */
size_t pipeline_pending(const struct pipeline *p);

/* Deadlines that are due: writes the letters of the urging ladder.  Sets
 * *next_s_out to the next time something is due (0 = nothing). */
int pipeline_on_tick(struct pipeline *p, int64_t now_s, int64_t *next_s_out,
    struct err *err);

#endif
