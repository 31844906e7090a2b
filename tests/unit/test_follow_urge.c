/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "follow/clue.h"
#include "follow_year.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))
#define SENT(step) (1U << (step))
#define LADDER \
	{ \
		{{0, 0}, 0}, {{0, 0}, LADDER_OFFICER}, \
		{{0, 0}, LADDER_OFFICER}, {{1, 0}, LADDER_OFFICER}, \
		{{5, 0}, LADDER_OFFICE}, \
	}

static const struct deadline_class normal = {.id = "normal",
    .accept = {1, 0}, .feedback = {5, 0}, .conclude = {13, 0},
    .warn_before = {0, 240}, .ladder = LADDER};
static const struct deadline_class priority = {.id = "priority",
    .accept = {0, 240}, .feedback = {2, 0}, .conclude = {10, 0},
    .warn_before = {0, 60}, .ladder = LADDER};

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

static int64_t
at_or_0(const struct year *y, const char *when)
{
	return when != NULL ? year_at(y, when) : 0;
}

static void
test_names(void **state)
{
	static const char *const names[] = {
	    "none", "reminder", "expired", "urging", "criticism"};

	(void)state;
	for (int s = URGE_NONE; s < URGE_STEP_COUNT; s++) {
		assert_string_equal(urge_name((enum urge_step)s), names[s]);
		assert_int_equal(
		    urge_by_name(names[s]), s == URGE_NONE ? -1 : s);
	}
	assert_string_equal(urge_name(URGE_STEP_COUNT), "unknown");
	assert_string_equal(urge_title(URGE_CRITICISM), "通报");
	assert_string_equal(urge_title(URGE_STEP_COUNT), "未知");
	assert_int_equal(urge_by_name("notice"), -1);
}

static const struct plan_row {
	const char *warn, *due;
	const char *at[URGE_STEP_COUNT]; /* from URGE_WARN on */
} plan_rows[] = {
    /* An end at the close is told of the morning after. */
    {"2026-11-24 11:30", "2026-11-24 17:30",
        {NULL, "2026-11-24 11:30", "2026-11-25 08:30", "2026-11-26 08:30",
            "2026-12-02 08:30"}},
    /* One inside the day at once, the notice the next working day. */
    {"2026-11-24 15:00", "2026-11-24 16:00",
        {NULL, "2026-11-24 15:00", "2026-11-24 16:00", "2026-11-25 16:00",
            "2026-12-01 16:00"}},
    /* Friday; over the National Day with its make-up day. */
    {"2026-11-27 11:30", "2026-11-27 17:30",
        {NULL, "2026-11-27 11:30", "2026-11-30 08:30", "2026-12-01 08:30",
            "2026-12-07 08:30"}},
    {"2026-09-30 11:30", "2026-09-30 17:30",
        {NULL, "2026-09-30 11:30", "2026-10-08 08:30", "2026-10-09 08:30",
            "2026-10-14 08:30"}},
    /* No reminder; no deadline. */
    {"2026-11-24 16:00", "2026-11-24 16:00",
        {NULL, NULL, "2026-11-24 16:00", "2026-11-25 16:00",
            "2026-12-01 16:00"}},
    {NULL, NULL, {NULL, NULL, NULL, NULL, NULL}},
};

static void
test_plan(void **state)
{
	struct urge_plan plan;
	struct year y;

	(void)state;
	year_make(&y, "Asia/Shanghai", HOURS_OFFICE);
	for (size_t i = 0; i < N(plan_rows); i++) {
		const struct plan_row *r = &plan_rows[i];

		urge_plan(&y.cal, &normal, at_or_0(&y, r->warn),
		    at_or_0(&y, r->due), &plan);
		for (int s = URGE_NONE; s < URGE_STEP_COUNT; s++)
			assert_at(&y, plan.at_s[s], r->at[s]);
	}
	year_done(&y);
}

/* A step that goes to nobody is not there. */
static void
test_left_out(void **state)
{
	struct deadline_class cls = normal;
	struct urge_plan plan;
	struct year y;
	int64_t next_s;

	(void)state;
	year_make(&y, "Asia/Shanghai", HOURS_OFFICE);
	cls.ladder[URGE_WARN].to = cls.ladder[URGE_URGING].to = 0;
	urge_plan(&y.cal, &cls, year_at(&y, "2026-11-24 11:30"),
	    year_at(&y, "2026-11-24 17:30"), &plan);
	assert_at(&y, plan.at_s[URGE_WARN], NULL);
	assert_at(&y, plan.at_s[URGE_URGING], NULL);
	assert_int_equal(urge_due(&y.cal, &plan, 0,
	    year_at(&y, "2026-11-26 09:00"), &next_s), URGE_EXPIRED);
	assert_at(&y, next_s, "2026-12-02 08:30");
	year_done(&y);
}

/* Reminder 11:30, end 17:30 of 2026-11-24, a Tuesday: expired on Wednesday,
 * urging on Thursday morning, criticism on Wednesday of the next week. */
static const struct urge_row {
	const char *now;
	uint32_t sent;
	enum urge_step step;
	const char *next; /* NULL = never */
} urge_rows[] = {
    {"2026-11-23 10:00", 0, URGE_NONE, "2026-11-24 11:30"},
    {"2026-11-24 11:29", 0, URGE_NONE, "2026-11-24 11:30"},
    {"2026-11-24 11:30", 0, URGE_WARN, "2026-11-25 08:30"},
    {"2026-11-24 11:31", SENT(URGE_WARN), URGE_NONE, "2026-11-25 08:30"},
    {"2026-11-24 13:00", 0, URGE_NONE, "2026-11-24 14:00"}, /* lunch */
    {"2026-11-24 17:29", 0, URGE_WARN, "2026-11-25 08:30"},
    /* At the close the office is gone; the reminder is then too late. */
    {"2026-11-24 17:30", 0, URGE_NONE, "2026-11-25 08:30"},
    {"2026-11-25 08:30", 0, URGE_EXPIRED, "2026-11-26 08:30"},
    {"2026-11-25 08:30", SENT(URGE_WARN), URGE_EXPIRED, "2026-11-26 08:30"},
    {"2026-11-26 08:29", SENT(URGE_EXPIRED), URGE_NONE, "2026-11-26 08:30"},
    {"2026-11-26 08:30", SENT(URGE_EXPIRED), URGE_URGING,
        "2026-12-02 08:30"},
    {"2026-12-02 08:30", SENT(URGE_URGING), URGE_CRITICISM, NULL},
    {"2026-12-02 08:31", SENT(URGE_CRITICISM), URGE_NONE, NULL},
    /* After an outage only the highest step, and none of those below. */
    {"2026-11-26 09:00", 0, URGE_URGING, "2026-12-02 08:30"},
    {"2026-11-26 09:01", SENT(URGE_URGING), URGE_NONE, "2026-12-02 08:30"},
    {"2027-03-02 10:00", 0, URGE_CRITICISM, NULL},
    {"2027-03-02 10:00", SENT(URGE_WARN), URGE_CRITICISM, NULL},
    /* ... and not at the weekend. */
    {"2026-11-28 09:00", 0, URGE_NONE, "2026-11-30 08:30"},
    /* The clock was set back: nothing is repeated. */
    {"2026-11-23 10:00", SENT(URGE_URGING), URGE_NONE, "2026-12-02 08:30"},
    /* Steps of a later version cover ours. */
    {"2026-11-26 09:00", 1U << 9, URGE_NONE, NULL},
    {"2026-11-26 09:00", 1U << 31, URGE_NONE, NULL},
};

static void
test_due(void **state)
{
	struct urge_plan plan;
	int64_t next_s;
	struct year y;

	(void)state;
	year_make(&y, "Asia/Shanghai", HOURS_OFFICE);
	urge_plan(&y.cal, &normal, year_at(&y, "2026-11-24 11:30"),
	    year_at(&y, "2026-11-24 17:30"), &plan);
	for (size_t i = 0; i < N(urge_rows); i++) {
		const struct urge_row *r = &urge_rows[i];

		assert_int_equal(urge_due(&y.cal, &plan, r->sent,
		    year_at(&y, r->now), &next_s), r->step);
		assert_at(&y, next_s, r->next);
	}
	memset(&plan, 0, sizeof(plan));
	assert_int_equal(urge_due(&y.cal, &plan, 0,
	    year_at(&y, "2026-11-24 10:00"), &next_s), URGE_NONE);
	assert_int_equal(next_s, 0);
	year_done(&y);
}

/* The same deadline at the moment of sending. */
static const struct send_row {
	const char *now;
	uint32_t sent;
	enum urge_step step;
	const char *at; /* NULL = never */
} send_rows[] = {
    {"2026-11-25 08:30", SENT(URGE_EXPIRED), URGE_EXPIRED,
        "2026-11-25 08:30"},
    {"2026-11-25 17:30", SENT(URGE_EXPIRED), URGE_EXPIRED,
        "2026-11-26 08:30"},
    {"2026-11-25 12:30", SENT(URGE_EXPIRED), URGE_EXPIRED,
        "2026-11-25 14:00"},
    /* A higher step was decided while the letter waited. */
    {"2026-11-26 08:30", SENT(URGE_URGING), URGE_EXPIRED, NULL},
    /* The end moved away under it, and took the mark along. */
    {"2026-11-24 16:00", SENT(URGE_WARN), URGE_EXPIRED, NULL},
    {"2026-11-24 16:00", 0, URGE_EXPIRED, NULL},
    /* The clock was put back. */
    {"2026-11-24 16:00", SENT(URGE_EXPIRED), URGE_EXPIRED,
        "2026-11-25 08:30"},
};

static void
test_send_at(void **state)
{
	struct urge_plan plan;
	struct year y;

	(void)state;
	year_make(&y, "Asia/Shanghai", HOURS_OFFICE);
	urge_plan(&y.cal, &normal, year_at(&y, "2026-11-24 11:30"),
	    year_at(&y, "2026-11-24 17:30"), &plan);
	for (size_t i = 0; i < N(send_rows); i++)
		assert_at(&y, urge_send_at(&y.cal, &plan, send_rows[i].sent,
		    send_rows[i].step, year_at(&y, send_rows[i].now)),
		    send_rows[i].at);
	plan.at_s[URGE_EXPIRED] = 0; /* the step was taken off the ladder */
	assert_at(&y, urge_send_at(&y.cal, &plan, SENT(URGE_EXPIRED),
	    URGE_EXPIRED, year_at(&y, "2026-11-25 09:00")), NULL);
	year_done(&y);
}

static void
test_keep(void **state)
{
	const struct urge_plan plan = {{0, 100, 200, 300, 400}};
	const uint32_t all = SENT(1) | SENT(2) | SENT(3) | SENT(4);

	(void)state;
	assert_int_equal(urge_keep(&plan, all, 50), 0);
	assert_int_equal(urge_keep(&plan, all, 100), SENT(1));
	assert_int_equal(urge_keep(&plan, all, 399), all & ~SENT(4));
	assert_int_equal(urge_keep(&plan, all, 400), all);
	assert_int_equal(urge_keep(&plan, SENT(1), 400), SENT(1));
	assert_int_equal(urge_mark(SENT(1), URGE_URGING), SENT(1) | SENT(3));
}

/* One deadline's life under outages, clocks set back and its end. */
struct life {
	struct year *y;
	struct urge_plan plan;
	uint32_t sent;
	int decided[URGE_STEP_COUNT];
	bool outages;
};

static unsigned
chance(unsigned *seed, unsigned below)
{
	*seed = *seed * 1103515245 + 12345;
	return (*seed >> 16) % below;
}

static void
live(struct life *l, int64_t now_s, int64_t met_s, unsigned *seed)
{
	int asked = 0, last = URGE_NONE;
	int64_t next_s;

	while (now_s != 0 && now_s < met_s) {
		int64_t real_s = now_s;
		enum urge_step s;

		if (l->outages && chance(seed, 4) == 0)
			real_s += chance(seed, 20) * 43200;
		if (l->outages && chance(seed, 8) == 0)
			real_s -= chance(seed, 20) * 3600;
		if (real_s >= met_s)
			return;
		s = urge_due(&l->y->cal, &l->plan, l->sent, real_s, &next_s);
		if (s != URGE_NONE) {
			assert_true(calendar_in_hours(&l->y->cal, real_s));
			assert_true(real_s >= l->plan.at_s[s]);
			assert_true((int)s > last);
			for (int h = (int)s + 1; h < URGE_STEP_COUNT; h++)
				assert_true(l->plan.at_s[h] > real_s);
			if (!l->outages)
				assert_true(real_s == l->plan.at_s[s]);
			l->sent = urge_mark(l->sent, s);
			l->decided[s]++;
			last = s;
		}
		assert_true(next_s == 0 || next_s > real_s);
		assert_true(asked++ < 40);
		now_s = next_s;
	}
}

static void
test_lives(void **state)
{
	struct deadline_plan p;
	struct year y;
	unsigned seed = 20261010;

	(void)state;
	year_make(&y, "Asia/Shanghai", HOURS_OFFICE);
	for (int i = 0; i < 5000; i++) {
		int64_t now_s = year_at(&y, "2026-01-05 00:00") +
		    chance(&seed, 330) * 86400 + chance(&seed, 1440) * 60;
		const struct deadline_class *cls =
		    chance(&seed, 2) != 0 ? &priority : &normal;
		int k = (int)chance(&seed, 3);
		bool met = chance(&seed, 3) == 0;
		struct life l = {.y = &y, .outages = i % 2 != 0};

		deadline_plan(&y.cal, cls, now_s, &p);
		urge_plan(&y.cal, cls, p.warn_s[k], p.due_s[k], &l.plan);
		live(&l, now_s,
		    met ? now_s + chance(&seed, 40) * 43200 : INT64_MAX,
		    &seed);
		for (int s = URGE_WARN; s < URGE_STEP_COUNT; s++) {
			assert_true(l.decided[s] <= 1);
			if (!met && !l.outages)
				assert_int_equal(l.decided[s], 1);
		}
		if (!met)
			assert_int_equal(l.decided[URGE_CRITICISM], 1);
	}
	year_done(&y);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_plan),
	    cmocka_unit_test(test_left_out),
	    cmocka_unit_test(test_due),
	    cmocka_unit_test(test_send_at),
	    cmocka_unit_test(test_keep),
	    cmocka_unit_test(test_lives),
	};

	return cmocka_run_group_tests_name("follow_urge", tests, NULL, NULL);
}
