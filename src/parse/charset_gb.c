/* SPDX-License-Identifier: ISC */
#include "parse/charset_gb.h"

/* A run of odd length whose last byte has a trail behind it: either that, or
 * damage; damage must explain this many characters more to be believed. */
#define MARGIN 2

/* Whether the last byte of a run ending at p pairs with the ASCII behind it
 * (GBK trail), or starts or continues a four-byte sequence. */
static bool
has_trail(const unsigned char *p, const unsigned char *end)
{
	return p < end &&
	       ((*p >= 0x40 && *p <= 0x7e) || (*p >= '0' && *p <= '9'));
}

static size_t
count_common(const unsigned char *p, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i + 1 < len; i += 2)
		n += gb_is_common(p[i], p[i + 1]);
	return n;
}

/* Finds the byte k to leave out of an odd run: pairs count from the start
 * before k and from k + 1 behind it.  Returns the best count. */
static size_t
best_without(const unsigned char *p, size_t len, size_t *fault_out)
{
	size_t left = 0;
	size_t right = count_common(p + 1, len - 1);
	size_t best = right;

	*fault_out = 0;
	for (size_t k = 0; k + 2 < len; k += 2) {
		left += gb_is_common(p[k], p[k + 1]);
		right -= gb_is_common(p[k + 1], p[k + 2]);
		if (left + right > best) {
			best = left + right;
			*fault_out = k + 2;
		}
	}
	return best;
}

void
gb_run_look(const unsigned char *p, const unsigned char *end, bool after_bad,
    struct gb_run *run_out)
{
	const unsigned char *q = p;
	size_t len, plain, best, fault, margin;

	q += gb_run_length(p, end);
	len = (size_t)(q - p);
	plain = count_common(p, len);
	*run_out = (struct gb_run){len, plain, len / 2, len};
	if (len % 2 == 0 || (len < 5 && !after_bad))
		return;
	best = best_without(p, len, &fault);
	margin = has_trail(q, end) ? MARGIN : 1;
	if (after_bad && margin == 1 && best >= plain &&
	    count_common(p + 1, len - 1) == best) {
		fault = 0;
		margin = 0;
	}
	if (best < plain + margin)
		return;
	run_out->common = best;
	run_out->fault = fault;
}
