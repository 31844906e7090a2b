/* SPDX-License-Identifier: ISC */
#ifndef LETTER_DRAFT_H
#define LETTER_DRAFT_H

#include <stdbool.h>
#include <stddef.h>

#include "letter/expand.h"

struct arena;
struct buf;
struct err;
struct letter_attachment;

/* A subject of ours in bytes: a phone shows a tenth of it. */
#define LETTER_SUBJECT_BYTES 400

/*
 * All that a letter says, before it is put into headers and parts: nothing of
 * it depends on the configuration any more, and the same draft always becomes
 * the same bytes.
 */
struct draft {
	const char *date; /* the whole header field */
	const char *from_name, *from_addr;
	const char *to_name, *to_addr;
	const char *subject;
	const char *message_id, *in_reply_to, *references;
	const char *auto_submitted;
	bool priority;
	struct letter_lines lines;
	const struct letter_attachment *attachments;
	size_t n_attachments;
};

/* How it waits in the outbox. */
void draft_put(struct buf *out, const struct draft *d);
/* Whether these bytes are one that draft_put() wrote, not a whole letter. */
bool draft_is(const void *bytes, size_t len);
/* Strings and lines are copied into the arena, attachments' data is borrowed.
 * ERR_BUG when the bytes are not as they were written. */
int draft_get(const void *bytes, size_t len, struct arena *a,
    struct draft *out, struct err *err);

/* The whole letter (letter.h), appended.  Goes bad when memory is out. */
void draft_to_mime(struct buf *out, const struct draft *d);
/* Whether it has at most MAX_LETTER_BYTES then. */
bool draft_fits(const struct draft *d);

#endif
