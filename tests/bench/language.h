/* SPDX-License-Identifier: ISC */
#ifndef LANGUAGE_H
#define LANGUAGE_H

#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/str.h"
#include "store_make.h"

/* Words of two characters, as frequent as in real language (Zipf). */
#define N_WORDS 20000
#define N_CHARS 3500

struct language {
	double sums[N_WORDS]; /* of 1/rank: for drawing by Zipf's law */
	uint32_t words[N_WORDS][2];
};

static inline struct language *
language_new(void)
{
	struct language *l = malloc(sizeof(*l));
	uint32_t seed = 7;
	double sum = 0;

	if (l == NULL)
		exit(1);
	for (uint32_t i = 0; i < N_WORDS; i++) {
		sum += 1.0 / (i + 20);
		l->sums[i] = sum;
		/* Frequent characters make frequent words. */
		for (int k = 0; k < 2; k++)
			l->words[i][k] =
			    0x4e00 + make_random(&seed) %
					 (N_CHARS < i + 50 ? N_CHARS : i + 50);
	}
	return l;
}

static inline uint32_t
draw(const struct language *l, uint32_t *seed)
{
	double at = l->sums[N_WORDS - 1] * make_random(seed) / UINT32_MAX;
	uint32_t low = 0, high = N_WORDS - 1;

	while (low < high) {
		uint32_t middle = (low + high) / 2;

		if (l->sums[middle] < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static inline void
add_word(struct buf *b, const uint32_t word[2])
{
	char bytes[4];

	buf_add(b, bytes, utf8_put(word[0], bytes));
	buf_add(b, bytes, utf8_put(word[1], bytes));
}

#endif
