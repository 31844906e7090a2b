/* SPDX-License-Identifier: ISC */
#include <getopt.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "conf/conf.h"
#include "core/archive.h"
#include "core/lock.h"
#include "ctl/archive.h"
#include "ctl/ctl.h"

static int
restore(struct ctl *ctl, const char *dir, bool force)
{
	ARENA_AUTO struct arena *a = arena_new();
	const char *path = ctl->conf->store.path;
	struct archive_facts facts;
	const char *kept = "";
	struct err err;
	bool unclean;
	int lock, rc;

	if (a == NULL)
		return ctl_no_memory();
	if (lock_store(path, &lock, &unclean, &err) < 0)
		return ctl_archive_fail(&err);
	rc = archive_restore(
	    dir, path, force, clock_now_s(), a, &facts, &kept, &err);
	lock_leave(lock);
	if (rc < 0)
		return ctl_archive_fail(&err);
	ctl_archive(ctl, "restored", dir, &facts, kept);
	return CTL_OK;
}

static int
run(struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
	    {"force", no_argument, NULL, 'f'},
	    {"json", no_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
	bool force = false;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'f')
			force = true;
		else if (c == 'j')
			ctl->json = true;
		else
			return ctl_usage(&cmd_restore);
	}
	if (optind + 1 != argc)
		return ctl_usage(&cmd_restore);
	return restore(ctl, argv[optind], force);
}

const struct ctl_command cmd_restore = {
    .name = "restore",
    .summary = "put a backup in the place of the store",
    .help =
	"restore [--force] [--json] DIR\n\n"
	"End the daemon first.  The backup is checked before anything is "
	"touched.  A store\nthat is there is refused without --force, and "
	"with it kept as STORE.before-TIME.\nMail that came after the backup "
	"is taken again from the mailbox at the next start\n(with mark = "
	"\"move\": move it back first); numbers given after it are given "
	"anew;\nletters that waited then go out under the same "
	"Message-ID.\n\n"
	"Exit status 1: the backup is not whole; 2: a store is there, or "
	"the daemon runs.\n\n"
	"Example:\n"
	"  systemctl stop clued\n"
	"  sudo -u clued cluectl restore --force /backup/clued-2026-11-28\n",
    .needs_conf = true,
    .store_mode = -1,
    .run = run,
};
