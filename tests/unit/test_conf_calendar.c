/* SPDX-License-Identifier: ISC */
/* The shipped calendars, and what is said when one is missing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/zone.h"
#include "conf_world.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))

/* The good configuration with the shipped calendars. */
static void
shipped(struct conf_world *w)
{
	char cwd[200], by[300];

	world_init(w);
	assert_non_null(getcwd(cwd, sizeof(cwd)));
	(void)snprintf(by, sizeof(by),
	    "files = { calendar = \"%s/etc/calendar\"; };\n", cwd);
	world_edit(w, "clued.conf", NULL, by);
	world_load(w);
	world_print(w);
	assert_int_equal(w->rc, 0);
	assert_int_equal(w->mistakes.n, 0);
}

static const struct calendar_day *
find_day(const struct conf *conf, int year, int month, int day)
{
	int32_t number = civil_day_number(year, month, day);

	for (size_t i = 0; i < conf->calendar.n_days; i++)
		if (conf->calendar.days[i].day_number == number)
			return &conf->calendar.days[i];
	return NULL;
}

static void
years(void **state)
{
	/* Days that each year's notices name. */
	static const struct { int year, days; } want[] = {{2018, 32},
	    {2019, 28}, {2020, 36}, {2021, 38}, {2022, 39}, {2023, 33},
	    {2024, 36}, {2025, 33}, {2026, 39}};
	struct conf_world w;
	(void)state;

	shipped(&w);
	const struct calendar_conf *c = &w.conf->calendar;

	assert_int_equal(c->n_years, N(want));
	for (size_t i = 0; i < N(want); i++) {
		int n = 0;

		assert_int_equal(c->years[i], want[i].year);
		for (size_t k = 0; k < c->n_days; k++) {
			struct civil day;

			civil_from_day(c->days[k].day_number, &day);
			n += day.year == want[i].year;
		}
		assert_int_equal(n, want[i].days);
	}
	for (size_t k = 1; k < c->n_days; k++)
		assert_true(
		    c->days[k - 1].day_number < c->days[k].day_number);
	world_done(&w);
}

static void
known_days(void **state)
{
	static const struct { int y, m, d; bool working; const char *name; }
	    want[] = {{2026, 1, 4, true, "元旦"}, {2026, 2, 14, true, "春节"},
	        {2026, 2, 28, true, "春节"}, {2026, 5, 9, true, "劳动节"},
	        {2026, 9, 20, true, "国庆节"}, {2026, 10, 10, true, "国庆节"},
	        {2026, 2, 15, false, "春节"}, {2026, 2, 23, false, "春节"},
	        {2026, 10, 7, false, "国庆节"}, {2026, 4, 6, false, "清明节"},
	        /* Named by the notice for the following year. */
	        {2018, 12, 29, true, "元旦"}, {2018, 12, 31, false, "元旦"},
	        {2022, 12, 31, false, "元旦"}};
	struct conf_world w;
	(void)state;

	shipped(&w);
	for (size_t i = 0; i < N(want); i++) {
		const struct calendar_day *day = find_day(
		    w.conf, want[i].y, want[i].m, want[i].d);

		assert_non_null(day);
		assert_int_equal(day->working, want[i].working);
		assert_string_equal(day->name, want[i].name);
	}
	assert_null(find_day(w.conf, 2026, 1, 5));
	assert_null(find_day(w.conf, 2026, 2, 24));
	assert_null(find_day(w.conf, 2026, 10, 8));
	world_done(&w);
}

/* Six make-up days in 2026 and no other. */
static void
make_up_days(void **state)
{
	struct conf_world w;
	int n = 0;
	(void)state;

	shipped(&w);
	for (size_t i = 0; i < w.conf->calendar.n_days; i++) {
		const struct calendar_day *day = &w.conf->calendar.days[i];
		struct civil c;

		civil_from_day(day->day_number, &c);
		if (day->working)
			assert_true(c.weekday >= 6);
		n += c.year == 2026 && day->working;
	}
	assert_int_equal(n, 6);
	world_done(&w);
}

static void
missing_years(void **state)
{
	/* The world has 2026 only.  Midnight is Shanghai's. */
	static const struct { int64_t now_s; size_t errors, warnings; }
	    table[] = {
	        {1767196799, 1, 0}, /* 2025-12-31 23:59:59: none for 2025 */
	        {1767196800, 0, 0}, /* 2026-01-01 00:00 */
	        {1793462399, 0, 0}, /* 2026-10-31 23:59:59 */
	        {1793462400, 0, 1}, /* 2026-11-01 00:00 */
	        {1798732799, 0, 1}, /* 2026-12-31 23:59:59 */
	        {1798732800, 1, 0}, /* 2027-01-01 00:00 */
	        {1825000000, 1, 1}, /* 2027-11 */
	    };
	struct conf_world w;
	(void)state;

	world_init(&w);
	for (size_t i = 0; i < N(table); i++) {
		world_load(&w);
		assert_int_equal(w.rc, 0);
		conf_check_calendar(w.conf, table[i].now_s, &w.mistakes);
		assert_int_equal(w.mistakes.n_warnings, table[i].warnings);
		assert_int_equal(w.mistakes.n - w.mistakes.n_warnings,
		    table[i].errors);
	}
	assert_non_null(world_find(&w, "calendar: no file 2027.conf; "));
	assert_non_null(world_find(&w, "calendar: warning: no file 2028.conf"));
	world_done(&w);
}

static void
fresh_list(void **state)
{
	struct conf_mistakes m = {0};
	struct conf_world w;
	(void)state;

	world_init(&w);
	world_load(&w);
	conf_check_calendar(w.conf, 1793462400, &m);
	assert_int_equal(m.n, 1);
	assert_int_equal(m.n_warnings, 1);
	assert_int_equal(m.list[0].line, 0);
	assert_non_null(strstr(m.list[0].text, "no file 2027.conf yet"));
	conf_mistakes_done(&m);
	world_done(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(years),
	    cmocka_unit_test(known_days),
	    cmocka_unit_test(make_up_days),
	    cmocka_unit_test(missing_years),
	    cmocka_unit_test(fresh_list),
	};

	return cmocka_run_group_tests_name(
	    "conf_calendar", tests, NULL, NULL);
}
