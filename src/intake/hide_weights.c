/* SPDX-License-Identifier: ISC */
#include "intake/hide_judge.h"

/* hide_weights.inc is written by `make hide-weights` (tests/learn). */
const struct hide_weights hide_weights = {
#include "intake/hide_weights.inc"
};
