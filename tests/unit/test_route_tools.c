/* SPDX-License-Identifier: ISC */
/* What stands late counts for less; a word in passing does not override; what
 * a rule file says in vain; words that would repair it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "route/lint.h"
#include "route/route.h"
#include "route/suggest.h"
#include "route_world.h"

static struct arena *arena;

static int
setup(void **state)
{
	(void)state;
	arena = arena_new();
	return arena == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct route *
compile(const struct conf *conf)
{
	struct route *route = NULL;
	struct err err = {0};

	if (route_new(conf, &route, &err) != 0)
		fail_msg("%s", err.what);
	return route;
}

static struct route_decision
decide(const struct route *route, const char *subject, const char *text)
{
	struct route_decision d;
	struct err err;

	assert_int_equal(
	    route_decide(route, subject, text, arena, &d, &err), 0);
	return d;
}

/* -- late ----------------------------------------------------------------- */

static const struct late_conf steps[] = {{4, 700}, {8, 400}};

static void
test_late_steps(void **state)
{
	/* Characters in front of 渣土 → what it gives. */
	static const struct {
		const char *text;
		int32_t score;
	} list[] = {{"渣土", 1000}, {"甲乙丙渣土", 1000}, {"甲乙丙丁渣土", 700},
	    {"甲乙丙丁戊己庚渣土", 700}, {"甲乙丙丁戊己庚辛渣土", 400},
	    {"甲 乙 *丙渣土", 1000}, {"甲乙丙　丁渣土", 700}};
	struct conf conf = world;
	struct route *route;

	(void)state;
	conf.rules.late = steps;
	conf.rules.n_late = 2;
	route = compile(&conf);
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++) {
		struct route_decision d = decide(route, "", list[i].text);

		assert_int_equal(d.scores[MUCK], list[i].score);
		/* The subject does not push the text back. */
		d = decide(route, "关于某件事情的长长的主题", list[i].text);
		assert_int_equal(d.scores[MUCK], list[i].score);
	}
	assert_int_equal(
	    decide(route, "甲乙丙丁戊己庚辛壬癸渣土", "").scores[MUCK], 1500);
	route_free(&route);
}

static void
test_late_first_place_counts(void **state)
{
	struct conf conf = world;
	struct route *route;

	(void)state;
	conf.rules.late = steps;
	conf.rules.n_late = 2;
	route = compile(&conf);
	assert_int_equal(
	    decide(route, "", "渣土甲乙丙丁渣土").scores[MUCK], 1000);
	assert_int_equal(decide(route, "", "摆摊，甲乙，摆摊").scores[STALL],
	    500 + 300 + 350);
	route_free(&route);
}

/* -- overriding --------------------------------------------------------------
 */

static void
test_override_share(void **state)
{
	struct conf conf = world;
	struct route *route = compile(&conf);
	const char *passing =
	    "占道经营，渣土车，强行倾倒渣土，工地殴打，保护伞";

	(void)state;
	assert_int_equal(decide(route, "", passing).domain, UMBRELLA);
	route_free(&route);
	conf.rules.override_share = 300;
	route = compile(&conf);
	assert_int_equal(decide(route, "", passing).domain, MUCK);
	assert_int_equal(decide(route, "", passing).runner_up, STALL);
	assert_int_equal(
	    decide(route, "", "渣土车的保护伞通风报信").domain, UMBRELLA);
	route_free(&route);
	conf.rules.override_other = 700;
	route = compile(&conf);
	assert_int_equal(decide(route, "", "保护伞，路灯不亮").domain, OTHER);
	assert_int_equal(
	    decide(route, "", "保护伞通风报信，路灯不亮").domain, UMBRELLA);
	route_free(&route);
}

/* From override_from on only; and discipline's before the higher score. */
static void
test_override_from(void **state)
{
	struct domain_conf list[4];
	struct conf conf = world;
	struct route *route;
	const char *stall = "占道经营，渣土车，强行倾倒渣土";

	(void)state;
	assert_int_equal(conf.rules.n_domains, 4);
	memcpy(list, conf.rules.domains, sizeof(list));
	conf.rules.domains = list;
	list[STALL].overriding = true;
	list[UMBRELLA].discipline = true;
	route = compile(&conf);
	assert_int_equal(decide(route, "", stall).domain, STALL);
	assert_int_equal(
	    decide(route, "", "占道经营，保护伞").domain, UMBRELLA);
	route_free(&route);
	list[STALL].override_from = 3001;
	route = compile(&conf);
	assert_int_equal(decide(route, "", stall).domain, MUCK);
	assert_int_equal(
	    decide(route, "", "占道经营，摆摊，渣土车").domain, STALL);
	assert_int_equal(decide(route, "", "占道经营").domain, STALL);
	route_free(&route);
}

static void
test_rechoose_is_the_same(void **state)
{
	static const char *const texts[] = {"", "渣土", "渣土车，占道经营",
	    "占道经营", "保护伞", "路灯不亮", "招聘渣土车"};
	struct route *route = compile(&world);

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct route_decision d = decide(route, "", texts[i]), e = d;

		e.domain = e.runner_up = 7;
		route_rechoose(route, &e);
		assert_int_equal(e.domain, d.domain);
		assert_int_equal(e.triage, d.triage);
		assert_int_equal(e.score, d.score);
		assert_int_equal(e.margin, d.margin);
		assert_int_equal(e.runner_up, d.runner_up);
	}
	route_free(&route);
}

/* -- lint
 * ---------------------------------------------------------------------- */

static const struct term_conf vain_terms[] = {
    WORD(1, "渣土", 1000),
    WORD(2, "渣 土", 2000), /* the same as line 1 */
    NOT(3, "模型"),
    WORD(4, "渣土车模型店", 1000), /* always cancelled by line 3 */
    WORD(5, "殴打", 500),	   /* @打人 has it too */
    WORD(6, "@打人", 500),
    ALL(7, 6, 1000, 2, "甲", "乙"),
    ALL(8, 6, 1000, 2, "乙", "甲"), /* the same as line 7 */
    ALL(9, 7, 1000, 2, "甲", "乙"), /* farther: another */
    PATTERN(10, "渣“土”", 1000),    /* quotes are never there */
    PATTERN(11, "强.{0,3}倒", 1000),
};
static const struct synonym_conf vain_lists[] = {
    {"打人", W1("殴打", "打伤", "毆打"), 3}, /* the same, traditional */
    {"车", W1("渣土车", "大渣土车", "货车"), 3},
};
static const struct domain_conf vain_domains[] = {
    {"muck-transport", "渣土运输", "", false, false, false, vain_terms, 11,
	2000, 0},
    {"other", "其他", "", false, false, false, other_terms, 1, 2000, 0},
};

static const struct lint_fault *
fault(const struct lint_fault *list, size_t n, enum lint_kind kind, int line,
    const char *what)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].kind == kind && list[i].line == line &&
		    (what == NULL || strcmp(list[i].what, what) == 0))
			return &list[i];
	return NULL;
}

static void
test_lint_finds(void **state)
{
	struct conf conf = world;
	struct lint_fault *list;
	struct route *route;
	struct err err;
	size_t n;

	(void)state;
	conf.rules.domains = vain_domains;
	conf.rules.n_domains = 2;
	conf.rules.synonyms = vain_lists;
	conf.rules.n_synonyms = 2;
	route = compile(&conf);
	assert_int_equal(route_lint(route, arena, &list, &n, &err), 0);
	assert_non_null(fault(list, n, LINT_DUPLICATE, 2, "渣 土"));
	assert_non_null(fault(list, n, LINT_DUPLICATE, 8, NULL));
	assert_non_null(fault(list, n, LINT_DEAD, 4, "渣土车模型店"));
	assert_non_null(fault(list, n, LINT_DEAD, 10, NULL));
	assert_non_null(fault(list, n, LINT_DOUBLE, 5, "殴打"));
	assert_non_null(fault(list, n, LINT_SHADOWED, 0, "@打人 毆打"));
	assert_non_null(fault(list, n, LINT_SHADOWED, 0, "@车 大渣土车"));
	assert_non_null(fault(list, n, LINT_UNUSED, 0, "@车"));
	assert_int_equal(n, 8);
	route_free(&route);
}

static void
test_lint_finds_nothing(void **state)
{
	struct conf conf = world;
	struct lint_fault *list;
	struct route *route;
	struct err err;
	size_t n;

	(void)state;
	conf.rules.domains = (const struct domain_conf[]){
	    {"other", "其他", "", false, false, false, muck_terms, 6, 2000, 0}};
	conf.rules.n_domains = 1;
	conf.rules.n_synonyms = 0;
	route = compile(&conf);
	assert_int_equal(route_lint(route, arena, &list, &n, &err), 0);
	assert_int_equal(n, 0);
	route_free(&route);
}

/* -- suggest
 * ---------------------------------------------------------------------- */

static const struct suggest_letter letters[] = {
    {"", "楼下的游商每天早上吵得睡不着", STALL, false},
    {"", "一到傍晚游商就把路口堵死了", STALL, false},
    {"请管管游商", "车子推来推去", STALL, false},
    {"", "占道经营没有人管", STALL, false},
    {"", "渣土车半夜从楼下过", MUCK, false},
    {"", "渣土车把路口压坏了", MUCK, false},
    {"", "路灯不亮", OTHER, false},
    {"", "早上路口堵车", OTHER, false},
    {"", "游商", -1, false},
};

static void
test_suggest_repairs(void **state)
{
	struct route *route = compile(&world);
	struct suggestion *list;
	struct err err;
	size_t n;

	(void)state;
	assert_int_equal(
	    route_suggest(route, letters, 9, STALL, 5, arena, &list, &n, &err),
	    0);
	assert_true(n >= 1);
	assert_string_equal(list[0].word, "游商");
	assert_int_equal(list[0].inside, 3);
	assert_int_equal(list[0].n_inside, 4);
	assert_int_equal(list[0].outside, 0);
	assert_int_equal(list[0].n_outside, 4);
	assert_int_equal(list[0].weight, 2000); /* the least that is enough */
	assert_int_equal(list[0].fixed, 3);
	assert_int_equal(list[0].broken, 0);
	assert_int_equal(list[0].n_moved, 3);
	assert_int_equal(list[0].moved[2], 2);
	/* Nothing of 渣土's is wrong: nothing to repair. */
	assert_int_equal(
	    route_suggest(route, letters, 9, MUCK, 5, arena, &list, &n, &err),
	    0);
	assert_int_equal(n, 0);
	route_free(&route);
}

/* What the rules have already is no suggestion, however little it weighs. */
static void
test_suggest_nothing_known(void **state)
{
	static const struct suggest_letter both[] = {
	    {"", "摆摊的吵得很", STALL, false}, {"", "又有人摆摊", STALL, false},
	    {"", "路灯不亮", OTHER, false}};
	struct route *route = compile(&world);
	struct suggestion *list;
	struct err err;
	size_t n;

	(void)state;
	assert_int_equal(decide(route, "", both[0].text).domain, OTHER);
	assert_int_equal(
	    route_suggest(route, both, 3, STALL, 5, arena, &list, &n, &err), 0);
	for (size_t i = 0; i < n; i++)
		assert_string_not_equal(list[i].word, "摆摊");
	route_free(&route);
}

/* A word that stands in others' letters as often is not worth it. */
static void
test_suggest_spoils_nothing(void **state)
{
	static const struct suggest_letter both[] = {
	    {"", "大桥边上很吵", STALL, false}, {"", "大桥边上很乱", STALL, false},
	    {"", "大桥边上路不平", OTHER, false}, {"", "大桥边上积水", OTHER, false},
	    {"", "大桥边上没有厕所", OTHER, false}};
	struct route *route = compile(&world);
	struct suggestion *list;
	struct err err;
	size_t n;

	(void)state;
	assert_int_equal(
	    route_suggest(route, both, 5, STALL, 5, arena, &list, &n, &err), 0);
	assert_int_equal(n, 0);
	route_free(&route);
}

/* Letters that nobody corrected tell what is usual, and are not moved. */
static void
test_suggest_few_corrections(void **state)
{
	static const struct suggest_letter some[] = {
	    {"", "您好反映游商太吵", STALL, false},
	    {"", "您好反映游商太乱", STALL, false},
	    {"", "您好反映路灯不亮", OTHER, true},
	    {"", "您好反映渣土车撒土", MUCK, true},
	    {"", "您好反映停水", OTHER, true}};
	static const struct suggest_letter stirring[] = {
	    {"", "那边游商太吵", STALL, false},
	    {"", "那边游商太乱", STALL, false},
	    {"", "游商问路", OTHER, true}};
	struct route *route = compile(&world);
	struct suggestion *list;
	struct err err;
	size_t n;

	(void)state;
	assert_int_equal(
	    route_suggest(route, some, 5, STALL, 5, arena, &list, &n, &err), 0);
	assert_true(n >= 1);
	for (size_t i = 0; i < n; i++) {
		assert_non_null(strstr(list[i].word, "游商"));
		assert_int_equal(list[i].stirred, 0);
	}
	/* One correction teaches nothing. */
	assert_int_equal(route_suggest(route, some + 1, 4, STALL, 5, arena,
			     &list, &n, &err),
	    0);
	assert_int_equal(n, 0);
	assert_int_equal(route_suggest(route, stirring, 3, STALL, 5, arena,
			     &list, &n, &err),
	    0);
	for (size_t i = 0; i < n; i++)
		assert_string_not_equal(list[i].word, "游商");
	route_free(&route);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_late_steps),
	    cmocka_unit_test(test_late_first_place_counts),
	    cmocka_unit_test(test_override_share),
	    cmocka_unit_test(test_override_from),
	    cmocka_unit_test(test_rechoose_is_the_same),
	    cmocka_unit_test(test_lint_finds),
	    cmocka_unit_test(test_lint_finds_nothing),
	    cmocka_unit_test(test_suggest_repairs),
	    cmocka_unit_test(test_suggest_nothing_known),
	    cmocka_unit_test(test_suggest_spoils_nothing),
	    cmocka_unit_test(test_suggest_few_corrections),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
