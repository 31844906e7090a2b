/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hide/clause.h"
#include "hide/rules.h"
#include "hide/text.h"
#include "hide/walk.h"
#include "hide/words.h"

/* Where the writer is, and what of it is the matter's. */

/* 在…, behind which the predicate stands. */
static bool
is_at_place(const struct hide_text *t, size_t i)
{
	static const char *const whens[] = {"去年", "今年", "前年", "昨", "早",
	    "晚", "上周", "上月", "那时", "那以后", "此", "夜", "前", "开始",
	    NULL};
	static const char *const works[] = {"政", "具", "电", "乐", "纺", "装",
	    "门口", "附近", "务农", "种", "带", "做", "待业", "开", "养病",
	    "养老", "休养", "养伤", "躺", "照顾", "伺候", NULL};
	static const char *const never[] = {"在场", "在现场", "在此", "在这里",
	    "在这儿", "在那里", "在那儿", "在群里", "在网上", "在旁边",
	    "在附近", "在外地", "在路上", "在车上", "在意", "在乎", "在等",
	    "在于", NULL};

	return (hide_at(t, i, "在") || hide_at(t, i, "于") ||
		   hide_at(t, i, "从")) &&
	       !hide_is_digit(t, i + 3) && hide_match(t, i + 3, whens) == 0 &&
	       !(hide_at(t, i, "在家") && hide_match(t, i + 6, works) == 0) &&
	       (hide_match(t, i, never) == 0 || hide_at(t, i, "在旁边的") ||
		   hide_at(t, i, "在场里") || hide_at(t, i, "在场上"));
}

size_t
hide_matter_place(const struct hide_text *t, size_t b, size_t e)
{
	size_t n = hide_public_place(t, b, e);

	if (n > 0 || !hide_at(t, b, "在"))
		return n;
	n = hide_accused_firm(t, b + strlen("在"), e);
	return n > 0 ? strlen("在") + n : 0;
}

/* What follows in the sentence happened where the writer is: …，被人打了. */
static bool
goes_on_with_event(const struct hide_text *t, size_t e)
{
	static const char *const starts[] = {"被", "遭", "有人", "有个", "有辆",
	    "看见", "看到", "发现", "每天", "每月", "每晚", "每次", "每周",
	    "每个", "让", "叫", "昨", "今天", "今早", "今晚", "前天", "上周",
	    "上个", "上月", "碰", "遇", "就被", "也被", "总有", "天天", "突然",
	    "听见", "他们", "结果", NULL};

	return t->s[e] == ',' &&
	       hide_match(t, hide_skip_blank(t, e + 1, t->len), starts) > 0;
}

/* 绑钢筋: two or three characters that are no event. */
static bool
is_brief_work(const struct hide_text *t, size_t b, size_t e)
{
	return hide_chars(t, b, e) >= 2 && hide_chars(t, b, e) <= 4 &&
	       hide_all_han(t, b, e) && !hide_starts_event(t, b) &&
	       !hide_tells_event(t, b, e) && hide_match(t, b, hide_others) == 0;
}

/* Bytes of 在柳荫夜市, 在人民北路 in front of 卖凉皮, 扫街: many work there, and
 * the matter is about the place.  A shop has a street for itself. */
size_t
hide_public_place(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const marts[] = {"夜市", "早市", "市场", "步行街",
	    "工地", "菜场", "货场", "码头", "早夜市", "跳蚤市场", "广场", "项目", "标段", NULL};
	static const char *const streets[] = {
	    "路", "街", "大道", "后街", "巷", NULL};
	static const char *const outdoors[] = {"扫", "清扫", "保洁", "摆摊",
	    "摆个", "摆地摊", "出摊", "作业", "巡", "值勤", "执勤", "站岗",
	    "拉客", "发传单", "卖", "烤", NULL};
	static const char *const indoors[] = {"住", "租", "看", "守", "开", NULL};
	static const char *const rooms[] = {"上", "里", "边", "口", "工地", NULL};
	static const char *const driving[] = {"开车", "开塔", "开挖", "开吊",
	    "开铲", "开叉", "开推", "开压", "开渣", "开搅", "开升", "开电梯", NULL};
	size_t i = b + (hide_at(t, b, "在") || hide_at(t, b, "于")
				   ? strlen("在")
				   : 0);
	size_t end, n;

	if (i == b)
		return 0;
	for (size_t at = hide_next(t, i); at < e && hide_is_han(t, at);
	     at = hide_next(t, at)) {
		bool mart = hide_match(t, at, marts) > 0;

		n = mart ? hide_match(t, at, marts)
			 : hide_match(t, at, streets);
		if (n == 0)
			continue;
		end = at + n;
		end += hide_match(t, end, rooms);
		if (end < e && (mart ? (hide_life_at(t, end) > 0 ||
					   is_brief_work(t, end, e)) &&
					   (hide_match(t, end, indoors) == 0 ||
					       hide_match(t, end, driving) > 0)
				     : hide_match(t, end, outdoors) > 0))
			return end - b;
	}
	return 0;
}

/* 在 …: the place stays when something happened there. */
bool
hide_take_place(struct walk *w, size_t i)
{
	static const char *const sites[] = {
	    "施工", "卸货", "装货", "拉货", "拉活", "卸土", "装土", NULL};
	const struct hide_text *t = w->t;
	size_t verb = i, n;

	if (!is_at_place(t, i))
		return false;
	if (hide_chars(t, i, w->e) < 4)
		return false;
	if (hide_tells_event(t, i, w->e))
		return true;
	/* 在瀛洲壹号施工: where one is sent is the matter's. */
	if (hide_match_before(t, w->e, sites) > 0) {
		w->told = w->topic == TOPIC_SELF && w->told;
		return true;
	}
	n = hide_accused_firm(t, hide_next(t, i), w->e);
	if (n > 0) {
		hide_tell(w, hide_next(t, i) + n, w->e);
		return true;
	}
	/* 在B12号摊位，每天… */
	if (goes_on_with_event(t, w->e) && hide_has_door(t, i, w->e) &&
	    hide_chars(t, i, w->e) <= 10) {
		hide_tell(w, i, w->e);
		return true;
	}
	if (goes_on_with_event(t, w->e)) {
		do
			verb = hide_next(t, verb);
		while (verb < w->e && hide_life_at(t, verb) == 0);
		hide_weakly(w, verb, w->e);
		return true;
	}
	hide_tell(w, i + hide_public_place(t, i, w->e), w->e);
	return true;
}
