/* SPDX-License-Identifier: ISC */
#ifndef PARSE_WORDS_H
#define PARSE_WORDS_H

#include <stdbool.h>
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

/*
 * The two halves of words_decode(), for structured headers that must be taken
 * to pieces in between.
 */

/* Appends the value with its raw 8-bit runs in UTF-8, all judged together, and
 * its encoded words untouched. */
int words_raw_to_utf8(const char *raw, size_t len,
    const struct charset_hint *hint, struct buf *out,
    struct charset_result *result_out);
/* words_decode() for a piece of what words_raw_to_utf8() gave. */
int words_decode_utf8(const char *text, size_t len, size_t max, struct buf *out,
    struct charset_result *result_out);

/* An encoded word (RFC 2047 section 2); everything borrowed. */
struct word {
	const char *end; /* behind its "?=" */
	const char *label;
	size_t label_len;
	bool base64; /* else Q */
	const char *text;
	size_t text_len;
};

/* Whether an encoded word starts at p (p < end).  Work is linear over all calls
 * at the places of one text. */
bool words_at(const char *p, const char *end, struct word *word_out);

/* Appends a text as one line: folds become one blank, control characters go,
 * both ends are trimmed, at most max bytes. */
void words_add_line(struct buf *out, const char *text, size_t len, size_t max);

#endif
