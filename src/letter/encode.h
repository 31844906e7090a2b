/* SPDX-License-Identifier: ISC */
#ifndef LETTER_ENCODE_H
#define LETTER_ENCODE_H

#include <stddef.h>

struct buf;

/* Base64 without line ends (RFC 4648 section 4). */
void encode_base64(struct buf *out, const void *data, size_t len);
/* Base64 in lines of 76 with CRLF (RFC 2045 section 6.8), the last one too. */
void encode_base64_lines(struct buf *out, const void *data, size_t len);
/* The bytes that encode_base64_lines() makes of len. */
size_t encode_base64_size(size_t len);

/* Appends encoded words of a clean line (clean.h), folded so that no word has
 * more than 75 and no line more than 76 characters; `column` is where the line
 * stands.  Words are cut at characters (RFC 2047 sections 2 and 5).  Returns
 * the new column. */
size_t encode_words(struct buf *out, const char *s, size_t column);

/* Appends ";\r\n name=\"value\"", or for a value that is not plain ASCII the
 * extended form, in continued pieces where it is long (RFC 2231 sections 3 and
 * 4).  The value is a clean line. */
void encode_parameter(struct buf *out, const char *name, const char *value);

#endif
