/* SPDX-License-Identifier: ISC */
#ifndef PARSE_CHARSET_GB_H
#define PARSE_CHARSET_GB_H

#include <stdbool.h>
#include <stddef.h>

/*
 * GB 18030 as a stream of runs: bytes 81..FE in a row, two a character.  A byte
 * lost or added inside a run turns the rest of it into other, mostly valid,
 * characters; only the frequency of the characters shows it.
 */

/* What the pairs of one run are. */
struct gb_run {
	size_t len;    /* bytes of the run */
	size_t common; /* pairs in GB 2312 level 1 or its punctuation */
	size_t pairs;
	/* Offset of a byte that does not belong, so that the pairs on both
	 * sides make sense; `len` when the run is sound. */
	size_t fault;
};

/* Looks at the run that begins at p (81..FE), at most up to end.  after_bad =
 * the byte in front was bad: it may have been the first half of a character. */
void gb_run_look(const unsigned char *p, const unsigned char *end,
    bool after_bad, struct gb_run *run_out);

static inline bool
gb_is_lead(unsigned char c)
{
	return c >= 0x81 && c <= 0xfe;
}

/* Length of the run at p.  An even one is taken to be sound. */
static inline size_t
gb_run_length(const unsigned char *p, const unsigned char *end)
{
	const unsigned char *q = p;

	while (q < end && gb_is_lead(*q))
		q++;
	return (size_t)(q - p);
}

/* Level 1 holds 3,755 characters in order of sound: 99.5 % of running text;
 * A1 and A3 hold the punctuation and the full-width forms. */
static inline bool
gb_is_common(unsigned char lead, unsigned char trail)
{
	return trail >= 0xa1 &&
	       ((lead >= 0xb0 && lead <= 0xd7) || lead == 0xa1 || lead == 0xa3);
}

#endif
