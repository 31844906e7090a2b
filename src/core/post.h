/* SPDX-License-Identifier: ISC */
#ifndef CORE_POST_H
#define CORE_POST_H

#include <stdbool.h>
#include <stdint.h>

struct conf;
struct err;
struct route;
struct store;
typedef struct sd_event sd_event;

/*
 * The outbox's way out: letters are claimed, given to the send process and
 * settled by its answers (outcome.h).  As many as may leave in a second are
 * under way at once, so that the sender never waits for the disk: a claim is
 * on disk before its letter is handed over, answers are written in groups.
 * After a death of ours all claimed ones are in doubt and go out once more,
 * once; after a death of the sender only the one in its hands is.
 */
struct post;

int post_new(sd_event *event, const struct conf *conf,
    const struct route *route, struct store *store, struct post **post_out,
    struct err *err);
void post_free(struct post **post);
void post_reconfigure(struct post *post, const struct conf *conf,
    const struct route *route);

/* Posts what is due now, within the limit a minute; sets *next_s_out to when
 * to call again (0 = nothing waits, or an answer will bring the next). */
int post_step(
    struct post *post, int64_t now_s, int64_t *next_s_out, struct err *err);
/* Letters are with the send process, or their outcome is not written yet. */
bool post_busy(const struct post *post);
/* Something went wrong since the last call: refused, failed or put off. */
bool post_had_trouble(struct post *post);
/* "" or why nothing is posted at the moment, for STATUS. */
const char *post_pause_reason(const struct post *post);

/* Called by post when answers are to be settled: the owner calls
 * post_step(). */
typedef void post_settled_fn(void *arg);
void post_on_settled(struct post *post, post_settled_fn *fn, void *arg);

#endif
