/* SPDX-License-Identifier: ISC */
#ifndef PARSE_DECODE_H
#define PARSE_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "parse/charset.h"
#include "parse/message.h"
#include "parse/mime.h"

/*
 * One message on its way from the tree of its parts to struct message.  Each
 * *_read() function fills its share of `msg`, in the order of this file, and
 * returns -1 only when memory is out.
 */

/* What a part was used for. */
enum part_use {
	USE_TEXT = 1,	   /* in the text, or the unused choice beside one */
	USE_REPORT = 2,	   /* a report's fields or the headers it returns */
	USE_UU = 4,	   /* text with uuencoded files in it */
	USE_INNER = 8,	   /* a message whose text is in the text too */
	USE_RETURNED = 16, /* the letter that a report returns */
};

struct decode {
	const struct mime *mime;
	struct message *msg;
	struct arena *arena;	  /* msg's */
	uint8_t *use;		  /* a set of part_use for each part */
	const char *nearby;	  /* a charset seen in this message, or NULL */
	struct buf lost;	  /* names of what could not be decoded */
	struct attachment *files; /* MAX_ATTACHMENTS; NULL until needed */
	size_t n_files;
	struct workbook *sheets; /* MAX_SHEETS; NULL until needed */
	size_t n_sheets;
	size_t n_photos;
	size_t photo_bytes;
	bool want_files; /* attachments' bytes as well */
	bool bounce;	 /* its sender is one that returns mail */
	bool weak_cloud; /* a link that only repeats others, see cloud.h */
};

/* From, To, Subject, Date, … */
int envelope_read(struct decode *d);
/* text, quoted, signature, charset; finds cloud links. */
int body_read(struct decode *d);
/* return_path and whether this is a bounce; needs the envelope. */
int signs_prepare(struct decode *d);
/* The other signs; needs the text. */
int signs_read(struct decode *d);
/* attachments; text out of a winmail.dat if there is no other. */
int attachments_read(struct decode *d);

/* Appends to msg->attachments; NULL and a defect when there are too many, or
 * memory is out (then *oom_out). */
struct attachment *attachments_add(struct decode *d, bool *oom_out);

/* The text of raw bytes that stand alone (TNEF); sets the four text fields. */
int body_take(
    struct decode *d, const struct buf *raw, const char *charset, bool html);

/* Notes how a piece of text named `what` was decoded. */
void decode_note(
    struct decode *d, const struct charset_result *r, const char *what);
/* The hint that fits this message. */
struct charset_hint decode_hint(const struct decode *d);

/* Raw header text, decoded (RFC 2047): one line of at most max bytes.  `what`
 * names it in what was lost; NULL: nobody minds.  NULL when memory is out. */
const char *decode_text(struct decode *d, const char *raw, size_t len,
    const char *what, size_t max);
/* The same for the first header of that name; "" if there is none. */
const char *decode_header(
    struct decode *d, const struct headers *h, const char *name, size_t max);

#endif
