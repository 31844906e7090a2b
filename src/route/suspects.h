/* SPDX-License-Identifier: ISC */
#ifndef ROUTE_SUSPECTS_H
#define ROUTE_SUSPECTS_H

#include "route/sound.h"
#include "route/titles.h"
#include "route/wordlist.h"

struct norm_table;
struct roster_conf;

/* The roster as words to be looked for (suspects.c makes them, accused.c
 * judges what they mean in a tip). */
enum word_kind {
	WORD_NAME,   /* index: person */
	WORD_ROLE,   /* person: the whole role */
	WORD_CALLED, /* person: surname and title */
	WORD_HIDDEN, /* person: 王某, 姓王, 王队 */
	WORD_UNIT,   /* unit */
	WORD_TITLE,  /* titles[] */
	WORD_LEADER, /* leader_words[] */
	WORD_DEED,   /* deed_words[] */
	WORD_REMEDY, /* remedy_words[] */
	WORD_SOUND,  /* person: his name by its sound */
};

struct suspects {
	const struct roster_conf *roster;
	const struct norm_table *table;
	struct wordlist *words;
	struct sounds *sounds;
	int *title_of; /* of each person; -1 */
};

#endif
