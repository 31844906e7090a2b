/* SPDX-License-Identifier: ISC */
#include "ctl/act_on.h"
#include "store/store.h"

static int
run(struct ctl *ctl, int argc, char **argv)
{
	return act_on_words(
	    ctl, &cmd_feedback, VERB_FEEDBACK, false, argc, argv);
}

const struct ctl_command cmd_feedback = {
    .name = "feedback",
    .summary = "enter an interim report (反馈)",
    .help = "feedback [--json] NUMBER TEXT…\n"
	    "\n"
	    "Meets the deadline of the first report, and that of 签收.\n"
	    "\n"
	    "Example:\n"
	    "  cluectl feedback LY-2026-000123 已到现场核查，正在调取合同\n",
    .needs_conf = true,
    .store_mode = STORE_WRITE,
    .run = run,
};
