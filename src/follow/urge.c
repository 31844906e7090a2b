/* SPDX-License-Identifier: ISC */
#include "follow/clue.h"

#include <string.h>

#include "conf/conf.h"
#include "follow/calendar.h"

_Static_assert(LADDER_SIZE == URGE_STEP_COUNT, "one entry a step");

static const struct {
	const char *name, *title;
} steps[URGE_STEP_COUNT] = {
    [URGE_NONE] = {"none", ""},
    [URGE_WARN] = {"reminder", "预警"},
    [URGE_EXPIRED] = {"expired", "到期"},
    [URGE_URGING] = {"urging", "催办"},
    [URGE_CRITICISM] = {"criticism", "通报"},
};

const char *
urge_name(enum urge_step s)
{
	return (unsigned)s < URGE_STEP_COUNT ? steps[s].name : "unknown";
}

const char *
urge_title(enum urge_step s)
{
	return (unsigned)s < URGE_STEP_COUNT ? steps[s].title : "未知";
}

int
urge_by_name(const char *name)
{
	for (int s = URGE_WARN; s < URGE_STEP_COUNT; s++)
		if (strcmp(steps[s].name, name) == 0)
			return s;
	return -1;
}

void
urge_plan(const struct calendar *cal, const struct deadline_class *cls,
    int64_t warn_s, int64_t due_s, struct urge_plan *out)
{
	*out = (struct urge_plan){{0}};
	if (due_s <= 0)
		return;
	if (warn_s > 0 && warn_s < due_s)
		out->at_s[URGE_WARN] = warn_s;
	out->at_s[URGE_EXPIRED] = due_s;
	for (int s = URGE_URGING; s < URGE_STEP_COUNT; s++)
		out->at_s[s] =
		    calendar_later(cal, due_s, &cls->ladder[s].after);
	for (int s = URGE_WARN; s < URGE_STEP_COUNT; s++)
		out->at_s[s] = cls->ladder[s].to == 0 || out->at_s[s] == 0
				   ? 0
				   : calendar_next_hours(cal, out->at_s[s]);
}

/* The highest step with a mark; above all of ours when a later version knows
 * more. */
static int
highest(uint32_t marks)
{
	int s = 0;

	while (marks >> s > 1)
		s++;
	return s;
}

/* The highest step above `above` whose time has come. */
static int
reached(const struct urge_plan *plan, int above, int64_t now_s)
{
	int found = URGE_NONE;

	for (int s = above + 1; s < URGE_STEP_COUNT; s++)
		if (plan->at_s[s] != 0 && plan->at_s[s] <= now_s)
			found = s;
	return found;
}

enum urge_step
urge_due(const struct calendar *cal, const struct urge_plan *plan,
    uint32_t steps_sent, int64_t now_s, int64_t *next_s)
{
	int sent = highest(steps_sent);
	int step = reached(plan, sent, now_s);

	*next_s = 0;
	if (step != URGE_NONE && !calendar_in_hours(cal, now_s)) {
		*next_s = calendar_next_hours(cal, now_s);
		return URGE_NONE;
	}
	for (int s = step > sent ? step + 1 : sent + 1; s < URGE_STEP_COUNT;
	     s++)
		if (plan->at_s[s] != 0 &&
		    (*next_s == 0 || plan->at_s[s] < *next_s))
			*next_s = plan->at_s[s];
	return (enum urge_step)step;
}

uint32_t
urge_mark(uint32_t steps_sent, enum urge_step step)
{
	return steps_sent | 1U << step;
}

uint32_t
urge_keep(const struct urge_plan *plan, uint32_t steps_sent, int64_t now_s)
{
	for (int s = URGE_WARN; s < URGE_STEP_COUNT; s++)
		if (plan->at_s[s] == 0 || plan->at_s[s] > now_s)
			steps_sent &= ~(1U << s);
	return steps_sent;
}

int64_t
urge_send_at(const struct calendar *cal, const struct urge_plan *plan,
    uint32_t steps_sent, enum urge_step step, int64_t now_s)
{
	if (highest(steps_sent) != (int)step || plan->at_s[step] == 0)
		return 0;
	/* Decided, and yet to come: the clock was put back.  (An end that
	 * moves takes the mark away.) */
	if (plan->at_s[step] > now_s)
		return plan->at_s[step];
	return calendar_next_hours(cal, now_s);
}
