/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/conf.h"
#include "core/archive.h"
#include "ctl/archive.h"
#include "ctl/ctl.h"
#include "store/store.h"

void
ctl_archive(struct ctl *ctl, const char *what, const char *dir,
    const struct archive_facts *f, const char *kept)
{
	BUF_AUTO struct buf b = BUF_INIT;
	char when[20];

	if (ctl->json) {
		buf_addf(&b, "{\"%s\":", what);
		json_add_cstr(&b, dir);
		buf_adds(&b, ",\"made\":");
		ctl_json_time(&b, f->made_s);
		buf_addf(&b,
		    ",\"files\":%u,\"size_bytes\":%llu,\"messages\":%lld,"
		    "\"clues\":%lld,\"events\":%lld,\"waiting\":%lld,"
		    "\"head\":\"%s\"",
		    f->n_files, (unsigned long long)f->size_bytes,
		    (long long)f->messages, (long long)f->clues,
		    (long long)f->events, (long long)f->waiting, f->head);
		if (kept != NULL) {
			buf_adds(&b, ",\"kept\":");
			json_add_cstr(&b, kept[0] != '\0' ? kept : NULL);
		}
		buf_adds(&b, "}\n");
	} else {
		str_add_printable(&b, dir, strlen(dir), false);
		buf_addf(&b,
		    "\n时间     %s\n内容     邮件 %lld 封，线索 %lld 条，台账 "
		    "%lld 条，待发信件 %lld 封；%u 个文件，%.1f MB\n校验码   "
		    "%s\n",
		    ctl_time(ctl, f->made_s, when), (long long)f->messages,
		    (long long)f->clues, (long long)f->events,
		    (long long)f->waiting, f->n_files,
		    (double)f->size_bytes / 1048576, f->head);
		if (kept != NULL && kept[0] != '\0')
			buf_addf(&b, "原数据库保留为 %s\n", kept);
	}
	ctl_out(&b);
}

int
ctl_archive_fail(const struct err *err)
{
	int status = ctl_fail(err);

	return err->kind == ERR_INPUT ? CTL_FINDING : status;
}

static int
make(struct ctl *ctl, const char *dir)
{
	struct archive_facts facts;
	struct err err;
	int status;

	status = ctl_open_store(ctl, STORE_READ);
	if (status != CTL_OK)
		return status;
	if (archive_make(ctl->store, ctl->conf->store.path, dir,
		clock_now_s(), &facts, &err) < 0)
		return ctl_archive_fail(&err);
	ctl_archive(ctl, "backup", dir, &facts, NULL);
	return CTL_OK;
}

static int
check(struct ctl *ctl, const char *dir)
{
	struct archive_facts facts;
	struct err err;

	if (archive_check(dir, &facts, &err) < 0)
		return ctl_archive_fail(&err);
	ctl_archive(ctl, "checked", dir, &facts, NULL);
	return CTL_OK;
}

static int
run(struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
	    {"check", no_argument, NULL, 'k'},
	    {"json", no_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
	bool only_check = false;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'k')
			only_check = true;
		else if (c == 'j')
			ctl->json = true;
		else
			return ctl_usage(&cmd_backup);
	}
	if (optind + 1 != argc)
		return ctl_usage(&cmd_backup);
	return only_check ? check(ctl, argv[optind])
			  : make(ctl, argv[optind]);
}

const struct ctl_command cmd_backup = {
    .name = "backup",
    .summary = "copy the whole store while the daemon goes on",
    .help =
	"backup [--json] DIR\n"
	"       cluectl backup --check [--json] DIR\n\n"
	"DIR must not exist yet, or be empty.  It gets the store as of one "
	"moment, the keys\nbeside it and a MANIFEST, read back and checked; "
	"it has its name only when it is\nwhole.  It holds everything, "
	"citizens included: keep it as safe as the store, and\nthe "
	"configuration beside it.  --check looks through an old one.\n\n"
	"Exit status 1: --check found something wrong; 2: DIR is there "
	"already.\n\n"
	"Examples:\n"
	"  cluectl backup /backup/clued-$(date +%F)\n"
	"  cluectl backup --check /backup/clued-2026-11-28\n",
    .needs_conf = true,
    .store_mode = -1,
    .run = run,
};
