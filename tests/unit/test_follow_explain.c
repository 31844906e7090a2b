/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "follow_year.h"

/* One line a day: "1010 调休上班 2 0". */
static void
show(const struct calendar_explanation *e, struct buf *out)
{
	struct civil c;

	for (size_t i = 0; i < e->n; i++) {
		const struct calendar_step *s = &e->steps[i];

		civil_from_day(s->day_number, &c);
		buf_addf(out, "%02d%02d %s %u %lld\n", c.month, c.day, s->why,
		    s->nth, (long long)s->worked_s / 60);
	}
}

static void
test_explain(void **state)
{
	static const struct {
		const char *from;
		struct term term;
		const char *end, *want;
	} rows[] = {
	    {"2026-10-07 09:00", {3, 0}, "2026-10-10 17:30",
	        "1007 国庆节 0 0\n1008 工作日 1 0\n1009 工作日 2 0\n"
	        "1010 调休上班 3 0\n"},
	    {"2026-11-27 16:30", {0, 240}, "2026-11-30 11:30",
	        "1127 工作日 0 60\n1128 周末 0 0\n1129 周末 0 0\n"
	        "1130 工作日 0 180\n"},
	    {"2026-11-27 16:30", {1, 60}, "2026-12-01 09:30",
	        "1127 工作日 0 0\n1128 周末 0 0\n1129 周末 0 0\n"
	        "1130 工作日 1 0\n1201 工作日 0 60\n"},
	    {"2026-11-27 16:30", {0, 0}, "2026-11-27 16:30",
	        "1127 工作日 0 0\n"},
	    {"2026-12-31 10:00", {1, 0}, "2027-01-01 17:30",
	        "1231 工作日 0 0\n0101 工作日 1 0\n"},
	};
	struct year y;

	(void)state;
	year_make(&y, "Asia/Shanghai", HOURS_OFFICE);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ARENA_AUTO struct arena *a = arena_new();
		BUF_AUTO struct buf got = BUF_INIT;
		struct calendar_explanation e;

		assert_int_equal(calendar_explain(&y.cal,
		    year_at(&y, rows[i].from), &rows[i].term, a, &e), 0);
		assert_int_equal(e.end_s, year_at(&y, rows[i].end));
		assert_int_equal(e.guessed, i == 4);
		show(&e, &got);
		assert_string_equal(buf_str(&got), rows[i].want);
	}
	year_done(&y);
}

/* For any start the days and minutes add up to the term. */
static void
explain_all(const char *zone, enum year_hours hours)
{
	struct year y;
	int64_t from_s;

	year_make(&y, zone, hours);
	from_s = year_at(&y, "2026-01-01 00:00");
	for (uint32_t i = 0; i < 3000; i++, from_s += 9973) {
		ARENA_AUTO struct arena *a = arena_new();
		struct term t = {i % 14, i % 3 != 0 ? i % 997 : 0};
		struct calendar_explanation e;
		int64_t sum_s = 0;
		uint32_t nth = 0;

		assert_int_equal(
		    calendar_explain(&y.cal, from_s, &t, a, &e), 0);
		assert_int_equal(e.end_s, calendar_add(&y.cal, from_s, &t));
		for (size_t k = 0; k < e.n; k++) {
			if (e.steps[k].nth != 0)
				assert_int_equal(e.steps[k].nth, ++nth);
			sum_s += e.steps[k].worked_s;
		}
		assert_int_equal(nth, t.working_days);
		assert_int_equal(sum_s, t.working_minutes * 60);
		assert_true(e.steps[e.n - 1].close_s >= e.end_s || nth == 0);
	}
	year_done(&y);
}

static void
test_adds_up(void **state)
{
	(void)state;
	explain_all("Asia/Shanghai", HOURS_OFFICE);
	explain_all("Europe/Berlin", HOURS_NIGHT);
	explain_all("America/New_York", HOURS_FRIDAY);
}

static void
test_fails_safe(void **state)
{
	const struct term most = {UINT32_MAX, UINT32_MAX}, day = {1, 0};
	struct year y;

	(void)state;
	for (int i = 0; i < 2; i++) {
		ARENA_AUTO struct arena *a = arena_new();
		struct calendar_explanation e;

		year_make(&y, "Asia/Shanghai", i == 0 ? HOURS_NONE
		    : HOURS_OFFICE);
		assert_int_equal(
		    calendar_explain(&y.cal, INT64_MIN, &day, a, &e), 0);
		assert_int_equal(
		    calendar_explain(&y.cal, INT64_MAX, &day, a, &e), 0);
		assert_true(e.n >= 1);
		assert_int_equal(
		    calendar_explain(&y.cal, 1795400000, &most, a, &e), 0);
		assert_true(e.n > MAX_CALENDAR_DAYS);
		year_done(&y);
	}
}

static void
test_month(void **state)
{
	static const struct {
		int year, month, days, first, working;
		bool guessed;
	} rows[] = {
	    {2026, 1, 31, 4, 21, false},  /* 元旦 1–3 off, 4 worked */
	    {2026, 2, 28, 7, 16, false},  /* 春节 15–23 off; 14, 28 worked */
	    {2026, 10, 31, 4, 18, false}, /* 1–7 off; 10 worked */
	    {2026, 12, 31, 2, 23, false},
	    {2027, 10, 31, 5, 21, true},
	    {2028, 2, 29, 2, 21, true},
	};
	struct calendar_month m;
	struct year y;

	(void)state;
	year_make(&y, "Asia/Shanghai", HOURS_OFFICE);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		calendar_month(&y.cal, rows[i].year, rows[i].month, &m);
		assert_int_equal(m.n_days, rows[i].days);
		assert_int_equal(m.days[0].weekday, rows[i].first);
		assert_int_equal(m.working_days, rows[i].working);
		assert_int_equal(m.working_minutes, rows[i].working * 420);
		assert_int_equal(m.guessed, rows[i].guessed);
	}
	calendar_month(&y.cal, 2026, 10, &m);
	assert_string_equal(m.days[0].why, "国庆节");
	assert_true(m.days[0].listed);
	assert_false(m.days[0].working);
	assert_int_equal(m.days[0].minutes, 0);
	assert_string_equal(m.days[9].why, "调休上班");
	assert_true(m.days[9].listed);
	assert_int_equal(m.days[9].minutes, 420);
	assert_false(m.days[10].listed);
	assert_string_equal(m.days[10].why, "周末");
	year_done(&y);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_explain),
	    cmocka_unit_test(test_adds_up),
	    cmocka_unit_test(test_fails_safe),
	    cmocka_unit_test(test_month),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
