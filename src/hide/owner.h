/* SPDX-License-Identifier: ISC */
#ifndef HIDE_OWNER_H
#define HIDE_OWNER_H

#include <stdbool.h>
#include <stddef.h>

#include "hide/rules.h"

/* What the files that find the owner of a number share: the words in front of
 * it, read from right to left. */
struct left {
	const struct hide_text *t;
	size_t floor;
	size_t e;    /* what is in front of here is still to be read */
	bool named;  /* a name stood next to the number */
	bool called; /* … behind 叫, 外号 … */
	size_t name, name_end;
};

/* side.c: by what else stands in the sentence of the number. */
enum hide_owner hide_owner_by_side(const struct left *l, size_t number);

/* near.c: 店主张志强 where the writer said 我店: whether the title at i is
 * his own. */
bool hide_is_own_title(const struct hide_text *t, size_t i);

#endif
