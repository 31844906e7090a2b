/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hide/rules.h"
#include "hide/text.h"
#include "hide/walk.h"
#include "hide/words.h"

/* ---- what it says of the writer ----------------------------------------- */

/* 去年查出肺气肿, 得了腰椎间盘突出症 */
static bool
is_illness(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const gets[] = {
	    "查出", "确诊", "得了", "患", "有", NULL};
	static const char *const ends[] = {"病", "癌", "症", "肿", "炎", "瘤",
	    "结石", "中风", "不遂", "突出", "癖", "痛风", "过敏", "障碍", NULL};
	size_t at = hide_find_any(t, b, e, gets);

	return at < e && hide_chars(t, b, at) <= 4 &&
	       hide_match_before(t, e, ends) > 0;
}

/* 腿脚不好, 脸上有块胎记 */
bool
hide_is_build(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const parts[] = {"腿", "脚", "手", "眼", "耳", "脸",
	    "头发", "头上", "腰", "背", "心脏", "身体", "身上", "个子", "嗓",
	    "左", "右", "双", "额", "下巴", "鼻", "牙", "视力", "听力", "拄",
	    "走路", "说话", "个子", NULL};
	static const char *const keeps[] = {
	    "带着", "领着", "拖着", "养着", "伺候", "照看", NULL};
	static const char *const wards[] = {"娃", "孩", "婆婆", "公公", "老人",
	    "老母", "老父", "爸", "妈", "孙", "儿", "女", NULL};
	static const char *const papers[] = {
	    "证", "资格", "执照", "学历", "职称", "证书", NULL};
	static const char *const held[] = {
	    "手里", "手上有", "手头", "手中", "手机", NULL};
	static const char *const no_papers[] = {
	    "作证", "人证", "物证", "保证", "为证", "见证", "旁证", NULL};
	static const char *const ills[] = {"哮喘", "麻痹", "假肢", "失聪",
	    "失明", "尿毒症", "糖尿病", "高血压", "心脏病", "中风", "抑郁",
	    "色盲", "白血病", "癌", "残疾", "残障", "瘫", "偏瘫", "聋哑",
	    "肝炎", "肺病", "尘肺", "风湿", "慢性病", "肾病", "癫痫", "白内障",
	    "胎记", "搭桥", "搭了", "白癜风", "驼背", "老寒腿", "关节炎", "支架", "透析", "截肢", "截瘫",
	    "人工耳蜗", "助听器", "渐冻", "自闭症", "脑瘫", "唐氏", "小儿麻", NULL};
	static const char *const hurts[] = {"被", "打", "砸", "撞", "导致",
	    "造成", "害", "气得", "吓", "因为", "他", "摔", NULL};
	static const char *const says[] = {"有", "不好", "不便", "不方便", "残",
	    "瘸", "跛", "瞎", "聋", "哑", "花", "驼", "疤", "痣", "胎记", "麻",
	    "白了", "少一", "少了", "缺", "背", "高", "矮", "不行", "假肢", "不灵", "拐", "轮椅",
	    NULL};

	if (hide_match(t, b, keeps) > 0 && hide_find_any(t, b, e, wards) < e &&
	    !hide_tells_event(t, b, e))
		return true;
	if (hide_at(t, b, "有") && hide_match_before(t, e, papers) > 0 &&
	    hide_match_before(t, e, no_papers) == 0)
		return true;
	if (hide_find_any(t, b, e, ills) < e || is_illness(t, b, e))
		return hide_find_any(t, b, e, hurts) == e;
	/* 手里有证据 */
	if (hide_match(t, b, held) > 0)
		return false;
	return hide_match(t, b, parts) > 0 &&
	       hide_find_any(t, b, e, says) < e && !hide_tells_event(t, b, e);
}

/* Nouns of one's own: what follows is said of them, not of oneself. */
const char *const hide_things[] = {"家", "店", "摊", "楼", "门", "手", "车",
    "房", "屋", "厂", "公司", "单位", "村", "小区", "院", "隔壁", "邻居",
    "对面", "心", "全", "朋友", "同事", "老板", "房东", "钱", "腿", "头", "腰",
    "眼", "脸", "身", "嘴", "背", "胳膊", "这", "那", "的", "司", "方", "局",
    "院子", "地", "田", "孩子", "电话", "手机", "微信", "号", "卡", "肚", "耳",
    "名", "自家", "们", "庄", "屯", "寨", "镇", "乡", "所", "校", "社", "队",
    "组", "户", "老家", NULL};

/* 我这个七十多岁的老太婆, 我一个寡妇 */
static bool
take_apposed(struct walk *w, size_t i)
{
	static const char *const heads[] = {"这个", "这名", "这位", "这样一个",
	    "这样的", "这种", "这么个", "这把", "这", "一个", "一名", "一位",
	    "就一个", "只一个", "个", "不过一个", "一介", "一枚", "作为一个",
	    "作为一名", "作为", "身为", NULL};
	static const char *const no_heads[] = {"这边", "这里", "这儿", "这次",
	    "这才", "这就", "这些", "这几", "这么", "这事", "这段", "这两",
	    "这人", "一个人", "一个月", "一个星期", "一个小时", "一个电话",
	    "一个一个", "这个人", "这个月", "这个事", "这个问题", "这个情况",
	    "这个电话", "这个号", "这个时候", "这是", "这封", "这份", "这天",
	    "这回", "个人", NULL};
	static const char *const ends[] = {"都", "也", "能", "怎", "不", "没",
	    "还", "被", "只", "带", "要", "敢", "就", "又", "看", "听", "拿",
	    "想", "实在", "天天", "每天", "真", "哪", "会", "惹", "斗", NULL};
	const struct hide_text *t = w->t;
	size_t n = hide_match(t, i, heads), end;

	if (n == 0 || hide_match(t, i, no_heads) >= n)
		return false;
	end = hide_find_any(t, i + n + 3, w->e, ends);
	/* 一个女的带俩孩子 */
	if (hide_at(t, end, "带") && hide_before(t, w->e, "孩子"))
		end = w->e;
	if (hide_chars(t, i + n, end) > 20)
		return false;
	hide_tell(w, i, end);
	return true;
}

/* 我们组二十户, 我们十二个工人, 我们几个司机 */
static bool
counts_people(const struct hide_text *t, size_t i)
{
	static const char *const units[] = {
	    "个", "名", "户", "家", "人", "位", "口", "组", NULL};
	size_t e = i;

	while (hide_is_digit(t, e))
		e++;
	return e > i && hide_match(t, e, units) > 0;
}

bool
hide_take_group(struct walk *w, size_t self, size_t i)
{
	static const char *const counts[] = {"几个", "几名", "几户", "几家",
	    "几位", "全体", "这些", "这几", "这帮", "这群", "整个", "十几",
	    "二十", "三十", "四十", "五十", "两个", "两口", "三个", "四个",
	    "五个", "六个", "七个", "八个", "九个", "十个", "十一个", "十二个",
	    "一共", "一家", "两家", "三家", "四家", "五家", "八户", "十户",
	    "老两口", "两口子", "老夫妻", "夫妻俩", "夫妻两", "爷俩", "娘俩",
	    "母女", "父子", "姐妹俩", "兄弟俩", "小两口", "一帮", "一群",
	    "一班", "一大家", NULL};
	static const char *const units[] = {"组", "班", "排", "队", "楼", "栋",
	    "单元", "车间", "宿舍", "科室", "科", NULL};
	static const char *const stops[] = {"都", "在", "被", "每", "就", "也",
	    "一起", "联名", "要", "去", "不", "签", "多次", "向", "已", "是",
	    "住", "没", "从", "把", "对", "从", "凑", "商", "怕", "忍", "跟",
	    "和", "给", "经常", "天天", "来", "找", "想", "实", "敢", "受",
	    "有", "曾", "长期", "因", "请", "决", "真", "可", "于", "今", "昨",
	    "到", "全", "现", "白", "只", NULL};
	const struct hide_text *t = w->t;
	size_t n = hide_match(t, i, counts), end;
	bool digits = counts_people(t, i);

	if (n == 0 && !digits) {
		n = hide_match(t, i, units);
		if (n == 0 || hide_match(t, i + n, counts) == 0)
			return false;
	}
	/* A number is followed by what it counts. */
	end = hide_find_any(t, digits ? hide_next(t, i) : i + n, w->e, stops);
	if (hide_chars(t, i, end) > 14)
		return false;
	hide_tell(w, self, end);
	return true;
}

/* A time in front of what one does: 我2015年退休, 我2019到2024年给他开车. */
static bool
take_timed(struct walk *w, size_t i)
{
	static const char *const stays[] = {
	    "生", "起", "就", "开始", "来", "给", "跟", "在", NULL};
	const struct hide_text *t = w->t;
	size_t n = hide_time_at(t, i, w->e), at;

	if (n == 0)
		return false;
	at = hide_skip_adverbs(t, i + n, w->e);
	if (hide_life_at(t, at) == 0 && hide_match(t, at, stays) == 0)
		return false;
	if (hide_starts_event(t, at) || hide_tells_event(t, at, w->e))
		return false;
	hide_tell(w, i, w->e);
	return true;
}

/* 我是在市场剁排骨的, 我是被他们赶出村的周家老五: what role.c leaves of
 * 是.
 */
static bool
names_person(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const these[] = {"该", "贵", "本", NULL};

	return hide_is_person_noun(t, b + hide_match(t, b, these), e);
}

/* …的姐姐, …那个拍视频的, 特警: the end of a complement that role.c
 * leaves. */
static void
take_tail(struct walk *w, size_t b)
{
	static const char *const whose[] = {
	    "那个", "那位", "那家", "那名", "这个", "这家", "这位", NULL};
	static const char *const no_one[] = {
	    "时候", "原因", "事", "人", "一个", "话", "结果", "事情", NULL};
	const struct hide_text *t = w->t;
	size_t of = w->e;

	/* 特警: short, although it begins like an adverb. */
	if (hide_chars(t, b, w->e) <= 4 && hide_chars(t, b, w->e) >= 2 &&
	    hide_all_han(t, b, w->e) && !hide_is_mind_at(t, b) &&
	    !hide_tells_event(t, b, w->e)) {
		hide_tell(w, b, w->e);
		return;
	}
	while (of > b && !hide_before(t, of, "的") &&
	       hide_match(t, of, whose) == 0)
		of = hide_prev(t, of);
	if (of > b && of < w->e && hide_chars(t, of, w->e) >= 2 &&
	    hide_chars(t, of, w->e) <= 8 && hide_match(t, of, no_one) == 0 &&
	    !hide_tells_event(t, of, w->e))
		hide_tell(w, of, w->e);
}

/* Bytes of 9·21渣土车事故的 in front of who one was in it. */
static size_t
event_prefix(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const events[] = {"事故的", "事件的", "案的", "案件的",
	    "纠纷的", "血案的", "惨案的", NULL};
	size_t at = hide_find_any(t, b, e, events);

	return at < e ? at + hide_match(t, at, events) - b : 0;
}

bool
hide_take_copula(struct walk *w, size_t i)
{
	static const char *const copulas[] = {
	    "是", "系", "乃", "作为", "属于", "算是", "算", NULL};
	static const char *const formal[] = {"为", "现为", "均为", NULL};
	static const char *const hotlines[] = {
	    "转来", "转过来", "热线", "转办", NULL};
	static const char *const there[] = {"那儿", "那里", "这里", "这儿",
	    "那边", "这边", "他家", "她", "他们", NULL};
	static const char *const tails[] = {
	    "的那个", "的那位", "的那名", "的那家", "的这个", NULL};
	const struct hide_text *t = w->t;
	size_t n = hide_match(t, i, copulas), b = i + n, of;

	if (n == 0) {
		n = hide_match(t, i, formal);
		if (n == 0 || !names_person(t, i + n, w->e))
			return false;
		hide_tell(w, i, w->e);
		return true;
	}
	if (hide_take_kin_of(w, b))
		return true;
	b += hide_other_prefix(t, b, w->e);
	b += event_prefix(t, b, w->e);
	b += hide_employer(t, b, w->e);
	if (hide_is_digit(t, b) && hide_find_any(t, b, w->e, hotlines) < w->e)
		return true;
	of = hide_find_any(t, b, w->e, tails);
	if (of < w->e &&
	    (hide_time_at(t, b, of) > 0 || hide_tells_event(t, b, of)))
		hide_tell(w, of + strlen("的"), w->e);
	else if (hide_match(t, b, there) > 0 && hide_is_person_noun(t, b, w->e))
		hide_tell(w, b, w->e);
	else if (hide_complement_end(t, b, w->e) > b)
		hide_tell(w, b, hide_complement_end(t, b, w->e));
	else if (hide_before(t, w->e, "的") && !hide_tells_event(t, b, w->e) &&
		 hide_time_at(t, b, w->e) == 0)
		hide_tell(w, b, w->e);
	else
		take_tail(w, b);
	return true;
}

bool
hide_take_possession(struct walk *w, size_t i)
{
	static const char *const counts[] = {"一", "二", "两", "三", "四", "五",
	    "六", "七", "八", "九", "十", "百", "几", "多", NULL};
	static const char *const units[] = {"台", "辆", "条船", "艘", "亩",
	    "头", "间", "套", "个孩子", "个儿子", "个女儿", "个娃", "家店",
	    "棵", "只羊", "只鸡", "个铺", "个摊", "个店", "口人", "个门面",
	    "个大棚", "个鱼塘", "匹", "部车", "家小", "个小", "家饭", "家超",
	    "家公司", "个厂", "家厂", NULL};
	static const char *const ones[] = {
	    "个", "家", "间", "片", "块", "一家", "一个", "一间", NULL};
	static const char *const calls[] = {"叫", "名叫", NULL};
	static const char *const shops[] = {"店", "铺", "摊", "馆", "厂", "公司",
	    "园", "场", "坊", "民宿", "农家乐", "超市", "诊所", NULL};
	static const char *const proofs[] = {"视频", "录音", "照片", "证",
	    "记录", "材料", "监控", "渣土", NULL};
	const struct hide_text *t = w->t;
	size_t at = i + strlen("有"), from = at, n;

	if (!hide_at(t, i, "有"))
		return false;
	/* 有个铺子叫阿春面馆 */
	n = hide_match(t, at, ones);
	if (n > 0 && hide_chars(t, i, w->e) <= 16) {
		size_t called = hide_find_any(t, at + n, w->e, calls);

		if (called < w->e && called > at + n &&
		    hide_chars(t, at + n, called) <= 4 &&
		    hide_find_any(t, at + n, called, shops) < called) {
			hide_tell(w, i, w->e);
			return true;
		}
	}
	while (at < w->e && ((n = hide_match(t, at, counts)) > 0 ||
				(n = hide_is_digit(t, at)) > 0))
		at += n;
	if (at == from || hide_match(t, at, units) == 0 ||
	    hide_chars(t, at, w->e) > 10 || hide_tells_event(t, at, w->e) ||
	    hide_find_any(t, at, w->e, proofs) < w->e)
		return false;
	hide_tell(w, i, w->e);
	return true;
}

/* 回盐城老家种大棚了 */
static bool
is_return(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const homes[] = {
	    "老家", "家乡", "乡下", "村里", "娘家", NULL};
	size_t at;

	if (!hide_at(t, b, "回") && !hide_at(t, b, "搬回"))
		return false;
	at = hide_find_any(t, b, e, homes);
	return at < e && hide_life_at(t, at + strlen("老家")) > 0;
}

/* Bytes of 应聘到绿源公司 in front of what one does there, when the letter
 * accuses the firm. */
static size_t
firm_joined(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const ways[] = {"到", "进", "去", "在", NULL};
	size_t at = hide_find_any(t, b, e, ways), n;

	if (at == e || hide_chars(t, b, at) > 4)
		return 0;
	at += strlen("到");
	n = hide_accused_firm(t, at, e);
	return n > 0 ? at + n - b : 0;
}

/* The predicate at i, behind its adverbs, of a clause whose subject is the
 * writer. */
static void
judge_predicate(struct walk *w, size_t i)
{
	static const char *const ones[] = {
	    "的那位", "的那个", "的那个人", "的那家", "的那户", "的那名", NULL};
	const struct hide_text *t = w->t;
	size_t n;

	if (i >= w->e || take_apposed(w, i) || take_timed(w, i) ||
	    hide_take_possession(w, i) ||
	    hide_take_tie(w, i))
		return;
	if (hide_is_build(t, i, w->e) || is_return(t, i, w->e)) {
		hide_tell(w, i, w->e);
		return;
	}
	if (hide_take_copula(w, i) || hide_take_place(w, i))
		return;
	if (hide_is_person_noun(t, i, w->e) ||
	    hide_match_before(t, w->e, ones) > 0) {
		hide_tell(w, i, w->e);
		return;
	}
	/* 我住的小区门口天天有… is about the place. */
	n = hide_life_at(t, i);
	/* 我扫的是建材大道东段 */
	if (n > 0 && hide_at(t, i + n, "的是") && !hide_tells_event(t, i, w->e)) {
		hide_tell(w, i + n + strlen("的是"), w->e);
		return;
	}
	if (n > 0 && hide_at(t, i + n, "的") && i + n + strlen("的") < w->e)
		return;
	if (hide_starts_event(t, i) ||
	    (hide_match(t, i, hide_things) > 0 && hide_life_at(t, i) == 0) ||
	    hide_tells_event(t, i, w->e) ||
	    (hide_chars(t, i, w->e) < 2 && !hide_is_bio(t, i, w->e)))
		return;
	hide_tell(w, i + firm_joined(t, i, w->e), w->e);
}

/* 平时打烧饼, 常年看锅炉: the adverb says that it is no event. */
static bool
take_habit(struct walk *w, size_t i, size_t said)
{
	static const char *const habits[] = {"平时", "平常", "平日", "常年",
	    "长年", "早年", "业余", "以前", "从前", "原先", "世代", "祖辈",
	    "年轻时", NULL};
	const struct hide_text *t = w->t;

	if (hide_match(t, i, habits) == 0 || hide_is_mind_at(t, said) ||
	    said >= w->e || hide_tells_event(t, said, w->e) ||
	    hide_chars(t, said, w->e) > 16)
		return false;
	hide_tell(w, said, w->e);
	return true;
}

void
hide_take_predicate(struct walk *w, size_t i)
{
	size_t said = hide_skip_adverbs(w->t, i, w->e);

	judge_predicate(w, said);
	if (!hide_covered(w->t, said))
		(void)take_habit(w, i, said);
	if (hide_covered(w->t, said))
		hide_add(w->t, i, said);
}
