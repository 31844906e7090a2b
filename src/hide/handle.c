/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hide/number.h"
#include "hide/rules.h"
#include "hide/text.h"
#include "hide/words.h"

static bool
is_mail_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr("._%+-", c) != NULL);
}

/* @阿泽今天吃什么, @kev.huang.eats: a handle, unless an office's. */
static size_t
take_mention(struct hide_text *t, struct hide_known *k, size_t at)
{
	static const char *const stops[] = {"在此", "在这", "就是", "发", "的",
	    "，", " ", "上", "是", "我", "请", "求", NULL};
	static const char *const offices[] = {"发布", "城管", "公安", "平安",
	    "市", "局", "政府", "热线", "交警", "环保", "住建", "日报", "新闻",
	    "晚报", "电视", "信访", NULL};
	size_t b = at + 1, e = b;

	if (hide_is_han(t, b)) {
		e = hide_clause_end(t, b);
		e = hide_find_any(t, b, e, stops);
		if (hide_chars(t, b, e) > 12 ||
		    hide_find_any(t, b, e, offices) < e)
			return e > b ? e : b;
	} else {
		while (e < t->len && is_mail_char(t->s[e]))
			e++;
		while (e > b && !hide_is_alnum(t, e - 1))
			e--;
	}
	if (e < b + 3 || hide_owner_of(t, at, e) == OWNER_OTHER ||
	    hide_is_their_sentence(t, at))
		return e > b ? e : b;
	hide_learn(k, t->s + b, e - b, false);
	hide_add(t, at, e);
	return e;
}

size_t
hide_take_mail(struct hide_text *t, struct hide_known *k, size_t at)
{
	size_t b = at, e = at + 1;

	while (b > 0 && is_mail_char(t->s[b - 1]))
		b--;
	while (e < t->len && is_mail_char(t->s[e]))
		e++;
	while (e > at + 1 && !hide_is_alnum(t, e - 1))
		e--;
	if (b == at)
		return take_mention(t, k, at);
	if (e == at + 1 || hide_owner_of(t, b, e) == OWNER_OTHER)
		return e;
	hide_learn(k, t->s + b, e - b, false);
	hide_add(t, b, e);
	return e;
}

const char *const hide_handles[] = {"微信号码", "微信号", "微信", "vx", "wx",
    "v信", "v号", "威信", "薇信", "徽信", "wechat", "weixin", "qq号码", "qq号",
    "qq", "扣扣", "企鹅", "抖音号", "抖音", "快手号", "快手", "微博",
    "支付宝账号", "支付宝", "联系方式", "telegram", "whatsapp", "小红书",
    "skype", "line", "视频号", "公众号", "b站", "ins", "ig", "商务微", "加v",
    "我v", "可加", "请加", "加我", "的话加", "就加", "联系加", NULL};

/* Lily不加糖: a few Han up to the clause's end belong to it. */
static size_t
end_of_mixed(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const words[] = {"的", "是", "我", "号", "同", "可",
	    "找", "联", "或", "和", "也", "在", "他", "她", "发",
	    "聊", "给", "详", "问", "说", "你", NULL};
	size_t end = hide_clause_end(t, e);

	if (e < b + 2 || end == e || hide_chars(t, e, end) > 4 ||
	    !hide_all_han(t, e, end) || hide_find_any(t, e, end, words) < end)
		return e;
	return end;
}

/* 我的视频号叫洛城老炮儿, 视频号：…: a name in Han behind the word at i. */
static bool
is_own_channel(const struct hide_text *t, size_t i, size_t n)
{
	static const char *const channels[] = {"视频号", "公众号", "抖音",
	    "快手", "小红书", "b站", "微博", NULL};
	static const char *const names[] = {
	    "号:", ":", "叫", "号叫", "名叫", "账号:", "号是", NULL};
	size_t b = i;

	if (hide_match(t, i, channels) == 0 || hide_match(t, i + n, names) == 0)
		return false;
	if (i == 0 || hide_ends_clause(t, hide_prev(t, i)))
		return t->s[i + n] == ':' || hide_at(t, i + n, "号:");
	while (b > 0 && !hide_ends_clause(t, hide_prev(t, b)) &&
	       hide_chars(t, b, i) < 8)
		b = hide_prev(t, b);
	return hide_find_any(t, b, i, hide_selves) < i;
}

size_t
hide_take_handle(struct hide_text *t, struct hide_known *k, size_t i, size_t n)
{
	static const char *const between[] = {":", " ", "(", ")", "是", "为",
	    "叫", "同号", "同", "号", "id", "名", "“", "\"", "账号", "帐号",
	    "加", "=", "我", "的", NULL};
	size_t b = i + n, e, j;

	if (i > 0 && hide_is_alnum(t, i) && hide_is_alnum(t, i - 1))
		return i + n;
	/* ins, ig; but institute, might */
	if (t->s[i] == 'i' && hide_is_alnum(t, i + n))
		return i + n;
	while ((j = hide_match(t, b, between)) > 0)
		b += j;
	e = b;
	if (t->s[b] == '@' && hide_is_han(t, b + 1))
		return take_mention(t, k, b);
	while (hide_is_alnum(t, e) ||
	       (e > b && (t->s[e] == '_' || t->s[e] == '-' || t->s[e] == '.')))
		e++;
	if (e == b && is_own_channel(t, i, n)) {
		e = hide_clause_end(t, b);
		if (hide_chars(t, b, e) >= 2 && hide_chars(t, b, e) <= 10)
			hide_add(t, b, e);
		return e;
	}
	e = end_of_mixed(t, b, e);
	if (e - b < 5 || t->s[e] == '@' || hide_ends_in_unit(t, e) ||
	    hide_owner_of(t, b, e) == OWNER_OTHER)
		return e > i ? e : i + n;
	hide_learn(k, t->s + b, e - b, false);
	/* wx:… is one word to the eye. */
	hide_add(t, n == 2 && hide_is_alnum(t, i) ? i : b, e);
	return e;
}
