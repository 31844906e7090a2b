/* SPDX-License-Identifier: ISC */
#include <stdbool.h>

#include "hide/text.h"
#include "hide/token.h"
#include "hide/words.h"

static void
find_rules(const struct hide_text *t, struct hide_tokens *k)
{
	for (size_t s = 0; s < t->n_spans; s++) {
		const struct hide_span *x = &t->spans[s];
		size_t i = hide_token_at(k, x->from);

		i -= i > 0 && k->list[i - 1].e > x->from;
		for (; i < k->n && k->list[i].b < x->to; i++)
			k->list[i].rules |= (uint16_t)(1U << x->by);
	}
}

/* What a token says of who is spoken of: cue of the token behind it. */
static uint8_t
own_cue(const struct hide_tokens *k, size_t i)
{
	if (i + 1 >= k->n || k->list[i + 1].cue_far != 1)
		return 0;
	return k->list[i + 1].cue_at == i ? k->list[i + 1].cue : 0;
}

static void
find_next(struct hide_tokens *k)
{
	uint8_t next = 0, who;
	size_t at = 0, clause_end = k->n;

	for (size_t i = k->n; i-- > 0;) {
		struct hide_token *x = &k->list[i];

		if (x->clause_end != clause_end) {
			next = 0;
			clause_end = x->clause_end;
		}
		x->next = next;
		x->next_far = next == 0	   ? 0
			      : at - i < 3 ? 1
			      : at - i < 7 ? 2
					   : 3;
		who = own_cue(k, i);
		if (who != 0) {
			next = who;
			at = i;
		}
	}
}

static uint8_t
verb_at(const struct hide_text *t, size_t b)
{
	static const char *const wrongs[] = {"打", "砸", "收", "堵", "抢", "骂",
	    "威胁", "恐吓", "逼", "垄断", "强占", "霸占", "强揽", "倒", "拦",
	    "掀", "踹", "带人", "带着", "带头", "领头", "纠集", "勾结", "伙同",
	    "指使", "要钱", "不给", "不交", "掐", "扎", "捅", "砍", "推", "拆",
	    "占", "卡", "敲诈", "勒索", "撑腰", "包庇", "放话", "扬言", "自称",
	    "外号", "绰号", "人称", "真名", "叫人", "手下", "马仔", "找人",
	    "举报", "投诉", "threat", "beat", "collect", "dump", NULL};
	static const char *const livings[] = {"住", "卖", "开店", "开了",
	    "上班", "打工", "摆摊", "做生意", "退休", "租", "联系", "回电",
	    "打给", "打我", "找我", "加我", "工作", "经营", "种", "修", "拉货",
	    "跑车", "看病", "上学", "读书", "念书", "带孩子", "摆", "干了",
	    "做了", "年级", "保密", "回访", "不敢", "害怕", "live", "work",
	    "sell", "call", "reach", NULL};
	size_t w, l;

	if (!hide_is_word(t, b))
		return VERB_NONE;
	w = hide_match(t, b, wrongs);
	l = hide_match(t, b, livings);
	return w == 0 && l == 0 ? VERB_NONE : w >= l ? VERB_WRONG : VERB_LIVING;
}

static void
find_verbs(const struct hide_text *t, struct hide_tokens *k)
{
	uint8_t last = VERB_NONE, verb;

	for (size_t i = 0; i < k->n; i++) {
		struct hide_token *x = &k->list[i];

		if (x->clause == i)
			last = VERB_NONE;
		x->verb = last;
		verb = verb_at(t, x->b);
		x->next_verb = verb; /* its own, until the way back */
		if (verb != VERB_NONE)
			last = verb;
	}
	last = VERB_NONE;
	for (size_t i = k->n; i-- > 0;) {
		struct hide_token *x = &k->list[i];

		verb = x->next_verb;
		x->next_verb = last;
		if (verb != VERB_NONE)
			last = verb;
		if (x->clause == i)
			last = VERB_NONE;
	}
}

/* ---- the same elsewhere ------------------------------------------------- */

#define MOST_SEEN 64
struct seen {
	uint32_t what;
	size_t first, last, n;
};
struct seens {
	struct seen list[MOST_SEEN];
	size_t n;
};

static struct seen *
look_up(struct seens *s, uint32_t what, size_t i)
{
	size_t at = 0;

	while (at < s->n && s->list[at].what != what)
		at++;
	if (at == MOST_SEEN)
		return NULL;
	if (at == s->n)
		s->list[s->n++] = (struct seen){what, i, i, 0};
	return &s->list[at];
}

static void
find_orders(const struct hide_text *t, struct hide_tokens *k)
{
	struct seens kinds = {.n = 0};

	for (size_t i = 0; i < k->n; i++) {
		struct seen *s = !hide_is_long_number(t, &k->list[i])
				     ? NULL
				     : look_up(&kinds, k->list[i].kind, i);

		if (s != NULL) {
			s->last = i;
			s->n++;
		}
	}
	for (size_t s = 0; s < kinds.n; s++) {
		const struct seen *x = &kinds.list[s];

		for (size_t i = x->first; i <= x->last; i++)
			if (k->list[i].kind == x->what &&
			    hide_is_long_number(t, &k->list[i]))
				k->list[i].order = x->n == 1	   ? 1
						   : i == x->first ? 2
						   : i == x->last  ? 3
								   : 4;
	}
}

/* Whoever is named where x is. */
static uint8_t
said_of(const struct hide_token *x)
{
	return (uint8_t)(1U + (x->rules != 0) * 24U + x->cue * 8U + x->cue_far);
}

static void
find_again(const struct hide_text *t, struct hide_tokens *k)
{
	struct seens names = {.n = 0};

	for (size_t i = 0; i < k->n; i++) {
		size_t to = i + 1;
		struct seen *s;

		if (k->list[i].name != 1 &&
		    !hide_is_long_number(t, &k->list[i]))
			continue;
		while (to < k->n && k->list[to].name == 2)
			to++;
		s = look_up(&names,
		    hide_hash(
			t->s + k->list[i].b, k->list[to - 1].e - k->list[i].b),
		    i);
		if (s == NULL || s->n++ == 0)
			continue;
		for (size_t j = i; j < to; j++)
			k->list[j].again = said_of(&k->list[s->first]);
		if (s->n == 2)
			for (size_t j = s->first; j < s->first + (to - i); j++)
				k->list[j].again = said_of(&k->list[i]);
	}
}

void
hide_find_evidence(const struct hide_text *t, struct hide_tokens *k)
{
	find_rules(t, k);
	find_next(k);
	find_verbs(t, k);
	find_orders(t, k);
	find_again(t, k);
}
