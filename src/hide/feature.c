/* SPDX-License-Identifier: ISC */
#include "hide/judge.h"
#include "hide/token.h"

/* What stands for a token beyond either end. */
#define BEFORE 101U
#define BEHIND 102U

struct view {
	const struct hide_tokens *k;
	size_t i;
	uint32_t *out;
	size_t n, most;
};

static void
put(struct view *v, uint32_t what, uint32_t value)
{
	uint32_t slot = hide_mix(value, what * 7919U + 13U);

	if (v->n < v->most)
		v->out[v->n++] = (uint32_t)(slot % HIDE_WEIGHTS);
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
	    hide_mix(
		rough(e - b, lengths) * 8 + rough(v->i - b, insides), x->kind));
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

/* A name whoever's it is. */
static uint32_t
plain(const struct view *v, int d)
{
	const struct hide_token *x = at(v, d);

	if (x == NULL)
		return d < 0 ? BEFORE : BEHIND;
	return x->name != 0 ? 110U + x->name : x->word;
}

static void
put_plain(struct view *v)
{
	uint32_t before = hide_mix(plain(v, -2), plain(v, -1));
	uint32_t behind = hide_mix(plain(v, 1), plain(v, 2));

	put(v, 110, hide_mix(before, plain(v, 0)));
	put(v, 111, hide_mix(plain(v, 0), behind));
	put(v, 112, hide_mix(before, behind));
	put(v, 113, hide_mix(plain(v, -1), hide_mix(plain(v, 0), plain(v, 1))));
	put(v, 114, hide_mix(hide_mix(plain(v, -3), before), plain(v, 0)));
	put(v, 115, hide_mix(plain(v, 0), hide_mix(behind, plain(v, 3))));
}

static uint32_t
ruled(const struct view *v, int d)
{
	const struct hide_token *x = at(v, d);

	return x == NULL ? 2 : x->rules != 0;
}

/* What the rules made of it. */
static void
put_rules(struct view *v)
{
	const struct hide_token *x = at(v, 0);
	uint32_t cue = x->cue * 8U + x->cue_far;
	uint32_t around = ruled(v, -1) * 9 + ruled(v, 0) * 3 + ruled(v, 1);

	if (v->k->mended)
		return;
	put(v, 120, x->rules);
	put(v, 121, hide_mix(x->rules, x->kind));
	put(v, 122, hide_mix(x->rules, cue));
	put(v, 123, hide_mix(around, x->kind));
	put(v, 124,
	    hide_mix(hide_mix(x->rules, x->name), x->list * 8U + x->list_far));
	put(v, 125, hide_mix(x->rules, word(v, -1)));
}

/* What is done in the clause, and what is said elsewhere. */
static void
put_evidence(struct view *v)
{
	const struct hide_token *x = at(v, 0);
	uint32_t next = x->next * 4U + x->next_far;
	uint32_t cue = x->cue * 8U + x->cue_far;
	uint32_t verbs = x->verb * 3U + x->next_verb;

	put(v, 130, hide_mix(next, x->kind));
	put(v, 131, hide_mix(next * 64U + cue, x->kind));
	put(v, 132, hide_mix(verbs, x->kind));
	put(v, 133, hide_mix(verbs * 32U + next, hide_mix(x->kind, x->cue)));
	put(v, 134, hide_mix(verbs, hide_mix(x->name, x->list)));
	put(v, 135, hide_mix(x->order, x->kind));
	put(v, 136, hide_mix(x->order, hide_mix(x->kind, cue)));
	put(v, 137, hide_mix(x->again, x->kind));
	put(v, 138, hide_mix(x->again, hide_mix(x->name, cue)));
}

/* What stands beside the whole of what is named here. */
static void
put_unit(struct view *v)
{
	const struct hide_token *list = v->k->list, *x = at(v, 0);
	const struct hide_token *b = &list[x->unit];
	const struct hide_token *e = &list[x->unit_end - 1];
	struct view left = {v->k, x->unit, NULL, 0, 0};
	struct view right = {v->k, x->unit_end - 1, NULL, 0, 0};
	uint32_t sort = hide_mix(x->sort, b == e ? x->kind : e->kind);
	uint32_t l1 = plain(&left, -1), l2 = hide_mix(plain(&left, -2), l1);
	uint32_t l3 = hide_mix(plain(&left, -3), l2);
	uint32_t r1 = plain(&right, 1), r2 = hide_mix(r1, plain(&right, 2));
	uint32_t r3 = hide_mix(r2, plain(&right, 3));
	uint32_t cue = b->cue * 8U + b->cue_far;
	uint32_t inside = (v->i == x->unit) * 2U + (v->i + 1 == x->unit_end);
	size_t n = x->unit_end - x->unit;

	put(v, 140, hide_mix(l1, sort));
	put(v, 141, hide_mix(l2, sort));
	put(v, 142, l2);
	put(v, 143, hide_mix(l3, x->sort));
	put(v, 144, hide_mix(r1, sort));
	put(v, 145, hide_mix(r2, x->sort));
	put(v, 146, hide_mix(r3, x->sort));
	put(v, 147, hide_mix(hide_mix(l1, r1), x->sort));
	put(v, 148, hide_mix(hide_mix(l2, r1), x->sort));
	put(v, 149, hide_mix(hide_mix(cue, l1), sort));
	put(v, 150, hide_mix(hide_mix(cue, e->word), x->sort));
	put(v, 151, hide_mix(hide_mix(cue, b->next * 4U + b->next_far), sort));
	put(v, 152,
	    hide_mix(hide_mix(x->sort, n < 8 ? (uint32_t)n : 8), inside));
	put(v, 153, hide_mix(e->word, e > b ? e[-1].word : 0));
	put(v, 154, hide_mix(hide_mix(plain(&left, -4), l3), x->sort));
}

size_t
hide_features(
    const struct hide_tokens *k, size_t i, uint32_t out[HIDE_FEATURES])
{
	struct view v = {k, i, out, 0, HIDE_FEATURES};

	put_words(&v);
	put_kinds(&v);
	put_cues(&v);
	put_place(&v);
	put_lists(&v);
	put_names(&v);
	put_plain(&v);
	put_rules(&v);
	put_evidence(&v);
	put_unit(&v);
	put_clause(&v);
	return v.n;
}

size_t
hide_features_after(const struct hide_tokens *k, size_t i, enum hide_tag last,
    uint32_t out[HIDE_AFTER])
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
