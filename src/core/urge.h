/* SPDX-License-Identifier: ISC */
#ifndef CORE_URGE_H
#define CORE_URGE_H

#include <stdint.h>

struct err;
struct take_context;

/* Asks follow/ about the deadlines that are due to be looked at and writes
 * letter, event and the deadline's new state, in one transaction of its own
 * for at most 64 of them; call again while more are due. */
int urge_all_due(
    const struct take_context *c, int64_t now_s, struct err *err);

#endif
