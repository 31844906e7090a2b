/* SPDX-License-Identifier: ISC */
#include "hide/judge.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hide/rules.h"
#include "hide/text.h"
#include "hide/token.h"
#include "hide/words.h"

/*
 * How sure the judge must be.  By a name or a telephone a person is found, by a
 * trade in a street perhaps; common words tell nobody, and to hide them makes a
 * letter hard to read: of 384 complaints from message boards, in which hardly
 * anybody is named, one bar for all left 805 marks, these bars leave half.
 */
#define DOUBT_KIND 100	 /* 卖鱼的, 业主: what sort of person */
#define DOUBT_CLAUSE 300 /* 没念过书: what fills a clause of its own */
#define DOUBT_WORDS 800

/* 7米, 24小时, 300元一吨: how much of something. */
static bool
is_amount(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const units[] = {"米", "小时", "分钟", "分贝", "%",
	    "平方", "平米", "吨", "公里", "多个", "多名", "多人", "余人",
	    "余名", "多辆", "号线", "万元", "元", NULL};

	for (size_t i = b; i < e; i = hide_next(t, i))
		if (i > b && hide_is_digit(t, i - 1) &&
		    !hide_is_digit(t, i) && hide_match(t, i, units) > 0)
			return true;
	return false;
}

/* 尊敬的陈书记：, 王区长您好: to whom the letter is written. */
static bool
is_addressee(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const titles[] = {"领导", "书记", "市长", "区长",
	    "县长", "镇长", "局长", "主席", "同志", NULL};
	static const char *const greetings[] = {":", "您好", "你好", "!", ",您",
	    ",你", NULL};

	return hide_at(t, b, "尊敬") ||
	       (hide_match_before(t, e, titles) > 0 &&
		   hide_match(t, e, greetings) > 0);
}

static size_t
digits_in(const struct hide_text *t, size_t b, size_t e)
{
	size_t n = 0;

	for (size_t i = b; i < e; i++)
		n += hide_is_digit(t, i);
	return n;
}

/* A telephone, an account, a door. */
static bool
is_telling_number(const struct hide_text *t, size_t b, size_t e)
{
	return digits_in(t, b, e) >= 5 || hide_has_door(t, b, e);
}

/* 洪武路, 文昌路小学门口, 200: where and when it happened, and how much; whoever
 * lives or trades there is told by a number, a name or a sign. */
static bool
tells_nobody(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const places[] = {"路", "街", "巷", "道", "口", "桥",
	    "场", "市", "河", "湖", "旁边", "边", "附近", "对面", "门前", "村",
	    "镇", "乡", "里", "期", "苑", "花园", "小区", "地块", "工地", "站",
	    "学校", "小学", "中学", "医院", "公园", "步行街", "街道", "天桥",
	    "月", "日", "年", "天", "晚", "早", "元", "块", "万", NULL};
	static const char *const anybody[] = {"渣土车", "工程车", "大货车",
	    "城管", "城管局", "执法队", "派出所", "物业", "保安", "工地",
	    "车队", "公司", "老板", "领导", "政府", "街道办", "社区", "百姓",
	    "老百姓", "群众", "市民", "大家", NULL};
	size_t digits;

	if (hide_match(t, b, anybody) == e - b ||
	    hide_match(t, b, hide_others) == e - b || is_addressee(t, b, e))
		return true;
	if (is_telling_number(t, b, e))
		return false;
	digits = digits_in(t, b, e);
	return hide_match_before(t, e, places) > 0 ||
	    (digits > 0 && (digits == e - b || is_amount(t, b, e)));
}

/* Nothing of a longer word stands next to the unit of tokens. */
static bool
is_apart(const struct hide_tokens *k, const struct hide_token *x)
{
	return (x->unit == 0 || k->list[x->unit - 1].sort != UNIT_THING) &&
	       (x->unit_end == k->n ||
		   k->list[x->unit_end].sort != UNIT_THING);
}

/* A name, a plate, a firm; a number that is long or a door. */
static bool
unit_tells(const struct hide_text *t, const struct hide_tokens *k,
    const struct hide_token *x)
{
	size_t b = k->list[x->unit].b, e = k->list[x->unit_end - 1].e;

	if (x->sort == UNIT_NAME)
		return is_apart(k, x);
	if (x->sort != UNIT_NUMBER)
		return x->sort > UNIT_THING;
	return is_telling_number(t, b, e);
}

/* Whether a whole name or number stands in the run. */
static bool
names_one(const struct hide_text *t, const struct hide_tokens *k, size_t from,
    size_t to)
{
	for (size_t i = from; i < to; i++)
		if (k->list[i].unit >= from && k->list[i].unit_end <= to &&
		    unit_tells(t, k, &k->list[i]))
			return true;
	return false;
}

/* A trade, one's kin, an age, a home; and no part of a longer word. */
static bool
tells_kind(const struct hide_text *t, const struct hide_tokens *k, size_t from,
    size_t to)
{
	static const char *const ends[] = {"人", "工", "员", "师", "师傅", "户",
	    "主", "商", "贩", "岁", "村", "镇", "苑", "小区", "巷", "弄", "寨",
	    "屯", "庄", "铺", "店", "摊", "厂", "姨", "叔", "婶", "婆", "爷",
	    "哥", "姐", "妹", "嫂", "党员", "军人", "残疾", "司机", "学生", NULL};
	static const char *const trades[] = {"卖", "开", "修", "扫", "送", "做",
	    "跑", "拉", "种", "养", "教", "摆", NULL};
	const struct hide_token *list = k->list;

	if (list[from].unit != from || list[to - 1].unit_end != to)
		return false;
	for (size_t i = from; i < to; i++)
		if ((list[i].lists & (LIST_ROLE | LIST_FAMILY)) != 0)
			return true;
	return hide_match_before(t, list[to - 1].e, ends) > 0 ||
	       hide_match(t, list[from].b, trades) > 0 ||
	       hide_match_before(t, list[from].b, trades) > 0;
}

int64_t
hide_least_margin(const struct hide_text *t, const struct hide_tokens *k,
    size_t from, size_t to)
{
	const struct hide_token *list = k->list;

	if (tells_nobody(t, list[from].b, list[to - 1].e))
		return INT64_MAX;
	if (names_one(t, k, from, to))
		return HIDE_DOUBT_NAMED;
	if (list[from].clause == from && list[to - 1].clause_end <= to + 1)
		return DOUBT_CLAUSE;
	return tells_kind(t, k, from, to) ? DOUBT_KIND : DOUBT_WORDS;
}
