/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hide/clause.h"
#include "hide/rules.h"
#include "hide/said.h"
#include "hide/text.h"
#include "hide/words.h"

size_t
hide_said_end(const struct hide_text *t, size_t b)
{
	size_t e = hide_clause_end(t, b), i = b;

	for (int n = 0; i < e && n < MOST_CHARS; n++)
		i = hide_next(t, i);
	return i;
}

void
hide_said(struct said *x, size_t b, size_t e)
{
	size_t n;

	b = hide_skip_blank(x->t, b, e);
	if (e <= b)
		return;
	hide_learn_name(x->k, x->t, b, e);
	/* 墟沟街道居民娄建华 */
	n = hide_name_before(x->t, b, e);
	if (n > 0 && hide_match_before(x->t, e - n, hide_roles) > 0)
		hide_learn_name(x->k, x->t, e - n, e);
	hide_add(x->t, b, e);
	if (e == x->e)
		hide_bio(x->t, x->k, e);
}

size_t
hide_skip_words(
    const struct hide_text *t, size_t i, const char *const *list)
{
	size_t n;

	while ((n = hide_match(t, i, list)) > 0)
		i += n;
	return i;
}

/* 我叫王小红, 本人姓何名军, 我的真名是… */
static bool
says_name(struct said *x)
{
	static const char *const before[] = {"的", "就", "名字", "姓名", "真名",
	    "全名", "大名", "实名", "真实姓名", "网名", "小名", "昵称", "也", " ",
	    NULL};
	static const char *const verbs[] = {"叫做", "叫", "名叫", "名字叫",
	    "是", "姓", "免贵姓", "名", "为", ":", NULL};
	static const char *const causes[] = {"他", "她", "它", "人", "你", "我",
	    "来", "不", "了", "过", "停", "救", "车", "天", "苦", "他们", NULL};
	size_t i = hide_skip_words(x->t, x->b, before), n, v, e;
	/* 打我的叫詹某 */
	bool doer = hide_at(x->t, x->b, "的") && x->self > 0 &&
		    hide_is_han(x->t, hide_prev(x->t, x->self)) &&
		    !hide_before(x->t, x->self, "是");
	bool noun = i > x->b && !hide_before(x->t, i, "就") &&
		    !hide_before(x->t, i, "也") && !hide_before(x->t, i, "的");

	v = hide_match(x->t, i, verbs);
	if (doer && v > 0 && i == x->b + strlen("的"))
		return true;
	if (noun && v == 0) {
		/* 我真名唐国庆, 我网名“独钓寒江” */
		n = hide_name_at(x->t, i, x->e);
		if (n == 0 && hide_chars(x->t, i, x->e) <= 8)
			n = x->e - i;
		hide_said(x, i, i + n);
		return n > 0;
	}
	if (v == 0 ||
	    (!noun &&
		(hide_at(x->t, i, "是") || hide_at(x->t, i, "为") ||
		    hide_at(x->t, i, "名") || x->t->s[i] == ':') &&
		!hide_at(x->t, i, "名叫") && !hide_at(x->t, i, "名字叫")))
		return false;
	e = hide_said_end(x->t, i + v);
	if (hide_at(x->t, i, "姓") || hide_at(x->t, i, "免贵姓")) {
		if (hide_chars(x->t, i + v, e) > 6)
			e = hide_next(x->t, i + v);
		x->e = e;
		hide_said(x, i + v, e);
		return true;
	}
	if (hide_match(x->t, i + v, causes) > 0)
		return false;
	n = hide_name_at(x->t, i + v, e);
	x->e = e;
	if (n > 0 && !hide_ends_with_role(x->t, i + v, e))
		hide_said(x, i + v, i + v + n);
	else if (hide_chars(x->t, i + v, e) <= 8 || noun || n > 0)
		hide_said(x, i + v, e);
	if (n > 0 && i + v + n < e)
		hide_bio(x->t, x->k, e);
	return true;
}

/* 我是…, 本人系…, 我们都是… */
static bool
says_what(struct said *x)
{
	static const char *const before[] = {"就", "也", "都", "只", "还",
	    "其实", "不过", "本来", "原来", "曾", "曾经", "以前", "原", " ",
	    "作为", NULL};
	static const char *const verbs[] = {
	    "是", "系", "乃", "属于", "作为", NULL};
	/* …事故的伤者: for say.c */
	static const char *const events[] = {
	    "事故的", "事件的", "案的", "案件的", "纠纷的", NULL};
	static const char *const articles[] = {"一名", "一个", "一位", "一家",
	    "一群", "个", "名", "位", "咱", "我们", "我", "你们", NULL};
	size_t i = hide_skip_words(x->t, x->b, before);
	size_t v = hide_match(x->t, i, verbs), b, e;

	if (v == 0)
		return false;
	b = hide_skip_blank(x->t, i + v, x->t->len);
	e = hide_said_end(x->t, b);
	if (hide_match(x->t, b, articles) > 0) {
		b = hide_skip_words(x->t, b, articles);
		e = hide_said_end(x->t, b);
	}
	b += hide_other_prefix(x->t, b, e);
	b += hide_employer(x->t, b, e);
	if (hide_find_any(x->t, b, e, events) < e)
		return false;
	x->e = e;
	hide_said(x, b, hide_complement_end(x->t, b, e));
	return true;
}

/* 芊芊, 乐乐: how children are called. */
static bool
is_doubled(const struct hide_text *t, size_t i)
{
	return hide_is_han(t, i) && i + 6 <= t->len &&
	       memcmp(t->s + i, t->s + i + 3, 3) == 0;
}

/* 我儿子朱浩, 我爱人韩志强是…, 我儿子在…上学 */
static bool
says_family(struct said *x)
{
	static const char *const verbs[] = {
	    "名叫", "叫", "是", "姓", ":", " ", "的名字叫", "(", NULL};
	static const char *const life[] = {"上学", "读", "念", "上班", "工作",
	    "上初", "上高", "上小学", "教书", "当", "上大学", "住", "打工",
	    "开", "任", "小学", "中学", "大学", "幼儿园", "年级", NULL};
	static const char *const charged[] = {"委托", "之托", "所托", NULL};
	static const char *const instead[] = {"替", "帮", "代", "代表", NULL};
	static const char *const near[] = {"邻居", "同事", "朋友", "亲戚",
	    "老乡", "房东", "老人", "同学", NULL};
	static const char *const hurt[] = {
	    "被", "打", "撞", "路", "看", "受", "时", NULL};
	size_t i = x->b, n, e;

	if (hide_at(x->t, i, "的"))
		i += 3;
	/* 我替邻居秦大爷写的 */
	n = hide_match(x->t, i, instead);
	if (n == 0 && hide_at(x->t, i, "受"))
		n = hide_find_any(x->t, i, x->e, charged) < x->e ? 3 : 0;
	if (n > 0) {
		size_t from = i + n;

		i = from + hide_match(x->t, from, near);
		i += hide_match(x->t, i, hide_families);
		n = hide_nick_at(x->t, i, x->e);
		if (n == 0)
			n = hide_name_at(x->t, i, x->e);
		hide_add(x->t, n > 0 ? from : i, i + n);
		hide_learn_name(x->k, x->t, i, i + n);
		if (n > 0)
			hide_bio(x->t, x->k, x->e);
		return n > 0;
	}
	if (hide_at(x->t, i, "大") || hide_at(x->t, i, "小"))
		i += hide_match(x->t, i, hide_families) > 0 ? 0 : 3;
	n = hide_match(x->t, i, hide_families);
	if (n == 0)
		return false;
	if (hide_accuses_before(x->t, x->self)) {
		hide_add(x->t, x->self, i + n);
		return true;
	}
	i = hide_skip_words(x->t, i + n, verbs);
	e = hide_said_end(x->t, i);
	x->e = e;
	n = hide_name_at(x->t, i, e);
	if (n == 0 && is_doubled(x->t, i))
		n = 6;
	if (n == 0 && hide_before(x->t, i, "姓"))
		n = hide_next(x->t, i) - i;
	if (n > 0 && hide_does_wrong(x->t, i + n, x->e))
		return true;
	if (n > 0) {
		hide_said(x, i, i + n);
		i += n;
	}
	/* 我儿子毕成今年十九 */
	if (n > 0 && i < e && hide_is_age(x->t, i, e))
		hide_said(x, i, e);
	if (i < e && (hide_at(x->t, i, "在") || hide_at(x->t, i, "也在")) &&
	    hide_find_any(x->t, i, e, life) < e &&
	    hide_find_any(x->t, i, e, hurt) == e)
		hide_said(x, i + hide_matter_place(x->t, i, e), e);
	return true;
}

/* 我以滕春花的名义保证, 我用滕春花这个名字 */
static bool
says_pledge(struct said *x)
{
	static const char *const ways[] = {"以", "用", "拿", NULL};
	size_t i = x->b + hide_match(x->t, x->b, ways), n;

	n = i > x->b ? hide_name_at(x->t, i, x->e) : 0;
	if (n == 0)
		return false;
	hide_said(x, i, i + n);
	return true;
}

/* 我今年68了, 我都七十多岁了, 本人女 */
static bool
says_age(struct said *x)
{
	if (!hide_is_age(x->t, x->b, x->e) &&
	    !(x->benren && hide_is_bio(x->t, x->b, x->e)))
		return false;
	hide_said(x, x->b, x->e);
	return true;
}

/* 本人王建军实名举报…, 我王小红…, 本人（王小红，女）… */
static bool
says_name_alone(struct said *x)
{
	static const char *const acts[] = {"实名", "举报", "投诉", "反映",
	    "检举", "控告", "保证", "声明", "郑重", "本人", "愿", "向", NULL};
	static const char *const copulas[] = {"系", "是", "乃", "为", NULL};
	size_t b = hide_skip_blank(x->t, x->b, x->e), n, e, v;

	if (x->t->s[x->b] == '(') {
		e = x->b;
		while (e < x->t->len && x->t->s[e] != ')' &&
		       x->t->s[e] != '\n' &&
		       hide_chars(x->t, x->b, e) < MOST_CHARS)
			e = hide_next(x->t, e);
		if (x->t->s[e] != ')')
			return false;
		hide_learn_name(
		    x->k, x->t, x->b + 1, hide_clause_end(x->t, x->b + 1));
		hide_add(x->t, x->b + 1, e);
		return true;
	}
	if (x->t->s[b] == ',' || x->t->s[b] == ':')
		b = hide_skip_blank(x->t, b + 1, x->t->len);
	e = hide_clause_end(x->t, b);
	if (x->benren && b > x->b && hide_is_bio(x->t, b, e)) {
		hide_bio(x->t, x->k, x->b);
		return true;
	}
	n = hide_name_at(x->t, b, e);
	if (n == 0 || (!x->benren && b > x->b && b + n < e))
		return false;
	if (!x->benren &&
	    (b + n == e ? b == x->b : hide_match(x->t, b + n, acts) == 0))
		return false;
	x->e = e;
	hide_said(x, b, b + n);
	/* 本人计春梅系第三清扫组组员 */
	v = hide_match(x->t, b + n, copulas);
	if (v > 0)
		hide_said(x, b + n + v,
		    hide_complement_end(x->t, b + n + v, e));
	return true;
}

/* 我和他是初中同学, 我们跟鲁家做过邻居 */
static bool
says_relation(struct said *x)
{
	static const char *const with[] = {"和", "跟", "与", "同", NULL};
	static const char *const verbs[] = {
	    "是", "当过", "做过", "曾是", "都是", "做", NULL};
	static const char *const ties[] = {"同学", "邻居", "亲戚", "战友",
	    "同事", "老乡", "朋友", "发小", "夫妻", "父子", "兄弟", "姐妹",
	    "师徒", "同乡", "亲家", "隔壁", "一个村", "同村", "对门", "同桌",
	    NULL};
	size_t i = x->b + hide_match(x->t, x->b, with), v;

	if (i == x->b)
		return false;
	v = hide_find_any(x->t, i, x->e, verbs);
	if (v == x->e || hide_chars(x->t, i, v) > 10 ||
	    hide_find_any(x->t, v, x->e, ties) == x->e)
		return false;
	hide_said(x, v + hide_match(x->t, v, verbs), x->e);
	return true;
}

/* 我就一个卖炒河粉的, 我西排9号的, 我沪上过来旅游的: no 是. */
static bool
says_what_bare(struct said *x)
{
	static const char *const articles[] = {
	    "一个", "一名", "一位", "就一个", "就一名", "只一个", NULL};
	static const char *const ends[] = {"来的", "旅游的", "号的", "楼的",
	    "栋的", "排的", "组的", "村的", "路过的", "来旅游的", NULL};
	size_t n = hide_match(x->t, x->b, articles);

	if (n > 0 && hide_is_kind(x->t, x->b + n, x->e)) {
		hide_said(x, x->b + n, x->e);
		return true;
	}
	if (n > 0 || hide_chars(x->t, x->b, x->e) > 12 ||
	    hide_match_before(x->t, x->e, ends) == 0 ||
	    hide_match(x->t, x->b, hide_manners) > 0)
		return false;
	hide_said(x, x->b, x->e);
	return true;
}

/* 我司（…有限公司）, 我把房子（…路72号）租给…: the brackets say which. */
static void
take_brackets(struct said *x)
{
	static const char *const things[] = {"家", "店", "房", "摊", "住",
	    "公司", "单位", "自己", "司", "厂", "村", "小区", "办公室", "门店",
	    "工作室", "宿舍", "学校", "楼", "院", "摊位", "铺", "仓库", NULL};
	size_t e = hide_clause_end(x->t, x->b), to = e;

	if (x->t->s[e] != '(' || hide_chars(x->t, x->b, e) > 8 ||
	    hide_find_any(x->t, x->self, e, things) == e)
		return;
	while (to < x->t->len && x->t->s[to] != ')' && x->t->s[to] != '\n' &&
	       hide_chars(x->t, e, to) < MOST_CHARS)
		to = hide_next(x->t, to);
	if (x->t->s[to] == ')')
		hide_add(x->t, e + 1, to);
}

/* 家长群里晨晨妈妈（我）已经… */
static void
take_apposition(struct said *x)
{
	static const char *const stops[] = {
	    "里", "的", "是", "中", "和", "叫", NULL};
	size_t b = x->self;

	if (x->self == 0 || x->t->s[x->self - 1] != '(' || x->t->s[x->b] != ')')
		return;
	for (b--; b > 0 && !hide_ends_clause(x->t, hide_prev(x->t, b)) &&
		  hide_match_before(x->t, b, stops) == 0 &&
		  hide_chars(x->t, b, x->self) < 8;)
		b = hide_prev(x->t, b);
	hide_add(x->t, b, x->self - 1);
}

/* 我家离得近，就在…4号: the clause behind says it. */
static void
take_next_door(struct said *x)
{
	static const char *const starts[] = {
	    "就在", "就住在", "就住", "也住", "住", NULL};
	size_t b = hide_clause_end(x->t, x->b), n, e;

	if (x->t->s[b] != ',' || !hide_at(x->t, x->b, "家"))
		return;
	b = hide_skip_blank(x->t, b + 1, x->t->len);
	n = hide_match(x->t, b, starts);
	e = hide_said_end(x->t, b);
	if (n > 0 && hide_has_door(x->t, b, e))
		hide_add(x->t, b + n, e);
}

/* 您叫我小郑就行, 大家都喊我老王 */
static bool
is_called(struct said *x)
{
	static const char *const calls[] = {"叫", "喊", "称呼", "称", NULL};
	static const char *const tails[] = {
	    "就行", "就好", "即可", "吧", "好了", "就可以", NULL};
	size_t e, i;

	if (hide_match_before(x->t, x->self, calls) == 0)
		return false;
	e = hide_said_end(x->t, x->b);
	i = hide_find_any(x->t, x->b, e, tails);
	if (hide_chars(x->t, x->b, i) > 4 || i == x->b ||
	    (i == e && !hide_is_nick(x->t, x->b, e) &&
		!hide_is_name(x->t, x->b, e)))
		return false;
	hide_learn_name(x->k, x->t, x->b, i);
	hide_add(x->t, x->b, i);
	return true;
}

static void
take_self(struct hide_text *t, struct hide_known *k, size_t at, size_t n)
{
	bool (*const rules[])(struct said *) = {is_called, says_pledge,
	    says_name, says_family, says_what, hide_says_where, hide_says_trade,
	    hide_says_own, says_age, says_relation, says_what_bare,
	    says_name_alone};
	struct said x = {.t = t, .k = k, .self = at, .b = at + n};

	if (hide_is_others_speech(t, at))
		return;
	/* Of more than a character, and no plural. */
	x.benren = n > strlen("我") && !hide_before(t, at + n, "们");
	x.e = hide_said_end(t, x.b);
	take_brackets(&x);
	take_apposition(&x);
	take_next_door(&x);
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (rules[i](&x))
			return;
}

/* “老尤，你再举报…”: how the citizen was addressed. */
static void
take_vocative(struct hide_text *t, struct hide_known *k, size_t i)
{
	size_t b, e;

	if (!hide_at(t, i, "“") && t->s[i] != '"')
		return;
	b = hide_next(t, i);
	e = hide_clause_end(t, b);
	if (t->s[e] != ',' || !hide_at(t, e + 1, "你") ||
	    (!hide_is_name(t, b, e) && !hide_is_nick(t, b, e)))
		return;
	hide_learn_name(k, t, b, e);
	hide_add(t, b, e);
}

void
hide_selves_said(struct hide_text *t, struct hide_known *k)
{
	size_t n;

	for (size_t i = 0; i < t->len; i = hide_next(t, i)) {
		n = hide_self_at(t, i);
		if (n == 0) {
			take_vocative(t, k, i);
			(void)hide_english_at(t, k, i);
			continue;
		}
		if (!hide_spend(t, i))
			return;
		take_self(t, k, i, n);
		i += n - 1;
	}
}
