/* SPDX-License-Identifier: ISC */
#ifndef FETCH_SPOOL_H
#define FETCH_SPOOL_H

#include <stddef.h>
#include <stdint.h>

struct err;
struct item;
struct mailimap_date_time;
struct taker;

/*
 * The message that is arriving: its bytes go straight into a memfd, so that
 * a large one never stands in our memory.  Whose it is, is known only at the
 * end of the answer.
 */
int spool_add(struct taker *t, const char *bytes, size_t len, struct err *err);
/* Gives it to the item, cut if it is oversize, sealed. */
int spool_seal(struct taker *t, struct item *it, struct err *err);
/* Forgets it. */
void spool_drop(struct taker *t);

/* INTERNALDATE in UTC seconds; 0 when it is before 1970 or no date. */
int64_t spool_date_s(const struct mailimap_date_time *d);

#endif
