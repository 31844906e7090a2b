/* SPDX-License-Identifier: ISC */
#include "intake/hide_judge.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "intake/hide_rules.h"
#include "intake/hide_text.h"
#include "intake/hide_token.h"
#include "intake/hide_words.h"

/* Bytes of a letter that are judged at a time. */
#define PIECE_BYTES (48UL << 10)
/* And in all: what is longer is no letter, and its reader's time is short. */
#define MOST_BYTES (4 * PIECE_BYTES)
/* Hidden from here on: doubt speaks for the writer. */
#define LEAST_MARGIN 40
/* As often a name is looked for. */
#define MOST_TIMES 32

static void
add_up(const uint16_t *slots, size_t n, int32_t of[TAG_COUNT])
{
	for (size_t f = 0; f < n; f++)
		for (int tag = 1; tag < TAG_COUNT; tag++)
			of[tag] += hide_weights.feature[slots[f]][tag - 1];
}

static void
weigh(const struct hide_tokens *k, size_t i, struct hide_worth *worth)
{
	uint16_t slots[HIDE_FEATURES];
	int32_t alone[TAG_COUNT] = {0};

	add_up(slots, hide_features(k, i, slots), alone);
	for (int last = 0; last < TAG_COUNT; last++) {
		for (int tag = 0; tag < TAG_COUNT; tag++)
			worth->of[last][tag] = alone[tag];
		add_up(slots, hide_features_after(k, i, last, slots),
		    worth->of[last]);
	}
}

/* The margins of all tokens, in memory of its own; NULL when that is out. */
static int32_t *
read_margins(const struct hide_tokens *k)
{
	struct hide_worth *worth = calloc(k->n, sizeof(*worth));
	int32_t *margins = calloc(k->n + 1, sizeof(*margins));
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
	int32_t *margins; /* of each token, and one that ends the last run */
};

/* What the words next to a number say of whose it is, they say for sure. */
static void
leave_others_numbers(struct judging *j)
{
	const struct hide_token *list = j->tokens->list;

	for (size_t i = 0; i < j->tokens->n; i++)
		if (j->margins[i] > LEAST_MARGIN &&
		    list[i].e - list[i].b >= 5 &&
		    hide_has_digit(j->t, list[i].b, list[i].e) &&
		    hide_owner_of(j->t, list[i].b, list[i].e) == OWNER_OTHER)
			j->margins[i] = LEAST_MARGIN;
}

/* The first token that begins at the byte or behind it. */
static size_t
token_at(const struct hide_tokens *k, size_t at)
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

static int64_t
margin_of(const struct judging *j, size_t from, size_t to)
{
	int64_t sum = 0;

	for (size_t i = from; i < to; i++)
		sum += j->margins[i];
	return to > from ? sum / (int64_t)(to - from) : 0;
}

/* Who is named more than once is the same person each time. */
static bool
is_writers_everywhere(const struct judging *j, size_t b, size_t e)
{
	const struct hide_text *t = j->t;
	const char *end = t->s + j->tokens->list[j->tokens->n - 1].e;
	const char *p = t->s + j->tokens->list[0].b;
	int64_t sum = 0;
	size_t from;

	for (int n = 0; n < MOST_TIMES; n++, p += e - b) {
		p = memmem(p, (size_t)(end - p), t->s + b, e - b);
		if (p == NULL)
			break;
		from = token_at(j->tokens, (size_t)(p - t->s));
		sum += margin_of(j, from,
		    token_at(j->tokens, (size_t)(p - t->s) + (e - b)));
	}
	return sum > LEAST_MARGIN;
}

/* 洪武路, 文昌路小学门口, 200: where and when it happened, and how much; whoever
 * lives or trades there is told by a number, a name or a sign. */
static bool
tells_nobody(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const places[] = {"路", "街", "巷", "道", "口", "桥",
	    "场", "市", "河", "湖", "旁边", "边", "附近", "对面", "门前", "村",
	    "镇", "乡", "里", "期", "苑", "花园", "小区", "地块", "工地", "站",
	    "学校", "小学", "中学", "医院", "公园", "步行街", "街道", "天桥",
	    "月", "日", "年", "天", "晚", "早", "元", "块", "万", NULL};
	static const char *const anybody[] = {"渣土车", "工程车", "大货车",
	    "城管", "城管局", "执法队", "派出所", "物业", "保安", "工地",
	    "车队", "公司", "老板", "领导", "政府", "街道办", "社区", NULL};
	size_t digits = 0;

	if (hide_match(t, b, anybody) == e - b ||
	    hide_match(t, b, hide_others) == e - b)
		return true;
	for (size_t i = b; i < e; i++)
		digits += hide_is_digit(t, i);
	if (digits >= 5 || hide_has_door(t, b, e))
		return false;
	return hide_match_before(t, e, places) > 0 ||
	    (digits > 0 && digits == e - b);
}

/* A run of tokens is the writer's, but for the marks at its ends. */
static void
hide_run(struct judging *j, size_t from, size_t to)
{
	const struct hide_token *list = j->tokens->list;
	struct hide_text *t = j->t;
	size_t b, e;

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
	if (tells_nobody(t, b, e) || !is_writers_everywhere(j, b, e))
		return;
	hide_add(t, b, e);
	hide_learn_name(j->known, t, b, e);
}

static void
hide_runs(struct judging *j)
{
	size_t b = 0;

	leave_others_numbers(j);
	for (size_t i = 0; i <= j->tokens->n; i++) {
		if (j->margins[i] > LEAST_MARGIN)
			continue;
		if (i > b)
			hide_run(j, b, i);
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
	j.margins[tokens->n] = LEAST_MARGIN;
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
