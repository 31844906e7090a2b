/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hide/clause.h"
#include "hide/rules.h"
#include "hide/text.h"
#include "hide/walk.h"
#include "hide/words.h"

/*
 * Names that no 我 leads to, by the frame in which they stand: whoever speaks
 * for others, and whoever begins a sentence that goes on as a signature does
 * (age, trade, telephone) near the letter's end.
 */

/* Clauses of such a sentence, and characters of one. */
#define MOST_CLAUSES 8
#define MOST_CHARS 24
/* Bytes before the letter's end in which one is looked for. */
#define LAST_BYTES 420

/* Behind 我 or 我们 these begin what is done, not what is had. */
static const char *const does[] = {
    "放", "在", "到", "去", "来", "把", "给", "有", "进", "从", NULL};

static const char *const colons[] = {":", ": ", NULL};

/* ---- who speaks for others ---------------------------------------------- */

/* 组长令狐海代表四组38户 */
bool
hide_take_speaker(struct walk *w, size_t i)
{
	static const char *const heads[] = {"代表", NULL};
	static const char *const many[] = {"户", "全体", "村民", "居民", "业主",
	    "职工", "商户", "工人", "我们", "大伙", "大家", "全组", "全村",
	    NULL};
	static const char *const tails[] = {
	    "反映", "举报", "投诉", "来信", "写信", NULL};
	const struct hide_text *t = w->t;
	size_t at = hide_find_any(t, i, w->e, heads), n, to;

	if (at == w->e || hide_chars(t, i, at) > 10)
		return false;
	n = hide_name_before(t, i, at);
	/* 组长令狐海: the longest would take the title's last character. */
	while (n > 6 && hide_is_surname(t, at - n + 3) &&
	       hide_match_before(t, at - n + 3, hide_roles) > 0)
		n -= 3;
	to = hide_find_any(t, at + strlen("代表"), w->e, tails);
	if (n == 0 || hide_find_any(t, at, w->e, many) == w->e ||
	    hide_tells_event(t, i, to))
		return false;
	hide_learn_name(w->k, t, at - n, at);
	hide_tell(w, i, to);
	return true;
}

/* 我代表翠屏山庄二期的老人们说几句: behind 我 at i. */
bool
hide_take_constituents(struct walk *w, size_t i)
{
	static const char *const ends[] = {"们", "业主", "居民", "村民", "住户",
	    "商户", "职工", "员工", "工人", "家长", "老人", "司机", "摊贩",
	    "群众", "老百姓", "农户", "学生", "全家", "大家", "人", "户",
	    "公司", "集团", "单位", "合作社", "商会", "协会", NULL};
	static const char *const acts[] = {"说", "反映", "举报", "投诉", "向",
	    "写", "恳", "请", "呼", "求", "联名", "来", "实名", "控告", "检举",
	    "给", NULL};
	static const char *const heads[] = {"谨代表", "现代表", "代表", NULL};
	const struct hide_text *t = w->t;
	size_t n = hide_match(t, i, heads), e;

	if (n == 0)
		return false;
	e = hide_find_any(t, i + n, w->e, acts);
	if (hide_chars(t, i + n, e) < 3 || hide_chars(t, i + n, e) > 24 ||
	    hide_match_before(t, e, ends) == 0 ||
	    hide_tells_event(t, i + n, e))
		return false;
	hide_tell(w, i + n, e);
	return true;
}

/* 邬晓丹和卞丽娟: two names and nothing else. */
bool
hide_take_pair(struct walk *w, size_t i)
{
	static const char *const ands[] = {"和", "跟", "与", "及", NULL};
	const struct hide_text *t = w->t;
	size_t at = hide_find_any(t, i + 6, w->e, ands), b;

	if (i + 6 >= w->e || at == w->e)
		return false;
	b = at + hide_match(t, at, ands);
	if (!hide_is_name(t, i, at) || !hide_is_name(t, b, w->e))
		return false;
	hide_learn_name(w->k, t, i, at);
	hide_learn_name(w->k, t, b, w->e);
	hide_tell(w, i, w->e);
	return true;
}

/* 他们就在我门口！民主街55号: a door behind the word for one's own. */
bool
hide_take_doorstep(struct walk *w, size_t i)
{
	static const char *const mine[] = {"我门口", "我家门口", "我家", "我家里",
	    "我店里", "我店门口", "我们门口", "我家楼下", "我这儿", "我这里",
	    "俺家门口", "俺家", NULL};
	const struct hide_text *t = w->t;
	size_t b = w->b, e;

	if (!hide_has_digit(t, i, w->e) || hide_chars(t, i, w->e) > 16)
		return false;
	while (b > 0 && (hide_ends_clause(t, hide_prev(t, b)) ||
			    t->s[b - 1] == ' '))
		b = hide_prev(t, b);
	for (e = b; b > 0 && !hide_ends_clause(t, hide_prev(t, b)) &&
		    hide_chars(t, b, e) < 16;)
		b = hide_prev(t, b);
	if (e == w->b || hide_find_any(t, b, e, mine) == e ||
	    !hide_has_door(t, i, w->e) ||
	    hide_match(t, i, hide_others) > 0 ||
	    hide_chars(t, hide_door_end(t, i, w->e), w->e) > 2)
		return false;
	hide_add(w->t, i, w->e);
	w->topic = TOPIC_OTHER;
	w->told = false;
	return true;
}

/* 瀍河区启明南路64号院2-3-9。: a room and nothing else is a whole sentence. */
bool
hide_take_room(struct walk *w, size_t i)
{
	static const char *const rooms[] = {"单元", "室", "号院", NULL};
	const struct hide_text *t = w->t;
	size_t at;

	if (!w->starts || !hide_has_digit(t, i, w->e) ||
	    !hide_ends_sentence(t, w->e) || hide_chars(t, i, w->e) > 24 ||
	    (w->b > 0 && hide_match_before(t, w->b, colons) > 0) ||
	    hide_match(t, i, hide_others) > 0 || !hide_has_door(t, i, w->e))
		return false;
	for (at = hide_door_end(t, i, w->e); at < w->e; at++)
		if (t->s[at] != '-' && !hide_is_digit(t, at))
			return false;
	at = i;
	while (at < w->e && !(t->s[at] == '-' && hide_is_digit(t, at + 1)))
		at = hide_next(t, at);
	if (at == w->e && hide_find_any(t, i, w->e, rooms) == w->e)
		return false;
	hide_add(w->t, i, w->e);
	return true;
}

/* 这是我帮奶奶打的字。奶奶叫骆秀英: one of the writer's, without 我. */
bool
hide_take_principal(struct walk *w, size_t i)
{
	static const char *const theirs[] = {"们", "的老板", "的人", NULL};
	/* Nobody says so of another's without 他. */
	static const char *const usual[] = {"老母亲", "老父亲", "老伴", "老婆",
	    "老公", "媳妇", "爱人", "闺女", "女儿", "老娘", "老爹", "老爸", "老妈",
	    "婆婆", "公公", "岳父", "岳母", "奶奶", "爷爷", "外公", "外婆",
	    "丈夫", "妻子", "孩子", "小孩", "儿子", NULL};
	const struct hide_text *t = w->t;
	size_t n = hide_own_kin_at(t, w->k, i);

	/* 我家离工地二十米，老婆有哮喘; but no name: 我去问，儿子毛三就打 */
	if (n == 0 && (w->starts ? hide_match(t, i, usual) > 0 : w->own) &&
	    !(w->told && !w->starts) &&
	    hide_kin_at(t, i) >= strlen("老婆") &&
	    hide_name_at(t, i + hide_kin_at(t, i), w->e) == 0)
		n = hide_kin_at(t, i);

	if (n == 0 || hide_match(t, i + n, theirs) > 0)
		return false;
	w->topic = TOPIC_SELF;
	w->kin = true;
	w->told = false;
	if (hide_kin_at(t, i) == 0)
		hide_take_predicate(w, i + n);
	else
		(void)hide_take_kin(w, i, i);
	if (w->told && hide_covered(t, hide_prev(t, w->e)))
		hide_add(w->t, i, w->e);
	return true;
}

/* 我们官庄村四组的路, 我们西片区清扫班的十一个人, 我们三楼的 */
bool
hide_take_our_place(struct walk *w, size_t i)
{
	static const char *const units[] = {"村", "组", "班", "小区", "社区",
	    "楼", "栋", "院", "巷", "弄", "屯", "庄", "队", "厂", "校", NULL};
	static const char *const what[] = {"的路", "的人", "的都", "的住户",
	    "的居民", "的村民", "的业主", "的工人", "的地", "的水", "的井",
	    "的几", "的十", "的二", "的三", "的老", "的全", "离", "距", "紧挨",
	    "挨着", "紧邻", NULL};
	const struct hide_text *t = w->t;
	size_t of = hide_find_any(t, i, w->e, what), end;

	if (of == w->e || hide_chars(t, i, of) < 2 ||
	    hide_match(t, i, does) > 0 ||
	    hide_chars(t, i, of) > 12 || hide_match_before(t, of, units) == 0 ||
	    hide_tells_event(t, i, of) || hide_is_other_at(t, i, of))
		return false;
	end = hide_at(t, of, "的都") ? of + strlen("的") : of;
	if (hide_before(t, w->e, "人") && hide_chars(t, of, w->e) <= 6)
		end = w->e;
	hide_add(w->t, i, end);
	return true;
}

/* 我们山下果园被污水淹了, 我家祖坟边的藕塘全毁了: what one has of land, in
 * front of what became of it. */
bool
hide_take_land(struct walk *w, size_t i)
{
	static const char *const lands[] = {"果园", "鱼塘", "大棚", "菜地",
	    "茶园", "养殖场", "猪场", "鸡场", "鸭场", "藕塘", "苗圃", "农庄",
	    "农家乐", "民宿", "虾塘", "蟹塘", "林地", "稻田", "麦田", "葡萄园",
	    "桃园", "梨园", "石榴园", "羊圈", "猪圈", "牛棚", "作坊", "豆腐坊",
	    "油坊", "粉坊", "磨坊", "酒坊", "窑", "渔排", "网箱", NULL};
	static const char *const becomes[] = {"被", "让", "叫", "都", "全",
	    "遭", "给", "也", "就", "里", "边", "旁", "门口", "有", "上",
	    NULL};
	const struct hide_text *t = w->t;
	size_t at = hide_find_any(t, i, w->e, lands), end;

	if (at == w->e || hide_chars(t, i, at) > 6 ||
	    hide_find_any(t, i, at, does) < at || hide_is_other_at(t, i, at) ||
	    hide_is_mind_at(t, i) || hide_starts_event(t, i))
		return false;
	end = at + hide_match(t, at, lands);
	if (end < w->e && hide_match(t, end, becomes) == 0)
		return false;
	hide_add(w->t, i, end);
	w->shop = true;
	w->topic = TOPIC_SELF;
	return true;
}

/* 来我修车铺门口骂 */
void
hide_take_my_shop(struct walk *w, size_t i)
{
	static const char *const shops[] = {
	    "铺", "店", "摊", "馆", "摊子", "铺子", "诊所", "作坊", NULL};
	static const char *const by[] = {
	    "门口", "门前", "里", "旁", "门上", "的门", NULL};
	const struct hide_text *t = w->t;
	size_t e = hide_find_any(t, i, w->e, shops), n;

	n = hide_match(t, e, shops);
	if (e == w->e || hide_match(t, i, does) > 0 || e == i ||
	    hide_chars(t, i, e) > 4 ||
	    hide_match(t, e + n, by) == 0 || hide_at(t, i, "的") ||
	    !hide_all_han(t, i, e) || hide_tells_event(t, i, e) ||
	    hide_is_mind_at(t, i))
		return;
	hide_add(w->t, i, e + n);
}

/* 我老板跟他合伙 */
static bool
take_superior(struct walk *w, size_t self, size_t i)
{
	static const char *const who[] = {"老板", "领导", "师傅", "同事",
	    "房东", "单位领导", "经理", NULL};
	static const char *const with[] = {"跟", "和", "与", "同", "是", NULL};
	static const char *const ties[] = {"合伙", "亲戚", "同学", "战友",
	    "朋友", "兄弟", "亲家", "老乡", "一家", "夫妻", NULL};
	const struct hide_text *t = w->t;
	size_t n = hide_match(t, i, who);

	if (n == 0 || hide_match(t, i + n, with) == 0 ||
	    hide_match_before(t, w->e, ties) == 0 ||
	    hide_chars(t, i, w->e) > 12)
		return false;
	hide_tell(w, self, w->e);
	return true;
}

/* 是村小学谷老师帮俺写的 */
static bool
take_penman(struct walk *w, size_t b)
{
	static const char *const is[] = {"是", "由", "托", "请", NULL};
	static const char *const helps[] = {
	    "帮我", "帮俺", "替我", "替俺", "给我", "给俺", "代我", NULL};
	static const char *const acts[] = {"写的", "写", "打的字", "打字",
	    "代笔", "发的", "念的", NULL};
	const struct hide_text *t = w->t;
	size_t at = hide_find_any(t, b, w->e, helps), from;

	if (at == w->e ||
	    hide_match(t, at + hide_match(t, at, helps), acts) == 0)
		return false;
	from = hide_find_any(t, b, at, is);
	if (from == at || hide_chars(t, from, at) < 3 ||
	    hide_chars(t, from, at) > 11)
		return false;
	hide_add(w->t, from + strlen("是"), at);
	return true;
}

/* 村里派我村小教师靳文写这封信 */
static bool
take_sent(struct walk *w, size_t self, size_t i)
{
	static const char *const sends[] = {"派", "让", "托", "委托", "推", "推举",
	    "推选", "选", "叫", "请", "安排", "由", NULL};
	static const char *const acts[] = {"写", "来信", "执笔", "代笔", "反映",
	    "发这", "向", "给您", "给你", NULL};
	const struct hide_text *t = w->t;
	size_t e = hide_find_any(t, i, w->e, acts), n;

	if (e == w->e || e == i || hide_match_before(t, self, sends) == 0 ||
	    hide_chars(t, i, e) > 12)
		return false;
	n = hide_name_before(t, i, e);
	if (n == 0 && !hide_is_person_noun(t, i, e))
		return false;
	hide_learn_name(w->k, t, e - n, e);
	hide_tell(w, i, e);
	return true;
}

bool
hide_take_next(struct walk *w, size_t self, size_t i)
{
	return take_sent(w, self, i) || take_superior(w, self, i) ||
	       take_penman(w, w->b);
}

/* Bytes behind the firm in which its boss is looked for, and of his deeds. */
#define MOST_ACCUSING 180

size_t
hide_accused_firm(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const firms[] = {"公司", "车队", "集团", "广告", "传媒",
	    "汽修", "物流", "运输", "土方", "建材", "置业", "物业", "保洁",
	    "环卫", "砂场", "沙场", "石场", "砖厂", "搅拌站", "中转站",
	    "垃圾站", "停车场", "货场", "料场", "工地", "项目部", "酒店",
	    "饭店", "宾馆", "会所", "市场", "装饰", "餐饮", "渣土", "拆迁", "清运", "保安", "劳务",
	    "混凝土", "砂石", "采石场", "码头", "洗浴", "网吧", "茶楼", "酒楼",
	    "超市", "ktv", "科技", "环保", "化工", "机械", "电子", "食品", "旅游", "教育",
	    "培训", "砖瓦厂", "水泥厂", "加工厂", "养殖场", "驾校", NULL};
	static const char *const bosses[] = {"公司老板", "公司老总", "公司经理",
	    "老板", "老总", "队长", "经理", "站长", "厂长", "场长", "店长",
	    "包工头", "工头", "班长", "主任", "负责人", NULL};
	static const char *const deeds[] = {"让", "逼", "指使", "养了", "打",
	    "砸", "扣", "威胁", "强", "骗", "偷", "雇", "垄断", "霸占", "烧",
	    "欠", "收", "倒", "带人", "半夜", "推", "骂", "开除", "辞退",
	    "吃空", "克扣", "冒领", "贪", "说", NULL};
	size_t end = hide_find_any(t, b, e, firms), at, to, n;

	if (end == e || hide_chars(t, b, end) < 2 ||
	    hide_chars(t, b, end) > 12 || !hide_all_han(t, b, end) ||
	    hide_at(t, b, "这") || hide_at(t, b, "那"))
		return 0;
	while (end < e && hide_match(t, end, firms) > 0)
		end += hide_match(t, end, firms);
	to = end + MOST_ACCUSING < t->len ? end + MOST_ACCUSING : t->len;
	at = hide_find_any(t, end, to, bosses);
	n = hide_match(t, at, bosses);
	if (at >= to || !hide_is_surname(t, at + n) || hide_covered(t, at) ||
	    (hide_find_any(t, at + n, to, deeds) >= to &&
		hide_name_at(t, at + n, to) < 9))
		return 0;
	return end - b;
}

size_t
hide_employer(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const bosses[] = {"老板", "厂长", "老总", "站长",
	    "场长", "董事长", "我们老板", "公司老板", NULL};
	size_t of = hide_find_any(
	    t, b, e, (const char *const[]){"的", NULL});
	size_t next = hide_skip_blank(t, e + 1, t->len), n;

	if (of == e || t->s[e] != ',' || hide_chars(t, b, of) < 3 ||
	    hide_chars(t, b, of) > 12 || !hide_all_han(t, b, of) ||
	    hide_covered(t, b))
		return 0;
	n = hide_match(t, next, bosses);
	next += n;
	return n > 0 && (hide_is_name(t, next, next + 9) ||
			    hide_is_name(t, next, next + 6))
		   ? of + strlen("的") - b
		   : 0;
}

/* ---- a sentence that a name begins -------------------------------------- */

static bool
is_stop(const struct hide_text *t, size_t i)
{
	unsigned char c = (unsigned char)t->s[i];

	/* No mark stands among the Han. */
	if (c >= 0xE4 && c <= 0xE9)
		return false;
	return hide_ends_sentence(t, i) || c == ':' || c == ';';
}

/* 七十三 */
static bool
is_bare_age(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const digits[] = {"一", "二", "三", "四", "五", "六",
	    "七", "八", "九", "十", NULL};
	size_t at = b, n;

	while (at < e && (n = hide_match(t, at, digits)) > 0)
		at += n;
	return at == e && e > b && hide_find_any(t, b, e, (const char *const[]){
		"十", NULL}) < e && hide_chars(t, b, e) <= 3;
}

/* What one says under one's name. */
static bool
is_remark(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const heads[] = {"退休前", "以前是", "原是", "家住",
	    "住", "在", "电话", "手机", "微信", "女", "男", "身份证", NULL};

	static const char *const deeds[] = {"打人", "带人", "收钱", "倒土", "闹事",
	    "骂人", "堵", "霸占", "强占", "偷", "倒垃圾", "伤害", "前科", "劳改",
	    "坐过牢", NULL};

	if (hide_chars(t, b, e) > MOST_CHARS || hide_is_other_at(t, b, e) ||
	    hide_find_any(t, b, e, deeds) < e ||
	    hide_match_before(t, e, hide_bosses) > 0)
		return false;
	return hide_covered(t, hide_prev(t, e)) || hide_is_bio(t, b, e) ||
	       hide_is_age(t, b, e) || is_bare_age(t, b, e) ||
	       (!hide_tells_event(t, b, e) &&
		   (hide_is_person_noun(t, b, e) ||
		       hide_ends_with_role(t, b, e) ||
		       hide_match(t, b, heads) > 0));
}

/* 郑州某律所律师助理 between a name and a telephone: one such clause. */
static bool
is_plain(const struct hide_text *t, size_t b, size_t e, int before)
{
	return before == 0 && hide_chars(t, b, e) <= 14 &&
	       hide_match_before(t, e, hide_bosses) == 0 &&
	       !hide_starts_event(t, b) && !hide_tells_event(t, b, e) &&
	       hide_match(t, b, hide_others) == 0;
}

/* Elsewhere the letter speaks of somebody called so. */
static bool
is_spoken_of(const struct hide_text *t, size_t b, size_t e)
{
	const char *at = t->s;

	while ((at = memmem(at, t->len - (size_t)(at - t->s), t->s + b,
		    e - b)) != NULL) {
		size_t i = (size_t)(at - t->s);

		if (i != b && !hide_covered(t, i))
			return true;
		at += e - b;
	}
	return false;
}

/* 聂广财，七十三，退休前是…: the sentence from b. */
static void
take_sentence(struct hide_text *t, struct hide_known *k, size_t b)
{
	size_t e = hide_clause_end(t, b), to = e, from, end;
	size_t known = e;
	int unknown = 0;

	if (t->s[e] != ',' || !hide_is_name(t, b, e) || hide_covered(t, b) ||
	    is_spoken_of(t, b, e))
		return;
	for (int n = 0; n < MOST_CLAUSES && t->s[to] == ','; n++) {
		from = hide_skip_blank(t, to + 1, t->len);
		end = hide_clause_end(t, from);
		if (end <= from || (!is_remark(t, from, end) &&
				       !is_plain(t, from, end, unknown++)))
			break;
		if (is_remark(t, from, end))
			known = end;
		to = end;
	}
	to = known;
	/* 刘大强，35岁，天天打人: what goes on is no signature. */
	if (known == e || (!is_stop(t, to) && to < t->len && t->s[to] != ')'))
		return;
	hide_learn_name(k, t, b, e);
	hide_add(t, b, to);
}

/* 带头打人的有三个。 */
static bool
counts_others(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const who[] = {"带头", "打人", "成员", "团伙", "同伙",
	    "参与", "名单", "打手", "动手", "涉案", "涉事", "嫌疑", "如下",
	    "分别", "几个人", "主犯", "头目", NULL};
	static const char *const ends[] = {
	    "个", "人", "名", "如下", "名单", "们", "伙", NULL};

	return hide_match_before(t, e, ends) > 0 &&
	       hide_find_any(t, b, e, who) < e;
}

void
hide_signed_sentences(struct hide_text *t, struct hide_known *k)
{
	size_t b = t->len > LAST_BYTES ? t->len - LAST_BYTES : 0;
	size_t from, next, end;
	bool list = false;

	while (b < t->len && ((unsigned char)t->s[b] & 0xC0) == 0x80)
		b++;
	if (b == 0)
		take_sentence(t, k, hide_skip_blank(t, 0, t->len));
	for (from = b; b < t->len; from = next) {
		while (b < t->len && !is_stop(t, b))
			b = hide_next(t, b);
		if (b >= t->len)
			return;
		end = b;
		b = hide_next(t, b);
		next = hide_skip_blank(t, b, t->len);
		if (!hide_is_surname(t, next) ||
		    !hide_is_name(t, next, hide_clause_end(t, next))) {
			list = false;
			continue;
		}
		/* Of a list all are others that a name begins. */
		list = list || t->s[end] == ':' || counts_others(t, from, end);
		if (!list)
			take_sentence(t, k, next);
	}
}
