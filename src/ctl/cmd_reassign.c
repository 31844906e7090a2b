/* SPDX-License-Identifier: ISC */
#include "ctl/act_on.h"
#include "store/store.h"

static int
run(struct ctl *ctl, int argc, char **argv)
{
	return act_on_words(
	    ctl, &cmd_reassign, VERB_REASSIGN, true, argc, argv);
}

const struct ctl_command cmd_reassign = {
    .name = "reassign",
    .summary = "hand a clue on for its officer (转办)",
    .help = "reassign [--json] NUMBER PERSON [REASON…]\n"
	    "\n"
	    "PERSON is a name, id, alias or address of the roster.  Nobody "
	    "whom the clue\n"
	    "accuses or who stood aside can have it.\n"
	    "\n"
	    "Example:\n"
	    "  cluectl reassign LY-2026-000123 邱山 熟悉该片区\n",
    .needs_conf = true,
    .store_mode = STORE_WRITE,
    .run = run,
};
