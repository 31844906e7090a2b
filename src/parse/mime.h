/* SPDX-License-Identifier: ISC */
#ifndef PARSE_MIME_H
#define PARSE_MIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parse/header.h"
#include "parse/transfer.h"

struct arena;

/*
 * The tree of a message's parts (RFC 2045, 2046), found in one pass and
 * without recursion: slices of the raw bytes, nothing decoded but what holds
 * further parts.  Damage never loses text: where the boundaries cannot be
 * found, the body becomes one text part.
 */

#define NO_PART SIZE_MAX

enum part_kind {
	PART_LEAF,
	PART_MULTIPART,
	PART_MESSAGE, /* its only child is the message inside */
};

struct part {
	enum part_kind kind;
	size_t parent; /* NO_PART: the message itself */
	size_t child;  /* the first one; NO_PART: none */
	size_t next;   /* the next child of the same parent */
	size_t last;   /* the last child, while the tree grows */
	unsigned depth;
	struct headers headers;
	const char *type;	     /* "text/plain", lower case, never empty */
	const char *raw_type;	     /* Content-Type, one line; NULL if none */
	const char *raw_disposition; /* likewise Content-Disposition */
	bool mended;		     /* its boundary was guessed once */
	bool attached;		     /* its disposition is attachment */
	enum encoding encoding;
	const char *body; /* as sent: to be decoded by `encoding` */
	size_t body_len;
};

struct mime {
	struct arena *arena;
	struct part *parts; /* parts[0] is the message */
	size_t n_parts;
	size_t room;
	void *kept;	  /* decoded bodies that hold further parts */
	uint32_t defects; /* of enum message_defect */
};

/* Finds the parts; raw must outlive the tree.  Fails only when memory is out
 * (-1); mime_done() is due in any case. */
int mime_parse(struct mime *m, const char *raw, size_t len);
void mime_done(struct mime *m);

/* The part behind p in document order: first children, then the next one of
 * its own or of its elders; NO_PART at the end. */
size_t mime_next(const struct mime *m, size_t p);
/* The same without the parts inside p. */
size_t mime_skip(const struct mime *m, size_t p);

/* Whether the part's type is this ("text/html"), or of this kind ("image/"). */
bool part_is(const struct part *p, const char *type);
/* Whether its headers speak of a name with this in it (".eml"). */
bool part_is_named(const struct part *p, const char *name);

#endif
