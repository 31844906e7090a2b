/* SPDX-License-Identifier: ISC */
#ifndef CORE_RELEASE_H
#define CORE_RELEASE_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct clue_record;
struct err;
struct message;
struct take_context;

/*
 * The office lets the officer have a clue's attachments: letter, marks and
 * event in one transaction of its own.  `message` is one of the clue's (its
 * row) decoded with the bytes of its attachments (pool_want_files()).  *n_out
 * of them went; 0 when nothing was held back.
 */
int release_attachments(const struct take_context *c,
    const struct clue_record *clue, int64_t row,
    const struct message *message, const char *actor, int64_t now_s,
    struct arena *a, size_t *n_out, struct err *err);

#endif
