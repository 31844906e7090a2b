/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <string.h>

#include "ctl/act_on.h"
#include "store/store.h"

static int run(struct ctl *ctl, int argc, char **argv);

const struct ctl_command cmd_merge = {
    .name = "merge",
    .summary = "close clues that repeat another (并案)",
    .help =
	"merge [--json] FIRST NUMBER…\n\n"
	"FIRST stays open; each NUMBER ends as its repeat, stays linked with "
	"it, and its\nofficer is told.  `cluectl related FIRST` lists what "
	"hangs together.\n"
	"Exit status 1: one could not be merged; the others were.\n\n"
	"Example:\n"
	"  cluectl merge LY-2026-000123 LY-2026-000124 LY-2026-000131\n",
    .needs_conf = true,
    .store_mode = STORE_WRITE,
    .run = run,
};

static int
run(struct ctl *ctl, int argc, char **argv)
{
	struct command c = {.verb = VERB_DUPLICATE,
	    .line = "",
	    .number = "",
	    .target = "",
	    .text = ""};
	int status = CTL_OK, one;

	if (ctl_json_only(ctl, &cmd_merge, argc, argv) < 0)
		return CTL_USAGE;
	if (argc - optind < 2)
		return ctl_usage(&cmd_merge);
	c.target = argv[optind];
	for (int i = optind + 1; i < argc; i++) {
		one = act_on(ctl, &cmd_merge, argv[i], &c, 1);
		if (one > CTL_FINDING)
			return one;
		if (one != CTL_OK)
			status = one;
	}
	return status;
}
