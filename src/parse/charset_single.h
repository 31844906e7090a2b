/* SPDX-License-Identifier: ISC */
#ifndef PARSE_CHARSET_SINGLE_H
#define PARSE_CHARSET_SINGLE_H

#include <iconv.h>
#include <stdint.h>

/*
 * Charsets of one byte a character, as tables of 512 bytes: some two hundred of
 * iconv's converters would hold 2.7 MB and a thousand mappings, which every
 * fork of the zygote copies.
 */
struct charset_single {
	uint16_t cp[256]; /* CHARSET_SINGLE_BAD = the byte means nothing */
};
#define CHARSET_SINGLE_BAD 0xffff

/* Asks iconv ("UTF-8" from some charset) for each byte.  0 also where the
 * charset is none of these, *single_out is NULL then: a byte waits for another
 * (accents that are put in front, or melt with what they follow), or changes
 * what others mean.  -1 = no memory. */
int charset_single_new(iconv_t cd, struct charset_single **single_out);

#endif
