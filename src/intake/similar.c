/* SPDX-License-Identifier: ISC */
#include "intake/similar.h"

#include <string.h>

#include "base/hash.h"
#include "base/limits.h"
#include "base/str.h"
#include "hide/text.h"
#include "intake/similar_marks.h"

/* Shingles of a text that has something to compare: a dozen characters. */
#define MIN_SHINGLES 10
/* Low bits of a key say what it is of; all of it fits six bytes of a row. */
#define KIND_BITS 3
#define KEY_BITS 44

static const char *const titles[SIMILAR_KIND_COUNT] = {
    [SIMILAR_TEXT] = "文字相近",
    [SIMILAR_PLATE] = "同一车牌",
    [SIMILAR_PHONE] = "同一电话",
    [SIMILAR_PERSON] = "同名人员",
    [SIMILAR_PLACE] = "同一地点",
};

const char *
similar_title(enum similar_kind k)
{
	return k < SIMILAR_KIND_COUNT ? titles[k] : "";
}

/* splitmix64's finalizer. */
static uint64_t
mix(uint64_t x)
{
	x ^= x >> 30;
	x *= UINT64_C(0xbf58476d1ce4e5b9);
	x ^= x >> 27;
	x *= UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

static int64_t
make_key(enum similar_kind kind, uint64_t hash)
{
	uint64_t part = mix(hash ^ (uint64_t)kind) & ((1ULL << KEY_BITS) - 1);

	return (int64_t)((part | 1) << KIND_BITS | (uint64_t)kind);
}

enum similar_kind
similar_kind_of(int64_t key)
{
	return (enum similar_kind)(key & ((1 << KIND_BITS) - 1));
}

bool
similar_is_key(int64_t n)
{
	return n > 0 && n < INT64_C(1) << (KEY_BITS + KIND_BITS) &&
	       similar_kind_of(n) < SIMILAR_KIND_COUNT;
}

int64_t
similar_narrow(int64_t key, const char *group, int64_t number)
{
	return make_key(similar_kind_of(key),
	    mix((uint64_t)key ^ hash_on(HASH_ON_START, group, strlen(group))) ^
		mix((uint64_t)number));
}

void
similar_add(struct similar_print *p, enum similar_kind kind,
    const struct similar_mark *mark)
{
	size_t of_kind = 0;
	int64_t key =
	    make_key(kind, hash_on(HASH_ON_START, mark->s, mark->len));

	for (size_t i = 0; i < p->n_keys; i++) {
		if (p->keys[i] == key)
			return;
		of_kind += similar_kind_of(p->keys[i]) == kind;
	}
	if (of_kind < SIMILAR_MOST)
		p->keys[p->n_keys++] = key;
}

/* -- text ----------------------------------------------------------------- */

struct minima {
	uint64_t low[SIMILAR_BINS]; /* UINT64_MAX = empty */
	uint64_t last[2];	    /* the two characters before */
	size_t n_last, n;
};

/* Blanks, marks and line ends differ from copy to copy. */
static bool
counts(uint32_t cp)
{
	return (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z') ||
	       (cp >= 0xc0 && cp < 0x2000) || (cp >= 0x3040 && cp < 0xfe00) ||
	       cp >= 0x20000;
}

static void
add_char(struct minima *m, uint32_t cp)
{
	uint64_t hash;

	if (m->n_last == 2) {
		hash = mix(m->last[0] << 42 ^ m->last[1] << 21 ^ cp);
		if (hash >> 6 < m->low[hash & (SIMILAR_BINS - 1)])
			m->low[hash & (SIMILAR_BINS - 1)] = hash >> 6;
		m->n++;
	} else {
		m->n_last++;
	}
	m->last[0] = m->last[1];
	m->last[1] = cp;
}

/* What was hidden says the same in every letter. */
static const char *
skip_hidden(const char *p, const char *end)
{
	static const char open[] = "〔", close[] = "〕";
	const char *to;

	if (strncmp(p, open, sizeof(open) - 1) != 0)
		return p;
	to = strstr(p, close);
	return to != NULL && to < end ? to + sizeof(close) - 1 : p;
}

static void
add_text(struct minima *m, const struct hide_text *t)
{
	const char *p = t->s, *end;
	uint32_t cp;

	end = p + (t->len < MAX_SIMILAR_BYTES ? t->len : MAX_SIMILAR_BYTES);
	m->n_last = 0;
	while (p < end) {
		p = skip_hidden(p, end);
		if (p >= end)
			break;
		p += utf8_next(p, end, &cp);
		if (cp != UINT32_MAX && counts(cp))
			add_char(m, cp);
	}
}

/* An empty bin takes what another has, the same other in every text. */
static uint64_t
dense(const struct minima *m, size_t bin)
{
	uint64_t at = bin;

	for (uint64_t i = 1; m->low[at] == UINT64_MAX; i++)
		at = mix(bin << 32 | i) & (SIMILAR_BINS - 1);
	return m->low[at];
}

static void
finish_text(const struct minima *m, struct similar_print *out)
{
	uint64_t low[SIMILAR_BINS], band;

	out->has_text = m->n >= MIN_SHINGLES;
	if (!out->has_text)
		return;
	for (size_t i = 0; i < SIMILAR_BINS; i++) {
		low[i] = dense(m, i);
		out->sign[i] = (uint16_t)(mix(low[i]) >> 48);
	}
	for (size_t b = 0; b < SIMILAR_BANDS; b++) {
		band = b;
		for (size_t r = 0; r < SIMILAR_ROWS; r++)
			band = mix(band ^ low[b * SIMILAR_ROWS + r]);
		out->keys[out->n_keys++] = make_key(SIMILAR_TEXT, band);
	}
}

/* The subject as well: many tips say it all there. */
int
similar_print(
    const char *subject, const char *text, struct similar_print *out)
{
	const char *const texts[] = {subject, text};
	struct minima m = {.n = 0};

	*out = (struct similar_print){.n_keys = 0};
	memset(m.low, 0xff, sizeof(m.low));
	for (size_t i = 0; i < 2; i++) {
		struct hide_text t;

		if (hide_text_init(&t, texts[i]) < 0)
			return -1;
		add_text(&m, &t);
		similar_marks(&t, out);
		hide_text_done(&t);
	}
	finish_text(&m, out);
	return 0;
}

unsigned
similar_share(
    const uint16_t a[SIMILAR_BINS], const uint16_t b[SIMILAR_BINS])
{
	unsigned same = 0;

	for (size_t i = 0; i < SIMILAR_BINS; i++)
		same += a[i] == b[i];
	return same * 1000 / SIMILAR_BINS;
}
