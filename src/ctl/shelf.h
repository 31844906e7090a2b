/* SPDX-License-Identifier: ISC */
#ifndef CTL_SHELF_H
#define CTL_SHELF_H

#include <stdbool.h>

#include "ctl/ctl.h"

/* What `cluectl quarantine` and `cluectl shelf` share: a list of messages that
 * made no clue, a look at one, and taking it up. */

struct shelf_view {
	const struct ctl_command *me;
	const char *const *kinds; /* that `list` shows; NULL at the end */
	bool quarantine;
};

/* "list | show ID | retry ID | release ID" and their options. */
int shelf_run(
    struct ctl *ctl, const struct shelf_view *view, int argc, char **argv);

#endif
