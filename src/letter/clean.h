/* SPDX-License-Identifier: ISC */
#ifndef LETTER_CLEAN_H
#define LETTER_CLEAN_H

#include <stddef.h>

struct buf;

/*
 * Whatever a value holds, what these append is valid UTF-8 that cannot steer a
 * header, a terminal or a reader's eye: bad bytes become U+FFFD, bidirectional
 * controls, byte order marks, invisible tags and zero-width blanks are gone.
 */

/* One line: every run of blanks, controls and line separators becomes one
 * blank, none at the ends; cut with … so that it has at most max bytes. */
void clean_line(struct buf *out, const char *s, size_t max);

/* Text with its lines: all kinds of line ends become LF, TAB stays, other
 * controls become U+FFFD; no blank lines at the ends. */
void clean_block(struct buf *out, const char *s);

#endif
