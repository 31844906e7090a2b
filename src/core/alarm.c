/* SPDX-License-Identifier: ISC */
#include "core/alarm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "conf/conf.h"
#include "core/alarm_letter.h"
#include "core/direct.h"
#include "core/letters.h"
#include "core/take.h"
#include "core/watch.h"
#include "store/store.h"

/* Told again while it lasts. */
#define REPEAT_S 86400
/* After the start: log-in, one round, with its time limits. */
#define GRACE_S 300
#define LOOK_EVERY_S 60
/* Another try through the other account, and how many before the usual way. */
#define RETRY_S 120
#define TRIES 3

struct alarm {
	struct take_context c;
	struct direct *direct;
	int64_t started_s, looked_s;
	size_t n_standing;
	char first[200];
	/* Of the letter that is with the other account. */
	char key[96];
	struct alarm_state state; /* what its note becomes when it has gone */
	bool unnoted; /* it has gone, and the note could not be written */
	int64_t retry_at_s;
	unsigned failures;
};

/* -- rules ---------------------------------------------------------------- */

enum alarm_step
alarm_next(const struct alarm_state *state, bool stands, int64_t now_s)
{
	int64_t age_s = now_s - state->told_s;

	if (!stands && state->since_s == 0)
		return ALARM_NOTHING;
	if (!stands)
		return state->told_s == 0 ? ALARM_FORGET : ALARM_CLEAR;
	if (state->told_s == 0)
		return ALARM_RAISE;
	return age_s >= REPEAT_S || age_s <= -REPEAT_S ? ALARM_REPEAT
						       : ALARM_NOTHING;
}

struct alarm_state
alarm_read(const char *note)
{
	long long since_s = 0, told_s = 0;

	if (sscanf(note, "%lld %lld", &since_s, &told_s) != 2 ||
	    since_s <= 0 || told_s < 0)
		return (struct alarm_state){0, 0};
	return (struct alarm_state){since_s, told_s};
}

/* -- notes ---------------------------------------------------------------- */

static int
read_state(struct store *s, const char *key, struct arena *a,
    struct alarm_state *out, struct err *err)
{
	const char *note = "";
	char name[128];

	(void)snprintf(name, sizeof(name), "alarm.%s", key);
	if (store_note_get(s, name, a, &note, err) < 0)
		return -1;
	*out = alarm_read(note);
	return 0;
}

static int
write_state(struct store *s, const char *key, const struct alarm_state *st,
    struct err *err)
{
	char name[128], note[64];

	(void)snprintf(name, sizeof(name), "alarm.%s", key);
	(void)snprintf(note, sizeof(note), "%lld %lld",
	    (long long)st->since_s, (long long)st->told_s);
	return store_note_set(s, name, st->since_s != 0 ? note : "", err);
}

int
alarm_since_s(struct store *store, const char *key, struct arena *a,
    int64_t *since_s_out, struct err *err)
{
	struct alarm_state st;

	if (read_state(store, key, a, &st, err) < 0)
		return -1;
	*since_s_out = st.since_s;
	return 0;
}

/* -- letters -------------------------------------------------------------- */

/* The usual way: letter and note become true together. */
static int
put_into_outbox(struct alarm *al, const struct alarm_letter *t,
    const char *key, const struct alarm_state *st, struct arena *a,
    struct err *err)
{
	const struct letters_plain l = {
	    .kind = alarm_letter_kind(t),
	    .person = al->c.conf->roster.office,
	    .fields = t->fields,
	    .n_fields = ALARM_FIELDS,
	    .priority = !t->over,
	    .now_s = t->now_s,
	};

	if (store_begin(al->c.store, err) < 0)
		return -1;
	if (letters_plain(&al->c, &l, a, err) < 0 ||
	    write_state(al->c.store, key, st, err) < 0) {
		store_rollback(al->c.store);
		return -1;
	}
	if (store_commit(al->c.store, err) < 0)
		return -1;
	return 1;
}

static int
note_posted(struct alarm *al, struct err *err)
{
	al->unnoted =
	    write_state(al->c.store, al->key, &al->state, err) < 0;
	return al->unnoted ? -1 : 0;
}

static void
on_posted(void *arg, bool sent, const char *what)
{
	struct alarm *al = arg;
	char words[LOG_WORDS];
	struct err err;

	log_line(sent ? LOG_LEVEL_INFO : LOG_LEVEL_WARN, "alarm-letter",
	    "alarm=%s sent=%d reply=\"%s\"", al->key, sent,
	    log_words(what, words));
	if (sent) {
		al->failures = 0;
		al->retry_at_s = 0;
		if (note_posted(al, &err) < 0)
			log_err(LOG_LEVEL_ERROR, "alarm-not-noted", &err, "");
		return;
	}
	al->failures++;
}

/* By the other account; it is noted when the server has taken it. */
static int
post_direct(struct alarm *al, const struct alarm_letter *t, const char *key,
    const struct alarm_state *st, struct arena *a, struct err *err)
{
	al->retry_at_s = t->now_s + RETRY_S;
	(void)snprintf(al->key, sizeof(al->key), "%s", key);
	al->state = *st;
	if (alarm_letter_post(t, al->direct, al->c.conf,
		&al->c.conf->alarm_smtp, a, err) == 0)
		return 0;
	al->failures++;
	return -1;
}

static bool
goes_direct(const struct alarm *al)
{
	return al->c.conf->has_alarm_smtp && al->failures < TRIES;
}

static int
tell(struct alarm *al, const struct watch_item *item,
    const struct alarm_state *before, bool over, int64_t now_s,
    struct arena *a, struct err *err)
{
	struct alarm_state st = {
	    before->since_s != 0 ? before->since_s : now_s, now_s};
	struct alarm_letter t;
	int rc;

	alarm_letter_init(&t, al->c.conf, item->subject, item->cause,
	    st.since_s, over, now_s);
	if (over)
		st = (struct alarm_state){0, 0};
	if (goes_direct(al)) {
		if (direct_busy(al->direct) ||
		    (al->retry_at_s > now_s &&
			al->retry_at_s <= now_s + RETRY_S))
			return 0; /* its turn comes */
		return post_direct(al, &t, item->key, &st, a, err);
	}
	rc = put_into_outbox(al, &t, item->key, &st, a, err);
	al->failures = 0;
	return rc;
}

/* 1 = a letter went into the outbox. */
static int
step_item(struct alarm *al, const struct watch_item *item, int64_t now_s,
    struct arena *a, struct err *err)
{
	const struct alarm_state none = {0, 0};
	struct alarm_state st;
	enum alarm_step step;

	if (read_state(al->c.store, item->key, a, &st, err) < 0)
		return -1;
	step = alarm_next(&st, item->stands, now_s);
	if (step == ALARM_NOTHING)
		return 0;
	if (step == ALARM_FORGET)
		return write_state(al->c.store, item->key, &none, err);
	if (st.since_s == 0) {
		log_line(LOG_LEVEL_ERROR, "alarm", "alarm=%s", item->key);
		st.since_s = now_s;
		if (write_state(al->c.store, item->key, &st, err) < 0)
			return -1;
	}
	if (step == ALARM_CLEAR)
		log_line(LOG_LEVEL_INFO, "alarm-over", "alarm=%s", item->key);
	return tell(al, item, &st, step == ALARM_CLEAR, now_s, a, err);
}

/* -- the daemon's ---------------------------------------------------------- */

int
alarm_new(sd_event *event, const struct conf *conf, const struct route *route,
    struct store *store, struct alarm **alarm_out, struct err *err)
{
	struct alarm *al = calloc(1, sizeof(*al));

	if (al == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	al->c = (struct take_context){
	    .conf = conf, .route = route, .store = store};
	if (direct_new(event, on_posted, al, &al->direct, err) < 0) {
		free(al);
		return -1;
	}
	*alarm_out = al;
	return 0;
}

void
alarm_free(struct alarm **alarm)
{
	if (*alarm == NULL)
		return;
	direct_free(&(*alarm)->direct);
	free(*alarm);
	*alarm = NULL;
}

void
alarm_reconfigure(
    struct alarm *al, const struct conf *conf, const struct route *route)
{
	al->c.conf = conf;
	al->c.route = route;
	al->failures = 0;
	al->retry_at_s = al->looked_s = 0;
}

static void
count(struct alarm *al, const struct watch_item *items, size_t n)
{
	al->n_standing = 0;
	al->first[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		if (!items[i].stands)
			continue;
		if (al->n_standing++ == 0)
			(void)snprintf(al->first, sizeof(al->first), "%s",
			    items[i].subject);
	}
}

static bool
too_soon(struct alarm *al, int64_t now_s)
{
	if (al->started_s == 0 || al->started_s > now_s)
		al->started_s = now_s; /* or the clock was set back */
	if (now_s - al->started_s < GRACE_S)
		return true;
	return al->looked_s != 0 && now_s >= al->looked_s &&
	    now_s - al->looked_s < LOOK_EVERY_S;
}

int
alarm_step(struct alarm *al, int64_t now_s, struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct watch_item *items;
	int rc, wrote = 0;
	size_t n;

	if (a == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (too_soon(al, now_s))
		return 0;
	al->looked_s = now_s;
	/* Else what was told would be told again each minute. */
	if (al->unnoted && note_posted(al, err) < 0)
		return err_at(err, "alarm %s", al->key);
	if (watch_books(al->c.store, now_s, err) < 0 ||
	    watch_look(al->c.conf, al->c.store, now_s, a, &items, &n, err) <
		0)
		return err_at(err, "watch");
	count(al, items, n);
	for (size_t i = 0; i < n; i++) {
		rc = step_item(al, &items[i], now_s, a, err);
		if (rc < 0)
			return err_at(err, "alarm %s", items[i].key);
		wrote |= rc;
	}
	return wrote;
}

size_t
alarm_count(const struct alarm *al, const char **first_out)
{
	*first_out = al->first;
	return al->n_standing;
}
