/* SPDX-License-Identifier: ISC */
#include "ctl/act_on.h"
#include "store/store.h"

static int
run(struct ctl *ctl, int argc, char **argv)
{
	return act_on_words(ctl, &cmd_recuse, VERB_RECUSE, true, argc, argv);
}

const struct ctl_command cmd_recuse = {
    .name = "recuse",
    .summary = "keep somebody out of a clue (回避)",
    .help = "recuse [--json] NUMBER [PERSON [REASON…]]\n"
	    "\n"
	    "Without PERSON the officer who has it.  The clue goes to the next "
	    "in line, and\n"
	    "the person hears nothing of it any more.\n"
	    "\n"
	    "Example:\n"
	    "  cluectl recuse LY-2026-000123 陆文博 与被举报人有亲属关系\n",
    .needs_conf = true,
    .store_mode = STORE_WRITE,
    .run = run,
};
