/* SPDX-License-Identifier: ISC */
#ifndef PARSE_SIGNS_H
#define PARSE_SIGNS_H

struct decode;

/*
 * What headers, report parts and the text of bounces say about a message, for
 * intake to judge.  signs_prepare() and signs_read() are in decode.h.
 */

/* Fills signs->report…: report parts (RFC 3464, 8098, 5965), else the words
 * of a bounce.  Needs the text and the other signs. */
int report_read(struct decode *d);

#endif
