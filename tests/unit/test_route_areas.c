/* SPDX-License-Identifier: ISC */
/* The shipped areas.conf: complete, and every name in it leads home. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "conf_world.h"
#include "route/route.h"

static struct conf_world w;
static struct route *route;

static int
setup(void **state)
{
	struct err err;

	(void)state;
	w.rc = conf_load("etc/clued.conf", &w.conf, &w.mistakes);
	world_print(&w);
	return w.rc != 0 ? -1 : route_new(w.conf, &route, &err);
}

static int
teardown(void **state)
{
	(void)state;
	route_free(&route);
	conf_mistakes_done(&w.mistakes);
	conf_free(&w.conf);
	return 0;
}

static bool
ends(const char *s, const char *tail)
{
	size_t n = strlen(s), k = strlen(tail);

	return n > k && strcmp(s + n - k, tail) == 0;
}

static int
area_of(const char *text, struct buf *found)
{
	struct arena *a ARENA_AUTO = arena_new();
	struct route_decision d;
	struct err err;

	assert_int_equal(route_decide(route, "", text, a, &d, &err), 0);
	buf_adds(found, d.area_found);
	return d.area;
}

/* As a citizen would write it: in the middle of a sentence. */
static void
assert_leads_home(size_t area, const char *name)
{
	struct buf text BUF_AUTO = BUF_INIT, found BUF_AUTO = BUF_INIT;
	int at;

	buf_addf(&text, "我家住在%s这边，夜里吵得睡不着。", name);
	at = area_of(buf_str(&text), &found);
	if (at != (int)area || strcmp(buf_str(&found), name) != 0)
		fail_msg("%s is taken for %s (“%s”)", name,
		    at < 0 ? "nothing" : w.conf->areas[at].name,
		    buf_str(&found));
}

static void
test_every_name_leads_home(void **state)
{
	(void)state;
	for (size_t i = 0; i < w.conf->n_areas; i++) {
		const struct area_conf *area = &w.conf->areas[i];

		assert_leads_home(i, area->name);
		for (size_t k = 0; k < area->n_aliases; k++)
			assert_leads_home(i, area->aliases[k]);
	}
}

/* The district's thirteen, with all communities and villages under them. */
static void
test_complete(void **state)
{
	static const char *const kinds[] = {"街道", "乡", "农场", "碱厂",
	    "开发区"};
	size_t of_kind[5] = {0}, places = 0;

	(void)state;
	assert_int_equal(w.conf->n_areas, 13);
	for (size_t i = 0; i < w.conf->n_areas; i++) {
		const struct area_conf *area = &w.conf->areas[i];

		for (size_t k = 0; k < 5; k++)
			of_kind[k] += ends(area->name, kinds[k]);
		for (size_t k = 0; k < area->n_aliases; k++) {
			const char *name = area->aliases[k];

			assert_true(utf8_count(name, strlen(name)) >= 2);
			assert_null(strpbrk(name, " \t\n"));
			places += ends(name, "社区") || ends(name, "村") ||
				  ends(name, "管理区");
		}
	}
	assert_int_equal(of_kind[0], 9);
	assert_int_equal(of_kind[1], 1);
	assert_int_equal(places, 74);
}

/* A community is called by its committee as well. */
static void
test_committees(void **state)
{
	(void)state;
	for (size_t i = 0; i < w.conf->n_areas; i++)
		for (size_t k = 0; k < w.conf->areas[i].n_aliases; k++) {
			const char *name = w.conf->areas[i].aliases[k];
			struct buf other BUF_AUTO = BUF_INIT;

			if (!ends(name, "社区"))
				continue;
			buf_add(&other, name, strlen(name) - strlen("社区"));
			buf_adds(&other, "居委会");
			assert_leads_home(i, buf_str(&other));
		}
}

/* What is larger than an area, or elsewhere, is none. */
static void
test_false_friends(void **state)
{
	static const char *const none[] = {"连云港市渣土车太多",
	    "连云区城管局的领导", "海州区路灯不亮", "东海县的亲戚",
	    "赣榆区", "云台山景区", "江苏省连云港市连云区"};

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++) {
		struct buf found BUF_AUTO = BUF_INIT;

		if (area_of(none[i], &found) >= 0)
			fail_msg("%s: “%s”", none[i], buf_str(&found));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_name_leads_home),
	    cmocka_unit_test(test_complete),
	    cmocka_unit_test(test_committees),
	    cmocka_unit_test(test_false_friends),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
