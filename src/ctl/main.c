/* SPDX-License-Identifier: ISC */
/* cluectl: the office's command-line tool beside the daemon. */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/programs.h"
#include "base/standard_fds.h"
#include "conf/conf.h"
#include "core/check.h"
#include "ctl/ctl.h"
#include "route/route.h"
#include "store/store.h"

static const struct ctl_command *const commands[] = {
    &cmd_list, &cmd_show, &cmd_status, &cmd_doctor, &cmd_ingest, &cmd_release,
    &cmd_parse, &cmd_route, &cmd_calendar, &cmd_deadline,
    &cmd_backup, &cmd_restore, &cmd_fsck, &cmd_metrics,
    &cmd_report, &cmd_regulation, &cmd_audit, &cmd_search,
    &cmd_assist, &cmd_related, &cmd_rules, &cmd_resume, &cmd_add,
    &cmd_ask, &cmd_query, &cmd_units, &cmd_transfer_letter, &cmd_merge,
    &cmd_assign, &cmd_accept, &cmd_feedback, &cmd_return, &cmd_reassign,
    &cmd_extend, &cmd_suspend, &cmd_transfer, &cmd_close, &cmd_reopen,
    &cmd_recuse, &cmd_link, &cmd_note, &cmd_today, &cmd_quarantine,
    &cmd_shelf};
#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void
print_usage(FILE *to)
{
	(void)fputs("usage: cluectl [-c FILE] COMMAND [OPTION …]\n\n", to);
	for (size_t i = 0; i < N_COMMANDS; i++)
		(void)fprintf(to, "  %-15s %s\n", commands[i]->name,
		    commands[i]->summary);
	(void)fputs("\n"
		    "  -c FILE    configuration (default: " CLUED_ETC
		    "/clued.conf)\n"
		    "  --help     after a command: its options and examples\n"
		    "  --version\n\n"
		    "Exit status: 0 done, 1 the answer is no or nothing was "
		    "found, 2 usage or\nconfiguration, 3 store, 4 system.\n",
	    to);
}

static const struct ctl_command *
find_command(const char *name)
{
	for (size_t i = 0; i < N_COMMANDS; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static int
prepare(struct ctl *ctl, const struct ctl_command *command)
{
	/* The daemon's passwords are not for everybody who runs this, and its
	 * warnings are doctor's to tell, not every list's. */
	const struct conf_options how = {
	    .no_secrets = true, .no_warnings = true};
	struct err err;

	if (command->needs_conf &&
	    check_load(ctl->conf_path, &how, &ctl->conf,
		command->no_rules ? NULL : &ctl->route, stderr, &err) < 0)
		return ctl_refused(&err);
	return command->store_mode < 0
	    ? CTL_OK
	    : ctl_open_store(ctl, (enum store_mode)command->store_mode);
}

static bool
asks_for_help(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--help") == 0 ||
		    strcmp(argv[i], "-h") == 0)
			return true;
	return false;
}

/* What was to be done is done or not by now; what is told of it may lack
 * something. */
static bool
output_is_whole(void)
{
	if (ctl_out_lost() || buf_starved() > 0) {
		(void)fputs("cluectl: out of memory; what is said here is not "
			    "all of it\n", stderr);
		return false;
	}
	if (fflush(stdout) == 0 && ferror(stdout) == 0)
		return true;
	(void)fprintf(stderr, "cluectl: cannot write the output: %s\n",
	    strerror(errno));
	return false;
}

static int
run(struct ctl *ctl, const struct ctl_command *command, int argc, char **argv)
{
	int status;

	if (asks_for_help(argc, argv)) {
		(void)printf("cluectl %s: %s\n\nusage: cluectl %s",
		    command->name, command->summary, command->help);
		return CTL_OK;
	}
	status = prepare(ctl, command);
	if (status == CTL_OK)
		status = command->run(ctl, argc, argv);
	store_close(&ctl->store);
	route_free(&ctl->route);
	conf_free(&ctl->conf);
	return output_is_whole() || status > CTL_FINDING ? status : CTL_SYSTEM;
}

int
main(int argc, char **argv)
{
	struct ctl ctl = {.conf_path = CLUED_ETC "/clued.conf"};
	const struct ctl_command *command;
	int at = 1;

	if (standard_fds_open() < 0)
		return CTL_SYSTEM;
	/* Most commands need none; one that does hears what is missing. */
	(void)programs_find(NULL);
	(void)signal(SIGPIPE, SIG_DFL);
	ctl.color = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL;
	if (getenv("CLUED_CONF") != NULL)
		ctl.conf_path = getenv("CLUED_CONF");
	if (at + 1 < argc && strcmp(argv[at], "-c") == 0) {
		ctl.conf_path = argv[at + 1];
		at += 2;
	}
	if (at < argc && strcmp(argv[at], "--version") == 0) {
		(void)puts("cluectl " CLUED_VERSION);
		return CTL_OK;
	}
	if (at < argc && strcmp(argv[at], "--help") == 0) {
		print_usage(stdout);
		return CTL_OK;
	}
	command = at < argc ? find_command(argv[at]) : NULL;
	if (command == NULL) {
		if (at < argc)
			(void)fprintf(
			    stderr, "cluectl: no such command\n");
		print_usage(stderr);
		return CTL_USAGE;
	}
	return run(&ctl, command, argc - at, argv + at);
}
