/* SPDX-License-Identifier: ISC */
#ifndef PARSE_CHARSET_H
#define PARSE_CHARSET_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct err;

/*
 * Bytes in any charset → UTF-8.  Labels lie in both directions, so the bytes
 * have the first word: what is UTF-8 is UTF-8 whatever the label says, a label
 * is believed when its superset decodes the bytes, and only then is guessed.
 * A bad byte costs itself (one U+FFFD), never the rest of the text.
 *
 * Names of charsets given out are static strings: IANA names in lower case
 * ("utf-8", "gb18030", "big5-hkscs", "windows-1252", …).
 */

/* What is known beside the bytes; all zero is a good hint. */
struct charset_hint {
	/* A name given out earlier for text of the same message, for bytes
	 * without a usable label; NULL = nothing known. */
	const char *nearby;
	/* For bytes that nothing else decides; NULL = "gb18030". */
	const char *fallback;
};

struct charset_result {
	const char *charset; /* what decoded the bytes; "us-ascii" if plain */
	bool guessed;	     /* the label missed or lied */
	bool lost;	     /* something became U+FFFD */
	bool cut;	     /* out->cap ended the text early */
};

/* Opens every converter and warms it up by one conversion, so that nothing
 * needs a file later on.  Once per process; ERR_SYSTEM when one is missing. */
int charset_init(struct err *err);
void charset_done(void);

/* The charset that will be used for a label as it stands in a mail: quotes,
 * blanks and "*lang" (RFC 2231 section 5) around it are allowed, old and
 * wrong names become their supersets (gb2312 → gb18030, RFC 1842's HZ, …).
 * NULL for a name that is not on the list. */
const char *charset_canonical(const char *label, size_t len);

/* Appends the text to out, as valid UTF-8 without NUL and without a byte
 * order mark; other control characters stay.  label and hint may be NULL.
 * out->cap is no failure: the text ends there, on a character boundary.
 * Returns -1 only when memory is out. */
int charset_decode(const void *raw, size_t len, const char *label,
    const struct charset_hint *hint, struct buf *out,
    struct charset_result *result_out);

/* Sums up the results of a text made of several pieces: flags are joined,
 * the first piece that was not plain ASCII names the charset. */
void charset_result_add(
    struct charset_result *sum, const struct charset_result *piece);

#endif
