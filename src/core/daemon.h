/* SPDX-License-Identifier: ISC */
#ifndef CORE_DAEMON_H
#define CORE_DAEMON_H

#include <stdbool.h>

struct err;

/*
 * The event loop: signals (TERM and INT end, HUP reloads, USR1 polls now),
 * the mailboxes' and the post's processes, the parser, timers, the watchdog,
 * and the store's changes by cluectl (inotify on the write-ahead log).
 * Everything that must be true is in the store; this is only a cache.
 */
struct daemon_options {
	const char *conf_path;
	bool once; /* poll everything once, post what is due, end */
};

/* Runs until told to end.  Exit status: 0 done, 1 trouble (once), 2
 * configuration, 3 store, 4 system. */
int daemon_run(const struct daemon_options *options);

/* Exit status of a configuration that check_load() refused: 2 is for a person,
 * and systemd does not start again; with 4 it does. */
int daemon_refused(const struct err *err);

#endif
