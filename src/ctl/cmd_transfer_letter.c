/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "conf/conf.h"
#include "core/take.h"
#include "core/transfer.h"
#include "ctl/ctl.h"
#include "store/store.h"

struct asked {
	const char *number, *to, *document, *path;
	bool with_reporter;
};

static int
say(const char *text)
{
	(void)fprintf(stderr, "cluectl: %s\n", text);
	return CTL_FINDING;
}

/* The sheet is written before the look is committed: nobody is shown without
 * an entry, and a look that gave no sheet leaves none. */
static int
write_sheet(struct ctl *ctl, const struct asked *o,
    const struct clue_record *clue, struct arena *a, struct err *err)
{
	const struct take_context c = {
	    .conf = ctl->conf, .route = ctl->route, .store = ctl->store};
	char actor[80];
	const struct transfer_options options = {
	    .body = o->to,
	    .document = o->document,
	    .with_reporter = o->with_reporter,
	    .actor = ctl_actor(actor, sizeof(actor)),
	    .now_s = clock_now_s(),
	};
	struct transfer_letter sheet;
	int rc = transfer_facts(&c, clue, &options, a, &sheet, err);

	if (rc == 1 && transfer_letter_write(&sheet, o->path, err) < 0)
		rc = -1;
	return rc;
}

static int
make(struct ctl *ctl, const struct asked *o)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct clue_record clue;
	struct err err;
	int rc, status;

	if (a == NULL)
		return ctl_no_memory();
	status = ctl_open_store(
	    ctl, o->with_reporter ? STORE_WRITE : STORE_READ);
	if (status != CTL_OK)
		return status;
	rc = store_clue_by_number(ctl->store, o->number, a, &clue, &err);
	if (rc == 0)
		return ctl_no_clue();
	if (rc < 0 ||
	    (o->with_reporter && store_begin(ctl->store, &err) < 0))
		return ctl_fail(&err);
	rc = write_sheet(ctl, o, &clue, a, &err);
	if (o->with_reporter && rc == 1 && store_commit(ctl->store, &err) < 0) {
		(void)unlink(o->path);
		rc = -1;
	} else if (o->with_reporter && rc < 1) {
		store_rollback(ctl->store);
	}
	if (rc == 0)
		return say("the clue was not transferred yet; --to BODY makes "
			   "a draft");
	return rc < 0 ? ctl_fail(&err) : CTL_OK;
}

static int run(struct ctl *ctl, int argc, char **argv);

const struct ctl_command cmd_transfer_letter = {
    .name = "transfer-letter",
    .summary = "the covering sheet of a transfer (线索移送函), to be printed",
    .help =
	"transfer-letter NUMBER [--to BODY] [--document NUMBER]\n"
	"              [--with-reporter] -o FILE\n\n"
	"One A4 page (xlsx): the facts, the material with its SHA-256, places "
	"to sign and\nseal for both sides.  Body and document are those of "
	"`cluectl transfer` unless\nthey are given here.  The citizen is "
	"hidden; --with-reporter tells who he is, and\nthat is entered in "
	"the ledger.\n"
	"Exit status 1: no such clue, or it was not transferred.\n\n"
	"Examples:\n"
	"  cluectl transfer-letter LY-2026-000123 -o 移送函.xlsx\n"
	"  cluectl transfer-letter LY-2026-000123 --with-reporter -o "
	"移送函.xlsx\n",
    .needs_conf = true,
    .store_mode = -1,
    .run = run,
};

static int
run(struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
	    {"to", required_argument, NULL, 't'},
	    {"document", required_argument, NULL, 'd'},
	    {"with-reporter", no_argument, NULL, 'r'},
	    {"output", required_argument, NULL, 'o'}, {NULL, 0, NULL, 0}};
	struct asked o = {0};
	int c;

	while ((c = getopt_long(argc, argv, "o:", options, NULL)) != -1) {
		if (c == 't')
			o.to = optarg;
		else if (c == 'd')
			o.document = optarg;
		else if (c == 'r')
			o.with_reporter = true;
		else if (c == 'o')
			o.path = optarg;
		else
			return ctl_usage(&cmd_transfer_letter);
	}
	if (optind + 1 != argc || o.path == NULL)
		return ctl_usage(&cmd_transfer_letter);
	o.number = argv[optind];
	return make(ctl, &o);
}
