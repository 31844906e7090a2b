/* SPDX-License-Identifier: ISC */
#include "route/wording.h"

#include <stdbool.h>
#include <string.h>

#include "base/hash.h"
#include "base/limits.h"
#include "base/str.h"
#include "route/normalise.h"

/* wording_weights.inc is written by `make wording-weights` (tests/learn). */
const struct wording wording_umbrella = {
#include "route/wording_weights.inc"
};

/* Bit maps of what was seen: four KiB, on the stack. */
struct seen {
	uint64_t bits[WORDING_SLOTS / 64];
};

static bool
see(struct seen *seen, uint32_t slot)
{
	uint64_t bit = 1ULL << (slot & 63);
	bool new = (seen->bits[slot / 64] & bit) == 0;

	seen->bits[slot / 64] |= bit;
	return new;
}

static uint32_t
slot_of(uint32_t h)
{
	return (h ^ h >> 15) % WORDING_SLOTS;
}

static size_t
char_end(const struct norm *text, size_t at)
{
	do
		at++;
	while (at < text->len &&
	       ((unsigned char)text->text[at] & 0xc0) == 0x80);
	return at;
}

size_t
wording_read(const struct norm *text, struct wording_slot slots[WORDING_READ])
{
	struct seen seen;
	uint32_t runs[WORDING_RUN]; /* hash of the run that began n ago */
	size_t n = 0, chars = 0;

	memset(&seen, 0, sizeof(seen));
	for (size_t at = 0, end; at < text->len && chars < WORDING_CHARS;
	     at = end, chars++) {
		end = char_end(text, at);
		for (size_t k = WORDING_RUN - 1; k > 0; k--)
			runs[k] = runs[k - 1];
		runs[0] = HASH_QUICK_START;
		for (size_t k = 0; k < WORDING_RUN && k <= chars; k++) {
			uint32_t slot;

			runs[k] = hash_quick_on(
			    runs[k], text->text + at, end - at);
			slot = slot_of(runs[k]);
			if (see(&seen, slot))
				slots[n++] = (struct wording_slot){
				    slot, (uint32_t)end};
		}
	}
	return n;
}

/* The whole root of v, by Newton. */
static int64_t
root(int64_t v)
{
	int64_t r = v, next = (v + 1) / 2;

	while (next < r) {
		r = next;
		next = (r + v / r) / 2;
	}
	return r;
}

static uint32_t
line_end(const struct norm *text, uint32_t from)
{
	const char *lf = memchr(text->text + from, '\n', text->len - from);

	return lf != NULL ? (uint32_t)(lf - text->text) : (uint32_t)text->len;
}

/* The sentence whose slots weigh most, or least where the odds are against
 * it; a long one is cut. */
static void
find_sentence(const struct wording *w, const struct norm *text,
    const struct wording_slot *slots, size_t n, struct wording_verdict *out)
{
	int64_t sign = out->odds < 0 ? -1 : 1;
	uint32_t from = 0, to = line_end(text, 0);
	int64_t best = INT64_MIN, sum = 0;

	for (size_t i = 0; i < n; i++) {
		sum += sign * w->slots[slots[i].slot];
		if (i + 1 < n && slots[i + 1].to <= to)
			continue;
		if (to > from && sum > best) {
			best = sum;
			out->from = from;
			out->to = to;
		}
		while (i + 1 < n && slots[i + 1].to > to) {
			from = to + 1;
			to = line_end(text, from);
		}
		sum = 0;
	}
	out->to = out->from + (uint32_t)utf8_cut(text->text + out->from,
	    out->to - out->from, MAX_FOUND_BYTES);
}

void
wording_judge(const struct wording *w, const struct norm *text,
    struct wording_verdict *out)
{
	struct wording_slot slots[WORDING_READ];
	size_t n = wording_read(text, slots);
	int64_t sum = 0, odds;

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < n; i++)
		sum += w->slots[slots[i].slot];
	/* The root in hundredths: n is small. */
	odds = w->bias + sum * w->unit * 100 /
			     root(((int64_t)n + WORDING_MORE) * 10000);
	odds = odds > WORDING_MOST ? WORDING_MOST : odds;
	out->odds = (int32_t)(odds < WORDING_LEAST ? WORDING_LEAST : odds);
	find_sentence(w, text, slots, n, out);
}
