/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "intake/hide_clause.h"
#include "intake/hide_rules.h"
#include "intake/hide_text.h"
#include "intake/hide_walk.h"
#include "intake/hide_words.h"

/* ---- labels, and the ways to the writer --------------------------------- */

/* 地就在…, 床位在…: bytes of a noun of the writer's with 在. */
static size_t
noun_in(const struct hide_text *t, size_t i, size_t e)
{
	static const char *const ins[] = {"就在", "都在", "在", "位于", NULL};
	/* What the matter has. */
	static const char *const spots[] = {"停", "地点", "位置", "现场", "事发",
	    "案发", "时间", "事情", "这事", "那事", "问题", "证据", "账", NULL};
	size_t at = i, n = 0;

	if (hide_match(t, i, hide_others) > 0 || hide_match(t, i, spots) > 0 ||
	    hide_starts_event(t, i))
		return 0;
	for (int chars = 0; chars < 4 && at < e && n == 0; chars++) {
		if (!hide_is_han(t, at) || hide_match(t, at, hide_others) > 3)
			return 0;
		at = hide_next(t, at);
		n = hide_match(t, at, ins);
	}
	return n > 0 ? at + n - i : 0;
}

/* 摊子在…, 住…: where what is the writer's is. */
static bool
take_seat(struct walk *w, bool told, size_t i)
{
	static const char *const seats[] = {"店在", "店开在", "店就在",
	    "摊子在", "摊子就在", "摊位在", "摊位就在", "门面在", "铺子在",
	    "厂子在", "家在", "家就在", "家就住", "户口在", "户籍在", "老家在",
	    "老家", "娘家在", "婆家在", "老宅在", "祖籍", "籍贯", "单位在",
	    "单位是", "站点在", "宿舍在", "住", "就住", "过渡房在", "工作室在",
	    "公司地址", "单位地址", "通讯地址", "联系地址", "收件地址",
	    "邮寄地址", "原住", "都住", "租住", "寓居", "家是", "家里是", "家原是",
	    "家就是", "老家是", "户口是", NULL};
	static const char *const no_seat[] = {
	    "住院", "住进", "住了", "住不", "住手", "住户", NULL};
	static const char *const wards[] = {
	    "院", "科", "病房", "床", "监护室", NULL};
	const struct hide_text *t = w->t;
	size_t n = hide_match(t, i, seats);

	if (n == 0 && told && !w->starts && (n = noun_in(t, i, w->e)) > 0) {
		hide_tell(w, i, w->e);
		return true;
	}
	if (n == 0 || hide_match(t, i, no_seat) > 0 ||
	    hide_chars(t, i + n, w->e) > 24 || i + n >= w->e ||
	    hide_tells_event(t, i, w->e) ||
	    hide_match_before(t, w->e, wards) > 0 ||
	    hide_match(t, i + n, hide_others) > 3)
		return false;
	hide_tell(w, i, w->e);
	return true;
}

/* 备注“小符（不是亲戚）”: a mark inside ends nothing. */
static size_t
end_of_quote(const struct hide_text *t, size_t b, size_t e)
{
	size_t to = b;

	while (to < t->len && !hide_at(t, to, "”") && t->s[to] != '\n' &&
	       hide_chars(t, b, to) < 20)
		to = hide_next(t, to);
	return hide_at(t, to, "”") && to > e ? to + strlen("”") : e;
}

/* 店名叫净美, 车牌…, 带头人谷成: a label of what is the writer's. */
static bool
take_label(struct walk *w, size_t i)
{
	static const char *const labels[] = {"店名", "字号", "网名", "昵称",
	    "群里叫", "群名", "群昵称", "外号", "绰号", "人称", "艺名", "笔名",
	    "小名", "乳名", "花名", "诨名", "车尾号", "尾号", "真名", "原名",
	    "本名", "车牌", "车号", "车是", "工号", "警号", "胸牌", "编号",
	    "房号", "门牌", "门牌号", "学号", "车位", "铺位", "摊号", "店号",
	    "姓", "名叫", "属", "电话", "手机", "地址", "号", "微博", "微信",
	    "抖音", "快手", "qq", "邮箱", "联系", "户名", "单名", "邮编",
	    "称呼", "备注", "公司叫", "公司名", "厂子叫", "店叫", "单位叫",
	    "铺子叫", "统一社会信用代码", "身份证", "驾驶证", "证号", NULL};
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
	hide_tell(w, i, hide_at(t, b, "“") ? end_of_quote(t, b, w->e) : w->e);
	return true;
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

/* 叫魏薇, 名字叫马成龙: the writer's name without 我, behind what told who he
 * is. */
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
	if (w->shop && w->told && hide_at(t, i, "叫") && hide_at(t, b, "“")) {
		hide_tell(w, i, end_of_quote(t, b, w->e));
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

/* 老人叫毕桂兰，是我外婆: the next clause says whose. */
bool
hide_take_introduced(struct walk *w, size_t i)
{
	static const char *const who[] = {"老人", "老太太", "老大爷", "老爷子",
	    "孩子", "受害人", "受害者", "伤者", "死者", "被打的人", "被打的",
	    "病人", "逝者", NULL};
	static const char *const calls[] = {"名叫", "名字叫", "叫", "姓", NULL};
	static const char *const is[] = {"是我", "就是我", "是俺", NULL};
	const struct hide_text *t = w->t;
	size_t n = hide_match(t, i, who), c = hide_match(t, i + n, calls), next,
	       k;

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

/* 群里昵称“豆花小妹”, 微信名叫…: what one is called there. */
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
	hide_tell(w, i, hide_at(t, b, "“") ? end_of_quote(t, b, w->e) : w->e);
	return true;
}

/* A word for somebody else, not only a character of one. */
bool
hide_has_others(const struct hide_text *t, size_t b, size_t e)
{
	for (size_t i = b; i < e; i = hide_next(t, i))
		if (hide_match(t, i, hide_others) > 3)
			return true;
	return false;
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
	    hide_starts_event(t, i) || hide_tells_event(t, i, w->e) ||
	    (!told && hide_match(t, i, own) == 0))
		return false;
	at = hide_find_any(t, i, w->e, nouns);
	if (at == w->e || hide_is_other_at(t, i, w->e) ||
	    hide_has_others(t, i, at))
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
	static const char *const things[] = {"材料", "回信", "回复", "答复",
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
	if (b == i || n == 0 || b + n >= w->e ||
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

/* 地址柳荫街18号, 店名阿春面馆, 有事找滕春花: a sentence that begins with what
 * it is, of nobody. */
bool
hide_take_headless(struct walk *w, size_t i)
{
	static const char *const mine[] = {"地址", "住址", "家庭住址", "户籍",
	    "户口在", "户口", "店名", "小店", "门面在", "门面是", "铺子在",
	    "店在", "店就在", "摊位", "摊位号", "摊位在", "摊子在", "房号",
	    "门牌", "门牌号", "工号", "学号", "身份证上名字", "身份证上的名字",
	    "真名", "真实姓名", "姓名", "单位", "工作单位", "公司名",
	    "厂名", "家就在", "家在", "家住", "家里住", "老家", "籍贯", "职业",
	    "年龄", "人在", NULL};
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
	    "店名", "店在", "店就在", "门面在", "铺子在", "小店", NULL};
	const struct hide_text *t = w->t;
	size_t n = hide_match(t, i, mine), b, k;
	bool ours = n == 0 && of_business(w, i) > 0;

	/* 驿站在华联小区西门, where he keeps one */
	if (n == 0)
		n = of_business(w, i);
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

/* 有事找滕春花, 这封信是滕春花写的, 邮箱是滕春花的. */
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

bool
hide_take_label(struct walk *w, size_t i)
{
	static const char *const shops[] = {"店名", "店叫", "字号", "招牌是",
	    "小店叫", "果园叫", "农庄叫", "民宿叫", "饭店叫", "馆子叫", "铺子叫",
	    "厂叫", "塘叫", "园叫", "场叫", "坊叫", "摊叫", "摊子叫", "名字叫",
	    NULL};
	size_t at = hide_skip_adverbs(w->t, i, w->e);
	size_t named = hide_find_any(w->t, i, w->e, shops);

	if (hide_take_nickname(w, i))
		return true;
	if (take_seat(w, w->told, at)) {
		hide_add(w->t, i, at);
		return true;
	}
	if (w->shop && named < w->e && hide_chars(w->t, i, named) <= 2) {
		hide_tell(w, i, w->e);
		return true;
	}
	return !w->starts &&
	       ((w->told && take_label(w, at)) || take_code(w, w->told, i));
}
