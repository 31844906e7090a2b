/* SPDX-License-Identifier: ISC */
#ifndef PARSE_PARSE_H
#define PARSE_PARSE_H

#include <stddef.h>

struct message;
struct err;

/*
 * The decoder itself: pure but slow and hostile; runs only inside a parser
 * child, in unit tests and in fuzz targets.
 */

/* Opens charsets, tables and magic database once per process; before the
 * sandbox closes.  ERR_SYSTEM/ERR_CONF when something is missing. */
int parse_init(struct err *err);
void parse_done(void);

/* Decodes RFC 5322 bytes (bare LF, bare CR, an mbox line and any damage
 * allowed).  Always gives a message unless memory is out: damage is said in
 * `defects` and `lost`.  The caller frees *message_out. */
int parse_message(const void *raw, size_t len, struct message **message_out,
    struct err *err);

/* The same with the decoded bytes of every attachment. */
int parse_message_files(const void *raw, size_t len,
    struct message **message_out, struct err *err);

#endif
