/* SPDX-License-Identifier: ISC */
#ifndef STORE_TURN_H
#define STORE_TURN_H

#include <stdbool.h>

/* Whether an event of this kind makes the next turn of its clue (work.h). */
bool is_turn(const char *kind);

#endif
