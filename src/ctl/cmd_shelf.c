/* SPDX-License-Identifier: ISC */
#include <stddef.h>

#include "ctl/shelf.h"
#include "store/store.h"

static int
run(struct ctl *ctl, int argc, char **argv)
{
	static const char *const kinds[] = {"suspected-spam", "empty", NULL};
	const struct shelf_view view = {.me = &cmd_shelf, .kinds = kinds};

	return shelf_run(ctl, &view, argc, argv);
}

const struct ctl_command cmd_shelf = {
    .name = "shelf",
    .summary = "mail that was not taken for a tip: look, take up",
    .help = "shelf [--json] list [--all] [--kind KIND]\n"
	    "       cluectl shelf [--json] show [--raw] ID\n"
	    "       cluectl shelf [--json] release ID\n\n"
	    "Suspected spam and empty mail wait here; nothing is ever thrown "
	    "away.  KIND is\nsuspected-spam, empty, auto, list or bounce.  "
	    "`show` prints subject and text;\n`--raw` the bytes as they came, "
	    "which is entered in the ledger.  `release` makes\na clue of it, "
	    "with number, officer, deadlines and notice, as if it had just "
	    "come.\nExit status 1 when there is nothing.\n\n"
	    "Examples:\n"
	    "  cluectl shelf list\n"
	    "  cluectl shelf show 42\n"
	    "  cluectl shelf release 42\n",
    .needs_conf = true,
    .store_mode = STORE_WRITE,
    .run = run,
};
