/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hide/clause.h"
#include "hide/rules.h"
#include "hide/text.h"
#include "hide/walk.h"
#include "hide/words.h"

/* What ties the writer to another, by whom he stands. */

/* 鲁大海, 鲍总 in front of a verb. */
static size_t
who_at(const struct hide_text *t, size_t b, size_t e)
{
	size_t found = 0;

	for (size_t n = 6; n <= 12 && b + n <= e; n += 3) {
		if (hide_is_nick(t, b, b + n))
			return n;
		if (!hide_is_name(t, b, b + n))
			continue;
		if (hide_life_at(t, b + n) > 0)
			return n;
		if (found == 0 || b + n < e)
			found = n;
	}
	return found;
}

/* 他, 老板王某, 鲁大海, 他们家: bytes of a person at i; *named when it may not
 * be hidden. */
static size_t
person_at(const struct hide_text *t, size_t i, size_t e, bool *named)
{
	static const char *const pronouns[] = {
	    "他们", "她们", "他", "她", "人家", NULL};
	static const char *const of[] = {"家里", "家", "的", NULL};
	static const char *const near[] = {
	    "邻居", "同村", "同村的", "隔壁", "同事", "老乡", "村民", NULL};
	size_t at = i, n = hide_match(t, i, pronouns);

	*named = false;
	if (n == 0 && hide_self_at(t, i) > 0) {
		n = hide_self_at(t, i);
		n += hide_kin_chain(t, i + n);
		return n + who_at(t, i + n, e);
	}
	/* 和老公邢大海 */
	if (n == 0 && hide_kin_chain(t, i) > 0) {
		n = hide_kin_chain(t, i);
		return n + who_at(t, i + n, e);
	}
	if (n == 0) {
		at += hide_match(t, i, near);
		at += hide_match(t, at, hide_others);
		if (at == i && hide_is_surname(t, i) &&
		    hide_match(t, i + 3, hide_others) > 0)
			n = 3 + hide_match(t, i + 3, hide_others);
		if (n == 0)
			n = who_at(t, at, e);
		*named = n > 0;
		if (hide_at(t, at, "“")) {
			while (at < e && !hide_at(t, at, "”"))
				at = hide_next(t, at);
			n = at < e ? strlen("”") : 0;
			*named = true;
		}
	}
	at += n;
	if (at > i && at < e)
		at += hide_match(t, at, of);
	return at - i;
}

/* 跟他们喝过酒, 替这伙人开过车; but not 跟他们吵过. */
static bool
has_done(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const done[] = {"喝过", "吃过", "干过", "混过",
	    "做过", "开过", "拉过", "跑过", "共过", "同过", "装过", "修过",
	    "送过货", "管过", "当过", "打过工", "处过", "学过", NULL};

	return hide_find_any(t, b, e, done) < e;
}

/* 我给他开车, 我跟陶老板跑了三年, 我和他是同学: what ties one to another. */
bool
hide_take_tie(struct walk *w, size_t i)
{
	static const char *const with[] = {
	    "给", "跟", "替", "帮", "为", "和", "与", "同", "随", NULL};
	static const char *const ties[] = {"是", "同", "住", "一个", "曾",
	    "也是", "都是", "原是", "算", "做", "当", "沾", "隔壁", "对门",
	    "门对门", "楼上楼下", "在", "跑", "拉", "混", "干", "开", "处", "谈过",
	    "拜", "搭", "共", "合", "扫", "分", NULL};
	/* …跟他小舅子离婚前是两口子 */
	static const char *const bonds[] = {"是两口子", "是夫妻", "是同学",
	    "是战友", "是亲家", "是邻居", "是老乡", "是一家", "是同事", NULL};
	static const char *const no_with[] = {"和谐", "和平", "与其", "同时",
	    "同样", "为了", "为此", "为何", "给予", "跟踪", "跟着", "帮助",
	    "随着", "随意", "为什么", "同意", "同一", NULL};
	static const char *const anybody[] = {"人", "别人", "人家", NULL};
	static const char *const gangs[] = {
	    "这伙人", "那伙人", "这帮人", "那帮人", "这些人", "他们", NULL};
	const struct hide_text *t = w->t;
	size_t n = hide_match(t, i, with), at, rest;
	bool named, tied;

	if (n == 0 || hide_match(t, i, no_with) > 0)
		return false;
	at = i + n;
	if (hide_match(t, at, anybody) > 0 && !hide_tells_event(t, at, w->e)) {
		hide_tell(w, i, w->e);
		return true;
	}
	if (hide_match(t, at, gangs) > 0 && has_done(t, at, w->e)) {
		hide_tell(w, i, w->e);
		return true;
	}
	/* 跟奶奶住 */
	if (hide_kin_chain(t, at) > 0 &&
	    hide_at(t, at + hide_kin_chain(t, at), "住")) {
		hide_tell(w, i, w->e);
		return true;
	}
	at += person_at(t, at, w->e, &named);
	rest = hide_skip_adverbs(t, at, w->e);
	if (at == i + n) {
		/* 给人搬家, 给饭店洗碗 */
		for (rest = hide_next(t, at); rest < w->e &&
					      hide_life_at(t, rest) == 0 &&
					      hide_chars(t, at, rest) < 8;)
			rest = hide_next(t, rest);
		at = i;
	}
	if (rest >= w->e)
		return false;
	tied = hide_match(t, rest, ties) > 0 ||
	       hide_match_before(t, w->e, bonds) > 0;
	if (!tied &&
	    (hide_starts_event(t, rest) || hide_life_at(t, rest) == 0) &&
	    !(hide_before(t, w->e, "过") && !hide_tells_event(t, rest, w->e)))
		return true;
	if (hide_tells_event(t, rest, w->e))
		return true;
	n = hide_accused_firm(t, i + n, w->e);
	if (hide_public_place(t, rest, w->e) > 0) {
		if (!named)
			hide_tell(w, i, rest);
		hide_tell(w, rest + hide_public_place(t, rest, w->e), w->e);
	} else if (n > 0) {
		hide_tell(w, i + hide_match(t, i, with) + n, w->e);
	} else {
		hide_tell(w, named ? rest : i, w->e);
	}
	return true;
}

/* Whether the letter says that the one called so (n bytes at b) suffered. */
static bool
is_victim(const struct hide_text *t, size_t b, size_t n)
{
	static const char *const before[] = {"被打的是", "被打的", "伤者",
	    "死者", "受害人", "被害人", "受害的是", "伤的是", "被撞的是",
	    "被砍的是", "受伤的是", "受伤的", "打伤了", "打了", "打伤", NULL};
	static const char *const behind[] = {
	    "被", "遭", "受伤", "的腿", "的手", "的头", "住院", "挨", NULL};
	const char *at = t->s;

	while ((at = memmem(at, t->len - (size_t)(at - t->s), t->s + b, n)) !=
	    NULL) {
		size_t i = (size_t)(at - t->s);

		if (hide_match_before(t, i, before) > 0 ||
		    hide_match(t, i + n, behind) > 0)
			return true;
		at += n;
	}
	return false;
}

bool
hide_take_kin_of(struct walk *w, size_t b)
{
	static const char *const more[] = {"家属", "家里人", "邻居", "徒弟",
	    "同事", "工友", "战友", "朋友", "老乡", NULL};
	const struct hide_text *t = w->t;
	size_t n = who_at(t, b, w->e), at = b + n, kin;

	if (n == 0)
		return false;
	at += hide_at(t, at, "的") ? strlen("的") : 0;
	kin = hide_kin_chain(t, at);
	if (kin == 0)
		kin = hide_match(t, at, more);
	if (kin == 0 || at + kin != w->e || !is_victim(t, b, n))
		return false;
	hide_learn(w->k, t->s + b, n, false);
	hide_tell(w, b, w->e);
	return true;
}
