/* SPDX-License-Identifier: ISC */
#ifndef CORE_DIRECT_H
#define CORE_DIRECT_H

#include <stdbool.h>
#include <stddef.h>

struct conf;
struct err;
struct smtp_conf;
typedef struct sd_event sd_event;

/*
 * One letter at a time straight through an SMTP account, past the outbox: for
 * what has to arrive when the outbox itself is the trouble.  The process ends
 * after each letter.  Whoever posts keeps its own account of what was posted.
 */
struct direct;

/* What became of the letter; `what` is the server's answer or the cause. */
typedef void direct_done_fn(void *arg, bool sent, const char *what);

int direct_new(sd_event *event, direct_done_fn *done, void *arg,
    struct direct **direct_out, struct err *err);
void direct_free(struct direct **direct);
bool direct_busy(const struct direct *direct);
/* Hands a composed letter over; conf and account only need to live so long.
 * On -1 `done` is not called. */
int direct_post(struct direct *direct, const struct conf *conf,
    const struct smtp_conf *account, const char *to_addr, const void *bytes,
    size_t len, struct err *err);

#endif
