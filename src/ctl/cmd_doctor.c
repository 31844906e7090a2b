/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/timex.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "core/check.h"
#include "core/watch.h"
#include "ctl/ctl.h"
#include "ctl/decode.h"
#include "ctl/probe.h"
#include "parse/message.h"
#include "store/store.h"

struct doctor {
	struct ctl *ctl;
	size_t n_bad;
};

enum verdict { GOOD, SOON, BAD };

static void
tell_verdict(struct doctor *d, const char *what, enum verdict v,
    const char *trouble)
{
	static const struct {
		const char *word, *json, *color;
	} looks[] = {
	    [GOOD] = {"good", "good", "\033[32m"},
	    [SOON] = {"SOON", "soon", "\033[33m"},
	    [BAD] = {"BAD ", "bad", "\033[31m"},
	};
	BUF_AUTO struct buf b = BUF_INIT;

	d->n_bad += v == BAD;
	if (d->ctl->json) {
		buf_adds(&b, "{\"check\":");
		json_add_cstr(&b, what);
		buf_addf(&b, ",\"verdict\":\"%s\",\"trouble\":",
		    looks[v].json);
		json_add_cstr(&b, trouble);
		buf_adds(&b, "}\n");
	} else {
		buf_addf(&b, "%s%s%s  %s%s",
		    d->ctl->color ? looks[v].color : "", looks[v].word,
		    d->ctl->color ? "\033[0m" : "", what,
		    trouble != NULL ? ": " : "");
		if (trouble != NULL)
			str_add_printable(
			    &b, trouble, strlen(trouble), false);
		buf_addc(&b, '\n');
	}
	ctl_out(&b);
	(void)fflush(stdout); /* log-ins take time */
}

static void
tell(struct doctor *d, const char *what, const char *trouble)
{
	tell_verdict(d, what, trouble == NULL ? GOOD : BAD, trouble);
}

static void
tell_result(struct doctor *d, const char *what, int rc, const struct err *err)
{
	char text[512];

	tell(d, what, rc == 0 ? NULL : err_text(err, text, sizeof(text)));
}

static int
check_configuration(struct doctor *d)
{
	const struct conf_options usual = {0};
	int rc = check_load(d->ctl->conf_path, &usual, &d->ctl->conf,
	    &d->ctl->route, stderr, NULL);

	tell(d, "configuration",
	    rc == 0 ? NULL : "refused; the lines above say what to mend");
	return rc;
}

static void
check_store(struct doctor *d)
{
	const char *path = d->ctl->conf->store.path;
	struct err err;
	int rc;

	if (access(path, F_OK) < 0 && errno == ENOENT) {
		tell_verdict(d, "store", SOON,
		    "not there yet: the first start of clued makes it; if it "
		    "did start before, see store.path");
		return;
	}
	rc = store_open(path, STORE_READ, &d->ctl->store, &err);
	if (rc == 0)
		rc = store_check(d->ctl->store, &err);
	tell_result(d, "store", rc, &err);
}

/* A letter through the daemon's own: its program, its sandbox, and what the
 * system must have for it. */
static int
try_parser(struct err *err)
{
	static const char letter[] = "From: <a@example.org>\r\n"
				     "Subject: =?gbk?B?vtmxqA==?=\r\n\r\n";
	DECODER_AUTO struct decoder *decoder = NULL;
	MESSAGE_AUTO struct message *m = NULL;
	int rc;

	if (decoder_new(NULL, false, &decoder, err) < 0)
		return -1;
	rc = decoder_bytes(decoder, letter, sizeof(letter) - 1, &m, err);
	if (rc == 1 && strcmp(m->subject, "举报") != 0)
		rc = err_set(err, ERR_SYSTEM, ERR_OWN, 0,
		    "a subject in GBK is read as “%s”", m->subject);
	return rc == 1 ? 0 : -1;
}

static void
check_parsing(struct doctor *d)
{
	struct err err;

	tell_result(d, "parsing", try_parser(&err), &err);
}

static void
check_mailboxes(struct doctor *d)
{
	struct err err;
	char what[128];

	for (size_t i = 0; i < d->ctl->conf->n_mailboxes; i++) {
		(void)snprintf(what, sizeof(what), "log-in to mailbox %s",
		    d->ctl->conf->mailboxes[i].id);
		tell_result(
		    d, what, probe_mailbox(d->ctl->conf, i, &err), &err);
	}
}

static void
check_smtp(struct doctor *d)
{
	const struct conf *conf = d->ctl->conf;
	struct err err;

	tell_result(
	    d, "SMTP log-in", probe_smtp(conf, &conf->smtp, &err), &err);
	if (conf->has_alarm_smtp)
		tell_result(d, "SMTP log-in for alarms",
		    probe_smtp(conf, &conf->alarm_smtp, &err), &err);
}

/* The deadlines are only as good as the clock. */
static void
check_clock(struct doctor *d)
{
	struct timex tx = {.modes = 0};
	int state = adjtimex(&tx);

	tell(d, "clock",
	    state == TIME_ERROR || (tx.status & STA_UNSYNC)
		? "not synchronised; install a time service such as "
		  "systemd-timesyncd or chrony"
		: NULL);
}

static void
check_calendar(struct doctor *d)
{
	struct conf_mistakes m;
	int64_t now_s = clock_now_s();
	struct civil c;
	bool have = false;

	zone_civil(d->ctl->conf->zone, now_s, &c);
	for (size_t i = 0; i < d->ctl->conf->calendar.n_years; i++)
		have |= d->ctl->conf->calendar.years[i] == c.year;
	memset(&m, 0, sizeof(m));
	conf_check_calendar(d->ctl->conf, now_s, &m);
	/* Next year's notice may not be out yet: that is no trouble today. */
	tell_verdict(d, "calendar", !have ? BAD : m.n > 0 ? SOON : GOOD,
	    !have         ? "no file for this year; add calendar/YYYY.conf "
			    "from the State Council's notice"
		: m.n > 0 ? m.list[0].text
			  : NULL);
	conf_mistakes_done(&m);
}

/* What the daemon would raise an alarm for. */
static void
check_watch(struct doctor *d)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct watch_item *items;
	BUF_AUTO struct buf b = BUF_INIT;
	struct err err;
	size_t n;

	if (a == NULL)
		tell(d, "alarms", "out of memory");
	if (a == NULL || d->ctl->store == NULL)
		return;
	if (watch_look(d->ctl->conf, d->ctl->store, clock_now_s(), a, &items,
		&n, &err) < 0) {
		tell_result(d, "alarms", -1, &err);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		buf_clear(&b);
		buf_addf(&b, "%s: ", items[i].subject);
		buf_adds(&b, items[i].cause);
		tell(d, items[i].key, items[i].stands ? buf_str(&b) : NULL);
	}
}

static int
run(struct ctl *ctl, int argc, char **argv)
{
	struct doctor d = {.ctl = ctl};

	if (ctl_json_only(ctl, &cmd_doctor, argc, argv) < 0)
		return CTL_USAGE;
	if (optind != argc)
		return ctl_usage(&cmd_doctor);
	if (check_configuration(&d) < 0)
		return CTL_USAGE;
	check_store(&d);
	check_parsing(&d);
	check_mailboxes(&d);
	check_smtp(&d);
	check_clock(&d);
	check_calendar(&d);
	check_watch(&d);
	return d.n_bad > 0 ? CTL_FINDING : CTL_OK;
}

const struct ctl_command cmd_doctor = {
    .name = "doctor",
    .summary = "try everything the daemon depends on",
    .help = "doctor [--json]\n\n"
	    "Checks configuration, store, the parser, the log-in to each "
	    "mailbox, the SMTP\nlog-in, the clock and the calendar.  Each "
	    "trouble says what to do.  Exit status\n1 when anything is BAD; "
	    "SOON can wait a little.\n\n"
	    "Example:\n"
	    "  cluectl doctor\n",
    .needs_conf = false,
    .store_mode = -1,
    .run = run,
};
