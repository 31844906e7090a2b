/* SPDX-License-Identifier: ISC */
#include "ctl/act_on.h"
#include "store/store.h"

static int
run(struct ctl *ctl, int argc, char **argv)
{
	return act_on_words(ctl, &cmd_reopen, VERB_REOPEN, false, argc, argv);
}

const struct ctl_command cmd_reopen = {
    .name = "reopen",
    .summary = "work on a closed or suspended clue again (重新办理)",
    .help = "reopen [--json] NUMBER REASON…\n"
	    "\n"
	    "After an outcome its clocks start anew; a suspended clue goes on "
	    "where it\n"
	    "rested.\n"
	    "\n"
	    "Example:\n"
	    "  cluectl reopen LY-2026-000123 举报人补充了新证据\n",
    .needs_conf = true,
    .store_mode = STORE_WRITE,
    .run = run,
};
