/* SPDX-License-Identifier: ISC */
#include "ctl/act_on.h"
#include "store/store.h"

static int
run(struct ctl *ctl, int argc, char **argv)
{
	return act_on_words(ctl, &cmd_ask, VERB_ASK, false, argc, argv);
}

const struct ctl_command cmd_ask = {
    .name = "ask",
    .summary = "ask the citizen a question by mail (问举报人)",
    .help = "ask [--json] NUMBER TEXT…\n"
	    "\n"
	    "The letter comes from the office and names nobody; the answer "
	    "joins the clue and\ngoes to who has it, with the citizen "
	    "hidden.\n\n"
	    "Example:\n"
	    "  cluectl ask LY-2026-000123 您看到的车牌号是多少\n",
    .needs_conf = true,
    .store_mode = STORE_WRITE,
    .run = run,
};
