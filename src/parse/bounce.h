/* SPDX-License-Identifier: ISC */
#ifndef PARSE_BOUNCE_H
#define PARSE_BOUNCE_H

#include <stdbool.h>

struct decode;

/*
 * Returned mail that is told in words: qmail, Exchange, Notes, Coremail, QQ
 * and whoever else does not keep to RFC 3464.
 */

/* Whether the sender is one that returns mail: a postmaster by name, or nobody
 * under a title that speaks of it.  Needs the envelope and the return path. */
bool bounce_sender(const struct decode *d);

/* Whether the message may be a bounce at all: cheap. */
bool bounce_possible(const struct decode *d);
/* Reads the text of a message for what a report would tell; sets the report_*
 * signs when it is a bounce.  -1 when memory is out. */
int bounce_read(struct decode *d, const char *text);

/* The recipient that a bounce's text names; "" if none, NULL when memory is
 * out. */
const char *bounce_address(struct decode *d, const char *text);
/* Puts a status for one that is missing, or that says nothing (5.0.0) while the
 * diagnostic code or the text says more.  -1 when memory is out. */
int bounce_complete_status(struct decode *d, const char *text);

#endif
