/* SPDX-License-Identifier: ISC */
#ifndef PARSE_CHARSET_CONVERT_H
#define PARSE_CHARSET_CONVERT_H

#include <stdbool.h>
#include <stddef.h>

#include "parse/charset_table.h"

struct buf;
struct err;

/* The converters themselves: one charset in, UTF-8 out, no judgement. */

/* Where the text goes: no NUL, never beyond out->cap. */
struct charset_sink {
	struct buf *out;
	size_t n_bad; /* U+FFFD written for bytes that mean nothing */
	bool cut;
};

/* Opens and warms up all of iconv's converters; ERR_SYSTEM. */
int charset_convert_init(struct err *err);
void charset_convert_done(void);
/* Whether this system can decode it: all of the table, most of the rest. */
bool charset_convert_has(enum charset_id id);

/* Converts all of the bytes, U+FFFD for each bad place. */
void charset_convert(struct charset_sink *sink, enum charset_id id,
    const unsigned char *p, size_t len);

/* Takes over bytes that are known to be valid UTF-8. */
void charset_copy(
    struct charset_sink *sink, const unsigned char *p, size_t len);

/* Bytes below 80 at the start. */
size_t charset_ascii_prefix(const unsigned char *p, size_t len);

/* Length of the character of 2..4 bytes at p; 0 if it is none. */
size_t charset_utf8_char(const unsigned char *p, size_t left);

/* Bytes of valid UTF-8 at the start (all of them: len). */
size_t charset_utf8_prefix(const unsigned char *p, size_t len);

/* How many bytes the bad place at p spans (at least 1): one U+FFFD answers for
 * the whole of a character whose middle byte went bad or got company, not one
 * for each of its ruins. */
size_t charset_utf8_bad(const unsigned char *p, size_t len);

/* Whether a surrogate pair stands at p in two three-byte sequences, as Java's
 * and Oracle's "UTF-8" has it (CESU-8); some phones' emoji come like that. */
bool charset_utf8_cesu(const unsigned char *p, size_t left);

/* Reads one UTF-16 unit. */
static inline unsigned
charset_unit16(const unsigned char *p, bool big)
{
	return big ? ((unsigned)p[0] << 8 | p[1])
		   : ((unsigned)p[1] << 8 | p[0]);
}

#endif
