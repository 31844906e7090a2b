/* SPDX-License-Identifier: ISC */
#ifndef FOLLOW_RECIPIENTS_H
#define FOLLOW_RECIPIENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct conf;

/*
 * Who is written to about a clue's deadlines.  Pure.  Nobody that the clue
 * accuses is ever in the answer: the office gets such a letter instead,
 * somebody of it who is not accused, or else discipline.  A clue with
 * discipline is nobody's business but theirs and, where a step is meant for
 * it, the office's.
 */
struct recipients_clue {
	const char *officer, *deputy, *leader; /* ids; "" = none */
	const char *excluded;		       /* "id: why; id: why (?)" */
	bool discipline;
	bool with_office; /* nobody has it: new or returned */
};
#define MAX_RECIPIENTS 4
struct recipients {
	int person[MAX_RECIPIENTS]; /* roster indexes, no one twice */
	size_t n;
	int acting; /* whose turn it is: the officer, who acts for an absent
		     * one, or the office; -1 = everybody is accused */
};
/* to: enum ladder_to; today: the office's day number. */
void recipients_find(const struct conf *conf,
    const struct recipients_clue *clue, uint32_t to, int32_t today,
    struct recipients *out);

/* Whether the id stands in a clue's list of the accused. */
bool recipients_excluded(const char *excluded, const char *id);

#endif
