/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hide/rules.h"
#include "hide/text.h"
#include "hide/walk.h"
#include "hide/words.h"

/* ---- what is one's own -------------------------------------------------- */

/* Bytes of a word for kin with what may stand in front: 七十岁的父亲. */
size_t
hide_kin_behind(const struct hide_text *t, size_t i, size_t e)
{
	static const char *const ages[] = {"年迈", "八", "七", "六", "九",
	    "残疾", "生病", "患病", "老实", "年过", "年近", "刚", "不满", "十",
	    "未成年", "瘫痪", "卧床", NULL};
	size_t n = hide_kin_chain(t, i), at = i;

	if (n == 0 && hide_match(t, i, ages) == 0 && !hide_is_digit(t, i))
		return 0;
	for (int chars = 0; n == 0 && at < e && chars < 8; chars++) {
		at = hide_next(t, at);
		if (hide_before(t, at, "的"))
			n = hide_kin_chain(t, at);
	}
	return n > 0 ? at + n - i : 0;
}

/* A name behind a word for kin, whatever follows it; 悠悠. */
static size_t
name_of_kin(const struct hide_text *t, size_t at, size_t e)
{
	size_t n = hide_name_at(t, at, e);

	if (n == 0)
		n = hide_nick_at(t, at, e);
	if (n == 0 && at + 6 <= e && hide_is_han(t, at) &&
	    memcmp(t->s + at, t->s + at + 3, 3) == 0)
		n = 6;
	if (n == 0 && at + 9 <= e && hide_is_name(t, at, at + 9) &&
	    hide_skip_adverbs(t, at, e) == at && !hide_starts_event(t, at) &&
	    hide_life_at(t, at) == 0 && !hide_tells_event(t, at, at + 9))
		n = 9;
	return n;
}

/* 我同事毕小龙被打了: bytes of 同事 in front of a name; who is not named may be
 * anybody. */
static size_t
fellow_named(const struct hide_text *t, size_t i, size_t e)
{
	static const char *const fellows[] = {"同事", "工友", "室友", "徒弟",
	    "战友", "同学", "发小", "闺蜜", "合伙人", "搭档", "老乡", "朋友", NULL};
	static const char *const deeds[] = {"打", "收", "带人", "说", "告诉", "看",
	    "拍", "也", "可以", "能", "愿", "知道", NULL};
	size_t n = hide_match(t, i, fellows), name;

	if (n == 0)
		return 0;
	name = name_of_kin(t, i + n, e);
	return name > 0 && hide_match(t, i + n + name, deeds) == 0 ? n : 0;
}

/* 孩子才八个月 */
static bool
is_young(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const onlys[] = {"才刚", "才", "刚满", "刚", "还不到",
	    "不到", "不满", "今年", NULL};
	static const char *const ends[] = {
	    "个月", "个多月", "岁", "岁半", "年级", "周岁", NULL};

	return hide_match(t, b, onlys) > 0 && hide_chars(t, b, e) <= 7 &&
	       hide_match_before(t, e, ends) > 0;
}

/* 我爸滕玉贵, 我前妻的弟弟, 我女儿悠悠读五年级 */
bool
hide_take_kin(struct walk *w, size_t self, size_t i)
{
	static const char *const calls[] = {"名叫", "叫做", "叫", "姓名", "姓",
	    "的名字叫", "的名字是", ":", NULL};
	static const char *const firsts[] = {"老大", "老二", "老三", "老四",
	    "老幺", "老小", "那口子", "娃", "小子", "丫头", "老头子", "老太太",
	    "老爷子", "老婆子", "掌柜的", "那位", NULL};
	static const char *const deaths[] = {"没了", "走了", "去世", "过世",
	    "病故", "去世了", "过世了", "死了", "走得早", "不在了", "去世得早",
	    NULL};
	const struct hide_text *t = w->t;
	size_t n, at, name, said;

	if ((hide_at(t, i, "的") || hide_at(t, i, "家")) &&
	    hide_kin_at(t, i) == 0)
		i += strlen("的");
	n = hide_kin_behind(t, i, w->e);
	if (n == 0)
		n = fellow_named(t, i, w->e);
	if (n == 0 && hide_before(t, i, "家"))
		n = hide_match(t, i, firsts);
	if (n == 0)
		return false;
	at = i + n;
	at += hide_match(t, at, calls);
	name = name_of_kin(t, at, w->e);
	/* 姨父叫来福生: a name of whatever surname */
	if (name == 0 && hide_before(t, at, "叫") && at > i + n &&
	    hide_all_han(t, at, w->e) && hide_chars(t, at, w->e) >= 2 &&
	    hide_chars(t, at, w->e) <= 4 && !hide_is_mind_at(t, at)) {
		name = w->e - at;
		hide_learn(w->k, t->s + at, name, false);
	}
	if (name > 0 && (hide_accuses_before(t, self) ||
			    hide_does_wrong(t, at + name, w->e))) {
		hide_add(w->t, self, i + n);
		return true;
	}
	if (name > 0) {
		hide_learn_name(w->k, t, at, at + name);
		hide_add(w->t, at > i + n ? at : self, at + name);
		w->topic = TOPIC_SELF;
		w->told = true;
		at += name;
	}
	said = hide_skip_adverbs(t, at, w->e);
	w->kin = true;
	if (hide_chars(t, said, w->e) <= 8 &&
	    hide_find_any(t, said, w->e, deaths) < w->e)
		hide_tell(w, said, w->e);
	else if (!hide_take_copula(w, said) && !hide_take_place(w, said) &&
		 said < w->e &&
		 (hide_is_build(t, said, w->e) ||
		     !hide_tells_event(t, said, w->e)) &&
		 (hide_life_at(t, said) > 0 || hide_is_build(t, said, w->e) ||
		     is_young(t, said, w->e) ||
		     ((!hide_starts_event(t, said) ||
			  (name > 0 && hide_chars(t, said, w->e) <= 6 &&
			      !hide_is_mind_at(t, said))) &&
			 hide_chars(t, said, w->e) <= MOST_BARE &&
			 !hide_has_matter(t, said, w->e))))
		hide_tell(w, said, w->e);
	if (hide_covered(t, said))
		hide_add(w->t, at, said);
	return true;
}

/* 请联系我亲家母蒯振邦: nothing but the name is judged. */
void
hide_take_named_kin(struct walk *w, size_t self, size_t i)
{
	size_t n = hide_kin_behind(w->t, i, w->e), name;

	if (n == 0)
		return;
	name = name_of_kin(w->t, i + n, w->e);
	if (name > 0 && !hide_accuses_before(w->t, self)) {
		hide_learn_name(w->k, w->t, i + n, i + n + name);
		hide_add(w->t, self, i + n + name);
	}
}

/* Things one has that tell nothing of who one is. */
static const char *const abstract[] = {"意见", "要求", "诉求", "目的", "理由",
    "想法", "问题", "意思", "损失", "看法", "建议", "心", "希望", "愿望",
    "请求", "责任", "义务", "权利", "态度", "话", "判断", "印象", "感觉", "钱",
    "东西", "人", "事", "材料", "证据", "视频", "照片", "录音", "举报", "投诉",
    "反映", "信", "邮件", "天", "妈呀", "理解", "推测", "猜测", "分析", "经历",
    "遭遇", "伤", "病", "处境", "困难", "那天", "时候", NULL};

/* 住院病历号是…, 会员编号为… */
static bool
is_numbered(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const marks[] = {
	    "号是", "号为", "编号", "号:", NULL};
	size_t at = hide_find_any(t, b, e, marks);

	return at < e && hide_chars(t, b, at) <= 6 &&
	       hide_has_digit(t, at, e) && !hide_tells_event(t, b, e) &&
	       !hide_has_others(t, b, at);
}

/* 我骑的那辆绿源电动车被他们扣了 */
static bool
take_pointed(struct walk *w, size_t b)
{
	static const char *const stops[] = {"被", "就", "也", "都", "让", "叫",
	    "没", "不", "停", "昨", "今", "在", "给", "遭", "已", "砸", "扣", "拖",
	    "推", "弄", NULL};
	size_t e = hide_find_any(w->t, b, w->e, stops);

	if (hide_chars(w->t, b, e) < 2 || hide_chars(w->t, b, e) > 12)
		return false;
	hide_tell(w, b, e);
	return true;
}

/* 我的车是白色朗逸, 我开的店叫净美, 我微信名“…”, 我那个摊在… */
bool
hide_take_thing(struct walk *w, size_t i)
{
	static const char *const makes[] = {"家的", "家那个", "家那", "家这",
	    "家开的", "自己的", "自己开的", "开的那个", "开的那家", "开的",
	    "的那个", "的那家", "的那辆", "的这个", "的", "那个", "那辆",
	    "那家", "骑的那辆", "骑的", "住的", "租的", "经营的", "承包的",
	    "们的", "在群里的", "在群里", "用的", "养的", "们", "家", "司",
	    "公司", "这边", "这里", "这儿", "那边", "屋里厢", "屋里", "屋企",
	    NULL};
	static const char *const nouns[] = {"单位", "店", "摊", "摊子", "摊位",
	    "公司", "房子", "学校", "厂", "铺子", "门面", "门店", "宿舍",
	    "办公室", "工位", "站点", "过渡房", "工作室", "工地", "住处",
	    "住所", "鱼塘", "大棚", NULL};
	static const char *const seats[] = {
	    "就在", "在", "位于", "开在", "摆在", NULL};
	static const char *const verbs[] = {"名字叫", "名叫", "叫做", "叫",
	    "就是", "都是", "是", "为", ":", "就在", "在", "位于", "开在",
	    "摆在", "名为", NULL};
	static const char *const manner[] = {"被", "他", "她", "不", "没", "最",
	    "第", "这", "那", "有", "合法", "在", "干净", "新", "怎", "什么",
	    "如何", "从", "给", "为了", "因为", "要", "想", "应", "好", "坏",
	    "一样", "滴", "流", "抖", "哪", "谁", "我", NULL};
	static const char *const times[] = {
	    "期间", "时", "时候", "后", "前", NULL};
	static const char *const pointing[] = {
	    "那辆", "那家", "那个", "开的", "骑的", NULL};
	const struct hide_text *t = w->t;
	size_t n, v, at;
	bool seat;

	n = hide_match(t, i, makes);
	if (n == 0 && is_numbered(t, i, w->e)) {
		hide_tell(w, i, w->e);
		return true;
	}
	if (n == 0 && hide_match(t, i, nouns) == 0)
		return false;
	if (hide_match(t, i + n, abstract) > 0)
		return false;
	at = i + n;
	for (v = 0; at < w->e && hide_chars(t, i + n, at) <= 6;
	     at = hide_next(t, at)) {
		v = hide_match(t, at, verbs);
		if (v > 0 && (at > i + n || !hide_at(t, i, "的")))
			break;
	}
	if (v == 0 && hide_match_before(t, i + n, pointing) > 0)
		return take_pointed(w, i + n);
	if (v == 0 || at >= w->e || hide_tells_event(t, i, w->e))
		return false;
	if (hide_match_before(t, w->e, times) > 0)
		return false;
	seat = hide_match(t, at, seats) > 0;
	at += v;
	if (hide_match(t, at, manner) > 0 || hide_starts_event(t, at) ||
	    (!seat && hide_match(t, at, hide_others) > 0))
		return false;
	hide_tell(w, i, w->e);
	return true;
}

/* 我家老二, 我家的“四季鲜”水果店: a name that only the house gives. */
bool
hide_take_house(struct walk *w, size_t i)
{
	static const char *const shops[] = {"店", "饭店", "水果店", "饭馆",
	    "面馆", "超市", "小吃", "理发店", "摊", "摊子", "酒楼", "火锅店",
	    "烧烤店", "馆", "铺", "厂", "公司", "旅社", "宾馆", "茶楼", "网吧",
	    NULL};
	const struct hide_text *t = w->t;
	size_t at = i, end;

	if (!hide_at(t, at, "家"))
		return false;
	at += strlen("家");
	if (hide_at(t, at, "的"))
		at += strlen("的");
	if (!hide_at(t, at, "“"))
		return false;
	for (end = at; end < w->e && !hide_at(t, end, "”");)
		end = hide_next(t, end);
	if (end >= w->e)
		return false;
	end += strlen("”");
	end += hide_match(t, end, shops);
	hide_tell(w, at, end);
	return true;
}
