/* SPDX-License-Identifier: ISC */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/*
 * The only places that ask the time.  Pure rooms get it as an argument.
 * Builds with CLUED_TEST_HOOKS add the seconds in the file named by
 * CLUED_TEST_CLOCK (one decimal number) to the wall clock, read at each call.
 */

/* Wall clock, UTC seconds since 1970 (CLOCK_REALTIME). */
int64_t clock_now_s(void);
/* Monotonic milliseconds for time limits (CLOCK_MONOTONIC). */
int64_t clock_mono_ms(void);

#endif
