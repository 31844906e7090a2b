/* SPDX-License-Identifier: ISC */
/*
 * The calendar against a slow one that shares nothing with it: libc's
 * localtime_r says for every minute of three years which day and hour it is,
 * a date list says whether that is worked, and all questions are answered by
 * walking minutes.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <time.h>

#include "follow_year.h"

#define FIRST_S INT64_C(1751328000) /* 2025-07-01 00:00 UTC */
#define MINUTES (3 * 366 * 1440)
#define STARTS 10000

struct slow {
	unsigned char *worked; /* one a minute */
	int *date;             /* 20261010 */
};

static bool
slow_works(const struct tm *tm, int date, enum year_hours hours)
{
	int minute = tm->tm_hour * 60 + tm->tm_min;
	int day = tm->tm_wday == 0 ? 7 : tm->tm_wday;
	bool off = hours == HOURS_NIGHT ? day == 1 : day >= 6;

	for (size_t i = 0; i < N_YEAR_RANGES; i++) {
		if (date < year_ranges[i].from || date > year_ranges[i].to)
			continue;
		if (!year_ranges[i].working)
			return false;
		/* Monday's hours; by night the first day that has any. */
		if (off)
			day = hours == HOURS_NIGHT ? 2 : 1;
		off = false;
	}
	if (off)
		return false;
	if (hours == HOURS_NIGHT)
		return minute < 6 * 60 || minute >= 22 * 60;
	if (minute >= 8 * 60 + 30 && minute < 12 * 60)
		return true;
	return minute >= 14 * 60 && minute < 17 * 60 + 30 &&
	    !(hours == HOURS_FRIDAY && day == 5);
}

static void
slow_make(struct slow *s, const char *zone, enum year_hours hours)
{
	struct tm tm;
	time_t t;

	assert_int_equal(setenv("TZ", zone, 1), 0);
	tzset();
	s->worked = calloc(MINUTES, 1);
	s->date = calloc(MINUTES, sizeof(*s->date));
	assert_non_null(s->worked);
	assert_non_null(s->date);
	for (int i = 0; i < MINUTES; i++) {
		t = (time_t)(FIRST_S + (int64_t)i * 60);
		assert_non_null(localtime_r(&t, &tm));
		s->date[i] = (tm.tm_year + 1900) * 10000 +
		    (tm.tm_mon + 1) * 100 + tm.tm_mday;
		s->worked[i] = slow_works(&tm, s->date[i], hours);
	}
}

static void
slow_done(struct slow *s)
{
	free(s->worked);
	free(s->date);
}

static int
slow_add_minutes(const struct slow *s, int i, uint32_t n)
{
	for (; n > 0; i++)
		n -= s->worked[i];
	return i;
}

static int
slow_sub_minutes(const struct slow *s, int i, uint32_t n)
{
	for (; n > 0; i--)
		n -= s->worked[i - 1];
	return i;
}

static int
slow_add_days(const struct slow *s, int i, uint32_t n)
{
	int date = s->date[i], counted = 0, close = i;

	for (;; i++) {
		if (s->date[i] != date && n == 0)
			return close;
		if (s->date[i] == date || !s->worked[i])
			continue;
		/* A worked minute of a later day. */
		if (s->date[i] != counted)
			n--;
		counted = s->date[i];
		for (close = i; s->date[close] == counted; close++)
			if (s->worked[close])
				i = close;
		close = i + 1;
		date = counted;
	}
}

static int
slow_between(const struct slow *s, int from, int to)
{
	int n = 0;

	for (; from < to; from++)
		n += s->worked[from];
	return n;
}

static int64_t
minute_s(int i)
{
	return FIRST_S + (int64_t)i * 60;
}

static uint32_t
next_random(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) +
	    UINT64_C(1442695040888963407);
	return (uint32_t)(*seed >> 33);
}

static int
localtime_minute(int64_t utc_s)
{
	time_t t = (time_t)utc_s;
	struct tm tm;

	assert_non_null(localtime_r(&t, &tm));
	return tm.tm_hour * 60 + tm.tm_min;
}

static void
check_minutes(const struct year *y, const struct slow *s, int i, uint32_t n)
{
	struct term t = {0, n};
	int64_t at_s = minute_s(i), end_s = calendar_add(&y->cal, at_s, &t);

	assert_int_equal(end_s, minute_s(slow_add_minutes(s, i, n)));
	assert_int_equal(calendar_minutes_between(&y->cal, at_s, end_s), n);
	assert_int_equal(calendar_sub(&y->cal, at_s, &t),
	    minute_s(slow_sub_minutes(s, i, n)));
	/* Later starts, not earlier ends; to the second. */
	assert_true(calendar_add(&y->cal, at_s + 30, &t) >= end_s);
	assert_true(calendar_add(&y->cal, at_s + 30, &t) <=
	    calendar_add(&y->cal, at_s + 60, &t));
	assert_int_equal(calendar_in_hours(&y->cal, at_s), s->worked[i]);
	assert_int_equal(calendar_in_hours(&y->cal, at_s + 59), s->worked[i]);
}

static void
check_days(const struct year *y, const struct slow *s, int i, uint32_t n)
{
	struct term t = {n, 0};
	int64_t at_s = minute_s(i), end_s = calendar_add(&y->cal, at_s, &t);
	int64_t back_s;

	assert_int_equal(end_s, minute_s(slow_add_days(s, i, n)));
	assert_int_equal(calendar_days_between(&y->cal, at_s, end_s), n);
	assert_int_equal(
	    calendar_days_between(&y->cal, at_s, end_s - 1), n - 1);
	assert_true(calendar_add(&y->cal, at_s + 60, &t) >= end_s);
	back_s = calendar_sub(&y->cal, end_s, &t);
	assert_int_equal(calendar_add(&y->cal, back_s, &t), end_s);
	/* The same time of day goes back where the clock does. */
	if (localtime_minute(at_s + 60) == (localtime_minute(at_s) + 1) % 1440)
		assert_true(calendar_sub(&y->cal, at_s, &t) <=
		    calendar_sub(&y->cal, at_s + 60, &t));
}

static void
run(const char *zone, enum year_hours hours, uint64_t seed)
{
	struct slow s;
	struct year y;
	int i;

	slow_make(&s, zone, hours);
	year_make(&y, zone, hours);
	for (int n = 0; n < STARTS; n++) {
		/* 60 days of room at both ends. */
		i = (int)(next_random(&seed) % (MINUTES - 120 * 1440)) +
		    60 * 1440;
		check_minutes(&y, &s, i, 1 + next_random(&seed) % 6000);
		check_days(&y, &s, i, 1 + next_random(&seed) % 15);
		assert_int_equal(calendar_minutes_between(&y.cal, minute_s(i),
		    minute_s(i + 20000)), slow_between(&s, i, i + 20000));
	}
	year_done(&y);
	slow_done(&s);
}

static void
test_shanghai(void **state)
{
	(void)state;
	run("Asia/Shanghai", HOURS_OFFICE, 1);
	run("Asia/Shanghai", HOURS_FRIDAY, 2);
}

static void
test_berlin(void **state)
{
	(void)state;
	run("Europe/Berlin", HOURS_OFFICE, 3);
	run("Europe/Berlin", HOURS_NIGHT, 4);
}

static void
test_new_york(void **state)
{
	(void)state;
	run("America/New_York", HOURS_OFFICE, 5);
	run("America/New_York", HOURS_NIGHT, 6);
}

/* Every minute of the weeks around both clock changes, not only random
 * ones. */
static void
test_clock_changes(void **state)
{
	static const char *const at[] = {
	    "2026-03-27 12:00", "2026-10-23 12:00"};
	struct slow s;
	struct year y;
	int i;

	(void)state;
	slow_make(&s, "Europe/Berlin", HOURS_NIGHT);
	year_make(&y, "Europe/Berlin", HOURS_NIGHT);
	for (size_t k = 0; k < 2; k++) {
		i = (int)((year_at(&y, at[k]) - FIRST_S) / 60);
		for (int n = 0; n < 4 * 1440; n++) {
			check_minutes(&y, &s, i + n, 500);
			check_days(&y, &s, i + n, 1);
		}
	}
	year_done(&y);
	slow_done(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_shanghai),
	    cmocka_unit_test(test_berlin),
	    cmocka_unit_test(test_new_york),
	    cmocka_unit_test(test_clock_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
