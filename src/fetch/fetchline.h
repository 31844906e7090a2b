/* SPDX-License-Identifier: ISC */
#ifndef FETCH_FETCHLINE_H
#define FETCH_FETCHLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct cursor;

/*
 * The firewall's check of `* n FETCH (…)`: what is understood is written anew
 * in one canonical form, the rest is left out.  Asked for are UID, RFC822.SIZE,
 * FLAGS, INTERNALDATE and BODY[]; of the flags only \Seen is passed on, an
 * unreadable INTERNALDATE is left out.
 */
struct fetch_line {
	uint32_t number; /* the message sequence number */
	bool uid, size, flags, date, body; /* seen so far, each once */
	bool any; /* something was written */
	uint64_t most; /* bytes that a body may have; set by the caller */
};

enum fetch_line_end {
	FETCH_LINE_WHOLE,   /* the answer ended with this line */
	FETCH_LINE_LITERAL, /* a literal of *literal_out bytes follows */
	FETCH_LINE_BROKEN,  /* no FETCH by RFC 3501 */
	FETCH_LINE_UNASKED, /* ENVELOPE, BODYSTRUCTURE, BODY (…) */
	FETCH_LINE_LARGE,   /* a body larger than `most` */
};

/* Starts at the parenthesis behind `FETCH`, with f->number and f->most set and
 * the rest zero; appends to out. */
enum fetch_line_end fetch_line_first(struct fetch_line *f, struct cursor *c,
    struct buf *out, uint64_t *literal_out);
/* Goes on with the line behind a literal. */
enum fetch_line_end fetch_line_next(struct fetch_line *f, struct cursor *c,
    struct buf *out, uint64_t *literal_out);

#endif
