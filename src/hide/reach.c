/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hide/clause.h"
#include "hide/rules.h"
#include "hide/text.h"
#include "hide/walk.h"
#include "hide/words.h"

/* The ways to the writer: where he is found, who writes or answers for him. */

/* …邮局 存局候领 公羊先生收: the blanks of an address end nothing. */
static size_t
end_of_post(const struct walk *w, size_t b)
{
	const struct hide_text *t = w->t;
	size_t e = w->e;

	while (e < t->len && !hide_ends_clause(t, e) &&
	       hide_chars(t, b, e) < 40)
		e = hide_next(t, e);
	/* …邮局信箱203，霍女士收 */
	if (!hide_before(t, e, "收") && t->s[e] == ',') {
		size_t next = hide_skip_blank(t, e + 1, t->len);
		size_t end = hide_clause_end(t, next);

		if (hide_chars(t, next, end) <= 6 && hide_before(t, end, "收"))
			e = end;
	}
	return hide_before(t, e, "收") ? e : w->e;
}

/* 材料可寄…, 书面答复至…, 奖金请打到…: where the writer is reached. */
static bool
take_answer(struct walk *w, size_t i)
{
	static const char *const letters[] = {
	    "写信到", "写信给", "来信到", "信寄", "上门请到", "上门请来",
	    "来访请到", "面谈请到", "登门请到", "上门到", "快递寄到", "快递到",
	    "挂号信寄到", NULL};
	static const char *const things[] = {"信件", "材料", "回信", "回复", "答复",
	    "书面", "奖金", "奖励", "通知", "结果", "信", "请", "可", "烦请",
	    "也", "将", "麻烦", "复函", "处理", "如需", "如要", "若需",
	    "若要", "需要", "有", NULL};
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
	if (b == i)
		n = hide_match(t, b, letters);
	if (n == 0 || b + n >= w->e ||
	    hide_match(t, b + n, theirs) > 0 || hide_tells_event(t, b, w->e))
		return false;
	hide_tell(w, b + n, end_of_post(w, b + n));
	return true;
}

/* 现由项目书记蔺国辉（139…）与贵办对接: who answers for the writer. */
static bool
take_liaison(struct walk *w, size_t i)
{
	static const char *const heads[] = {"现由", "由", "特派", "委派", "指派",
	    "请与", "请和", "可与", "请联系", "可联系", NULL};
	static const char *const acts[] = {"对接", "联系", "联络", "沟通", "接洽",
	    "配合", "负责此事", NULL};
	static const char *const theirs[] = {"他", "她", "你", "您", "贵", NULL};
	const struct hide_text *t = w->t;
	size_t n = hide_match(t, i, heads), b = i + n, to, end;

	if (n == 0 || b >= w->e || hide_match(t, b, theirs) > 0)
		return false;
	for (to = b; to < w->e && hide_is_han(t, to) &&
		     hide_match(t, to, acts) == 0 && !hide_at(t, to, "与") &&
		     !hide_at(t, to, "和");)
		to = hide_next(t, to);
	end = hide_line_end(t, to);
	if (end > to + 120)
		end = to + 120;
	if (hide_find_any(t, i, end, acts) == end ||
	    hide_name_before(t, b, to) == 0)
		return false;
	hide_learn_name(
	    w->k, t, to - hide_name_before(t, b, to), to);
	hide_tell(w, b, to);
	return true;
}

/* 你们查解家的女儿就知道 */
static bool
take_inquiry(struct walk *w, size_t i)
{
	static const char *const asks[] = {
	    "查", "问", "打听", "一问", "一提", "提起", NULL};
	static const char *const knows[] = {"就知道", "便知", "就清楚",
	    "就明白", "都知道", "都认识", "就认识", "都晓得", "就晓得", "都清楚",
	    "没人不", "谁都", "人人", NULL};
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

/* 去摊上找卖豆芽的老党就行 */
static bool
take_found_at(struct walk *w, size_t i)
{
	static const char *const finds[] = {"找", "问", NULL};
	static const char *const theirs[] = {
	    "那个", "那", "这", "他", "她", "你", "您", NULL};
	static const char *const tails[] = {"就是", "就行", "即可", "就成", "就好",
	    "便可", "就可以", "就能找到", "转交", "转告", "转达",
	    NULL};
	const struct hide_text *t = w->t;
	size_t n = hide_match_before(t, w->e, tails), b;

	if (n == 0)
		return false;
	b = hide_find_any(t, i, w->e, finds) + strlen("找");
	if (b + 6 > w->e - n || hide_chars(t, b, w->e - n) > 10 ||
	    hide_match(t, b, theirs) > 0 ||
	    hide_tells_event(t, i, w->e) || hide_has_others(t, b, w->e - n) ||
	    hide_self_at(t, b) > 0)
		return false;
	hide_tell(w, b, w->e - n);
	return true;
}

/* 你们就说找她二妹 */
static bool
take_asked_for(struct walk *w, size_t i)
{
	static const char *const heads[] = {
	    "就说找", "你们就说找", "您就说找", "说找", "就找", "找", "就问", "去问",
	    "就去找", "就去问", "问", NULL};
	/* 别找我，找韦姐 */
	static const char *const instead[] = {"别找我,", "不要找我,",
	    "不用找我,", "别问我,", "别来找我,", "不是我,", NULL};
	/* 找邹宏也没用 */
	static const char *const vain[] = {"也", "没", "都", "说", "理", "不",
	    "谁", "要", "过", "了", "你", NULL};
	const struct hide_text *t = w->t;
	size_t n = hide_match(t, i, heads), chars;

	if (take_found_at(w, i))
		return true;
	if (n == 0 || w->topic != TOPIC_SELF || w->starts ||
	    hide_match_before(t, w->b, instead) > 0 ||
	    hide_find_any(t, i + n, w->e, vain) < w->e)
		return false;
	chars = hide_chars(t, i + n, w->e);
	if (chars < 2 || chars > 5 || hide_tells_event(t, i, w->e) ||
	    hide_match(t, i + n, hide_others) > 3)
		return false;
	hide_tell(w, i + n, w->e);
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

bool
hide_take_way(struct walk *w, size_t i)
{
	return take_answer(w, i) || take_liaison(w, i) || take_inquiry(w, i) ||
	       take_scribe(w, i) || take_asked_for(w, i) ||
	       hide_take_paper(w, i);
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

bool
hide_take_reached(struct walk *w, size_t i)
{
	static const char *const finds[] = {"有事找", "有事请找", "有事请联系",
	    "有事联系", "有事就找", "有事您找", "有事可以找", "有问题找",
	    "需要找", "请联系", "可联系", "联系", "请找", "可以找", "核实找",
	    "核实请找", "要证据找", "取证找", "要视频找", NULL};
	static const char *const its[] = {"这封信是", "信是", "邮箱是",
	    "这个邮箱是", "此信由", "此信是", "本信由", "邮件是", "账号是",
	    "这个号是", "手机是", "电话是", "微信是", NULL};
	static const char *const ends[] = {
	    "写的", "写", "的", "发的", "代写的", "代写", "本人的", NULL};
	static const char *const told[] = {"口述", "口授", NULL};
	const struct hide_text *t = w->t;
	size_t n = hide_match(t, i, finds), b = i + n, e = w->e;

	if (take_writer(w, i))
		return true;
	/* 蔺春芳口述 */
	if (hide_match_before(t, e, told) > 0 &&
	    hide_is_name(t, i, e - strlen("口述"))) {
		hide_learn_name(w->k, t, i, e - strlen("口述"));
		hide_tell(w, i, e);
		return true;
	}

	if (n == 0) {
		n = hide_match(t, i, its);
		b = i + n;
		e -= hide_match_before(t, e, ends);
		if (n == 0 || e == w->e || e <= b)
			return false;
	}
	if (!hide_is_name(t, b, e) && !hide_is_nick(t, b, e))
		return false;
	hide_learn_name(w->k, t, b, e);
	hide_tell(w, b, e);
	return true;
}
