/* SPDX-License-Identifier: ISC */
#include "core/post_inside.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/memfd.h"
#include "conf/conf.h"
#include "core/ladder.h"
#include "core/letters.h"
#include "core/role.h"
#include "letter/letter.h"
#include "send/wire.h"

size_t
post_under_way(const struct post *p)
{
	return p->n - p->n_answered;
}

static size_t
bytes_under_way(const struct post *p)
{
	size_t bytes = 0;

	for (size_t i = p->n_answered; i < p->n; i++)
		bytes += p->window[i].len;
	return bytes;
}

/* No more than may leave in a second, so that a limit a minute means what it
 * says. */
size_t
post_window_size(const struct post *p)
{
	uint32_t a_second = p->c.conf->smtp.per_minute / 60;

	if (a_second < 1)
		return 1;
	return a_second < MAX_POST_LETTERS ? a_second : MAX_POST_LETTERS;
}

static void
flight_done(struct flight *f)
{
	arena_free(&f->arena);
	buf_done(&f->bytes);
	*f = (struct flight){.arena = NULL};
}

void
post_drop_last(struct post *p, size_t n)
{
	while (p->n > n)
		flight_done(&p->window[--p->n]);
}

void
post_drop_first(struct post *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		flight_done(&p->window[i]);
	p->n -= n;
	p->n_answered -= n;
	memmove(p->window, p->window + n, p->n * sizeof(p->window[0]));
	memset(p->window + p->n, 0, n * sizeof(p->window[0]));
}

/* ---- claiming ----------------------------------------------------------- */

static size_t
under_way_to(const struct post *p, const char *address)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += strcasecmp(p->window[i].rec.rcpt_to, address) == 0;
	return n;
}

/* When the letter may leave: now_s, later, or 0 = never.  1 = ask again when
 * others were answered. */
static int
may_go(struct post *p, const struct letter_record *l, int64_t now_s,
    struct arena *a, int64_t *at_s_out, struct err *err)
{
	if (ladder_may_go(&p->c, l, now_s, a, at_s_out, err) < 0)
		return -1;
	if (*at_s_out != now_s)
		return 0;
	return breaker_letter(&p->breaker, p->c.conf, p->c.store, l,
	    breaker_has_room(&p->breaker, l) ? 0
					     : under_way_to(p, l->rcpt_to),
	    now_s, at_s_out, err);
}

static int
claim(struct post *p, int64_t letter, struct err *err)
{
	struct flight *f = &p->window[p->n];
	void *bytes = NULL;
	size_t len = 0;
	int rc;

	f->arena = arena_new();
	if (f->arena == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	buf_init(&f->bytes, 0);
	rc = store_letter_claim(
	    p->c.store, letter, f->arena, &f->rec, &bytes, &len, err);
	if (rc == 1 && letter_whole(bytes, len, &f->bytes, err) < 0)
		rc = -1;
	f->len = f->bytes.len;
	free(bytes);
	if (rc == 1) {
		p->n++;
		breaker_left(&p->breaker, &f->rec);
		p->sent_this_minute++;
		return 0;
	}
	flight_done(f);
	return rc;
}

/* 1 = no more now. */
static int
claim_or_put_off(struct post *p, struct letter_record *l, int64_t now_s,
    struct arena *a, struct err *err)
{
	int64_t at_s;
	int rc = may_go(p, l, now_s, a, &at_s, err);

	if (rc != 0)
		return rc;
	if (at_s == now_s)
		return claim(p, l->id, err);
	l->state = at_s > now_s ? LETTER_READY : LETTER_CANCELLED;
	l->next_try_s = at_s;
	return store_letter_update(p->c.store, l, err);
}

int
post_claim(struct post *p, const struct allowance *may, int64_t now_s,
    struct arena *a, size_t *moved_out, struct letter_record *culprit,
    struct err *err)
{
	size_t ordinary = may->ordinary, n = 0;
	struct letter_record *list;
	int rc = 0;

	*moved_out = 0;
	if (may->letters > 0 &&
	    store_letters_ready(
		p->c.store, now_s, may->letters, a, &list, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n && rc == 0; i++) {
		if (list[i].next_try_s != LETTER_ALARM_S && ordinary-- == 0)
			break;
		if (bytes_under_way(p) >= MAX_POST_BYTES)
			break;
		rc = claim_or_put_off(p, &list[i], now_s, a, err);
		*moved_out += rc == 0;
		if (rc < 0)
			*culprit = list[i];
	}
	return rc < 0 ? -1 : 0;
}

static int
hand_over(struct post *p, struct flight *f, struct err *err)
{
	const struct send_letter l = {
	    .letter = (uint64_t)f->rec.id,
	    .mail_from = p->c.conf->smtp.mail_from,
	    .rcpt_to = f->rec.rcpt_to,
	    .halts = p->halts,
	};
	BUF_AUTO struct buf body = BUF_INIT;
	int fd, rc;

	if (role_start(p->role, err) < 0 ||
	    memfd_put(f->bytes.data, f->bytes.len, &fd, err) < 0)
		return -1;
	send_put_letter(&body, &l);
	rc = role_send(p->role, SEND_LETTER, &body, &fd, 1, err);
	(void)close(fd);
	buf_done(&f->bytes);
	if (rc == 0)
		role_expect(p->role, SEND_HUNG_MS(&p->c.conf->smtp.smtp));
	f->since_ms = clock_mono_ms();
	p->used_s = clock_now_s();
	return rc;
}

/* The letter leaves those under way for those that are to be settled. */
static void
to_be_settled(struct post *p, size_t i)
{
	struct flight f = p->window[i], *to = &p->window[p->n_answered];

	memmove(to + 1, to, (i - p->n_answered) * sizeof(*to));
	*to = f;
	p->n_answered++;
}

/* Claimed letters that could not even be handed over, from the first-th on,
 * go back into the outbox: like an answer, as often as it takes to write it. */
static void
give_back(struct post *p, size_t first, const struct err *cause, int64_t now_s)
{
	static const struct send_result
	    back = {.outcome = SEND_BACK, .what = ""};
	const struct smtp_conf *smtp = &p->c.conf->smtp;
	struct flight *f = &p->window[first];
	char text[sizeof(cause->where) + sizeof(cause->what)];
	const char *why = arena_strdup(
	    f->arena, err_text(cause, text, sizeof(text)));

	log_err(LOG_LEVEL_ERROR, "letter-put-off", cause, "letter=%lld",
	    (long long)f->rec.id);
	outcome_absent(&p->standing, smtp, &f->rec,
	    why != NULL ? why : "out of memory", now_s);
	for (size_t i = first; i < p->n; i++) {
		f = &p->window[i];
		f->untried = true;
		if (i > first)
			outcome_decide(
			    &p->standing, smtp, &f->rec, &back, now_s);
		p->sent_this_minute -= p->sent_this_minute > 0;
		to_be_settled(p, i);
	}
	breaker_forget(&p->breaker);
}

void
post_hand_over(struct post *p, size_t first, int64_t now_s)
{
	struct err cause;

	while (first < p->n && hand_over(p, &p->window[first], &cause) == 0)
		first++;
	if (first < p->n)
		give_back(p, first, &cause, now_s);
}
