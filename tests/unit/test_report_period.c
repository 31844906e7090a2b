/* SPDX-License-Identifier: ISC */
#include "report_world.h"

static void
periods_run_from_day_to_day(void **state)
{
	static const struct {
		uint32_t day;
		const char *name, *text;
	} t[] = {
	    {25, "2026-11", "2026年10月25日至2026年11月24日"},
	    {25, "2027-01", "2026年12月25日至2027年1月24日"},
	    {28, "2026-03", "2026年2月28日至2026年3月27日"},
	    {1, "2026-11", "2026年11月1日至2026年11月30日"},
	    {1, "2028-02", "2028年2月1日至2028年2月29日"},
	    {2, "2026-11", "2026年10月2日至2026年11月1日"},
	};
	struct office *o = *state;
	char text[PERIOD_TEXT];
	struct period p, q;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		o->conf.report.period_day = t[i].day;
		p = office_period(o, t[i].name);
		assert_string_equal(p.name, t[i].name);
		assert_string_equal(period_text(&p, text), t[i].text);
		/* Both ends lie in it, and periods meet without a gap. */
		period_at(&o->conf, p.from_s, &q);
		assert_string_equal(q.name, t[i].name);
		period_at(&o->conf, p.to_s - 1, &q);
		assert_string_equal(q.name, t[i].name);
		period_step(&o->conf, &p, 1, &q);
		assert_int_equal(q.from_s, p.to_s);
		period_step(&o->conf, &p, -1, &q);
		assert_int_equal(q.to_s, p.from_s);
		period_step(&o->conf, &p, 12, &q);
		assert_int_equal(q.year, p.year + 1);
		assert_int_equal(q.month, p.month);
	}
}

static void
periods_follow_the_office_clock(void **state)
{
	struct office *o = *state;
	struct period p = office_period(o, "2026-11");

	assert_int_equal(p.from_s, at(2026, 10, 25, 0));
	assert_int_equal(p.to_s, at(2026, 11, 25, 0));
	period_of_days(&o->conf, civil_day_number(2026, 1, 1),
	    civil_day_number(2026, 1, 1), &p);
	assert_string_equal(p.name, "");
	assert_int_equal(p.from_s, at(2026, 1, 1, 0));
	assert_int_equal(p.to_s, at(2026, 1, 2, 0));
}

static void
other_names_are_refused(void **state)
{
	static const char *const t[] = {"", "2026", "2026-13", "2026-00",
	    "2026-1", "2026-001", "26-11", "2026/11", " 2026-1", "2026-+1",
	    "0000-01", "2026-11-01", "-026-11", "2026--1"};
	struct office *o = *state;
	struct period p;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		refused(o->w, ERR_INPUT,
		    period_named(&o->conf, t[i], &p, &o->w->err));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_AN_OFFICE(periods_run_from_day_to_day),
	    IN_AN_OFFICE(periods_follow_the_office_clock),
	    IN_AN_OFFICE(other_names_are_refused),
	};

	return cmocka_run_group_tests_name("report_period", tests, NULL, NULL);
}
