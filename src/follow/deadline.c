/* SPDX-License-Identifier: ISC */
#include "follow/clue.h"

#include <string.h>

#include "conf/conf.h"
#include "follow/calendar.h"
#include "follow/hours.h"

static const struct {
	const char *name;
	const char *title;
} kinds[DEADLINE_COUNT] = {
    [DEADLINE_ACCEPT] = {"accept", "签收"},
    [DEADLINE_FEEDBACK] = {"feedback", "反馈"},
    [DEADLINE_CONCLUDE] = {"conclude", "办结"},
};

const char *
deadline_name(enum deadline_kind k)
{
	return (unsigned)k < DEADLINE_COUNT ? kinds[k].name : "unknown";
}

const char *
deadline_title(enum deadline_kind k)
{
	return (unsigned)k < DEADLINE_COUNT ? kinds[k].title : "未知";
}

int
deadline_by_name(const char *name)
{
	for (int k = 0; k < DEADLINE_COUNT; k++)
		if (strcmp(kinds[k].name, name) == 0)
			return k;
	return -1;
}

static bool
is_zero(const struct term *t)
{
	return t->working_days == 0 && t->working_minutes == 0;
}

int64_t
deadline_warn_s(const struct calendar *cal, const struct term *warn_before,
    int64_t dispatch_s, int64_t due_s)
{
	struct term half = {0, 0};
	int64_t warn_s;

	if (is_zero(warn_before))
		return due_s;
	warn_s = calendar_sub(cal, due_s, warn_before);
	if (warn_s <= dispatch_s) {
		half.working_minutes = (uint32_t)(calendar_minutes_between(
		    cal, dispatch_s, due_s) / 2);
		warn_s = calendar_add(cal, dispatch_s, &half);
	}
	warn_s = calendar_next_hours(cal, warn_s);
	return warn_s < due_s ? warn_s : due_s;
}

enum extend_verdict
deadline_may_extend(const struct deadline_class *cls, int64_t due_s,
    int64_t asked_s, uint32_t granted, uint32_t days)
{
	if (asked_s >= due_s)
		return EXTEND_LATE;
	if (granted >= cls->extensions_most)
		return EXTEND_TOO_MANY;
	return days == 0 || days > cls->extension_days ? EXTEND_DAYS
	                                               : EXTEND_OK;
}

int64_t
deadline_extended(const struct calendar *cal, int64_t due_s, uint32_t days)
{
	const struct term term = {days, 0};

	return calendar_later(cal, due_s, &term);
}

/* The close of the day that holds at_s; at_s itself when that day is off. */
static int64_t
close_s(const struct calendar *cal, int64_t at_s)
{
	struct hours h;

	/* An end at midnight is the close of the day that it ends. */
	hours_open(cal, hours_day(cal, at_s - 1), &h);
	return h.n > 0 ? h.span[h.n - 1].to_s : at_s;
}

int64_t
deadline_resumed(const struct calendar *cal, int64_t due_s, int64_t paused_s,
    int64_t resumed_s)
{
	struct term pause = {0, 0};
	int64_t new_s;

	pause.working_minutes = (uint32_t)calendar_minutes_between(
	    cal, paused_s, resumed_s);
	new_s = calendar_add(cal, due_s, &pause);
	return close_s(cal, due_s) == due_s ? close_s(cal, new_s) : new_s;
}

/* due_s, measured from one planned end by one calendar, from another by
 * another. */
static int64_t
carry(const struct calendar *old, int64_t old_planned_s, int64_t due_s,
    const struct calendar *cal, int64_t planned_s)
{
	struct term days = {0, 0}, rest = {0, 0};

	if (due_s < old_planned_s) {
		rest.working_minutes = (uint32_t)calendar_minutes_between(
		    old, due_s, old_planned_s);
		return calendar_sub(cal, planned_s, &rest);
	}
	days.working_days = (uint32_t)calendar_days_between(
	    old, old_planned_s, due_s);
	rest.working_minutes = (uint32_t)calendar_minutes_between(
	    old, calendar_later(old, old_planned_s, &days), due_s);
	return calendar_add(cal, calendar_later(cal, planned_s, &days), &rest);
}

int64_t
deadline_carried(const struct calendar *old, int64_t old_planned_s,
    int64_t due_s, const struct calendar *cal, int64_t planned_s)
{
	int64_t new_s = carry(old, old_planned_s, due_s, cal, planned_s);

	/* An end that somebody set outside working time moves only when the
	 * rules move it. */
	return new_s == carry(old, old_planned_s, due_s, old, old_planned_s)
	    ? due_s : new_s;
}

void
deadline_plan(const struct calendar *cal, const struct deadline_class *cls,
    int64_t dispatch_s, struct deadline_plan *out)
{
	const struct term *terms[DEADLINE_COUNT] = {
	    [DEADLINE_ACCEPT] = &cls->accept,
	    [DEADLINE_FEEDBACK] = &cls->feedback,
	    [DEADLINE_CONCLUDE] = &cls->conclude,
	};

	for (int k = 0; k < DEADLINE_COUNT; k++) {
		out->due_s[k] = out->warn_s[k] = 0;
		if (is_zero(terms[k]))
			continue;
		out->due_s[k] = calendar_add(cal, dispatch_s, terms[k]);
		out->warn_s[k] = deadline_warn_s(
		    cal, &cls->warn_before, dispatch_s, out->due_s[k]);
	}
}
