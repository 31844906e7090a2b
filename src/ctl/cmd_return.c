/* SPDX-License-Identifier: ISC */
#include "ctl/act_on.h"
#include "store/store.h"

static int
run(struct ctl *ctl, int argc, char **argv)
{
	return act_on_words(ctl, &cmd_return, VERB_RETURN, false, argc, argv);
}

const struct ctl_command cmd_return = {
    .name = "return",
    .summary = "give a clue back to the office (退回)",
    .help =
	"return [--json] NUMBER REASON…\n"
	"\n"
	"Its clocks run on.  After the third return it stays with the office.\n"
	"\n"
	"Example:\n"
	"  cluectl return LY-2026-000123 该地点属邻区管辖\n",
    .needs_conf = true,
    .store_mode = STORE_WRITE,
    .run = run,
};
