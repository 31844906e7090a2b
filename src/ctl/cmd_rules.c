/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/conf.h"
#include "core/check.h"
#include "ctl/ctl.h"
#include "ctl/rules.h"
#include "route/route.h"
#include "store/store.h"

static const struct rules_command *const commands[] = {
    &rules_explain, &rules_test, &rules_diff, &rules_suggest, &rules_check};
#define N_COMMANDS (sizeof(commands) / sizeof(*commands))

int
rules_usage(const struct rules_command *command)
{
	(void)fprintf(stderr, "usage: cluectl rules %s", command->help);
	return CTL_USAGE;
}

int
rules_load(struct ctl *ctl, const char *rules)
{
	struct conf_options how = {.no_secrets = true, .rules = rules};

	struct err err;

	return check_load(ctl->conf_path, &how, &ctl->conf, &ctl->route,
		   stderr, &err) < 0
		   ? ctl_refused(&err)
		   : CTL_OK;
}

int
rules_letters(struct ctl *ctl, const char *path, enum rules_from from,
    struct examples *out)
{
	struct err err;
	int rc;

	if (path == NULL && (rc = ctl_open_store(ctl, STORE_READ)) != CTL_OK)
		return rc;
	if (examples_init(out, &err) < 0)
		return ctl_fail(&err);
	if (path != NULL)
		rc = examples_read(out, ctl->conf, path, &err);
	else if (from == FROM_CLUES)
		rc = examples_stored(out, ctl->conf, ctl->store, &err);
	else
		rc = examples_corrected(out, ctl->conf, ctl->store, &err);
	if (rc < 0) {
		examples_done(out);
		return path != NULL ? (ctl_fail(&err), CTL_USAGE)
				    : ctl_fail(&err);
	}
	return CTL_OK;
}

const char *
rules_place(const char *file, int line, char out[80])
{
	const char *name = strrchr(file, '/');

	(void)snprintf(
	    out, 80, "%.64s:%d", name != NULL ? name + 1 : file, line);
	return out;
}

void
rules_brief(struct buf *b, const struct example *e, size_t columns)
{
	BUF_AUTO struct buf line = BUF_INIT;

	str_add_printable(&line, e->subject, strlen(e->subject), false);
	if (*e->subject != '\0' && *e->text != '\0')
		buf_adds(&line, "｜");
	str_add_printable(
	    &line, e->text, utf8_cut(e->text, strlen(e->text), 600), false);
	str_add_cell(b, buf_str(&line), columns, false);
}

static void
print_help(FILE *to)
{
	(void)fputs("usage: cluectl rules COMMAND …\n\n", to);
	for (size_t i = 0; i < N_COMMANDS; i++)
		(void)fprintf(to, "%s%s", i > 0 ? "\n" : "", commands[i]->help);
}

static int
run(struct ctl *ctl, int argc, char **argv)
{
	if (argc < 2)
		return ctl_usage(&cmd_rules);
	for (size_t i = 0; i < N_COMMANDS; i++)
		if (strcmp(argv[1], commands[i]->name) == 0)
			return commands[i]->run(ctl, argc - 1, argv + 1);
	(void)fputs("cluectl: rules has no such command\n", stderr);
	print_help(stderr);
	return CTL_USAGE;
}

const struct ctl_command cmd_rules = {
    .name = "rules",
    .summary = "explain, test, compare and improve the rules",
    .help =
	"rules explain|test|diff|suggest|check …\n\n"
	"explain [--rules FILE] [--json] NUMBER|FILE\n"
	"  why a clue, or the letter in FILE (- = standard input), is placed "
	"where it is:\n  the words, where they stand, what each gave, and why "
	"the runner-up lost\n"
	"test [--rules FILE] [--least N] [--misses N] [--json] [LABELS]\n"
	"  accuracy, macro-F1, precision and recall of each domain, who is "
	"taken for\n  whom, the misses; without LABELS on the office's "
	"corrections\n"
	"diff [--letters FILE] [--json] OLD NEW\n"
	"  every stored clue (or letter of FILE) that two rule files decide "
	"differently\n"
	"suggest [--rules FILE] [--letters LABELS] [--domain D] [--limit N] "
	"[--json]\n"
	"  words that would repair what the office had to correct, ready to "
	"paste, each\n  with what it would move, clues that nobody corrected "
	"among them\n"
	"check [--rules FILE] [--letters FILE | --clues] [--json]\n"
	"  terms that are dead, double or in another's shadow\n\n"
	"LABELS has one letter a line: domain, subject and text with tabs "
	"between them (or\nid first; \\n in a text is a line end), or 领域 | "
	"主题 | 正文, or JSON objects.\nA domain is an id or a title.  "
	"Nothing is ever written.\n\n"
	"Exit status: 1 when test stays below --least, diff finds a "
	"difference, check a\nfault, suggest nothing.\n\n"
	"Examples:\n"
	"  cluectl rules explain LY-2026-000123\n"
	"  cluectl rules test --least 0.8 labels.tsv\n"
	"  cluectl rules diff /etc/clued/rules.conf rules-new.conf\n"
	"  cluectl rules suggest --domain 占道经营\n",
    .needs_conf = false,
    .store_mode = -1,
    .run = run,
};
