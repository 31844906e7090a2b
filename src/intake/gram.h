/* SPDX-License-Identifier: ISC */
#ifndef INTAKE_GRAM_H
#define INTAKE_GRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/*
 * Text as search sees it: letters and digits of any script, each a unit;
 * ASCII and full-width letters folded to small ASCII ones.  Punctuation parts
 * two units, blanks only where one of them is not CJK (mail wraps lines in
 * the middle of words), and the dots inside plates and names (苏G·12345) part
 * nothing.  Pure.
 */
struct gram_unit {
	uint32_t cp; /* folded */
	uint32_t at; /* byte offset in the text */
	uint8_t len; /* bytes there */
	bool joined; /* stands directly behind the unit before */
};

/* Appends the units of the first MAX_FIND_BYTES bytes as struct gram_unit. */
void gram_units(const char *text, struct buf *units);

/* The words of the index: every two joined units, and the last one of each
 * run alone, so that a single character is found as the beginning of one.
 * Appended to `out`, each once, with blanks between. */
void gram_index(const struct buf *units, struct buf *out);

/* Both at once: the words of n texts, each parted from the one before. */
void gram_pairs(const char *const *texts, size_t n, struct buf *out);

/* What all texts with these units (one run) have in the index, as an FTS5
 * expression. */
void gram_expression(const struct gram_unit *word, size_t n, struct buf *out);

/* Where the word's units stand joined in the text's at or behind unit `from`;
 * n_units when nowhere. */
size_t gram_find(const struct gram_unit *units, size_t n_units, size_t from,
    const struct gram_unit *word, size_t n);

#endif
