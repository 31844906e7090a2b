/* SPDX-License-Identifier: ISC */
#include "hide/judge.h"

/* weights.inc is written by `make hide-weights` (tests/learn). */
const struct hide_weights hide_weights = {
#include "hide/weights.inc"
};
