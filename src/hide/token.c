/* SPDX-License-Identifier: ISC */
#include "hide/token.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "hide/number.h"
#include "hide/text.h"
#include "hide/words.h"

/* Kinds of Han characters and marks; of numbers and words they are hashes. */
enum { KIND_SURNAME = 1, KIND_HAN, KIND_UNIT, KIND_STOP, KIND_BLANK = 8 };

uint32_t
hide_hash(const char *s, size_t len)
{
	uint32_t h = hash_quick(s, len);

	return h ^ h >> 15;
}

/* ---- one token ---------------------------------------------------------- */

/* Digits that a number has, roughly: 7 and 8 are a telephone, 18 a card. */
static uint32_t
length_of(const struct number *x)
{
	static const uint8_t rough[] = {0, 1, 2, 3, 4, 5, 6, 8, 8, 10, 10, 11};

	if (x->n < 11)
		return rough[x->n];
	if (x->n == 11)
		return x->digits[0] == '1' ? 11 : 12;
	return x->n < 17 ? 15 : 18;
}

static void
read_number(
    const struct hide_text *t, const struct number *x, struct hide_token *k)
{
	uint32_t what = x->n >= 6 ? (uint32_t)hide_kind_of_number(t, x) : 0;

	k->e = x->e;
	k->word = hide_mix(hide_mix(what, length_of(x)), 0x1000U + x->joint);
	k->kind = hide_mix(what, 0x2000U + (x->n >= 6 ? 2U : x->n >= 3));
}

static bool
goes_on(const struct hide_text *t, size_t i)
{
	if (hide_is_alnum(t, i))
		return true;
	return i < t->len && t->s[i] != '\0' && strchr("_@.-", t->s[i]) &&
	       (hide_is_alnum(t, i + 1) ||
		   (i + 1 < t->len && (t->s[i + 1] == '_' ||
					  t->s[i + 1] == '@')));
}

/* A word of English, or what people call themselves in a messenger. */
static void
read_latin(const struct hide_text *t, struct hide_token *k)
{
	char first = t->original[t->at[k->b]];
	uint32_t capital = first >= 'A' && first <= 'Z';
	uint32_t odd = 0;
	size_t e = k->b;

	while (goes_on(t, e)) {
		odd |= t->s[e] == '@'	  ? 1U
		    : hide_is_digit(t, e) ? 2U
		    : t->s[e] == '_'	  ? 4U
					  : 0;
		e++;
	}
	k->e = e;
	if (odd != 0) {
		k->word = hide_mix(odd, 0x3000U + (e - k->b > 4));
		k->kind = k->word;
		return;
	}
	k->word = hide_mix(hide_hash(t->s + k->b, e - k->b), capital);
	k->kind = hide_mix(capital, 0x4000U + (e - k->b > 3));
}

static void
read_han(const struct hide_text *t, struct hide_token *k)
{
	static const char *const units[] = {"号", "栋", "幢", "楼", "室", "组",
	    "队", "弄", "座", "户", "排", "区", "单元", NULL};

	k->word = hide_hash(t->s + k->b, k->e - k->b);
	k->kind = hide_is_surname(t, k->b)	  ? KIND_SURNAME
	    : hide_match(t, k->b, units) > 0 ? KIND_UNIT
					     : KIND_HAN;
}

static void
read_mark(const struct hide_text *t, struct hide_token *k)
{
	k->word = hide_hash(t->s + k->b, k->e - k->b);
	k->stop = t->s[k->b] == '\n'		? STOP_LINE
	    : hide_ends_sentence(t, k->b) ? STOP_SENTENCE
	    : hide_ends_clause(t, k->b)	  ? STOP_CLAUSE
					  : STOP_NONE;
	if (t->s[k->b] == ' ')
		k->kind = KIND_BLANK;
	else
		k->kind = k->stop != STOP_NONE ? KIND_STOP + (uint32_t)k->stop
					       : k->word;
}

static bool
is_number(const struct hide_text *t, size_t i, struct number *x)
{
	return hide_may_start_number(t, i) && hide_read_number(t, i, x) &&
	       (x->n >= 3 || hide_is_digit(t, i));
}

static void
read_token(const struct hide_text *t, size_t i, struct hide_token *k)
{
	bool latin = hide_is_alnum(t, i) && !hide_is_digit(t, i);
	struct number x;

	*k = (struct hide_token){.b = i, .e = hide_next(t, i)};
	if (!latin && is_number(t, i, &x))
		read_number(t, &x, k);
	else if (hide_is_alnum(t, i) || t->s[i] == '_' || t->s[i] == '@')
		read_latin(t, k);
	else if (hide_is_han(t, i))
		read_han(t, k);
	else
		read_mark(t, k);
	if (k->e <= i)
		k->e = hide_next(t, i);
}

bool
hide_is_word(const struct hide_text *t, size_t i)
{
	unsigned char c = (unsigned char)t->s[i];

	return (c >= 'a' && c <= 'z') || (c >= 0xE4 && c <= 0xE9);
}

/* ---- what stands around it ---------------------------------------------- */

static void
find_clauses(struct hide_tokens *k)
{
	size_t b = 0, e = k->n;

	for (size_t i = 0; i < k->n; i++) {
		const struct hide_token *before = &k->list[i > 0 ? i - 1 : 0];

		if (i > 0 &&
		    (before->stop != STOP_NONE ||
			(before->kind == KIND_BLANK && i - b >= 3)))
			b = i;
		k->list[i].clause = b;
	}
	for (size_t i = k->n; i-- > 0;) {
		k->list[i].clause_end = e;
		if (k->list[i].clause == i)
			e = i;
	}
}

static void
mark_list(struct hide_tokens *k, size_t i, size_t end, uint8_t list)
{
	for (; i < k->n && k->list[i].b < end; i++)
		k->list[i].lists |= list;
}

static void
mark_name(const struct hide_text *t, struct hide_tokens *k, size_t i)
{
	const struct hide_token *last = &k->list[k->list[i].clause_end - 1];
	size_t b = k->list[i].b, e, n;

	e = last->stop != STOP_NONE || last->kind == KIND_BLANK ? last->b
								: last->e;
	n = hide_name_at(t, b, e);

	if (n == 0)
		n = hide_nick_at(t, b, e);
	for (size_t j = i; j < k->n && k->list[j].b < b + n; j++)
		k->list[j].name = j == i ? 1 : 2;
}

static void
find_words(const struct hide_text *t, struct hide_tokens *k)
{
	static const char *const *const lists[] = {hide_selves, hide_families,
	    hide_roles, hide_reporters, hide_accused, hide_others};

	for (size_t i = 0; i < k->n; i++) {
		size_t b = k->list[i].b;

		if (!hide_is_word(t, b))
			continue;
		for (size_t l = 0; l < sizeof(lists) / sizeof(lists[0]); l++) {
			size_t n = hide_match(t, b, lists[l]);

			mark_list(k, i, b + n, (uint8_t)(1U << l));
		}
		if (k->list[i].name == 0 && hide_is_han(t, b))
			mark_name(t, k, i);
	}
}

static void
find_last_words(struct hide_tokens *k)
{
	size_t at = 0, far;
	uint8_t last = 0;

	for (size_t i = 0; i < k->n; i++) {
		struct hide_token *x = &k->list[i];

		far = i - at;
		x->list = last;
		x->list_far = last == 0 ? 0
		    : far < 3		? 1
		    : far < 8		? 2
		    : far < 20		? 3
					: 4;
		if (x->lists != 0) {
			last = x->lists;
			at = i;
		}
	}
}

/* Where the reading of a letter stands. */
struct cue {
	uint8_t who;
	size_t at, clause, sentence; /* of the word that said it */
};

static uint8_t
distance(const struct cue *c, size_t i, size_t clause, size_t sentence)
{
	size_t far = i - c->at;

	if (c->who == 0)
		return 0;
	if (c->clause == clause)
		return far < 4 ? 1 : 2;
	if (c->sentence == sentence)
		return 3;
	return far < 25 ? 4 : far < 60 ? 5 : 6;
}

/* enum hide_cue */
static uint8_t
who_at(const struct hide_text *t, const struct hide_token *x)
{
	static const char *const mine[] = {"我", "俺", "本人", "咱", "本店",
	    "本公司", "自己", "举报人", "反映人", "来电人", "市民", "联系人",
	    "额", "my", "i", "我们", "me", NULL};
	static const char *const theirs[] = {"他", "她", "其", "对方", "老板",
	    "被举报", "被反映", "那人", "此人", "佢", "该", "his", "he", "him",
	    "they", "负责人", NULL};
	size_t m, o, n;

	if (!hide_is_word(t, x->b))
		return 0;
	m = hide_match(t, x->b, mine);
	o = hide_match(t, x->b, theirs);
	n = m >= o ? m : o;
	if (n == 0 || (hide_is_alnum(t, x->b) && n != x->e - x->b))
		return 0;
	return m >= o ? CUE_WRITER : CUE_OTHER;
}

static void
find_cues(const struct hide_text *t, struct hide_tokens *k)
{
	size_t clause = 0, sentence = 0;
	struct cue c = {.who = 0};
	uint8_t section = 0, who;

	for (size_t i = 0; i < k->n; i++) {
		struct hide_token *x = &k->list[i];

		x->cue = c.who;
		x->cue_at = c.at;
		x->cue_far = distance(&c, i, clause, sentence);
		x->section = section;
		if (hide_match(t, x->b, hide_accused) > 0)
			section = 2;
		else if (hide_match(t, x->b, hide_reporters) > 0)
			section = 1;
		who = who_at(t, x);
		if (who != 0)
			c = (struct cue){who, i, clause, sentence};
		clause += x->stop != STOP_NONE;
		sentence += x->stop >= STOP_SENTENCE;
	}
}

size_t
hide_token_at(const struct hide_tokens *k, size_t at)
{
	size_t from = 0, to = k->n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (k->list[mid].b < at)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

bool
hide_is_long_number(const struct hide_text *t, const struct hide_token *x)
{
	return x->e - x->b >= 5 && hide_has_digit(t, x->b, x->e);
}

int
hide_tokens_read(const struct hide_text *t, size_t from, size_t to,
    struct hide_tokens *out)
{
	struct hide_tokens k = {.n = 0};

	k.list = calloc(to - from + 1, sizeof(*k.list));
	if (k.list == NULL)
		return -1;
	for (size_t i = from; i < to; i = k.list[k.n++].e)
		read_token(t, i, &k.list[k.n]);
	find_clauses(&k);
	find_words(t, &k);
	find_last_words(&k);
	find_cues(t, &k);
	hide_find_units(t, &k);
	hide_find_evidence(t, &k);
	*out = k;
	return 0;
}

void
hide_tokens_done(struct hide_tokens *k)
{
	free(k->list);
	*k = (struct hide_tokens){.n = 0};
}
