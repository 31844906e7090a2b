/* SPDX-License-Identifier: ISC */
#ifndef CORE_TICK_H
#define CORE_TICK_H

#include <stdint.h>

struct err;
struct take_context;

/* Everything that time alone brings about: deadlines that are due to be asked
 * about, then regular letters.  At most one transaction of each; *next_s_out is
 * when to call again (now_s or before = at once, 0 = nothing in sight).
 * *last_s is the time of the last call (0 = none yet): when the clock was put
 * back since, letters that wait are looked at anew. */
int tick_due(const struct take_context *c, int64_t now_s, int64_t *last_s,
    int64_t *next_s_out, struct err *err);

#endif
