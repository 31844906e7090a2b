/* SPDX-License-Identifier: ISC */
#ifndef PARSE_ATTACHMENT_H
#define PARSE_ATTACHMENT_H

#include <stddef.h>
#include <stdint.h>

struct attachment;
struct decode;

/*
 * The index of attachments: every part that is not text, what is inside a
 * winmail.dat, and uuencoded files in text.  Nothing is unpacked, nothing is
 * opened: size, hash and true type of the bytes, and of JPEG and PNG photos a
 * copy without metadata.  attachments_read() is in decode.h.
 */

/* A file that has been decoded: name is UTF-8 and safe, or "". */
struct file {
	const char *name;
	const char *type_claimed; /* "" if none */
	const void *data;
	size_t len;
	uint32_t flags; /* ATT_INLINE, ATT_TNEF, ATT_MESSAGE, ATT_DAMAGED */
};

/* Adds one to the index.  -1 only when memory is out. */
int attachment_add_file(struct decode *d, const struct file *f);

#endif
