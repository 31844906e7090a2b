/* SPDX-License-Identifier: ISC */
#include "core/breaker.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

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

/* The window's begin, or that of the counts if it is later. */
static int64_t
begin_s(int64_t now_s, int64_t window_s, int64_t from_s)
{
	int64_t since_s = now_s - window_s;

	return from_s > since_s && from_s <= now_s ? from_s : since_s;
}

/* How many letters may leave in the window, if fewer than *room; and when the
 * cap-th latest leaves it, which is 0 where the cap is not reached. */
static int
look_at_window(struct store *store, const char *address, int64_t now_s,
    int64_t window_s, int64_t from_s, uint32_t cap, uint32_t *room,
    int64_t *until_s_out, struct err *err)
{
	/* What left "later" is from before the clock was set back. */
	int64_t since_s = begin_s(now_s, window_s, from_s), at_s = 0;
	uint32_t n;

	*until_s_out = 0;
	if (store_sent_count(
		store, address, since_s, now_s, cap, &n, err) < 0)
		return -1;
	if (cap - n < *room)
		*room = cap - n;
	if (n < cap)
		return 0;
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

void
breaker_forget(struct breaker *b)
{
	memset(b, 0, sizeof(*b));
}

static struct breaker_to *
find(struct breaker *b, const struct letter_record *l)
{
	bool person = l->to_person[0] != '\0';

	for (size_t i = 0; i < sizeof(b->to) / sizeof(b->to[0]); i++)
		if (b->to[i].room > 0 && b->to[i].person == person &&
		    strcasecmp(b->to[i].address, l->rcpt_to) == 0)
			return &b->to[i];
	return NULL;
}

bool
breaker_has_room(struct breaker *b, const struct letter_record *l)
{
	return find(b, l) != NULL;
}

void
breaker_left(struct breaker *b, const struct letter_record *l)
{
	struct breaker_to *to = find(b, l);

	if (b->room > 0)
		b->room--;
	if (to != NULL)
		to->room--;
}

static void
remember(struct breaker *b, const struct letter_record *l, uint32_t room)
{
	struct breaker_to *to = &b->to[b->next];

	if (strlen(l->rcpt_to) >= sizeof(to->address))
		return;
	b->next = (b->next + 1) % (sizeof(b->to) / sizeof(b->to[0]));
	to->person = l->to_person[0] != '\0';
	to->room = room;
	(void)snprintf(to->address, sizeof(to->address), "%s", l->rcpt_to);
}

int
breaker_check(struct breaker *b, const struct conf *conf,
    struct store *store, size_t ahead, int64_t now_s, int64_t *until_s_out,
    struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct breaker_state st;
	int64_t from_s, day_s, hour_s;
	uint32_t room = UINT32_MAX;

	if (a == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	*until_s_out = 0;
	if (b->room > 0 || ahead > 0)
		return 0;
	if (breaker_read(store, a, &st, err) < 0)
		return -1;
	if (breaker_stops(&st, now_s)) {
		*until_s_out = st.until_s != 0 ? st.until_s : now_s + LOOK_S;
		return 0;
	}
	if (resumed_s(store, a, &from_s, err) < 0 ||
	    look_at_window(store, "", now_s, DAY_S, from_s, conf->caps.day,
		&room, &day_s, err) < 0 ||
	    look_at_window(store, "", now_s, HOUR_S, from_s, conf->caps.hour,
		&room, &hour_s, err) < 0)
		return -1;
	if (day_s != 0) {
		*until_s_out = now_s + LOOK_S;
		return stop(store, now_s, 0, conf->caps.day, err);
	}
	*until_s_out = hour_s;
	if (hour_s != 0)
		return stop(store, now_s, hour_s, conf->caps.hour, err);
	b->room = room;
	return 0;
}

int
breaker_letter(struct breaker *b, const struct conf *conf,
    struct store *store, const struct letter_record *l, size_t ahead,
    int64_t now_s, int64_t *at_s_out, struct err *err)
{
	const struct caps_conf *caps = &conf->caps;
	bool person = l->to_person[0] != '\0';
	uint32_t hour = person ? caps->person_hour : caps->citizen_hour;
	uint32_t day = person ? caps->person_day : caps->citizen_day;
	uint32_t room = UINT32_MAX;
	int64_t hour_s, day_s;

	*at_s_out = now_s;
	if (strcmp(l->kind, "alarm") == 0 || breaker_has_room(b, l))
		return 0;
	if (ahead > 0)
		return 1;
	if (look_at_window(store, l->rcpt_to, now_s, HOUR_S, 0, hour, &room,
		&hour_s, err) < 0 ||
	    look_at_window(store, l->rcpt_to, now_s, DAY_S, 0, day, &room,
		&day_s, err) < 0)
		return -1;
	if (hour_s > *at_s_out)
		*at_s_out = hour_s;
	if (day_s > *at_s_out)
		*at_s_out = day_s;
	if (*at_s_out == now_s)
		remember(b, l, room);
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
