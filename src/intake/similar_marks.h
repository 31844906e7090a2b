/* SPDX-License-Identifier: ISC */
#ifndef INTAKE_SIMILAR_MARKS_H
#define INTAKE_SIMILAR_MARKS_H

#include <stddef.h>

#include "intake/similar.h"

struct hide_text;

/* Inside similar: a plate, number, name or place in the form in which two
 * texts have it alike. */
struct similar_mark {
	char s[64];
	size_t len;
};
/* Adds its key, once, while there is room for the kind. */
void similar_add(struct similar_print *p, enum similar_kind kind,
    const struct similar_mark *mark);
/* Finds all of a text (similar_marks.c). */
void similar_marks(const struct hide_text *t, struct similar_print *out);

#endif
