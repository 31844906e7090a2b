/* SPDX-License-Identifier: ISC */
#ifndef ROUTE_NORMTABLE_H
#define ROUTE_NORMTABLE_H

#include <stddef.h>
#include <stdint.h>

#include "route/normalise.h"

/* What one character is to the normaliser. */
enum norm_kind {
	NORM_LETTER, /* Han and all other letters */
	NORM_ALNUM,  /* ASCII letter or digit in any typeface */
	NORM_BLANK,
	NORM_NEWLINE,
	NORM_NOISE,   /* punctuation and symbols that separate nothing */
	NORM_WEAK,    /* comma and its like */
	NORM_STRONG,  /* full stop and its like */
	NORM_IGNORED, /* marks, invisible, control characters */
	NORM_MANY,    /* more than one: norm_chars() has them */
};

struct norm_char {
	uint32_t cp; /* its normal form */
	enum norm_kind kind;
};

/* The table's lower part, the Basic Multilingual Plane: kind << 24 | cp. */
struct norm_table {
	uint32_t bmp[0x10000];
};

/* Normal forms longer than this (U+FDFA and few others) lose their tail. */
#define NORM_MOST_CHARS 18

/* The slow way for what the table does not hold in one entry. */
size_t norm_chars(const struct norm_table *table, uint32_t cp,
    struct norm_char list[NORM_MOST_CHARS]);

static inline struct norm_char
norm_char(const struct norm_table *table, uint32_t cp)
{
	uint32_t v;

	if (cp >= 0x10000)
		return (struct norm_char){cp, NORM_MANY};
	v = table->bmp[cp];
	return (struct norm_char){v & 0xffffff, (enum norm_kind)(v >> 24)};
}

#endif
