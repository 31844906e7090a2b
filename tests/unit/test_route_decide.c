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
#include "base/str.h"
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

/* What always holds: quotes are the sender's own bytes, and the hits of a
 * domain add up to its score. */
static void
check_hits(
    const struct route_decision *d, const char *subject, const char *text)
{
	int64_t sums[MAX_DOMAINS] = {0};

	for (size_t i = 0; i < d->n_hits; i++) {
		const struct route_hit *h = &d->hits[i];
		const char *s = h->field == FIELD_SUBJECT ? subject : text;

		assert_true(h->at + h->len <= strlen(s));
		assert_int_equal(strlen(h->found), h->len);
		assert_memory_equal(h->found, s + h->at, h->len);
		assert_true(utf8_valid(h->found, h->len));
		if (h->domain >= 0)
			sums[h->domain] += h->weight;
	}
	for (size_t i = 0; i < world.rules.n_domains; i++)
		assert_int_equal(sums[i], d->scores[i]);
}

static struct route_decision
decide(struct arena *a, const char *subject, const char *text)
{
	struct route_decision d;
	struct err err;

	assert_int_equal(route_decide(route, subject, text, a, &d, &err), 0);
	check_hits(&d, subject, text);
	return d;
}

static void
test_domains(void **state)
{
	static const struct {
		const char *subject, *text;
		int domain;
		bool triage, priority;
		int32_t score;
		int runner_up;
		int32_t margin;
	} cases[] = {
	    {"", "", OTHER, true, false, 0, -1, 0},
	    {"你好", "随便说说", OTHER, true, false, 0, -1, 0},
	    /* below the threshold */
	    {"", "这里有渣土", OTHER, true, false, 0, MUCK, -1000},
	    {"", "渣土车来了", MUCK, false, false, 3000, -1, 3000},
	    /* the subject counts half as much again, and once */
	    {"渣土车", "渣土车", MUCK, false, false, 4500, -1, 4500},
	    {"", "渣土车渣土车", MUCK, false, false, 3000, -1, 3000},
	    /* all within: 12 characters between them */
	    {"", "强行在一二三四五六七八九十倾倒", MUCK, false, false, 3000, -1,
		3000},
	    {"", "强行在一二三四五六七八九十甲乙倾倒", OTHER, true, false, 0,
		-1, 0},
	    {"", "倾倒是强行的", MUCK, false, false, 3000, -1, 3000},
	    /* a pattern, in normal form, inside a sentence */
	    {"", "渣土一车收他五百元", MUCK, false, false, 2500, -1, 2500},
	    {"", "渣土1车。收5元", OTHER, true, false, 0, MUCK, -1000},
	    /* cancelled, lowered */
	    {"", "渣土车模型和渣土车", OTHER, true, false, 0, -1, 0},
	    {"", "招聘渣土车司机", OTHER, true, false, 0, MUCK, -500},
	    /* synonyms, anywhere */
	    {"在工地", "有人被打伤", MUCK, false, false, 2000, -1, 2000},
	    /* repeats */
	    {"", "摆摊摆摊摆摊，摆摊", STALL, false, false, 2300, -1, 2300},
	    {"", "收了钱，收走钱，收钱，占道经营", STALL, false, false, 4200,
		-1, 4200},
	    /* margin too small */
	    {"", "渣土车，占道经营", OTHER, true, false, 0, MUCK, -3000},
	    {"", "渣土车，摊，占道经营，摆摊", STALL, false, false, 3800, MUCK,
		800},
	    /* the overriding domain wins at its threshold */
	    {"", "渣土车强行倾倒，有保护伞", UMBRELLA, false, true, 2000, MUCK,
		-4000},
	    {"路灯不亮", "", OTHER, false, false, 4500, -1, 4500},
	    /* priority by words */
	    {"", "占道经营还持刀", STALL, false, true, 3000, -1, 3000},
	    {"", "占道经营卖持刀玩具", STALL, false, false, 3000, -1, 3000},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct arena *a ARENA_AUTO = arena_new();
		struct route_decision d =
		    decide(a, cases[i].subject, cases[i].text);

		assert_int_equal(d.domain, cases[i].domain);
		assert_int_equal(d.triage, cases[i].triage);
		assert_int_equal(d.priority, cases[i].priority);
		assert_int_equal(d.score, cases[i].score);
		assert_int_equal(d.runner_up, cases[i].runner_up);
		assert_int_equal(d.margin, cases[i].margin);
	}
}

/* Major is priority too, and no domain's business. */
static void
test_major(void **state)
{
	static const struct {
		const char *text;
		bool major, priority;
		int domain;
	} cases[] = {
	    {"占道经营，有人被砍伤", true, true, STALL},
	    {"有人被砍 伤", true, true, OTHER},
	    {"电影里有人被砍伤", false, false, OTHER},
	    {"占道经营还持刀", false, true, STALL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct arena *a ARENA_AUTO = arena_new();
		struct route_decision d = decide(a, "", cases[i].text);
		size_t n = 0;

		assert_int_equal(d.major, cases[i].major);
		assert_int_equal(d.priority, cases[i].priority);
		assert_int_equal(d.domain, cases[i].domain);
		for (size_t k = 0; k < d.n_hits; k++)
			n += d.hits[k].domain == HIT_MAJOR;
		assert_true(!d.major || n > 0);
	}
}

static void
test_hits(void **state)
{
	struct arena *a ARENA_AUTO = arena_new();
	struct route_decision d =
	    decide(a, "急！渣 土 車", "他們強 行 在 路邊傾倒，摆摊");

	(void)state;
	assert_int_equal(d.n_hits, 5);
	assert_string_equal(d.hits[0].term, "渣土");
	assert_string_equal(d.hits[0].found, "渣 土");
	assert_int_equal(d.hits[0].field, FIELD_SUBJECT);
	assert_int_equal(d.hits[0].weight, 1500);
	assert_string_equal(d.hits[1].found, "渣 土 車");
	assert_string_equal(d.hits[2].term, "强行 + 倾倒");
	assert_string_equal(d.hits[2].found, "強 行 在 路邊傾倒");
	assert_int_equal(d.hits[2].field, FIELD_TEXT);
	assert_string_equal(d.hits[3].found, "摆摊");
	assert_string_equal(d.hits[4].found, "摊");
	assert_true(d.domain_word);
}

static void
test_domain_word(void **state)
{
	struct arena *a ARENA_AUTO = arena_new();

	(void)state;
	assert_false(decide(a, "路灯不亮", "").domain_word);
	assert_true(decide(a, "", "渣土").domain_word);
	assert_false(decide(a, "", "招聘").domain_word);
}

/* However it is typed, it is the same decision. */
static void
test_evasion(void **state)
{
	static const char *const forms[] = {"渣土车强行倾倒",
	    "渣 土 车 强 行 倾 倒", "渣土車強行傾倒", "渣*土*车强/行倾.倒",
	    "渣，土，车，强，行，倾，倒", "渣\n土\n车\n强\n行\n倾\n倒",
	    "【渣土】“车”强（行）倾~倒"};

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		struct arena *a ARENA_AUTO = arena_new();
		struct route_decision d = decide(a, "", forms[i]);

		assert_int_equal(d.domain, MUCK);
		assert_int_equal(d.score, 6000);
	}
}

static void
test_deterministic(void **state)
{
	const char *text = "渣土车强行倾倒，保护伞，通风报信，摆摊收钱，"
			   "摆摊占道经营，工地打人，一车五百元";
	struct arena *a ARENA_AUTO = arena_new();
	struct route_decision d = decide(a, "渣土", text);
	struct route *again;
	struct err err;

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		struct route_decision e;

		assert_int_equal(route_new(&world, &again, &err), 0);
		assert_int_equal(
		    route_decide(again, "渣土", text, a, &e, &err), 0);
		assert_int_equal(e.n_hits, d.n_hits);
		assert_memory_equal(e.scores, d.scores, sizeof(d.scores));
		for (size_t k = 0; k < d.n_hits; k++) {
			assert_string_equal(e.hits[k].term, d.hits[k].term);
			assert_int_equal(e.hits[k].at, d.hits[k].at);
		}
		route_free(&again);
	}
}

/* Random mixtures, cut anywhere: the invariants of check_hits() hold. */
static void
test_random(void **state)
{
	static const char *const bits[] = {"渣土", "车", "强行", "倾倒", "，",
	    "。", "\n", " ", "一车", "500元", "占道经营", "摆摊", "收", "钱",
	    "工地", "打", "保护伞", "模型", "①", "渣*土", "保護傘", "a.b",
	    "\xff"};

	(void)state;
	srandom(3);
	for (size_t round = 0; round < 3000; round++) {
		struct arena *a ARENA_AUTO = arena_new();
		struct buf s[2] = {BUF_INIT, BUF_INIT};

		for (size_t k = 0; k < 2; k++) {
			size_t n = (size_t)random() % 12;

			buf_adds(&s[k], "");
			for (size_t i = 0; i < n; i++)
				buf_adds(&s[k], bits[(size_t)random() % 22]);
		}
		decide(a, buf_str(&s[0]), buf_str(&s[1]));
		buf_done(&s[0]);
		buf_done(&s[1]);
	}
}

static void
expect_mistake(const struct term_conf *term, const char *what)
{
	struct domain_conf domain = {.id = "other",
	    .title = "",
	    .brief = "",
	    .terms = term,
	    .n_terms = 1};
	struct conf conf = world;
	struct route *r = NULL;
	struct err err;

	conf.rules.domains = &domain;
	conf.rules.n_domains = 1;
	assert_int_equal(route_new(&conf, &r, &err), -1);
	assert_int_equal(err.kind, ERR_CONF);
	if (strstr(err.what, what) == NULL && strstr(err.where, what) == NULL)
		fail_msg("%s: %s", err.where, err.what);
}

static void
test_mistakes(void **state)
{
	const struct term_conf bad_pattern = PATTERN(7, "渣(土", 1000),
			       no_list = WORD(8, "@没有", 1000),
			       nothing = WORD(9, "***", 1000);

	(void)state;
	expect_mistake(&bad_pattern, "rules.conf:7");
	expect_mistake(&no_list, "rules.conf:8");
	expect_mistake(&nothing, "rules.conf:9");
}

/* A pattern that tries everything is stopped, and the rest still counts. */
static void
test_slow_pattern(void **state)
{
	const struct term_conf terms[] = {
	    PATTERN(1, "(a+)+b", 5000), WORD(2, "渣土", 3000)};
	struct domain_conf list[] = {
	    {"muck-transport", "", "", false, false, false, terms, 2, 0, 0},
	    {"other", "", "", false, false, false, NULL, 0, 0, 0}};
	struct arena *a ARENA_AUTO = arena_new();
	struct conf conf = world;
	struct route_decision d;
	struct route *r;
	struct err err;
	char text[4001];

	(void)state;
	memset(text, 'a', sizeof(text));
	text[4000] = '\0';
	conf.rules.domains = list;
	conf.rules.n_domains = 2;
	conf.roster.n_duties = 0;
	assert_int_equal(route_new(&conf, &r, &err), 0);
	assert_int_equal(route_decide(r, "渣土", text, a, &d, &err), 0);
	assert_int_equal(d.domain, 0);
	assert_int_equal(d.score, 4500);
	route_free(&r);
}

/* Its words in different sentences are not a pattern's, and hide none. */
static void
test_pattern_by_line(void **state)
{
	static const struct {
		const char *subject, *text;
		int32_t score;
	} cases[] = {
	    {"", "工地。渣土，挖机。工地大门", 0},
	    {"", "工地。渣土。挖机，在工地渣土", 1000},
	    {"工地", "渣土", 0},
	    {"渣土", "渣土。工地。工地的渣土，工地渣土", 1000},
	    {"工地渣土", "", 1500},
	    {"", "打渣土。人。打几个人", 2000},
	    {"", "打。人", 2000},
	    /* of either alternative, wherever they stand */
	    {"", "有砖头。有瓦片。砂石很多。石砖很多。砖的瓦", 200},
	    {"", "砖瓦和砖瓦。石。砖瓦", 300},
	    {"", "砖石。砂瓦", 0},
	    /* the end of the text, not of a sentence */
	    {"", "事情已完。还有许多工作", 0},
	    {"", "事情已完。又开了工。总算做完", 10},
	    /* what stands before, in the same sentence and in the last */
	    {"", "有旧车。还有车", 40},
	    {"", "旧车", 0},
	};
	const struct term_conf terms[] = {
	    PATTERN(1, "工地[^\\n]{0,3}渣土", 1000),
	    PATTERN(2, "打[^a]{0,3}人", 2000),
	    {.pattern = "砖.{0,2}瓦|砂.{0,2}石", .weight = 100, .repeat = true,
		.file = "rules.conf", .line = 3},
	    PATTERN(4, "完$", 10), PATTERN(5, "(?<!旧)车", 40)};
	struct domain_conf list[] = {
	    {"muck-transport", "", "", false, false, false, terms, 5, 0, 0},
	    {"other", "", "", false, false, false, NULL, 0, 0, 0}};
	struct conf conf = world;
	struct route *r;
	struct err err;

	(void)state;
	conf.rules.domains = list;
	conf.rules.n_domains = 2;
	conf.roster.n_duties = 0;
	assert_int_equal(route_new(&conf, &r, &err), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct arena *a ARENA_AUTO = arena_new();
		struct route_decision d;

		assert_int_equal(route_decide(r, cases[i].subject,
				     cases[i].text, a, &d, &err),
		    0);
		if (d.scores[0] != cases[i].score)
			fail_msg("%s | %s: %d", cases[i].subject,
			    cases[i].text, (int)d.scores[0]);
	}
	route_free(&r);
}

/* Words of `all` that lie over each other are one word. */
static void
test_overlap(void **state)
{
	static const struct {
		const char *text;
		int32_t score;
	} cases[] = {
	    {"围墙", 0},
	    {"围墙围墙", 2000},
	    {"围起砌墙", 2000},
	    {"砌了围墙", 2000},
	    {"围起来，围墙", 2000},
	    {"围墙，围起来", 2000},
	    {"围起来，很久很久以后围墙", 0},
	};
	struct domain_conf list[] = {
	    {"walls", "", "", false, false, false, wall_terms, 2, 0, 0},
	    {"other", "", "", false, false, false, NULL, 0, 0, 0}};
	struct conf conf = world;
	struct route *r;
	struct err err;

	(void)state;
	conf.rules.domains = list;
	conf.rules.n_domains = 2;
	conf.roster.n_duties = 0;
	assert_int_equal(route_new(&conf, &r, &err), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct arena *a ARENA_AUTO = arena_new();
		struct route_decision d;

		assert_int_equal(
		    route_decide(r, "", cases[i].text, a, &d, &err), 0);
		if (d.scores[0] != cases[i].score)
			fail_msg("%s: %d", cases[i].text, d.scores[0]);
	}
	route_free(&r);
}

static void
test_areas(void **state)
{
	static const struct {
		const char *subject, *text;
		int area;
		const char *found;
	} cases[] = {
	    {"", "没有说在哪里", -1, ""},
	    {"", "墟沟街道的渣土车", 0, "墟沟街道"},
	    {"", "院前社區門口", 0, "院前社區"},
	    {"", "连 云 街道", 1, "连 云 街道"},
	    /* longest: 海州湾社区 is one name */
	    {"", "海州湾社区", 2, "海州湾社区"},
	    /* most often, then first */
	    {"墟沟", "胜利社区，还是胜利社区", 1, "胜利社区"},
	    {"墟沟", "胜利社区", 0, "墟沟"},
	    {"", "胜利社区、墟沟", 1, "胜利社区"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct arena *a ARENA_AUTO = arena_new();
		struct route_decision d =
		    decide(a, cases[i].subject, cases[i].text);

		assert_int_equal(d.area, cases[i].area);
		assert_string_equal(d.area_found, cases[i].found);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_domains),
	    cmocka_unit_test(test_major),
	    cmocka_unit_test(test_hits),
	    cmocka_unit_test(test_domain_word),
	    cmocka_unit_test(test_evasion),
	    cmocka_unit_test(test_deterministic),
	    cmocka_unit_test(test_random),
	    cmocka_unit_test(test_mistakes),
	    cmocka_unit_test(test_slow_pattern),
	    cmocka_unit_test(test_pattern_by_line),
	    cmocka_unit_test(test_overlap),
	    cmocka_unit_test(test_areas),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
