/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <stdlib.h>

#include "base/str.h"
#include "ctl/act_on.h"
#include "store/store.h"

static int
run(struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
	    {"days", required_argument, NULL, 'd'},
	    {"grant", no_argument, NULL, 'g'},
	    {"refuse", no_argument, NULL, 'r'},
	    {"json", no_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
	struct command c = {.verb = VERB_EXTEND,
	    .line = "",
	    .number = "",
	    .target = "",
	    .text = ""};
	int64_t days = 0;
	char *text;
	int o, status;

	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (o == 'd' && str_int64(optarg, 1, 999, &days) == 0)
			c.days = (uint32_t)days;
		else if (o == 'g' || o == 'r')
			c.verb = o == 'g' ? VERB_GRANT : VERB_REFUSE;
		else if (o == 'j')
			ctl->json = true;
		else
			return ctl_usage(&cmd_extend);
	}
	argc -= optind;
	argv += optind;
	if (argc < 1)
		return ctl_usage(&cmd_extend);
	text = act_on_text(argc - 1, argv + 1);
	if (text == NULL)
		return ctl_no_memory();
	c.text = text;
	status = act_on(ctl, &cmd_extend, argv[0], &c, 1);
	free(text);
	return status;
}

const struct ctl_command cmd_extend = {
    .name = "extend",
    .summary = "ask for an extension, grant or refuse it (延期)",
    .help = "extend [--json] --days N NUMBER REASON…\n"
	    "       cluectl extend [--json] --grant [--days N] NUMBER\n"
	    "       cluectl extend [--json] --refuse NUMBER REASON…\n\n"
	    "Without --grant or --refuse it is asked for, as the officer would "
	    "by mail; the end\nmoves when it is granted.  N counts working "
	    "days; --grant alone grants what was\nasked for.\n\n"
	    "Examples:\n"
	    "  cluectl extend --days 5 LY-2026-000123 需调取施工合同\n"
	    "  cluectl extend --grant LY-2026-000123\n"
	    "  cluectl extend --refuse LY-2026-000123 材料已足够\n",
    .needs_conf = true,
    .store_mode = STORE_WRITE,
    .run = run,
};
