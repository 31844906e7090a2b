/* SPDX-License-Identifier: ISC */
#ifndef CORE_UNDELIVERED_H
#define CORE_UNDELIVERED_H

#include <stdint.h>

struct arena;
struct err;
struct letter_record;
struct take_context;

/* A letter was refused for good or came back.  The office is told; when it was
 * the officer's notice, the deputy gets it too and may act from then on
 * (core/obey_who.h), once a turn. */
int undelivered(const struct take_context *c,
    const struct letter_record *letter, const char *what, int64_t now_s,
    struct arena *a, struct err *err);

#endif
