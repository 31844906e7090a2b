/* SPDX-License-Identifier: ISC */
#ifndef FETCH_CURSOR_H
#define FETCH_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A reader over one line of a server's answer (no line end, no NUL). */
struct cursor {
	const char *at;
	const char *end;
};

/* Passes over blanks and tabs; true when there was at least one. */
bool cursor_blanks(struct cursor *c);
/* Passes over this byte. */
bool cursor_byte(struct cursor *c, char byte);
/* Passes over a run of bytes that are no blank and no parenthesis; the length
 * of it, 0 = there is none.  *word_out is borrowed. */
size_t cursor_word(struct cursor *c, const char **word_out);
/* Whether a word of that length is `name` in any case. */
bool cursor_is(const char *word, size_t len, const char *name);
/* Passes over `name` (any case) if a blank or the end follows. */
bool cursor_name(struct cursor *c, const char *name);
/* A decimal of 1 to 19 digits, at most max; false leaves the cursor. */
bool cursor_number(struct cursor *c, uint64_t max, uint64_t *value_out);
/* A quoted string (RFC 3501 section 9); its bytes between the quotes,
 * still escaped, are borrowed.  False when it does not end. */
bool cursor_quoted(struct cursor *c, const char **text_out, size_t *len_out);
/* `{n}` and nothing behind it: the announcement of a literal. */
bool cursor_literal(struct cursor *c, uint64_t *n_out);
/* Any value without a literal: a word, a quoted string or a list of such, at
 * most MAX_IMAP_DEPTH deep. */
bool cursor_skip_value(struct cursor *c);

#endif
