/* SPDX-License-Identifier: ISC */
#include "core/breaker.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "conf/conf.h"
#include "store/answer.h"
#include "store/store.h"

#define HOUR_S 3600L
#define DAY_S 86400L
/* "since until n" of the last stop. */
#define STOP_NOTE "posting.stopped"
/* When somebody said resume; counts begin there. */
#define RESUME_NOTE "posting.resumed"
/* While a person is waited for, the store is looked at this often. */
#define LOOK_S 60

int
breaker_read(struct store *store, struct arena *a, struct breaker_state *out,
    struct err *err)
{
	const char *note = "";
	long long since_s = 0, until_s = 0, n = 0;

	*out = (struct breaker_state){0, 0, 0};
	if (store_note_get(store, STOP_NOTE, a, &note, err) < 0)
		return -1;
	if (sscanf(note, "%lld %lld %lld", &since_s, &until_s, &n) == 3)
		*out = (struct breaker_state){since_s, until_s, n};
	return 0;
}

/* A clock that was set back does not lengthen a stop. */
bool
breaker_stops(const struct breaker_state *st, int64_t now_s)
{
	return st->since_s != 0 &&
	    (st->until_s == 0 ||
		(now_s < st->until_s && now_s >= st->until_s - HOUR_S));
}

static int
resumed_s(struct store *store, struct arena *a, int64_t *out, struct err *err)
{
	const char *note = "";
	long long at_s = 0;

	if (store_note_get(store, RESUME_NOTE, a, &note, err) < 0)
		return -1;
	*out = sscanf(note, "%lld", &at_s) == 1 ? at_s : 0;
	return 0;
}

/* When the cap-th latest letter leaves the window, or 0. */
static int
full_until(struct store *store, const char *address, int64_t now_s,
    int64_t window_s, int64_t from_s, uint32_t cap, int64_t *until_s_out,
    struct err *err)
{
	int64_t since_s = now_s - window_s, at_s = 0;

	*until_s_out = 0;
	if (from_s > since_s && from_s <= now_s)
		since_s = from_s;
	/* What left "later" is from before the clock was set back. */
	if (store_sent_nth(
		store, address, since_s, now_s, cap, &at_s, err) < 0)
		return -1;
	if (at_s != 0)
		*until_s_out = at_s + window_s;
	return 0;
}

static int
stop(struct store *store, int64_t now_s, int64_t until_s, uint32_t n,
    struct err *err)
{
	char note[80];

	(void)snprintf(note, sizeof(note), "%lld %lld %u", (long long)now_s,
	    (long long)until_s, n);
	log_line(LOG_LEVEL_WARN, "posting-stopped", "letters=%u window=%s", n,
	    until_s == 0 ? "day next=\"cluectl resume\"" : "hour");
	return store_note_set(store, STOP_NOTE, note, err);
}

int
breaker_check(const struct conf *conf, struct store *store, int64_t now_s,
    int64_t *until_s_out, struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct breaker_state st;
	int64_t from_s, day_s, hour_s;

	if (a == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	*until_s_out = 0;
	if (breaker_read(store, a, &st, err) < 0)
		return -1;
	if (breaker_stops(&st, now_s)) {
		*until_s_out = st.until_s != 0 ? st.until_s : now_s + LOOK_S;
		return 0;
	}
	if (resumed_s(store, a, &from_s, err) < 0 ||
	    full_until(store, "", now_s, DAY_S, from_s, conf->caps.day,
		&day_s, err) < 0 ||
	    full_until(store, "", now_s, HOUR_S, from_s, conf->caps.hour,
		&hour_s, err) < 0)
		return -1;
	if (day_s != 0) {
		*until_s_out = now_s + LOOK_S;
		return stop(store, now_s, 0, conf->caps.day, err);
	}
	*until_s_out = hour_s;
	return hour_s == 0 ? 0
			   : stop(store, now_s, hour_s, conf->caps.hour, err);
}

int
breaker_letter(const struct conf *conf, struct store *store,
    const struct letter_record *l, int64_t now_s, int64_t *at_s_out,
    struct err *err)
{
	const struct caps_conf *caps = &conf->caps;
	bool person = l->to_person[0] != '\0';
	int64_t hour_s, day_s;

	*at_s_out = now_s;
	if (strcmp(l->kind, "alarm") == 0)
		return 0;
	if (full_until(store, l->rcpt_to, now_s, HOUR_S, 0,
		person ? caps->person_hour : caps->citizen_hour, &hour_s,
		err) < 0 ||
	    full_until(store, l->rcpt_to, now_s, DAY_S, 0,
		person ? caps->person_day : caps->citizen_day, &day_s, err) <
		0)
		return -1;
	if (hour_s > *at_s_out)
		*at_s_out = hour_s;
	if (day_s > *at_s_out)
		*at_s_out = day_s;
	return 0;
}

int
breaker_resume(struct store *store, int64_t now_s, struct err *err)
{
	char note[24];

	(void)snprintf(note, sizeof(note), "%lld", (long long)now_s);
	if (store_note_set(store, RESUME_NOTE, note, err) < 0)
		return -1;
	return store_note_set(store, STOP_NOTE, "", err);
}
