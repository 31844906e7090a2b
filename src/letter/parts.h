/* SPDX-License-Identifier: ISC */
#ifndef LETTER_PARTS_H
#define LETTER_PARTS_H

#include <stddef.h>

struct arena;
struct err;
struct letter_attachment;

/* The attachments of a letter as it was stored (by letter_draft() or, earlier,
 * letter_compose()), decoded into the arena: for the next who is told of the
 * same clue.  ERR_INPUT or ERR_BUG when the bytes are not one of ours. */
int letter_parts(const void *bytes, size_t len, struct arena *a,
    struct letter_attachment **out, size_t *n_out, struct err *err);

#endif
