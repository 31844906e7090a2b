/* SPDX-License-Identifier: ISC */
#ifndef CORE_PROBE_H
#define CORE_PROBE_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct conf;
struct err;
struct message;
struct store;
struct take_context;
typedef struct sd_event sd_event;

/*
 * The probe: every day (probe.every) a marked message goes to the public
 * address, by SMTP and through the provider like a citizen's, and must come
 * back out of the mailbox as a tip that the rules place.  It leaves no trace:
 * no message, no clue, no number, no count.  Its subject carries when it was
 * sent and a MAC over that, so that nobody else can write one.
 */

/* What is noted of the last one: 0 = never. */
struct probe_state {
	int64_t sent_s;
	int64_t back_s; /* of that one; 0 = not yet */
	bool placed;    /* the rules found its domain */
};
int probe_read(struct store *store, struct arena *a, struct probe_state *out,
    struct err *err);
/* Pure.  Whether the last one is overdue, or came back misplaced. */
bool probe_is_lost(
    const struct probe_state *st, uint32_t within_min, int64_t now_s);
/* Pure.  Whether another one is due. */
bool probe_is_due(const struct probe_state *st, uint32_t every_h,
    uint32_t within_min, int64_t now_s);

/* Whether a message is a probe of ours: 1 = it is, and its coming back was
 * noted inside the caller's transaction. */
int probe_take(const struct take_context *c, const struct message *m,
    int64_t now_s, struct arena *a, struct err *err);

/* The daemon's sender. */
struct probe;
int probe_new(sd_event *event, struct store *store, struct probe **probe_out,
    struct err *err);
void probe_free(struct probe **probe);
/* Sends one when it is due.  It goes by alarm_smtp if there is one: from
 * outside, as citizens write. */
int probe_step(struct probe *probe, const struct conf *conf, int64_t now_s,
    struct err *err);

#endif
