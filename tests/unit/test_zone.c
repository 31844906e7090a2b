/* SPDX-License-Identifier: ISC */
#include "base/zone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"

static struct zone *
open_zone(const char *name)
{
	struct zone *z = NULL;
	struct err err;

	assert_int_equal(zone_new(name, &z, &err), 0);
	return z;
}

static void
wall_clock_to_utc(void **state)
{
	static const struct {
		const char *zone;
		struct civil civil;
		int64_t utc_s;
	} cases[] = {
	    {"Asia/Shanghai", {2026, 11, 23, 9, 30, 0, 0}, 1795397400},
	    {"UTC", {1970, 1, 1, 0, 0, 0, 0}, 0},
	    /* twice: the first one counts */
	    {"Europe/Berlin", {2026, 10, 25, 2, 30, 0, 0}, 1792888200},
	    /* skipped: the instant at which the clock jumped */
	    {"Europe/Berlin", {2026, 3, 29, 2, 30, 0, 0}, 1774746000},
	    {"America/New_York", {2026, 7, 1, 12, 0, 0, 0}, 1782921600},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct zone *z = open_zone(cases[i].zone);

		assert_int_equal(
		    zone_utc_s(z, &cases[i].civil), cases[i].utc_s);
		zone_free(&z);
	}
}

static void
utc_to_wall_clock(void **state)
{
	struct zone *z = open_zone("Asia/Shanghai");
	struct civil c;
	char text[20];

	(void)state;
	zone_civil(z, 1795397400, &c);
	assert_int_equal(c.weekday, 1);
	zone_format(z, 1795397400, text);
	assert_string_equal(text, "2026-11-23 09:30");
	zone_format(z, -1, text);
	assert_string_equal(text, "1970-01-01 07:59");
	zone_free(&z);
}

static void
every_day_number_comes_back(void **state)
{
	struct civil c;

	(void)state;
	for (int32_t day = -800000; day < 800000; day += 7) {
		civil_from_day(day, &c);
		assert_int_equal(civil_day_number(c.year, c.month, c.day), day);
	}
}

static void
unknown_zone_is_refused(void **state)
{
	struct zone *z = NULL;
	struct err err;

	(void)state;
	assert_int_equal(zone_new("Mars/Olympus", &z, &err), -1);
	assert_int_equal(err.kind, ERR_CONF);
	assert_null(z);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(wall_clock_to_utc),
	    cmocka_unit_test(utc_to_wall_clock),
	    cmocka_unit_test(every_day_number_comes_back),
	    cmocka_unit_test(unknown_zone_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
