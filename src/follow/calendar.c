/* SPDX-License-Identifier: ISC */
#include "follow/calendar.h"

#include <stddef.h>

#include "base/limits.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "follow/hours.h"

#define DAY_S 86400

bool
calendar_has_year(const struct calendar *cal, int year)
{
	for (size_t i = 0; i < cal->conf->n_years; i++)
		if (cal->conf->years[i] == year)
			return true;
	return false;
}

bool
calendar_is_working(
    const struct calendar *cal, int32_t day_number, const char **why_out)
{
	const struct calendar_day *listed = hours_listed(cal, day_number);
	bool working = hours_of_day(cal, day_number) != NULL;
	struct civil c;

	if (why_out == NULL)
		return working;
	civil_from_day(day_number, &c);
	if (listed != NULL && listed->working)
		*why_out = "调休上班";
	else if (listed != NULL)
		*why_out = listed->name[0] != '\0' ? listed->name : "节假日";
	else if (working)
		*why_out = "工作日";
	else
		*why_out = c.weekday >= 6 ? "周末" : "休息日";
	return working;
}

bool
calendar_in_hours(const struct calendar *cal, int64_t utc_s)
{
	return calendar_next_hours(cal, utc_s) == utc_s;
}

int64_t
calendar_next_hours(const struct calendar *cal, int64_t utc_s)
{
	struct hours h;
	int32_t day;

	if (hours_none(cal) || utc_s != hours_clamp(utc_s))
		return utc_s;
	day = hours_day(cal, utc_s);
	for (int32_t n = 0; n < MAX_CALENDAR_DAYS; n++) {
		hours_open(cal, day + n, &h);
		for (size_t i = 0; i < h.n; i++)
			if (utc_s < h.span[i].to_s)
				return utc_s > h.span[i].from_s
				    ? utc_s : h.span[i].from_s;
	}
	return utc_s;
}

/* The first instant before which left_s seconds were worked since from_s. */
static int64_t
add_seconds(const struct calendar *cal, int64_t from_s, int64_t left_s)
{
	int32_t day = hours_day(cal, from_s);
	struct hours h;
	int64_t start_s;

	for (int32_t n = 0; left_s > 0 && n < MAX_CALENDAR_DAYS; n++) {
		hours_open(cal, day + n, &h);
		for (size_t i = 0; i < h.n && left_s > 0; i++) {
			start_s = h.span[i].from_s;
			if (h.span[i].to_s <= from_s)
				continue;
			if (start_s < from_s)
				start_s = from_s;
			if (h.span[i].to_s - start_s >= left_s)
				return start_s + left_s;
			left_s -= h.span[i].to_s - start_s;
		}
	}
	return left_s > 0 ? from_s + (int64_t)MAX_CALENDAR_DAYS * DAY_S
	                  : from_s;
}

/* The last instant after which left_s seconds were worked until to_s. */
static int64_t
sub_seconds(const struct calendar *cal, int64_t to_s, int64_t left_s)
{
	int32_t day = hours_day(cal, to_s);
	struct hours h;
	int64_t end_s;

	for (int32_t n = 0; left_s > 0 && n < MAX_CALENDAR_DAYS; n++) {
		hours_open(cal, day - n, &h);
		for (size_t i = h.n; i-- > 0 && left_s > 0;) {
			end_s = h.span[i].to_s;
			if (h.span[i].from_s >= to_s)
				continue;
			if (end_s > to_s)
				end_s = to_s;
			if (end_s - h.span[i].from_s >= left_s)
				return end_s - left_s;
			left_s -= end_s - h.span[i].from_s;
		}
	}
	return left_s > 0 ? to_s - (int64_t)MAX_CALENDAR_DAYS * DAY_S : to_s;
}

/* The close of the n-th (>= 1) worked day after the day of from_s. */
static int64_t
add_days(const struct calendar *cal, int64_t from_s, uint32_t n)
{
	int32_t day = hours_day(cal, from_s);
	struct hours h;

	for (int32_t i = 1; i <= MAX_CALENDAR_DAYS; i++) {
		hours_open(cal, day + i, &h);
		if (h.n > 0 && --n == 0)
			return h.span[h.n - 1].to_s;
	}
	return from_s + (int64_t)MAX_CALENDAR_DAYS * DAY_S;
}

/* The n-th (0 = itself) worked day on or before day; *h becomes its hours. */
static int32_t
worked_before(
    const struct calendar *cal, int32_t day, uint32_t n, struct hours *h)
{
	for (int32_t i = 0; i < MAX_CALENDAR_DAYS; i++) {
		hours_open(cal, day - i, h);
		if (h->n > 0 && n-- == 0)
			return day - i;
	}
	return day - MAX_CALENDAR_DAYS;
}

/* The close of a day, within that day where hours end at midnight. */
static int64_t
close_of(const struct calendar *cal, int32_t day, const struct hours *h)
{
	int64_t close_s = h->span[h->n - 1].to_s;

	return hours_day(cal, close_s) == day ? close_s : close_s - 1;
}

/* The time of day of at_s on another day, within its opening hours. */
static int64_t
same_time(const struct calendar *cal, int64_t at_s, int32_t day,
    const struct hours *h)
{
	struct civil c, target;

	zone_civil(cal->zone, at_s, &c);
	civil_from_day(day, &target);
	target.hour = c.hour;
	target.minute = c.minute;
	target.second = c.second;
	at_s = zone_utc_s(cal->zone, &target);
	if (at_s < h->span[0].from_s)
		return h->span[0].from_s;
	return at_s < h->span[h->n - 1].to_s ? at_s : close_of(cal, day, h);
}

/* The same time of day n worked days earlier, the close for a close. */
static int64_t
sub_days(const struct calendar *cal, int64_t to_s, uint32_t n)
{
	/* An end at midnight is the close of the day that it ends. */
	int32_t today = hours_day(cal, to_s - 1), last, day;
	struct hours h;
	bool closed;

	last = worked_before(cal, today, 0, &h);
	closed = last < today || h.n == 0 || to_s >= h.span[h.n - 1].to_s;
	day = worked_before(cal, last, n, &h);
	if (h.n == 0)
		return to_s - (int64_t)MAX_CALENDAR_DAYS * DAY_S;
	return closed ? close_of(cal, day, &h)
	              : same_time(cal, to_s, day, &h);
}

/* Without any hours every minute counts: wrong hours in a configuration give
 * early deadlines, never none. */
static int64_t
plain_seconds(const struct term *term)
{
	int64_t s = (int64_t)term->working_days * DAY_S +
	    (int64_t)term->working_minutes * 60;
	int64_t most_s = (int64_t)MAX_CALENDAR_DAYS * DAY_S;

	return s < most_s ? s : most_s;
}

int64_t
calendar_add(
    const struct calendar *cal, int64_t from_s, const struct term *term)
{
	int64_t at_s = hours_clamp(from_s);

	if (hours_none(cal))
		return at_s + plain_seconds(term);
	if (term->working_days > 0)
		at_s = add_days(cal, at_s, term->working_days);
	return add_seconds(cal, at_s, (int64_t)term->working_minutes * 60);
}

int64_t
calendar_sub(const struct calendar *cal, int64_t to_s, const struct term *term)
{
	int64_t at_s = hours_clamp(to_s);

	if (hours_none(cal))
		return at_s - plain_seconds(term);
	at_s = sub_seconds(cal, at_s, (int64_t)term->working_minutes * 60);
	if (term->working_days > 0)
		at_s = sub_days(cal, at_s, term->working_days);
	return at_s;
}

/* The same time of day n worked days later, the close for a close or for a
 * time after it. */
static int64_t
later_days(const struct calendar *cal, int64_t from_s, uint32_t n)
{
	/* A start at midnight is the close of the day that it ends. */
	int64_t close_s = add_days(cal, from_s - 1, n);
	int32_t day = hours_day(cal, close_s - 1);
	struct hours h;

	hours_open(cal, hours_day(cal, from_s - 1), &h);
	if (h.n == 0 || from_s >= h.span[h.n - 1].to_s)
		return close_s;
	hours_open(cal, day, &h);
	return h.n > 0 ? same_time(cal, from_s, day, &h) : close_s;
}

int64_t
calendar_later(
    const struct calendar *cal, int64_t from_s, const struct term *term)
{
	int64_t at_s = hours_clamp(from_s);

	if (hours_none(cal))
		return at_s + plain_seconds(term);
	if (term->working_days > 0)
		at_s = later_days(cal, at_s, term->working_days);
	return add_seconds(cal, at_s, (int64_t)term->working_minutes * 60);
}

static int32_t
last_day(const struct calendar *cal, int32_t first, int64_t to_s)
{
	int32_t last = hours_day(cal, to_s);

	return last - first > MAX_CALENDAR_DAYS ? first + MAX_CALENDAR_DAYS
	                                        : last;
}

int64_t
calendar_minutes_between(
    const struct calendar *cal, int64_t from_s, int64_t to_s)
{
	struct hours h;
	int32_t day, last;
	int64_t sum_s = 0;

	from_s = hours_clamp(from_s);
	to_s = hours_clamp(to_s);
	if (to_s <= from_s)
		return 0;
	if (hours_none(cal))
		return (to_s - from_s) / 60;
	day = hours_day(cal, from_s);
	last = last_day(cal, day, to_s);
	for (; day <= last; day++) {
		hours_open(cal, day, &h);
		for (size_t i = 0; i < h.n; i++)
			sum_s += hours_overlap(&h.span[i], from_s, to_s);
	}
	return sum_s / 60;
}

int32_t
calendar_days_between(const struct calendar *cal, int64_t from_s, int64_t to_s)
{
	struct hours h;
	int32_t day, last, n = 0;

	from_s = hours_clamp(from_s);
	to_s = hours_clamp(to_s);
	if (to_s <= from_s)
		return 0;
	if (hours_none(cal))
		return (int32_t)((to_s - from_s) / DAY_S);
	day = hours_day(cal, from_s) + 1;
	last = last_day(cal, day, to_s);
	/* Only of the last day it matters when it closes. */
	for (; day < last; day++)
		n += hours_of_day(cal, day) != NULL;
	if (day == last) {
		hours_open(cal, day, &h);
		n += h.n > 0 && h.span[h.n - 1].to_s <= to_s;
	}
	return n;
}
