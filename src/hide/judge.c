/* SPDX-License-Identifier: ISC */
#include "hide/judge.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "hide/rules.h"
#include "hide/text.h"
#include "hide/token.h"
#include "hide/words.h"

/* Bytes of a letter that are judged at a time. */
#define PIECE_BYTES (48UL << 10)
/* And in all: what is longer is no letter, and its reader's time is short. */
#define MOST_BYTES (4 * PIECE_BYTES)
/* Looked at from here on (doubt.c says what is hidden), and what the rules
 * hide is freed up to here: doubt speaks for the writer. */
#define LEAST_MARGIN HIDE_DOUBT_NAMED
#define MOST_FREED (-400)
/* As often a name is looked for. */
#define MOST_TIMES 32

static void
add_up(const uint32_t *slots, size_t n, int32_t of[TAG_COUNT])
{
	for (size_t f = 0; f < n; f++)
		for (int tag = 1; tag < TAG_COUNT; tag++)
			of[tag] += hide_weights.feature[slots[f]][tag - 1];
}

static void
weigh(const struct hide_tokens *k, size_t i, struct hide_worth *worth)
{
	uint32_t slots[HIDE_FEATURES];
	int32_t alone[TAG_COUNT] = {0};

	add_up(slots, hide_features(k, i, slots), alone);
	for (int last = 0; last < TAG_COUNT; last++) {
		for (int tag = 0; tag < TAG_COUNT; tag++)
			worth->of[last][tag] = alone[tag];
		add_up(slots,
		    hide_features_after(k, i, (enum hide_tag)last, slots),
		    worth->of[last]);
	}
}

/* The margins of all tokens, in memory of its own; NULL when that is out. */
static struct hide_margin *
read_margins(const struct hide_tokens *k)
{
	struct hide_worth *worth = calloc(k->n, sizeof(*worth));
	struct hide_margin *margins = calloc(k->n + 1, sizeof(*margins));
	int rc = -1;

	if (worth != NULL && margins != NULL) {
		for (size_t i = 0; i < k->n; i++)
			weigh(k, i, &worth[i]);
		rc = hide_margins(
		    worth, hide_weights.move, k->n, margins);
	}
	free(worth);
	if (rc == 0)
		return margins;
	free(margins);
	return NULL;
}

struct judging {
	struct hide_text *t;
	struct hide_known *known;
	const struct hide_tokens *tokens;
	struct hide_margin *margins;
};

/* What headers, signature and the fields of a form say is beyond doubt. */
#define SURE_RULES (1U << RULE_SURE | 1U << RULE_FORM)

/* Hidden by the rules, and nothing speaks against it. */
static bool
stays_hidden(const struct judging *j, size_t i)
{
	const struct hide_token *x = &j->tokens->list[i];
	const struct hide_margin *m = &j->margins[i];

	return x->rules != 0 && ((x->rules & SURE_RULES) != 0 ||
				    !m->matters ||
				    m->writers > MOST_FREED);
}

/* What the words next to a number say of whose it is, they say for sure; and a
 * plate is the writer's only where it was he who was spoken of last. */
static bool
is_others_number(const struct judging *j, const struct hide_token *x)
{
	if (x->sort == UNIT_PLATE)
		return j->tokens->list[x->unit].cue != CUE_WRITER;
	return hide_is_long_number(j->t, x) &&
	       hide_owner_of(j->t, x->b, x->e) == OWNER_OTHER;
}

static void
leave_others_numbers(struct judging *j)
{
	const struct hide_token *list = j->tokens->list;

	for (size_t i = 0; i < j->tokens->n; i++)
		if (list[i].rules == 0 &&
		    j->margins[i].writers > LEAST_MARGIN &&
		    is_others_number(j, &list[i]))
			j->margins[i].writers = LEAST_MARGIN;
}

/* 鲁振邦是我二舅，他在西河沿倒土: kin who is accused in the next breath. */
static void
leave_accused_kin(struct judging *j)
{
	const struct hide_token *list = j->tokens->list;
	const struct hide_text *t = j->t;

	for (size_t i = 0; i < j->tokens->n; i++) {
		size_t end = list[list[i].unit_end - 1].e, b, e;

		if (list[i].sort != UNIT_NAME || list[i].rules != 0 ||
		    j->margins[i].writers <= LEAST_MARGIN ||
		    !hide_at(t, end, "是我"))
			continue;
		b = hide_next(t, hide_clause_end(t, end));
		e = hide_clause_end(t, b);
		if (hide_does_wrong(t, b, e))
			j->margins[i].writers = LEAST_MARGIN;
	}
}

static int64_t
margin_of(const struct judging *j, size_t from, size_t to)
{
	int64_t sum = 0;

	for (size_t i = from; i < to; i++)
		sum += j->margins[i].writers;
	return to > from ? sum / (int64_t)(to - from) : 0;
}

/* The margins of all places of the string, added up; *n of them. */
static int64_t
margin_everywhere(
    const struct judging *j, const char *what, size_t len, int *n)
{
	const struct hide_text *t = j->t;
	const char *end = t->s + j->tokens->list[j->tokens->n - 1].e;
	const char *p = t->s + j->tokens->list[0].b;
	int64_t sum = 0;
	size_t from, at;

	for (*n = 0; *n < MOST_TIMES; ++*n, p += len) {
		p = memmem(p, (size_t)(end - p), what, len);
		if (p == NULL)
			break;
		at = (size_t)(p - t->s);
		from = hide_token_at(j->tokens, at);
		sum += margin_of(
		    j, from, hide_token_at(j->tokens, at + len));
	}
	return sum;
}

/* A run of tokens is the writer's, but for the marks at its ends. */
static void
hide_run(struct judging *j, size_t from, size_t to)
{
	const struct hide_token *list = j->tokens->list;
	struct hide_text *t = j->t;
	size_t b, e;
	int n;

	while (from < to && !hide_is_han(t, list[from].b) &&
	       !hide_is_alnum(t, list[from].b))
		from++;
	while (to > from && !hide_is_han(t, list[to - 1].b) &&
	       !hide_is_alnum(t, list[to - 1].b))
		to--;
	if (from == to)
		return;
	b = list[from].b;
	e = list[to - 1].e;
	/* Who is named more than once is the same person each time. */
	if (margin_everywhere(j, t->s + b, e - b, &n) <=
	    hide_least_margin(t, j->tokens, from, to))
		return;
	hide_add(t, b, e);
	hide_learn_name(j->known, t, b, e);
}

static void
hide_runs(struct judging *j)
{
	size_t b = 0;

	leave_others_numbers(j);
	leave_accused_kin(j);
	for (size_t i = 0; i <= j->tokens->n; i++) {
		if (i < j->tokens->n && j->margins[i].writers > LEAST_MARGIN)
			continue;
		if (i > b)
			hide_run(j, b, i);
		b = i + 1;
	}
}

/* What the rules remember of the writer is somebody else's wherever it
 * stands. */
static void
forget_others(struct judging *j)
{
	struct hide_known *k = j->known;

	for (size_t i = k->n; i-- > 0;) {
		int n = 0;
		int64_t sum = k->list[i].sure || k->list[i].digits
		    ? 0
		    : margin_everywhere(j, k->list[i].text,
			  strlen(k->list[i].text), &n);

		if (n > 0 && sum <= (int64_t)n * MOST_FREED)
			hide_forget(k, i);
	}
}

/* Puts what the rules found there by what is left of it. */
static void
free_others(struct judging *j)
{
	const struct hide_tokens *k = j->tokens;
	size_t b = 0;

	j->t->n_spans = 0;
	for (size_t i = 0; i <= k->n; i++) {
		if (i < k->n && stays_hidden(j, i))
			continue;
		if (i > b)
			hide_add(j->t, k->list[b].b, k->list[i - 1].e);
		b = i + 1;
	}
}

static void
judge_piece(struct hide_text *t, struct hide_known *k,
    const struct hide_tokens *tokens)
{
	struct judging j = {t, k, tokens, read_margins(tokens)};

	if (j.margins == NULL) {
		t->bad = true;
		return;
	}
	/* What is longer, or full of anchors, is no letter: its rules stand. */
	if (t->len <= PIECE_BYTES && t->budget > 0) {
		forget_others(&j);
		free_others(&j);
	}
	hide_runs(&j);
	free(j.margins);
}

void
hide_judge(struct hide_text *t, struct hide_known *k)
{
	struct hide_tokens tokens;
	size_t to;

	for (size_t from = 0; from < t->len && from < MOST_BYTES && !t->bad;
	     from = to) {
		to = t->len;
		if (to - from > PIECE_BYTES)
			to = hide_next(t, from + PIECE_BYTES - 1);
		if (hide_tokens_read(t, from, to, &tokens) < 0) {
			t->bad = true;
			return;
		}
		judge_piece(t, k, &tokens);
		/* The last one may go on beyond the piece. */
		to = tokens.list[tokens.n - 1].e;
		hide_tokens_done(&tokens);
	}
}
