/* SPDX-License-Identifier: ISC */
#ifndef CONF_CHECK_H
#define CONF_CHECK_H

#include "conf/load.h"

/* Checks that more than one file_*.c needs.  "" passes: what must be there is
 * the tables' business. */
void check_id(struct load *l, const struct word *w);
void check_address(struct load *l, const struct word *w, const char *key);
/* Twins among the addresses of the roster, and those that are our own. */
void check_own_addresses(struct load *l, const struct word *list, size_t n);
/* Names by which texts are searched: one character would be found in any. */
void check_name(struct load *l, const struct word *w, const struct words *more);
/* Every domain that goes to officers must be reached by a duty, in every
 * area, and every duty by a clue.  places: where each duty is written. */
void check_duties(struct load *l, struct place at, const struct place *places);

#endif
