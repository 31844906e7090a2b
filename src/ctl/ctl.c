/* SPDX-License-Identifier: ISC */
#include "ctl/ctl.h"

#include <getopt.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "follow/clue.h"

static bool out_lost; /* of what ctl_out() was to write */

bool
ctl_out_lost(void)
{
	return out_lost;
}

int
ctl_fail(const struct err *err)
{
	char text[512];

	(void)fprintf(
	    stderr, "cluectl: %s\n", err_text(err, text, sizeof(text)));
	if (err->origin == ERR_SQLITE)
		return CTL_STORE;
	return err->kind == ERR_CONF ? CTL_USAGE : CTL_SYSTEM;
}

int
ctl_usage(const struct ctl_command *command)
{
	(void)fprintf(stderr, "usage: cluectl %s", command->help);
	return CTL_USAGE;
}

int
ctl_json_only(
    struct ctl *ctl, const struct ctl_command *me, int argc, char **argv)
{
	static const struct option options[] = {
	    {"json", no_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c != 'j') {
			(void)ctl_usage(me);
			return -1;
		}
		ctl->json = true;
	}
	return 0;
}

int
ctl_no_memory(void)
{
	(void)fputs("cluectl: out of memory\n", stderr);
	return CTL_SYSTEM;
}

int
ctl_refused(const struct err *err)
{
	return err->kind == ERR_CONF ? CTL_USAGE : CTL_SYSTEM;
}

int
ctl_no_clue(void)
{
	(void)fprintf(stderr, "cluectl: no clue has that number; "
			      "`cluectl list` shows them\n");
	return CTL_FINDING;
}

int
ctl_open_store(struct ctl *ctl, enum store_mode mode)
{
	struct err err;

	if (store_open(ctl->conf->store.path, mode, &ctl->store, &err) == 0)
		return CTL_OK;
	(void)ctl_fail(&err);
	return CTL_STORE;
}

int
ctl_enter(struct ctl *ctl, const struct event_record *event, struct err *err)
{
	if (store_begin(ctl->store, err) < 0)
		return -1;
	if (store_event_add(ctl->store, event, err) == 0)
		return store_commit(ctl->store, err);
	store_rollback(ctl->store);
	return -1;
}

/* (uid_t)-1 in that file: nobody logged in, as in a container or a timer. */
static uid_t
person_uid(void)
{
	FILE *f = fopen("/proc/self/loginuid", "re");
	unsigned uid = UINT_MAX;

	if (f == NULL)
		return getuid();
	if (fscanf(f, "%u", &uid) != 1)
		uid = UINT_MAX;
	(void)fclose(f);
	return uid != UINT_MAX ? (uid_t)uid : getuid();
}

const char *
ctl_actor(char *out, size_t size)
{
	uid_t uid = person_uid();
	struct passwd pw, *found = NULL;
	char room[4096];

	if (getpwuid_r(uid, &pw, room, sizeof(room), &found) == 0 &&
	    found != NULL)
		(void)snprintf(out, size, "unix:%s", pw.pw_name);
	else
		(void)snprintf(out, size, "unix:%u", (unsigned)uid);
	str_make_printable(out);
	return out;
}

const char *
ctl_time(const struct ctl *ctl, int64_t utc_s, char out[20])
{
	if (utc_s == 0)
		return "—";
	zone_format(ctl->conf->zone, utc_s, out);
	return out;
}

void
ctl_json_time(struct buf *out, int64_t utc_s)
{
	int64_t day = utc_s / 86400, rest = utc_s % 86400;
	struct civil c;

	if (utc_s == 0) {
		buf_adds(out, "null");
		return;
	}
	if (rest < 0) {
		rest += 86400;
		day--;
	}
	civil_from_day((int32_t)day, &c);
	buf_addf(out, "\"%04d-%02d-%02dT%02d:%02d:%02dZ\"", c.year, c.month,
	    c.day, (int)(rest / 3600), (int)(rest / 60 % 60),
	    (int)(rest % 60));
}

const char *
ctl_domain_title(const struct ctl *ctl, const char *id)
{
	int i = conf_domain(ctl->conf, id);

	return i < 0 ? id : ctl->conf->rules.domains[i].title;
}

const char *
ctl_area_name(const struct ctl *ctl, const char *id)
{
	int i = conf_area(ctl->conf, id);

	return i < 0 ? id : ctl->conf->areas[i].name;
}

const char *
ctl_person_name(const struct ctl *ctl, const char *id)
{
	int i = conf_person(ctl->conf, id);

	return i < 0 ? id : ctl->conf->roster.persons[i].name;
}

const char *
ctl_state_title(const char *state)
{
	int s = clue_state_by_name(state);

	return s < 0 ? state : clue_state_title((enum clue_state)s);
}

void
ctl_out(const struct buf *b)
{
	out_lost |= buf_bad(b);
	(void)fwrite(buf_str(b), 1, b->len, stdout);
}
