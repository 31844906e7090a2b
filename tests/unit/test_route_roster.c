/* SPDX-License-Identifier: ISC */
/*
 * A roster of 200 in 20 units.  Every one of them is named in every way that
 * accused.h promises, in a tip that the duties would give to just that person
 * as officer, as deputy or as leader: nobody accused is ever chosen.  Tips
 * that name nobody, and tips that name somebody of another office, go where
 * the duties say.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <opencc/opencc.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "route/route.h"
#include "route_world.h"

#define N_BIG_UNITS 20
#define PER_UNIT 10
#define N_BIG (N_BIG_UNITS * PER_UNIT)
enum { P_DISC = N_BIG, P_BOSS, P_DESK, N_ALL };

static const char *const surnames[] = {"陆", "唐", "何", "江", "石", "邱", "方",
    "欧阳", "司马", "黄", "郑", "谢", "韩", "冯", "曹", "彭", "曾", "萧", "田",
    "董", "袁", "潘", "蒋", "蔡", "余"};
static const char *const given[] = {
    "文博", "建国", "晓燕", "志强", "丽华", "海涛", "玉兰", "振东"};
/* One title of each unit; two of some, as in life. */
static const char *const ranks[PER_UNIT] = {"所长", "副所长", "科长", "副科长",
    "队长", "副队长", "站长", "主任", "副主任", "班长"};
static const char *const unit_words[N_BIG_UNITS] = {"青口", "沙河", "赣马",
    "墩尚", "厉庄", "班庄", "金山", "柘汪", "石桥", "海头", "城西", "宋庄",
    "塔山", "欢墩", "黑林", "夹山", "门河", "大岭", "罗阳", "九里"};

static struct {
	char name[16], alias[32], phone[16], role[48], id[16];
	const char *aliases[1], *phones[1];
} bodies[N_BIG];
static struct {
	char name[48], alias[32], id[16];
	const char *aliases[1];
} houses[N_BIG_UNITS];
static char area_ids[N_BIG][16], area_names[N_BIG][32];

static struct person_conf people[N_ALL];
static struct unit_conf big_units[N_BIG_UNITS];
static struct area_conf big_areas[N_BIG];
static struct duty_conf big_duties[N_BIG];
static struct conf office;
static struct route *route;
static opencc_t traditional;

static void
make_person(int i)
{
	int unit = i / PER_UNIT, rank = i % PER_UNIT;
	struct person_conf *p = &people[i];

	snprintf(bodies[i].id, sizeof(bodies[i].id), "p%d", i);
	snprintf(bodies[i].name, sizeof(bodies[i].name), "%s%s",
	    surnames[i % 25], given[i / 25]);
	snprintf(bodies[i].alias, sizeof(bodies[i].alias), "%s老%c哥",
	    unit_words[unit], 'a' + rank);
	snprintf(bodies[i].phone, sizeof(bodies[i].phone), "139%08d",
	    10234567 + i * 7919);
	snprintf(bodies[i].role, sizeof(bodies[i].role), "%s环卫所%s",
	    unit_words[unit], ranks[rank]);
	bodies[i].aliases[0] = bodies[i].alias;
	bodies[i].phones[0] = bodies[i].phone;
	*p = (struct person_conf){.id = bodies[i].id,
	    .name = bodies[i].name,
	    .address = "x@example.org",
	    .aliases = bodies[i].aliases,
	    .n_aliases = 1,
	    .phones = bodies[i].phones,
	    .n_phones = 1,
	    .role = bodies[i].role,
	    .unit = unit,
	    .kind = PERSON_OFFICER};
}

/* The area's duty: officer i, the next of the unit as deputy, its head. */
static void
make_duty(int i)
{
	int unit = i / PER_UNIT, rank = i % PER_UNIT;

	snprintf(area_ids[i], sizeof(area_ids[i]), "area%d", i);
	/* No digits: numbers are other words in normal form. */
	snprintf(area_names[i], sizeof(area_names[i]), "%c%c%c%c小区",
	    'a' + unit, 'k' + rank, 'q', 'a' + i % 7);
	big_areas[i] = (struct area_conf){area_ids[i], area_names[i], NULL, 0};
	big_duties[i] = (struct duty_conf){.domain = -1,
	    .area = i,
	    .officer = i,
	    .deputy = unit * PER_UNIT + (rank + 1) % PER_UNIT,
	    .leader = unit * PER_UNIT};
}

static void
make_unit(int u)
{
	snprintf(houses[u].id, sizeof(houses[u].id), "u%d", u);
	snprintf(houses[u].name, sizeof(houses[u].name), "%s环境卫生管理所",
	    unit_words[u]);
	snprintf(houses[u].alias, sizeof(houses[u].alias), "%s环卫所",
	    unit_words[u]);
	houses[u].aliases[0] = houses[u].alias;
	big_units[u] = (struct unit_conf){houses[u].id, houses[u].name, "",
	    houses[u].aliases, 1, u * PER_UNIT};
}

static int
setup(void **state)
{
	static const struct person_conf desks[] = {
	    {.id = "disc",
		.name = "季检",
		.address = "d@example.org",
		.role = "",
		.unit = -1,
		.kind = PERSON_DISCIPLINE},
	    {.id = "boss",
		.name = "祁局",
		.address = "b@example.org",
		.role = "",
		.unit = -1,
		.kind = PERSON_OFFICER},
	    {.id = "desk",
		.name = "督办室",
		.address = "o@example.org",
		.role = "",
		.unit = -1,
		.kind = PERSON_OFFICE,
		.common_name = true}};
	struct err err;

	(void)state;
	for (int i = 0; i < N_BIG; i++) {
		make_person(i);
		make_duty(i);
	}
	for (int u = 0; u < N_BIG_UNITS; u++)
		make_unit(u);
	memcpy(&people[P_DISC], desks, sizeof(desks));
	office = world;
	office.areas = big_areas;
	office.n_areas = N_BIG;
	office.roster = (struct roster_conf){.units = big_units,
	    .n_units = N_BIG_UNITS,
	    .persons = people,
	    .n_persons = N_ALL,
	    .duties = big_duties,
	    .n_duties = N_BIG,
	    .office = P_DESK,
	    .discipline = P_DISC,
	    .bureau_leader = P_BOSS};
	traditional = opencc_open("s2t.json");
	if (traditional == (opencc_t)-1)
		return -1;
	return route_new(&office, &route, &err);
}

static int
teardown(void **state)
{
	(void)state;
	route_free(&route);
	return opencc_close(traditional);
}

/* -- ways of naming -----------------------------------------------------------
 */

/* The characters of s with `mark` between them. */
static void
spread(struct buf *out, const char *s, const char *mark)
{
	const char *end = s + strlen(s);
	uint32_t cp;

	for (size_t n; s < end; s += n) {
		n = utf8_next(s, end, &cp);
		buf_add(out, s, n);
		if (s + n < end)
			buf_adds(out, mark);
	}
}

/* Digits by another row of ten characters. */
static void
digits_as(struct buf *out, const char *s, const char *const row[10])
{
	for (; *s != '\0'; s++)
		buf_adds(out, row[*s - '0']);
}

static const char *const wide[10] = {
    "０", "１", "２", "３", "４", "５", "６", "７", "８", "９"};
static const char *const han[10] = {
    "零", "幺", "二", "三", "四", "五", "六", "七", "八", "九"};
static const char *const capital[10] = {
    "零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"};
static const char *const letters[10] = {
    "O", "l", "2", "3", "4", "5", "6", "7", "8", "9"};
static const char *const ringed[10] = {
    "⓪", "①", "②", "③", "④", "⑤", "⑥", "⑦", "⑧", "⑨"};

static const char *
surname_of(int i)
{
	return surnames[i % 25];
}

enum {
	WAY_NAME,
	WAY_BLANKS,
	WAY_STARS,
	WAY_COMMAS,
	WAY_ZERO_WIDTH,
	WAY_LINES,
	WAY_BRACKETS,
	WAY_TRADITIONAL,
	WAY_ALIAS,
	WAY_ALIAS_WIDE,
	WAY_PHONE,
	WAY_PHONE_DASHES,
	WAY_PHONE_BLANKS,
	WAY_PHONE_COUNTRY,
	WAY_PHONE_WIDE,
	WAY_PHONE_HAN,
	WAY_PHONE_CAPITAL,
	WAY_PHONE_RINGED,
	WAY_PHONE_LETTERS,
	WAY_ROLE,
	WAY_ROLE_BLANKS,
	WAY_ROLE_LONG,
	WAY_ROLE_OF,
	WAY_CALLED,
	WAY_CALLED_FAR,
	WAY_MASKED,
	WAY_MASKED_STAR,
	WAY_SURNAME_OF,
	WAY_SOUND,
	WAY_SOUND_SURNAME,
	WAY_LATIN,
	WAY_LATIN_MIXED,
	WAY_LATIN_FIRST,
	N_WAYS
};

/* The names as who only heard them writes them, and in Latin letters. */
static const char *const heard_surnames[] = {"路", "堂", "合", "姜", "时",
    "丘", "芳", "欧洋", "司码", "皇", "正", "泄", "寒", "逢", "槽", "朋", "增",
    "肖", "甜", "懂", "元", "盘", "奖", "菜", "于"};
static const char *const latin_surnames[] = {"Lu", "Tang", "He", "Jiang",
    "Shi", "Qiu", "Fang", "Ouyang", "Sima", "Huang", "Zheng", "Xie", "Han",
    "Feng", "Cao", "Peng", "Zeng", "Xiao", "Tian", "Dong", "Yuan", "Pan",
    "Jiang", "Cai", "Yu"};
static const struct {
	const char *heard, *latin, *first;
} other_given[] = {{"文伯", "Wenbo", "wb"}, {"建郭", "Jianguo", "jg"},
    {"小艳", "Xiaoyan", "xy"}, {"智强", "Zhiqiang", "ZQ"},
    {"莉花", "Lihua", "lh"}, {"海桃", "Haitao", "HT"},
    {"钰蓝", "Yulan", "yl"}, {"正东", "Zhendong", "zd"}};

static void
name_by_sound(struct buf *b, int i, int way)
{
	const char *latin = other_given[i / 25].latin;

	switch (way) {
	case WAY_SOUND:
		buf_addf(b, "%s%s", surname_of(i), other_given[i / 25].heard);
		break;
	case WAY_SOUND_SURNAME:
		buf_addf(
		    b, "%s%s", heard_surnames[i % 25], given[i / 25]);
		break;
	case WAY_LATIN:
		buf_addf(b, "%s %s", latin_surnames[i % 25], latin);
		break;
	case WAY_LATIN_MIXED:
		buf_addf(b, "%s%s", surname_of(i), latin);
		break;
	default:
		buf_addf(b, "%s%s", surname_of(i), other_given[i / 25].first);
		break;
	}
}

static void
name_person(struct buf *b, int i, int way)
{
	const char *unit = houses[i / PER_UNIT].alias;
	const char *rank = ranks[i % PER_UNIT], *name = bodies[i].name;
	const char *phone = bodies[i].phone;
	char *other;

	switch (way) {
	case WAY_NAME:
		buf_adds(b, name);
		break;
	case WAY_BLANKS:
		spread(b, name, " ");
		break;
	case WAY_STARS:
		spread(b, name, "*");
		break;
	case WAY_COMMAS:
		spread(b, name, "，");
		break;
	case WAY_ZERO_WIDTH:
		spread(b, name, "\u200b");
		break;
	case WAY_LINES:
		spread(b, name, "\n");
		break;
	case WAY_BRACKETS:
		buf_addf(b, "【%s】", name);
		break;
	case WAY_TRADITIONAL:
		other = opencc_convert_utf8(traditional, name, strlen(name));
		buf_adds(b, other);
		opencc_convert_utf8_free(other);
		break;
	case WAY_ALIAS:
		buf_adds(b, bodies[i].alias);
		break;
	case WAY_ALIAS_WIDE:
		spread(b, bodies[i].alias, "　");
		break;
	case WAY_PHONE:
		buf_adds(b, phone);
		break;
	case WAY_PHONE_DASHES:
		buf_addf(b, "%.3s-%.4s-%s", phone, phone + 3, phone + 7);
		break;
	case WAY_PHONE_BLANKS:
		spread(b, phone, " ");
		break;
	case WAY_PHONE_COUNTRY:
		buf_addf(b, "+86 %s", phone);
		break;
	case WAY_PHONE_WIDE:
		digits_as(b, phone, wide);
		break;
	case WAY_PHONE_HAN:
		digits_as(b, phone, han);
		break;
	case WAY_PHONE_CAPITAL:
		digits_as(b, phone, capital);
		break;
	case WAY_PHONE_RINGED:
		digits_as(b, phone, ringed);
		break;
	case WAY_PHONE_LETTERS:
		digits_as(b, phone, letters);
		buf_addc(b, '0'); /* a number that ends otherwise */
		break;
	case WAY_ROLE:
		buf_adds(b, bodies[i].role);
		break;
	case WAY_ROLE_BLANKS:
		spread(b, bodies[i].role, " ");
		break;
	case WAY_ROLE_LONG:
		buf_addf(b, "%s%s", houses[i / PER_UNIT].name, rank);
		break;
	case WAY_ROLE_OF:
		buf_addf(b, "%s的%s", unit, rank);
		break;
	case WAY_CALLED:
		buf_addf(b, "%s%s%s", unit, surname_of(i), rank);
		break;
	case WAY_CALLED_FAR:
		buf_addf(b, "%s%s，就是%s的那个", surname_of(i), rank, unit);
		break;
	case WAY_MASKED:
		buf_addf(b, "%s%s某", unit, surname_of(i));
		break;
	case WAY_MASKED_STAR:
		buf_addf(b, "%s%s*%s", unit, surname_of(i), "国");
		break;
	case WAY_SURNAME_OF:
		buf_addf(b, "%s姓%s的", unit, surname_of(i));
		break;
	default:
		name_by_sound(b, i, way);
		break;
	}
}

/* -- the tips
 * ------------------------------------------------------------------- */

static struct route_people
people_for(const char *subject, const char *text, const char *more,
    struct arena *a, const struct route_accused **out, size_t *n_out)
{
	const char *const texts[] = {subject, text, more};
	struct route_decision d;
	struct route_people p;
	struct err err;

	assert_int_equal(route_decide(route, subject, text, a, &d, &err), 0);
	assert_true(d.domain == MUCK || d.domain == UMBRELLA);
	assert_int_equal(
	    route_accused(route, texts, 3, a, out, n_out, &err), 0);
	assert_int_equal(
	    route_people(route, &d, *out, *n_out, 0, a, &p, &err), 0);
	return p;
}

static void
assert_kept_out(
    const struct route_people *p, int who, int way, const char *text)
{
	if (p->officer != who && p->deputy != who && p->leader != who)
		return;
	fail_msg("p%d is told though named (way %d): %s", who, way, text);
}

/* The tip about the area of duty `duty` that accuses `who`. */
static void
check(int duty, int who, int way, int where)
{
	struct arena *a ARENA_AUTO = arena_new();
	BUF_AUTO struct buf name = BUF_INIT;
	BUF_AUTO struct buf text = BUF_INIT;
	const struct route_accused *list;
	struct route_people p;
	size_t n;

	name_person(&name, who, way);
	buf_addf(&text, "%s门口渣土车半夜倒土", area_names[duty]);
	if (where == 0)
		buf_addf(&text, "，听说是%s安排的。", buf_str(&name));
	p = people_for(where == 1 ? buf_str(&name) : "", buf_str(&text),
	    where == 2 ? buf_str(&name) : "", a, &list, &n);
	assert_kept_out(&p, who, way, buf_str(&name));
	/* Whoever gets it instead is no one of the duty. */
	assert_true(p.to_discipline || p.triage);
	assert_int_equal(p.officer, p.to_discipline ? P_DISC : P_DESK);
}

static void
test_everyone_every_way(void **state)
{
	(void)state;
	for (int i = 0; i < N_BIG; i++)
		for (int way = 0; way < N_WAYS; way++)
			check(i, i, way, way % 3);
}

static void
test_deputy_and_leader(void **state)
{
	(void)state;
	for (int i = 0; i < N_BIG; i += 3)
		for (int way = 0; way < N_WAYS; way += 2) {
			check(i, big_duties[i].deputy, way, 0);
			check(i, big_duties[i].leader, way, 1);
		}
}

/* 一把手 and the like: the unit's head, whoever it is. */
static void
test_head_of_unit(void **state)
{
	static const char *const calls[] = {"%s一把手", "%s的负责人", "%s领导",
	    "%s的主要负责人", "%s管事的", "%s处长", "%s老大"};
	struct arena *a ARENA_AUTO = arena_new();

	(void)state;
	for (int u = 0; u < N_BIG_UNITS; u++)
		for (size_t k = 0; k < sizeof(calls) / sizeof(*calls); k++) {
			BUF_AUTO struct buf text = BUF_INIT;
			const struct route_accused *list;
			const char *mark = strstr(calls[k], "%s");
			struct route_people p;
			size_t n;

			buf_addf(&text, "%s渣土车夜里倒土，",
			    area_names[u * PER_UNIT + 3]);
			buf_addf(&text, "%s%s收了钱", houses[u].alias,
			    mark + strlen("%s"));
			p = people_for("", buf_str(&text), "", a, &list, &n);
			assert_kept_out(
			    &p, u * PER_UNIT, (int)k, buf_str(&text));
			assert_true(n > 0);
		}
}

/* The unit as such: its people take money, nobody is named. */
static void
test_whole_unit(void **state)
{
	static const char *const deeds[] = {"的人每车收两百块钱",
	    "内部有人给他通风报信", "收了老板的好处", "包庇这伙人",
	    "跟他们串通一气", "里面有内鬼", "的人在里面入了股"};
	struct arena *a ARENA_AUTO = arena_new();

	(void)state;
	for (int u = 0; u < N_BIG_UNITS; u++)
		for (size_t k = 0; k < sizeof(deeds) / sizeof(*deeds); k++) {
			BUF_AUTO struct buf text = BUF_INIT;
			const struct route_accused *list;
			int duty = u * PER_UNIT + (int)k;
			struct route_people p;
			size_t n;

			buf_addf(&text, "%s渣土车夜里倒土。%s%s。",
			    area_names[duty], houses[u].alias, deeds[k]);
			p = people_for("", buf_str(&text), "", a, &list, &n);
			for (int i = 0; i < PER_UNIT; i++)
				assert_kept_out(&p, u * PER_UNIT + i, (int)k,
				    buf_str(&text));
			assert_true(p.triage || p.to_discipline);
		}
}

/* Nobody is kept out who is not named. */
static void
test_innocent(void **state)
{
	static const char *const texts[] = {"", "。打过%s的电话，说已经记下了",
	    "。希望%s派人来看看", "。请%s多装几个桶",
	    "。我们收到过%s的回复，没有用", "。%s的人来过一次，没处理"};
	struct arena *a ARENA_AUTO = arena_new();

	(void)state;
	for (int i = 0; i < N_BIG; i++)
		for (size_t k = 0; k < sizeof(texts) / sizeof(*texts); k++) {
			BUF_AUTO struct buf text = BUF_INIT;
			const char *mark = strstr(texts[k], "%s");
			const struct route_accused *list;
			struct route_people p;
			size_t n;

			buf_addf(&text, "%s门口渣土车半夜倒土", area_names[i]);
			if (mark != NULL) {
				buf_add(
				    &text, texts[k], (size_t)(mark - texts[k]));
				buf_addf(&text, "%s%s",
				    houses[i / PER_UNIT].alias,
				    mark + strlen("%s"));
			}
			p = people_for("", buf_str(&text), "", a, &list, &n);
			if (n != 0 || p.officer != i)
				fail_msg("p%d is kept out of: %s", i,
				    buf_str(&text));
		}
}

/* Somebody of another unit is named: kept out, but the duty has the clue. */
static void
test_another_office(void **state)
{
	(void)state;
	for (int i = 0; i < N_BIG; i += 7)
		for (int way = 0; way < N_WAYS; way++) {
			int who = (i + 53) % N_BIG;
			struct arena *a ARENA_AUTO = arena_new();
			BUF_AUTO struct buf text = BUF_INIT;
			const struct route_accused *list;
			struct route_people p;
			bool there = false;
			size_t n;

			buf_addf(&text, "%s渣土车倒土，是", area_names[i]);
			name_person(&text, who, way);
			buf_adds(&text, "的车");
			p = people_for("", buf_str(&text), "", a, &list, &n);
			for (size_t k = 0; k < n; k++)
				there |= list[k].person == who;
			assert_true(there);
			assert_int_equal(p.officer, i);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_everyone_every_way),
	    cmocka_unit_test(test_deputy_and_leader),
	    cmocka_unit_test(test_head_of_unit),
	    cmocka_unit_test(test_whole_unit),
	    cmocka_unit_test(test_innocent),
	    cmocka_unit_test(test_another_office),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
