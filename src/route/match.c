/* SPDX-License-Identifier: ISC */
#include "route/match.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"

/* Two Han characters: what the main filter looks at. */
#define GRAM 6
#define GRAM_MASK 0xffffffffffffULL
/* Odd constants with well spread bits (Knuth's multiplicative hashing). */
#define MIX_GRAM 0x9e3779b97f4a7c15ULL
#define MIX_WORD 0xff51afd7ed558ccdULL

/* What a key opens: the lengths that words beginning so have. */
struct opening {
	uint64_t key; /* first bytes; 0 = free slot */
	uint32_t first;
	uint32_t n;
};

/* Bit map in front of an open-addressing table of openings. */
struct gate {
	uint64_t *bits;
	unsigned bit_shift; /* hash >> shift = bit number */
	struct opening *slots;
	unsigned slot_shift;
	size_t n_slots;
};

struct word {
	uint32_t off; /* into pool */
	uint32_t len;
	uint32_t chars;
};

struct matcher {
	struct gate wide;   /* words of GRAM bytes and more, by their gram */
	struct gate narrow; /* shorter ones, by their first character */
	bool have_narrow;
	uint16_t *lens; /* of the openings, ascending in each */
	char *pool;
	struct word *words;
	size_t n_words;
	uint32_t *table; /* hash of a whole word → index + 1 */
	unsigned table_shift;
	size_t n_table;
};

/* Building: one (key, length) of a word. */
struct start {
	uint64_t key;
	uint32_t len;
	bool wide;
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

/* The hash of a word, byte after byte, so that a longer one continues where
 * a shorter one ended. */
static uint64_t
hash_on(uint64_t h, const char *s, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		h = (h ^ (unsigned char)s[i]) * 0x100000001b3ULL;
	return h;
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

static struct opening *
gate_slot(const struct gate *g, uint64_t key)
{
	size_t i = (size_t)((key * MIX_GRAM) >> g->slot_shift);

	while (g->slots[i].key != 0 && g->slots[i].key != key)
		i = (i + 1) & (g->n_slots - 1);
	return &g->slots[i];
}

/* Sixteen bits an opening keep false alarms near one in sixteen; the least
 * map still fits the first-level cache. */
static int
gate_init(struct gate *g, size_t n_openings)
{
	unsigned bits = bits_for(n_openings * 16, 15);
	unsigned slots = bits_for(n_openings * 2, 4);

	g->bit_shift = 64 - bits;
	g->slot_shift = 64 - slots;
	g->n_slots = (size_t)1 << slots;
	g->bits = calloc(((size_t)1 << bits) / 64, sizeof(*g->bits));
	g->slots = calloc(g->n_slots, sizeof(*g->slots));
	return g->bits != NULL && g->slots != NULL ? 0 : -1;
}

static bool
gate_open(const struct gate *g, uint64_t key)
{
	uint64_t bit = (key * MIX_GRAM) >> g->bit_shift;

	return (g->bits[bit >> 6] >> (bit & 63)) & 1;
}

static int
by_start(const void *a, const void *b)
{
	const struct start *x = a, *y = b;

	if (x->wide != y->wide)
		return x->wide ? -1 : 1;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->len > y->len) - (x->len < y->len);
}

/* Adds length `len` to the opening of a key; starts come sorted. */
static void
gate_add(struct gate *g, const struct start *s, uint16_t *lens, size_t *n_lens)
{
	struct opening *o = gate_slot(g, s->key);
	uint64_t bit = (s->key * MIX_GRAM) >> g->bit_shift;

	if (o->n > 0 && lens[o->first + o->n - 1] == s->len)
		return;
	if (o->n == 0) {
		o->key = s->key;
		o->first = (uint32_t)*n_lens;
	}
	lens[(*n_lens)++] = (uint16_t)s->len;
	o->n++;
	g->bits[bit >> 6] |= 1ULL << (bit & 63);
}

static int
build_gates(struct matcher *m, struct start *starts)
{
	size_t n = m->n_words, n_wide = 0, n_lens = 0;

	for (size_t i = 0; i < n; i++) {
		const char *s = m->pool + m->words[i].off;
		uint64_t v = load8(s);

		starts[i].len = m->words[i].len;
		starts[i].wide = starts[i].len >= GRAM;
		starts[i].key = starts[i].wide ? v & GRAM_MASK : first_char(v);
		n_wide += starts[i].wide;
	}
	qsort(starts, n, sizeof(*starts), by_start);
	m->have_narrow = n_wide < n;
	if (gate_init(&m->wide, n_wide) != 0 ||
	    gate_init(&m->narrow, n - n_wide) != 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		gate_add(starts[i].wide ? &m->wide : &m->narrow, &starts[i],
		    m->lens, &n_lens);
	return 0;
}

static void
build_table(struct matcher *m)
{
	for (size_t i = 0; i < m->n_words; i++) {
		const char *s = m->pool + m->words[i].off;
		size_t slot = table_slot(m, hash_on(0, s, 0, m->words[i].len));

		while (m->table[slot] != 0)
			slot = (slot + 1) & (m->n_table - 1);
		m->table[slot] = (uint32_t)i + 1;
	}
}

static int
copy_words(struct matcher *m, const struct match_word *words, size_t n)
{
	size_t bytes = 0, at = 0;

	for (size_t i = 0; i < n; i++)
		bytes += words[i].len;
	m->pool = calloc(1, bytes + sizeof(uint64_t));
	m->words = calloc(n + 1, sizeof(*m->words));
	if (m->pool == NULL || m->words == NULL)
		return -1;
	for (size_t i = 0; i < n; i++) {
		memcpy(m->pool + at, words[i].s, words[i].len);
		m->words[i].off = (uint32_t)at;
		m->words[i].len = words[i].len;
		m->words[i].chars =
		    (uint32_t)utf8_count(words[i].s, words[i].len);
		at += words[i].len;
	}
	m->n_words = n;
	return 0;
}

static int
build(struct matcher *m, const struct match_word *words, size_t n)
{
	unsigned bits = bits_for(n * 2, 4);
	struct start *starts;
	int rc;

	m->n_table = (size_t)1 << bits;
	m->table_shift = 64 - bits;
	m->table = calloc(m->n_table, sizeof(*m->table));
	m->lens = calloc(n + 1, sizeof(*m->lens));
	starts = calloc(n + 1, sizeof(*starts));
	if (m->table == NULL || m->lens == NULL || starts == NULL ||
	    copy_words(m, words, n) != 0) {
		free(starts);
		return -1;
	}
	rc = build_gates(m, starts);
	build_table(m);
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
	free((*m)->wide.bits);
	free((*m)->wide.slots);
	free((*m)->narrow.bits);
	free((*m)->narrow.slots);
	free((*m)->lens);
	free((*m)->pool);
	free((*m)->words);
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
add(struct scan *sc, uint32_t word, size_t at, size_t nth)
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
	o->list[o->n++] = (struct match){word, (uint32_t)at, (uint32_t)nth};
}

static bool
full(const struct scan *sc)
{
	return sc->failed || sc->out->n >= MAX_MATCHES;
}

/* Tries the lengths of an opening at one place. */
static void
try_opening(
    struct scan *sc, const struct gate *g, uint64_t key, size_t at, size_t nth)
{
	const struct matcher *m = sc->m;
	const struct opening *o = gate_slot(g, key);
	const char *s = sc->text + at;
	size_t done = 0;
	uint64_t h = 0;

	for (uint32_t i = 0; i < o->n && o->key == key; i++) {
		size_t len = m->lens[o->first + i], slot;
		uint32_t w;

		if (len > sc->len - at || full(sc))
			return;
		h = hash_on(h, s, done, len);
		done = len;
		for (slot = table_slot(m, h); (w = m->table[slot]) != 0;
		     slot = (slot + 1) & (m->n_table - 1))
			if (m->words[w - 1].len == len &&
			    memcmp(m->pool + m->words[w - 1].off, s, len) == 0)
				break;
		if (w != 0)
			add(sc, w - 1, at, nth);
	}
}

static void
try_place(struct scan *sc, size_t at, size_t nth)
{
	const struct matcher *m = sc->m;
	uint64_t v = load8(sc->text + at);

	if (m->have_narrow && gate_open(&m->narrow, first_char(v)))
		try_opening(sc, &m->narrow, first_char(v), at, nth);
	if (gate_open(&m->wide, v & GRAM_MASK))
		try_opening(sc, &m->wide, v & GRAM_MASK, at, nth);
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

uint32_t
matcher_word_len(const struct matcher *m, uint32_t word)
{
	return m->words[word].len;
}

uint32_t
matcher_word_chars(const struct matcher *m, uint32_t word)
{
	return m->words[word].chars;
}
