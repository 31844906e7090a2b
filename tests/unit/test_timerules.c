/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "core/timerules.h"
#include "follow/clue.h"
#include "follow_year.h"

static const struct deadline_class classes[] = {
    {.id = "normal", .accept = {1, 0}, .feedback = {5, 0},
        .conclude = {13, 0}, .warn_before = {0, 240},
        .ladder = {{{0, 0}, 0}, {{0, 0}, 1}, {{0, 0}, 1}, {{1, 0}, 3},
            {{5, 0}, 12}}},
    {.id = "priority", .accept = {0, 240}, .feedback = {2, 0},
        .conclude = {10, 0}, .warn_before = {0, 60}},
};

static void
make(struct year *y, struct conf *conf)
{
	year_make(y, "Asia/Shanghai", HOURS_FRIDAY);
	*conf = (struct conf){.zone = y->zone, .calendar = y->conf,
	    .classes = classes, .n_classes = 2};
}

/* What was read gives the same deadlines. */
static void
test_round(void **state)
{
	BUF_AUTO struct buf text = BUF_INIT;
	BUF_AUTO struct buf again = BUF_INIT;
	struct arena *a = arena_new();
	struct timerules r;
	struct conf conf;
	struct year y;

	(void)state;
	make(&y, &conf);
	timerules_put(&text, &conf);
	assert_int_equal(timerules_get(buf_str(&text), a, &r), 0);
	const struct calendar cal = {&r.calendar, r.zone};

	assert_int_equal(r.n_classes, 2);
	for (int i = 0; i < 500; i++) {
		int64_t from_s = year_at(&y, "2026-01-05 09:00") + i * 57600;
		struct deadline_plan p, q;

		deadline_plan(&y.cal, &classes[i % 2], from_s, &p);
		deadline_plan(&cal, &r.classes[i % 2], from_s, &q);
		assert_memory_equal(&p, &q, sizeof(p));
	}
	conf.zone = r.zone;
	conf.calendar = r.calendar;
	conf.classes = r.classes;
	timerules_put(&again, &conf);
	assert_string_equal(buf_str(&text), buf_str(&again));
	timerules_done(&r);
	year_done(&y);
	arena_free(&a);
}

static void
test_differ(void **state)
{
	BUF_AUTO struct buf old = BUF_INIT;
	struct deadline_class other[2] = {classes[0], classes[1]};
	struct conf conf;
	struct year y;

	(void)state;
	make(&y, &conf);
	timerules_put(&old, &conf);
	year_done(&y);
	for (int i = 0; i < 8; i++) {
		BUF_AUTO struct buf text = BUF_INIT;
		BUF_AUTO struct buf what = BUF_INIT;
		static const char *const want[] = {"", "上班时间",
		    "节假日和调休", "上班时间、节假日和调休",
		    "期限和督办规则", "上班时间、期限和督办规则",
		    "节假日和调休、期限和督办规则",
		    "上班时间、节假日和调休、期限和督办规则"};

		make(&y, &conf);
		if ((i & 1) != 0)
			conf.calendar.week[5].spans[0].to_min--;
		if ((i & 2) != 0)
			conf.calendar.n_days--;
		if ((i & 4) != 0) {
			other[1].ladder[4].after.working_days = 6;
			conf.classes = other;
		}
		timerules_put(&text, &conf);
		timerules_differ(buf_str(&old), buf_str(&text), &what);
		assert_string_equal(buf_str(&what), want[i]);
		year_done(&y);
	}
}

/* Every text that is cut, longer or has one digit changed is refused or
 * harmless. */
static void
test_damage(void **state)
{
	BUF_AUTO struct buf text = BUF_INIT;
	struct arena *a = arena_new();
	struct timerules r;
	struct conf conf;
	struct year y;
	char *s;

	(void)state;
	make(&y, &conf);
	timerules_put(&text, &conf);
	s = arena_memdup(a, text.data, text.len);
	for (size_t i = 0; i < text.len; i++) {
		char was = s[i];

		s[i] = '\0';
		assert_int_equal(timerules_get(s, a, &r), -1);
		s[i] = was == '7' ? 'f' : '7';
		if (timerules_get(s, a, &r) == 0)
			timerules_done(&r);
		s[i] = was;
	}
	assert_int_equal(timerules_get(arena_printf(a, "%s00", s), a, &r), -1);
	assert_int_equal(timerules_get(arena_printf(a, "%s x", s), a, &r), -1);
	assert_int_equal(timerules_get("", a, &r), -1);
	year_done(&y);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_round),
	    cmocka_unit_test(test_differ),
	    cmocka_unit_test(test_damage),
	};

	return cmocka_run_group_tests_name("timerules", tests, NULL, NULL);
}
