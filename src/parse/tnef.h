/* SPDX-License-Identifier: ISC */
#ifndef PARSE_TNEF_H
#define PARSE_TNEF_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/*
 * Outlook's winmail.dat (MS-OXTNEF) by libytnef.  A damaged one gives what
 * could be read.  The library is old: it runs in a parser child only.
 */

/* One file inside; name and data are raw bytes, borrowed.  charset: what the
 * name is said to be in ("cp936"), or NULL. */
typedef void tnef_file_fn(void *arg, const char *name, size_t name_len,
    const char *charset, const void *data, size_t len);

struct tnef_text {
	struct buf *raw;  /* the letter's text is appended here */
	char charset[16]; /* "cp936", or "" */
	bool html;
	/* Subjects and texts of letters inside, as UTF-8; may be NULL. */
	struct buf *inner;
};

/* Calls `fn` for the files, those of letters inside the letter too.  text may
 * be NULL.  Returns false when the data is no TNEF or ends in damage. */
bool tnef_read(const void *data, size_t len, tnef_file_fn *fn, void *arg,
    struct tnef_text *text);

#endif
