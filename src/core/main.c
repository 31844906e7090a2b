/* SPDX-License-Identifier: ISC */
/* clued: the daemon's core, which runs the roles' programs. */
#include <getopt.h>
#include <stdio.h>

#include "base/err.h"
#include "base/log.h"
#include "base/programs.h"
#include "base/standard_fds.h"
#include "conf/conf.h"
#include "core/check.h"
#include "core/daemon.h"
#include "route/route.h"

static const char usage[] =
    "usage: clued [-c FILE] [--once | --check] [--debug]\n"
    "\n"
    "Takes tips from mailboxes, routes them to officers and watches the\n"
    "deadlines.  Runs in the foreground; systemd (or you) keeps it running.\n"
    "\n"
    "  -c, --config FILE  configuration (default: " CLUED_ETC "/clued.conf)\n"
    "      --once         poll every mailbox once, post what is due, end\n"
    "      --check        read the configuration, list every mistake, end\n"
    "      --debug        log more\n"
    "      --version\n"
    "      --help\n"
    "\n"
    "Signals: TERM and INT end, HUP reloads, USR1 polls at once.\n"
    "Exit status: 0 done, 1 trouble (--once), 2 configuration (for a person),\n"
    "3 store, 4 system (both may do another time).\n"
    "\n"
    "Examples:\n"
    "  clued --check -c /etc/clued/clued.conf\n"
    "  clued --once && cluectl list --due\n";

struct arguments {
	struct daemon_options daemon;
	bool check;
	bool debug;
};

#define EXIT_MACHINE 4

enum { OPT_ONCE = 256, OPT_CHECK, OPT_DEBUG, OPT_VERSION };

/* -1 = go on, else the exit status. */
static int
read_arguments(int argc, char **argv, struct arguments *args)
{
	static const struct option options[] = {
	    {"config", required_argument, NULL, 'c'},
	    {"once", no_argument, NULL, OPT_ONCE},
	    {"check", no_argument, NULL, OPT_CHECK},
	    {"debug", no_argument, NULL, OPT_DEBUG},
	    {"version", no_argument, NULL, OPT_VERSION},
	    {"help", no_argument, NULL, 'h'},
	    {NULL, 0, NULL, 0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "c:h", options, NULL)) != -1) {
		switch (c) {
		case 'c':
			args->daemon.conf_path = optarg;
			break;
		case OPT_ONCE:
			args->daemon.once = true;
			break;
		case OPT_CHECK:
			args->check = true;
			break;
		case OPT_DEBUG:
			args->debug = true;
			break;
		case OPT_VERSION:
			(void)puts("clued " CLUED_VERSION);
			return 0;
		case 'h':
			(void)fputs(usage, stdout);
			return 0;
		default:
			(void)fputs(usage, stderr);
			return 2;
		}
	}
	if (optind < argc) {
		(void)fprintf(stderr, "clued: unexpected argument\n%s", usage);
		return 2;
	}
	return -1;
}

static int
check(const char *path)
{
	const struct conf_options usual = {0};
	struct conf *conf;
	struct route *route;
	struct err err;

	if (check_load(path, &usual, &conf, &route, stderr, &err) < 0)
		return daemon_refused(&err);
	(void)printf("%s: the configuration is good: %zu mailboxes, %zu "
		     "domains, %zu areas, %zu persons\n",
	    path, conf->n_mailboxes, conf->rules.n_domains, conf->n_areas,
	    conf->roster.n_persons);
	route_free(&route);
	conf_free(&conf);
	return 0;
}

int
main(int argc, char **argv)
{
	struct arguments args = {
	    .daemon = {.conf_path = CLUED_ETC "/clued.conf"}};
	struct err err;
	int status;

	if (standard_fds_open() < 0)
		return EXIT_MACHINE;
	status = read_arguments(argc, argv, &args);
	if (status >= 0)
		return status;
	log_init(args.debug);
	if (args.check)
		return check(args.daemon.conf_path);
	if (programs_find(&err) < 0) {
		log_err(LOG_LEVEL_ERROR, "start", &err, "");
		return daemon_refused(&err);
	}
	return daemon_run(&args.daemon);
}
