/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hide/clause.h"
#include "hide/rules.h"
#include "hide/text.h"
#include "hide/walk.h"
#include "hide/words.h"

/* Marking what tells who the writer is, but for what belongs to the matter. */

/* Whether the n bytes at i stand elsewhere too: then they are a name. */
static bool
is_named_twice(const struct hide_text *t, size_t i, size_t n)
{
	const char *first = memmem(t->s, t->len, t->s + i, n);

	return first != t->s + i ||
	       memmem(first + n, t->len - i - n, first, n) != NULL;
}

/* Bytes at i of what belongs to the matter even where one speaks of oneself:
 * 三百元, 凌晨四点, 12月3日. */
static size_t
matter_at(const struct hide_text *t, size_t i, size_t e)
{
	static const char *const digits[] = {"一", "二", "两", "三", "四", "五",
	    "六", "七", "八", "九", "十", "百", "千", "万", "几", ".", NULL};
	static const char *const units[] = {
	    "元", "块", "万元", "吨", "方", "点", "毛", "块钱", NULL};
	static const char *const daily[] = {
	    "每天", "每晚", "天天", "每日", NULL};
	static const char *const hours[] = {"凌晨", "早上", "晚上", "夜里",
	    "下午", "上午", "傍晚", "半夜", "中午", NULL};
	size_t at = i + hide_match(t, i, hours), n, from = at;

	while (
	    at < e && (hide_is_digit(t, at) || hide_match(t, at, digits) > 0))
		at += hide_is_digit(t, at) ? 1 : hide_match(t, at, digits);
	if (hide_match_before(t, i, daily) > 0)
		return 0;
	n = at > from ? hide_match(t, at, units) : 0;
	if (n > 0 && at + n <= e && !hide_at(t, i, "一块"))
		return at + n - i;
	/* 四百, 三千 without a word for money. */
	if (at > from + 3 &&
	    (hide_before(t, at, "百") || hide_before(t, at, "千") ||
		hide_before(t, at, "万")) &&
	    at == e)
		return at - i;
	return 0;
}

/* Bytes at i of somebody or some place of the matter in a clause about oneself:
 * 房东钭建国, 沙大勇, 在金街. */
static size_t
theirs_at(const struct hide_text *t, size_t i, size_t e)
{
	static const char *const bosses[] = {"房东", "老板", "经理", "队长",
	    "工头", "包工头", "头目", "老总", NULL};
	size_t boss = hide_match(t, i, bosses), named;

	/* 房东钭建国的门面 */
	named = boss > 0 ? hide_name_at(t, i + boss, e) : 0;
	if (named > 0 && hide_at(t, i + boss + named, "的"))
		return boss + named;
	/* 带着两个女儿在金街摆摊 */
	if (hide_at(t, i, "在"))
		return hide_public_place(t, i, e);
	/* 就在沙大勇的砂场对面; but 邢大海的妻子 */
	named = hide_name_at(t, i, e);
	if (named >= 9 && hide_at(t, i + named, "的") && i + named + 3 < e &&
	    is_named_twice(t, i, named) &&
	    hide_kin_at(t, i + named + 3) == 0 &&
	    hide_match(t, i + named + 3, hide_roles) == 0)
		return named;
	return 0;
}

/* 苏G12345 */
static bool
is_plate_at(const struct hide_text *t, size_t i, size_t e)
{
	size_t at = i + 3;

	if (!hide_is_han(t, i) || at >= e || hide_is_digit(t, at) ||
	    !hide_is_alnum(t, at))
		return false;
	while (at < e && (hide_is_alnum(t, at) || hide_at(t, at, "·")))
		at = hide_next(t, at);
	return at - i >= 8 && hide_has_digit(t, i, at);
}

/* Whether a short clause holds what belongs to others: a name, a plate, a sum,
 * a time. */
bool
hide_has_matter(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const daily[] = {
	    "每天晚上", "每天早上", "每天凌晨", "每晚", "每天半夜", NULL};
	static const char *const dates[] = {
	    "年冬", "年春", "年夏", "年秋", "冬月", "腊月", "正月", NULL};

	if (hide_time_at(t, b, e) > 0 || hide_find_any(t, b, e, dates) < e)
		return true;
	for (size_t i = b; i < e; i = hide_next(t, i))
		if (matter_at(t, i, e) > 0 || hide_at(t, i, "“") ||
		    hide_match(t, i, daily) > 0 || is_plate_at(t, i, e) ||
		    hide_match(t, i, hide_others) > 3)
			return true;
	return false;
}

/* Hides [b, e) without what belongs to the matter. */
void
hide_weakly(struct walk *w, size_t b, size_t e)
{
	size_t from = b, n;

	for (size_t i = b; i < e;) {
		n = matter_at(w->t, i, e);
		if (n == 0)
			n = theirs_at(w->t, i, e);
		if (n > 0) {
			hide_add(w->t, from, i);
			from = i = i + n;
		} else {
			i = hide_next(w->t, i);
		}
	}
	hide_add(w->t, from, e);
}

void
hide_tell(struct walk *w, size_t b, size_t e)
{
	b = hide_skip_blank(w->t, b, e);
	if (b >= e)
		return;
	hide_learn_name(w->k, w->t, b, e);
	hide_weakly(w, b, e);
	w->topic = TOPIC_SELF;
	w->told = true;
}
