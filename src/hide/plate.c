/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hide/number.h"
#include "hide/rules.h"
#include "hide/text.h"
#include "hide/words.h"

/* 苏A·D3X75白色卡罗拉就被划了: behind what the car is. */
static size_t
end_of_make(const struct hide_text *t, size_t i)
{
	static const char *const colours[] = {"白色", "黑色", "红色", "灰色",
	    "银色", "银灰色", "蓝色", "绿色", "黄色", "棕色", "橙色", "紫色",
	    "深蓝色", "金色", NULL};
	static const char *const stops[] = {"就", "被", "也", "都", "停", "的",
	    "在", "给", "让", "叫", "昨", "今", "前", "每", NULL};
	size_t b = hide_skip_blank(t, i, t->len), e;

	if (hide_match(t, b, colours) == 0)
		return i;
	e = hide_find_any(t, b, hide_clause_end(t, b), stops);
	return hide_chars(t, b, e) <= 10 ? e : i;
}

size_t
hide_take_own_plate(struct hide_text *t, size_t i)
{
	static const char *const owners[] = {
	    "我的", "我自己的", "我家", "我家的", "我", "本人", "本人的",
	    "我开的", "我们的", NULL};
	static const char *const things[] = {"车牌号码", "车牌号", "车牌",
	    "车号", "车子", "车", "电动车", "三轮车", "面包车", "货车", "轿车",
	    "小车", "私家车", NULL};
	size_t n = hide_match(t, i, owners), k, b, e;

	k = n == 0 ? 0 : hide_match(t, i + n, things);
	if (k == 0 && !hide_at(t, i, "我开的是"))
		return i;
	n += k;
	b = i + n;
	while (hide_at(t, b, "是") || hide_at(t, b, "号") || t->s[b] == ':' ||
	       t->s[b] == ' ' || t->s[b] == '(')
		b = hide_next(t, b);
	e = hide_is_han(t, b) ? b + 3 : b;
	while (hide_is_alnum(t, e) || hide_at(t, e, "·"))
		e = hide_next(t, e);
	if (e - b < 8 || !hide_has_digit(t, b, e))
		return i + n;
	e = end_of_make(t, e);
	hide_add(t, b, e);
	return e;
}

size_t
hide_take_plate(struct hide_text *t, size_t i)
{
	static const char *const mine[] = {"我那", "我这", "我的", "我家",
	    "我自己", "我开的", "我骑的", "我驾", "俺的", "俺家", "俺那", NULL};
	static const char *const vehicles[] = {"车", "车牌", "牌号", "牌照",
	    "电驴", "摩托", "面包", "卡", "轿", "号", NULL};
	static const char *const done[] = {"被", "撞", "从", "看", "拍", "跟",
	    "拦", "过", "门", "对", "他", "前", "后", "楼", "店", NULL};
	size_t e = i + 3, b = i;

	while (hide_is_alnum(t, e) || hide_at(t, e, "·"))
		e = hide_next(t, e);
	if (e - i < 9 || e - i > 13 || hide_is_digit(t, i + 3) ||
	    !hide_has_digit(t, i, e))
		return i;
	while (b > 0 && !hide_ends_clause(t, hide_prev(t, b)) &&
	       hide_chars(t, b, i) < 16)
		b = hide_prev(t, b);
	b = hide_find_any(t, b, i, mine);
	if (b == i || hide_find_any(t, b, i, done) < i ||
	    hide_find_any(t, b, i, vehicles) == i)
		return i;
	hide_add(t, i, e);
	return e;
}

size_t
hide_take_firm_code(struct hide_text *t, struct hide_known *k, size_t i)
{
	size_t e = i, digits = 0;

	if (!hide_is_digit(t, i) || (i > 0 && hide_is_alnum(t, i - 1)))
		return i;
	for (; hide_is_alnum(t, e) && e - i <= 18; e++)
		digits += hide_is_digit(t, e);
	if (e - i != 18 || digits < 9 || digits >= 17)
		return i;
	if (hide_owner_of(t, i, e) != OWNER_OTHER &&
	    !hide_is_their_sentence(t, i)) {
		hide_learn(k, t->s + i, e - i, false);
		hide_add(t, i, e);
	}
	return e;
}
