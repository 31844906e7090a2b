/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hide/clause.h"
#include "hide/rules.h"
#include "hide/text.h"
#include "hide/words.h"

/*
 * The last words of a letter that are no sentence: 请查处。春芳, …。阿春面馆蔺春芳,
 * …。蔺春芳和邢大海, "… Lily".  What stands there, wishes apart, is who wrote it,
 * whatever he calls himself.
 */

/* Characters of such words, and of a name of no known shape. */
#define MOST_TAIL 24
#define MOST_BARE 4
#define MOST_FOREIGN 12

/* What people end a letter with and is nobody. */
static const char *const wishes[] = {"望", "请", "求", "希", "盼", "谢", "感",
    "期", "以上", "以下", "特", "拜", "恳", "务", "急", "尽", "处", "查", "附",
    "图", "照", "视频", "地", "时间", "车牌", "祝", "证据", "详", "见", "如",
    "谁", "怎", "为", "发自", "来自", "保密", "匿名", "万", "等", "严", "速", "救",
    "管", "还", "不", "就", "没", "有", "太", "都", "要", "能", "在", "举报",
    "投诉", "反映", "检举", "控告", "揭发", "老板", "老百姓", "坚", "强", "维",
    "打", "扫", "让", "给", "愿", "早", "依", "完", "无", "真", "好", "再", "跪",
    "情", "属", "气", "辛苦", "多", "麻", "天", "他", "她", "它", "你", "您", "我",
    "俺", "咱", "这", "那", "何", "哪", "每", "从", "把", "被", "可", "很", "非",
    "必", "一定", "一直", "一起", "一个", "一共", "敬", "顺", "此", "切", "勿", "莫",
    "否", "全", "所", "大家", "人人", "公道", "法", "苍天", "王法", "黑", "恶", "快",
    "最", "也", "又", "才", "只", "会", "该", "应", "已", "正", "更", "越", "与",
    "和", "跟", "对", "向", "比", "于", "因", "由", "但", "而", "且", "或", "若",
    "虽", "即", "既", "至", "到", "去", "来", "上", "下", "中", "前", "后", "里",
    "外", "内", "左", "右", "东", "南", "西", "北", "今", "昨", "明", "星期", "周",
    "年", "月", "日", "号", "点", "个", "位", "名", "件", "次", "共", "约", "近",
    "是", "叫", "说", "做", "看", "听", "想", "知", "问", "答", "写", "读", "开",
    "关", "吃", "喝", "走", "跑", "坐", "站", "住", "带", "拿", "放", "收", "送",
    "买", "卖", "付", "交", "罚", "扣", "赔", "欠", "借", "还钱", "赶", "抓", "判",
    "渣土", "车", "路", "钱", "事", "人", "官", "民", "党", "国", "政", "公", "私",
    "其他", "其余", "另", "补", "注", "备", "ps", "p.s", "完毕", "致", "呈", "抄",
    "行贿", "受贿", "太阳", "影响", "扰民", "污染", "违", "乱", "脏", "臭", "吵",
    "痛", "苦", "哭", "死", "伤", "病", "怕", "恨", "烦", "累", "难", "惨", "冤",
    NULL};

static bool
is_mark(const struct hide_text *t, size_t i)
{
	return hide_ends_sentence(t, i) || hide_at(t, i, "—") ||
	       hide_at(t, i, "~");
}

/* 2026.11.3, 11月3日 */
static size_t
trim_date(const struct hide_text *t, size_t e)
{
	static const char *const parts[] = {
	    "年", "月", "日", "号", "晚", "夜", "-", ".", "/", NULL};
	size_t b = e, n, marks = 0;

	while (b > 0 && (n = hide_is_digit(t, b - 1)
				 ? 1
				 : hide_match_before(t, b, parts)) > 0)
		b -= n;
	for (size_t i = b; i < e; i = hide_next(t, i))
		marks += !hide_is_digit(t, i);
	return marks >= 2 && hide_has_digit(t, b, e) ? b : e;
}

/* Behind the last words: blanks, marks, dates and what is hidden go. */
static size_t
end_of_tail(const struct hide_text *t)
{
	size_t e = t->len, from;

	do {
		from = e;
		while (e > 0 && (t->s[e - 1] == ' ' || t->s[e - 1] == ',' ||
				    is_mark(t, hide_prev(t, e)) ||
				    hide_covered(t, hide_prev(t, e))))
			e = hide_prev(t, e);
		e = trim_date(t, e);
	} while (e < from);
	return e;
}

/* 春芳, 春暖花开, 阿依古丽·买买提: no words that say anything. */
static bool
is_bare_name(const struct hide_text *t, size_t b, size_t e)
{
	size_t most = MOST_BARE;

	for (size_t i = b; i < e; i = hide_next(t, i))
		if (hide_at(t, i, "·"))
			most = MOST_FOREIGN;
		else if (!hide_is_han(t, i))
			return false;
	return hide_chars(t, b, e) >= 2 && hide_chars(t, b, e) <= most;
}

/* Lily, Lin Chunfang: words with a capital. */
static bool
is_latin_name(const struct hide_text *t, size_t b, size_t e)
{
	size_t words = hide_capital_words(t, b, e, false);

	return words >= 1 && words <= 3 && e - b <= 24 && e - b >= 3;
}

/* Where the name or nickname at the end begins; e when there is none. */
static size_t
start_of_person(const struct hide_text *t, size_t b, size_t e)
{
	size_t n = hide_name_before(t, b, e);

	for (size_t k = 6; n == 0 && k <= 9 && e >= b + k; k += 3)
		if (hide_is_nick(t, e - k, e))
			n = k;
	return e - n;
}

/* 阿春面馆, 柳林街18号, 目击者: in front of a name. */
static bool
is_lead_of_name(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const titles[] = {"目击者", "目击人", "知情人",
	    "知情者", "证人", "受害人", "受害者", "当事人", "亲历者", "业主:",
	    "家长:", "村民:", "住户:", "店主:", "居民:", "市民:", NULL};
	size_t to = hide_trim_end(t, b, e);

	return hide_match(t, b, titles) == to - b ||
	       hide_is_sign_over(t, b, to) || hide_is_home(t, b, to) ||
	       hide_door_behind(t, b, to) == to;
}

/* 蔺春芳和邢大海 */
static bool
is_pair(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const ands[] = {"和", "与", "及", "、", "跟", NULL};

	for (size_t k = 6; k <= 9 && b + k < e; k += 3) {
		size_t n = hide_match(t, b + k, ands);

		if (n > 0 && hide_is_name(t, b, b + k) &&
		    hide_is_name(t, b + k + n, e))
			return true;
	}
	return false;
}

/* 不愿透露姓名的业主 */
static bool
is_reserved(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const heads[] = {"不愿", "不想", "不便", "不敢",
	    "不能", "不方便", NULL};
	size_t of = hide_find_any(t, b, e, (const char *const[]){"的", NULL});

	return hide_match(t, b, heads) > 0 && of < e &&
	       hide_is_kind(t, of, e) && hide_chars(t, of, e) <= 10;
}

/* Elsewhere the letter speaks of it. */
static bool
is_spoken_of(const struct hide_text *t, size_t b, size_t e)
{
	const char *at = memmem(t->s, b, t->s + b, e - b);

	return at != NULL && !hide_covered(t, (size_t)(at - t->s));
}

static bool
is_writer(const struct hide_text *t, size_t b, size_t e)
{
	size_t person;

	if (is_reserved(t, b, e))
		return true;
	if (hide_match(t, b, wishes) > 0 || hide_starts_event(t, b) ||
	    hide_tells_event(t, b, e) || hide_match(t, b, hide_accused) > 0 ||
	    is_spoken_of(t, b, e))
		return false;
	person = start_of_person(t, b, e);
	if (person > b && person < e && is_lead_of_name(t, b, person) &&
	    !is_spoken_of(t, person, e))
		return true;
	if (hide_match(t, b, hide_others) > strlen("他"))
		return false;
	return is_bare_name(t, b, e) || is_latin_name(t, b, e) ||
	       is_pair(t, b, e) || hide_is_sign_over(t, b, e) ||
	       hide_door_behind(t, b, e) == e;
}

void
hide_tail(struct hide_text *t, struct hide_known *k)
{
	size_t e = end_of_tail(t), b = e, to = e;

	/* 蔺春芳(女,52岁) */
	if (e > 0 && t->s[e - 1] == ')') {
		for (to = e; to > 0 && t->s[to - 1] != '(' &&
			     hide_chars(t, to, e) < MOST_TAIL;)
			to = hide_prev(t, to);
		to = to > 0 && t->s[to - 1] == '(' ? to - 1 : e;
		b = to;
	}
	while (b > 0 && !is_mark(t, hide_prev(t, b)) &&
	       !hide_covered(t, hide_prev(t, b)) && t->s[b - 1] != ',' &&
	       hide_chars(t, b, to) <= MOST_TAIL)
		b = hide_prev(t, b);
	b = hide_skip_blank(t, b, to);
	if (b == 0 || b >= to || hide_chars(t, b, to) > MOST_TAIL ||
	    hide_before(t, b, ",") || hide_before(t, b, ":") ||
	    !is_writer(t, b, to))
		return;
	if (to < e && hide_name_before(t, b, to) != to - b)
		return;
	hide_learn_name(k, t, b, to);
	hide_learn_name(k, t, start_of_person(t, b, to), to);
	hide_add(t, b, e);
}
