/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <stdlib.h>

#include "ctl/act_on.h"
#include "store/store.h"

/* With both, the domain changes and leaves who has it to the second. */
static int
assign(struct ctl *ctl, const char *domain, int argc, char **argv)
{
	char *text = act_on_text(argc > 2 ? argc - 2 : 0, argv + 2);
	struct command list[2] = {{.line = ""}, {.line = ""}};
	size_t n = 0;
	int status;

	if (text == NULL)
		return ctl_no_memory();
	if (domain != NULL)
		list[n++] = (struct command){.verb = VERB_DOMAIN,
		    .number = "",
		    .target = domain,
		    .text = text};
	if (argc > 1)
		list[n++] = (struct command){.verb = VERB_ASSIGN,
		    .number = "",
		    .target = argv[1],
		    .text = text};
	status = act_on(ctl, &cmd_assign, argv[0], list, n);
	free(text);
	return status;
}

static int
run(struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
	    {"domain", required_argument, NULL, 'd'},
	    {"json", no_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
	const char *domain = NULL;
	int o;

	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (o == 'd')
			domain = optarg;
		else if (o == 'j')
			ctl->json = true;
		else
			return ctl_usage(&cmd_assign);
	}
	argc -= optind;
	if (argc < (domain != NULL ? 1 : 2))
		return ctl_usage(&cmd_assign);
	return assign(ctl, domain, argc, argv + optind);
}

const struct ctl_command cmd_assign = {
    .name = "assign",
    .summary = "give a clue to an officer, correct its domain (分派, 改域)",
    .help =
	"assign [--json] NUMBER PERSON [REASON…]\n"
	"       cluectl assign [--json] --domain DOMAIN NUMBER [PERSON "
	"[REASON…]]\n\n"
	"PERSON is a name, id, alias or address of the roster.  Deadlines "
	"begin with the\nfirst assignment and are carried over by later ones.\n"
	"DOMAIN is an id or a title.  The correction is kept as an example "
	"for\n`cluectl rules`; a clue on which nobody works yet goes to whose "
	"domain it is.\n\n"
	"Examples:\n"
	"  cluectl assign LY-2026-000123 邱山\n"
	"  cluectl assign --domain street-occupation LY-2026-000123\n"
	"  cluectl assign --domain 占道经营 LY-2026-000123 唐嘉 请先核查\n",
    .needs_conf = true,
    .store_mode = STORE_WRITE,
    .run = run,
};
