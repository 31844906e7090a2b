/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "ctl/ctl.h"
#include "store/store.h"

/* Longest number of a case and name of a body. */
#define MAX_CASE_BYTES 200

/* One line, and no colon: it parts case and body in the ledger. */
static bool
is_good(const char *text)
{
	const char *end = text + strlen(text);
	uint32_t cp;

	if (text[0] == '\0' || strlen(text) > MAX_CASE_BYTES ||
	    strchr(text, ':') != NULL)
		return false;
	while (text < end) {
		text += utf8_next(text, end, &cp);
		if (cp == UINT32_MAX || !cp_printable(cp))
			return false;
	}
	return true;
}

static int
enter(struct ctl *ctl, const struct clue_record *clue, const char *number,
    const char *body, struct arena *a, struct err *err)
{
	char actor[80];
	const struct event_record e = {
	    .clue = clue->id,
	    .at_s = clock_now_s(),
	    .kind = "assisted",
	    .actor = ctl_actor(actor, sizeof(actor)),
	    .detail = arena_printf(a, "%s: %s", number, body),
	};

	if (e.detail == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	return ctl_enter(ctl, &e, err);
}

static int
run(struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {{NULL, 0, NULL, 0}};
	ARENA_AUTO struct arena *a = arena_new();
	struct clue_record clue;
	struct err err;
	int rc;

	if (a == NULL)
		return ctl_no_memory();
	if (getopt_long(argc, argv, "", options, NULL) != -1 ||
	    argc - optind < 2 || argc - optind > 3)
		return ctl_usage(&cmd_assist);
	argv += optind;
	if (!is_good(argv[1]) || (argv[2] != NULL && !is_good(argv[2]))) {
		(void)fprintf(stderr, "cluectl: case and body are one line "
				      "each, without a colon\n");
		return CTL_USAGE;
	}
	rc = store_clue_by_number(ctl->store, argv[0], a, &clue, &err);
	if (rc == 0)
		return ctl_no_clue();
	if (rc < 0 || enter(ctl, &clue, argv[1], argv[2] != NULL ? argv[2] : "",
			  a, &err) < 0)
		return ctl_fail(&err);
	return CTL_OK;
}

const struct ctl_command cmd_assist = {
    .name = "assist",
    .summary = "enter a case that a clue helped (配合查办案件)",
    .help = "assist NUMBER CASE [BODY]\n\n"
	    "The monthly form counts a case once a period, whatever clues it "
	    "stands on.\n\n"
	    "Example:\n"
	    "  cluectl assist LY-2026-000123 （2026）苏0703刑初12号 "
	    "连云公安分局\n",
    .needs_conf = true,
    .store_mode = STORE_WRITE,
    .run = run,
};
