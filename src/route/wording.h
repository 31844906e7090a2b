/* SPDX-License-Identifier: ISC */
#ifndef ROUTE_WORDING_H
#define ROUTE_WORDING_H

#include <stddef.h>
#include <stdint.h>

struct norm;

/*
 * How a letter is worded.  Who has seen an official shield somebody seldom
 * says so: he tells what he saw, who sat at which table, what was said and
 * when.  No list has all the words for that, but such letters are worded
 * unlike a complaint, and letters that people have labelled teach how
 * (tests/learn/wording_learn.c, from tests/data/rules).
 *
 * Each run of one or two characters at the beginning of the normal form
 * stands for a slot, by hash, and each slot that is there counts once.  The
 * odds are the sum of the slots' weights by the root of their number, lest a
 * long letter be worth more than a short one; a few words more are reckoned
 * with, so that one alone is worth little.
 */
#define WORDING_SLOTS 32768
#define WORDING_CHARS 400 /* from the beginning of the letter */
#define WORDING_RUN 2
#define WORDING_READ (WORDING_CHARS * WORDING_RUN)
#define WORDING_MORE 32
/* What is surer than this is no surer: wording is not everything. */
#define WORDING_LEAST (-1000)
#define WORDING_MOST 1500
/* As people read it in explanations. */
#define WORDING_LABEL "（措辞）"

struct wording {
	int32_t bias; /* thousandths */
	int32_t unit; /* what 1 in a slot is, thousandths */
	int8_t slots[WORDING_SLOTS];
};

/* What labelled letters taught about protective umbrellas. */
extern const struct wording wording_umbrella;

/* A slot and the byte of the normal form where its run ends. */
struct wording_slot {
	uint32_t slot;
	uint32_t to;
};

/* The slots of a letter, distinct, in the order they come; how many. */
size_t wording_read(
    const struct norm *text, struct wording_slot slots[WORDING_READ]);

struct wording_verdict {
	int32_t odds;	   /* thousandths; below 0 it is worded otherwise */
	uint32_t from, to; /* of the normal form: the sentence that says most */
};
void wording_judge(const struct wording *w, const struct norm *text,
    struct wording_verdict *out);

#endif
