/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "follow/clue.h"
#include "follow_year.h"

static const struct deadline_class normal = {
    .id = "normal", .accept = {1, 0}, .feedback = {5, 0}, .conclude = {13, 0},
    .warn_before = {1, 0}};
static const struct deadline_class priority = {
    .id = "priority", .accept = {0, 240}, .feedback = {2, 0},
    .conclude = {10, 0}, .warn_before = {1, 0}};
static const struct deadline_class bare = {
    .id = "bare", .conclude = {1, 0}};

static const struct plan_row {
	const struct deadline_class *cls;
	const char *from;
	const char *due[3], *warn[3]; /* NULL = none */
} plan_rows[] = {
    {&normal, "2026-11-23 10:00",
        {"2026-11-24 17:30", "2026-11-30 17:30", "2026-12-10 17:30"},
        /* One day before a close is that close; mail goes next morning. */
        {"2026-11-24 08:30", "2026-11-30 08:30", "2026-12-10 08:30"}},
    /* Half-way when the reminder would lie before the dispatch. */
    {&normal, "2026-09-30 20:00",
        {"2026-10-08 17:30", "2026-10-13 17:30", "2026-10-23 17:30"},
        {"2026-10-08 14:00", "2026-10-13 08:30", "2026-10-23 08:30"}},
    {&priority, "2026-11-23 10:00",
        {"2026-11-23 16:00", "2026-11-25 17:30", "2026-12-07 17:30"},
        {"2026-11-23 14:00", "2026-11-25 08:30", "2026-12-07 08:30"}},
    {&priority, "2026-02-14 16:30",
        {"2026-02-24 11:30", "2026-02-25 17:30", "2026-03-06 17:30"},
        {"2026-02-24 09:30", "2026-02-25 08:30", "2026-03-06 08:30"}},
    {&bare, "2026-11-23 10:00",
        {NULL, NULL, "2026-11-24 17:30"},
        {NULL, NULL, "2026-11-24 17:30"}},
};

static void
assert_at(const struct year *y, int64_t got_s, const char *want)
{
	char got[20];

	if (want == NULL) {
		assert_int_equal(got_s, 0);
		return;
	}
	zone_format(y->zone, got_s, got);
	assert_string_equal(got, want);
}

static void
test_plan(void **state)
{
	struct deadline_plan p;
	struct year y;

	(void)state;
	year_make(&y, "Asia/Shanghai", HOURS_OFFICE);
	for (size_t i = 0; i < sizeof(plan_rows) / sizeof(plan_rows[0]); i++) {
		const struct plan_row *r = &plan_rows[i];

		deadline_plan(&y.cal, r->cls, year_at(&y, r->from), &p);
		for (int k = 0; k < DEADLINE_COUNT; k++) {
			assert_at(&y, p.due_s[k], r->due[k]);
			assert_at(&y, p.warn_s[k], r->warn[k]);
		}
	}
	year_done(&y);
}

static void
test_names(void **state)
{
	(void)state;
	assert_string_equal(deadline_name(DEADLINE_ACCEPT), "accept");
	assert_string_equal(deadline_name(DEADLINE_FEEDBACK), "feedback");
	assert_string_equal(deadline_name(DEADLINE_CONCLUDE), "conclude");
	assert_string_equal(deadline_title(DEADLINE_ACCEPT), "签收");
	assert_string_equal(deadline_title(DEADLINE_FEEDBACK), "反馈");
	assert_string_equal(deadline_title(DEADLINE_CONCLUDE), "办结");
	assert_string_equal(deadline_name(DEADLINE_COUNT), "unknown");
	assert_int_equal(deadline_by_name("conclude"), DEADLINE_CONCLUDE);
	assert_int_equal(deadline_by_name("Conclude"), -1);
}

static const struct later_row {
	const char *from;
	struct term term;
	const char *later;
} later_rows[] = {
    /* Inside working time the same time of day, a close for a close. */
    {"2026-11-23 16:00", {1, 0}, "2026-11-24 16:00"},
    {"2026-11-23 16:00", {5, 0}, "2026-11-30 16:00"},
    {"2026-11-23 08:30", {1, 0}, "2026-11-24 08:30"},
    {"2026-11-23 17:30", {1, 0}, "2026-11-24 17:30"},
    {"2026-11-23 12:00", {1, 0}, "2026-11-24 12:00"}, /* lunch */
    {"2026-11-23 20:00", {1, 0}, "2026-11-24 17:30"},
    {"2026-11-27 17:30", {1, 0}, "2026-11-30 17:30"},
    /* From a day off the days run as after the last worked one. */
    {"2026-11-28 10:00", {1, 0}, "2026-11-30 17:30"},
    /* Holidays, make-up days. */
    {"2026-09-30 17:30", {1, 0}, "2026-10-08 17:30"},
    {"2026-09-30 10:00", {3, 0}, "2026-10-10 10:00"},
    /* Days first, minutes on from there. */
    {"2026-11-23 16:00", {1, 120}, "2026-11-25 09:00"},
    {"2026-11-23 16:00", {0, 120}, "2026-11-24 09:00"},
    {"2026-11-23 16:00", {0, 0}, "2026-11-23 16:00"},
};

static void
test_later(void **state)
{
	static const struct term none = {3, 60};
	struct year y;

	(void)state;
	year_make(&y, "Asia/Shanghai", HOURS_OFFICE);
	for (size_t i = 0; i < sizeof(later_rows) / sizeof(later_rows[0]); i++)
		assert_at(&y, calendar_later(&y.cal,
		    year_at(&y, later_rows[i].from), &later_rows[i].term),
		    later_rows[i].later);
	year_done(&y);
	/* A close at midnight, an office of the night. */
	year_make(&y, "Asia/Shanghai", HOURS_NIGHT);
	assert_at(&y, calendar_later(&y.cal, year_at(&y, "2026-11-26 00:00"),
	    &(struct term){1, 0}), "2026-11-27 00:00");
	assert_at(&y, calendar_later(&y.cal, year_at(&y, "2026-11-26 23:00"),
	    &(struct term){1, 0}), "2026-11-27 23:00");
	year_done(&y);
	year_make(&y, "UTC", HOURS_NONE);
	assert_int_equal(calendar_later(&y.cal, 1000, &none),
	    1000 + 3 * 86400 + 3600);
	year_done(&y);
}

static void
test_may_extend(void **state)
{
	static const struct deadline_class cls = {
	    .extensions_most = 1, .extension_days = 10};
	static const struct {
		int64_t asked_s;
		uint32_t granted, days;
		enum extend_verdict verdict;
	} rows[] = {
	    {999, 0, 1, EXTEND_OK}, {0, 0, 10, EXTEND_OK},
	    {1000, 0, 1, EXTEND_LATE}, {2000, 0, 1, EXTEND_LATE},
	    {999, 1, 1, EXTEND_TOO_MANY}, {999, 0, 11, EXTEND_DAYS},
	    {999, 0, 0, EXTEND_DAYS},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(deadline_may_extend(&cls, 1000,
		    rows[i].asked_s, rows[i].granted, rows[i].days),
		    rows[i].verdict);
}

static void
test_extended(void **state)
{
	struct year y;

	(void)state;
	year_make(&y, "Asia/Shanghai", HOURS_OFFICE);
	assert_at(&y, deadline_extended(&y.cal,
	    year_at(&y, "2026-09-30 17:30"), 3), "2026-10-10 17:30");
	assert_at(&y, deadline_extended(&y.cal,
	    year_at(&y, "2026-11-23 16:00"), 1), "2026-11-24 16:00");
	year_done(&y);
}

static const struct pause_row {
	const char *due, *paused, *resumed, *end;
} pause_rows[] = {
    /* A close stays a close: a working day of pause, a part of one, none. */
    {"2026-11-27 17:30", "2026-11-23 10:00", "2026-11-24 10:00",
        "2026-11-30 17:30"},
    {"2026-11-27 17:30", "2026-11-23 10:00", "2026-11-23 11:00",
        "2026-11-30 17:30"},
    {"2026-11-30 17:30", "2026-11-27 18:00", "2026-11-30 08:00",
        "2026-11-30 17:30"},
    /* Over a holiday nothing is lost and nothing is won. */
    {"2026-10-09 17:30", "2026-09-30 17:30", "2026-10-08 08:30",
        "2026-10-09 17:30"},
    /* To the minute where the end is inside the day. */
    {"2026-11-23 16:00", "2026-11-23 15:00", "2026-11-23 15:20",
        "2026-11-23 16:20"},
    {"2026-11-23 16:00", "2026-11-23 15:00", "2026-11-24 15:00",
        "2026-11-24 16:00"},
    /* Past the end already: what was past stays past. */
    {"2026-11-23 16:00", "2026-11-24 09:00", "2026-11-25 09:00",
        "2026-11-24 16:00"},
    /* A clock that went back. */
    {"2026-11-23 16:00", "2026-11-23 15:00", "2026-11-23 14:00",
        "2026-11-23 16:00"},
};

static void
test_resumed(void **state)
{
	struct year y;

	(void)state;
	year_make(&y, "Asia/Shanghai", HOURS_OFFICE);
	for (size_t i = 0; i < sizeof(pause_rows) / sizeof(pause_rows[0]);
	     i++) {
		const struct pause_row *r = &pause_rows[i];

		assert_at(&y, deadline_resumed(&y.cal, year_at(&y, r->due),
		    year_at(&y, r->paused), year_at(&y, r->resumed)), r->end);
	}
	year_done(&y);
}

/* The old year knows no National Day and no make-up days. */
static const struct carried_row {
	const char *planned, *due, *new_planned, *end;
} carried_rows[] = {
    {"2026-09-30 17:30", "2026-09-30 17:30", "2026-10-08 17:30",
        "2026-10-08 17:30"},
    /* Extended by three days. */
    {"2026-09-28 17:30", "2026-10-01 17:30", "2026-09-28 17:30",
        "2026-10-08 17:30"},
    {"2026-09-28 16:00", "2026-10-01 16:00", "2026-09-28 16:00",
        "2026-10-08 16:00"},
    /* Paused for two hours; brought forward by one. */
    {"2026-09-30 17:00", "2026-10-01 10:00", "2026-09-30 17:00",
        "2026-10-08 10:00"},
    {"2026-10-01 09:00", "2026-09-30 17:00", "2026-10-08 09:00",
        "2026-09-30 17:00"},
    /* Set at night by hand: stays unless it must move. */
    {"2026-09-25 17:30", "2026-09-29 03:10", "2026-09-25 17:30",
        "2026-09-29 03:10"},
    {"2026-09-28 17:30", "2026-10-02 03:10", "2026-09-28 17:30",
        "2026-10-08 17:30"},
};

static void
test_carried(void **state)
{
	struct year y, old;

	(void)state;
	year_make(&y, "Asia/Shanghai", HOURS_OFFICE);
	year_make(&old, "Asia/Shanghai", HOURS_OFFICE);
	old.conf.n_days = 0;
	for (size_t i = 0; i < sizeof(carried_rows) / sizeof(carried_rows[0]);
	     i++) {
		const struct carried_row *r = &carried_rows[i];

		assert_at(&y, deadline_carried(&old.cal,
		    year_at(&y, r->planned), year_at(&y, r->due), &y.cal,
		    year_at(&y, r->new_planned)), r->end);
	}
	year_done(&y);
	year_done(&old);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_plan),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_later),
	    cmocka_unit_test(test_may_extend),
	    cmocka_unit_test(test_extended),
	    cmocka_unit_test(test_resumed),
	    cmocka_unit_test(test_carried),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
