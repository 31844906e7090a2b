/* SPDX-License-Identifier: ISC */
#include "route/match.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/str.h"

/* Two Han characters: what the main filter looks at. */
#define GRAM 6
#define GRAM_MASK 0xffffffffffffULL
/* Words of three characters and more have a gate of their own: what they begin
 * with is rarer, so that a long list opens it no more often than a short one.
 * 8 of their 9 bytes are looked at. */
#define LONG 9
/* Odd constants with well spread bits (Knuth's multiplicative hashing). */
#define MIX_GRAM 0x9e3779b97f4a7c15ULL
#define MIX_WORD 0xff51afd7ed558ccdULL

/* What a key opens.  Most open one word: it stands here, by its slot in the
 * table of words.  Else the lengths that words beginning so have, ascending:
 * up to three here, more in the matcher's list from `first` on.  Four of these
 * fill a cache line. */
#define INLINE_LENS 3
#define ONE_WORD 0xffff
struct opening {
	uint64_t key : 48; /* first bytes; 0 = free slot */
	uint64_t n : 16;   /* lengths; ONE_WORD */
	union {
		uint32_t slot;
		uint16_t lens[INLINE_LENS];
		uint32_t first;
	};
};

/* Bit map in front of an open-addressing table of openings. */
struct gate {
	uint64_t *bits;
	unsigned bit_shift; /* hash >> shift = bit number */
	struct opening *slots;
	unsigned slot_shift;
	size_t n_slots;
};

/* A slot of the table of whole words. */
struct word {
	uint32_t tag; /* upper half of its hash */
	uint32_t off; /* into pool */
	uint32_t nth; /* index + 1; 0 = free slot */
	uint16_t len;
	uint16_t chars;
};

struct matcher {
	struct gate deep;   /* words of LONG bytes and more, by 8 bytes */
	struct gate wide;   /* words of GRAM bytes and more, by their gram */
	struct gate narrow; /* shorter ones, by their first character */
	bool have_deep, have_narrow;
	uint16_t *lens; /* of openings that have many */
	char *pool;
	size_t n_words;
	struct word *table;
	unsigned table_shift;
	size_t n_table;
};

/* Building: how a word begins. */
struct start {
	uint64_t key;
	uint32_t len;
	uint32_t slot; /* in the table of words */
	enum { DEEP, WIDE, NARROW } gate;
};

void
matches_done(struct matches *m)
{
	free(m->list);
	memset(m, 0, sizeof(*m));
}

static uint64_t
load8(const char *s)
{
	uint64_t v;

	memcpy(&v, s, sizeof(v));
	return v;
}

static unsigned
char_bytes(unsigned char lead)
{
	return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

static uint64_t
first_char(uint64_t v)
{
	unsigned n = char_bytes((unsigned char)(v & 0xff));

	return v & ((1ULL << (8 * n)) - 1);
}

/* 8 bytes in 48 bits: two that meet share an opening, which costs time only. */
static uint64_t
deep_key(uint64_t v)
{
	return ((v * MIX_WORD) >> 16) | 1;
}

static size_t
table_slot(const struct matcher *m, uint64_t h)
{
	return (size_t)((h * MIX_WORD) >> m->table_shift);
}

static unsigned
bits_for(size_t n, unsigned least)
{
	unsigned bits = least;

	while (bits < 31 && ((size_t)1 << bits) < n)
		bits++;
	return bits;
}

/* Both bits of a key stand in one word of the map. */
static uint64_t
bits_of(uint64_t h)
{
	return 1ULL << ((h >> 20) & 63) | 1ULL << ((h >> 26) & 63);
}

static bool
gate_open(const struct gate *g, uint64_t key)
{
	uint64_t h = key * MIX_GRAM, want = bits_of(h);

	return (g->bits[h >> g->bit_shift] & want) == want;
}

static struct opening *
gate_slot(const struct gate *g, uint64_t key)
{
	size_t i = (size_t)((key * MIX_GRAM) >> g->slot_shift);

	while (g->slots[i].key != 0 && g->slots[i].key != key)
		i = (i + 1) & (g->n_slots - 1);
	return &g->slots[i];
}

/* With thirty-two bits an opening, two of them set in one word, a false alarm
 * is one in 250; a map of 50,000 words is an eighth of the second-level cache,
 * the least one fits the first. */
static int
gate_init(struct gate *g, size_t n_openings)
{
	unsigned bits = bits_for(n_openings * 32, 15);
	unsigned slots = bits_for(n_openings * 2, 4);

	g->bit_shift = 64 - bits + 6;
	g->slot_shift = 64 - slots;
	g->n_slots = (size_t)1 << slots;
	g->bits = calloc(((size_t)1 << bits) / 64, sizeof(*g->bits));
	g->slots = calloc(g->n_slots, sizeof(*g->slots));
	return g->bits != NULL && g->slots != NULL ? 0 : -1;
}

static int
by_start(const void *a, const void *b)
{
	const struct start *x = a, *y = b;

	if (x->gate != y->gate)
		return x->gate < y->gate ? -1 : 1;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->len > y->len) - (x->len < y->len);
}

/* The words that begin alike, and open the same gate. */
static size_t
run_of(const struct start *s, size_t n)
{
	size_t k = 1;

	while (k < n && s[k].key == s->key && s[k].gate == s->gate)
		k++;
	return k;
}

/* Adds the opening of n starts with one key, sorted by length. */
static void
gate_add(struct matcher *m, const struct start *s, size_t n, size_t *n_lens)
{
	struct gate *g = s->gate == DEEP   ? &m->deep
			 : s->gate == WIDE ? &m->wide
					   : &m->narrow;
	struct opening *o = gate_slot(g, s->key);
	uint64_t h = s->key * MIX_GRAM;
	uint16_t *lens = m->lens + *n_lens;
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		if (k == 0 || lens[k - 1] != s[i].len)
			lens[k++] = (uint16_t)s[i].len;
	o->key = s->key & GRAM_MASK;
	o->n = k & 0xffff;
	if (n == 1) {
		o->n = ONE_WORD;
		o->slot = s->slot;
	} else if (k <= INLINE_LENS) {
		memcpy(o->lens, lens, k * sizeof(*lens));
	} else {
		o->first = (uint32_t)*n_lens;
		*n_lens += k;
	}
	g->bits[h >> g->bit_shift] |= bits_of(h);
}

static int
build_gates(struct matcher *m, struct start *starts)
{
	size_t n = m->n_words, of[NARROW + 1] = {0}, n_lens = 0;

	for (size_t i = 0; i < n; i++)
		of[starts[i].gate]++;
	if (n > 0)
		qsort(starts, n, sizeof(*starts), by_start);
	m->have_deep = of[DEEP] > 0;
	m->have_narrow = of[NARROW] > 0;
	if (gate_init(&m->deep, of[DEEP]) != 0 ||
	    gate_init(&m->wide, of[WIDE]) != 0 ||
	    gate_init(&m->narrow, of[NARROW]) != 0)
		return -1;
	for (size_t i = 0, k; i < n; i += k) {
		k = run_of(starts + i, n - i);
		gate_add(m, starts + i, k, &n_lens);
	}
	return 0;
}

/* Puts a word into the pool, into the table, and notes how it begins. */
static void
add_word(struct matcher *m, const struct match_word *w, size_t nth, size_t off,
    struct start *start)
{
	uint64_t h = hash_on(HASH_ON_START, w->s, w->len), v;
	size_t slot = table_slot(m, h);

	memcpy(m->pool + off, w->s, w->len);
	while (m->table[slot].nth != 0)
		slot = (slot + 1) & (m->n_table - 1);
	m->table[slot] = (struct word){.tag = (uint32_t)(h >> 32),
	    .off = (uint32_t)off,
	    .nth = (uint32_t)nth + 1,
	    .len = (uint16_t)w->len,
	    .chars = (uint16_t)utf8_count(w->s, w->len)};
	v = load8(m->pool + off);
	start->len = w->len;
	start->slot = (uint32_t)slot;
	start->gate = w->len >= LONG ? DEEP : w->len >= GRAM ? WIDE : NARROW;
	start->key = start->gate == DEEP   ? deep_key(v)
		     : start->gate == WIDE ? v & GRAM_MASK
					   : first_char(v);
}

static int
build(struct matcher *m, const struct match_word *words, size_t n)
{
	unsigned bits = bits_for(n * 2, 4);
	struct start *starts = calloc(n + 1, sizeof(*starts));
	size_t bytes = 0;
	int rc = -1;

	for (size_t i = 0; i < n; i++)
		bytes += words[i].len;
	m->n_words = n;
	m->n_table = (size_t)1 << bits;
	m->table_shift = 64 - bits;
	m->table = calloc(m->n_table, sizeof(*m->table));
	m->lens = calloc(n + 1, sizeof(*m->lens));
	m->pool = calloc(1, bytes + sizeof(uint64_t));
	bytes = 0;
	if (m->table != NULL && m->lens != NULL && m->pool != NULL &&
	    starts != NULL) {
		for (size_t i = 0; i < n; i++) {
			add_word(m, &words[i], i, bytes, &starts[i]);
			bytes += words[i].len;
		}
		rc = build_gates(m, starts);
	}
	free(starts);
	return rc;
}

int
matcher_new(const struct match_word *words, size_t n, struct matcher **out,
    struct err *err)
{
	struct matcher *m;

	for (size_t i = 0; i < n; i++)
		if (words[i].len == 0 || words[i].len > MAX_WORD_BYTES)
			return err_set(err, ERR_CONF, ERR_OWN, 0,
			    "a word of %u bytes; 1 to %d are allowed",
			    words[i].len, MAX_WORD_BYTES);
	m = calloc(1, sizeof(*m));
	if (m == NULL || build(m, words, n) != 0) {
		matcher_free(&m);
		return err_set(
		    err, ERR_SYSTEM, ERR_OWN, 0, "no memory for %zu words", n);
	}
	*out = m;
	return 0;
}

void
matcher_free(struct matcher **m)
{
	if (*m == NULL)
		return;
	free((*m)->deep.bits);
	free((*m)->deep.slots);
	free((*m)->wide.bits);
	free((*m)->wide.slots);
	free((*m)->narrow.bits);
	free((*m)->narrow.slots);
	free((*m)->lens);
	free((*m)->pool);
	free((*m)->table);
	free(*m);
	*m = NULL;
}

/* -- scanning ------------------------------------------------------------ */

struct scan {
	const struct matcher *m;
	const char *text;
	size_t len;
	struct matches *out;
	bool failed;
};

static void
add(struct scan *sc, const struct word *w, size_t at, size_t nth)
{
	struct matches *o = sc->out;
	struct match *list;
	size_t size;

	if (o->n == o->size) {
		size = o->size == 0 ? 256 : o->size * 2;
		list = realloc(o->list, size * sizeof(*list));
		if (list == NULL) {
			sc->failed = true;
			return;
		}
		o->list = list;
		o->size = size;
	}
	o->list[o->n++] = (struct match){
	    w->nth - 1, (uint32_t)at, (uint32_t)nth, w->len, w->chars};
}

static bool
full(const struct scan *sc)
{
	return sc->failed || sc->out->n >= MAX_MATCHES;
}

/* The word that stands there with this hash and length; NULL = none. */
static const struct word *
find_word(const struct matcher *m, uint64_t h, const char *s, size_t len)
{
	size_t slot = table_slot(m, h);
	const struct word *w;

	for (; (w = &m->table[slot])->nth != 0;
	     slot = (slot + 1) & (m->n_table - 1))
		if (w->tag == (uint32_t)(h >> 32) && w->len == len &&
		    memcmp(m->pool + w->off, s, len) == 0)
			return w;
	return NULL;
}

/* Tries the lengths of an opening at one place. */
static void
try_lengths(struct scan *sc, const struct opening *o, size_t at, size_t nth)
{
	const uint16_t *lens =
	    o->n <= INLINE_LENS ? o->lens : sc->m->lens + o->first;
	const char *s = sc->text + at;
	size_t done = 0;
	uint64_t h = HASH_ON_START;

	for (size_t i = 0; i < o->n; i++) {
		const struct word *w;

		if (lens[i] > sc->len - at || full(sc))
			return;
		h = hash_on(h, s + done, lens[i] - done);
		done = lens[i];
		w = find_word(sc->m, h, s, lens[i]);
		if (w != NULL)
			add(sc, w, at, nth);
	}
}

static void
try_opening(
    struct scan *sc, const struct gate *g, uint64_t key, size_t at, size_t nth)
{
	const struct opening *o = gate_slot(g, key);
	const struct word *w;

	if (o->key != key)
		return;
	if (o->n != ONE_WORD) {
		try_lengths(sc, o, at, nth);
		return;
	}
	w = &sc->m->table[o->slot];
	if (w->len <= sc->len - at && !full(sc) &&
	    memcmp(sc->m->pool + w->off, sc->text + at, w->len) == 0)
		add(sc, w, at, nth);
}

static void
try_place(struct scan *sc, size_t at, size_t nth)
{
	const struct matcher *m = sc->m;
	uint64_t v = load8(sc->text + at), first = first_char(v);
	uint64_t gram = v & GRAM_MASK, deep = deep_key(v);
	bool in_narrow = m->have_narrow && gate_open(&m->narrow, first);
	bool in_wide = gate_open(&m->wide, gram);
	bool in_deep = m->have_deep && gate_open(&m->deep, deep);

	if (in_narrow)
		try_opening(sc, &m->narrow, first, at, nth);
	if (in_wide)
		try_opening(sc, &m->wide, gram, at, nth);
	if (in_deep)
		try_opening(sc, &m->deep, deep, at, nth);
}

static bool
four_han(const char *p)
{
	return (p[0] & 0xf0) == 0xe0 && (p[3] & 0xf0) == 0xe0 &&
	       (p[6] & 0xf0) == 0xe0 && (p[9] & 0xf0) == 0xe0;
}

/* Bits of the places among the next four Han characters where a word may
 * begin.  No test depends on the one before, so they run side by side. */
static unsigned
four_gates(const struct matcher *m, const char *p)
{
	unsigned found = 0;

	for (unsigned i = 0; i < 4; i++) {
		uint64_t v = load8(p + 3 * i);

		found |= (unsigned)gate_open(&m->wide, v & GRAM_MASK) << i;
		if (m->have_deep)
			found |= (unsigned)gate_open(&m->deep, deep_key(v))
				 << i;
		if (m->have_narrow)
			found |= (unsigned)gate_open(&m->narrow, v & 0xffffff)
				 << i;
	}
	return found;
}

int
matcher_scan(const struct matcher *m, const char *text, size_t len,
    struct matches *out, struct err *err)
{
	struct scan sc = {m, text, len, out, false};
	size_t i = 0, nth = 0;

	while (i < len && m->n_words > 0 && !full(&sc)) {
		if (i + 12 <= len && four_han(text + i)) {
			unsigned found = four_gates(m, text + i);

			for (unsigned k = 0; found >> k != 0; k++)
				if ((found >> k) & 1)
					try_place(&sc, i + 3 * k, nth + k);
			i += 12;
			nth += 4;
			continue;
		}
		try_place(&sc, i, nth);
		i += char_bytes((unsigned char)text[i]);
		nth++;
	}
	if (sc.failed)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
		    "no memory for the words that a text has");
	return 0;
}
