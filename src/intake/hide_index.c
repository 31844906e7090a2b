/* SPDX-License-Identifier: ISC */
#include "intake/hide_index.h"

#include <stdint.h>
#include <string.h>

/* Lists and sets that are known at most, a power of two; there are 90.  What
 * finds no room is searched without help. */
#define INDEX_SLOTS 256
/* Characters are told apart by their last twelve bits: Han ones nearly all. */
#define KEYS 4096

struct heads {
	const void *of; /* the list or set; NULL = free */
	uint64_t starts[KEYS / 64], ends[KEYS / 64];
};

static struct heads table[INDEX_SLOTS];

/* Ends of the program's own image (ld): a list on the stack is another one
 * the next time. */
extern const char __executable_start[], _end[];

static bool
is_static(const void *of)
{
	return (uintptr_t)of >= (uintptr_t)__executable_start &&
	       (uintptr_t)of < (uintptr_t)_end;
}

/* Of the character that starts at s; every word starts with a whole one. */
static unsigned
key_at(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;

	if (p[0] < 0x80)
		return p[0];
	if (p[0] < 0xe0)
		return (p[0] & 0x1fU) << 6 | (p[1] & 0x3f);
	return (p[1] & 0x3fU) << 6 | (p[2] & 0x3f);
}

/* Of the two bytes, or the one of ASCII, that end before s[n]; n > 0. */
static unsigned
key_before(const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s + n;

	if (p[-1] < 0x80 || n == 1)
		return p[-1];
	return (p[-2] & 0x3fU) << 6 | (p[-1] & 0x3f);
}

static void
set_bit(uint64_t *bits, unsigned key)
{
	bits[key / 64] |= UINT64_C(1) << key % 64;
}

static bool
has_bit(const uint64_t *bits, unsigned key)
{
	return (bits[key / 64] >> key % 64 & 1) != 0;
}

static struct heads *
slot_of(const void *of)
{
	size_t at = (uintptr_t)of / 8 * 0x9e3779b1U % INDEX_SLOTS;

	if (!is_static(of))
		return NULL;
	for (size_t n = 0; n < INDEX_SLOTS; n++) {
		struct heads *h = &table[(at + n) % INDEX_SLOTS];

		if (h->of == of || h->of == NULL)
			return h;
	}
	return NULL;
}

static const struct heads *
heads_of_list(const char *const *list)
{
	struct heads *h = slot_of(list);

	if (h == NULL || h->of != NULL)
		return h;
	for (const char *const *word = list; *word != NULL; word++) {
		set_bit(h->starts, key_at(*word));
		set_bit(h->ends, key_before(*word, strlen(*word)));
	}
	h->of = list;
	return h;
}

static const struct heads *
heads_of_set(const char *set)
{
	struct heads *h = slot_of(set);

	if (h == NULL || h->of != NULL)
		return h;
	for (const char *c = set; *c != '\0'; c += 3)
		set_bit(h->starts, key_at(c));
	h->of = set;
	return h;
}

bool
hide_may_start(const char *const *list, const char *s)
{
	const struct heads *h = heads_of_list(list);

	/* Inside a character no word starts. */
	if (((unsigned char)*s & 0xc0) == 0x80)
		return false;
	return h == NULL || has_bit(h->starts, key_at(s));
}

bool
hide_may_end(const char *const *list, const char *s, size_t n)
{
	const struct heads *h = heads_of_list(list);

	return n > 0 && (h == NULL || has_bit(h->ends, key_before(s, n)));
}

bool
hide_in_set(const char *set, const char *s)
{
	const struct heads *h = heads_of_set(set);

	if ((unsigned char)*s < 0xe0 ||
	    (h != NULL && !has_bit(h->starts, key_at(s))))
		return false;
	for (; *set != '\0'; set += 3)
		if (set[0] == s[0] && set[1] == s[1] && set[2] == s[2])
			return true;
	return false;
}
