/* SPDX-License-Identifier: ISC */
#include "ctl/act_on.h"
#include "store/store.h"

static int
run(struct ctl *ctl, int argc, char **argv)
{
	return act_on_words(ctl, &cmd_accept, VERB_ACCEPT, false, argc, argv);
}

const struct ctl_command cmd_accept = {
    .name = "accept",
    .summary = "accept a clue for its officer (签收)",
    .help = "accept [--json] NUMBER\n"
	    "\n"
	    "What an officer would reply as 签收, for one who telephoned.\n"
	    "\n"
	    "Example:\n"
	    "  cluectl accept LY-2026-000123\n",
    .needs_conf = true,
    .store_mode = STORE_WRITE,
    .run = run,
};
