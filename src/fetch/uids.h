/* SPDX-License-Identifier: ISC */
#ifndef FETCH_UIDS_H
#define FETCH_UIDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/* A growing list of UIDs. */
struct uids {
	uint32_t *v;
	size_t n;
	size_t size;
	bool bad; /* memory ran out: something is missing */
};

#define UIDS_INIT {NULL, 0, 0, false}

void uids_done(struct uids *u);
void uids_add(struct uids *u, uint32_t uid);
void uids_clear(struct uids *u);
/* Ascending, each once. */
void uids_sort(struct uids *u);
/* Whether an ascending list has it. */
bool uids_has(const uint32_t *list, size_t n, uint32_t uid);

/* Writes a sequence set (RFC 3501 section 9): 1, 2, 3, 7 become "1:3,7".
 * Start with {out, 0, 0}. */
struct uid_set {
	struct buf *out;
	uint32_t first; /* of the open range; 0 = none */
	uint32_t last;
};
/* Adds a UID above the last one.  `joined`: no message can be between. */
void uid_set_add(struct uid_set *s, uint32_t uid, bool joined);
/* Writes the open range. */
void uid_set_end(struct uid_set *s);

#define UIDS_AUTO __attribute__((cleanup(uids_done)))

#endif
