/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "core/release.h"
#include "core/take.h"
#include "ctl/ctl.h"
#include "ctl/decode.h"
#include "parse/message.h"
#include "store/store.h"

/* The clue's message again, with its attachments' bytes. */
static int
decode(struct ctl *ctl, int64_t message, struct message **out, struct err *err)
{
	DECODER_AUTO struct decoder *d = NULL;

	if (decoder_new(ctl->store, true, &d, err) < 0)
		return -1;
	return decoder_run(d, message, out, err) == 1 ? 0 : -1;
}

static void
report(struct ctl *ctl, const char *number, size_t n)
{
	BUF_AUTO struct buf b = BUF_INIT;

	if (ctl->json) {
		buf_adds(&b, "{\"number\":");
		json_add_cstr(&b, number);
		buf_addf(&b, ",\"released\":%zu}\n", n);
	} else if (n > 0) {
		buf_addf(&b, "%s: %zu attachments are on their way\n", number,
		    n);
	} else {
		buf_addf(&b, "%s: nothing was held back\n", number);
	}
	ctl_out(&b);
}

/* Whether something of the message was neither sent along nor released. */
static int
is_held(struct ctl *ctl, int64_t message, struct arena *a, bool *held_out,
    struct err *err)
{
	struct attachment_record *list;
	size_t n;

	*held_out = false;
	if (store_attachments(ctl->store, message, a, &list, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		*held_out |= !list[i].sent_along && !list[i].released;
	return 0;
}

/* The citizen's messages of the clue; with `again` those that were released
 * before as well. */
static int
release_all(struct ctl *ctl, const struct clue_record *clue, bool again,
    struct arena *a, size_t *n_out, struct err *err)
{
	const struct take_context *c = &(struct take_context){
	    .conf = ctl->conf, .route = ctl->route, .store = ctl->store};
	struct stored_message *list;
	char actor[64];
	size_t n, sent;
	bool held;

	if (store_messages(ctl->store, clue->id, a, &list, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		MESSAGE_AUTO struct message *m = NULL;

		if (is_held(ctl, list[i].id, a, &held, err) < 0)
			return -1;
		if (!held && !again)
			continue;
		if (decode(ctl, list[i].id, &m, err) < 0 ||
		    release_attachments(c, clue, list[i].id, m,
			ctl_actor(actor, sizeof(actor)), clock_now_s(), a,
			&sent, err) < 0)
			return -1;
		*n_out += sent;
	}
	return 0;
}

static int
release(struct ctl *ctl, const struct clue_record *clue, struct arena *a)
{
	struct err err;
	size_t n = 0;

	if (release_all(ctl, clue, false, a, &n, &err) < 0 ||
	    (n == 0 && release_all(ctl, clue, true, a, &n, &err) < 0))
		return ctl_fail(&err);
	report(ctl, clue->number, n);
	return n > 0 ? CTL_OK : CTL_FINDING;
}

static int
run(struct ctl *ctl, int argc, char **argv)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct clue_record clue;
	struct err err;
	int rc;

	if (ctl_json_only(ctl, &cmd_release, argc, argv) < 0)
		return CTL_USAGE;
	if (a == NULL)
		return ctl_no_memory();
	if (optind + 1 != argc)
		return ctl_usage(&cmd_release);
	rc = store_clue_by_number(ctl->store, argv[optind], a, &clue, &err);
	if (rc < 0)
		return ctl_fail(&err);
	if (rc == 0)
		return ctl_no_clue();
	return release(ctl, &clue, a);
}

const struct ctl_command cmd_release = {
    .name = "release",
    .summary = "send a clue's held attachments to its officer",
    .help = "release [--json] NUMBER\n\n"
	    "Attachments other than cleaned photos are held back, for a "
	    "document can name its\nauthor.  Look at them first; what this "
	    "sends goes under neutral names but with\nthe bytes as they came. "
	    " It is recorded with your name.  What came in a\nfurther mail "
	    "goes as well; what was released before goes again only when\n"
	    "nothing else is held.  Exit status 1 when nothing was held "
	    "back.\n\n"
	    "Example:\n"
	    "  cluectl release LY-2026-000123\n",
    .needs_conf = true,
    .store_mode = STORE_WRITE,
    .run = run,
};
