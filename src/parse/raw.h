/* SPDX-License-Identifier: ISC */
#ifndef PARSE_RAW_H
#define PARSE_RAW_H

#include <stddef.h>

/* Message bytes as the tree wants them: without an mbox line or a byte order
 * mark in front, with line ends that have an LF. */
struct raw {
	const char *data;
	size_t len;
	char *own; /* a repaired copy, or NULL: data is the caller's */
};

/* -1 only when memory is out. */
int raw_init(struct raw *r, const void *data, size_t len);
void raw_done(struct raw *r);

#endif
