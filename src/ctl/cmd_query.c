/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/conf.h"
#include "core/answer.h"
#include "core/take.h"
#include "ctl/ctl.h"
#include "follow/query.h"
#include "store/store.h"

/* What the caller read out: number and code, in as many lines as it takes. */
static int
read_said(struct ctl *ctl, struct query_asked *said)
{
	BUF_AUTO struct buf b = BUF_INIT;
	char *line = NULL;
	size_t size = 0;
	int rc = 0;

	*said = (struct query_asked){.n_codes = 0};
	if (isatty(STDIN_FILENO))
		(void)fprintf(stderr, "编号和查询码：");
	while (rc == 0 && (said->number[0] == '\0' || said->n_codes == 0) &&
	       b.len < 4096 && getline(&line, &size, stdin) > 0) {
		buf_adds(&b, line);
		rc = query_read(ctl->conf->office.number_prefix, "",
		    buf_str(&b), "", said);
	}
	free(line);
	return buf_bad(&b) ? -1 : rc;
}

static int
enter(struct ctl *ctl, const struct clue_record *clue, bool fits,
    struct err *err)
{
	char actor[80];
	const struct event_record e = {
	    .clue = clue->id,
	    .at_s = clock_now_s(),
	    .kind = fits ? "citizen-told" : "query-refused",
	    .actor = ctl_actor(actor, sizeof(actor)),
	    .detail = fits ? clue->state : "a code that does not fit",
	};

	return ctl_enter(ctl, &e, err);
}

static void
report(struct ctl *ctl, const struct clue_record *clue, bool fits)
{
	BUF_AUTO struct buf b = BUF_INIT;

	if (ctl->json) {
		buf_adds(&b, "{\"number\":");
		json_add_cstr(&b, fits ? clue->number : NULL);
		buf_adds(&b, ",\"progress\":");
		json_add_cstr(&b, fits ? answer_progress(clue->state) : NULL);
		buf_adds(&b, "}\n");
	} else if (fits) {
		buf_addf(&b, "%s：%s\n", clue->number,
		    answer_progress(clue->state));
	} else {
		buf_adds(&b, "编号和查询码不符\n");
	}
	ctl_out(&b);
}

static int
run(struct ctl *ctl, int argc, char **argv)
{
	ARENA_AUTO struct arena *a = arena_new();
	const struct take_context c = {
	    .conf = ctl->conf, .route = ctl->route, .store = ctl->store};
	struct clue_record clue = {.id = 0};
	struct query_asked said;
	struct err err;
	int which = -1;

	if (ctl_json_only(ctl, &cmd_query, argc, argv) < 0)
		return CTL_USAGE;
	if (a == NULL)
		return ctl_no_memory();
	if (optind != argc || read_said(ctl, &said) < 0)
		return ctl_usage(&cmd_query);
	if (store_clue_by_number(ctl->store, said.number, a, &clue, &err) <
		0 ||
	    citizen_code_fits(&c, clue.id, &said, a, &which, &err) < 0 ||
	    (clue.id != 0 && enter(ctl, &clue, which >= 0, &err) < 0))
		return ctl_fail(&err);
	report(ctl, &clue, which >= 0);
	return which >= 0 ? CTL_OK : CTL_FINDING;
}

const struct ctl_command cmd_query = {
    .name = "query",
    .summary = "what a caller with number and query code may hear",
    .help = "query [--json]\n\n"
	    "Reads the number and the query code that somebody reads out on "
	    "the telephone, in any\nspelling, and says in one coarse word "
	    "how the clue stands.  They are typed, no\narguments, because "
	    "others can read those; each try is recorded.  Exit status 1 "
	    "when\nthey do not belong together.\n\n"
	    "Example:\n"
	    "  cluectl query\n",
    .needs_conf = true,
    .store_mode = STORE_WRITE,
    .run = run,
};
