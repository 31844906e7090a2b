/* SPDX-License-Identifier: ISC */
/* When an alarm is told, told again, and called off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/alarm.h"
#include "core/probe.h"
#include "core/watch.h"
#include "follow_year.h"

#define DAY 86400
#define NOW 1790000000

static void
next_step(void **state)
{
	static const struct {
		struct alarm_state st;
		bool stands;
		enum alarm_step want;
	} t[] = {
	    {{0, 0}, false, ALARM_NOTHING},
	    {{0, 0}, true, ALARM_RAISE},
	    {{NOW - 9, 0}, true, ALARM_RAISE}, /* not told yet: tried again */
	    {{NOW - 9, 0}, false, ALARM_FORGET},
	    {{NOW - 9, NOW - 9}, true, ALARM_NOTHING},
	    {{NOW - DAY, NOW - DAY + 1}, true, ALARM_NOTHING},
	    {{NOW - DAY, NOW - DAY}, true, ALARM_REPEAT},
	    {{NOW - 9, NOW - 9}, false, ALARM_CLEAR},
	    /* The clock was set back by an hour, and by two days. */
	    {{NOW + 3600, NOW + 3600}, true, ALARM_NOTHING},
	    {{NOW + 2 * DAY, NOW + 2 * DAY}, true, ALARM_REPEAT},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		assert_int_equal(
		    alarm_next(&t[i].st, t[i].stands, NOW), t[i].want);
}

static void
notes(void **state)
{
	static const char *const bad[] = {
	    "", "1", "x y", "-1 5", "5 -1", "0 0", "99999999999999999999 x"};
	struct alarm_state st = alarm_read("12 34");
	(void)state;

	assert_int_equal(st.since_s, 12);
	assert_int_equal(st.told_s, 34);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		st = alarm_read(bad[i]);
		assert_int_equal(st.since_s, 0);
		assert_int_equal(st.told_s, 0);
	}
}

/* A week over a year's ends, seen at many hours. */
static void
silence_and_calendar(void **state)
{
	struct year y;
	const struct calendar *cal = &y.cal;
	int64_t friday;
	(void)state;

	year_make(&y, "Asia/Shanghai", HOURS_OFFICE);
	/* The office closes at 17:30. */
	friday = year_at(&y, "2026-11-27 17:00");
	assert_false(watch_is_silent(cal, friday, friday + 1800, 30));
	assert_false(
	    watch_is_silent(cal, friday, year_at(&y, "2026-11-30 08:30"), 30));
	assert_true(
	    watch_is_silent(cal, friday, year_at(&y, "2026-11-30 08:31"), 30));
	assert_false(
	    watch_is_silent(cal, friday, year_at(&y, "2026-11-30 12:00"), 0));
	assert_false(watch_is_silent(cal, friday, friday - 9, 30));

	assert_false(
	    watch_calendar_ends(cal, year_at(&y, "2026-12-17 12:00"), 14));
	assert_true(
	    watch_calendar_ends(cal, year_at(&y, "2026-12-18 12:00"), 14));
	friday = year_at(&y, "2027-03-05 12:00");
	assert_true(watch_calendar_ends(cal, friday, 14));
	assert_false(watch_calendar_ends(cal, friday, 0));
	year_done(&y);
}

static void
probes(void **state)
{
	static const struct {
		struct probe_state st;
		bool lost, due; /* every 24 h, within 30 min */
	} t[] = {
	    {{0, 0, false}, false, true},
	    {{NOW - 60, 0, false}, false, false},
	    {{NOW - 1800, 0, false}, false, false},
	    {{NOW - 1801, 0, false}, true, false},
	    {{NOW - DAY, 0, false}, true, true},
	    {{NOW - 3600, NOW - 3000, true}, false, false},
	    {{NOW - 3600, NOW - 3000, false}, true, false}, /* misplaced */
	    {{NOW - DAY, NOW - DAY + 60, true}, false, true},
	    {{NOW - DAY + 1, NOW - DAY + 60, true}, false, false},
	    {{NOW + 3600, 0, false}, false, true}, /* the clock went back */
	};
	(void)state;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		assert_int_equal(probe_is_lost(&t[i].st, 30, NOW), t[i].lost);
		assert_int_equal(
		    probe_is_due(&t[i].st, 24, 30, NOW), t[i].due);
		assert_false(probe_is_due(&t[i].st, 0, 30, NOW));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(next_step),
	    cmocka_unit_test(notes),
	    cmocka_unit_test(silence_and_calendar),
	    cmocka_unit_test(probes),
	};

	return cmocka_run_group_tests_name("alarm", tests, NULL, NULL);
}
