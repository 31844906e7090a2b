/* SPDX-License-Identifier: ISC */
#ifndef CORE_ALARM_STORE_H
#define CORE_ALARM_STORE_H

#include <stdbool.h>
#include <stdint.h>

struct conf;
struct err;
typedef struct sd_event sd_event;

/*
 * The alarm that no note and no outbox can carry: the store itself cannot be
 * read or written.  Its letters go straight through alarm_smtp, or the account
 * of smtp without one; what was told is known to the process alone.
 */
struct alarm_store;
int alarm_store_new(
    sd_event *event, struct alarm_store **out, struct err *err);
void alarm_store_free(struct alarm_store **as);

/* At each look: why the store failed, NULL = it works.  Told after ten minutes
 * of failing, again each day, and called off. */
void alarm_store_step(struct alarm_store *as, const struct conf *conf,
    const struct err *why, int64_t now_s);
/* It failed at the last look. */
bool alarm_store_fails(const struct alarm_store *as);

/* The daemon cannot start on this store.  Whoever starts it again and again
 * shall not write as often: a file beside the store (<store>.refused) lets
 * one letter a day pass, and none where it cannot be made. */
void alarm_store_refused(const struct conf *conf, const struct err *why);
/* It started.  *as tells it, if a refusal was told. */
void alarm_store_accepted(struct alarm_store *as, const struct conf *conf);

#endif
