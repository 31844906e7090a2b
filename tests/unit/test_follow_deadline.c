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
	assert_string_equal(urge_name(URGE_NONE), "none");
	assert_string_equal(urge_name(URGE_WARN), "reminder");
	assert_string_equal(urge_name(URGE_EXPIRED), "expired");
	assert_string_equal(urge_name(URGE_STEP_COUNT), "unknown");
}

#define SENT_WARN (1U << URGE_WARN)
#define SENT_EXPIRED (1U << URGE_EXPIRED)

/* Warn at 08:30, due at 17:30 of 2026-11-24, or as the row says. */
static const struct urge_row {
	const char *warn, *due, *now;
	uint32_t sent;
	enum urge_step step;
	const char *next; /* NULL = never */
} urge_rows[] = {
#define DAY "2026-11-24 08:30", "2026-11-24 17:30"
    {DAY, "2026-11-23 10:00", 0, URGE_NONE, "2026-11-24 08:30"},
    {DAY, "2026-11-24 08:29", 0, URGE_NONE, "2026-11-24 08:30"},
    {DAY, "2026-11-24 08:30", 0, URGE_WARN, "2026-11-25 08:30"},
    {DAY, "2026-11-24 08:31", SENT_WARN, URGE_NONE, "2026-11-25 08:30"},
    {DAY, "2026-11-24 13:00", 0, URGE_NONE, "2026-11-24 14:00"}, /* lunch */
    {DAY, "2026-11-24 17:29", 0, URGE_WARN, "2026-11-25 08:30"},
    /* At the close the office is gone; the morning after. */
    {DAY, "2026-11-24 17:30", SENT_WARN, URGE_NONE, "2026-11-25 08:30"},
    {DAY, "2026-11-25 08:30", SENT_WARN, URGE_EXPIRED, NULL},
    {DAY, "2026-11-25 08:31", SENT_WARN | SENT_EXPIRED, URGE_NONE, NULL},
    /* After an outage only the highest step. */
    {DAY, "2026-11-26 09:00", 0, URGE_EXPIRED, NULL},
    {DAY, "2026-11-26 09:01", SENT_EXPIRED, URGE_NONE, NULL},
    {DAY, "2026-11-28 09:00", 0, URGE_NONE, "2026-11-30 08:30"},
    /* Due inside working hours: at once. */
    {"2026-11-24 09:00", "2026-11-24 11:00", "2026-11-24 11:00", SENT_WARN,
        URGE_EXPIRED, NULL},
    {"2026-11-24 09:00", "2026-11-24 11:00", "2026-11-24 10:59", SENT_WARN,
        URGE_NONE, "2026-11-24 11:00"},
    /* No reminder: warn = due, or 0. */
    {"2026-11-24 11:00", "2026-11-24 11:00", "2026-11-24 10:00", 0,
        URGE_NONE, "2026-11-24 11:00"},
    {NULL, "2026-11-24 11:00", "2026-11-24 10:00", 0, URGE_NONE,
        "2026-11-24 11:00"},
    /* No deadline. */
    {NULL, NULL, "2026-11-24 10:00", 0, URGE_NONE, NULL},
    /* Higher steps of a later version cover these. */
    {DAY, "2026-11-26 09:00", 1U << 3, URGE_NONE, NULL},
};

static void
test_urge(void **state)
{
	struct year y;
	int64_t next_s;

	(void)state;
	year_make(&y, "Asia/Shanghai", HOURS_OFFICE);
	for (size_t i = 0; i < sizeof(urge_rows) / sizeof(urge_rows[0]); i++) {
		const struct urge_row *r = &urge_rows[i];
		enum urge_step step;

		step = urge_due(&y.cal,
		    r->warn != NULL ? year_at(&y, r->warn) : 0,
		    r->due != NULL ? year_at(&y, r->due) : 0, r->sent,
		    year_at(&y, r->now), &next_s);
		assert_int_equal(step, r->step);
		assert_at(&y, next_s, r->next);
	}
	year_done(&y);
}

/* Asked only when it says so, a deadline gets each step once, in hours. */
static void
test_urge_walk(void **state)
{
	struct deadline_plan p;
	struct year y;

	(void)state;
	year_make(&y, "Asia/Shanghai", HOURS_OFFICE);
	for (int h = 0; h < 24 * 60; h++) {
		int64_t now_s = year_at(&y, "2026-09-20 00:00") + h * 3600;
		uint32_t sent = 0;
		int asked = 0;

		deadline_plan(&y.cal, h % 2 != 0 ? &priority : &normal, now_s,
		    &p);
		while (now_s != 0) {
			int64_t next_s;
			enum urge_step s = urge_due(&y.cal, p.warn_s[h % 3],
			    p.due_s[h % 3], sent, now_s, &next_s);

			if (s != URGE_NONE) {
				assert_true(calendar_in_hours(&y.cal, now_s));
				assert_int_equal((sent >> s) & 1, 0);
				sent |= 1U << s;
			}
			assert_true(next_s == 0 || next_s > now_s);
			assert_true(asked++ < 5);
			now_s = next_s;
		}
		assert_int_equal(sent, SENT_WARN | SENT_EXPIRED);
	}
	year_done(&y);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_plan),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_urge),
	    cmocka_unit_test(test_urge_walk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
