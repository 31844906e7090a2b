/* SPDX-License-Identifier: ISC */
#include "intake/hide_judge.h"
#include "intake/hide_token.h"

/* What stands for a token beyond either end. */
#define BEFORE 101U
#define BEHIND 102U

struct view {
	const struct hide_tokens *k;
	size_t i;
	uint16_t *out;
	size_t n, most;
};

static void
put(struct view *v, uint32_t what, uint32_t value)
{
	uint32_t slot = hide_mix(value, what * 7919U + 13U);

	if (v->n < v->most)
		v->out[v->n++] = (uint16_t)(slot % HIDE_WEIGHTS);
}

static const struct hide_token *
at(const struct view *v, int d)
{
	if (d < 0 && v->i < (size_t)-d)
		return NULL;
	return v->i + (size_t)d < v->k->n ? &v->k->list[v->i + (size_t)d]
					  : NULL;
}

static uint32_t
word(const struct view *v, int d)
{
	const struct hide_token *x = at(v, d);

	return x != NULL ? x->word : d < 0 ? BEFORE : BEHIND;
}

static uint32_t
kind(const struct view *v, int d)
{
	const struct hide_token *x = at(v, d);

	return x != NULL ? x->kind : d < 0 ? BEFORE : BEHIND;
}

static uint32_t
lists(const struct view *v, int d)
{
	const struct hide_token *x = at(v, d);

	return x != NULL ? x->lists : 63;
}

static uint32_t
name(const struct view *v, int d)
{
	const struct hide_token *x = at(v, d);

	return x != NULL ? x->name : 3;
}

/* The words from `from` to `to`, as one number. */
static uint32_t
words(const struct view *v, int from, int to)
{
	uint32_t h = word(v, from);

	while (from < to)
		h = hide_mix(h, word(v, ++from));
	return h;
}

static uint32_t
kinds(const struct view *v, int from, int to)
{
	uint32_t h = kind(v, from);

	while (from < to)
		h = hide_mix(h, kind(v, ++from));
	return h;
}

/* The words around it, alone, in twos and in threes. */
static void
put_words(struct view *v)
{
	uint32_t what = 1;

	for (int d = -3; d <= 3; d++)
		put(v, what++, word(v, d));
	for (int d = -3; d <= 2; d++)
		put(v, what++, words(v, d, d + 1));
	put(v, what++, hide_mix(word(v, -1), word(v, 1)));
	for (int d = -3; d <= 1; d++)
		put(v, what++, words(v, d, d + 2));
	put(v, what, words(v, -4, -1));
}

/* What sort of things stand around it. */
static void
put_kinds(struct view *v)
{
	put(v, 30, kind(v, 0));
	put(v, 31, kinds(v, -1, 1));
	put(v, 32, kinds(v, -2, 1));
	put(v, 33, kinds(v, -1, 2));
	put(v, 34, kinds(v, -4, 0));
	put(v, 35, kinds(v, 0, 4));
	put(v, 36, kinds(v, -3, 1));
}

/* Of whom the letter speaks here, and whose section of a form it is. */
static void
put_cues(struct view *v)
{
	const struct hide_token *x = at(v, 0);
	uint32_t cue = x->cue * 8U + x->cue_far;

	put(v, 40, cue);
	put(v, 41, hide_mix(cue, x->kind));
	put(v, 42, hide_mix(cue, kinds(v, -1, 1)));
	put(v, 43, hide_mix(x->section, x->kind));
	put(v, 44, hide_mix(hide_mix(x->section, cue), x->kind));
}

static uint32_t
rough(size_t n, const size_t steps[4])
{
	uint32_t r = 0;

	while (r < 4 && n >= steps[r])
		r++;
	return r;
}

/* Where in the letter and in its clause. */
static void
put_place(struct view *v)
{
	static const size_t ends[] = {6, 16, 40, 80};
	static const size_t begins[] = {6, 20, 40, SIZE_MAX};
	static const size_t lengths[] = {4, 8, 14, SIZE_MAX};
	static const size_t insides[] = {1, 2, 3, 4};
	const struct hide_token *x = at(v, 0), *list = v->k->list;
	size_t b = x->clause, e = x->clause_end, n = v->k->n;
	uint32_t end = rough(n - 1 - v->i, ends);
	uint32_t place = end * 8 + rough(v->i, begins);
	uint32_t first = list[b].word;
	uint32_t two = hide_mix(first, b + 1 < n ? list[b + 1].word : 0);

	put(v, 50, hide_mix(place, x->kind));
	put(v, 51, hide_mix(place, kinds(v, -1, 1)));
	put(v, 52, hide_mix(hide_mix(end, x->cue * 8U + x->cue_far), x->kind));
	put(v, 53, two);
	put(v, 54, hide_mix(two, x->kind));
	put(v, 55, hide_mix(first, x->kind));
	put(v, 56,
	    hide_mix(rough(e - b, lengths) * 8 + rough(v->i - b, insides),
		x->kind));
	put(v, 57,
	    hide_mix(hide_mix(b > 0 ? list[b - 1].word : 0,
			 e < n ? list[e].word : 0),
		x->kind));
}

/* What the lists say, here and last in front. */
static void
put_lists(struct view *v)
{
	const struct hide_token *x = at(v, 0);
	uint32_t last = hide_mix(x->list, x->list_far);

	put(v, 60, hide_mix(lists(v, 0), x->kind));
	put(v, 61, hide_mix(lists(v, -1), x->kind));
	put(v, 62, hide_mix(lists(v, 1), x->kind));
	put(v, 63,
	    hide_mix(hide_mix(lists(v, -1), lists(v, -2)),
		hide_mix(lists(v, 0), lists(v, 1))));
	put(v, 64, hide_mix(last, x->kind));
	put(v, 65, hide_mix(last, kinds(v, -1, 1)));
}

static void
put_names(struct view *v)
{
	const struct hide_token *x = at(v, 0);
	uint32_t here = name(v, 0);

	put(v, 70, hide_mix(here, hide_mix(name(v, -1), name(v, 1))));
	put(v, 71,
	    hide_mix(hide_mix(here, name(v, 1)),
		hide_mix(word(v, -1), word(v, -2))));
	put(v, 72, hide_mix(here, word(v, -1)));
	put(v, 73, hide_mix(hide_mix(here, x->list), x->list_far));
	put(v, 74, hide_mix(name(v, -1), hide_mix(name(v, -2), x->kind)));
	put(v, 75, hide_mix(name(v, 1), hide_mix(name(v, 2), x->kind)));
}

/* The words in front of it in its clause, wherever they stand. */
static void
put_clause(struct view *v)
{
	const struct hide_token *x = at(v, 0);

	for (size_t far = 5; far <= 12 && v->i >= x->clause + far; far++)
		put(v, 80,
		    hide_mix(words(v, -(int)far, 1 - (int)far), x->kind));
}

size_t
hide_features(
    const struct hide_tokens *k, size_t i, uint16_t out[HIDE_FEATURES])
{
	struct view v = {k, i, out, 0, HIDE_FEATURES};

	put_words(&v);
	put_kinds(&v);
	put_cues(&v);
	put_place(&v);
	put_lists(&v);
	put_names(&v);
	put_clause(&v);
	return v.n;
}

size_t
hide_features_after(const struct hide_tokens *k, size_t i, enum hide_tag last,
    uint16_t out[HIDE_AFTER])
{
	struct view v = {k, i, out, 0, HIDE_AFTER};
	const struct hide_token *x = &k->list[i];
	uint32_t who = 0x5000U + (uint32_t)last;

	put(&v, 90, hide_mix(who, x->kind));
	put(&v, 91, hide_mix(who, kinds(&v, -1, 1)));
	put(&v, 92, hide_mix(who, word(&v, -1)));
	put(&v, 93, hide_mix(who, words(&v, -2, -1)));
	put(&v, 94, hide_mix(who, hide_mix(x->cue * 8U + x->cue_far, x->kind)));
	put(&v, 95, hide_mix(who, hide_mix(name(&v, 0), lists(&v, 0))));
	put(&v, 96, hide_mix(who, hide_mix(x->lists, x->list_far)));
	put(&v, 97, hide_mix(who, k->list[x->clause].word));
	return v.n;
}
