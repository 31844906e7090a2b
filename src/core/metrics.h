/* SPDX-License-Identifier: ISC */
#ifndef CORE_METRICS_H
#define CORE_METRICS_H

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct conf;
struct err;
struct store;

/*
 * Figures in the text format of Prometheus: for `cluectl metrics` and for
 * node_exporter's textfile collector.  Counts and times only: nobody's name or
 * address, no text; a mailbox is its short id.
 */

/* How long the daemon's work takes, added up in this process and, each minute,
 * in the store, so that others can tell of it. */
enum stage {
	STAGE_POLL,   /* rounds over a mailbox's folders; not timed */
	STAGE_PARSE,  /* a message, from the core to the parser and back */
	STAGE_COMMIT, /* a group's transaction */
	STAGE_POST,   /* a letter, from the core to the server's answer */
	STAGE_COUNT
};
void stage_add(enum stage stage, int64_t ms);

/* Adds the stages to those in the store, and writes `watch.metrics` if it is
 * set; at most once a minute unless `now`. */
int metrics_tick(const struct conf *conf, struct store *store, bool now,
    struct err *err);
/* Appends all figures. */
int metrics_text(const struct conf *conf, struct store *store, int64_t now_s,
    struct buf *out, struct err *err);

#endif
