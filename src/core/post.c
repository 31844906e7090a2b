/* SPDX-License-Identifier: ISC */
#include "core/post.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/frame.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/memfd.h"
#include "base/step.h"
#include "conf/conf.h"
#include "core/breaker.h"
#include "core/ladder.h"
#include "core/letters.h"
#include "core/letters_citizen.h"
#include "core/metrics.h"
#include "core/role.h"
#include "core/take.h"
#include "core/undelivered.h"
#include "core/watch.h"
#include "letter/letter.h"
#include "send/wire.h"
#include "store/answer.h"
#include "store/health.h"
#include "store/store.h"

/* After a refused log-in: wait, doubling, so that the provider does not lock
 * the account. */
#define REFUSED_FIRST_S 300
#define REFUSED_MOST_S 3600
/* A sender with nothing to send ends after this: the next letter starts it. */
#define REST_AFTER_S 60
/* Wait for a sender that is not there; doubles six times. */
#define SENDER_FIRST_S 2

struct post {
	struct take_context c;
	struct role *role;
	struct arena *arena;       /* of the letter at hand */
	struct letter_record at_hand;
	bool busy;
	bool unsaved;  /* what became of it could not be written yet */
	bool stopping; /* told to end: a new configuration, or a rest */
	bool trouble;
	int64_t pause_until_s;
	int64_t since_ms; /* the letter at hand is with the sender */
	int64_t used_s;   /* the last letter was handed to it */
	int64_t seen_s; /* the clock at the last step; 0 = none yet */
	unsigned refusals;
	unsigned unhanded; /* times in a row that the sender was not there */
	int64_t minute; /* now_s / 60 of the count below */
	uint32_t sent_this_minute;
	char why[128];
	post_settled_fn *settled;
	void *settled_arg;
};

static int settle(
    struct post *p, const struct send_result *r, struct err *err);
static int save_outcome(struct post *p, int64_t now_s, struct err *err);

static int
on_started(void *arg, struct err *err)
{
	struct post *p = arg;
	const struct conf *conf = p->c.conf;
	struct send_start start = conf->smtp.smtp;
	char secret[MAX_SECRET_BYTES];
	struct buf body = BUF_INIT;
	int rc;

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
	ARENA_AUTO struct arena *a = arena_new();
	struct send_result r;

	if (a == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (frame->type != SEND_RESULT)
		return err_set(err, ERR_INPUT, ERR_OWN, (int)frame->type,
		    "unexpected frame from send");
	if (send_get_result(frame->body, frame->len, a, &r, err) < 0)
		return -1;
	if (!p->busy || r.letter != (uint64_t)p->at_hand.id)
		return err_set(err, ERR_INPUT, ERR_OWN, 0,
		    "result for a letter that was not sent");
	role_works(p->role);
	p->unhanded = 0;
	if (watch_certificate(p->c.store, WATCH_SMTP, r.certificate_until_s,
		err) < 0)
		log_err(LOG_LEVEL_ERROR, "certificate-not-noted", err,
		    "server=smtp");
	if (settle(p, &r, err) < 0)
		log_err(LOG_LEVEL_ERROR, "letter-not-settled", err,
		    "letter=%lld", (long long)r.letter);
	return 0;
}

static bool
on_ended(void *arg, int status)
{
	struct post *p = arg;
	struct send_result lost = {
	    .letter = (uint64_t)p->at_hand.id,
	    .outcome = SEND_UNKNOWN,
	    .what = "the send process ended with the letter in its hands",
	};
	struct err err;

	(void)status;
	p->stopping = false;
	if (p->busy && settle(p, &lost, &err) < 0)
		log_err(LOG_LEVEL_ERROR, "letter-not-settled", &err, "");
	else if (!p->busy && p->settled != NULL)
		p->settled(p->settled_arg);
	return false; /* the next letter starts it */
}

static const struct role_ops send_ops = {
    "send", on_started, on_frame, on_ended};

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

void
post_free(struct post **post)
{
	struct err err;

	if (*post == NULL)
		return;
	role_free(&(*post)->role);
	if ((*post)->unsaved)
		(void)save_outcome(*post, clock_now_s(), &err);
	arena_free(&(*post)->arena);
	free(*post);
	*post = NULL;
}

/* The letter at hand is finished; the next one starts it anew. */
static void
stop_sender(struct post *p)
{
	struct err err;

	p->stopping = role_runs(p->role) &&
	    role_send(p->role, SEND_STOP, NULL, NULL, 0, &err) == 0;
}

void
post_reconfigure(
    struct post *p, const struct conf *conf, const struct route *route)
{
	p->c.conf = conf;
	p->c.route = route;
	p->pause_until_s = 0;
	p->refusals = 0;
	p->why[0] = '\0';
	stop_sender(p);
}

void
post_on_settled(struct post *p, post_settled_fn *fn, void *arg)
{
	p->settled = fn;
	p->settled_arg = arg;
}

/* A growing delay with a tenth of jitter, so that a farm of letters does not
 * come back at once. */
static int64_t
retry_delay_s(const struct post *p)
{
	const struct smtp_conf *smtp = &p->c.conf->smtp;
	uint32_t tries = p->at_hand.tries;
	int64_t delay_s = smtp->retry_first_s;

	for (; tries > 1 && delay_s < smtp->retry_most_s; tries--)
		delay_s *= 2;
	if (delay_s > smtp->retry_most_s)
		delay_s = smtp->retry_most_s;
	return delay_s +
	    randombytes_uniform((uint32_t)(delay_s / 10) + 1);
}

static void
pause_all(struct post *p, int64_t now_s, int64_t pause_s, const char *why)
{
	char words[LOG_WORDS];

	if (now_s + pause_s > p->pause_until_s)
		p->pause_until_s = now_s + pause_s;
	(void)snprintf(p->why, sizeof(p->why), "%s", why);
	log_line(LOG_LEVEL_WARN, "posting-paused", "pause_s=%lld why=\"%s\"",
	    (long long)pause_s, log_words(why, words));
}

static void
put_off(struct post *p, int64_t now_s)
{
	p->trouble = true;
	if (now_s - p->at_hand.created_s > MAX_LETTER_AGE_S) {
		p->at_hand.state = LETTER_FAILED;
		return;
	}
	p->at_hand.state = LETTER_READY;
	p->at_hand.next_try_s = now_s + retry_delay_s(p);
}

static void
refused(struct post *p, const struct send_result *r, int64_t now_s)
{
	int64_t pause_s = REFUSED_FIRST_S;

	for (unsigned i = 0; i < p->refusals && pause_s < REFUSED_MOST_S; i++)
		pause_s *= 2;
	p->refusals++;
	p->trouble = true;
	pause_all(p, now_s, pause_s, r->what);
	p->at_hand.state = LETTER_READY;
	p->at_hand.next_try_s = now_s + pause_s;
}

/* Cut after DATA: it may have arrived.  One silent repeat under the same
 * Message-ID, then a person must look. */
static void
uncertain(struct post *p, int64_t now_s)
{
	p->trouble = true;
	if (p->at_hand.repeats >= 1) {
		p->at_hand.state = LETTER_UNKNOWN;
		return;
	}
	p->at_hand.repeats++;
	p->at_hand.state = LETTER_READY;
	p->at_hand.next_try_s = now_s + p->c.conf->smtp.retry_first_s;
}

static void
decide(struct post *p, const struct send_result *r, int64_t now_s)
{
	switch (r->outcome) {
	case SEND_OK:
		p->at_hand.state = LETTER_SENT;
		p->at_hand.sent_s = now_s;
		p->refusals = 0;
		p->why[0] = '\0';
		break;
	case SEND_RETRY:
		put_off(p, now_s);
		break;
	case SEND_FAILED:
		p->at_hand.state = LETTER_FAILED;
		p->trouble = true;
		break;
	case SEND_REFUSED:
		refused(p, r, now_s);
		break;
	case SEND_UNKNOWN:
		uncertain(p, now_s);
		break;
	}
	if (r->pause_s > 0)
		pause_all(p, now_s, r->pause_s, r->what);
}

/* One that may have arrived is for a person to look at, and no more. */
static int
tell_lost(struct post *p, int64_t now_s, struct err *err)
{
	const struct letter_record *l = &p->at_hand;

	if (l->state == LETTER_FAILED)
		return undelivered(&p->c, l, l->result, now_s, p->arena, err);
	if (l->state == LETTER_UNKNOWN)
		return letters_failed(
		    &p->c, l, l->result, now_s, p->arena, err);
	return 0;
}

/* The query code in it is nobody's to read any more. */
static int
forget_code(struct post *p, struct err *err)
{
	static const char gone[] =
	    "Sent.  The text is not kept: it has the query code.\r\n";
	const struct letter_record *l = &p->at_hand;

	if (l->state != LETTER_SENT || strcmp(l->kind, LETTER_ACK) != 0)
		return 0;
	return store_letter_forget(
	    p->c.store, l->id, gone, strlen(gone), err);
}

static int
write_outcome(struct post *p, int64_t now_s, struct err *err)
{
	struct store *s = p->c.store;
	struct letter_record *l = &p->at_hand;

	if (store_begin(s, err) < 0)
		return -1;
	if (store_letter_update(s, l, err) < 0 || forget_code(p, err) < 0 ||
	    tell_lost(p, now_s, err) < 0)
		goto undo;
	step("letter-before-settle");
	if (store_commit(s, err) < 0)
		goto undo;
	step("letter-after-settle");
	return 0;
undo:
	store_rollback(s);
	return -1;
}

/* What the server said is known to us alone until it is written: while the disk
 * refuses, no other letter is begun (post_step() tries again). */
static int
save_outcome(struct post *p, int64_t now_s, struct err *err)
{
	p->unsaved = write_outcome(p, now_s, err) < 0;
	return p->unsaved ? -1 : 0;
}

static int
settle(struct post *p, const struct send_result *r, struct err *err)
{
	int64_t now_s = clock_now_s();
	char what[LOG_WORDS];
	int rc;

	step("letter-answered");
	stage_add(STAGE_POST, clock_mono_ms() - p->since_ms);
	p->busy = false;
	p->at_hand.code = r->code;
	p->at_hand.result = arena_strdup(p->arena, r->what);
	if (p->at_hand.result == NULL)
		p->at_hand.result = "";
	decide(p, r, now_s);
	log_line(r->outcome == SEND_OK ? LOG_LEVEL_INFO : LOG_LEVEL_WARN,
	    "letter", "letter=%lld kind=%s to=%s state=%s reply=\"%s\"",
	    (long long)p->at_hand.id, p->at_hand.kind, p->at_hand.to_person,
	    letter_state_name(p->at_hand.state), log_words(r->what, what));
	rc = save_outcome(p, now_s, err);
	if (p->settled != NULL)
		p->settled(p->settled_arg);
	return rc;
}

static int
hand_over(struct post *p, const void *bytes, size_t len, struct err *err)
{
	const struct send_letter l = {
	    .letter = (uint64_t)p->at_hand.id,
	    .mail_from = p->c.conf->smtp.mail_from,
	    .rcpt_to = p->at_hand.rcpt_to,
	};
	BUF_AUTO struct buf whole = BUF_INIT;
	BUF_AUTO struct buf body = BUF_INIT;
	int fd, rc;

	if (role_start(p->role, err) < 0 ||
	    letter_whole(bytes, len, &whole, err) < 0 ||
	    memfd_put(whole.data, whole.len, &fd, err) < 0)
		return -1;
	send_put_letter(&body, &l);
	rc = role_send(p->role, SEND_LETTER, &body, &fd, 1, err);
	(void)close(fd);
	p->busy = rc == 0;
	p->since_ms = clock_mono_ms();
	p->used_s = clock_now_s();
	return rc;
}

/* The sender is not there (it was killed, or cannot be started): no letter's
 * fault, so the letter waits as all others do, until it is there again. */
static void
wait_for_sender(struct post *p, int64_t now_s)
{
	unsigned doublings = p->unhanded < 6 ? p->unhanded : 6;
	int64_t at_s = now_s + ((int64_t)SENDER_FIRST_S << doublings);

	p->unhanded++;
	p->trouble = true;
	p->at_hand.state = LETTER_READY;
	p->at_hand.next_try_s = now_s;
	if (at_s > p->pause_until_s)
		p->pause_until_s = at_s;
}

/* Puts a claimed letter back when it could not even be handed over. */
static int
give_back(struct post *p, const struct err *cause, int64_t now_s,
    struct err *err)
{
	char why[320];

	p->at_hand.result =
	    arena_strdup(p->arena, err_text(cause, why, sizeof(why)));
	if (p->at_hand.result == NULL)
		p->at_hand.result = "";
	p->at_hand.code = 0;
	if (now_s - p->at_hand.created_s > MAX_LETTER_AGE_S)
		put_off(p, now_s);
	else
		wait_for_sender(p, now_s);
	log_err(LOG_LEVEL_ERROR, "letter-put-off", cause, "letter=%lld",
	    (long long)p->at_hand.id);
	return save_outcome(p, now_s, err);
}

/* When the claimed letter may leave: now_s, later, or 0 = never. */
static int
may_go(struct post *p, int64_t now_s, int64_t *at_s_out, struct err *err)
{
	if (ladder_may_go(
		&p->c, &p->at_hand, now_s, p->arena, at_s_out, err) < 0)
		return -1;
	if (*at_s_out != now_s)
		return 0;
	return breaker_letter(
	    p->c.conf, p->c.store, &p->at_hand, now_s, at_s_out, err);
}

/* 1 = a letter is on its way, 0 = none was due or it came back. */
static int
post_one(struct post *p, int64_t now_s, struct err *err)
{
	struct err cause;
	void *bytes;
	size_t len;
	int64_t at_s;
	int rc;

	arena_free(&p->arena);
	p->arena = arena_new();
	if (p->arena == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	rc = store_letter_claim(
	    p->c.store, now_s, p->arena, &p->at_hand, &bytes, &len, err);
	if (rc <= 0)
		return rc;
	step("letter-claimed");
	rc = may_go(p, now_s, &at_s, &cause);
	if (rc == 0 && at_s != now_s) {
		free(bytes);
		p->at_hand.state = at_s > now_s ? LETTER_READY
						: LETTER_CANCELLED;
		p->at_hand.next_try_s = at_s;
		return save_outcome(p, now_s, err);
	}
	if (rc == 0)
		rc = hand_over(p, bytes, len, &cause);
	free(bytes);
	if (rc < 0)
		return give_back(p, &cause, now_s, err);
	p->sent_this_minute++;
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
	if (now_s < p->pause_until_s)
		return p->pause_until_s;
	if (p->sent_this_minute >= p->c.conf->smtp.per_minute)
		return (minute + 1) * 60;
	return 0;
}

/* A clock that was ahead and is set back must not hold letters until it is
 * there again; at the start nobody knows how it stood before. */
static int
follow_clock(struct post *p, int64_t now_s, struct err *err)
{
	int64_t longest_s = (int64_t)p->c.conf->smtp.retry_most_s * 11 / 10 +
	    REFUSED_MOST_S;
	int64_t back_s = p->seen_s - now_s;

	if (p->seen_s != 0 && back_s <= 1) {
		p->seen_s = now_s;
		return 0;
	}
	if (p->seen_s == 0)
		back_s = 0;
	if (store_letters_sooner(p->c.store, now_s,
		back_s > 0 ? now_s : now_s + longest_s, err) < 0)
		return -1;
	if (back_s > 0) {
		log_line(LOG_LEVEL_WARN, "clock-set-back", "by_s=%lld",
		    (long long)back_s);
		p->pause_until_s -= back_s;
	}
	p->seen_s = now_s;
	return 0;
}

int
post_step(
    struct post *p, int64_t now_s, int64_t *next_s_out, struct err *err)
{
	int64_t wait_s;
	int rc;

	*next_s_out = 0;
	if (follow_clock(p, now_s, err) < 0)
		return err_at(err, "follow the clock");
	if (p->unsaved && save_outcome(p, now_s, err) < 0)
		return err_at(err, "letter %lld", (long long)p->at_hand.id);
	if (p->busy || p->stopping)
		return 0; /* its answer or its end brings the next */
	if (store_letter_next(p->c.store, next_s_out, err) < 0)
		return -1;
	if ((*next_s_out == 0 || *next_s_out > now_s) &&
	    now_s - p->used_s > REST_AFTER_S)
		stop_sender(p);
	while (*next_s_out != 0 && *next_s_out <= now_s) {
		wait_s = not_before_s(p, now_s);
		/* An alarm stands before all that are due. */
		if (wait_s == 0 && *next_s_out != LETTER_ALARM_S &&
		    breaker_check(p->c.conf, p->c.store, now_s, &wait_s,
			err) < 0)
			return -1;
		if (wait_s > 0) {
			*next_s_out = wait_s;
			return 0;
		}
		rc = post_one(p, now_s, err);
		if (rc < 0)
			return -1;
		if (rc == 1) {
			*next_s_out = 0;
			return 0;
		}
		if (store_letter_next(p->c.store, next_s_out, err) < 0)
			return -1;
	}
	return 0;
}

bool
post_busy(const struct post *p)
{
	return p->busy || p->unsaved;
}

bool
post_had_trouble(struct post *p)
{
	bool had = p->trouble;

	p->trouble = false;
	return had;
}

const char *
post_pause_reason(const struct post *p)
{
	return p->why;
}
