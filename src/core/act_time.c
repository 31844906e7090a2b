/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/zone.h"
#include "core/act_inside.h"
#include "core/ladder.h"
#include "core/take.h"
#include "follow/calendar.h"

static struct calendar
calendar_of(const struct act *x)
{
	return (struct calendar){&x->c->conf->calendar, x->c->conf->zone};
}

/* The open ones, in *list. */
static int
open_ends(struct act *x, struct deadline_record **list, size_t *n_out,
    struct err *err)
{
	size_t n, kept = 0;

	if (store_deadlines(x->c->store, x->clue.id, x->arena, list, &n, err) <
	    0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if ((*list)[i].met_s == 0)
			(*list)[kept++] = (*list)[i];
	*n_out = kept;
	return 0;
}

int
act_meet(struct act *x, unsigned kinds, struct err *err)
{
	struct deadline_record *list;
	size_t n;

	if (open_ends(x, &list, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		int k = deadline_by_name(list[i].kind);

		if (k < 0 || (kinds & ACT_MEETS(k)) == 0)
			continue;
		list[i].met_s = x->arrived_s;
		list[i].ask_s = 0;
		if (store_deadline_update(x->c->store, &list[i], err) < 0)
			return -1;
	}
	return 0;
}

int
act_plan(struct act *x, struct err *err)
{
	const struct calendar cal = calendar_of(x);
	struct deadline_plan plan;

	deadline_plan(
	    &cal, ladder_class(x->c->conf, &x->clue), x->now_s, &plan);
	for (int k = 0; k < DEADLINE_COUNT; k++) {
		struct deadline_record d = {
		    .clue = x->clue.id,
		    .kind = deadline_name((enum deadline_kind)k),
		    .due_s = plan.due_s[k],
		    .warn_s = plan.warn_s[k],
		};

		if (d.due_s == 0)
			continue;
		ladder_arm(x->c, &x->clue, &d, x->now_s);
		if (store_deadline_add(x->c->store, &d, err) < 0)
			return -1;
	}
	return 0;
}

int
act_pause(struct act *x, struct err *err)
{
	struct deadline_record *list;
	size_t n;

	if (open_ends(x, &list, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		ladder_arm(x->c, &x->clue, &list[i], x->now_s);
		if (store_deadline_update(x->c->store, &list[i], err) < 0)
			return -1;
	}
	return 0;
}

int
act_end(struct act *x, enum deadline_kind kind, struct deadline_record *out,
    struct err *err)
{
	struct deadline_record *list;
	size_t n;

	if (open_ends(x, &list, &n, err) < 0)
		return -1;
	for (size_t i = n; i > 0; i--)
		if (strcmp(list[i - 1].kind, deadline_name(kind)) == 0) {
			*out = list[i - 1];
			return 1;
		}
	return 0;
}

int
act_move_end(
    struct act *x, struct deadline_record *d, int64_t due_s, struct err *err)
{
	const struct deadline_class *cls = ladder_class(x->c->conf, &x->clue);
	const struct calendar cal = calendar_of(x);
	char from[20], to[20];

	zone_format(x->c->conf->zone, d->due_s, from);
	zone_format(x->c->conf->zone, due_s, to);
	d->due_s = due_s;
	d->warn_s = deadline_warn_s(
	    &cal, &cls->warn_before, x->clue.dispatched_s, due_s);
	ladder_moved(x->c, &x->clue, d, x->now_s);
	if (store_deadline_update(x->c->store, d, err) < 0)
		return -1;
	return act_event(x, "deadline-moved",
	    arena_printf(x->arena, "%s: %s -> %s", d->kind, from, to), err);
}

int
act_resume(struct act *x, int64_t paused_s, struct err *err)
{
	const struct calendar cal = calendar_of(x);
	struct deadline_record *list;
	size_t n;

	if (open_ends(x, &list, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		int64_t due_s =
		    deadline_resumed(&cal, list[i].due_s, paused_s, x->now_s);

		if (act_move_end(x, &list[i], due_s, err) < 0)
			return -1;
	}
	return 0;
}

int
act_reclass(struct act *x, const struct deadline_class *to, struct err *err)
{
	const struct deadline_class *was = ladder_class(x->c->conf, &x->clue);
	const struct calendar cal = calendar_of(x);
	struct deadline_plan before, after;
	struct deadline_record *list;
	size_t n;

	if (was == to)
		return 0;
	x->clue.class_id = to->id;
	deadline_plan(&cal, was, x->clue.dispatched_s, &before);
	deadline_plan(&cal, to, x->clue.dispatched_s, &after);
	if (open_ends(x, &list, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		int k = deadline_by_name(list[i].kind);

		if (k < 0 || before.due_s[k] == 0 || after.due_s[k] == 0)
			continue;
		if (act_move_end(x, &list[i],
			deadline_carried(&cal, before.due_s[k], list[i].due_s,
			    &cal, after.due_s[k]),
			err) < 0)
			return -1;
	}
	return 0;
}
