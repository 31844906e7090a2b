/* SPDX-License-Identifier: ISC */
#ifndef CORE_SUMMARY_H
#define CORE_SUMMARY_H

#include <stdint.h>

struct arena;
struct err;
struct take_context;

/*
 * The leaders' weekly summary: to the head of each unit about its officers, to
 * the bureau's leader about all units (conf: sheet.summary_to).  Clues with
 * discipline are in none, clues that accuse a leader not in his.  Inside a
 * transaction.
 */
int summary_write(const struct take_context *c, int64_t now_s,
    struct arena *a, struct err *err);

#endif
