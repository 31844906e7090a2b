/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "route/route.h"
#include "route_world.h"

static struct route *route;

static int
setup(void **state)
{
	struct err err;

	(void)state;
	return route_new(&world, &route, &err);
}

static int
teardown(void **state)
{
	(void)state;
	route_free(&route);
	return 0;
}

/* "zhao gao?" — who is accused, ? = not sure. */
static void
accused_as_text(const char *const *texts, size_t n, struct buf *out)
{
	struct arena *a ARENA_AUTO = arena_new();
	const struct route_accused *list;
	struct err err;
	size_t n_list;

	buf_adds(out, "");
	assert_int_equal(
	    route_accused(route, texts, n, a, &list, &n_list, &err), 0);
	for (size_t i = 0; i < n_list; i++) {
		assert_true(list[i].why[0] != '\0');
		buf_addf(out, "%s%s%s", i == 0 ? "" : " ",
		    persons[list[i].person].id, list[i].sure ? "" : "?");
	}
}

static void
test_accused(void **state)
{
	static const struct {
		const char *text, *accused;
	} cases[] = {
	    {"渣土车没有人管", ""},
	    /* names, however typed */
	    {"赵建国收钱", "zhao"},
	    {"趙 建 國收钱", "zhao"},
	    {"赵*建*国", "zhao"},
	    {"赵，建，国", "zhao"},
	    {"赵老三是头头", "zhao"},
	    {"赵建。国家", ""},
	    /* telephones */
	    {"打他电话13800000001就行", "zhao"},
	    {"电话 138-0000 0001", "zhao"},
	    {"+86 138 0000 0001", "zhao"},
	    {"一三八零零零零零零零一", "zhao"},
	    {"１３８０００００００１", "zhao"},
	    {"①③⑧00000001", "zhao"},
	    {"电话0518-00000012", "qian"},
	    {"电话 00000012", "qian"},
	    {"13800000002", ""},
	    /* roles */
	    {"渣土所副所长收钱", "zhao"},
	    {"渣土所所长收钱", "sun"},
	    {"渣土管理所的所长收钱", "sun"},
	    {"渣管所孙所长收钱", "sun"},
	    {"渣土所，派出所所长", ""},
	    {"渣土所的副所长", "zhao"},
	    {"区城管局局长", "boss"},
	    {"城管局的周局长", "boss"},
	    /* surname and title */
	    {"孙所长不管", "sun?"},
	    {"赵副所长不管", "zhao?"},
	    {"赵所长不管", "zhao?"},
	    {"渣土所不管，孙所长也不管", "sun"},
	    {"派出所李所长", ""},
	    /* leaders of a unit: never sure */
	    {"环卫所领导不作为", "gao?"},
	    {"环卫所不作为", ""},
	    {"环卫所的负责人", "gao?"},
	    {"渣土所主任收钱", "sun?"},
	    {"渣土所副主任收钱", ""},
	    {"渣土所科员收钱", ""},
	    /* a name that is a word */
	    {"早高峰堵车", "gao?"},
	    {"环卫所高峰", "gao"},
	    {"高峰所长", "gao?"},
	    {"环卫所所长高峰", "gao"},
	    /* hidden names */
	    {"渣土所赵某某收钱", "zhao?"},
	    {"渣土所的赵××", "zhao?"},
	    {"渣土所赵_国", "zhao?"},
	    {"渣土所赵XX", "zhao?"},
	    {"渣土所赵ｘ国", "zhao?"},
	    {"渣管所姓孙的", "sun?"},
	    {"赵某某收钱", ""},
	    {"渣土所中队长钱*明", "qian"},
	    {"钱队不管事，渣土所", "qian?"},
	    /* how letters begin */
	    {"尊敬的环卫所领导：您好！垃圾没人收。", ""},
	    {"尊敬的渣土所所长：您好", ""},
	    {"尊敬的领导：您好！渣土所所长收钱", "sun"},
	    {"赵建国和孙立", "zhao sun"},
	    /* names by their sound */
	    {"赵建郭收钱", "zhao?"},
	    {"赵健国收钱", "zhao?"},
	    {"照建国收钱", "zhao?"},
	    {"趙 健 國收钱", "zhao?"},
	    {"渣土所赵建郭收钱", "zhao"},
	    {"副所长赵健国收钱", "zhao"},
	    {"zhao jian guo 收钱", "zhao?"},
	    {"ZHAOJIANGUO收钱", "zhao?"},
	    {"赵jian国收钱", "zhao?"},
	    {"赵jg收钱", "zhao?"},
	    {"赵jgs收钱", ""},
	    {"曹建国收钱", ""},
	    {"照健郭收钱", ""},
	    {"赵建。郭家", ""},
	    {"早高风", ""},
	    {"孙利收钱", "sun?"},
	    {"渣土所的孙利收钱", "sun"},
	    {"孙15", ""},
	    /* a desk that people turn to */
	    {"扫黑办的领导你们好，我打过0518-00000099", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf b BUF_AUTO = BUF_INIT;

		accused_as_text(&cases[i].text, 1, &b);
		if (strcmp(buf_str(&b), cases[i].accused) != 0)
			fail_msg("%s: %s, not %s", cases[i].text, buf_str(&b),
			    cases[i].accused);
	}
}

/* Signs of several texts come together: subject and attachment's name. */
static void
test_accused_texts(void **state)
{
	const char *texts[] = {"环卫所的问题", "", "高峰.jpg"};
	struct buf b BUF_AUTO = BUF_INIT;

	(void)state;
	accused_as_text(texts, 3, &b);
	assert_string_equal(buf_str(&b), "gao");
}

static struct route_people
choose(struct arena *a, int domain, int area, const char *accused)
{
	struct route_decision d = {
	    .domain = domain, .area = area, .triage = domain == OTHER};
	struct route_accused list[N_PEOPLE];
	struct route_people p;
	struct err err;
	size_t n = 0;

	for (int i = 0; i < N_PEOPLE; i++) {
		const char *at = strstr(accused, persons[i].id);

		if (at == NULL)
			continue;
		list[n].person = i;
		list[n].sure = at[strlen(persons[i].id)] != '?';
		list[n++].why = "";
	}
	assert_int_equal(
	    route_people(route, &d, list, n, 20000, a, &p, &err), 0);
	assert_true(p.officer >= 0);
	assert_true(p.why[0] != '\0');
	return p;
}

static void
test_people(void **state)
{
	static const struct {
		int domain, area;
		const char *accused;
		int officer, deputy, leader;
		bool triage, discipline;
	} cases[] = {
	    {MUCK, -1, "", ZHAO, QIAN, SUN, false, false},
	    {MUCK, 1, "", ZHAO, QIAN, SUN, false, false},
	    {MUCK, 0, "", QIAN, -1, SUN, false, false},
	    {STALL, 2, "", GAO, -1, -1, false, false},
	    {OTHER, -1, "", DESK, -1, -1, true, false},
	    {UMBRELLA, 0, "", DISC, -1, -1, false, true},
	    /* anybody of the duty is accused */
	    {MUCK, -1, "zhao", DISC, -1, -1, false, true},
	    {MUCK, -1, "qian", DISC, -1, -1, false, true},
	    {MUCK, -1, "sun", DISC, -1, -1, false, true},
	    {MUCK, 0, "zhao", QIAN, -1, SUN, false, false},
	    /* perhaps */
	    {STALL, -1, "gao?", DESK, -1, -1, true, false},
	    {MUCK, -1, "zhao? sun", DISC, -1, -1, false, true},
	    /* discipline itself, and the office */
	    {UMBRELLA, -1, "disc", BOSS, -1, -1, false, true},
	    {UMBRELLA, -1, "disc? boss", DESK, -1, -1, false, true},
	    {UMBRELLA, -1, "disc? boss desk", BOARD, -1, -1, false, true},
	    {MUCK, -1, "zhao disc", BOSS, -1, -1, false, true},
	    {OTHER, -1, "desk", BOARD, -1, -1, true, false},
	    {OTHER, -1, "desk board", DISC, -1, -1, false, true},
	    {OTHER, -1, "desk? board disc", BOSS, -1, -1, false, true},
	    {STALL, -1, "gao? desk board", DISC, -1, -1, false, true},
	    /* nobody is left: the office, so that it is not lost */
	    {UMBRELLA, -1, "disc boss desk board", DESK, -1, -1, false, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct arena *a ARENA_AUTO = arena_new();
		struct route_people p =
		    choose(a, cases[i].domain, cases[i].area, cases[i].accused);

		assert_int_equal(p.officer, cases[i].officer);
		assert_int_equal(p.deputy, cases[i].deputy);
		assert_int_equal(p.leader, cases[i].leader);
		assert_int_equal(p.triage, cases[i].triage);
		assert_int_equal(p.to_discipline, cases[i].discipline);
	}
}

/* No subset of accused people ever brings a clue to one of them, as long as
 * anybody of discipline, bureau and office is left. */
static void
test_never_an_accused(void **state)
{
	(void)state;
	for (unsigned set = 0; set < 1u << N_PEOPLE; set++) {
		for (int domain = MUCK; domain <= OTHER; domain++) {
			struct arena *a ARENA_AUTO = arena_new();
			struct buf b BUF_AUTO = BUF_INIT;
			struct route_people p;

			buf_adds(&b, "");
			for (unsigned i = 0; i < N_PEOPLE; i++)
				if ((set >> i) & 1)
					buf_addf(&b, "%s%s ", persons[i].id,
					    i % 2 == 0 ? "?" : "");
			p = choose(a, domain, -1, buf_str(&b));
			if ((set >> DISC & 15) == 15)
				continue;
			assert_false((set >> p.officer) & 1);
			if (p.deputy >= 0)
				assert_false((set >> p.deputy) & 1);
			if (p.leader >= 0)
				assert_false((set >> p.leader) & 1);
		}
	}
}

static void
test_absence(void **state)
{
	static const struct {
		const char *absent;
		int32_t from, to;
		int officer, deputy;
		bool triage;
	} cases[] = {
	    {"zhao", 19990, 20000, QIAN, -1, false},
	    {"zhao", 20000, 0, QIAN, -1, false},
	    {"zhao", 20001, 20010, ZHAO, QIAN, false},
	    {"zhao", 19990, 19999, ZHAO, QIAN, false},
	    {"qian", 19990, 20010, ZHAO, -1, false},
	    {"zhao qian", 19990, 20010, SUN, -1, false},
	    {"zhao qian sun", 19990, 20010, DESK, -1, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct arena *a ARENA_AUTO = arena_new();
		struct route_decision d = {.domain = MUCK, .area = -1};
		struct person_conf list[N_PEOPLE];
		struct conf conf = world;
		struct route_people p;
		struct route *r;
		struct err err;

		memcpy(list, persons, sizeof(list));
		for (size_t k = 0; k < N_PEOPLE; k++)
			if (strstr(cases[i].absent, list[k].id) != NULL) {
				list[k].absent_from = cases[i].from;
				list[k].absent_to = cases[i].to;
			}
		conf.roster.persons = list;
		assert_int_equal(route_new(&conf, &r, &err), 0);
		assert_int_equal(
		    route_people(r, &d, NULL, 0, 20000, a, &p, &err), 0);
		assert_int_equal(p.officer, cases[i].officer);
		assert_int_equal(p.deputy, cases[i].deputy);
		assert_int_equal(p.triage, cases[i].triage);
		assert_false(p.to_discipline);
		route_free(&r);
	}
}

/* Long hostile texts are judged in one pass. */
static void
test_hostile(void **state)
{
	static const char *const bits[] = {
	    "渣土所", "赵某", "所长", "领导", "1380000000", "高峰", "尊敬的",
	    "赵健国", "赵jg"};

	(void)state;
	for (size_t k = 0; k < 9; k++) {
		struct buf text BUF_AUTO = BUF_INIT, b BUF_AUTO = BUF_INIT;
		const char *s;

		while (text.len < 300000) {
			buf_adds(&text, bits[k]);
			buf_adds(&text, bits[(k + 1) % 9]);
		}
		s = buf_str(&text);
		accused_as_text(&s, 1, &b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_accused),
	    cmocka_unit_test(test_accused_texts),
	    cmocka_unit_test(test_people),
	    cmocka_unit_test(test_never_an_accused),
	    cmocka_unit_test(test_absence),
	    cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
