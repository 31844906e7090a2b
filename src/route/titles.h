/* SPDX-License-Identifier: ISC */
#ifndef ROUTE_TITLES_H
#define ROUTE_TITLES_H

#include <stdbool.h>
#include <stddef.h>

/* Titles of office, longest first where one ends like another. */
extern const char *const titles[];
extern const size_t n_titles;
/* How people call whoever leads a unit. */
extern const char *const leader_words[];
extern const size_t n_leader_words;

/* What a unit as such is accused of, and what it is asked to do about it. */
extern const char *const deed_words[];
extern const size_t n_deed_words;
extern const char *const remedy_words[];
extern const size_t n_remedy_words;

/* The title at the end of a role (环卫所副所长 → 副所长); -1 = none. */
int title_of_role(const char *role);
/* Whether a unit may be led by somebody of that title: no deputy, no 科员. */
bool title_is_head(int title);
/* Bytes of the surname at the start of a name of two to four Han characters
 * (欧阳某 → 6); 0 when the name is of another kind. */
size_t surname_bytes(const char *name);

#endif
