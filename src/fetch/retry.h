/* SPDX-License-Identifier: ISC */
#ifndef FETCH_RETRY_H
#define FETCH_RETRY_H

#include <stdint.h>

/* How long to wait after a failure. */
enum retry_cause {
	RETRY_NETWORK, /* 10 s growing to 15 min */
	RETRY_REFUSAL, /* log-in, certificate: 5 min growing to 1 h */
};

/* Seconds before try number n + 1 after n failures in a row (n ≥ 1): doubling,
 * and up to a quarter longer by the random number, so that the mailboxes of
 * one machine do not knock together.  Never below the cause's first wait,
 * never above its longest. */
uint32_t retry_delay_s(enum retry_cause cause, unsigned n, uint32_t random);

#endif
