/* SPDX-License-Identifier: ISC */
#include "core/urge.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/step.h"
#include "conf/conf.h"
#include "core/letters.h"
#include "core/take.h"
#include "follow/calendar.h"
#include "follow/clue.h"
#include "store/store.h"

/* Deadlines looked at in one go; the rest follows in the next. */
#define MAX_ASKED 64

static const char *
template_of(enum urge_step step)
{
	return step == URGE_WARN ? "reminder" : "expired";
}

static int
write_event(const struct take_context *c, const struct deadline_record *d,
    const char *kind, int64_t now_s, struct err *err)
{
	const struct event_record e = {.clue = d->clue,
	    .at_s = now_s,
	    .kind = kind,
	    .actor = "clued",
	    .detail = d->kind};

	return store_event_add(c->store, &e, err);
}

/* A higher step makes the lower ones moot: after an outage only the highest
 * that is due is sent. */
static uint32_t
steps_up_to(enum urge_step step)
{
	return (2u << step) - 1;
}

static int
ask(const struct take_context *c, struct deadline_record *d, int64_t now_s,
    struct arena *a, struct err *err)
{
	const struct calendar cal = {&c->conf->calendar, c->conf->zone};
	struct clue_record clue;
	enum urge_step step;

	step = urge_due(&cal, d->warn_s, d->due_s, d->steps_sent, now_s,
	    &d->ask_s);
	if (step != URGE_NONE) {
		if (store_clue_by_id(c->store, d->clue, a, &clue, err) < 0 ||
		    letters_deadline(c, template_of(step), &clue, d, now_s, a,
			err) < 0 ||
		    write_event(c, d, urge_name(step), now_s, err) < 0)
			return -1;
		d->steps_sent |= steps_up_to(step);
		(void)urge_due(&cal, d->warn_s, d->due_s, d->steps_sent,
		    now_s, &d->ask_s);
	}
	return store_deadline_update(c->store, d, err);
}

int
urge_all_due(const struct take_context *c, int64_t now_s, struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct deadline_record *list;
	size_t n;

	if (a == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (store_begin(c->store, err) < 0)
		return -1;
	if (store_deadlines_to_ask(
		c->store, now_s, MAX_ASKED, a, &list, &n, err) < 0)
		goto undo;
	for (size_t i = 0; i < n; i++)
		if (ask(c, &list[i], now_s, a, err) < 0)
			goto undo;
	step("urge-before-commit");
	if (store_commit(c->store, err) < 0)
		goto undo;
	step("urge-after-commit");
	return 0;
undo:
	store_rollback(c->store);
	return -1;
}
