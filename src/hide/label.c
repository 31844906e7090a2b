/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hide/clause.h"
#include "hide/rules.h"
#include "hide/text.h"
#include "hide/walk.h"
#include "hide/words.h"

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
	hide_tell(
	    w, i, hide_at(t, b, "“") ? hide_end_of_quote(t, b, w->e) : w->e);
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
