/* SPDX-License-Identifier: ISC */
#include "core/daemon.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/rest.h"
#include "conf/conf.h"
#include "core/alarm.h"
#include "core/alarm_store.h"
#include "core/answer.h"
#include "core/check.h"
#include "core/lock.h"
#include "core/mailbox.h"
#include "core/metrics.h"
#include "core/pipeline.h"
#include "core/post.h"
#include "core/probe.h"
#include "core/rehearse.h"
#include "core/store_start.h"
#include "core/take.h"
#include "route/route.h"
#include "store/store.h"

/* Even when nothing is due the clock is looked at this often, in case it was
 * set or the machine slept. */
#define LOOK_EVERY_S 60
/* A failed look at the store is repeated after this. */
#define RETRY_S 5
/* Failed looks or commits in a row after which --once ends: some seconds. */
#define MAX_ONCE_FAILURES 4

enum exit_status {
	EXIT_DONE = 0, EXIT_TROUBLE = 1, EXIT_CONF = 2, EXIT_STORE = 3,
	EXIT_SYSTEM = 4,
};

struct daemon {
	const struct daemon_options *options;
	sd_event *event;
	struct conf *conf;
	struct route *route;
	struct store *store;
	int lock;
	struct pipeline *pipeline;
	struct post *post;
	struct alarm *alarm; /* NULL with --once, whose exit tells */
	struct alarm_store *alarm_store; /* likewise */
	struct probe *probe; /* likewise */
	struct mailbox *mailboxes[MAX_MAILBOXES];
	size_t n_mailboxes;
	uint64_t generation; /* counts reloads; in the mailboxes' tags */
	sd_event_source *parser, *parser_timer, *timer, *watch;
	bool trouble;
	bool look_failed, intake_failed; /* the last time */
	bool damaged; /* the store; the daemon ends */
	struct err look_err, intake_err;
	unsigned failures; /* in a row */
	int64_t taken; /* messages committed since the start */
	int64_t rested; /* … when memory was given back last, and when */
	int64_t rested_ms;
	char status[512]; /* what systemd was told last */
};

static void look(struct daemon *d);
static void count_failure(struct daemon *d, bool failed);
static void watch_store_works(struct daemon *d, int64_t now_s);
static void leave_if_damaged(struct daemon *d);
static bool once_is_over(struct daemon *d);

/* -- the parser ----------------------------------------------------------- */

static struct mailbox *
mailbox_of_tag(struct daemon *d, uint64_t tag)
{
	uint64_t index = tag >> 32 & 0xffff;

	if (tag >> 48 != (d->generation & 0xffff) || index >= d->n_mailboxes)
		return NULL; /* from before a reload: asked for again */
	return d->mailboxes[index];
}

static void
on_message_taken(void *arg, const struct pipeline_source *from,
    const struct pipeline_taken *what)
{
	struct daemon *d = arg;
	struct mailbox *m = mailbox_of_tag(d, from->tag);

	d->taken++;
	log_line(LOG_LEVEL_INFO, "message",
	    "mailbox=%s folder=\"%s\" uid=%u kind=%s clue=%s repeat=%d",
	    from->mailbox, from->folder, from->uid, what->kind, what->number,
	    what->repeat);
	if (m != NULL)
		mailbox_taken(m, from, what);
}

static int on_parser_timer(sd_event_source *s, uint64_t usec, void *arg);

/* Arms the time limit for the next step of the pipeline. */
static void
arm_parser(struct daemon *d)
{
	int ms = pipeline_timeout_ms(d->pipeline);

	if (ms < 0) {
		if (d->parser_timer != NULL)
			(void)sd_event_source_set_enabled(
			    d->parser_timer, SD_EVENT_OFF);
		return;
	}
	if (d->parser_timer == NULL) {
		(void)sd_event_add_time_relative(d->event, &d->parser_timer,
		    CLOCK_MONOTONIC, (uint64_t)ms * 1000, 1000,
		    on_parser_timer, d);
		return;
	}
	(void)sd_event_source_set_time_relative(
	    d->parser_timer, (uint64_t)ms * 1000);
	(void)sd_event_source_set_enabled(
	    d->parser_timer, SD_EVENT_ONESHOT);
}

static void
step_pipeline(struct daemon *d)
{
	int64_t before = d->taken;

	d->intake_failed = pipeline_step(d->pipeline, &d->intake_err) < 0;
	if (d->intake_failed) {
		d->trouble = true;
		log_err(LOG_LEVEL_ERROR, "intake", &d->intake_err,
		    "waiting=%zu next=\"kept, tried again\"",
		    pipeline_pending(d->pipeline));
		count_failure(d, true);
		watch_store_works(d, clock_now_s());
	}
	for (size_t i = 0; i < d->n_mailboxes; i++)
		mailbox_flush_acks(d->mailboxes[i]);
	if (d->taken != before)
		look(d); /* there may be letters now */
	arm_parser(d);
}

static int
on_parser(sd_event_source *s, int fd, uint32_t revents, void *arg)
{
	(void)s;
	(void)fd;
	(void)revents;
	step_pipeline(arg);
	return 0;
}

static int
on_parser_timer(sd_event_source *s, uint64_t usec, void *arg)
{
	(void)s;
	(void)usec;
	step_pipeline(arg);
	return 0;
}

/* Runs before every wait: frames may have brought work, and with --once a
 * mailbox's end may have been the last thing to wait for. */
static int
on_prepare(sd_event_source *s, void *arg)
{
	struct daemon *d = arg;

	(void)s;
	leave_if_damaged(d);
	arm_parser(d);
	if (d->options->once && once_is_over(d))
		look(d);
	return 0;
}

/* -- what is due ---------------------------------------------------------- */

/* Behind a backlog, and now and then, the memory that is not needed in quiet
 * times goes back to the system. */
static void
rest(struct daemon *d)
{
	int64_t now_ms = clock_mono_ms();

	if (pipeline_pending(d->pipeline) > 0 || post_busy(d->post) ||
	    (d->rested == d->taken &&
		now_ms - d->rested_ms < LOOK_EVERY_S * 1000 / 2))
		return;
	d->rested = d->taken;
	d->rested_ms = now_ms;
	store_rest(d->store);
	rest_memory();
}

static int
on_timer(sd_event_source *s, uint64_t usec, void *arg)
{
	struct daemon *d = arg;

	(void)s;
	(void)usec;
	/* Also when an event was lost for want of memory: nothing waits for
	 * ever. */
	step_pipeline(d);
	for (size_t i = 0; i < d->n_mailboxes; i++)
		mailbox_keep(d->mailboxes[i]);
	look(d);
	rest(d);
	return 0;
}

static void
arm_timer(struct daemon *d, int64_t wait_s)
{
	uint64_t usec;

	if (wait_s < 0)
		wait_s = 0;
	if (wait_s > LOOK_EVERY_S)
		wait_s = LOOK_EVERY_S;
	usec = wait_s > 0 ? (uint64_t)wait_s * 1000000 : 50000;
	if (d->timer == NULL) {
		(void)sd_event_add_time_relative(d->event, &d->timer,
		    CLOCK_BOOTTIME, usec, 0, on_timer, d);
		return;
	}
	(void)sd_event_source_set_time_relative(d->timer, usec);
	(void)sd_event_source_set_enabled(d->timer, SD_EVENT_ONESHOT);
}

static bool
once_is_over(struct daemon *d)
{
	if (pipeline_pending(d->pipeline) > 0 || post_busy(d->post))
		return false;
	for (size_t i = 0; i < d->n_mailboxes; i++)
		if (!mailbox_is_over(d->mailboxes[i]))
			return false;
	return true;
}

static void
tell_status(struct daemon *d)
{
	const char *what = post_pause_reason(d->post);
	const char *alarm = "";
	size_t n = d->alarm != NULL ? alarm_count(d->alarm, &alarm) : 0;
	char text[sizeof(d->status)];

	for (size_t i = 0; i < d->n_mailboxes && what[0] == '\0'; i++)
		what = mailbox_trouble(d->mailboxes[i]);
	if (d->look_failed || d->intake_failed)
		what = d->look_failed ? d->look_err.what : d->intake_err.what;
	if (n > 0)
		(void)snprintf(text, sizeof(text),
		    "%zu alarms (%s); %lld messages taken; %s", n, alarm,
		    (long long)d->taken, what);
	else
		(void)snprintf(text, sizeof(text), "%lld messages taken; %s",
		    (long long)d->taken, what[0] != '\0' ? what : "all well");
	if (strcmp(text, d->status) == 0)
		return; /* each look would wake the manager */
	memcpy(d->status, text, sizeof(text));
	(void)sd_notifyf(0, "STATUS=%s", text);
}

static int64_t
earlier(int64_t a_s, int64_t b_s)
{
	return a_s == 0 || (b_s != 0 && b_s < a_s) ? b_s : a_s;
}

/* With --once nobody waits for a disk to come back: it ends, and what is not
 * done is done by the next run. */
static void
count_failure(struct daemon *d, bool failed)
{
	d->failures = failed ? d->failures + 1 : 0;
	if (d->options->once && d->failures >= MAX_ONCE_FAILURES)
		(void)sd_event_exit(d->event, EXIT_TROUBLE);
}

/* Nothing more is built on a store that is damaged: the next start looks
 * through it first, and goes on or says what to do. */
static void
leave_if_damaged(struct daemon *d)
{
	if (d->damaged || !store_damaged(d->store))
		return;
	d->damaged = true;
	log_line(LOG_LEVEL_ERROR, "store-damaged",
	    "next=\"ends; the next start looks through the store\"");
	(void)sd_event_exit(d->event, EXIT_STORE);
}

/* The first failure of a look stands for all. */
static void
failed(struct daemon *d, const char *event, const struct err *err)
{
	log_err(LOG_LEVEL_ERROR, event, err, "");
	if (!d->look_failed)
		d->look_err = *err;
	d->look_failed = d->trouble = true;
}

/* Whether intake fails is known only when something came in since. */
static void
watch_store_works(struct daemon *d, int64_t now_s)
{
	const struct err *why = NULL;

	if (d->look_failed)
		why = &d->look_err;
	else if (d->intake_failed && pipeline_pending(d->pipeline) > 0)
		why = &d->intake_err;
	else
		d->intake_failed = false;
	if (d->alarm_store != NULL)
		alarm_store_step(d->alarm_store, d->conf, why, now_s);
}

/* Everything that can be due at a point of time: deadlines, what citizens are
 * owed, then letters. */
static void
look(struct daemon *d)
{
	int64_t now_s = clock_now_s();
	const struct take_context c = {
	    .conf = d->conf, .route = d->route, .store = d->store};
	int64_t deadline_s = 0, answer_s = 0, letter_s = 0, next_s;
	struct err err;

	d->look_failed = false;
	if (store_in_place(d->store, &err) < 0)
		failed(d, "store", &err);
	if (pipeline_on_tick(d->pipeline, now_s, &deadline_s, &err) < 0)
		failed(d, "deadlines", &err);
	if (d->alarm != NULL && alarm_step(d->alarm, now_s, &err) < 0)
		failed(d, "alarms", &err);
	if (answer_step(&c, now_s, &answer_s, &err) < 0)
		failed(d, "answers", &err);
	if (d->probe != NULL && probe_step(d->probe, d->conf, now_s, &err) < 0)
		log_err(LOG_LEVEL_ERROR, "probe", &err, "");
	if (post_step(d->post, now_s, &letter_s, &err) < 0)
		failed(d, "outbox", &err);
	if (metrics_tick(d->conf, d->store, false, &err) < 0)
		log_err(LOG_LEVEL_WARN, "metrics", &err, "");
	watch_store_works(d, now_s);
	if (d->look_failed || !d->intake_failed)
		count_failure(d, d->look_failed);
	next_s = earlier(earlier(letter_s, deadline_s), answer_s);
	arm_timer(d, d->look_failed ? RETRY_S
				    : next_s != 0 ? next_s - now_s
						  : LOOK_EVERY_S);
	tell_status(d);
	if (d->options->once && once_is_over(d) &&
	    (letter_s == 0 || letter_s > now_s) &&
	    (answer_s == 0 || answer_s > now_s))
		(void)sd_event_exit(d->event, EXIT_DONE);
}

static void
on_settled(void *arg)
{
	struct daemon *d = arg;

	d->trouble |= post_had_trouble(d->post);
	look(d);
}

/* cluectl wrote to the store, or we did: look what follows from it. */
static int
on_store_changed(
    sd_event_source *s, const struct inotify_event *event, void *arg)
{
	struct daemon *d = arg;

	(void)s;
	(void)event;
	if (!post_busy(d->post))
		arm_timer(d, 0);
	return 0;
}

static int
watch_store(struct daemon *d, struct err *err)
{
	char wal[4096];
	int rc;

	(void)snprintf(wal, sizeof(wal), "%s-wal", d->conf->store.path);
	rc = sd_event_add_inotify(d->event, &d->watch, wal, IN_MODIFY,
	    on_store_changed, d);
	if (rc < 0)
		return err_errno(err, -rc, "watch %s", wal);
	return 0;
}

/* -- configuration -------------------------------------------------------- */

static int
load(struct daemon *d, struct conf **conf_out, struct route **route_out,
    struct err *err)
{
	const struct conf_options usual = {0};

	return check_load(
	    d->options->conf_path, &usual, conf_out, route_out, stderr, err);
}

int
daemon_refused(const struct err *err)
{
	return err->kind == ERR_CONF ? EXIT_CONF : EXIT_SYSTEM;
}

static void
stop_mailboxes(struct daemon *d)
{
	for (size_t i = 0; i < d->n_mailboxes; i++)
		mailbox_free(&d->mailboxes[i]);
	d->n_mailboxes = 0;
}

static int
start_mailboxes(struct daemon *d, struct err *err)
{
	uint64_t tag;

	for (size_t i = 0; i < d->conf->n_mailboxes; i++) {
		tag = (d->generation & 0xffff) << 16 | i;
		if (mailbox_new(d->event, d->conf, i, d->store, d->pipeline,
			tag, d->options->once, &d->mailboxes[i], err) < 0)
			return -1;
		d->n_mailboxes = i + 1;
		if (mailbox_start(d->mailboxes[i], err) < 0) {
			d->trouble = true;
			log_err(LOG_LEVEL_ERROR, "mailbox-not-started", err,
			    "mailbox=%s",
			    d->conf->mailboxes[i].id);
		}
	}
	return 0;
}

/* Build, validate, swap; or keep the old one and say why. */
static void
reload(struct daemon *d)
{
	struct conf *conf;
	struct route *route;
	struct err err;

	(void)sd_notify(0, "RELOADING=1");
	if (rehearse_load(d->options->conf_path, &err) < 0 ||
	    load(d, &conf, &route, &err) < 0) {
		log_err(LOG_LEVEL_ERROR, "reload-refused", &err,
		    "next=\"the old configuration stays in force\"");
		(void)sd_notify(0, "READY=1");
		return;
	}
	if (strcmp(conf->store.path, d->conf->store.path) != 0)
		log_line(LOG_LEVEL_WARN, "reload",
		    "store=\"another store needs a restart\"");
	stop_mailboxes(d);
	pipeline_reconfigure(d->pipeline, conf, route);
	post_reconfigure(d->post, conf, route);
	if (d->alarm != NULL)
		alarm_reconfigure(d->alarm, conf, route);
	route_free(&d->route);
	conf_free(&d->conf);
	d->conf = conf;
	d->route = route;
	d->generation++;
	if (start_mailboxes(d, &err) < 0)
		log_err(LOG_LEVEL_ERROR, "reload", &err, "");
	log_line(LOG_LEVEL_INFO, "reloaded", "rules=%.12s",
	    d->conf->rules.hash);
	arm_timer(d, 0); /* deadlines may have moved */
	(void)sd_notify(0, "READY=1");
}

/* -- signals -------------------------------------------------------------- */

static int
on_signal(sd_event_source *s, const struct signalfd_siginfo *si, void *arg)
{
	struct daemon *d = arg;

	(void)s;
	switch (si->ssi_signo) {
	case SIGHUP:
		reload(d);
		return 0;
	case SIGUSR1:
		for (size_t i = 0; i < d->n_mailboxes; i++)
			mailbox_poll_now(d->mailboxes[i]);
		step_pipeline(d);
		look(d);
		return 0;
	default:
		(void)sd_notify(0, "STOPPING=1");
		return sd_event_exit(d->event, EXIT_DONE);
	}
}

/* A reload asked for during a long start waits for its end; and nobody may be
 * there any more who reads the log. */
static void
hold_signals(void)
{
	sigset_t set;

	/* Systemd takes the death of it for an orderly end. */
	(void)signal(SIGPIPE, SIG_IGN);
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGHUP);
	(void)sigaddset(&set, SIGUSR1);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
}

static int
take_signals(struct daemon *d, struct err *err)
{
	static const int signals[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1};
	sigset_t set;
	int rc;

	(void)sigemptyset(&set);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		(void)sigaddset(&set, signals[i]);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return err_errno(err, errno, "sigprocmask");
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		rc = sd_event_add_signal(
		    d->event, NULL, signals[i], on_signal, d);
		if (rc < 0)
			return err_errno(err, -rc, "signal %d", signals[i]);
	}
	return 0;
}

/* -- start ---------------------------------------------------------------- */

static int
build(struct daemon *d, struct err *err)
{
	int rc;

	if (take_signals(d, err) < 0 ||
	    pipeline_new(d->conf, d->route, d->store, on_message_taken, d,
		&d->pipeline, err) < 0 ||
	    post_new(d->event, d->conf, d->route, d->store, &d->post, err) <
		0)
		return -1;
	post_on_settled(d->post, on_settled, d);
	if (!d->options->once &&
	    (alarm_new(d->event, d->conf, d->route, d->store, &d->alarm, err) <
		    0 ||
		alarm_store_new(d->event, &d->alarm_store, err) < 0 ||
		probe_new(d->event, d->store, &d->probe, err) < 0))
		return -1;
	rc = sd_event_add_io(d->event, &d->parser,
	    pipeline_poll_fd(d->pipeline), EPOLLIN, on_parser, d);
	if (rc >= 0)
		rc = sd_event_source_set_prepare(d->parser, on_prepare);
	if (rc < 0)
		return err_errno(err, -rc, "event loop");
	return watch_store(d, err);
}

static int
run(struct daemon *d)
{
	struct err err;
	int rc;

	if (build(d, &err) < 0 || start_mailboxes(d, &err) < 0) {
		log_err(LOG_LEVEL_ERROR, "start", &err, "");
		return EXIT_SYSTEM;
	}
	(void)sd_event_set_watchdog(d->event, true);
	log_line(LOG_LEVEL_INFO, "started",
	    "version=%s mailboxes=%zu rules=%.12s", CLUED_VERSION,
	    d->n_mailboxes, d->conf->rules.hash);
	(void)sd_notify(0, "READY=1");
	rest_memory(); /* what reading the configuration took */
	if (d->alarm_store != NULL)
		alarm_store_accepted(d->alarm_store, d->conf);
	look(d);
	rc = sd_event_loop(d->event);
	if (rc < 0) {
		err_errno(&err, -rc, "event loop");
		log_err(LOG_LEVEL_ERROR, "loop", &err, "");
		return EXIT_SYSTEM;
	}
	for (size_t i = 0; i < d->n_mailboxes; i++)
		d->trouble |= mailbox_has_trouble(d->mailboxes[i]);
	if (metrics_tick(d->conf, d->store, true, &err) < 0)
		log_err(LOG_LEVEL_WARN, "metrics", &err, "");
	log_line(LOG_LEVEL_INFO, "ended", "taken=%lld", (long long)d->taken);
	return d->options->once && d->trouble && rc == EXIT_DONE ? EXIT_TROUBLE
								 : rc;
}

static void
tear_down(struct daemon *d)
{
	stop_mailboxes(d);
	alarm_free(&d->alarm);
	alarm_store_free(&d->alarm_store);
	probe_free(&d->probe);
	post_free(&d->post);
	d->parser = sd_event_source_disable_unref(d->parser);
	d->parser_timer = sd_event_source_disable_unref(d->parser_timer);
	d->timer = sd_event_source_disable_unref(d->timer);
	d->watch = sd_event_source_disable_unref(d->watch);
	pipeline_free(&d->pipeline);
	store_close(&d->store);
	if (d->lock >= 0 && d->damaged)
		(void)close(d->lock); /* as after a kill */
	else if (d->lock >= 0)
		lock_leave(d->lock);
	route_free(&d->route);
	conf_free(&d->conf);
	(void)sd_event_unref(d->event);
}

int
daemon_run(const struct daemon_options *options)
{
	struct daemon d = {.options = options, .lock = -1};
	const struct rlimit no_core = {0, 0};
	struct err err;
	int status, rc;

	/* Citizens' words must not end up in a core dump. */
	(void)setrlimit(RLIMIT_CORE, &no_core);
	hold_signals();
	if (load(&d, &d.conf, &d.route, &err) < 0)
		return daemon_refused(&err);
	if (store_start(d.conf, options->once, &d.store, &d.lock, &err) < 0) {
		log_err(LOG_LEVEL_ERROR, "store", &err, "");
		status = EXIT_STORE;
	} else if ((rc = sd_event_new(&d.event)) < 0) {
		err_errno(&err, -rc, "event loop");
		log_err(LOG_LEVEL_ERROR, "start", &err, "");
		status = EXIT_SYSTEM;
	} else {
		status = run(&d);
	}
	tear_down(&d);
	return status;
}
