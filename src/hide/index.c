/* SPDX-License-Identifier: ISC */
#include "hide/index.h"

#include <stdint.h>
#include <string.h>

/* Lists and sets that are known at most; there are 400.  What finds no room is
 * searched without help.  They stand in a row, so that few pages are touched,
 * and are found by a table, a power of two. */
#define MOST_HEADS 1024
#define INDEX_SLOTS 2048
/* Characters are told apart by their last twelve bits: Han ones nearly all. */
#define KEYS 4096
/* Words of a list that begin with characters of like keys hang together. */
#define CHAINS 64
/* Words of all lists; there are 5000. */
#define MOST_WORDS 16384

struct word {
	const char *text;
	uint16_t len;
	uint16_t next; /* of its chain; 0 = the last */
};

struct heads {
	const void *of; /* the list or set */
	bool chained;	/* the list's words are all in the chains */
	uint16_t first, n; /* … and stand in a row */
	uint16_t chains[CHAINS];
	uint64_t starts[KEYS / 64], ends[KEYS / 64];
};

static struct heads heads[MOST_HEADS];
static size_t n_heads = 1; /* heads[0] is nobody's */
static uint16_t table[INDEX_SLOTS]; /* heads; 0 = free */
static struct word words[MOST_WORDS];
static size_t n_words = 1; /* 0 ends a chain */

/* Ends of the program's own image (ld): a list on the stack is another one
 * the next time. */
extern const char __executable_start[] __attribute__((visibility("hidden")));
extern const char _end[] __attribute__((visibility("hidden")));

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

static inline size_t
first_slot(const void *of)
{
	return (uintptr_t)of / 8 * 0x9e3779b1U / 64 % INDEX_SLOTS;
}

/* What is known of it, or room for it with `of` still NULL. */
static struct heads *
heads_for(const void *of)
{
	size_t at = first_slot(of);

	if (!is_static(of))
		return NULL;
	for (size_t n = 0; n < INDEX_SLOTS; n++, at = (at + 1) % INDEX_SLOTS) {
		if (table[at] == 0) {
			if (n_heads == MOST_HEADS)
				return NULL;
			table[at] = (uint16_t)n_heads++;
		}
		if (heads[table[at]].of == of || heads[table[at]].of == NULL)
			return &heads[table[at]];
	}
	return NULL;
}

/* Hangs the word into its chain, the longest first; false when there is no
 * room. */
static bool
chain_word(struct heads *h, const char *text)
{
	uint16_t *at = &h->chains[key_at(text) % CHAINS];
	size_t len = strlen(text);

	if (n_words == MOST_WORDS)
		return false;
	while (*at != 0 && words[*at].len >= len)
		at = &words[*at].next;
	words[n_words] = (struct word){text, (uint16_t)len, *at};
	*at = (uint16_t)n_words++;
	return true;
}

static const struct heads *
learn_list(const char *const *list)
{
	struct heads *h = heads_for(list);

	if (h == NULL || h->of != NULL)
		return h;
	h->chained = true;
	h->first = (uint16_t)n_words;
	for (const char *const *word = list; *word != NULL; word++) {
		set_bit(h->starts, key_at(*word));
		set_bit(h->ends, key_before(*word, strlen(*word)));
		h->chained = h->chained && chain_word(h, *word);
	}
	h->n = (uint16_t)(n_words - h->first);
	h->of = list;
	return h;
}

/* Nearly always the list is known and where it is looked for first. */
static inline const struct heads *
heads_of_list(const char *const *list)
{
	const struct heads *h = &heads[table[first_slot(list)]];

	return h->of == list ? h : learn_list(list);
}

/* Of all bits of a character of three bytes, mixed: what two keys agree on is
 * nearly always in the set. */
static unsigned
second_key(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;

	return ((p[0] & 0xfU) << 8 ^ (p[1] & 0x3fU) << 5 ^ (p[2] & 0x3fU)) %
	       KEYS;
}

static const struct heads *
learn_set(const char *set)
{
	struct heads *h = heads_for(set);

	if (h == NULL || h->of != NULL)
		return h;
	for (const char *c = set; *c != '\0'; c += 3) {
		set_bit(h->starts, key_at(c));
		set_bit(h->ends, second_key(c));
	}
	h->of = set;
	return h;
}

static inline const struct heads *
heads_of_set(const char *set)
{
	const struct heads *h = &heads[table[first_slot(set)]];

	return h->of == set ? h : learn_set(set);
}

/* Words mostly differ within their first character: no call is worth its
 * price here. */
static inline bool
stands(const char *s, size_t left, const char *word, size_t n)
{
	if (n > left)
		return false;
	for (size_t i = 0; i < n; i++)
		if (s[i] != word[i])
			return false;
	return true;
}

/* The same when the list's heads are at hand. */
static inline size_t
longest_of(const struct heads *h, const char *const *list, const char *s,
    size_t left)
{
	size_t longest = 0;

	if (h != NULL && !has_bit(h->starts, key_at(s)))
		return 0;
	if (h != NULL && h->chained) {
		for (unsigned i = h->chains[key_at(s) % CHAINS]; i != 0;
		     i = words[i].next)
			if (stands(s, left, words[i].text, words[i].len))
				return words[i].len;
		return 0;
	}
	for (; *list != NULL; list++) {
		size_t n = strlen(*list);

		if (n > longest && stands(s, left, *list, n))
			longest = n;
	}
	return longest;
}

static inline bool
is_inside(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

size_t
hide_longest(const char *const *list, const char *s, size_t left)
{
	/* Inside a character no word starts. */
	if (left == 0 || is_inside(*s))
		return 0;
	return longest_of(heads_of_list(list), list, s, left);
}

size_t
hide_first(const char *const *list, const char *s, size_t b, size_t e)
{
	const struct heads *h;

	if (b >= e)
		return e;
	h = heads_of_list(list);
	for (size_t i = b; i < e; i++)
		if (!is_inside(s[i]) && longest_of(h, list, s + i, e - i) > 0)
			return i;
	return e;
}

static inline bool
ends(const char *s, size_t n, const char *word, size_t len)
{
	return len <= n && s[n - 1] == word[len - 1] &&
	       memcmp(s + n - len, word, len) == 0;
}

size_t
hide_longest_before(const char *const *list, const char *s, size_t n)
{
	const struct heads *h = heads_of_list(list);
	size_t longest = 0;

	if (n == 0 || (h != NULL && !has_bit(h->ends, key_before(s, n))))
		return 0;
	if (h != NULL && h->chained) {
		for (const struct word *w = &words[h->first];
		     w < &words[h->first + h->n]; w++)
			if (w->len > longest && ends(s, n, w->text, w->len))
				longest = w->len;
		return longest;
	}
	for (; *list != NULL; list++) {
		size_t len = strlen(*list);

		if (len > longest && ends(s, n, *list, len))
			longest = len;
	}
	return longest;
}

bool
hide_in_set(const char *set, const char *s)
{
	const struct heads *h;

	if ((unsigned char)*s < 0xe0)
		return false;
	h = heads_of_set(set);
	if (h != NULL && (!has_bit(h->starts, key_at(s)) ||
			     !has_bit(h->ends, second_key(s))))
		return false;
	for (; *set != '\0'; set += 3)
		if (set[0] == s[0] && set[1] == s[1] && set[2] == s[2])
			return true;
	return false;
}
