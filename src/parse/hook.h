/* SPDX-License-Identifier: ISC */
#ifndef PARSE_HOOK_H
#define PARSE_HOOK_H

#include <stddef.h>

/*
 * In builds with CLUED_TEST_HOOKS a message with a line "X-Clued-Test: WORD"
 * near its beginning makes the parser child misbehave: crash, hang (sleeps),
 * spin (burns CPU), oom, syscall (a forbidden one), lie (answers rubbish),
 * slander (what `more` wrote of it is cut, role.h).
 * Otherwise this is nothing at all.
 */
#ifdef CLUED_TEST_HOOKS
void hook_run(const void *raw, size_t len);
struct buf;
void hook_more(const void *raw, size_t len, struct buf *more);
/* CLUED_TEST_PARSE_CPU_S takes the place of the limit. */
unsigned hook_cpu_s(unsigned limit_s);
#else
#define hook_cpu_s(limit_s) (limit_s)
#define hook_run(raw, len) ((void)0)
#define hook_more(raw, len, more) ((void)0)
#endif

#endif
