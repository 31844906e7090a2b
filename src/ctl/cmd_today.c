/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "core/rounds.h"
#include "core/sheet.h"
#include "ctl/ctl.h"
#include "store/store.h"

static int
show(struct ctl *ctl, int64_t from_s, const char *path)
{
	ARENA_AUTO struct arena *a = arena_new();
	BUF_AUTO struct buf raw = BUF_INIT, b = BUF_INIT;
	struct sheet_mark from = {.at_s = from_s};
	int64_t now_s = clock_now_s();
	struct day_sheet t;
	struct err err;

	if (a == NULL)
		return ctl_no_memory();
	if ((from_s == 0
		    ? rounds_since(ctl->conf, ctl->store, now_s, a, &from, &err)
		    : store_event_before(
			  ctl->store, from_s, &from.event, &err)) < 0 ||
	    sheet_gather(ctl->conf, ctl->store, &from, now_s, a, &t, &err) < 0)
		return ctl_fail(&err);
	if (path != NULL && sheet_xlsx(ctl->conf, &t, path, &err) < 0)
		return ctl_fail(&err);
	if (ctl->json) {
		sheet_json(ctl->conf, &t, &b);
	} else {
		sheet_text(ctl->conf, &t, &raw);
		str_add_printable(&b, buf_str(&raw), raw.len, true);
	}
	if (buf_bad(&raw) || buf_bad(&b))
		return ctl_no_memory();
	ctl_out(&b);
	return sheet_difference(&t.seen) != 0 ||
		       sheet_difference(&t.seen_all) != 0 ||
		       t.seen_all.lost != 0
		   ? CTL_FINDING
		   : CTL_OK;
}

static int
run(struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
	    {"json", no_argument, NULL, 'j'},
	    {"since", required_argument, NULL, 's'},
	    {"output", required_argument, NULL, 'o'}, {NULL, 0, NULL, 0}};
	const char *path = NULL;
	int64_t from_s = 0;
	int c;

	while ((c = getopt_long(argc, argv, "o:", options, NULL)) != -1) {
		switch (c) {
		case 'j':
			ctl->json = true;
			break;
		case 'o':
			path = optarg;
			break;
		case 's':
			if (ctl_parse_time(ctl, optarg, &from_s) == 0 &&
			    from_s > 0)
				break;
			(void)fprintf(stderr,
			    "cluectl: --since wants a time like "
			    "'2026-10-10 08:30'\n");
			return CTL_USAGE;
		default:
			return ctl_usage(&cmd_today);
		}
	}
	if (optind < argc)
		return ctl_usage(&cmd_today);
	return show(ctl, from_s, path);
}

const struct ctl_command cmd_today = {
    .name = "today",
    .summary = "the office's daily sheet as of now",
    .help = "today [--json] [--since TIME] [-o FILE.xlsx]\n\n"
	    "What came since the last daily sheet, what waits for a person, "
	    "what is due today\nand in three working days, what is overdue "
	    "by unit and officer, what was urged,\nletters that failed, and "
	    "whether the mailbox adds up: what was seen there is\nwhat is in "
	    "the store.  The office gets the same by mail each working "
	    "morning.\n\n"
	    "  --since TIME  instead of the last sheet's time\n"
	    "  -o FILE       the tables as xlsx as well\n\n"
	    "Exit status 1 when the mailbox does not add up.\n\n"
	    "Examples:\n"
	    "  cluectl today\n"
	    "  cluectl today --since '2026-10-10 08:30' -o today.xlsx\n"
	    "  cluectl today --json | jq .overdue\n",
    .needs_conf = true,
    .no_rules = true,
    .store_mode = STORE_READ,
    .run = run,
};
