/* SPDX-License-Identifier: ISC */
#ifndef TESTS_UNIT_FOLLOW_YEAR_H
#define TESTS_UNIT_FOLLOW_YEAR_H

/* The calendar of 2026 (State Council's notice of 2025-11-04) and the end of
 * 2025, built by hand; three sets of weekly hours. */

#include <stdlib.h>
#include <string.h>

#include "base/zone.h"
#include "conf/conf.h"
#include "follow/calendar.h"

struct year_range {
	int from, to; /* 20260101 */
	bool working;
	const char *name;
};

static const struct year_range year_ranges[] = {
    {20251001, 20251008, false, "国庆节"},
    {20251011, 20251011, true, "国庆节"},
    {20260101, 20260103, false, "元旦"},
    {20260104, 20260104, true, "元旦"},
    {20260214, 20260214, true, "春节"},
    {20260215, 20260223, false, "春节"},
    {20260228, 20260228, true, "春节"},
    {20260404, 20260406, false, "清明节"},
    {20260501, 20260505, false, "劳动节"},
    {20260509, 20260509, true, "劳动节"},
    {20260619, 20260621, false, "端午节"},
    {20260920, 20260920, true, "国庆节"},
    {20260925, 20260927, false, "中秋节"},
    {20261001, 20261007, false, "国庆节"},
    {20261010, 20261010, true, "国庆节"},
};
#define N_YEAR_RANGES (sizeof(year_ranges) / sizeof(year_ranges[0]))

static const int year_list[] = {2025, 2026};

enum year_hours {
	HOURS_OFFICE,  /* Mon–Fri 8:30–12:00, 14:00–17:30 */
	HOURS_NIGHT,   /* Tue–Sun 0:00–6:00, 22:00–24:00 */
	HOURS_FRIDAY,  /* as office, Friday only the morning */
	HOURS_NONE,
};

static inline int32_t
year_day(int yyyymmdd)
{
	return civil_day_number(
	    yyyymmdd / 10000, yyyymmdd / 100 % 100, yyyymmdd % 100);
}

static inline void
year_week(struct work_day week[8], enum year_hours hours)
{
	static const struct work_day office = {
	    {{510, 720}, {840, 1050}, {0, 0}, {0, 0}}, 2};
	static const struct work_day morning = {
	    {{510, 720}, {0, 0}, {0, 0}, {0, 0}}, 1};
	static const struct work_day night = {
	    {{0, 360}, {1320, 1440}, {0, 0}, {0, 0}}, 2};

	memset(week, 0, 8 * sizeof(*week));
	for (int i = 1; i <= 5 && hours != HOURS_NONE; i++)
		week[i] = office;
	if (hours == HOURS_FRIDAY)
		week[5] = morning;
	if (hours != HOURS_NIGHT)
		return;
	week[1] = (struct work_day){0};
	for (int i = 2; i <= 7; i++)
		week[i] = night;
}

struct year {
	struct calendar cal;
	struct calendar_conf conf;
	struct calendar_day days[64];
	struct zone *zone;
};

static inline void
year_make(struct year *y, const char *zone, enum year_hours hours)
{
	memset(y, 0, sizeof(*y));
	if (zone_new(zone, &y->zone, NULL) != 0)
		abort();
	year_week(y->conf.week, hours);
	for (size_t i = 0; i < N_YEAR_RANGES; i++) {
		const struct year_range *r = &year_ranges[i];

		for (int32_t d = year_day(r->from); d <= year_day(r->to); d++) {
			struct calendar_day *day = &y->days[y->conf.n_days++];

			day->day_number = d;
			day->working = r->working;
			day->name = r->name;
		}
	}
	y->conf.days = y->days;
	y->conf.years = year_list;
	y->conf.n_years = 2;
	y->cal.conf = &y->conf;
	y->cal.zone = y->zone;
}

static inline void
year_done(struct year *y)
{
	zone_free(&y->zone);
}

/* "2026-10-10 14:30" in the calendar's zone → UTC seconds. */
static inline int64_t
year_at(const struct year *y, const char *s)
{
	struct civil c = {0};

	c.year = (int)strtol(s, NULL, 10);
	c.month = (int)strtol(s + 5, NULL, 10);
	c.day = (int)strtol(s + 8, NULL, 10);
	c.hour = (int)strtol(s + 11, NULL, 10);
	c.minute = (int)strtol(s + 14, NULL, 10);
	return zone_utc_s(y->zone, &c);
}

#endif
