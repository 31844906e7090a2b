/* SPDX-License-Identifier: ISC */
#include "ctl/act_on.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/step.h"
#include "base/str.h"
#include "core/act.h"
#include "core/take.h"
#include "store/store.h"

static void
print_result(struct ctl *ctl, const struct act *x)
{
	BUF_AUTO struct buf b = BUF_INIT;

	if (ctl->json) {
		buf_adds(&b, "{\"number\":");
		json_add_cstr(&b, x->clue.number);
		buf_addf(&b, ",\"done\":%s", x->done ? "true" : "false");
		buf_adds(&b, ",\"state\":");
		json_add_cstr(&b, x->clue.state);
		buf_adds(&b, ",\"officer\":");
		json_add_cstr(&b, x->clue.officer);
		buf_adds(&b, ",\"said\":");
		json_add_cstr(&b, x->said);
		buf_adds(&b, "}\n");
	} else {
		buf_addf(&b, "%s: ", x->clue.number);
		str_add_printable(&b, x->said, strlen(x->said), true);
		if (x->done)
			buf_addf(&b, "\n%*s  %s，%s\n",
			    (int)strlen(x->clue.number), "",
			    ctl_state_title(x->clue.state),
			    ctl_person_name(ctl, x->clue.officer));
		else
			buf_addc(&b, '\n');
	}
	ctl_out(&b);
}

/* 1 = all done, 0 = one could not be, and is in *x. */
static int
apply(struct act *x, const struct command *what, size_t n, struct err *err)
{
	for (size_t i = 0; i < n; i++) {
		x->command = &what[i];
		x->stays = i + 1 < n && what[i + 1].verb == VERB_ASSIGN;
		if (act_apply(x, err) < 0)
			return -1;
		if (!x->done)
			return 0;
	}
	return 1;
}

static int
apply_all(struct ctl *ctl, struct act *x, const struct command *what, size_t n,
    struct err *err)
{
	int rc;

	if (store_begin(ctl->store, err) < 0)
		return -1;
	rc = apply(x, what, n, err);
	step("act-before-commit");
	if (rc == 1)
		return store_commit(ctl->store, err);
	store_rollback(ctl->store);
	return rc;
}

int
act_on(struct ctl *ctl, const struct ctl_command *me, const char *number,
    const struct command *what, size_t n)
{
	const struct take_context c = {
	    .conf = ctl->conf, .route = ctl->route, .store = ctl->store};
	ARENA_AUTO struct arena *a = arena_new();
	char name[80];
	const struct act_actor actor = {
	    ctl_actor(name, sizeof(name)), -1, COMMAND_BY_OFFICE};
	struct act x = {
	    .c = &c, .actor = &actor, .now_s = clock_now_s(), .arena = a};
	struct err err;
	int rc;

	if (a == NULL)
		return ctl_no_memory();
	for (size_t i = 0; i < n; i++)
		if (command_missing(&what[i]) != COMMAND_OK)
			return ctl_usage(me);
	rc = store_clue_by_number(ctl->store, number, a, &x.clue, &err);
	if (rc == 0)
		return ctl_no_clue();
	if (rc == 1)
		rc = apply_all(ctl, &x, what, n, &err);
	if (rc == 0) /* as it still is */
		rc = store_clue_by_number(ctl->store, number, a, &x.clue, &err);
	if (rc < 0)
		return ctl_fail(&err);
	print_result(ctl, &x);
	return x.done ? CTL_OK : CTL_FINDING;
}

char *
act_on_text(int argc, char **argv)
{
	struct buf b = BUF_INIT;

	buf_adds(&b, "");
	for (int i = 0; i < argc; i++)
		buf_addf(&b, "%s%s", i > 0 ? " " : "", argv[i]);
	if (!buf_bad(&b) && b.data != NULL)
		return b.data;
	buf_done(&b);
	return NULL;
}

int
act_on_words(struct ctl *ctl, const struct ctl_command *me,
    enum command_verb verb, bool has_target, int argc, char **argv)
{
	static const struct option options[] = {
	    {"json", no_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
	struct command c = {
	    .verb = verb, .line = "", .number = "", .target = "", .text = ""};
	char *text;
	int o, status;

	while ((o = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (o != 'j')
			return ctl_usage(me);
		ctl->json = true;
	}
	argc -= optind;
	argv += optind;
	if (argc < 1)
		return ctl_usage(me);
	if (has_target && argc > 1)
		c.target = argv[1];
	text = has_target && argc > 1 ? act_on_text(argc - 2, argv + 2)
				      : act_on_text(argc - 1, argv + 1);
	if (text == NULL)
		return ctl_no_memory();
	c.text = text;
	status = act_on(ctl, me, argv[0], &c, 1);
	free(text);
	return status;
}
