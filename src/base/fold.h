/* SPDX-License-Identifier: ISC */
#ifndef BASE_FOLD_H
#define BASE_FOLD_H

#include <stddef.h>
#include <stdint.h>

/*
 * A text as rules for people's words look at it: full-width and ringed signs
 * as ASCII, ASCII in lower case, all blanks as one kind, invisible characters
 * and bad bytes gone, the traditional characters of our key words as simplified
 * ones (base/fold.c lists them).  Line ends are LF.
 */
struct fold {
	char *s; /* NUL-terminated */
	size_t len;
	uint32_t *at; /* where in the original each byte of s comes from, and
		       * the end */
};
/* -1 when memory is out; the original is not kept. */
int fold_init(struct fold *t, const char *original);
void fold_done(struct fold *t);

#endif
