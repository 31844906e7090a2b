/* SPDX-License-Identifier: ISC */
#include "ctl/act_on.h"
#include "store/store.h"

static int
run(struct ctl *ctl, int argc, char **argv)
{
	return act_on_words(ctl, &cmd_note, VERB_NOTE, false, argc, argv);
}

const struct ctl_command cmd_note = {
    .name = "note",
    .summary = "write a remark into the ledger (备注)",
    .help = "note [--json] NUMBER TEXT…\n"
	    "\n"
	    "Example:\n"
	    "  cluectl note LY-2026-000123 已电话告知责任人\n",
    .needs_conf = true,
    .store_mode = STORE_WRITE,
    .run = run,
};
