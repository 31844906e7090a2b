/* SPDX-License-Identifier: ISC */
#include "ctl/act_on.h"
#include "store/store.h"

static int
run(struct ctl *ctl, int argc, char **argv)
{
	return act_on_words(
	    ctl, &cmd_transfer, VERB_TRANSFER, true, argc, argv);
}

const struct ctl_command cmd_transfer = {
    .name = "transfer",
    .summary = "enter a transfer to another body (移送)",
    .help = "transfer [--json] NUMBER BODY [TEXT…]\n"
	    "\n"
	    "BODY is where it went, TEXT the number of the paper and what went "
	    "along.\n"
	    "\n"
	    "Example:\n"
	    "  cluectl transfer LY-2026-000123 公安机关 海公〔2026〕12号\n",
    .needs_conf = true,
    .store_mode = STORE_WRITE,
    .run = run,
};
