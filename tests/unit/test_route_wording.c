/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "norm_world.h"
#include "route/normalise.h"
#include "route/route.h"
#include "route/wording.h"
#include "route_world.h"

static struct wording own;

static void
read_text(struct norm *n, const char *s)
{
	struct err err;

	norm_init(n);
	assert_int_equal(norm_add(table, n, s, strlen(s), 0, &err), 0);
}

static uint32_t
slot_of_last(const char *s)
{
	struct wording_slot slots[WORDING_READ];
	struct norm n;
	size_t count;

	read_text(&n, s);
	count = wording_read(&n, slots);
	norm_done(&n);
	return slots[count - 1].slot;
}

/* Runs of one and two characters, each once, by where they end. */
static void
test_runs(void **state)
{
	struct wording_slot slots[WORDING_READ];
	struct norm n;

	(void)state;
	read_text(&n, "甲乙丙");
	assert_int_equal(wording_read(&n, slots), 5);
	assert_int_equal(slots[0].to, 3);
	assert_int_equal(slots[4].to, 9);
	norm_done(&n);
	/* 甲 and 甲甲 */
	read_text(&n, "甲甲甲甲甲甲");
	assert_int_equal(wording_read(&n, slots), 2);
	norm_done(&n);
	read_text(&n, "");
	assert_int_equal(wording_read(&n, slots), 0);
	norm_done(&n);
}

/* What stands behind the first WORDING_CHARS characters does not count. */
static void
test_end(void **state)
{
	struct wording_slot slots[WORDING_READ];
	char *s = calloc(1, (WORDING_CHARS + 10) * 3 + 1);
	struct norm n;
	size_t most, n_slots;

	(void)state;
	assert_non_null(s);
	/* All different. */
	for (size_t i = 0; i < WORDING_CHARS + 10; i++) {
		char c[5];
		size_t len = utf8_put(0x5000 + (uint32_t)i * 7, c);

		memcpy(s + strlen(s), c, len);
	}
	read_text(&n, s);
	n_slots = wording_read(&n, slots);
	most = 0;
	for (size_t i = 0; i < n_slots; i++)
		most = slots[i].to > most ? slots[i].to : most;
	assert_true(n_slots <= WORDING_READ && n_slots > WORDING_CHARS);
	assert_true(most <= WORDING_CHARS * 4);
	norm_done(&n);
	free(s);
}

static struct wording_verdict
judge(const char *s)
{
	struct wording_verdict v;
	struct norm n;

	read_text(&n, s);
	wording_judge(&own, &n, &v);
	assert_true(v.from <= v.to && v.to <= n.len);
	assert_true(v.to - v.from <= MAX_FOUND_BYTES);
	assert_true(utf8_valid(n.text + v.from, v.to - v.from));
	norm_done(&n);
	return v;
}

static void
test_odds(void **state)
{
	struct wording_verdict v;

	(void)state;
	memset(&own, 0, sizeof(own));
	own.bias = 300;
	own.unit = 100;
	assert_int_equal(judge("甲").odds, 300);
	own.slots[slot_of_last("乙")] = 10;
	/* By the root of 1 + 32. */
	assert_int_equal(judge("乙").odds, 300 + 10 * 100 * 100 / 574);
	own.slots[slot_of_last("乙")] = 0;
	own.slots[slot_of_last("乙好")] = 10;
	/* 天, 气, LF, 乙 and 好, and the runs into each: nine slots. */
	v = judge("天气。乙好");
	assert_int_equal(v.odds, 300 + 10 * 100 * 100 / 640);
	/* The sentence with the word is the one to show. */
	assert_int_equal(v.from, 7);
	assert_int_equal(v.to, 13);
	/* The same word twice is no more. */
	assert_true(judge("天气。乙好。乙好").odds < v.odds);
	own.unit = 1000;
	own.slots[slot_of_last("乙好")] = 127;
	assert_int_equal(judge("乙好").odds, WORDING_MOST);
	own.slots[slot_of_last("乙好")] = -127;
	v = judge("天气。乙好。天气");
	assert_int_equal(v.odds, WORDING_LEAST);
	assert_int_equal(v.from, 7);
}

static const struct route_hit *
wordings_of(const struct route_decision *d)
{
	for (size_t i = 0; i < d->n_hits; i++)
		if (strcmp(d->hits[i].term, WORDING_LABEL) == 0)
			return &d->hits[i];
	return NULL;
}

/* A term of wording adds what the odds say, and takes only where something
 * speaks of its domain. */
static void
test_term(void **state)
{
	static const char *const words[] = {"红包"};
	static const struct term_conf terms[] = {
	    {.wording = true, .weight = 2000, .pattern = "", .file = "f"},
	    {.words = words, .n_words = 1,
		.pattern = "", .weight = 100, .file = "f", .line = 2},
	};
	struct domain_conf own_domains[MAX_DOMAINS];
	struct arena *a ARENA_AUTO = arena_new();
	struct route_decision d;
	struct conf conf = world;
	struct route *route;
	struct err err;

	(void)state;
	memcpy(own_domains, world.rules.domains,
	    world.rules.n_domains * sizeof(*own_domains));
	own_domains[UMBRELLA].terms = terms;
	own_domains[UMBRELLA].n_terms = 2;
	conf.rules.domains = own_domains;
	assert_int_equal(route_new(&conf, &route, &err), 0);
	assert_int_equal(route_decide(route, "",
			     "他们还没来，摊主的电话就响了，说是四点半到。"
			     "我问过那个打电话的人，他就住在队长家隔壁。",
			     a, &d, &err),
	    0);
	assert_true(d.scores[UMBRELLA] > 0);
	assert_true(d.scores[UMBRELLA] <= 2 * WORDING_MOST);
	assert_string_equal(wordings_of(&d)->term, WORDING_LABEL);
	assert_true(wordings_of(&d)->len > 0);
	assert_int_equal(route_decide(route, "建议",
			     "建议在小区门口增设垃圾分类投放点，方便居民投放，"
			     "请相关部门尽快安排，谢谢。",
			     a, &d, &err),
	    0);
	assert_null(wordings_of(&d));
	assert_int_equal(route_decide(route, "建议",
			     "建议在小区门口增设垃圾分类投放点，方便居民投放，"
			     "发红包也行，请相关部门尽快安排，谢谢。",
			     a, &d, &err),
	    0);
	assert_non_null(wordings_of(&d));
	assert_true(d.scores[UMBRELLA] < 0);
	route_free(&route);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_runs),
	    cmocka_unit_test(test_end),
	    cmocka_unit_test(test_odds),
	    cmocka_unit_test(test_term),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
