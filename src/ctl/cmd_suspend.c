/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <stdlib.h>

#include "ctl/act_on.h"
#include "store/store.h"

static int
run(struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
	    {"grant", no_argument, NULL, 'g'},
	    {"refuse", no_argument, NULL, 'r'},
	    {"json", no_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
	struct command c = {.verb = VERB_SUSPEND,
	    .line = "",
	    .number = "",
	    .target = "",
	    .text = ""};
	char *text;
	int o, status;

	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (o == 'g' || o == 'r')
			c.verb =
			    o == 'g' ? VERB_GRANT_SUSPEND : VERB_REFUSE_SUSPEND;
		else if (o == 'j')
			ctl->json = true;
		else
			return ctl_usage(&cmd_suspend);
	}
	argc -= optind;
	argv += optind;
	if (argc < 1)
		return ctl_usage(&cmd_suspend);
	text = act_on_text(argc - 1, argv + 1);
	if (text == NULL)
		return ctl_no_memory();
	c.text = text;
	status = act_on(ctl, &cmd_suspend, argv[0], &c, 1);
	free(text);
	return status;
}

const struct ctl_command cmd_suspend = {
    .name = "suspend",
    .summary = "ask for a clue to rest, grant or refuse it (挂账)",
    .help = "suspend [--json] NUMBER REASON…\n"
	    "       cluectl suspend [--json] --grant NUMBER\n"
	    "       cluectl suspend [--json] --refuse NUMBER REASON…\n\n"
	    "Clocks stand still from the grant until `cluectl reopen`, or "
	    "until the clue is\nclosed.\n\n"
	    "Examples:\n"
	    "  cluectl suspend LY-2026-000123 当事人在逃，待公安机关抓捕\n"
	    "  cluectl suspend --grant LY-2026-000123\n",
    .needs_conf = true,
    .store_mode = STORE_WRITE,
    .run = run,
};
