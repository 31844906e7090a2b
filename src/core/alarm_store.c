/* SPDX-License-Identifier: ISC */
#include "core/alarm_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <systemd/sd-event.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "core/alarm.h"
#include "core/alarm_letter.h"
#include "core/direct.h"

/* A full disk is often made free, and a lock given back, before that. */
#define GRACE_S 600
/* Another try when the letter did not go. */
#define RETRY_S 120
/* Not everything needs the store at each look: it works when nothing failed
 * for so long. */
#define CALM_S 120
#define DAY_S 86400
/* For the letter of a daemon that cannot start. */
#define REFUSAL_MOST_US (90 * 1000000ULL)

static const char subject[] = "数据库无法读写";

struct alarm_store {
	struct direct *direct;
	struct alarm_state state;
	int64_t failed_s; /* the last time */
	int64_t posted_s; /* when the letter under way was handed over */
	int64_t retry_s;
	bool fails;
	bool over; /* the letter under way is the all-clear */
	sd_event *until_posted; /* a loop that ends with the letter */
	bool went;
};

static void
on_posted(void *arg, bool sent, const char *what)
{
	struct alarm_store *as = arg;
	char words[LOG_WORDS];

	log_line(sent ? LOG_LEVEL_INFO : LOG_LEVEL_WARN, "alarm-letter",
	    "alarm=store sent=%d reply=\"%s\"", sent, log_words(what, words));
	as->went = sent;
	if (as->until_posted != NULL)
		(void)sd_event_exit(as->until_posted, 0);
	if (!sent)
		return;
	as->retry_s = 0;
	as->state.told_s = as->posted_s;
	if (as->over)
		as->state = (struct alarm_state){0, 0};
}

int
alarm_store_new(sd_event *event, struct alarm_store **out, struct err *err)
{
	struct alarm_store *as = calloc(1, sizeof(*as));

	if (as == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (direct_new(event, on_posted, as, &as->direct, err) < 0) {
		free(as);
		return -1;
	}
	*out = as;
	return 0;
}

void
alarm_store_free(struct alarm_store **as)
{
	if (*as == NULL)
		return;
	direct_free(&(*as)->direct);
	free(*as);
	*as = NULL;
}

static const char *
cause_of(const struct conf *conf, const struct alarm_state *st,
    const struct err *why, bool refused, struct arena *a)
{
	char since[20], text[512];

	zone_format(conf->zone, st->since_s, since);
	if (why == NULL)
		return "";
	return arena_printf(a,
	    "自 %s 起，数据库 %s 无法读写%s：\n%s\n"
	    "新来信仍在邮箱里，待发的信件原样保留，都没有丢失。\n"
	    "请检查磁盘空间、硬盘和系统日志，以及是否有其他程序占用数据库；%s",
	    since, conf->store.path,
	    refused ? "，系统没有启动" : "，收信和发信都已停下",
	    err_text(why, text, sizeof(text)),
	    refused ? "排除后请重新启动。数据库损坏的，用 cluectl restore "
		      "从备份恢复。"
		    : "排除后自动恢复，无需重启。");
}

/* Hands the letter over; what became of it comes to on_posted(). */
static int
tell(struct alarm_store *as, const struct conf *conf, const struct err *why,
    bool refused, int64_t now_s, struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct alarm_letter l;
	const char *cause;

	as->over = why == NULL;
	as->posted_s = now_s;
	as->retry_s = now_s + RETRY_S;
	cause = a != NULL ? cause_of(conf, &as->state, why, refused, a) : NULL;
	if (cause == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	alarm_letter_init(&l, conf, subject, cause, as->state.since_s,
	    as->over, now_s);
	return alarm_letter_post(&l, as->direct, conf,
	    conf->has_alarm_smtp ? &conf->alarm_smtp : &conf->smtp, a, err);
}

void
alarm_store_step(struct alarm_store *as, const struct conf *conf,
    const struct err *why, int64_t now_s)
{
	struct err err;

	as->fails = why != NULL;
	if (as->fails && as->state.since_s == 0)
		as->state.since_s = now_s;
	if (as->fails)
		as->failed_s = now_s;
	else if (now_s - as->failed_s < CALM_S && now_s >= as->failed_s)
		return;
	switch (alarm_next(&as->state, as->fails, now_s)) {
	case ALARM_NOTHING:
		return;
	case ALARM_FORGET:
		as->state = (struct alarm_state){0, 0};
		return;
	case ALARM_RAISE:
		if (now_s - as->state.since_s < GRACE_S &&
		    now_s >= as->state.since_s)
			return;
		break;
	default:
		break;
	}
	if (direct_busy(as->direct) ||
	    (now_s < as->retry_s && now_s >= as->retry_s - RETRY_S))
		return;
	if (tell(as, conf, why, false, now_s, &err) < 0)
		log_err(LOG_LEVEL_WARN, "alarm-letter", &err, "alarm=store");
}

bool
alarm_store_fails(const struct alarm_store *as)
{
	return as->fails;
}

/* -- at the start ---------------------------------------------------------- */

static void
stamp_path(const struct conf *conf, char path[static MAX_PATH_BYTES + 9])
{
	(void)snprintf(
	    path, MAX_PATH_BYTES + 9, "%s.refused", conf->store.path);
}

/* Whether a letter may be written now; from then on none for a day. */
static bool
take_turn(const char *path, int64_t now_s)
{
	struct timespec times[2] = {{.tv_sec = now_s}, {.tv_sec = now_s}};
	struct stat st;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool mine;

	if (fd < 0) {
		if (errno != EEXIST || lstat(path, &st) < 0 ||
		    !S_ISREG(st.st_mode) ||
		    (now_s - st.st_mtime < DAY_S &&
			st.st_mtime - now_s < DAY_S))
			return false;
		fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	}
	mine = fd >= 0 && futimens(fd, times) == 0;
	if (fd >= 0)
		(void)close(fd);
	return mine;
}

static int
tell_refusal(const struct conf *conf, const struct err *why, int64_t now_s,
    struct err *err)
{
	struct alarm_store *as = NULL;
	sd_event *event = NULL;
	int rc = -1;

	if (sd_event_new(&event) < 0)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "no event loop");
	if (alarm_store_new(event, &as, err) < 0)
		goto done;
	as->state.since_s = now_s;
	as->until_posted = event;
	if (tell(as, conf, why, true, now_s, err) < 0)
		goto done;
	(void)sd_event_add_time_relative(event, NULL, CLOCK_MONOTONIC,
	    REFUSAL_MOST_US, 0, NULL, NULL); /* exits the loop */
	rc = sd_event_loop(event) >= 0 && as->went ? 0 : 1;
done:
	alarm_store_free(&as);
	(void)sd_event_unref(event);
	return rc;
}

void
alarm_store_refused(const struct conf *conf, const struct err *why)
{
	char path[MAX_PATH_BYTES + 9];
	int64_t now_s = clock_now_s();
	struct err err;
	int rc;

	stamp_path(conf, path);
	if (!take_turn(path, now_s))
		return;
	rc = tell_refusal(conf, why, now_s, &err);
	if (rc < 0)
		log_err(LOG_LEVEL_WARN, "alarm-letter", &err, "alarm=store");
	if (rc != 0)
		(void)unlink(path); /* the next start tries again */
}

void
alarm_store_accepted(struct alarm_store *as, const struct conf *conf)
{
	char path[MAX_PATH_BYTES + 9];

	stamp_path(conf, path);
	if (unlink(path) == 0) {
		/* Told then: the first look that works calls it off. */
		as->state.since_s = as->state.told_s = clock_now_s();
	}
}
