/* SPDX-License-Identifier: ISC */
#ifndef CORE_RETIME_H
#define CORE_RETIME_H

#include <stdint.h>

struct err;
struct take_context;

/* Compares the rules of time with those that the store's deadlines were made
 * by.  When they differ every open deadline is computed anew, once, in one
 * transaction of its own: what extensions and pauses added is carried over,
 * each end that moved is an event, and one letter tells the office of all. */
int retime_deadlines(
    const struct take_context *c, int64_t now_s, struct err *err);

#endif
