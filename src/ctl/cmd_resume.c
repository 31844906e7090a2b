/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "core/breaker.h"
#include "ctl/ctl.h"
#include "store/store.h"

static int
enter(struct ctl *ctl, const struct breaker_state *st, int64_t now_s,
    struct arena *a, struct err *err)
{
	char actor[64];
	const struct event_record e = {
	    .at_s = now_s,
	    .kind = "posting-resumed",
	    .actor = ctl_actor(actor, sizeof(actor)),
	    .detail = arena_printf(a, "stopped after %lld letters",
		(long long)st->n),
	};

	if (e.detail == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (store_begin(ctl->store, err) < 0)
		return -1;
	if (breaker_resume(ctl->store, now_s, err) == 0 &&
	    store_event_add(ctl->store, &e, err) == 0)
		return store_commit(ctl->store, err);
	store_rollback(ctl->store);
	return -1;
}

static void
report(struct ctl *ctl, const struct breaker_state *st, bool stopped)
{
	BUF_AUTO struct buf b = BUF_INIT;
	char when[20];

	if (ctl->json) {
		buf_addf(&b, "{\"stopped\":%s,\"since\":",
		    stopped ? "true" : "false");
		ctl_json_time(&b, st->since_s);
		buf_addf(&b, ",\"letters\":%lld}\n", (long long)st->n);
	} else if (stopped) {
		buf_addf(&b, "posting goes on; it was stopped at %s after "
			     "%lld letters\n",
		    ctl_time(ctl, st->since_s, when), (long long)st->n);
	} else {
		buf_adds(&b, "posting was not stopped\n");
	}
	ctl_out(&b);
}

static int
run(struct ctl *ctl, int argc, char **argv)
{
	ARENA_AUTO struct arena *a = arena_new();
	int64_t now_s = clock_now_s();
	struct breaker_state st;
	struct err err;

	if (ctl_json_only(ctl, &cmd_resume, argc, argv) < 0)
		return CTL_USAGE;
	if (a == NULL)
		return ctl_no_memory();
	if (optind != argc)
		return ctl_usage(&cmd_resume);
	if (breaker_read(ctl->store, a, &st, &err) < 0)
		return ctl_fail(&err);
	if (st.since_s != 0 && enter(ctl, &st, now_s, a, &err) < 0)
		return ctl_fail(&err);
	report(ctl, &st, st.since_s != 0);
	return st.since_s != 0 ? CTL_OK : CTL_FINDING;
}

const struct ctl_command cmd_resume = {
    .name = "resume",
    .summary = "send letters again after a cap stopped them",
    .help = "resume [--json]\n\n"
	    "When more letters left in a day than caps.day allows, sending "
	    "stops and the\noffice is alarmed.  Look first why: `cluectl "
	    "status`, and `cluectl show` of the\nlatest clues.  What waits is "
	    "sent then, and counted anew.  Exit status 1 when\nnothing was "
	    "stopped.\n\n"
	    "Example:\n"
	    "  cluectl resume\n",
    .needs_conf = true,
    .store_mode = STORE_WRITE,
    .run = run,
};
