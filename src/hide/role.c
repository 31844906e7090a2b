/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hide/clause.h"
#include "hide/rules.h"
#include "hide/text.h"
#include "hide/words.h"

const char *const hide_manners[] = {"被", "想", "说", "要", "来", "从", "为了",
    "为", "因", "不", "没", "亲眼", "亲耳", "亲自", "看", "听", "路过", "经过",
    "昨", "今天", "今早", "前天", "前几", "前两", "上周", "上个", "上月",
    "去年", "前年", "最近", "刚", "才", "经常", "一直", "实在", "真", "确实",
    "有", "出于", "希望", "觉得", "怕", "担心", "通过", "给", "跟", "和", "对",
    "无意", "偶然", "无奈", "忍", "迫", "实话", "第", "这", "那", "如何",
    "怎么", "谁", "什么", "否", "如实", "凭", "按", "根据", "冒", "抱", "带",
    "替", "帮", "在", "代表", "由", "自愿", "自己", "先", "打", "坐", "走",
    "骑", "开车", "早上", "晚上", "中午", "下午", "半夜", "夜里", "多次", "每",
    "几", "好", "气", "冤", "清白", "无辜", "守法", "敢", "可", "能", "会",
    "应", "该", "拿", "用", "花", "很", "太", "非常", "特", "最", "极", "完全",
    "绝对", "万", "后来", "当时", "当场", "现场", "只", "仅", "单纯", "主动",
    "专门", "特意", "故意", "愿", "支持", "相信", "请", "求", "向", "把", "让",
    "叫", "去", "到", "以", "认为", "知道", "写", "举报", "反映", "投诉",
    "发现", "拍", "录", "接到", "收到", "遭", "受", "深受", "老实", "借", "依",
    "恳", "站", NULL};

/* …的 at the end with one of these says what one does. */
static const char *const trades[] = {"开", "卖", "摆", "做", "跑", "种", "养",
    "经营", "住", "租", "打工", "上班", "干", "修", "送", "教", "当", "包",
    NULL};

static bool
is_trade(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const seen[] = {"看到", "看见", "拍", "听", "发现",
	    "遇", "碰", "撞", "被", "打的", "知道", "受", NULL};

	return hide_before(t, e, "的") && hide_find_any(t, b, e, trades) < e &&
	       hide_find_any(t, b, e, seen) == e;
}

static bool
starts_with_time(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const units[] = {"年", "月", "日", "点", "号晚",
	    "号早", "号上", "号下", "号夜", "时", NULL};
	size_t i = b;

	while (hide_is_digit(t, i))
		i++;
	return i > b && i < e && hide_match(t, i, units) > 0;
}

/* Where a statement without punctuation says what one is: behind the first
 * role in it, with a name behind that; e when there is none. */
static size_t
end_of_role(const struct hide_text *t, size_t b, size_t e)
{
	size_t i = hide_find_any(t, b, e, hide_roles), n;

	if (i >= e)
		return e;
	i += hide_match(t, i, hide_roles);
	/* 店主王小红电话…, 店主们 */
	if (hide_at(t, i, "们"))
		i += 3;
	n = hide_name_at(t, i, e);
	return i + n < e && hide_chars(t, i, e) > 3 ? i + n : e;
}

bool
hide_is_kind(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const ends[] = {"的", "人", "者", "员", "户", "工",
	    "师", "手", "长", "生", "公司", "协会", "单位", NULL};

	return e > b && hide_chars(t, b, e) <= 16 &&
	       hide_match_before(t, e, ends) > 0;
}

/* Bytes of a letter in which a name is looked for again. */
#define MOST_SEARCH 6000

size_t
hide_other_prefix(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const titles[] = {"死者", "受害人", "受害者",
	    "被害人", "伤者", "逝者", "举报对象", NULL};
	static const char *const ties[] = {
	    "手下", "的", "家的", "身边", "公司", "厂里", "店里", NULL};

	const char *end = t->s + (t->len < MOST_SEARCH ? t->len : MOST_SEARCH);
	size_t title = hide_match(t, b, titles);

	b += title;
	for (size_t n = 9; n >= 6; n -= 3) {
		const char *at = t->s;
		int seen = 0;

		if (b + n >= e || !hide_is_name(t, b, b + n) ||
		    hide_match(t, b + n, ties) == 0)
			continue;
		while (seen < 2 && (at = memmem(at, (size_t)(end - at),
					t->s + b, n)) != NULL) {
			seen++;
			at += n;
		}
		if (seen == 2)
			return title + n;
	}
	return 0;
}

size_t
hide_complement_end(const struct hide_text *t, size_t b, size_t e)
{
	bool manner =
	    hide_match(t, b, hide_manners) > 0 || starts_with_time(t, b, e);
	static const char *const tails[] = {
	    "的那个", "的那位", "的那名", "的那家", "的这个", NULL};
	bool role = hide_ends_with_role(t, b, e) || is_trade(t, b, e);
	size_t n = hide_find_any(t, b, e, tails);

	/* 我是昨天被打的那个外卖员: say.c takes what stands behind it. */
	if (n < e && (starts_with_time(t, b, n) || hide_tells_event(t, b, n)))
		return b;

	/* 我姓何名军 and the like begin with a name whatever follows; 党支部的
	 * does not. */
	n = hide_name_at(t, b, e);
	if (n > 0 && !hide_at(t, b + n, "的"))
		return role ? e : b + n;
	if (manner && !role)
		return b;
	if (role || hide_is_kind(t, b, e))
		return e;
	return end_of_role(t, b, e);
}

/* 老马说：“我是龙哥的人…”: who speaks there is not the one who writes. */
bool
hide_is_others_speech(const struct hide_text *t, size_t at)
{
	static const char *const says[] = {"说", "喊", "骂", "叫嚣", "吼",
	    "扬言", "威胁", "自称", "讲", "道", NULL};
	size_t q = at, b;

	while (q > 0 && hide_chars(t, q, at) < 30 && !hide_before(t, q, "“") &&
	       t->s[q - 1] != '\n' && !hide_before(t, q, "”"))
		q = hide_prev(t, q);
	if (!hide_before(t, q, "“"))
		return false;
	q = hide_prev(t, q);
	while (q > 0 && (t->s[q - 1] == ':' || t->s[q - 1] == ','))
		q--;
	if (hide_match_before(t, q, says) == 0)
		return false;
	for (b = q; b > 0 && !hide_ends_clause(t, hide_prev(t, b)) &&
		    hide_chars(t, b, q) < 40;)
		b = hide_prev(t, b);
	for (; b < q; b = hide_next(t, b))
		if (hide_self_at(t, b) > 0)
			return false;
	return true;
}

static bool
is_han_or_digits(const struct hide_text *t, size_t b, size_t e)
{
	for (size_t i = b; i < e; i = hide_next(t, i))
		if (!hide_is_han(t, i) && !hide_is_digit(t, i))
			return false;
	return b < e;
}

/* 沈圩村一农妇, 业主委员会老成员: ends like a word for a person, and nothing
 * happens in it. */
bool
hide_is_person_noun(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const ends[] = {"人", "者", "员", "民", "户", "工",
	    "师", "妇", "夫", "汉", "友", "兵", "主", "嫂", "婆", "爷", "妈",
	    "爸", "客", "商", "众", "属", "代表", "家长", "长", "娃", "迷",
	    "学生", "老乡", "先生", "女士", "同志", "老百姓", "百姓", "青年",
	    "少年", "老太", "老头", "司机", "骑手", "小贩", "打工仔", "主任",
	    "书记", "会计", "经理", "总监", "教授", "护士", "厨子", "法务",
	    "孤老", "保安", "调度", "主管", "木匠", "裁缝",
	    "之子", "之女", "后代", "后人", "遗孀", "烈属", "军属", "长女", "长子",
	    "独生女", "独生子", NULL};

	static const char *const verbs[] = {"是", "把", "在", "打人", "骂人",
	    "害人", "伤人", "坑人", "欺负人", "整人", "找人", "派人", "没人",
	    "有人", "叫人", "等人", "占", "收", "杀人", "抓人", NULL};

	static const char *const borns[] = {"家老大", "家老二", "家老三", "家老四",
	    "家老五", "家老幺", "家老小", "家闺女", "家儿子", "家媳妇", "家丫头",
	    "家小子", NULL};

	/* 滕家老三 */
	if (hide_match_before(t, e, borns) > 0 && hide_chars(t, b, e) <= 7)
		return true;
	if (hide_find_any(t, b, e, verbs) < e)
		return false;
	if (hide_at(t, b, "老") && hide_chars(t, b, e) >= 2 &&
	    hide_chars(t, b, e) <= 4 && hide_all_han(t, b, e) &&
	    hide_match(t, b, hide_others) != e - b)
		return true;
	return hide_chars(t, b, e) >= 3 && hide_chars(t, b, e) <= 16 &&
	       is_han_or_digits(t, b, e) && hide_match_before(t, e, ends) > 0 &&
	       hide_match(t, b, hide_others) != e - b &&
	       hide_match(t, b, hide_accused) == 0 &&
	       !hide_starts_event(t, b) && !hide_tells_event(t, b, e);
}
