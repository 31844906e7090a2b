/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hide/clause.h"
#include "hide/rules.h"
#include "hide/text.h"
#include "hide/walk.h"
#include "hide/words.h"

/* What the writer is called and what is labelled his without a word for him. */

size_t
hide_end_of_quote(const struct hide_text *t, size_t b, size_t e)
{
	size_t to = b;

	while (to < t->len && !hide_at(t, to, "”") && t->s[to] != '\n' &&
	       hide_chars(t, b, to) < 20)
		to = hide_next(t, to);
	return hide_at(t, to, "”") && to > e ? to + strlen("”") : e;
}

/* What stands in front of the clause is hidden, marks apart. */
static bool
is_behind_hidden(const struct walk *w)
{
	size_t b = w->b;

	while (b > 0 && (w->t->s[b - 1] == ' ' || w->t->s[b - 1] == ',' ||
			    hide_ends_clause(w->t, hide_prev(w->t, b))))
		b = hide_prev(w->t, b);
	return b > 0 && hide_covered(w->t, hide_prev(w->t, b));
}

bool
hide_take_called(struct walk *w, size_t i)
{
	static const char *const heads[] = {"名字叫", "名字是", "名叫", "叫做",
	    "叫", "姓名", "名字", "大名", "学名", "全名", "真名", "本名", "姓", "免贵姓",
	    "名", "单名", "大号", NULL};
	const struct hide_text *t = w->t;
	size_t n = hide_match(t, i, heads), b = i + n;

	if (n == 0 || (w->topic == TOPIC_OTHER
			      ? w->starts || !is_behind_hidden(w)
			      : !w->told && !is_behind_hidden(w)))
		return false;
	if (t->s[b] == ':' || hide_at(t, b, "是"))
		b = hide_next(t, b);
	/* 我开了家美甲店，叫“指尖花开” */
	if (w->shop && w->told && hide_at(t, i, "叫") &&
	    (hide_at(t, b, "“") || hide_is_sign_over(t, b, w->e))) {
		hide_tell(w, i, hide_at(t, b, "“")
				    ? hide_end_of_quote(t, b, w->e)
				    : w->e);
		return true;
	}
	if (!hide_is_name(t, b, w->e) && !hide_is_nick(t, b, w->e) &&
	    !(is_behind_hidden(w) && hide_at(t, i, "叫") && !w->starts &&
		hide_all_han(t, b, w->e) && hide_chars(t, b, w->e) <= 2 &&
		!hide_is_mind_at(t, b)) &&
	    !(hide_is_surname(t, b) && hide_chars(t, b, w->e) <= 3 &&
		hide_all_han(t, b, w->e)))
		return false;
	hide_learn_name(w->k, t, b, w->e);
	hide_tell(w, i, w->e);
	return true;
}

bool
hide_take_introduced(struct walk *w, size_t i)
{
	static const char *const who[] = {"老人", "老太太", "老大爷", "老爷子",
	    "孩子", "受害人", "受害者", "被害人", "伤者", "死者", "被打的人", "被打的",
	    "病人", "逝者", NULL};
	static const char *const calls[] = {"名叫", "名字叫", "叫", "姓", NULL};
	static const char *const is[] = {"是我", "就是我", "是俺", NULL};
	const struct hide_text *t = w->t;
	size_t n = hide_match(t, i, who), c = hide_match(t, i + n, calls), next,
	       k;

	/* 受害人邢大海是我丈夫 */
	for (size_t name = 9; n > 0 && c == 0 && name >= 6; name -= 3) {
		next = i + n + name;
		k = next < w->e ? hide_match(t, next, is) : 0;
		if (k == 0 || !hide_is_name(t, i + n, next) ||
		    hide_kin_chain(t, next + k) == 0)
			continue;
		hide_learn_name(w->k, t, i + n, next);
		hide_tell(w, i + n, w->e);
		w->kin = true;
		return true;
	}
	if (n == 0 || c == 0 || t->s[w->e] != ',')
		return false;
	next = hide_skip_blank(t, w->e + 1, t->len);
	k = hide_match(t, next, is);
	if (k == 0 || hide_kin_at(t, next + k) == 0)
		return false;
	hide_learn_name(w->k, t, i + n + c, w->e);
	hide_tell(w, i + n + c, w->e);
	w->kin = true;
	return true;
}

bool
hide_take_nickname(struct walk *w, size_t i)
{
	static const char *const places[] = {"群里", "群内", "群中", "网上",
	    "论坛", "论坛里", "贴吧", "直播间", "的", NULL};
	static const char *const heads[] = {"昵称", "网名", "群昵称", "微信名",
	    "微信昵称", "qq名", "群名片", "账号名", "用户名", "花名", "id",
	    "马甲", NULL};
	static const char *const links[] = {
	    "就叫", "叫", "就是", "是", "为", ":", " ", NULL};
	const struct hide_text *t = w->t;
	size_t b = i, n;

	while ((n = hide_match(t, b, places)) > 0)
		b += n;
	n = hide_match(t, b, heads);
	if (n == 0)
		return false;
	b += n;
	while ((n = hide_match(t, b, links)) > 0)
		b += n;
	if (b >= w->e || hide_chars(t, b, w->e) > 12 ||
	    hide_tells_event(t, b, w->e))
		return false;
	hide_tell(
	    w, i, hide_at(t, b, "“") ? hide_end_of_quote(t, b, w->e) : w->e);
	return true;
}

/* Whether the clause in front, of another sentence, brings somebody in: …叫沙某。
 */
static bool
is_behind_somebody(const struct walk *w)
{
	const struct hide_text *t = w->t;
	size_t e = w->b, b;

	while (e > 0 && (t->s[e - 1] == ' ' ||
			    hide_ends_clause(t, hide_prev(t, e))))
		e = hide_prev(t, e);
	for (b = e; b > 0 && !hide_ends_clause(t, hide_prev(t, b)) &&
		    hide_chars(t, b, e) < 24;)
		b = hide_prev(t, b);
	for (; b < e; b = hide_next(t, b))
		if (!hide_covered(t, b) &&
		    (hide_at(t, b, "“") || hide_match(t, b, hide_others) > 3 ||
			hide_name_at(t, b, e) > 0 ||
			(hide_is_surname(t, b) && hide_at(t, b + 3, "某"))))
			return true;
	return false;
}

/* Bytes of the word for what the writer keeps at i, with 名 behind it. */
static size_t
of_business(const struct walk *w, size_t i)
{
	static const char *const follows[] = {
	    "名字", "名", "在", "就在", "叫", "开在", "位于", NULL};
	size_t n = strlen(w->k->business);

	if (n == 0 || !hide_at(w->t, i, w->k->business) ||
	    hide_match(w->t, i + n, follows) == 0)
		return 0;
	return n + (hide_at(w->t, i + n, "名") ? hide_match(w->t, i + n, follows)
					       : 0);
}

bool
hide_take_headless(struct walk *w, size_t i)
{
	static const char *const mine[] = {"地址", "住址", "家庭住址", "户籍",
	    "户口在", "户口", "店名", "小店", "门面在", "门面是", "铺子在",
	    "店在", "店就在", "摊位", "摊位号", "摊位在", "摊子在", "站点是",
	    "站点", "铺号", "店号", "摊号", "房号", "门牌", "门牌号", "工号",
	    "学号", "身份证上名字", "身份证上的名字", "真名", "真实姓名",
	    "姓名", "单位", "工作单位", "公司名", "厂名", "收件地址",
	    "通信地址", "通讯地址", "联系地址", "邮寄地址", "现住址",
	    "常住地址", "户籍地址", "单位地址", "经营地址", "店址", "快递地址",
	    "送达地址", "大名", "家就在", "家在", "家住", "家里住", "老家",
	    "籍贯", "职业", "年龄", "人在", "发票抬头", "抬头", NULL};
	/* … unless somebody was brought in right before. */
	static const char *const doubtful[] = {
	    "住在", "现住", "现居", "住", "网名", "昵称", NULL};
	static const char *const links[] = {
	    "是", "为", ":", " ", "叫", "就在", "在", "写的", "就写", "写", "填",
	    "就填", NULL};
	static const char *const no_value[] = {"的", "被", "不", "没", "有",
	    "他", "她", "你", "您", "这", "那", "里", "上", "前", "后", "门",
	    "都", "也", "让", "进", "楼", "旁", "院", "手", "户", "老板", "领导",
	    "同事", "附近", "外", "每", "和", "跟", "一", "两", "三", NULL};
	static const char *const shops[] = {
	    "店名", "店在", "店就在", "门面在", "铺子在", "小店", "招牌是",
	    "门头是", "门头写着", "招牌写着", NULL};
	const struct hide_text *t = w->t;
	size_t n = hide_match(t, i, mine), b, k;
	bool ours = n == 0 && of_business(w, i) > 0;

	/* 驿站在华联小区西门, where he keeps one */
	if (n == 0)
		n = of_business(w, i);
	/* 姓滕名春花 */
	if (n == 0 && hide_at(t, i, "姓") && hide_is_surname(t, i + 3) &&
	    hide_chars(t, i, w->e) <= 6 &&
	    (hide_at(t, i + 6, "名") || hide_at(t, i + 6, ",名")))
		n = strlen("姓");
	if (n > 0 && t->shop && hide_match(t, i, shops) > 0)
		ours = true;
	if (n == 0 &&
	    (w->starts || (w->b > 0 && t->s[w->b - 1] == ' ')) &&
	    !is_behind_somebody(w))
		n = hide_match(t, i, doubtful);
	/* A blank parts them where no mark is: … 住3栋 楼下就是. */
	if (!w->starts && w->topic != TOPIC_SELF && !ours &&
	    (w->b == 0 || t->s[w->b - 1] != ' '))
		return false;
	for (b = i + n; n > 0 && (k = hide_match(t, b, links)) > 0;)
		b += k;
	if (n == 0 || b >= w->e || hide_match(t, b, no_value) > 0 ||
	    hide_chars(t, b, w->e) < 2 || hide_chars(t, b, w->e) > 20 ||
	    hide_match(t, b, hide_others) > 3 ||
	    hide_section_at(t, i) == OWNER_OTHER ||
	    hide_tells_event(t, b, w->e) || hide_starts_event(t, b))
		return false;
	hide_learn_name(w->k, t, b, w->e);
	hide_tell(w, i, w->e);
	return true;
}
