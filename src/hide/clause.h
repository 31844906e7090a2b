/* SPDX-License-Identifier: ISC */
#ifndef HIDE_CLAUSE_H
#define HIDE_CLAUSE_H

#include <stdbool.h>
#include <stddef.h>

struct hide_text;
struct hide_known;

/*
 * The letter as a chain of clauses: of whom each speaks, and whether it says
 * what he is or what happened.  What is said of the writer and is no event
 * tells who he is, in whatever words.
 */

/* clause.c: hides it, everywhere in the text. */
void hide_clauses(struct hide_text *t, struct hide_known *k);

/* verb.c: behind 平时, 也, 一直 … at i. */
size_t hide_skip_adverbs(const struct hide_text *t, size_t i, size_t e);
/* Bytes of a verb of living (住, 打工, 当) at i; 0 = none. */
size_t hide_life_at(const struct hide_text *t, size_t i);
/* Whether what begins at i is said of the matter: 看见, 交了, 希望. */
bool hide_starts_event(const struct hide_text *t, size_t i);
/* Whether a wish, a fear or a wrong suffered begins at i. */
bool hide_is_mind_at(const struct hide_text *t, size_t i);
/* Whether [b, e) tells of it anywhere: 被, 发现, 摔了. */
bool hide_tells_event(const struct hide_text *t, size_t b, size_t e);
/* Whether [b, e) says what became of a post: 被辞退, 调到…. */
bool hide_is_about_post(const struct hide_text *t, size_t b, size_t e);
/* Whether it says where one is seen from: 正对着他家院门. */
bool hide_is_about_seat(const struct hide_text *t, size_t b, size_t e);
/* Bytes of a time (2019到2024年, 三年前) at i; 0 = none. */
size_t hide_time_at(const struct hide_text *t, size_t i, size_t e);

/* kin.c: bytes of a word for kin at i: 二舅, 表妹夫, 老丈人; 0 = none. */
size_t hide_kin_at(const struct hide_text *t, size_t i);
/* The same with more of them: 前妻的弟弟. */
size_t hide_kin_chain(const struct hide_text *t, size_t i);

/* place.c: bytes of 在平安路 at b, in front of what one does there. */
size_t hide_public_place(const struct hide_text *t, size_t b, size_t e);

/* The same of that, and of a firm that the letter accuses. */
size_t hide_matter_place(const struct hide_text *t, size_t b, size_t e);

#endif
