/* SPDX-License-Identifier: ISC */
#include "follow/hours.h"

#include "base/zone.h"
#include "conf/conf.h"
#include "follow/calendar.h"

#define MAX_SPANS 4

/* Years 1 and 9999: outside of them no calendar means anything, and day
 * numbers would leave int32_t. */
#define FIRST_S (-INT64_C(62135596800))
#define LAST_S INT64_C(253402300799)

int64_t
hours_clamp(int64_t utc_s)
{
	if (utc_s < FIRST_S)
		return FIRST_S;
	return utc_s > LAST_S ? LAST_S : utc_s;
}

int32_t
hours_day(const struct calendar *cal, int64_t utc_s)
{
	return zone_day(cal->zone, utc_s);
}

const struct calendar_day *
hours_listed(const struct calendar *cal, int32_t day_number)
{
	const struct calendar_day *days = cal->conf->days;
	size_t low = 0, high = cal->conf->n_days, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (days[middle].day_number == day_number)
			return &days[middle];
		if (days[middle].day_number < day_number)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static bool
has_hours(const struct work_day *day)
{
	for (size_t i = 0; i < day->n_spans && i < MAX_SPANS; i++)
		if (day->spans[i].from_min < day->spans[i].to_min)
			return true;
	return false;
}

/* A make-up day has its weekday's hours, or Monday's, or those of the first
 * weekday that has any. */
static const struct work_day *
make_up_hours(const struct calendar *cal, int weekday)
{
	const struct work_day *week = cal->conf->week;

	if (has_hours(&week[weekday]))
		return &week[weekday];
	for (int i = 1; i <= 7; i++)
		if (has_hours(&week[i]))
			return &week[i];
	return NULL;
}

const struct work_day *
hours_of_day(const struct calendar *cal, int32_t day_number)
{
	const struct calendar_day *listed = hours_listed(cal, day_number);
	struct civil c;

	if (listed != NULL && !listed->working)
		return NULL;
	civil_from_day(day_number, &c);
	if (listed != NULL)
		return make_up_hours(cal, c.weekday);
	return has_hours(&cal->conf->week[c.weekday])
	    ? &cal->conf->week[c.weekday] : NULL;
}

/* 1440 is the next day's midnight. */
static int64_t
minute_s(const struct calendar *cal, int32_t day_number, int minute)
{
	struct civil c;

	civil_from_day(day_number + minute / 1440, &c);
	c.hour = minute % 1440 / 60;
	c.minute = minute % 60;
	return zone_utc_s(cal->zone, &c);
}

void
hours_open(const struct calendar *cal, int32_t day_number, struct hours *out)
{
	const struct work_day *day = hours_of_day(cal, day_number);
	int64_t from_s, to_s;

	out->n = 0;
	if (day == NULL)
		return;
	for (size_t i = 0; i < day->n_spans && i < MAX_SPANS; i++) {
		if (day->spans[i].from_min >= day->spans[i].to_min)
			continue;
		from_s = minute_s(cal, day_number, day->spans[i].from_min);
		to_s = minute_s(cal, day_number, day->spans[i].to_min);
		if (out->n > 0 && from_s < out->span[out->n - 1].to_s)
			from_s = out->span[out->n - 1].to_s;
		if (from_s < to_s)
			out->span[out->n++] = (struct hours_span){from_s, to_s};
	}
}

bool
hours_none(const struct calendar *cal)
{
	for (int i = 1; i <= 7; i++)
		if (has_hours(&cal->conf->week[i]))
			return false;
	return true;
}

int64_t
hours_overlap(const struct hours_span *span, int64_t from_s, int64_t to_s)
{
	int64_t start_s = span->from_s > from_s ? span->from_s : from_s;
	int64_t end_s = span->to_s < to_s ? span->to_s : to_s;

	return end_s > start_s ? end_s - start_s : 0;
}
