/* SPDX-License-Identifier: ISC */
/*
 * year_driver STORE: the daemon's core without its loop, with the time in each
 * command.  Commands are lines of fields parted by tabs; each is answered by
 * one line.  What is decided is read from the store by whoever drives.
 *
 *	conf PATH T              configuration in force from now on
 *	tip T SUBJECT TEXT       a citizen's mail
 *	act T NUMBER PERSON TEXT somebody's command about a clue
 *	tick T                   what time brings; "next T"
 *	post T                   letters that may go are sent
 *	open                     the store is closed and opened again
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/conf.h"
#include "core/act.h"
#include "core/ladder.h"
#include "core/pipeline.h"
#include "core/retime.h"
#include "core/take.h"
#include "core/tick.h"
#include "follow/command.h"
#include "parse/message.h"
#include "route/route.h"
#include "store/store.h"

struct driver {
	const char *path;
	struct conf *conf;
	struct route *route;
	struct store *store;
	int64_t last_tick_s;
	unsigned n_tips;
};

static void
must(int rc, const struct err *err)
{
	char text[512];

	if (rc >= 0)
		return;
	(void)fprintf(stderr, "year_driver: %s\n",
	    err_text(err, text, sizeof(text)));
	exit(1);
}

static struct take_context
context(const struct driver *d)
{
	return (struct take_context){
	    .conf = d->conf, .route = d->route, .store = d->store};
}

static int64_t
time_of(const char *s)
{
	int64_t t = 0;

	if (s == NULL || str_int64(s, 1, INT64_MAX, &t) < 0) {
		(void)fprintf(stderr, "year_driver: no time\n");
		exit(2);
	}
	return t;
}

static void
open_store(struct driver *d)
{
	struct err err;
	int64_t n;

	store_close(&d->store);
	must(store_open(d->path, STORE_CREATE, &d->store, &err), &err);
	must(store_letters_recover(d->store, &n, &err), &err);
}

static void
set_conf(struct driver *d, char **f)
{
	const struct conf_options how = {.no_secrets = true};
	struct conf_mistakes mistakes = {0};
	struct take_context c;
	struct err err;

	route_free(&d->route);
	conf_free(&d->conf);
	if (conf_load_with(f[1], &how, &d->conf, &mistakes) < 0) {
		for (size_t i = 0; i < mistakes.n; i++)
			(void)fprintf(stderr, "%s\n", mistakes.list[i].text);
		exit(2);
	}
	conf_mistakes_done(&mistakes);
	must(route_new(d->conf, &d->route, &err), &err);
	c = context(d);
	must(retime_deadlines(&c, time_of(f[2]), &err), &err);
	(void)printf("ok\n");
}

static void
take_tip(struct driver *d, char **f)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct take_context c = context(d);
	char id[64], raw[128];
	const struct pipeline_source from = {
	    .channel = "mail", .mailbox = "tips", .folder = "INBOX"};
	const struct message m = {
	    .from = {.addr = "citizen@example.net", .name = ""},
	    .sender = {.addr = "", .name = ""},
	    .reply_to = {.addr = "", .name = ""},
	    .subject = f[2],
	    .date_s = time_of(f[1]),
	    .message_id = id,
	    .in_reply_to = "",
	    .text = f[3],
	    .quoted = "",
	    .signature = "",
	    .charset = "utf-8",
	    .lost = "",
	    .signs = {.return_path = "",
		.auto_submitted = "",
		.precedence = "",
		.list_id = "",
		.spam_why = "",
		.auth_results = "",
		.mailer = "",
		.report_recipient = "",
		.report_message_id = "",
		.report_action = "",
		.report_status = "",
		.report_diagnostic = ""},
	};
	struct take_input in = {.from = &from,
	    .raw = raw,
	    .message = &m,
	    .now_s = m.date_s};
	struct take_output out = {0};
	struct err err;

	(void)snprintf(id, sizeof(id), "tip-%u-%lld@example.net", ++d->n_tips,
	    (long long)m.date_s);
	in.raw_len = (size_t)snprintf(raw, sizeof(raw), "%s", id);
	hash_sha256(raw, in.raw_len, in.sha256);
	must(a == NULL ? -1 : store_begin(d->store, &err), &err);
	must(take_message(&c, &in, a, &out, &err), &err);
	must(store_commit(d->store, &err), &err);
	(void)printf("%s %s\n", out.kind, out.number);
}

static void
act(struct driver *d, char **f)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct take_context c = context(d);
	struct act_actor who = {.id = f[3],
	    .person = conf_person(d->conf, f[3]),
	    .by = COMMAND_BY_OFFICER};
	struct act x = {.c = &c, .actor = &who, .arena = a};
	struct command *commands;
	struct err err;
	size_t n;

	x.now_s = time_of(f[1]);
	if (who.person < 0 ||
	    d->conf->roster.persons[who.person].kind == PERSON_OFFICE)
		who.by = COMMAND_BY_OFFICE;
	if (a == NULL || command_read(f[4], who.by, a, &commands, &n) < 0)
		exit(1);
	x.command = &commands[0];
	must(store_begin(d->store, &err), &err);
	if (store_clue_by_number(d->store, f[2], a, &x.clue, &err) != 1)
		exit(2);
	must(act_apply(&x, &err), &err);
	must(store_commit(d->store, &err), &err);
	(void)printf("%s %s\n", x.done ? "done" : "refused", x.said);
}

static void
tick(struct driver *d, char **f)
{
	struct take_context c = context(d);
	int64_t now_s = time_of(f[1]), next_s;
	struct err err;

	do
		must(tick_due(&c, now_s, &d->last_tick_s, &next_s, &err), &err);
	while (next_s != 0 && next_s <= now_s);
	(void)printf("next %lld\n", (long long)next_s);
}

/* As post.c does it, with a server that takes everything. */
static int
post_one(struct driver *d, int64_t now_s, struct arena *a)
{
	struct take_context c = context(d);
	struct letter_record l, *list;
	struct err err;
	int64_t at_s;
	void *bytes;
	size_t len, n;

	must(store_letters_ready(d->store, now_s, 1, a, &list, &n, &err),
	    &err);
	if (n == 0)
		return 0;
	must(store_begin(d->store, &err), &err);
	must(store_letter_claim(
		 d->store, list[0].id, a, &l, &bytes, &len, &err), &err);
	must(store_commit(d->store, &err), &err);
	free(bytes);
	must(ladder_may_go(&c, &l, now_s, a, &at_s, &err), &err);
	l.state = at_s == now_s ? LETTER_SENT
	    : at_s > now_s	? LETTER_READY
				: LETTER_CANCELLED;
	if (l.state == LETTER_READY)
		l.next_try_s = at_s;
	if (l.state == LETTER_SENT)
		l.sent_s = now_s;
	l.result = "";
	must(store_letter_update(d->store, &l, &err), &err);
	return 1;
}

static void
post(struct driver *d, char **f)
{
	int64_t now_s = time_of(f[1]), next_s;
	struct err err;
	int more;

	do {
		ARENA_AUTO struct arena *a = arena_new();

		more = a == NULL ? -1 : post_one(d, now_s, a);
	} while (more == 1);
	must(store_letter_next(d->store, &next_s, &err), &err);
	(void)printf("next %lld\n", (long long)next_s);
}

static void
obey(struct driver *d, char *line)
{
	static const struct {
		const char *name;
		void (*run)(struct driver *d, char **f);
	} commands[] = {{"conf", set_conf}, {"tip", take_tip}, {"act", act},
	    {"tick", tick}, {"post", post}};
	char *f[6] = {0}, *rest = line;

	for (size_t i = 0; i < 5 && rest != NULL; i++)
		f[i] = strsep(&rest, "\t");
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(f[0], commands[i].name) == 0) {
			commands[i].run(d, f);
			return;
		}
	open_store(d);
	(void)printf("ok\n");
}

int
main(int argc, char **argv)
{
	struct driver d = {0};
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	if (argc != 2)
		return 2;
	d.path = argv[1];
	open_store(&d);
	while ((len = getline(&line, &size, stdin)) > 0) {
		if (line[len - 1] == '\n')
			line[len - 1] = '\0';
		obey(&d, line);
		(void)fflush(stdout);
	}
	free(line);
	store_close(&d.store);
	route_free(&d.route);
	conf_free(&d.conf);
	return 0;
}
