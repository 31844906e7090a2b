/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "base/limits.h"
#include "follow_year.h"

static void
assert_at(const struct year *y, int64_t got_s, const char *want)
{
	char got[20];

	zone_format(y->zone, got_s, got);
	assert_string_equal(got, want);
	assert_int_equal(got_s % 60, 0);
}

static void
test_is_working(void **state)
{
	static const struct {
		int day;
		bool working;
		const char *why;
	} rows[] = {
	    {20260101, false, "元旦"},
	    {20260104, true, "调休上班"},   /* a Sunday */
	    {20260105, true, "工作日"},
	    {20260110, false, "周末"},
	    {20260214, true, "调休上班"},
	    {20260215, false, "春节"},
	    {20260223, false, "春节"},
	    {20260224, true, "工作日"},
	    {20260228, true, "调休上班"},
	    {20260509, true, "调休上班"},
	    {20260920, true, "调休上班"},
	    {20261001, false, "国庆节"},
	    {20261010, true, "调休上班"},
	    {20261011, false, "周末"},
	    {20271001, true, "工作日"},     /* no file: a plain Friday */
	    {20271002, false, "周末"},
	};
	struct year y;
	const char *why;

	(void)state;
	year_make(&y, "Asia/Shanghai", HOURS_OFFICE);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		why = NULL;
		assert_int_equal(calendar_is_working(&y.cal,
		    year_day(rows[i].day), &why), rows[i].working);
		assert_string_equal(why, rows[i].why);
		assert_int_equal(calendar_is_working(&y.cal,
		    year_day(rows[i].day), NULL), rows[i].working);
	}
	assert_true(calendar_has_year(&y.cal, 2026));
	assert_false(calendar_has_year(&y.cal, 2027));
	y.days[8].name = ""; /* 2025-10-11 stays working; name not needed */
	y.days[0].name = "";
	(void)calendar_is_working(&y.cal, year_day(20251001), &why);
	assert_string_equal(why, "节假日");
	year_done(&y);
	year_make(&y, "Asia/Shanghai", HOURS_NIGHT);
	(void)calendar_is_working(&y.cal, year_day(20260112), &why);
	assert_string_equal(why, "休息日"); /* Monday without hours */
	assert_true(calendar_is_working(&y.cal, year_day(20260111), &why));
	year_done(&y);
}

static void
test_hours(void **state)
{
	static const struct { const char *at, *next; } rows[] = {
	    {"2026-11-23 08:30", "2026-11-23 08:30"}, /* open counts */
	    {"2026-11-23 08:29", "2026-11-23 08:30"},
	    {"2026-11-23 12:00", "2026-11-23 14:00"}, /* close does not */
	    {"2026-11-23 11:59", "2026-11-23 11:59"},
	    {"2026-11-23 17:30", "2026-11-24 08:30"},
	    {"2026-11-27 20:00", "2026-11-30 08:30"}, /* over a weekend */
	    {"2026-09-30 17:30", "2026-10-08 08:30"}, /* over 国庆节 */
	    {"2026-10-09 18:00", "2026-10-10 08:30"}, /* make-up Saturday */
	    {"2026-02-14 17:30", "2026-02-24 08:30"},
	};
	struct year y;
	int64_t at_s;

	(void)state;
	year_make(&y, "Asia/Shanghai", HOURS_OFFICE);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		at_s = year_at(&y, rows[i].at);
		assert_at(&y, calendar_next_hours(&y.cal, at_s), rows[i].next);
		assert_int_equal(calendar_in_hours(&y.cal, at_s),
		    strcmp(rows[i].at, rows[i].next) == 0);
	}
	year_done(&y);
}

static const struct add_row {
	const char *from;
	uint32_t days, minutes;
	const char *to;
} add_rows[] = {
    /* working hours */
    {"2026-11-23 09:00", 0, 60, "2026-11-23 10:00"},
    {"2026-11-23 08:30", 0, 210, "2026-11-23 12:00"}, /* ends at lunch */
    {"2026-11-23 08:30", 0, 211, "2026-11-23 14:01"},
    {"2026-11-23 09:00", 0, 240, "2026-11-23 15:00"}, /* over lunch */
    {"2026-11-23 12:30", 0, 1, "2026-11-23 14:01"},   /* from lunch */
    {"2026-11-23 16:00", 0, 240, "2026-11-24 11:00"},
    {"2026-11-23 17:30", 0, 240, "2026-11-24 14:30"}, /* exactly at close */
    {"2026-11-23 02:00", 0, 240, "2026-11-23 14:30"}, /* at night */
    {"2026-11-27 16:30", 0, 240, "2026-11-30 11:30"}, /* Friday */
    {"2026-11-28 10:00", 0, 240, "2026-11-30 14:30"}, /* Saturday */
    {"2026-02-14 15:30", 0, 240, "2026-02-24 10:30"}, /* make-up, 春节 */
    {"2026-10-09 16:30", 0, 120, "2026-10-10 09:30"},
    {"2026-11-23 09:00", 0, 0, "2026-11-23 09:00"},
    /* working days: the n-th close after the day of dispatch */
    {"2026-11-23 09:00", 1, 0, "2026-11-24 17:30"},
    {"2026-11-23 00:00", 1, 0, "2026-11-24 17:30"},
    {"2026-11-23 17:30", 1, 0, "2026-11-24 17:30"},
    {"2026-11-23 23:59", 1, 0, "2026-11-24 17:30"},
    {"2026-11-27 23:59", 1, 0, "2026-11-30 17:30"},
    {"2026-11-28 10:00", 1, 0, "2026-11-30 17:30"}, /* as on Friday */
    {"2026-11-29 10:00", 1, 0, "2026-11-30 17:30"},
    {"2026-11-23 09:00", 5, 0, "2026-11-30 17:30"},
    {"2026-11-23 09:00", 13, 0, "2026-12-10 17:30"},
    {"2026-09-30 09:00", 1, 0, "2026-10-08 17:30"},
    {"2026-09-30 09:00", 3, 0, "2026-10-10 17:30"}, /* make-up Saturday */
    {"2026-10-04 09:00", 4, 0, "2026-10-12 17:30"},
    {"2026-12-31 09:00", 1, 0, "2027-01-01 17:30"}, /* 2027 has no file */
    /* both */
    {"2026-11-23 09:00", 1, 60, "2026-11-25 09:30"},
};

static void
test_add(void **state)
{
	struct year y;

	(void)state;
	year_make(&y, "Asia/Shanghai", HOURS_OFFICE);
	for (size_t i = 0; i < sizeof(add_rows) / sizeof(add_rows[0]); i++) {
		const struct add_row *r = &add_rows[i];
		struct term t = {r->days, r->minutes};

		assert_at(&y, calendar_add(&y.cal, year_at(&y, r->from), &t),
		    r->to);
	}
	year_done(&y);
}

static void
test_sub(void **state)
{
	static const struct add_row rows[] = {
	    {"2026-11-24 17:30", 1, 0, "2026-11-23 17:30"},
	    {"2026-11-24 10:00", 1, 0, "2026-11-23 10:00"},
	    {"2026-11-30 17:30", 1, 0, "2026-11-27 17:30"},
	    {"2026-11-30 07:00", 1, 0, "2026-11-27 08:30"},
	    {"2026-11-28 10:00", 1, 0, "2026-11-26 17:30"}, /* Saturday */
	    {"2026-10-08 17:30", 2, 0, "2026-09-29 17:30"},
	    {"2026-11-24 10:00", 0, 60, "2026-11-24 09:00"},
	    {"2026-11-24 09:30", 0, 120, "2026-11-23 16:30"},
	    {"2026-11-24 14:00", 0, 60, "2026-11-24 11:00"}, /* lunch */
	    {"2026-11-24 08:30", 0, 60, "2026-11-23 16:30"},
	    {"2026-10-08 08:30", 0, 60, "2026-09-30 16:30"},
	    {"2026-11-25 09:30", 1, 60, "2026-11-24 08:30"},
	};
	struct year y;

	(void)state;
	year_make(&y, "Asia/Shanghai", HOURS_OFFICE);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct term t = {rows[i].days, rows[i].minutes};

		assert_at(&y, calendar_sub(&y.cal, year_at(&y, rows[i].from),
		    &t), rows[i].to);
	}
	year_done(&y);
}

/* Friday's afternoon off, and the make-up Saturday that takes Monday's. */
static void
test_uneven_week(void **state)
{
	struct term day = {1, 0}, hours = {0, 240};
	struct year y;

	(void)state;
	year_make(&y, "Asia/Shanghai", HOURS_FRIDAY);
	assert_at(&y, calendar_add(&y.cal, year_at(&y, "2026-11-26 10:00"),
	    &day), "2026-11-27 12:00");
	assert_at(&y, calendar_add(&y.cal, year_at(&y, "2026-11-27 10:00"),
	    &hours), "2026-11-30 10:30");
	assert_at(&y, calendar_add(&y.cal, year_at(&y, "2026-10-09 10:00"),
	    &day), "2026-10-10 17:30");
	/* 2026-02-14 is a Saturday; 2026-01-04 a Sunday. */
	assert_at(&y, calendar_add(&y.cal, year_at(&y, "2026-01-03 10:00"),
	    &day), "2026-01-04 17:30");
	year_done(&y);
}

/* Nonsense in, an end out: nothing hangs, nothing overflows. */
static void
test_fails_safe(void **state)
{
	struct term day = {1, 0}, most = {UINT32_MAX, UINT32_MAX};
	struct term minute = {0, 60};
	int64_t now_s, end_s;
	struct year y;

	(void)state;
	year_make(&y, "Asia/Shanghai", HOURS_NONE);
	now_s = year_at(&y, "2026-11-23 09:00");
	assert_int_equal(calendar_add(&y.cal, now_s, &day), now_s + 86400);
	assert_int_equal(calendar_sub(&y.cal, now_s, &minute), now_s - 3600);
	assert_true(calendar_in_hours(&y.cal, now_s));
	assert_int_equal(
	    calendar_minutes_between(&y.cal, now_s, now_s + 3600), 60);
	assert_int_equal(
	    calendar_days_between(&y.cal, now_s, now_s + 200000), 2);
	year_done(&y);

	year_make(&y, "Asia/Shanghai", HOURS_OFFICE);
	end_s = calendar_add(&y.cal, now_s, &most);
	assert_true(end_s > now_s + INT64_C(86400) * MAX_CALENDAR_DAYS / 2);
	assert_true(calendar_sub(&y.cal, now_s, &most) < now_s);
	assert_true(calendar_add(&y.cal, INT64_MAX, &day) > now_s);
	assert_true(calendar_add(&y.cal, INT64_MIN, &day) < now_s);
	(void)calendar_sub(&y.cal, INT64_MIN, &most);
	(void)calendar_next_hours(&y.cal, INT64_MAX);
	assert_true(calendar_minutes_between(&y.cal, INT64_MIN, INT64_MAX) > 0);
	assert_true(calendar_days_between(&y.cal, INT64_MIN, INT64_MAX) > 0);
	assert_int_equal(calendar_minutes_between(&y.cal, now_s, now_s), 0);
	assert_int_equal(calendar_days_between(&y.cal, now_s, now_s - 9), 0);

	/* Spans upside down, overlapping, or more than there are. */
	y.conf.week[1] = (struct work_day){
	    {{600, 540}, {540, 720}, {600, 780}, {780, 780}}, 9};
	assert_int_equal(calendar_minutes_between(&y.cal,
	    year_at(&y, "2026-11-23 00:00"), year_at(&y, "2026-11-24 00:00")),
	    240);
	year_done(&y);
}

static void
test_between(void **state)
{
	static const struct {
		const char *from, *to;
		int minutes, days;
	} rows[] = {
	    {"2026-11-23 08:30", "2026-11-23 17:30", 420, 0},
	    {"2026-11-23 08:30", "2026-11-24 17:29", 839, 0},
	    {"2026-11-23 08:30", "2026-11-24 17:30", 840, 1},
	    {"2026-11-27 12:00", "2026-11-30 08:30", 210, 0},
	    {"2026-11-28 00:00", "2026-11-29 23:59", 0, 0},
	    {"2026-09-30 17:30", "2026-10-10 17:30", 1260, 3},
	    {"2026-11-01 00:00", "2026-12-01 00:00", 21 * 420, 21},
	};
	struct year y;
	int64_t a, b;

	(void)state;
	year_make(&y, "Asia/Shanghai", HOURS_OFFICE);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		a = year_at(&y, rows[i].from);
		b = year_at(&y, rows[i].to);
		assert_int_equal(calendar_minutes_between(&y.cal, a, b),
		    rows[i].minutes);
		assert_int_equal(
		    calendar_days_between(&y.cal, a, b), rows[i].days);
	}
	year_done(&y);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_is_working),
	    cmocka_unit_test(test_hours),
	    cmocka_unit_test(test_add),
	    cmocka_unit_test(test_sub),
	    cmocka_unit_test(test_uneven_week),
	    cmocka_unit_test(test_fails_safe),
	    cmocka_unit_test(test_between),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
