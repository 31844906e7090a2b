/* SPDX-License-Identifier: ISC */
#ifndef HIDE_TEXT_H
#define HIDE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fold.h"

/*
 * The text as the rules of hiding see it: folded (base/fold.h).  Places are
 * byte offsets in this form, always between characters; at[] leads back to the
 * original.
 */
struct hide_span {
	size_t from, to;
	unsigned by; /* the rule that found it */
};

struct hide_text {
	const char *original;
	struct fold fold; /* owns the next three */
	const char *s; /* NUL-terminated */
	size_t len;
	const uint32_t *at;		 /* of each byte, and of the end */
	struct hide_span *spans; /* what is to be hidden, in any order */
	size_t n_spans, size_spans;
	unsigned by; /* the rule at work (rules.h) */
	unsigned looked_for; /* so many of what is known (hide_known) */
	size_t budget; /* anchors that may still be looked at */
	bool she, he;  /* 她, 他 is for whom the letter is written */
	bool car;      /* the writer says 我的车 */
	bool shop;     /* the writer says 我店, 本店: he keeps one */
	bool bad;      /* memory ran out */
};

/* Anchors (self words, numbers) of one text that are judged: more is no
 * letter.  From the one that is too many on everything is hidden. */
#define HIDE_ANCHORS 20000

int hide_text_init(struct hide_text *t, const char *original);
void hide_text_done(struct hide_text *t);

/* Marks [from, to) as to be hidden; nothing when it is empty. */
void hide_add(struct hide_text *t, size_t from, size_t to);
/* Whether the place lies in something that is hidden already. */
bool hide_covered(const struct hide_text *t, size_t at);
/* One anchor less; false, with the rest of the text hidden, when there were
 * too many. */
bool hide_spend(struct hide_text *t, size_t at);

/* Whether the word starts, or ends, at the place. */
bool hide_at(const struct hide_text *t, size_t i, const char *word);
bool hide_before(const struct hide_text *t, size_t i, const char *word);
/* Bytes of the longest word of a static NULL-terminated list that starts, or
 * ends, there; 0 = none. */
size_t hide_match(const struct hide_text *t, size_t i, const char *const *list);
size_t hide_match_before(
    const struct hide_text *t, size_t i, const char *const *list);
/* The first place in [b, e) where a word of the list starts; e if none. */
size_t hide_find_any(
    const struct hide_text *t, size_t b, size_t e, const char *const *list);

/* The next and the previous character. */
size_t hide_next(const struct hide_text *t, size_t i);
size_t hide_prev(const struct hide_text *t, size_t i);
size_t hide_chars(const struct hide_text *t, size_t b, size_t e);
bool hide_is_han(const struct hide_text *t, size_t i);
/* Whether all of [b, e) is Han, and something is. */
bool hide_all_han(const struct hide_text *t, size_t b, size_t e);
/* Words of [b, e), each with a capital at its start in the original, and with
 * none inside when it is plain; 0 when it is anything else. */
size_t hide_capital_words(
    const struct hide_text *t, size_t b, size_t e, bool plain);
/* Two or three of them: Peter Novak. */
bool hide_is_english_name(const struct hide_text *t, size_t b, size_t e);
bool hide_is_digit(const struct hide_text *t, size_t i);
bool hide_is_alnum(const struct hide_text *t, size_t i);
bool hide_has_digit(const struct hide_text *t, size_t b, size_t e);

size_t hide_skip_blank(const struct hide_text *t, size_t i, size_t e);
size_t hide_trim_end(const struct hide_text *t, size_t b, size_t e);
/* The line around a place, without its end. */
size_t hide_line_start(const struct hide_text *t, size_t i);
size_t hide_line_end(const struct hide_text *t, size_t i);
/* Whether a clause or a sentence ends with the character at i. */
bool hide_ends_clause(const struct hide_text *t, size_t i);
bool hide_ends_sentence(const struct hide_text *t, size_t i);
/* Where the sentence that goes on at i begins, or sixty characters before. */
size_t hide_sentence_start(const struct hide_text *t, size_t i);
/* Where the clause from i ends: at its mark, a line's end, or a blank behind
 * at least two characters. */
size_t hide_clause_end(const struct hide_text *t, size_t i);

#endif
