/* SPDX-License-Identifier: ISC */
#ifndef TESTS_ROUTE_WORLD_H
#define TESTS_ROUTE_WORLD_H

#include "conf/conf.h"

/*
 * A small office made by hand: four domains, three areas, seven people.
 * Everything in it is invented.
 */
#define W1(...) (const char *const[]){__VA_ARGS__}
#define WORD(line_, text, weight_)                                             \
	{.words = W1(text), .n_words = 1, .weight = weight_, .pattern = "",    \
	    .file = "rules.conf", .line = line_}
#define NOT(line_, text)                                                       \
	{.words = W1(text), .n_words = 1, .cancels = true, .pattern = "",      \
	    .file = "rules.conf", .line = line_}
#define ALL(line_, within_, weight_, n, ...)                                   \
	{.words = W1(__VA_ARGS__), .n_words = n, .within = within_,            \
	    .weight = weight_, .pattern = "", .file = "rules.conf",            \
	    .line = line_}
#define PATTERN(line_, text, weight_)                                          \
	{.pattern = text, .weight = weight_, .file = "rules.conf",             \
	    .line = line_}

enum { MUCK, STALL, UMBRELLA, OTHER };

static const struct term_conf muck_terms[] = {
    WORD(1, "渣土", 1000),
    WORD(2, "渣土车", 2000),
    ALL(3, 12, 3000, 2, "强行", "倾倒"),
    PATTERN(4, "一车.{0,4}\\d[百千万]?元", 1500),
    NOT(5, "渣土车模型"),
    WORD(6, "招聘", -2500),
    ALL(7, 0, 2000, 2, "@打人", "工地"),
};
static const struct term_conf stall_terms[] = {
    WORD(11, "占道经营", 3000),
    {.words = W1("摆摊"), .n_words = 1, .weight = 500, .repeat = true,
	.pattern = "", .file = "rules.conf", .line = 12},
    {.words = W1("收", "钱"), .n_words = 2, .within = 3, .weight = 400,
	.repeat = true, .pattern = "", .file = "rules.conf", .line = 13},
    WORD(14, "摊", 300),
};
static const struct term_conf wall_terms[] = {
    ALL(51, 6, 1000, 2, "@砌", "@围"),
    ALL(52, 6, 1000, 2, "@围", "@砌"),
};
static const struct term_conf umbrella_terms[] = {
    WORD(21, "保护伞", 2000),
    WORD(22, "通风报信", 2000),
};
static const struct term_conf other_terms[] = {
    WORD(31, "路灯不亮", 3000),
};
static const struct term_conf priority_terms[] = {
    WORD(41, "持刀", 1000),
    WORD(42, "玩具", -1000),
};
static const struct term_conf major_terms[] = {
    WORD(43, "砍伤", 1000),
    WORD(44, "电影", -1000),
};
static const struct synonym_conf synonyms[] = {
    {"打人", W1("殴打", "打伤", "打"), 3},
    {"砌", W1("砌墙", "围墙", "砌"), 3},
    {"围", W1("围墙", "围起"), 2},
};
static const struct domain_conf domains[] = {
    {"muck-transport", "渣土运输", "", false, false, false, muck_terms, 7, 2000, 0},
    {"street-occupation", "占道经营", "", false, false, false, stall_terms, 4, 2000, 0},
    {"protective-umbrella", "充当“保护伞”", "", true, true, true,
	umbrella_terms, 2, 2000, 0},
    {"other", "其他", "", false, false, false, other_terms, 1, 2000, 0},
};

static const struct area_conf areas[] = {
    {"xugou", "墟沟街道", W1("墟沟", "院前社区"), 2},
    {"lianyun", "连云街道", W1("胜利社区"), 1},
    {"haizhouwan", "海州湾街道", W1("海州湾", "海州湾社区"), 2},
};

enum { ZHAO, QIAN, SUN, GAO, DISC, BOSS, DESK, BOARD, N_PEOPLE };
enum { MUCK_UNIT, CLEAN_UNIT, BUREAU };

static const struct unit_conf units[] = {
    {"muck-office", "渣土管理所", "zha@unit.example", W1("渣土所", "渣管所"), 2,
	SUN},
    {"clean-office", "环境卫生管理所", "huan@unit.example", W1("环卫所"), 1,
	GAO},
    {"bureau", "海滨区城市管理局", "", W1("区城管局", "城管局"), 2, BOSS},
};
static const struct person_conf persons[] = {
    {.id = "zhao", .name = "赵建国", .address = "zhao@office.example",
	.aliases = W1("赵老三"), .n_aliases = 1,
	.phones = W1("13800000001"), .n_phones = 1, .role = "渣土所副所长",
	.unit = MUCK_UNIT, .kind = PERSON_OFFICER},
    {.id = "qian", .name = "钱小明", .address = "qian@office.example",
	.role = "渣土所中队长", .unit = MUCK_UNIT, .kind = PERSON_OFFICER,
	.phones = W1("051800000012"), .n_phones = 1},
    {.id = "sun", .name = "孙立", .address = "sun@office.example",
	.role = "渣土所所长", .unit = MUCK_UNIT, .kind = PERSON_OFFICER},
    {.id = "gao", .name = "高峰", .address = "gao@office.example",
	.role = "环卫所所长", .unit = CLEAN_UNIT, .kind = PERSON_OFFICER,
	.common_name = true},
    {.id = "disc", .name = "纪正", .address = "disc@office.example",
	.role = "纪检组组长", .unit = BUREAU, .kind = PERSON_DISCIPLINE},
    {.id = "boss", .name = "周海", .address = "boss@office.example",
	.role = "局长", .unit = BUREAU, .kind = PERSON_OFFICER},
    {.id = "desk", .name = "吴敏", .address = "desk@office.example",
	.role = "督办科科长", .unit = BUREAU, .kind = PERSON_OFFICE},
    {.id = "board", .name = "扫黑办", .address = "board@office.example",
	.phones = W1("051800000099"), .n_phones = 1, .unit = -1,
	.role = "", .kind = PERSON_OFFICE, .common_name = true},
};
static const struct duty_conf duties[] = {
    {MUCK, 0, QIAN, -1, SUN},
    {MUCK, -1, ZHAO, QIAN, SUN},
    {STALL, -1, GAO, -1, GAO},
};

static const struct conf world = {
    .rules = {.domains = domains, .n_domains = 4, .synonyms = synonyms,
	.n_synonyms = 3, .subject_weight = 1500, .threshold = 2000,
	.margin = 500, .priority_terms = priority_terms,
	.n_priority_terms = 2, .major_terms = major_terms,
	.n_major_terms = 2},
    .areas = areas,
    .n_areas = 3,
    .roster = {.units = units, .n_units = 3, .persons = persons,
	.n_persons = N_PEOPLE, .duties = duties, .n_duties = 3, .office = DESK,
	.discipline = DISC, .bureau_leader = BOSS},
};

#endif
