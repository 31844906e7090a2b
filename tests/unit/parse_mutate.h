/* SPDX-License-Identifier: ISC */
#ifndef PARSE_MUTATE_H
#define PARSE_MUTATE_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Deterministic damage: the same mutants of a sample on every run. */

typedef void mutate_fn(void *arg, const char *raw, size_t len);

static inline uint32_t
mutate_next(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* One damage to raw[0..len), which has room for twice of len and 16 more. */
static inline size_t
mutate_once(char *raw, size_t len, size_t room, uint32_t *rng)
{
	static const char spice[] = "\0\n\r\t =?<>\"'\\();:,*%&~-_+/@[]{}#!|"
				    "\x7f\x80\x81\x1b\xff\xc2\xe4\xa1";
	uint32_t dice = mutate_next(rng);
	size_t at = len == 0 ? 0 : mutate_next(rng) % len, n;

	switch (len == 0 ? 1 : dice % 6) {
	case 0:
		raw[at] = (char)mutate_next(rng);
		return len;
	case 1:
	case 2:
		if (len + 1 > room)
			return len;
		memmove(raw + at + 1, raw + at, len - at);
		raw[at] = spice[mutate_next(rng) % (sizeof(spice) - 1)];
		return len + 1;
	case 3:
		n = 1 + mutate_next(rng) % 4;
		n = n < len - at ? n : len - at;
		memmove(raw + at, raw + at + n, len - at - n);
		return len - n;
	case 4: /* a piece again, somewhere else */
		n = 1 + mutate_next(rng) % 16;
		n = n < len - at ? n : len - at;
		if (len + n > room)
			return len;
		memmove(raw + at + n, raw + at, len - at);
		return len + n;
	default:
		raw[at] = spice[mutate_next(rng) % (sizeof(spice) - 1)];
		return len;
	}
}

/* Calls fn with n mutants; each is a fresh allocation of exactly its length,
 * so that reading beyond it is seen by AddressSanitizer. */
static inline void
mutate(const char *sample, size_t len, size_t n, mutate_fn *fn, void *arg)
{
	size_t room = 2 * len + 16, m;
	uint32_t rng = 2463534242U ^ (uint32_t)len;
	char *raw, *exact;

	for (size_t i = 0; i < n; i++) {
		raw = malloc(room);
		if (raw == NULL)
			return;
		memcpy(raw, sample, len);
		m = len;
		for (uint32_t k = 1 + mutate_next(&rng) % 6; k > 0; k--)
			m = mutate_once(raw, m, room, &rng);
		exact = malloc(m > 0 ? m : 1);
		if (exact != NULL) {
			memcpy(exact, raw, m);
			fn(arg, exact, m);
		}
		free(exact);
		free(raw);
	}
}

#endif
