/* SPDX-License-Identifier: ISC */
#ifndef ROUTE_MATCH_H
#define ROUTE_MATCH_H

#include <stddef.h>
#include <stdint.h>

struct err;

/*
 * Finds all words of a list in one pass over a text, at a speed that hardly
 * depends on how many words there are.  At each character hashes of what
 * follows are looked up in bit maps that fit the cache: one for words of three
 * characters and more (8 bytes), one for two (6 bytes), one for shorter ones;
 * only where a word could begin, the one word that begins so is compared, or
 * the lengths of several are tried one by one against a table of whole words.
 * Overlapping and nested words are all found.
 *
 * Ours and not Hyperscan: on made-up Chinese, a word in sixty bytes, ours read
 * 426, 408 and 345 MB/s at 500, 5,000 and 50,000 words (processor time, best
 * of 25 rounds).  Side by side on 100 MB and a busy machine (bench_match) it
 * was 397, 339 and 256, Hyperscan 241, 393 and 201 with a little more memory,
 * grep -F 144, 70 and 15; a whole decision on 600 bytes took 12 to 13
 * microseconds.  For no gain Hyperscan would ask for x86 with SSSE3, for
 * seconds to compile 50,000 words, and for a slower mode to say where a word
 * begins.
 */
struct matcher;

struct match_word {
	const char *s; /* normal form, not empty, no NUL; copied */
	uint32_t len;  /* at most MAX_WORD_BYTES */
};

/* One place where a word stands. */
struct match {
	uint32_t word;  /* index into the list */
	uint32_t at;    /* byte offset */
	uint32_t nth;   /* the same in characters */
	uint16_t len;   /* bytes */
	uint16_t chars; /* the same in characters */
};

struct matches {
	struct match *list;
	size_t n;
	size_t size;
};
void matches_done(struct matches *m);

/* Words must differ from each other.  ERR_SYSTEM without memory. */
int matcher_new(const struct match_word *words, size_t n, struct matcher **out,
    struct err *err);
void matcher_free(struct matcher **m);

/* Appends every place in `text` (with 8 readable bytes behind its end) to
 * *out, by ascending place, longer words last; stops at MAX_MATCHES. */
int matcher_scan(const struct matcher *m, const char *text, size_t len,
    struct matches *out, struct err *err);

#endif
