/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hide/clause.h"
#include "hide/rules.h"
#include "hide/text.h"
#include "hide/walk.h"
#include "hide/words.h"

/* How a letter begins, or ends, that has no 我. */

/* Bytes before the letter's end in which people sign. */
#define LAST_BYTES 300

/* 家长和志远，…: a sentence near the end that begins with what the writer is
 * and a name of whatever surname. */
static bool
take_role_name(struct walk *w, size_t i)
{
	static const char *const roles[] = {"家长", "业主", "村民", "居民",
	    "住户", "职工", "学生", "市民", "群众", "租户", "员工", "退休职工",
	    "党员", "老党员", "读者", "网友", NULL};
	static const char *const no_name[] = {"姓", "叫", "是", "说", "被", "的",
	    "们", "都", "也", "全", "很", "不", "没", "有", NULL};
	const struct hide_text *t = w->t;
	size_t n = hide_match(t, i, roles), b, chars;

	/* 孙子潘磊, of whom the letter spoke as 我奶奶 */
	if (n == 0 && w->k->n_kin > 0)
		n = hide_kin_at(t, i);
	b = i + n;
	if (n == 0 || t->len - i > LAST_BYTES)
		return false;
	chars = hide_chars(t, b, w->e);
	if (chars < 2 || chars > 3 || !hide_all_han(t, b, w->e) ||
	    hide_match(t, b, no_name) > 0 ||
	    hide_starts_event(t, b) || hide_is_mind_at(t, b) ||
	    hide_match(t, b, hide_others) > 3 ||
	    memmem(t->s, i, t->s + b, w->e - b) != NULL)
		return false;
	hide_learn_name(w->k, t, b, w->e);
	hide_tell(w, i, w->e);
	return true;
}

bool
hide_take_opening(struct walk *w, size_t i)
{
	static const char *const acts[] = {"实名举报", "举报", "反映", "投诉",
	    "求", "恳请", "控告", "检举", "揭发", "来信", "向你们", "向您",
	    "向领导", "向组织", "给你们", "向贵", NULL};
	static const char *const ones[] = {
	    "一个", "一名", "一位", "一群", NULL};
	static const char *const spans[] = {"辈子", "年", NULL};
	static const char *const kinds[] = {"人", "者", "员", "民", "户", "工",
	    "师", "妇", "汉", "兵", "主", "生", "妈妈", "家长", "老太", NULL};
	const struct hide_text *t = w->t;
	size_t act, n = hide_match(t, i, ones), age;

	if (!w->starts)
		return false;
	if (take_role_name(w, i))
		return true;
	if (w->topic == TOPIC_OTHER)
		return false;
	if (hide_before(t, w->e, "的") && hide_life_at(t, i) > 0 &&
	    hide_chars(t, i, w->e) <= 10 && !hide_tells_event(t, i, w->e)) {
		hide_tell(w, i, w->e);
		return true;
	}
	if (hide_life_at(t, i) > 0 && hide_chars(t, i, w->e) <= 12 &&
	    hide_find_any(t, i, w->e, spans) < w->e &&
	    !hide_tells_event(t, i, w->e)) {
		hide_tell(w, i, w->e);
		return true;
	}
	age = hide_find_any(t, i, w->e, (const char *const[]){"岁", NULL});
	if (age < w->e && hide_is_age(t, i, age + 3) &&
	    (hide_match_before(t, w->e, kinds) > 0 || age + 3 == w->e)) {
		hide_tell(w, i, w->e);
		return true;
	}
	act = hide_find_any(t, i, w->e, acts);
	/* 郭秀兰反映：…, before anything else */
	if (act < w->e && w->b == 0 && hide_is_name(t, i, act)) {
		hide_tell(w, i, act);
		return true;
	}
	if (act == w->e || act == i || hide_chars(t, i, act) > 16 ||
	    hide_tells_event(t, i, act))
		return false;
	for (size_t k = 6; k <= 9 && act >= i + n + k; k += 3)
		if ((hide_is_nick(t, act - k, act) ||
			hide_is_name(t, act - k, act)) &&
		    hide_before(t, act - k, "的")) {
			hide_tell(w, i, act);
			return true;
		}
	if (n == 0 || hide_match_before(t, act, kinds) == 0)
		return false;
	hide_tell(w, i, act);
	return true;
}
