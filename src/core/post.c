/* SPDX-License-Identifier: ISC */
#include "core/post_inside.h"

#include <stdlib.h>

#include <sodium.h>
#include <systemd/sd-event.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/frame.h"
#include "base/log.h"
#include "base/step.h"
#include "conf/conf.h"
#include "core/letters.h"
#include "core/metrics.h"
#include "core/role.h"
#include "core/watch.h"
#include "send/wire.h"

/* A sender with nothing to send ends after this: the next letter starts it. */
#define REST_AFTER_S 60
/* At our end the letter at hand has so long to be answered. */
#define LAST_WAIT_MS 3000

/* ---- answers ------------------------------------------------------------ */

static void
tell_settled(struct post *p)
{
	if (p->timer != NULL)
		(void)sd_event_source_set_enabled(p->timer, SD_EVENT_OFF);
	if (p->settled != NULL)
		p->settled(p->settled_arg);
}

static int
on_timer(sd_event_source *source, uint64_t usec, void *arg)
{
	(void)source;
	(void)usec;
	tell_settled(arg);
	return 0;
}

static void
settle_soon(struct post *p)
{
	const uint64_t usec = MAX_POST_WAIT_MS * 1000;
	int on = SD_EVENT_OFF;

	if (p->timer == NULL) {
		(void)sd_event_add_time_relative(p->event, &p->timer,
		    CLOCK_MONOTONIC, usec, 1000, on_timer, p);
		return;
	}
	(void)sd_event_source_get_enabled(p->timer, &on);
	if (on != SD_EVENT_OFF)
		return;
	(void)sd_event_source_set_time_relative(p->timer, usec);
	(void)sd_event_source_set_enabled(p->timer, SD_EVENT_ONESHOT);
}

/* The first letter under way was answered. */
static void
answered(struct post *p, const struct send_result *r)
{
	struct flight *f = &p->window[p->n_answered++];

	step("letter-answered");
	if (r->outcome == SEND_BACK) {
		f->untried = true;
		breaker_forget(&p->breaker);
		p->sent_this_minute -= p->sent_this_minute > 0;
	} else {
		stage_add(STAGE_POST, clock_mono_ms() - f->since_ms);
	}
	outcome_decide(&p->standing, &p->c.conf->smtp, &f->rec, r,
	    clock_now_s());
}

static int
on_started(void *arg, struct err *err)
{
	struct post *p = arg;
	const struct conf *conf = p->c.conf;
	struct send_start start = conf->smtp.smtp;
	char secret[MAX_SECRET_BYTES];
	struct buf body = BUF_INIT;
	int rc;

	p->halts = 0;
	if (conf_smtp_secret(conf, &conf->smtp, secret, sizeof(secret),
		err) < 0)
		return err_at(err, "smtp");
	start.secret = secret;
	send_put_start(&body, &start);
	rc = role_send(p->role, SEND_START, &body, NULL, 0, err);
	sodium_memzero(secret, sizeof(secret));
	if (body.data != NULL)
		sodium_memzero(body.data, body.size);
	buf_done(&body);
	return rc;
}

static int
on_frame(void *arg, struct frame *frame, struct err *err)
{
	struct post *p = arg;
	ARENA_AUTO struct arena *none = arena_new();
	struct flight *f = &p->window[p->n_answered];
	struct send_result r;
	bool expected = post_under_way(p) > 0;

	if (none == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (send_take_result(frame, expected ? f->arena : none, &r, err) < 0)
		return -1;
	if (!expected || r.letter != (uint64_t)f->rec.id)
		return err_set(err, ERR_INPUT, ERR_OWN, 0,
		    "result for a letter that was not sent");
	role_works(p->role);
	role_expect(p->role, post_under_way(p) > 1
				 ? SEND_HUNG_MS(&p->c.conf->smtp.smtp)
				 : 0);
	p->standing.absences = 0;
	p->halts += send_halts(&r);
	if (watch_certificate(p->c.store, WATCH_SMTP, r.certificate_until_s,
		err) < 0)
		log_err(LOG_LEVEL_ERROR, "certificate-not-noted", err,
		    "server=smtp");
	answered(p, &r);
	if (post_under_way(p) <= post_window_size(p) / 2)
		tell_settled(p);
	else
		settle_soon(p);
	return 0;
}

/* A letter is answered before the next one is begun: only the first one is in
 * doubt, unless the sender's last words are. */
static bool
on_ended(void *arg, int status)
{
	static const struct send_result
	    lost = {.outcome = SEND_UNKNOWN,
		.what = "the send process ended with the letter in its hands"},
	    back = {.outcome = SEND_BACK, .what = ""};
	struct post *p = arg;
	bool doubt = true;

	(void)status;
	p->stopping = false;
	while (post_under_way(p) > 0) {
		answered(p, doubt ? &lost : &back);
		doubt = role_broke_rules(p->role);
	}
	tell_settled(p);
	return false; /* the next letter starts it */
}

static const struct role_ops send_ops = {
    "send", on_started, on_frame, on_ended, NULL};

/* ---- a step ------------------------------------------------------------- */

/* One that cannot be claimed (its bytes are damaged, …) must not hold the
 * others for ever. */
static int
put_off_alone(struct post *p, struct letter_record *l, const struct err *cause,
    int64_t now_s, struct arena *a, struct err *err)
{
	char why[320];

	log_err(LOG_LEVEL_ERROR, "letter-put-off", cause, "letter=%lld",
	    (long long)l->id);
	l->tries++;
	l->result = err_text(cause, why, sizeof(why));
	outcome_put_off(&p->standing, &p->c.conf->smtp, l, now_s);
	return post_write_alone(p, l, now_s, a, err);
}

/* What was answered becomes true and letters are claimed, in one transaction;
 * only then are those handed over.  1 = look again. */
static int
turn(struct post *p, const struct allowance *may, int64_t now_s,
    struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct letter_record culprit = {.id = 0};
	size_t settled = p->n_answered, before = p->n, moved;
	struct store *s = p->c.store;
	struct err cause;

	if (a == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (store_begin(s, err) < 0)
		return -1;
	if (post_write_answered(p, now_s, err) < 0 ||
	    post_claim(p, may, now_s, a, &moved, &culprit, err) < 0) {
		store_rollback(s);
		goto undone;
	}
	if (settled > 0)
		step("letter-before-settle");
	if (store_commit(s, err) < 0)
		goto undone;
	if (settled > 0)
		step("letter-after-settle");
	if (p->n > before)
		step("letter-claimed");
	post_drop_settled(p);
	post_hand_over(p, before - settled, now_s);
	return settled + moved > 0;
undone:
	post_drop_last(p, before);
	breaker_forget(&p->breaker);
	cause = *err;
	if (!post_is_letters_fault(&cause) ||
	    post_settle_apart(p, now_s, err) < 0 ||
	    (culprit.id != 0 &&
		put_off_alone(p, &culprit, &cause, now_s, a, err) < 0))
		return -1;
	return 1;
}

static int64_t
not_before_s(struct post *p, int64_t now_s)
{
	int64_t minute = now_s / 60;

	if (p->minute != minute) {
		p->minute = minute;
		p->sent_this_minute = 0;
	}
	if (now_s < p->standing.pause_until_s)
		return p->standing.pause_until_s;
	if (p->sent_this_minute >= p->c.conf->smtp.per_minute)
		return (minute + 1) * 60;
	return 0;
}

/* The letter at hand is finished; the next one starts it anew. */
static void
stop_sender(struct post *p)
{
	struct err err;

	p->stopping = role_runs(p->role) &&
	    role_send(p->role, SEND_STOP, NULL, NULL, 0, &err) == 0;
}

/* How many letters may leave now; and when to look again, if that is known. */
static int
allow(struct post *p, int64_t now_s, struct allowance *may,
    int64_t *next_s_out, struct err *err)
{
	size_t window = post_window_size(p), minute;
	int64_t wait_s;
	bool alarm;

	*may = (struct allowance){0, 0};
	*next_s_out = 0;
	if (p->stopping || post_under_way(p) > window / 2)
		return 0; /* its answers or its end bring the next */
	if (store_letter_next(p->c.store, next_s_out, err) < 0)
		return -1;
	if (*next_s_out == 0 || *next_s_out > now_s) {
		if (p->n == 0 && now_s - p->used_s > REST_AFTER_S)
			stop_sender(p);
		return 0;
	}
	wait_s = not_before_s(p, now_s);
	/* An alarm stands before all that are due. */
	if (wait_s == 0 && *next_s_out != LETTER_ALARM_S &&
	    breaker_check(&p->breaker, p->c.conf, p->c.store, p->n, now_s,
		&wait_s, err) < 0)
		return -1;
	alarm = *next_s_out == LETTER_ALARM_S;
	*next_s_out = wait_s;
	if (wait_s > 0 || (!alarm && p->breaker.room == 0))
		return 0;
	minute = p->c.conf->smtp.per_minute - p->sent_this_minute;
	may->letters = window - post_under_way(p);
	if (may->letters > minute)
		may->letters = minute;
	may->ordinary = p->breaker.room;
	return 0;
}

/* A pause that a clock ahead of time began must not last until it is there
 * again; letters are brought forward by tick.c. */
static void
follow_clock(struct post *p, int64_t now_s)
{
	int64_t back_s = p->seen_s - now_s;

	if (p->seen_s != 0 && back_s > 1) {
		log_line(LOG_LEVEL_WARN, "clock-set-back", "by_s=%lld",
		    (long long)back_s);
		p->standing.pause_until_s -= back_s;
		breaker_forget(&p->breaker);
	}
	if (p->seen_s == 0 || back_s < 0 || back_s > 1)
		p->seen_s = now_s;
}

int
post_step(
    struct post *p, int64_t now_s, int64_t *next_s_out, struct err *err)
{
	struct allowance may;
	int rc = 1;

	*next_s_out = 0;
	follow_clock(p, now_s);
	while (rc == 1) {
		if (allow(p, now_s, &may, next_s_out, err) < 0)
			return -1;
		if (p->n_answered == 0 && may.letters == 0)
			return 0;
		rc = turn(p, &may, now_s, err);
	}
	return rc;
}

/* ---- life --------------------------------------------------------------- */

int
post_new(sd_event *event, const struct conf *conf, const struct route *route,
    struct store *store, struct post **post_out, struct err *err)
{
	struct post *p = calloc(1, sizeof(*p));
	int64_t n;

	if (p == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	p->c = (struct take_context){
	    .conf = conf, .route = route, .store = store};
	p->event = event;
	if (role_new(event, "send", &send_ops, p, &p->role, err) < 0 ||
	    store_letters_recover(store, &n, err) < 0) {
		post_free(&p);
		return -1;
	}
	if (n > 0)
		log_line(LOG_LEVEL_WARN, "letters-recovered", "n=%lld",
		    (long long)n);
	*post_out = p;
	return 0;
}

/* The letter at hand is answered, if that does not take too long; those that
 * were sent ahead come back.  Without it they would all be in doubt. */
static void
finish(struct post *p)
{
	int64_t end_ms = clock_mono_ms() + LAST_WAIT_MS, left_ms;
	struct err err;

	if (post_under_way(p) > 0)
		role_hold(p->role);
	while (post_under_way(p) > 0) {
		left_ms = end_ms - clock_mono_ms();
		if (left_ms <= 0 || !role_wait(p->role, (int)left_ms))
			break;
	}
	role_end(p->role);
	if (post_settle_apart(p, clock_now_s(), &err) < 0)
		log_err(LOG_LEVEL_ERROR, "letter-not-settled", &err,
		    "letters=%zu", p->n_answered);
}

void
post_free(struct post **post)
{
	struct post *p = *post;

	if (p == NULL)
		return;
	p->settled = NULL;
	if (p->role != NULL)
		finish(p);
	role_free(&p->role);
	p->timer = sd_event_source_disable_unref(p->timer);
	post_drop_last(p, 0);
	free(p);
	*post = NULL;
}

void
post_reconfigure(
    struct post *p, const struct conf *conf, const struct route *route)
{
	p->c.conf = conf;
	p->c.route = route;
	p->standing.pause_until_s = 0;
	p->standing.refusals = 0;
	p->standing.why[0] = '\0';
	breaker_forget(&p->breaker);
	stop_sender(p);
}

void
post_on_settled(struct post *p, post_settled_fn *fn, void *arg)
{
	p->settled = fn;
	p->settled_arg = arg;
}

bool
post_busy(const struct post *p)
{
	return p->n > 0;
}

bool
post_had_trouble(struct post *p)
{
	bool had = p->standing.trouble;

	p->standing.trouble = false;
	return had;
}

const char *
post_pause_reason(const struct post *p)
{
	return p->standing.why;
}
