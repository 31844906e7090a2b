/* SPDX-License-Identifier: ISC */
#ifndef HIDE_SAID_H
#define HIDE_SAID_H

#include <stdbool.h>
#include <stddef.h>

struct hide_text;
struct hide_known;

/* What the files of hide_selves_said share: one word for oneself, and what is
 * said behind it. */

/* Characters of one statement; what is longer has lost its punctuation. */
#define MOST_CHARS 40

struct said {
	struct hide_text *t;
	struct hide_known *k;
	size_t self; /* of 我 */
	size_t b;    /* behind it */
	size_t e;    /* of the clause */
	bool benren; /* it is 本人 or 鄙人 */
};

/* Where the statement from b ends. */
size_t hide_said_end(const struct hide_text *t, size_t b);
/* Hides [b, e), learns a name in it, and goes on with what follows. */
void hide_said(struct said *x, size_t b, size_t e);
/* Behind all words of the list at i. */
size_t hide_skip_words(
    const struct hide_text *t, size_t i, const char *const *list);

/* home.c; true when the statement is one of these, hidden or not. */
/* 我家住…, 本人居住在…, 我租住于…, 我来自… */
bool hide_says_where(struct said *x);
/* 我的店在…, 我的摊位是B17, 我公司强盛土方 */
bool hide_says_own(struct said *x);
/* 我在解放路开饭店, 我在他们公司干了三年会计 */
bool hide_says_trade(struct said *x);

#endif
