/* SPDX-License-Identifier: ISC */
#include "ctl/act_on.h"
#include "store/store.h"

static int
run(struct ctl *ctl, int argc, char **argv)
{
	return act_on_words(ctl, &cmd_link, VERB_DUPLICATE, true, argc, argv);
}

const struct ctl_command cmd_link = {
    .name = "link",
    .summary = "close a clue that repeats another (重复)",
    .help =
	"link [--json] NUMBER FIRST [TEXT…]\n"
	"\n"
	"FIRST is the number of the clue that tells the same and stays open.\n"
	"\n"
	"Example:\n"
	"  cluectl link LY-2026-000124 LY-2026-000123\n",
    .needs_conf = true,
    .store_mode = STORE_WRITE,
    .run = run,
};
