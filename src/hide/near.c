/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hide/clause.h"
#include "hide/owner.h"
#include "hide/rules.h"
#include "hide/text.h"
#include "hide/words.h"

/* ---- numbers of one's own that are no telephone ------------------------- */

static const char *const labels[] = {"摊位号", "摊位", "学号", "工号", "房号",
    "门牌号", "门牌", "驾驶证号", "驾驶证", "驾照", "准考证号", "住院号",
    "病历号", "会员号", "船号", "车位号", "铺位", "档口号", "房间号", "警号",
    "胸牌", "社保号", "证书号", "工牌", "工牌号", "编号", "证号", "护照号",
    "护照", "居住证", "台胞证", "摊位证", "执业证号", "上岗证号", "从业证号",
    "户号", "保单号", "合同号", "借书证号", "军官证号", "老年证号", "残疾证号",
    "低保证号", "房产证号", NULL};

/* 一中队那个高个子执法员，工号…: a clause without the writer stands in front.
 */
static bool
is_in_others_sentence(const struct hide_text *t, size_t i)
{
	size_t b;

	if (i == 0 || t->s[i - 1] != ',' ||
	    hide_covered(t, hide_prev(t, i - 1)))
		return false;
	for (b = hide_sentence_start(t, i); b < i; b = hide_next(t, b))
		if (hide_is_writer_at(t, b))
			return false;
	return true;
}

/* 我号码…，送货的电三轮编号YD-2291: the sentence is the writer's and names
 * nobody else. */
static bool
is_own_code(const struct hide_text *t, size_t i)
{
	bool self = false;

	if (!hide_at(t, i, "编号"))
		return false;
	for (size_t b = hide_sentence_start(t, i); b < i; b = hide_next(t, b)) {
		self = self || hide_self_at(t, b) > 0;
		if (hide_match(t, b, hide_others) > 3)
			return false;
	}
	return self;
}

/* 摊位号C17, 住院号0098217: the citizen's, unless the words in front say whose
 * else. */
static size_t
take_label(struct hide_text *t, size_t i)
{
	static const char *const between[] = {
	    ":", " ", "是", "为", "(", "“", "\"", NULL};
	static const char *const worn[] = {
	    "工号", "警号", "胸牌", "工牌", "编号", "证号", NULL};
	size_t n = hide_match(t, i, labels), b, e, k;

	if (n == 0 || !hide_spend(t, i))
		return i;
	b = i + n;
	/* 队员工号, 接线员工号: whoever the word in front is. */
	if (hide_match(t, i, worn) > 0 && i > 0 &&
	    hide_is_han(t, hide_prev(t, i)) && !is_own_code(t, i) &&
	    hide_match_before(t, i, hide_selves) == 0 &&
	    !hide_before(t, i, "我的") && !hide_before(t, i, "本人的"))
		return i + n;
	while ((k = hide_match(t, b, between)) > 0)
		b += k;
	e = hide_at(t, i, "门牌") ? hide_clause_end(t, b) : b;
	/* 门牌是纺织路46号院3-1-502 */
	if (e > b && hide_is_han(t, b) && hide_has_door(t, b, e) &&
	    hide_chars(t, b, e) <= 20 &&
	    hide_owner_of(t, i, i + n) != OWNER_OTHER) {
		hide_add(t, i, e);
		return e;
	}
	e = b;
	while (hide_is_alnum(t, e) ||
	       (e > b && (t->s[e] == '-' || t->s[e] == '.')))
		e++;
	/* 工号0231的队员 */
	if (e < b + 2 || !hide_has_digit(t, b, e) ||
	    hide_owner_of(t, i, e) == OWNER_OTHER ||
	    (hide_match(t, i, worn) > 0 && is_in_others_sentence(t, i)) ||
	    (hide_at(t, e, "的") && hide_is_han(t, e + strlen("的")) &&
		!hide_at(t, e, "的就是") && !hide_at(t, e, "的是我")))
		return i + n;
	hide_add(t, i > 0 && hide_is_han(t, hide_prev(t, i)) ? b : i, e);
	return e;
}

/* 家住…, 家在…: whoever says it of another says whose home it is. */
static void
take_home(struct hide_text *t, size_t i)
{
	static const char *const heads[] = {"家住在", "家住", "家在", "现家住",
	    "本人住", "家庭住址", NULL};
	size_t n = hide_match(t, i, heads), e;

	if (n == 0 || (i > 0 && !hide_ends_clause(t, hide_prev(t, i))) ||
	    !hide_spend(t, i))
		return;
	e = hide_clause_end(t, i + n);
	if (hide_chars(t, i + n, e) <= 24 &&
	    hide_owner_of(t, i, i + n) != OWNER_OTHER)
		hide_add(t, i, e);
}

/* ---- “半夏微凉”就是我 --------------------------------------------------------- */

static void
take_is_me(struct hide_text *t, struct hide_known *k, size_t self, size_t end)
{
	static const char *const verbs[] = {"就是", "正是", NULL};
	static const char *const stops[] = {"的", "里", "是", "说", NULL};
	static const char *const no_one[] = {"这", "那", "他", "她", "不", "其实",
	    "原因", "受害", "目的", NULL};
	size_t n = hide_match_before(t, self, verbs), e = self - n, b = e;

	if (n == 0 || !hide_ends_clause(t, end))
		return;
	while (b > 0 && !hide_ends_clause(t, hide_prev(t, b)) &&
	       hide_match_before(t, b, stops) == 0 &&
	       hide_chars(t, b, e) < 10)
		b = hide_prev(t, b);
	if (b == e || hide_match(t, b, no_one) > 0)
		return;
	hide_learn_name(k, t, b, e);
	hide_add(t, b, end);
}

/* ---- 本店老味道面馆（…）-------------------------------------------------------- */

/* Its name goes. */
static void
take_own_house(struct hide_text *t, size_t i)
{
	static const char *const houses[] = {
	    "本店", "本摊", "本公司", "本厂", "本饭店", "本超市", NULL};
	static const char *const verbs[] = {"自", "被", "在", "因", "一", "从",
	    "每", "已", "曾", "于", "的", "对", "也", "门", "内", "今", "昨",
	    "上", "多", "不", "经", "是", "为", "有", "长期", "向", "和", NULL};
	size_t n = hide_match(t, i, houses), e, m;

	if (n == 0 || !hide_spend(t, i))
		return;
	e = hide_clause_end(t, i + n);
	if (e > i + n && hide_match(t, i + n, verbs) == 0) {
		m = hide_find_any(t, i + n, e, verbs);
		hide_add(t, i, m);
		if (m == e && t->s[e] == '(')
			hide_add(t, e + 1, hide_clause_end(t, e + 1));
	}
}

/* 我司中垣建设集团龙泉湖项目部自2026年…, 我店老张家羊肉馆上周…: the name of
 * it behind the word. */
static void
take_own_firm(struct hide_text *t, size_t i)
{
	static const char *const firms[] = {"我司", "我公司", "我单位", "我厂",
	    "我店", "我社", "我家店", "我的店", "我们店", "我家的店", "我们公司",
	    "我们厂", "我家饭店", "我家小店", "我的小店", "俺店", "俺家店", NULL};
	static const char *const ends[] = {"部", "公司", "集团", "厂", "店",
	    "中心", "合作社", "所", "院", "行", "馆", "铺", "坊", "屋", "轩",
	    "阁", "楼", "吧", "房", "城", "庄", "社", "超市", "工作室", "诊所",
	    "园", "堂", "斋", "居", "记", "家", "建设", "建筑", "劳务", "贸易",
	    "商贸", "实业", "科技", "装饰", "物流", "运输", "广告", "传媒",
	    "食品", "餐饮", "机械", "服饰", "家居", "建材", "环保", "园林",
	    "置业", "汽修", "渔业", "果业", "养殖", "土方", "电子", "印务", NULL};
	static const char *const stops[] = {"自", "于", "因", "在", "被", "从",
	    "承", "与", "和", "系", "是", "已", "向", "现", "多次", "的",
	    "上周", "上个", "上月", "上礼拜", "昨", "今", "前", "每", "最近",
	    "刚", "也", "就", "都", "有人", "有三", "门", "一直", "连续", "又",
	    "曾", "经常", "天天", "要", "不", "没", "开", "对", "里", "去年",
	    "让", "给", "遭", "受", "半夜", "这", "那", "他", "她", "只", "至",
	    "投诉", "举报", "反映", "报警", "中标", "签", "租", "搬", "旁边",
	    "附近", "对面", "旁", "吃过", "所有", "全体", "整个", "街", "各",
	    NULL};
	static const char *const most[] = {"老板", "同事", "领导", "隔壁",
	    "对面", "旁边", "附近", "楼", NULL};
	/* Behind 我们 only what is a firm for sure. */
	static const char *const sure[] = {"公司", "集团", "传媒", "广告", "物流",
	    "商贸", "建材", "餐饮", "酒店", "饭店", "超市", "幼儿园", "小学",
	    "中学", "学校", "医院", "合作社", "工作室", "事务所", "宾馆", "置业",
	    "科技", "装饰", "印刷厂", "门诊部", "诊所", "药房", "家具城", "附小", "附中",
	    "一小", "二小", "一中", "二中", "三中", "实验小学", NULL};
	static const char *const we[] = {"我们", "俺们", "咱们", NULL};
	bool ours = hide_match(t, i, we) > 0;
	size_t n = hide_match(t, i, firms), e, to;

	if (n == 0 && ours)
		n = hide_match(t, i, we);
	if (n == 0 || !hide_spend(t, i))
		return;
	e = hide_clause_end(t, i + n);
	to = hide_find_any(t, i + n, e, stops);
	ours = ours && n == strlen("我们");
	if (ours &&
	    (hide_match_before(t, to, sure) == 0 ||
		hide_chars(t, i + n, to) < 4 ||
		hide_tells_event(t, i + n, to) ||
		hide_starts_event(t, i + n)))
		return;
	if (hide_chars(t, i + n, to) >= 3 && hide_chars(t, i + n, to) <= 24 &&
	    hide_match(t, i + n, most) == 0 &&
	    (ours || hide_match_before(t, to, ends) > 0))
		hide_add(t, i + n, to);
}

/* Bytes before the end of a firm's letter in which it names its people. */
#define MOST_END 240

bool
hide_is_own_title(const struct hide_text *t, size_t i)
{
	static const char *const titles[] = {"店主", "老板娘", "摊主", "法人",
	    "经营者", "负责人", "业主", "户主", "老板", NULL};

	static const char *const owners[] = {"车主", "机主", NULL};
	/* 附：项目经理骆毅, at the end of a firm's letter. */
	static const char *const clerks[] = {"项目经理", "总经理", "经理", "法务",
	    "办公室主任", "主管", "现场负责人", "项目负责人", NULL};

	return ((t->shop && t->len - i <= MOST_END &&
		    hide_match(t, i, clerks) > 0) ||
		   (t->shop && hide_match(t, i, titles) > 0) ||
		   (t->car && hide_match(t, i, owners) > 0)) &&
	       (i == 0 || !hide_is_han(t, hide_prev(t, i))) &&
	       hide_find_any(t, hide_sentence_start(t, i), i, hide_accused) ==
		   i &&
	       hide_section_at(t, i) != OWNER_OTHER;
}

/* Who signs as the owner of such a shop: 店主阮红. */
static void
take_owner(struct hide_text *t, struct hide_known *k, size_t i)
{
	static const char *const owners[] = {
	    "店主", "老板娘", "老板", "经营者", "法人", "负责人", "车主",
	    "项目经理", "总经理", "经理", "法务", "办公室主任", NULL};
	static const char *const numbers[] = {
	    "电话", "手机", "联系", "微信", NULL};
	size_t n = hide_match(t, i, owners), e, named;

	if (n == 0 || (i > 0 && hide_is_han(t, hide_prev(t, i))) ||
	    !hide_spend(t, i) || !hide_is_own_title(t, i))
		return;
	n = hide_skip_blank(t, i + n, t->len) - i;
	e = hide_clause_end(t, i + n);
	/* 负责人程亮139… */
	named = i + n + hide_name_at(t, i + n, e);
	if (named > i + n && (!hide_is_han(t, named) ||
				 hide_match(t, named, numbers) > 0))
		e = named;
	if (!hide_is_name(t, i + n, e) && !hide_is_nick(t, i + n, e))
		return;
	hide_learn_name(k, t, i + n, e);
	hide_add(t, i, e);
}

/* ---- what stands beside something hidden -------------------------------- */

static bool
is_gap(const struct hide_text *t, size_t i, bool *ends_sentence)
{
	if (t->s[i] == '!' || hide_at(t, i, "。") || t->s[i] == ';')
		*ends_sentence = true;
	return hide_ends_clause(t, i) || t->s[i] == ' ';
}

/* The clause in front of the place; false when there is none near. */
static bool
clause_before(const struct hide_text *t, size_t i, size_t *b, size_t *e,
    bool *far)
{
	*far = false;
	while (i > 0 && is_gap(t, hide_prev(t, i), far))
		i = hide_prev(t, i);
	*e = *b = i;
	while (*b > 0 && !hide_ends_clause(t, hide_prev(t, *b)) &&
	       hide_chars(t, *b, *e) <= 16)
		*b = hide_prev(t, *b);
	return *b < *e && (*b == 0 || hide_ends_clause(t, hide_prev(t, *b)));
}

static bool
is_person(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const people[] = {"人", "村民", "居民", "业主", NULL};

	/* ——斜对面卖臭豆腐的 */
	if (hide_before(t, b, "—") && hide_before(t, e, "的") &&
	    hide_all_han(t, b, e) && hide_chars(t, b, e) >= 4)
		return true;
	return hide_is_name(t, b, e) || hide_is_nick(t, b, e) ||
	    (hide_at(t, b, "姓") && hide_is_surname(t, b + 3) &&
		hide_chars(t, b, e) <= 3) ||
	    (hide_all_han(t, b, e) && hide_match_before(t, e, people) > 0 &&
		hide_chars(t, b, e) >= 5 && !hide_starts_event(t, b) &&
		!hide_tells_event(t, b, e) &&
		hide_match(t, b, hide_accused) == 0 &&
		hide_match(t, b, hide_others) == 0);
}

static bool
is_others(const struct hide_text *t, size_t b, size_t e)
{
	if (hide_before(t, e, "人") && hide_chars(t, b, e) >= 5)
		return hide_find_any(t, b, e, hide_accused) < e;
	return hide_find_any(t, b, e, hide_accused) < e ||
	    hide_find_any(t, b, e, hide_others) < e;
}

/* 葛女士 behind a number of hers, 牛大壮！锦屏镇人！电话…: a clause that is a
 * person and nothing else, next to what is hidden. */
static void
take_neighbours(struct hide_text *t, struct hide_known *k, size_t from,
    size_t to)
{
	static const char *const links[] = {"电话", "手机", "联系电话", "微信",
	    "联系方式", "号码", "是", ":", " ", "我的", NULL};
	static const char *const same[] = {"微信同号", "同微信", "微信同步",
	    "手机同号", "加微信", NULL};
	size_t b, e, k_n;
	bool far = false;

	while ((k_n = hide_match_before(t, from, links)) > 0)
		from -= k_n;
	for (int n = 0; n < 3 && clause_before(t, from, &b, &e, &far); n++) {
		if (hide_covered(t, b) || is_others(t, b, e) ||
		    !is_person(t, b, e))
			break;
		hide_learn_name(k, t, b, e);
		hide_add(t, b, e);
		from = b;
	}
	far = false;
	for (b = to; b < t->len && (is_gap(t, b, &far) ||
				     (k_n = hide_match(t, b, same)) > 0);)
		b = is_gap(t, b, &far) ? hide_next(t, b) : b + k_n;
	e = hide_clause_end(t, b);
	if (b == to || b >= e || hide_covered(t, b) || is_others(t, b, e))
		return;
	if (hide_is_nick(t, b, e) || (!far && is_person(t, b, e))) {
		hide_learn_name(k, t, b, e);
		hide_add(t, b, e);
	}
}

void
hide_near(struct hide_text *t, struct hide_known *k)
{
	size_t n_spans = t->n_spans, n;

	for (size_t i = 0; i < t->len;) {
		size_t to = take_label(t, i);

		n = hide_self_at(t, i);
		if (n > 0)
			take_is_me(t, k, i, i + n);
		take_home(t, i);
		if (n > 0)
			take_own_firm(t, i);
		take_own_house(t, i);
		take_owner(t, k, i);
		i = to > i ? to : hide_next(t, i);
	}
	for (size_t i = 0; i < n_spans && i < 64; i++) {
		struct hide_span s = t->spans[i];

		if (hide_has_digit(t, s.from, s.to))
			take_neighbours(t, k, s.from, s.to);
	}
}
