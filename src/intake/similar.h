/* SPDX-License-Identifier: ISC */
#ifndef INTAKE_SIMILAR_H
#define INTAKE_SIMILAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * By what two tips on the same matter are recognised (串并): a print of a few
 * numbers that can be looked up, so that a store of a million clues is never
 * walked.  Texts that are nearly the same share a band of their MinHash
 * (Broder 1997; one permutation, densified: Shrivastava 2017) over groups of
 * three characters; plates, telephones, named people and places become a key
 * each.
 *
 * Take a print of the text in which the citizen is hidden (hide.h): then his
 * own number never links anything.  Pure.
 */
enum similar_kind {
	SIMILAR_TEXT,
	SIMILAR_PLATE,
	SIMILAR_PHONE,
	SIMILAR_PERSON, /* a name, a nickname or an identity card */
	SIMILAR_PLACE,
	SIMILAR_KIND_COUNT,
};
const char *similar_title(enum similar_kind k); /* "同一车牌" */

/* Values of a signature, and keys: eight bands of four values find 97 of 100
 * pairs of texts that share 78 %.  Unrelated tips share 0 to 8 %. */
#define SIMILAR_BINS 64
#define SIMILAR_BANDS 8
#define SIMILAR_ROWS 4
/* Keys of one kind beside the bands; a tip that names more is a list. */
#define SIMILAR_MOST 6
#define SIMILAR_KEYS (SIMILAR_BANDS + 4 * SIMILAR_MOST)

struct similar_print {
	int64_t keys[SIMILAR_KEYS]; /* each once; 1 to 2^47 */
	size_t n_keys;
	bool has_text; /* enough of it for a signature */
	uint16_t sign[SIMILAR_BINS];
};
/* -1 when memory is out. */
int similar_print(
    const char *subject, const char *text, struct similar_print *out);
enum similar_kind similar_kind_of(int64_t key);
bool similar_is_key(int64_t n); /* whether it may be one */
/* A key of the same kind that only clues of the same group and number share:
 * a place says something in one domain and one week. */
int64_t similar_narrow(int64_t key, const char *group, int64_t number);
/* How much of two texts is the same, in thousandths (an estimate, ± 60). */
unsigned similar_share(
    const uint16_t a[SIMILAR_BINS], const uint16_t b[SIMILAR_BINS]);

#endif
