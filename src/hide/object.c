/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hide/rules.h"
#include "hide/text.h"
#include "hide/walk.h"
#include "hide/words.h"

/* ---- the writer in what is said of others ------------------------------- */

/* 有事到菜场东门卖豆腐的摊子找我 */
bool
hide_take_meeting(struct walk *w, size_t e)
{
	static const char *const leads[] = {"有事", "有什么事", "请", "可以",
	    "可", "直接", "随时", "欢迎", "要", "你们", "您", "你", "平时",
	    "白天", "晚上", "麻烦", "核实", "情况", "了解", "调查", "取证",
	    "需要", "想", "的话", "就", "也", "能", "如", "如需", "若", "找我",
	    " ", NULL};
	static const char *const ways[] = {"到", "来", "去", "上", "在", NULL};
	size_t b = w->b, n;

	while ((n = hide_match(w->t, b, leads)) > 0)
		b += n;
	n = hide_match(w->t, b, ways);
	if (n == 0 || hide_chars(w->t, b + n, e) < 2 ||
	    hide_tells_event(w->t, b, e))
		return false;
	hide_tell(w, b + n, e);
	return true;
}

/* 村里都叫我老倔头, 骂我“死瘸子” */
static bool
take_call(struct walk *w, size_t i)
{
	static const char *const no_call[] = {"去", "来", "不", "别", "再",
	    "说", "交", "给", "把", "滚", "出", "等", "小心", "走", "要", "回",
	    "先", "签", "做", "干", "帮", "到", "在", "多", "少", "赶", "快",
	    "拿", "的", "了", "过", "是", NULL};
	static const char *const links[] = {"叫", "为", "作", NULL};

	i += hide_match(w->t, i, links);
	if (i >= w->e || hide_chars(w->t, i, w->e) > 8 ||
	    hide_match(w->t, i, no_call) > 0)
		return false;
	hide_tell(w, i, w->e);
	return true;
}

/* …和我同班, …跟我是老乡 */
static bool
take_bond(struct walk *w, size_t b)
{
	const struct hide_text *t = w->t;
	static const char *const no_bond[] = {"联系", "沟通", "对接", "核实",
	    "无关", "一样", "谈", "见面", "交流", "取得", "联络", "接洽",
	    "确认", "商量", NULL};
	size_t i = hide_skip_adverbs(t, b, w->e);
	size_t of = hide_find_any(
	    t, i, w->e, (const char *const[]){"的", NULL});

	/* 跟我一块儿的小路: who else it is, by name. */
	if (of < w->e && hide_is_nick(t, of + strlen("的"), w->e))
		return false;
	if (hide_match(t, i, no_bond) > 0)
		return false;
	if (hide_at(t, i, "是"))
		i += strlen("是");
	else if (hide_starts_event(t, i) && !hide_at(t, i, "同"))
		return false;
	if (i >= w->e || hide_chars(t, i, w->e) > 12 ||
	    hide_tells_event(t, i, w->e))
		return false;
	hide_tell(w, b, w->e);
	return true;
}

/* 房东是: no name, and nobody who was spoken of. */
static bool
is_role(const struct hide_text *t, size_t b, size_t self)
{
	static const char *const roles[] = {"房东", "班主任", "店长", "组长",
	    "班长", "厂医", "主治医生", "老师", "校长", "师傅", NULL};
	size_t n = hide_match(t, b, roles);

	return n > 0 && b + n + strlen("是") == self;
}

/* …是我远房表叔, …是我侄子用他的邮箱发的 */
static bool
take_kinship(struct walk *w, size_t self, size_t i)
{
	static const char *const helps[] = {
	    "用", "写", "发", "替", "帮", "代", "打的", "拍的", NULL};
	const struct hide_text *t = w->t;
	size_t kin = hide_kin_chain(t, i), end = i + kin;

	if (kin == 0)
		return false;
	if (end == w->e) {
		/* 房东是我表姨 */
		hide_add(w->t, is_role(t, w->b, self) ? w->b : self, end);
		w->topic = TOPIC_SELF;
		w->told = true;
		return true;
	}
	/* 电话是我大姐的 */
	if (end + strlen("的") == w->e && hide_before(t, w->e, "的"))
		end = w->e;
	else if (hide_match(t, end, helps) == 0)
		return false;
	hide_tell(w, self, end);
	w->kin = true;
	return true;
}

bool
hide_take_object(struct walk *w, size_t self, size_t n)
{
	static const char *const copulas[] = {
	    "是", "系", "算", "属于", "乃", "为", "成了", NULL};
	static const char *const with[] = {"和", "跟", "与", "同", "离", NULL};
	static const char *const calls[] = {
	    "叫", "喊", "称呼", "称", "唤", "骂", "管", NULL};
	static const char *const asks[] = {"问", "猜", "怀疑", "说", NULL};
	static const char *const whether[] = {"是不是", "就是", "是", NULL};
	static const char *const doers[] = {"打人的", "带头的", "动手的",
	    "收钱的", "老板", "领头的", "砸车的", "倒土的", "骂人的", "打我的",
	    "闹事的", "为首的", "主谋", "的人", NULL};
	const struct hide_text *t = w->t;
	static const char *const wholes[] = {"本名", "真名", "大名", "的名字",
	    "名字", "全名", "网名", "的网名", "外号", "家", "家地址", "家门牌",
	    "的地址", "的电话", "的号", "的手机", "的微信", "电话", "手机号",
	    NULL};
	size_t i = self + n, e = w->e, b;

	if (hide_before(t, self, "找") &&
	    hide_take_meeting(w, self - strlen("找")))
		return true;
	if (hide_match_before(t, self, asks) > 0 &&
	    (n = hide_match(t, i, whether)) > 0 && !hide_at(t, i + n, "谁")) {
		hide_tell(w, i + n, e);
		return true;
	}
	if (hide_match_before(t, self, calls) > 0)
		return take_call(w, i);
	if (hide_match_before(t, self, with) > 0)
		return take_bond(w, i);
	if (hide_match_before(t, self, copulas) == 0)
		return false;
	/* 滕春花是我本名, 柳林街18号就是我家 */
	n = hide_match(t, i, wholes);
	b = self - hide_match_before(t, self, copulas);
	if (hide_before(t, b, "就"))
		b -= strlen("就");
	if (n > 0 && i + n == e &&
	    (!hide_at(t, i, "家") || hide_door_behind(t, w->b, b) == b)) {
		hide_learn_name(w->k, t, w->b, b);
		hide_tell(w, w->b, e);
		return true;
	}
	if (hide_at(t, i, "家") || hide_at(t, i, "的"))
		i += strlen("家");
	if (take_kinship(w, self, i))
		return true;
	/* 是我战友, 是我以前的徒弟 */
	i = hide_skip_adverbs(t, i, e);
	if (hide_chars(t, i, e) < 2 || hide_chars(t, i, e) > 8 ||
	    hide_before(t, e, "的") || hide_starts_event(t, i) ||
	    hide_tells_event(t, i, e))
		return false;
	/* 打人的是我们村的沙大勇 */
	n = hide_name_before(t, i, e);
	if (n > 0 && hide_before(t, e - n, "的") &&
	    hide_match_before(t, self - strlen("是"), doers) > 0) {
		hide_tell(w, self, e - n);
		return true;
	}
	hide_tell(w, self, e);
	return true;
}

/* 那家小雅花店是我开的, 那堵墙就是我家的 */
void
hide_take_owned(struct walk *w, size_t self, size_t i)
{
	static const char *const keepers[] = {"的老板", "的店主", "的主人",
	    "的负责人", "的经营者", "的户主", "的业主", "的房主", "的法人",
	    "的摊主", "的老板娘", "的机主", "的车主", "的掌柜", NULL};
	static const char *const owns[] = {"开的", "办的", "经营的", "承包的",
	    "租的", "盖的", "家开的", "家的", "家盖的", "们开的", "们家的",
	    "名下的", "家祖传的", "自己开的", NULL};
	static const char *const spots[] = {"排", "左", "右", "第", "穿", "戴",
	    "中间", "前面", "后面", "最", NULL};
	static const char *const makes[] = {"做的", "记的", "经手", "填的",
	    "保管", "从", "管的", "开的单", "签的", "盖的章", "负责", NULL};
	static const char *const copulas[] = {
	    "就是", "正是", "都是", "是", NULL};
	static const char *const stops[] = {"那家", "这家", "那个", "这个",
	    "的", "那堵", "那间", "那块", "那辆", NULL};
	const struct hide_text *t = w->t;
	size_t n = hide_match(t, i, owns), c, b;

	c = hide_match_before(t, self, copulas);
	/* 被砸的车就是我的 */
	if (c > 0 && hide_at(t, i, "的") && i + strlen("的") == w->e) {
		hide_tell(w, self - c, w->e);
		return;
	}
	if (c == 0 || i + n != w->e)
		return;
	if (n == 0) {
		w->topic = TOPIC_SELF;
		w->told = true;
		if (hide_chars(t, w->b, w->e) <= 9 &&
		    hide_find_any(t, w->b, self, spots) < self) {
			hide_tell(w, w->b, w->e);
			return;
		}
	}
	if (n == 0 && hide_match(t, i, makes) > 0) {
		hide_tell(
		    w, hide_chars(t, w->b, self) <= 8 ? w->b : self, w->e);
		return;
	}
	if (n == 0) {
		if (hide_match_before(t, self - c, keepers) > 0)
			hide_tell(w, w->b, self - c);
		return;
	}
	for (b = self - c; b > w->b && hide_match_before(t, b, stops) == 0;)
		b = hide_prev(t, b);
	if (hide_chars(t, b, self - c) >= 2 && hide_chars(t, b, self - c) <= 12)
		hide_tell(w, b, self - c);
	w->topic = TOPIC_SELF;
	w->told = true;
}

/* Behind 院 and a department of it: 二院耳鼻喉科; 0 = none. */
static size_t
end_of_department(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const houses[] = {
	    "医院", "一院", "二院", "三院", "四院", "卫生院", "附院", NULL};
	size_t at = hide_find_any(t, b, e, houses), i;

	if (at == e)
		return 0;
	for (i = at + hide_match(t, at, houses);
	     i < e && hide_is_han(t, i) && hide_chars(t, at, i) <= 9;
	     i = hide_next(t, i))
		if (hide_at(t, i, "科") && !hide_at(t, i, "科长"))
			return i + strlen("科");
	return 0;
}

void
hide_take_ward(struct walk *w)
{
	static const char *const ways[] = {"住进", "住在", "住", "送到", "送进",
	    "送去", "送往", "转到", "转院到", "转院至", "躺在", "躺", "拉到",
	    "在", "进了", "进", "到", "抢救", NULL};
	/* A hospital alone has many; 骨科 has few. */
	static const char *const wards[] = {"骨科", "外科", "内科", "急诊", "急诊科", "儿科",
	    "病房", "病区", "重症室", "重症监护室", "icu", "眼科", "康复科",
	    "骨伤科", "烧伤科", "神经科", "妇产科", "产科", "住院部",
	    "心内科", "急救室", "抢救室", NULL};
	static const char *const beds[] = {
	    "床", "楼", "号床", "室", "病床", "号病床", "病房", NULL};
	static const char *const outside[] = {"门口", "附近", "后门", "对面",
	    "旁", "路", "停车", "东门", "西门", "南门", "北门", "大门", "外",
	    "后面", "前面", "后街", "那", "工地", NULL};
	const struct hide_text *t = w->t;
	size_t end = 0, at, n, b;

	for (size_t i = w->b; (i = hide_find_any(t, i, w->e, wards)) < w->e;
	     i = hide_next(t, i))
		end = i + hide_match(t, i, wards);
	if (end == 0)
		end = end_of_department(t, w->b, w->e);
	if (end == 0 || hide_match(t, end, outside) > 0)
		return;
	for (at = end; hide_is_digit(t, at);)
		at++;
	if (at > end && hide_match(t, at, beds) > 0)
		end = at + hide_match(t, at, beds);
	b = w->b;
	while (b < end && hide_match(t, b, ways) == 0)
		b = hide_next(t, b);
	while (b < end && (n = hide_match(t, b, ways)) > 0)
		b += n;
	if (b < end && hide_chars(t, b, end) <= 16 &&
	    hide_match(t, b, hide_others) == 0)
		hide_add(w->t, b, end);
}

/* “我知道你住锦绣家园7幢”: who writes to an office does not mean its house. */
void
hide_take_addressed(struct walk *w)
{
	static const char *const yous[] = {"你们家", "你家", "你", NULL};
	static const char *const ways[] = {"就住在", "就住", "住在", "住",
	    "就在", "在", "开在", "的店在", "店在", NULL};
	static const char *const offices[] = {"你局", "你单位", "你院", "你们局",
	    "你处", "你区", "你市", "你县", "你队", "你所", NULL};
	static const char *const nowhere[] = {"哪", "这", "那", "不", "着",
	    "的", "了", "什么", "家", "我", "他", NULL};
	const struct hide_text *t = w->t;
	size_t at, n, e;

	for (size_t i = w->b; (i = hide_find_any(t, i, w->e, yous)) < w->e;
	     i = hide_next(t, i)) {
		n = hide_match(t, i, yous);
		if (hide_match(t, i, offices) > 0)
			continue;
		at = i + n;
		at += hide_kin_chain(t, at);
		/* 你在 is about the office or what one does. */
		if (at == i + n && hide_at(t, at, "在") &&
		    !hide_before(t, at, "家"))
			continue;
		n = hide_match(t, at, ways);
		if (n == 0 || hide_match(t, at + n, nowhere) > 0)
			continue;
		e = w->e;
		if (hide_at(t, hide_prev(t, e), "”"))
			e = hide_prev(t, e);
		if (hide_chars(t, at + n, e) >= 2 &&
		    hide_chars(t, at + n, e) <= 16)
			hide_add(w->t, at + n, e);
	}
}
