/* SPDX-License-Identifier: ISC */
#include "follow/clue.h"

#include "follow/calendar.h"

const char *
urge_name(enum urge_step s)
{
	static const char *const names[URGE_STEP_COUNT] = {
	    [URGE_NONE] = "none",
	    [URGE_WARN] = "reminder",
	    [URGE_EXPIRED] = "expired",
	};

	return (unsigned)s < URGE_STEP_COUNT ? names[s] : "unknown";
}

/* The highest step whose time has come. */
static enum urge_step
reached(int64_t warn_s, int64_t due_s, int64_t now_s)
{
	if (now_s >= due_s)
		return URGE_EXPIRED;
	return warn_s > 0 && now_s >= warn_s ? URGE_WARN : URGE_NONE;
}

/* When the step after `step` comes; 0 when there is none. */
static int64_t
after(const struct calendar *cal, enum urge_step step, int64_t warn_s,
    int64_t due_s)
{
	if (step == URGE_EXPIRED)
		return 0;
	if (step == URGE_NONE && warn_s > 0 && warn_s < due_s)
		return calendar_next_hours(cal, warn_s);
	return calendar_next_hours(cal, due_s);
}

enum urge_step
urge_due(const struct calendar *cal, int64_t warn_s, int64_t due_s,
    uint32_t steps_sent, int64_t now_s, int64_t *next_s)
{
	enum urge_step step;

	*next_s = 0;
	/* A step that was sent covers the lower ones; no deadline, no step. */
	if (due_s <= 0 || (steps_sent >> URGE_EXPIRED) != 0)
		return URGE_NONE;
	step = reached(warn_s, due_s, now_s);
	if (step == URGE_NONE || ((steps_sent >> step) & 1) != 0) {
		*next_s = after(cal, step, warn_s, due_s);
		return URGE_NONE;
	}
	if (!calendar_in_hours(cal, now_s)) {
		*next_s = calendar_next_hours(cal, now_s);
		return URGE_NONE;
	}
	*next_s = after(cal, step, warn_s, due_s);
	return step;
}
