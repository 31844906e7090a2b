/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hide/clause.h"
#include "hide/index.h"
#include "hide/rules.h"
#include "hide/text.h"
#include "hide/words.h"

/*
 * Who and what belongs to the writer: his kin, whoever he writes for, a shop.
 * Said once (我奶奶, 代外婆写信, 我店), and from then on spoken of without 我.
 */

/* Characters of a request: 托我写这封信. */
#define MOST_REQUEST 8

static void
learn_kin(struct hide_known *k, const struct hide_text *t, size_t i, size_t n)
{
	static const char *const young[] = {"儿子", "女儿", "闺女", "孙", "外甥",
	    "侄", "娃", "孩子", "小孩", "宝宝", "丫头", "弟弟", "妹妹", NULL};
	static const char *const elder[] = {"父", "母", "爸", "妈", "爹", "娘",
	    "爷", "奶", "公", "婆", "姥", "岳", "丈人", "老人", "伯", "叔", "舅",
	    "姑", "姨", NULL};

	k->young = k->young || hide_find_any(t, i, i + n, young) < i + n;
	k->elder = k->elder || hide_find_any(t, i, i + n, elder) < i + n;
	if (k->n_kin == HIDE_KIN || n >= HIDE_KIN_BYTES || n < 3)
		return;
	memcpy(k->kin[k->n_kin], t->s + i, n);
	k->kin[k->n_kin++][n] = '\0';
}

bool
hide_accuses_before(const struct hide_text *t, size_t self)
{
	static const char *const accuses[] = {"举报", "控告", "检举", "揭发",
	    "投诉", "大义灭亲", NULL};
	size_t b = self;

	while (b > 0 && !hide_ends_clause(t, hide_prev(t, b)) &&
	       hide_chars(t, b, self) < 12)
		b = hide_prev(t, b);
	return hide_find_any(t, b, self, accuses) < self;
}

bool
hide_does_wrong(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const wrongs[] = {"收保护费", "收钱", "强占",
	    "霸占", "占道", "倒土", "倒渣土", "倒垃圾", "打人", "骂人", "闹事",
	    "敲诈", "勒索", "放高利", "放贷", "垄断", "强收", "强卖", "欺行",
	    "带人", "当打手", "当保护伞", "涉黑", "吸毒", "赌博", "开赌场", NULL};
	static const char *const suffers[] = {
	    "被", "遭", "受", "劝", "不让", "阻", "制止", "举报", "拦", "拍", "看",
	    "发现", "因", "说", "反对", "不肯", "不交", "不给", "没交", "路过", NULL};
	size_t at = hide_find_any(t, b, e, wrongs);

	return at < e && hide_find_any(t, b, at, suffers) == at;
}

/* 我奶奶, 我的大哥 */
static void
take_said(
    const struct hide_text *t, struct hide_known *k, size_t self, size_t i)
{
	size_t n;

	if (hide_at(t, i, "的") || hide_at(t, i, "家"))
		i += strlen("的");
	n = hide_kin_at(t, i);
	if (n > 0 && !hide_accuses_before(t, self))
		learn_kin(k, t, i, n);
}

/* 替邻居毕大爷写的 */
static void
take_charge_of(struct hide_text *t, struct hide_known *k, size_t at)
{
	static const char *const near[] = {"邻居", "同事", "朋友", "老乡", "工友",
	    "同学", "亲戚", "房东", "老人", "村民", "一位", "一个", "家", "的",
	    NULL};
	static const char *const acts[] = {
	    "写", "反映", "举报", "投诉", "发", "申诉", "求助", "打字", NULL};
	size_t b = at, n, e = hide_clause_end(t, at);

	while ((n = hide_match(t, b, near)) > 0)
		b += n;
	if (b == at)
		return;
	for (n = 9; n >= 6; n -= 3)
		if (b + n <= e &&
		    (hide_is_name(t, b, b + n) || hide_is_nick(t, b, b + n)) &&
		    (b + n == e || hide_match(t, b + n, acts) > 0))
			break;
	if (n < 6)
		return;
	hide_learn(k, t->s + b, n, false);
	hide_add(t, b, b + n);
	t->he = t->she = true;
}

/* 代外婆写信, 替我父亲反映, 受母亲委托 */
static void
take_charge(struct hide_text *t, struct hide_known *k, size_t i)
{
	static const char *const heads[] = {"替", "代", "帮", "受", NULL};
	static const char *const acts[] = {"写", "反映", "举报", "投诉", "发",
	    "申诉", "求助", "来信", "告状", "投书", "打字", "打的字", "委托",
	    "之托", "所托", "说", "问", "喊冤", "讨", "提", NULL};
	size_t at = i + hide_match(t, i, heads), n, end;

	if (at == i)
		return;
	at += hide_self_at(t, at);
	n = hide_kin_at(t, at);
	if (n == 0)
		take_charge_of(t, k, at);
	if (n == 0)
		return;
	end = hide_clause_end(t, at);
	/* 代老母亲蔺春芳写 */
	for (size_t given = 9; given >= 6; given -= 3)
		if (at + n + given <= end &&
		    hide_is_name(t, at + n, at + n + given) &&
		    (at + n + given == end ||
			hide_match(t, at + n + given, acts) > 0)) {
			learn_kin(k, t, at, n);
			hide_learn_name(k, t, at + n, at + n + given);
			hide_add(t, at, at + n + given);
			return;
		}
	if (at + n == end || hide_match(t, at + n, acts) > 0 ||
	    (hide_chars(t, at + n, end) <= MOST_REQUEST &&
		hide_find_any(t, at + n, end, acts) < end))
		learn_kin(k, t, at, n);
}

/* 邻居老人冉秀贞不识字，托我写这封信: who asked for it, at the sentence's
 * start. */
static void
take_asker(struct hide_text *t, struct hide_known *k, size_t i)
{
	static const char *const asks[] = {"托我", "委托我", "让我", "请我",
	    "叫我", "求我", "要我", "托俺", "让俺", NULL};
	static const char *const acts[] = {"写", "代写", "代笔", "反映", "发",
	    "代", "帮他", "帮她", "替他", "替她", "举报", "投诉", "打字", NULL};
	static const char *const who[] = {"邻居", "老人", "老大爷", "老大娘",
	    "老太太", "大爷", "大娘", "大妈", "朋友", "同事", "工友", "老乡",
	    "同学", "村民", "租户", "业主", "亲戚", "隔壁", "的", "楼下",
	    "楼上", "我", "一位", "一个", "同村", "战友", "师傅", NULL};
	size_t n = hide_match(t, i, asks), b, k_n, e;

	if (n == 0 || hide_match(t, i + n, acts) == 0)
		return;
	b = hide_skip_blank(t, hide_sentence_start(t, i), i);
	while (b < i && (k_n = hide_match(t, b, who)) > 0)
		b += k_n;
	for (e = 9; e >= 6; e -= 3)
		if (b + e <= i && hide_is_name(t, b, b + e) &&
		    (b + e == i || !hide_is_han(t, b + e) ||
			hide_name_at(t, b, i) == e ||
			hide_starts_event(t, b + e) ||
			hide_life_at(t, b + e) > 0))
			break;
	if (e < 6 || hide_match(t, b, hide_others) > 0)
		return;
	hide_learn_name(k, t, b, b + e);
	hide_add(t, b, b + e);
	t->she = t->she || hide_at(t, i + n, "替她") || hide_at(t, i + n, "帮她");
	t->he = t->he || hide_at(t, i + n, "替他") || hide_at(t, i + n, "帮他");
	k->elder = true;
}

/* 我开快递驿站的, 我在后街经营一家诊所: the word for what one keeps. */
static void
take_business(const struct hide_text *t, struct hide_known *k, size_t i)
{
	static const char *const keeps[] = {"开着", "开了", "开", "经营", "承包",
	    "办了", "盘了", "盘下", NULL};
	static const char *const ones[] = {"一家", "一间", "一个", "家", "间",
	    "个", NULL};
	static const char *const no_business[] = {"车", "会", "门", "始", "口",
	    "工", "学", "塔", "挖", "吊", "铲", "叉", "的", "玩笑", NULL};
	size_t e = hide_clause_end(t, i), at, b, n;

	at = hide_find_any(t, i, e, keeps);
	if (at == e || hide_chars(t, i, at) > 8)
		return;
	at += hide_match(t, at, keeps);
	while ((n = hide_match(t, at, ones)) > 0)
		at += n;
	if (hide_match(t, at, no_business) > 0)
		return;
	if (hide_before(t, e, "的"))
		e -= strlen("的");
	if (!hide_all_han(t, at, e) || hide_chars(t, at, e) < 2 ||
	    hide_chars(t, at, e) > 8)
		return;
	b = e - 2 * strlen("店");
	if (e - b < sizeof(k->business)) {
		memcpy(k->business, t->s + b, e - b);
		k->business[e - b] = '\0';
	}
}

/* Whether 我店, 我家的店 … or 本店 stands there; self is n bytes at i. */
static bool
is_own_shop(const struct hide_text *t, size_t i, size_t n)
{
	static const char *const shops[] = {"店", "的店", "家店", "家的店",
	    "们店", "家小店", "的小店", "开的店", "摊", "的摊", "铺", "的铺",
	    "公司", "司", "厂", "馆", NULL};
	static const char *const houses[] = {
	    "本店", "本摊", "本公司", "本厂", "本饭店", "本超市", NULL};

	static const char *const firms[] = {
	    "公司", "饭店", "超市", "诊所", "店", "铺", "馆", "工作室", NULL};
	static const char *const theirs[] = {"他", "她", "你", "您", "在", "到",
	    "去", "那", "这", "给", "被", "和", "跟", "对", "找", "问", NULL};
	size_t e = i + n;

	if (n == 0)
		return hide_match(t, i, houses) > 0;
	if (hide_match(t, i + n, shops) > 0)
		return true;
	/* 我们装修公司 */
	for (int chars = 0; chars < 4 && hide_is_han(t, e); chars++) {
		e = hide_next(t, e);
		if (hide_match(t, e, firms) > 0)
			return hide_find_any(t, i + n, e, theirs) == e;
	}
	return false;
}

void
hide_find_own(struct hide_text *t, struct hide_known *k)
{
	/* The first characters of what is asked for besides the selves. */
	static const char heads[] = "替代帮受托委让请叫求要本";
	static const char *const cars[] = {"车", "的车", "家车", "家的车",
	    "那辆", "那台", "这辆", "停在", "停的", "开的车", "骑的", "的电动车",
	    "的面包车", "的货车", "的三轮", "的小车", "的轿车", "的私家车", NULL};
	size_t n;

	for (size_t i = 0; i < t->len; i = hide_next(t, i)) {
		if (!hide_is_han(t, i))
			continue;
		n = hide_self_at(t, i);
		if (n > 0) {
			take_said(t, k, i, i + n);
			take_business(t, k, i + n);
		} else if (!hide_in_set(heads, t->s + i)) {
			continue;
		}
		t->shop = t->shop || is_own_shop(t, i, n);
		t->car = t->car || (n > 0 && hide_match(t, i + n, cars) > 0);
		take_charge(t, k, i);
		take_asker(t, k, i);
	}
}

size_t
hide_own_kin_at(
    const struct hide_text *t, const struct hide_known *k, size_t i)
{
	static const char *const elders[] = {"老人家", "老人", "老两口", "老爷子",
	    "老太太", "老父亲", "老母亲", NULL};
	static const char *const children[] = {
	    "孩子", "小孩", "娃儿", "娃", "宝宝", NULL};
	/* Nobody says 家父 of another's. */
	static const char *const humble[] = {"家父", "家母", "家兄", "家姐",
	    "家祖父", "家严", "家慈", "舍弟", "舍妹", "小儿", "犬子", "犬女",
	    "小婿", "内子", "内人", "拙荆", "贱内", "外子", "先父", "先母", "先夫",
	    "先妻", "亡父", "亡母", "家叔", "家舅", NULL};
	size_t n = hide_kin_at(t, i);

	if (n > 0 && hide_match(t, i, humble) == n)
		return n;
	if (n > 0)
		for (size_t at = 0; at < k->n_kin; at++)
			if (strlen(k->kin[at]) == n &&
			    memcmp(k->kin[at], t->s + i, n) == 0)
				return n;
	n = k->elder ? hide_match(t, i, elders) : 0;
	if (n == 0 && k->young)
		n = hide_match(t, i, children);
	return n;
}
