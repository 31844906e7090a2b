/* SPDX-License-Identifier: ISC */
#include "core/outcome.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/limits.h"
#include "base/log.h"
#include "conf/conf.h"
#include "core/letters.h"
#include "core/letters_citizen.h"
#include "core/take.h"
#include "core/undelivered.h"
#include "send/wire.h"
#include "store/answer.h"
#include "store/store.h"

/* After a refused log-in: wait, doubling, so that the provider does not lock
 * the account. */
#define REFUSED_FIRST_S 300
/* Wait for a sender that is not there; doubles six times. */
#define SENDER_FIRST_S 2

/* A growing delay with a tenth of jitter, so that a farm of letters does not
 * come back at once. */
static int64_t
retry_delay_s(const struct smtp_conf *smtp, uint32_t tries)
{
	int64_t delay_s = smtp->retry_first_s;

	for (; tries > 1 && delay_s < smtp->retry_most_s; tries--)
		delay_s *= 2;
	if (delay_s > smtp->retry_most_s)
		delay_s = smtp->retry_most_s;
	return delay_s +
	    randombytes_uniform((uint32_t)(delay_s / 10) + 1);
}

static void
pause_all(
    struct standing *st, int64_t now_s, int64_t pause_s, const char *why)
{
	char words[LOG_WORDS];

	if (now_s + pause_s > st->pause_until_s)
		st->pause_until_s = now_s + pause_s;
	(void)snprintf(st->why, sizeof(st->why), "%s", why);
	log_line(LOG_LEVEL_WARN, "posting-paused", "pause_s=%lld why=\"%s\"",
	    (long long)pause_s, log_words(why, words));
}

void
outcome_put_off(struct standing *st, const struct smtp_conf *smtp,
    struct letter_record *l, int64_t now_s)
{
	st->trouble = true;
	if (now_s - l->created_s > MAX_LETTER_AGE_S) {
		l->state = LETTER_FAILED;
		return;
	}
	l->state = LETTER_READY;
	l->next_try_s = now_s + retry_delay_s(smtp, l->tries);
}

static void
refused(struct standing *st, struct letter_record *l,
    const struct send_result *r, int64_t now_s)
{
	int64_t pause_s = REFUSED_FIRST_S;

	for (unsigned i = st->refusals;
	     i > 0 && pause_s < OUTCOME_REFUSED_MOST_S; i--)
		pause_s *= 2;
	st->refusals++;
	st->trouble = true;
	pause_all(st, now_s, pause_s, r->what);
	l->state = LETTER_READY;
	l->next_try_s = now_s + pause_s;
}

/* Cut after DATA: it may have arrived.  One silent repeat under the same
 * Message-ID, then a person must look. */
static void
uncertain(struct standing *st, const struct smtp_conf *smtp,
    struct letter_record *l, int64_t now_s)
{
	st->trouble = true;
	if (l->repeats >= 1) {
		l->state = LETTER_UNKNOWN;
		return;
	}
	l->repeats++;
	l->state = LETTER_READY;
	l->next_try_s = now_s + smtp->retry_first_s;
}

/* As if it had never been claimed. */
static void
back(struct letter_record *l)
{
	l->state = LETTER_READY;
	l->tries -= l->tries > 0;
}

void
outcome_decide(struct standing *st, const struct smtp_conf *smtp,
    struct letter_record *l, const struct send_result *r, int64_t now_s)
{
	if (r->outcome == SEND_BACK) {
		back(l);
		return;
	}
	l->code = r->code;
	l->result = r->what;
	switch (r->outcome) {
	case SEND_OK:
		l->state = LETTER_SENT;
		l->sent_s = now_s;
		st->refusals = 0;
		st->why[0] = '\0';
		break;
	case SEND_RETRY:
		outcome_put_off(st, smtp, l, now_s);
		break;
	case SEND_FAILED:
		l->state = LETTER_FAILED;
		st->trouble = true;
		break;
	case SEND_REFUSED:
		refused(st, l, r, now_s);
		break;
	case SEND_UNKNOWN:
		uncertain(st, smtp, l, now_s);
		break;
	case SEND_BACK:
		break;
	}
	if (r->pause_s > 0)
		pause_all(st, now_s, r->pause_s, r->what);
}

void
outcome_absent(struct standing *st, const struct smtp_conf *smtp,
    struct letter_record *l, const char *why, int64_t now_s)
{
	unsigned doublings = st->absences < 6 ? st->absences : 6;
	int64_t at_s = now_s + ((int64_t)SENDER_FIRST_S << doublings);

	l->code = 0;
	l->result = why;
	if (now_s - l->created_s > MAX_LETTER_AGE_S) {
		outcome_put_off(st, smtp, l, now_s);
		return;
	}
	st->absences++;
	st->trouble = true;
	l->state = LETTER_READY;
	l->next_try_s = now_s;
	if (at_s > st->pause_until_s)
		st->pause_until_s = at_s;
}

/* ---- into the store ------------------------------------------------------ */

/* One that may have arrived is for a person to look at, and no more. */
static int
tell_lost(const struct take_context *c, const struct letter_record *l,
    int64_t now_s, struct arena *a, struct err *err)
{
	if (l->state == LETTER_FAILED)
		return undelivered(c, l, l->result, now_s, a, err);
	if (l->state == LETTER_UNKNOWN)
		return letters_failed(c, l, l->result, now_s, a, err);
	return 0;
}

/* The query code in it is nobody's to read any more. */
static int
forget_code(const struct take_context *c, const struct letter_record *l,
    struct err *err)
{
	static const char gone[] =
	    "Sent.  The text is not kept: it has the query code.\r\n";

	if (l->state != LETTER_SENT || strcmp(l->kind, LETTER_ACK) != 0)
		return 0;
	return store_letter_forget(c->store, l->id, gone, strlen(gone), err);
}

int
outcome_write(const struct take_context *c, const struct letter_record *l,
    int64_t now_s, struct arena *a, struct err *err)
{
	if (store_letter_update(c->store, l, err) < 0 ||
	    forget_code(c, l, err) < 0)
		return -1;
	return tell_lost(c, l, now_s, a, err);
}
