/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "intake/hide_rules.h"
#include "intake/hide_text.h"
#include "intake/hide_walk.h"
#include "intake/hide_words.h"

/* The same behind 我的身份：… */
#define MOST_DETAIL 24

/* ---- clauses without a subject ------------------------------------------ */

/* 身为港务局的下岗工人, 作为家长, when the writer goes on. */
static bool
take_capacity(struct walk *w, size_t i)
{
	static const char *const heads[] = {"作为", "身为", NULL};
	const struct hide_text *t = w->t;
	size_t n = hide_match(t, i, heads), next;

	if (n == 0)
		return false;
	next = hide_skip_blank(t, w->e, t->len);
	if (t->s[next] == ',')
		next = hide_skip_lead(
		    t, hide_skip_blank(t, next + 1, t->len), t->len);
	if (hide_is_other_at(t, next, hide_clause_end(t, next)))
		return false;
	hide_tell(w, i + n, w->e);
	return true;
}

/* 退休教师一名, 老兵一个 */
static bool
take_one(struct walk *w, size_t i)
{
	static const char *const ends[] = {"一名", "一个", "一位", "一枚",
	    "一员", "一户", "一家", "之一", NULL};
	static const char *const tens[] = {"十", "百", "了", "过", "有", NULL};
	const struct hide_text *t = w->t;
	size_t n = hide_match_before(t, w->e, ends);

	if (n == 0 || (!w->starts && !w->told) || hide_chars(t, i, w->e) > 14 ||
	    hide_match_before(t, w->e - n, tens) > 0 ||
	    w->topic == TOPIC_OTHER || hide_tells_event(t, i, w->e) ||
	    hide_starts_event(t, i))
		return false;
	hide_tell(w, i, w->e);
	return true;
}

/* 摊子在…, 住…: where what is the writer's is. */
static bool
take_seat(struct walk *w, size_t i)
{
	static const char *const seats[] = {"店在", "店开在", "店就在",
	    "摊子在", "摊子就在", "摊位在", "摊位就在", "门面在", "铺子在",
	    "厂子在", "家在", "家就在", "家就住", "户口在", "户籍在", "老家在",
	    "老家", "祖籍", "籍贯", "单位在", "单位是", "站点在", "宿舍在",
	    "住", "就住", "过渡房在", "工作室在", "公司地址", "单位地址",
	    "通讯地址", "联系地址", "收件地址", "邮寄地址", "原住", "都住",
	    "租住", "寓居", NULL};
	static const char *const no_seat[] = {
	    "住院", "住进", "住了", "住不", "住手", "住户", NULL};
	static const char *const wards[] = {
	    "院", "科", "病房", "床", "监护室", NULL};
	const struct hide_text *t = w->t;
	size_t n = hide_match(t, i, seats);

	if (n == 0 || hide_match(t, i, no_seat) > 0 ||
	    hide_chars(t, i + n, w->e) > 24 || i + n >= w->e ||
	    hide_tells_event(t, i, w->e) ||
	    hide_match_before(t, w->e, wards) > 0 ||
	    hide_match(t, i + n, hide_others) > 3)
		return false;
	hide_tell(w, i, w->e);
	return true;
}

/* 店名叫净美, 车牌…, 带头人谷成: a label of what is the writer's. */
static bool
take_label(struct walk *w, size_t i)
{
	static const char *const labels[] = {"店名", "字号", "网名", "昵称",
	    "群里叫", "群名", "群昵称", "外号", "绰号", "人称", "艺名", "笔名",
	    "小名", "乳名", "真名", "原名", "本名", "车牌", "车号", "车是",
	    "工号", "警号", "胸牌", "编号", "房号", "门牌", "门牌号", "学号",
	    "车位", "铺位", "摊号", "店号", "姓", "名叫", "属", "电话", "手机",
	    "地址", "号", "微博", "微信", "抖音", "快手", "qq", "邮箱", "联系",
	    "户名", "单名", "邮编", "统一社会信用代码", "身份证", "驾驶证",
	    "证号", NULL};
	static const char *const roles[] = {"带头人", "牵头人", "发起人",
	    "代表", "业主", "户主", "店主", "法人", "经营者", "负责人", "机主",
	    "摊主", "船主", "联系人", "组织者", "召集人", "老板", NULL};
	const struct hide_text *t = w->t;
	size_t n = hide_match(t, i, labels), b = i + n;

	if (n == 0) {
		n = hide_match(t, i, roles);
		b = i + n;
		if (n == 0 || hide_name_at(t, b, w->e) != w->e - b)
			return false;
	}
	if (b >= w->e || hide_chars(t, b, w->e) > 24 ||
	    hide_tells_event(t, i, w->e))
		return false;
	if (hide_at(t, i, "车") && !w->drives)
		return false;
	hide_tell(w, i, w->e);
	return true;
}

/* 档口B07, 骑手编号0417, 合同编号东湾承字第19号 */
static bool
take_code(struct walk *w, bool told, size_t i)
{
	static const char *const own[] = {"合同编号", "学号", "骑手编号",
	    "病历号", "住院号", "保单号", "准考证号", "房产证号", NULL};
	static const char *const nouns[] = {"编号", "号码", "证号", "工号",
	    "档口", "摊位", "铺位", "亭子", "号", "学号", "代码", NULL};
	const struct hide_text *t = w->t;
	size_t at;

	if (!hide_has_digit(t, i, w->e) || hide_chars(t, i, w->e) > 20 ||
	    (!told && hide_match(t, i, own) == 0))
		return false;
	at = hide_find_any(t, i, w->e, nouns);
	if (at == w->e || hide_is_other_at(t, i, w->e) ||
	    hide_find_any(t, i, at, hide_others) < at)
		return false;
	hide_tell(w, i, w->e);
	return true;
}

/* 寄件人写的是…, 合同上的承租人是…, 发票上写的我老婆名字…: papers with the
 * writer's name. */
bool
hide_take_paper(struct walk *w, size_t i)
{
	static const char *const papers[] = {"合同上", "发票上", "证明上",
	    "回执上", "证上", "票上", "单上", "病历上", "收据上", "档案上",
	    "协议上", "笔录上", "登记的", "登记在", "报告上", "欠条上",
	    "借条上", "寄件人", NULL};
	static const char *const names[] = {"名字", "姓名", "我的名", "我名",
	    "承租人", "户主", "签的", "写的", "登记", "当事人", "房主", "业主",
	    NULL};
	const struct hide_text *t = w->t;

	if (w->topic != TOPIC_SELF ||
	    hide_find_any(t, i, w->e, papers) == w->e ||
	    hide_find_any(t, i, w->e, names) == w->e ||
	    hide_chars(t, i, w->e) > 24)
		return false;
	hide_tell(w, i, w->e);
	for (size_t n = 6; n <= 9 && n < w->e - i; n += 3)
		hide_learn_name(w->k, t, w->e - n, w->e);
	return true;
}

/* 材料可寄…, 书面答复至…, 奖金请打到…: where the writer is reached. */
static bool
take_answer(struct walk *w, size_t i)
{
	static const char *const things[] = {"材料", "回信", "回复", "答复",
	    "书面", "奖金", "奖励", "通知", "结果", "信", "请", "可", "烦请",
	    "也", "将", "麻烦", "复函", "处理", NULL};
	static const char *const ways[] = {"寄到", "寄至", "寄往", "寄给", "寄",
	    "答复至", "答复到", "回复到", "回复至", "发到", "发至", "打到",
	    "打至", "打入", "汇到", "汇至", "转到", "送到", "至", NULL};
	static const char *const theirs[] = {
	    "他", "她", "贵", "你", "您", NULL};
	const struct hide_text *t = w->t;
	size_t b = i, n;

	while (
	    (n = hide_match(t, b, things)) > 0 && hide_match(t, b, ways) == 0)
		b += n;
	n = hide_match(t, b, ways);
	if (b == i || n == 0 || b + n >= w->e ||
	    hide_match(t, b + n, theirs) > 0 || hide_tells_event(t, b, w->e))
		return false;
	hide_tell(w, b + n, w->e);
	return true;
}

/* 你们查解家的女儿就知道 */
static bool
take_inquiry(struct walk *w, size_t i)
{
	static const char *const asks[] = {
	    "查", "问", "打听", "一问", "一提", "提起", NULL};
	static const char *const knows[] = {"就知道", "便知", "就清楚",
	    "就明白", "都知道", "都认识", "就认识", NULL};
	const struct hide_text *t = w->t;
	size_t at = hide_find_any(t, i, w->e, asks), to;

	if (at == w->e || hide_chars(t, i, at) > 3)
		return false;
	at += hide_match(t, at, asks);
	to = hide_find_any(t, at, w->e, knows);
	if (to == w->e || hide_chars(t, at, to) < 2 ||
	    hide_chars(t, at, to) > 12)
		return false;
	hide_tell(w, at, to);
	return true;
}

/* 托邻居小孙写的 */
static bool
take_scribe(struct walk *w, size_t i)
{
	static const char *const asks[] = {"托", "请", "让", "由", "找", NULL};
	static const char *const acts[] = {"写的", "代写", "代笔", "打的字",
	    "打字", "替我写", "帮我写", "写信", "发的", "写了", NULL};
	const struct hide_text *t = w->t;
	size_t n = hide_match(t, i, asks), to;

	if (n == 0)
		return false;
	to = hide_find_any(t, i + n, w->e, acts);
	if (to == w->e || hide_chars(t, i + n, to) < 2 ||
	    hide_chars(t, i + n, to) > 8)
		return false;
	hide_tell(w, i + n, to);
	return true;
}

/* 孙女代写 */
static bool
take_writer(struct walk *w, size_t i)
{
	static const char *const acts[] = {"代写", "代笔", "代发", "代为",
	    "替我", "帮我", "帮着写", "代我", NULL};
	size_t n = hide_kin_chain(w->t, i);

	if (n == 0 || hide_match(w->t, i + n, acts) == 0)
		return false;
	hide_add(w->t, i, i + n);
	return true;
}

/* Streets are the matter's: 每天跑港城大道. */
static bool
ends_with_street(const struct hide_text *t, size_t e)
{
	static const char *const ends[] = {
	    "路", "街", "大道", "大桥", "河", "线", "巷", NULL};

	return hide_match_before(t, e, ends) > 0;
}

/* 打烧饼的 */
static bool
is_kind_of_work(const struct hide_text *t, size_t b, size_t e)
{
	return hide_before(t, e, "的") && hide_chars(t, b, e) <= 10 &&
	       hide_chars(t, b, e) >= 3 && hide_all_han(t, b, e) &&
	       !hide_is_mind_at(t, b) && !hide_tells_event(t, b, e) &&
	       !hide_is_other_at(t, b, e);
}

/* 后街23号, 3栋2单元的: a door and nothing else. */
static bool
is_door(const struct hide_text *t, size_t b, size_t e)
{
	return hide_has_door(t, b, e) && hide_chars(t, b, e) <= 16 &&
	       !hide_is_other_at(t, b, e) &&
	       hide_chars(t, hide_door_end(t, b, e), e) <= 2;
}

/* 三班倒, 语文老师, 腿脚不好 behind what told who the writer is. */
static bool
is_own_remark(const struct walk *w, bool told, size_t i, size_t at)
{
	const struct hide_text *t = w->t;
	static const char *const apposed[] = {
	    "就是", "也就是", "即", "人称", NULL};
	static const char *const ones[] = {
	    "的那个", "的那位", "那个", "那家", NULL};
	static const char *const origins[] = {
	    "来的", "人氏", "人士", "口音", NULL};

	if (hide_match_before(t, w->e, origins) > 0 &&
	    hide_chars(t, i, w->e) <= 9)
		return true;
	if (!told)
		return false;
	if (hide_is_bio(t, i, w->e) || hide_is_person_noun(t, i, w->e) ||
	    hide_match(t, i, apposed) > 0 ||
	    hide_match_before(t, w->e, ones) > 0)
		return true;
	return hide_chars(t, i, w->e) <=
		   (w->detail ? MOST_DETAIL : MOST_BARE) &&
	       hide_all_han(t, i, w->e) && !hide_has_matter(t, i, w->e) &&
	       !hide_starts_event(t, at);
}

/* 开小吃店的, 45岁下岗女工, 建材市场搞批发的老倪实名举报: how a letter begins
 * that has no 我. */
static bool
take_opening(struct walk *w, size_t i)
{
	static const char *const acts[] = {"实名举报", "举报", "反映", "投诉",
	    "求", "恳请", "控告", "检举", "揭发", "来信", "向你们", "向贵",
	    NULL};
	static const char *const ones[] = {
	    "一个", "一名", "一位", "一群", NULL};
	static const char *const kinds[] = {"人", "者", "员", "民", "户", "工",
	    "师", "妇", "汉", "兵", "主", "生", "妈妈", "家长", "老太", NULL};
	const struct hide_text *t = w->t;
	size_t act, n = hide_match(t, i, ones), age;

	if (!w->starts || w->topic == TOPIC_OTHER)
		return false;
	if (hide_before(t, w->e, "的") && hide_life_at(t, i) > 0 &&
	    hide_chars(t, i, w->e) <= 10 && !hide_tells_event(t, i, w->e)) {
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
	hide_tell(w, i + n, act);
	return true;
}

/* 要核实情况就来二马路的修表铺 */
bool
hide_take_visit(struct walk *w)
{
	static const char *const why[] = {"核实", "了解", "调查", "取证",
	    "有事", "需要我", "想找", "找我", NULL};

	return hide_find_any(w->t, w->b, w->e, why) < w->e &&
	       hide_take_meeting(w, w->e);
}

/* 他叫谈国栋, 他是律师, where he is the writer's father. */
static bool
take_their_kin(struct walk *w, size_t i)
{
	static const char *const says[] = {"叫", "名叫", "是", "姓", "今年",
	    "住", "就住", "在", "有", "也是", NULL};
	const struct hide_text *t = w->t;
	size_t n;

	if (!w->kin || (!hide_at(t, i, "他") && !hide_at(t, i, "她")))
		return false;
	n = hide_match(t, i + 3, says);
	if (n == 0 || hide_starts_event(t, i + 3 + n) ||
	    hide_tells_event(t, i, w->e) || hide_chars(t, i, w->e) > 20)
		return false;
	hide_tell(w, i + 3 + n, w->e);
	return true;
}

/* 酒店人事部的, 金色家园业委会副主任: a noun although it begins like others do.
 */
static bool
is_nominal(const struct walk *w, size_t i)
{
	static const char *const theirs[] = {"他", "她", "它", "你", "您", "该",
	    "其", "此", "这", "那", "有", "对方", "老板", "隔壁", "对面",
	    "楼上", "楼下", NULL};
	const struct hide_text *t = w->t;

	if (hide_match(t, i, theirs) > 0 || hide_match(t, i, hide_accused) > 0)
		return false;
	return hide_is_person_noun(t, i, w->e) ||
	       (hide_before(t, w->e, "的") && hide_chars(t, i, w->e) <= 10 &&
		   hide_all_han(t, i, w->e) && !hide_starts_event(t, i) &&
		   !hide_tells_event(t, i, w->e));
}

/* Only a blank stands between: 在国贸三座做 IT, Loft 广场 B 座 3 楼. */
static bool
is_joined(const struct walk *w, size_t i)
{
	const struct hide_text *t = w->t;

	if (!w->joined || hide_is_other_at(t, i, w->e) ||
	    hide_starts_event(t, i) || hide_tells_event(t, i, w->e))
		return false;
	return hide_chars(t, i, w->e) <= 6 ||
	       (hide_has_digit(t, i, w->e) && hide_chars(t, i, w->e) <= 12);
}

/* 冀Z·K7726 behind 我的面包车; 139…, x@y behind what told who the writer is. */
static bool
is_own_number(const struct walk *w, bool drives, size_t i)
{
	const struct hide_text *t = w->t;
	size_t digits = 0;

	if (hide_chars(t, i, w->e) > 24 || hide_starts_event(t, i))
		return false;
	for (size_t at = i; at < w->e; at++) {
		if (t->s[at] == '@')
			return true;
		digits += hide_is_digit(t, at);
	}
	return drives && digits >= 3 && hide_is_han(t, i) &&
	       hide_is_alnum(t, i + 3) && hide_chars(t, i, w->e) <= 9;
}

/* 窗户下面就是那个夜宵摊 */
static bool
is_outlook(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const parts[] = {"窗户", "阳台", "窗外", "屋后",
	    "房后", "窗下", "推开窗", "出门就是", "卧室", "厨房", NULL};

	return hide_match(t, b, parts) > 0 && hide_chars(t, b, e) <= 16 &&
	       !hide_tells_event(t, b, e);
}

void
hide_take_bare(struct walk *w, size_t i)
{
	static const char *const gangs[] = {"一帮", "一伙", "几个", "一群",
	    "两个", "三个", "四个", "五个", "有人", "一个", NULL};
	static const char *const livings[] = {
	    "为生", "谋生", "为业", "度日", "糊口", NULL};
	const struct hide_text *t = w->t;
	bool told = w->told;
	size_t at = hide_skip_adverbs(t, i, w->e);

	if (hide_covered(t, i) && hide_covered(t, hide_prev(t, w->e)))
		w->topic = TOPIC_SELF;
	if (take_capacity(w, i) || take_one(w, i) || take_opening(w, i) ||
	    hide_take_visit(w) || take_their_kin(w, i) || take_answer(w, i) ||
	    take_inquiry(w, i) || take_scribe(w, i) || hide_take_paper(w, i) ||
	    w->topic != TOPIC_SELF || take_writer(w, i) || take_seat(w, at) ||
	    (!w->starts &&
		((told && take_label(w, at)) || take_code(w, told, i))))
		return;
	if (told && !w->starts &&
	    (is_own_number(w, w->drives, i) || is_outlook(t, i, w->e))) {
		hide_tell(w, i, w->e);
		return;
	}
	if (w->topic == TOPIC_SELF && hide_is_about_post(t, i, w->e) &&
	    hide_chars(t, i, w->e) <= 12) {
		hide_tell(w, i, w->e);
		return;
	}
	w->told = hide_covered(t, i) || hide_covered(t, hide_prev(t, w->e));
	if (told && !w->starts && is_door(t, i, w->e)) {
		hide_tell(w, i, w->e);
		return;
	}
	if (w->told)
		return;
	if (!w->starts && (hide_take_tie(w, at) || hide_take_place(w, at))) {
		if (w->told)
			hide_add(w->t, i, at);
		return;
	}
	if (told && !w->starts && (is_nominal(w, i) || is_joined(w, i))) {
		hide_tell(w, i, w->e);
		return;
	}
	if (!w->starts && hide_kin_at(t, i) > 0 && hide_take_kin(w, i, i)) {
		if (w->told && hide_covered(t, hide_prev(t, w->e)))
			hide_add(w->t, i, w->e);
		return;
	}
	if (hide_is_other_at(t, i, w->e)) {
		w->kin = w->kin && (hide_at(t, i, "他") || hide_at(t, i, "她"));
		w->topic = TOPIC_OTHER;
		return;
	}
	if (!w->starts && (hide_match_before(t, w->e, livings) > 0 ||
			      (told && is_kind_of_work(t, at, w->e)))) {
		hide_tell(w, i, w->e);
		return;
	}
	if (hide_starts_event(t, at) || hide_tells_event(t, at, w->e)) {
		/* 来了一帮人: what follows is theirs. */
		if (hide_find_any(t, at, w->e, gangs) < w->e)
			w->topic = TOPIC_OTHER;
		return;
	}
	if (!w->starts && is_own_remark(w, told, i, at)) {
		hide_tell(w, i, w->e);
		return;
	}
	if (!w->starts && hide_life_at(t, at) > 0 &&
	    hide_chars(t, at, w->e) <= 20 && !ends_with_street(t, w->e)) {
		hide_tell(w, i, w->e);
		return;
	}
	if (w->starts && told && hide_life_at(t, at) > 0 &&
	    hide_chars(t, at, w->e) <= 12 && !hide_has_matter(t, at, w->e) &&
	    !ends_with_street(t, w->e)) {
		hide_tell(w, i, w->e);
		return;
	}
	w->topic = TOPIC_OTHER;
}
