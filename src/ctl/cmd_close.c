/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/act_on.h"
#include "store/store.h"

/* What a clue ends as: the command's name, or its title. */
static int
outcome(const char *word)
{
	static const enum command_verb verbs[] = {
	    VERB_SUBSTANTIATED, VERB_UNSUBSTANTIATED, VERB_NOT_APPLICABLE};

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(word, command_name(verbs[i])) == 0 ||
		    strcmp(word, command_title(verbs[i])) == 0)
			return (int)verbs[i];
	return -1;
}

static int
run(struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
	    {"as", required_argument, NULL, 'a'},
	    {"passed", no_argument, NULL, 'p'},
	    {"failed", no_argument, NULL, 'f'},
	    {"json", no_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
	struct command c = {.line = "", .number = "", .target = "", .text = ""};
	int o, status, verb = -1;
	char *text;

	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (o == 'a' && (verb = outcome(optarg)) >= 0)
			continue;
		if (o == 'p' || o == 'f') {
			verb = VERB_REVIEW;
			c.passed = o == 'p';
		} else if (o == 'j') {
			ctl->json = true;
		} else {
			return ctl_usage(&cmd_close);
		}
	}
	argc -= optind;
	argv += optind;
	if (argc < 1 || verb < 0)
		return ctl_usage(&cmd_close);
	c.verb = (enum command_verb)verb;
	text = act_on_text(argc - 1, argv + 1);
	if (text == NULL)
		return ctl_no_memory();
	c.text = text;
	status = act_on(ctl, &cmd_close, argv[0], &c, 1);
	free(text);
	return status;
}

const struct ctl_command cmd_close = {
    .name = "close",
    .summary = "enter an outcome, or review it (查实, 查否, 不属于, 办结复核)",
    .help =
	"close [--json] --as OUTCOME NUMBER TEXT…\n"
	"       cluectl close [--json] --passed NUMBER [TEXT…]\n"
	"       cluectl close [--json] --failed NUMBER REASON…\n\n"
	"OUTCOME is substantiated (查实), unsubstantiated (查否) or "
	"not-applicable (不属于).\n"
	"--passed and --failed are the office's review (办结复核) of a closed "
	"clue; after\n--failed it is worked on again, with new deadlines.\n\n"
	"Examples:\n"
	"  cluectl close --as 查实 LY-2026-000123 举报属实，已责令拆除\n"
	"  cluectl close --passed LY-2026-000123\n"
	"  cluectl close --failed LY-2026-000123 未附现场照片\n",
    .needs_conf = true,
    .store_mode = STORE_WRITE,
    .run = run,
};
