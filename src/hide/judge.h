/* SPDX-License-Identifier: ISC */
#ifndef HIDE_JUDGE_H
#define HIDE_JUDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hide_text;
struct hide_known;
struct hide_token;
struct hide_tokens;

/*
 * What the rules of hiding do not know by name, a judge finds that has learnt
 * from labelled letters (tests/data/hide) how people name themselves and how
 * they name others: a linear chain over the tokens of the letter, each of
 * which is nobody's, the writer's or the matter's.  What the rules made of the
 * letter is part of what it sees; it hides more, and frees what it takes for
 * the matter's, unless headers, signature or a form say whose it is.
 *
 * Collins, Discriminative Training Methods for Hidden Markov Models (2002).
 * All of it is whole numbers: the same letter is judged alike everywhere.
 */

enum hide_tag { TAG_NONE, TAG_WRITER, TAG_MATTER, TAG_COUNT };

/* weights.c, written by `make hide-weights`: how much each feature speaks
 * for the writer and for the matter, and each tag behind another. */
#define HIDE_WEIGHTS (1U << 16)
typedef int32_t hide_move[TAG_COUNT][TAG_COUNT]; /* [from][to] */
struct hide_weights {
	int8_t feature[HIDE_WEIGHTS][TAG_COUNT - 1];
	hide_move move;
};
extern const struct hide_weights hide_weights;

/* feature.c: what token i looks like, in at most HIDE_FEATURES numbers
 * below HIDE_WEIGHTS; returns how many. */
#define HIDE_FEATURES 112
size_t hide_features(
    const struct hide_tokens *k, size_t i, uint32_t out[HIDE_FEATURES]);
/* What it looks like when `last` was the last one named in front of it:
 * telephones follow their owner's name. */
#define HIDE_AFTER 8
size_t hide_features_after(const struct hide_tokens *k, size_t i,
    enum hide_tag last, uint32_t out[HIDE_AFTER]);

/* reading.c: what each tag of a token is worth behind each of those who
 * may have been named last. */
struct hide_worth {
	int32_t of[TAG_COUNT][TAG_COUNT]; /* [last][tag] */
};

struct hide_margin {
	/* By how much the best reading of the letter in which the token is the
	 * writer's is better than the best one in which it is not. */
	int32_t writers;
	bool matters; /* The latter says that it is the matter's. */
};
/* margins[n], n > 0.  -1 when memory is out. */
int hide_margins(const struct hide_worth *worth, const hide_move move,
    size_t n, struct hide_margin *margins);
/* The best reading: tags[n]. */
int hide_best_tags(const struct hide_worth *worth, const hide_move move,
    size_t n, uint8_t *tags);
/* Who was named last, when `last` was and a token with `tag` follows. */
enum hide_tag hide_last_after(enum hide_tag last, enum hide_tag tag);

/* doubt.c: the margin beyond which the run [from, to) of tokens is hidden,
 * by what it can tell of anybody. */
#define HIDE_DOUBT_NAMED (-80) /* a name, a number: when in doubt, hidden */
int64_t hide_least_margin(const struct hide_text *t,
    const struct hide_tokens *k, size_t from, size_t to);

/* Hides what is judged to be the writer's, and remembers it. */
void hide_judge(struct hide_text *t, struct hide_known *k);

#endif
