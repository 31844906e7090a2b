/* SPDX-License-Identifier: ISC */
#ifndef FETCH_SUSPECTS_H
#define FETCH_SUSPECTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"

/*
 * Messages whose fetching ended the connection.  One that did so in a group is
 * fetched alone the next time; one that did so alone is reported as missing
 * instead, so that it holds up nobody, and tried alone again when the core
 * asks for it again.
 */
struct suspects {
	struct { uint32_t uid; bool alone; } list[MAX_SUSPECTS];
	unsigned n;
	unsigned oldest;
};

enum suspicion { SUSPECT_NO, SUSPECT_FETCH_ALONE, SUSPECT_PASS_OVER };

/* What to do with this message. */
enum suspicion suspects_judge(const struct suspects *s, uint32_t uid);
/* It broke a connection: alone, or with others. */
void suspects_blame(struct suspects *s, uint32_t uid, bool alone);
/* It was passed over: the next time it is fetched alone once more. */
void suspects_passed(struct suspects *s, uint32_t uid);
/* It was taken. */
void suspects_clear(struct suspects *s, uint32_t uid);

#endif
