/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "hide/judge.h"

/* While a letter is read from left to right, all that matters of what was read
 * is the last tag and who was named last: nobody's behind nobody, the writer or
 * the matter; the writer's; the matter's. */
enum state { NOBODYS, NOBODYS_AFTER_WRITER, NOBODYS_AFTER_MATTER, WRITERS,
	MATTERS, STATE_COUNT };

static const enum hide_tag tag_of[STATE_COUNT] = {
    TAG_NONE, TAG_NONE, TAG_NONE, TAG_WRITER, TAG_MATTER};
static const enum hide_tag last_of[STATE_COUNT] = {
    TAG_NONE, TAG_WRITER, TAG_MATTER, TAG_WRITER, TAG_MATTER};

/* Less than any reading is worth. */
#define IMPOSSIBLE (INT32_MIN / 4)

typedef int32_t states[STATE_COUNT];

enum hide_tag
hide_last_after(enum hide_tag last, enum hide_tag tag)
{
	return tag == TAG_NONE ? last : tag;
}

static int
next_state(int from, int tag)
{
	if (tag == TAG_NONE)
		return (int)last_of[from];
	return tag == TAG_WRITER ? WRITERS : MATTERS;
}

static void
begin(const struct hide_worth *worth, states v)
{
	for (int s = 0; s < STATE_COUNT; s++)
		v[s] = IMPOSSIBLE;
	v[NOBODYS] = worth->of[TAG_NONE][TAG_NONE];
	v[WRITERS] = worth->of[TAG_NONE][TAG_WRITER];
	v[MATTERS] = worth->of[TAG_NONE][TAG_MATTER];
}

/* The best way to each state of a token, and where it comes from. */
static void
go_on(const struct hide_worth *worth, const hide_move move, const states was,
    states v, uint8_t *from)
{
	for (int s = 0; s < STATE_COUNT; s++)
		v[s] = IMPOSSIBLE;
	for (int s = 0; s < STATE_COUNT; s++)
		for (int tag = 0; tag < TAG_COUNT; tag++) {
			int to = next_state(s, tag);
			int32_t sum = was[s] + worth->of[last_of[s]][tag] +
			    move[tag_of[s]][tag];

			if (sum <= v[to])
				continue;
			v[to] = sum;
			if (from != NULL)
				from[to] = (uint8_t)s;
		}
}

/* What the best way on from each state is worth. */
static void
come_back(const struct hide_worth *worth, const hide_move move,
    const states behind, states v)
{
	for (int s = 0; s < STATE_COUNT; s++) {
		v[s] = IMPOSSIBLE;
		for (int tag = 0; tag < TAG_COUNT; tag++) {
			int32_t sum = worth->of[last_of[s]][tag] +
			    move[tag_of[s]][tag] + behind[next_state(s, tag)];

			if (sum > v[s])
				v[s] = sum;
		}
	}
}

static struct hide_margin
compare(const states v, const states behind)
{
	int32_t other = IMPOSSIBLE, matters = v[MATTERS] + behind[MATTERS];

	for (int s = 0; s < STATE_COUNT; s++)
		if (s != WRITERS && v[s] + behind[s] > other)
			other = v[s] + behind[s];
	return (struct hide_margin){
	    v[WRITERS] + behind[WRITERS] - other, matters == other};
}

int
hide_margins(const struct hide_worth *worth, const hide_move move, size_t n,
    struct hide_margin *margins)
{
	states *v = calloc(n, sizeof(*v));
	states behind = {0}, more;

	if (v == NULL)
		return -1;
	begin(&worth[0], v[0]);
	for (size_t i = 1; i < n; i++)
		go_on(&worth[i], move, v[i - 1], v[i], NULL);
	for (size_t i = n; i-- > 0;) {
		margins[i] = compare(v[i], behind);
		come_back(&worth[i], move, behind, more);
		for (int s = 0; s < STATE_COUNT; s++)
			behind[s] = more[s];
	}
	free(v);
	return 0;
}

int
hide_best_tags(const struct hide_worth *worth, const hide_move move, size_t n,
    uint8_t *tags)
{
	uint8_t(*from)[STATE_COUNT] = calloc(n, sizeof(*from));
	states v, next;
	int s = 0;

	if (from == NULL)
		return -1;
	begin(&worth[0], v);
	for (size_t i = 1; i < n; i++) {
		go_on(&worth[i], move, v, next, from[i]);
		for (int p = 0; p < STATE_COUNT; p++)
			v[p] = next[p];
	}
	for (int p = 1; p < STATE_COUNT; p++)
		if (v[p] > v[s])
			s = p;
	for (size_t i = n; i-- > 0; s = from[i][s])
		tags[i] = (uint8_t)tag_of[s];
	free(from);
	return 0;
}
