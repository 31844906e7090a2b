/* SPDX-License-Identifier: ISC */
#ifndef INTAKE_TOLD_H
#define INTAKE_TOLD_H

#include <stddef.h>

#include "base/hash.h"
#include "intake/similar.h"

struct arena;
struct buf;
struct err;
struct message;

/*
 * What a message's words tell by themselves, to one who knows neither rules
 * nor roster nor store: the dearest work on a stranger's bytes, and therefore
 * done behind glass, in the parser child that has just decoded them
 * (role/parse.c puts the two together), and told to the core beside the
 * message.  Where there is no child, told_of() does the same in-process.
 */
struct told {
	unsigned char content_key[SHA256_BYTES]; /* content.h */
	const char *subject, *text;              /* the citizen hidden */
	struct similar_print print;              /* of these two */
	/* Of subject and text as they came: what the search finds them by, as
	 * gram_index() writes it. */
	const char *pairs;
};

/* Strings live in the arena.  -1 when memory is out.  Pure. */
int told_make(const struct message *m, struct arena *a, struct told *out,
    struct err *err);

/* What came with the message, or the same made now. */
int told_of(const struct message *m, struct arena *a, const struct told **out,
    struct err *err);

/* The bytes of a frame, and back.  The reader trusts nothing: UTF-8, control
 * characters, ranges, counts, no key twice, no bytes left over; ERR_INPUT on
 * any breach.  (Pairs may be any bytes: the index takes them, and what is found
 * by them is checked against the text.)  A child that a message has taken over
 * may still tell another text than the message's: no worse than what it may say
 * that was decoded. */
void told_put(struct buf *b, const struct told *t);
int told_get(const void *data, size_t len, struct arena *a, struct told *out,
    struct err *err);

/* For the parser's child (parse/role.h) and the pool's owner (parse/pool.h):
 * told_make() and told_put(); told_get() into m->told, in m's arena. */
int told_init(struct err *err);
void told_write(const struct message *m, struct buf *out);
int told_read(
    struct message *m, const void *data, size_t len, struct err *err);

#endif
