/* SPDX-License-Identifier: ISC */
#ifndef PARSE_WORDS_H
#define PARSE_WORDS_H

#include <stddef.h>

struct buf;
struct charset_hint;
struct charset_result;

/*
 * Header text → UTF-8: RFC 2047 words as mailers really write them.  Adjacent
 * words of one charset are joined as bytes before conversion (characters are
 * split over words), base64 split inside a quantum is joined as text, blanks
 * inside a Q word and text glued to a word are borne, raw 8-bit runs are
 * guessed.  A word inside a decoded word is left alone.
 */

/* Appends the decoded value of a raw header (without its name; folds and line
 * ends allowed): one line, blanks collapsed at folds and trimmed at both ends,
 * no control characters, at most max bytes of UTF-8.  hint may be NULL.
 * Returns -1 only when memory is out. */
int words_decode(const char *raw, size_t len, const struct charset_hint *hint,
    size_t max, struct buf *out, struct charset_result *result_out);

#endif
