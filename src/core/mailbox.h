/* SPDX-License-Identifier: ISC */
#ifndef CORE_MAILBOX_H
#define CORE_MAILBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct conf;
struct err;
struct pipeline;
struct pipeline_source;
struct pipeline_taken;
struct store;
typedef struct sd_event sd_event;

/*
 * One mailbox: its fetch process, what the journal has of its folders, and
 * the acknowledgements of what was committed.
 */
struct mailbox;

/* `tag` comes back in pipeline_source.tag.  `once`: one round, then it ends. */
int mailbox_new(sd_event *event, const struct conf *conf, size_t index,
    struct store *store, struct pipeline *pipeline, uint64_t tag, bool once,
    struct mailbox **mailbox_out, struct err *err);
void mailbox_free(struct mailbox **mailbox);

/* On failure it is tried again later by itself, unless it runs but once. */
int mailbox_start(struct mailbox *m, struct err *err);
/* Called now and then: a process for which not even a timer could be had is
 * started. */
void mailbox_keep(struct mailbox *m);
void mailbox_poll_now(struct mailbox *m);

/* After a commit: notes what is to be acknowledged; mailbox_flush_acks()
 * tells the fetch process, one frame a folder for the whole group. */
void mailbox_taken(struct mailbox *m, const struct pipeline_source *from,
    const struct pipeline_taken *what);
void mailbox_flush_acks(struct mailbox *m);

/* With `once`: the process has ended for good. */
bool mailbox_is_over(const struct mailbox *m);
/* The last round (or log-in) had trouble. */
bool mailbox_has_trouble(const struct mailbox *m);
/* "" or what the trouble was, printable, for STATUS. */
const char *mailbox_trouble(const struct mailbox *m);

#endif
