/* SPDX-License-Identifier: ISC */
#include "hide/clause.h"

#include <string.h>

#include "hide/rules.h"
#include "hide/text.h"
#include "hide/walk.h"
#include "hide/words.h"

/* In front of 我 when it is the subject: 那天, 其实, 白天 … */
#define MOST_LEAD 6
/* Of a clause about oneself that is hidden whole. */
#define MOST_SELF 24

/* ---- whom a clause speaks of -------------------------------------------- */

/* Words that are the writer: 我, 本人, 写信人, 小女子. */
static size_t
self_at(const struct hide_text *t, size_t i)
{
	static const char *const humble[] = {"笔者", "敝人", "小女子",
	    "小老百姓我", "老朽", "老汉我", "老身", "不才", "晚辈", "举报人",
	    "写信人", "来信人", "反映人", "检举人", "投诉人", "控告人",
	    "投诉者", "举报者", "反映者", "报案人", "报警人", "求助人",
	    "申诉人", "信访人", "敝姓", "鄙姓", "敝公司", "敝司", "写信的",
	    "写这封信的", "本信作者", "来信者", "发信的", "阿拉", "伲",
	    "举报单位", "投诉单位", "反映单位", "经办人", "寄件人", "收件人",
	    "联名人", NULL};
	static const char *const bodies[] = {"市", "县", "区", "省", "国", "镇",
	    "乡", "州", "府", "党", "局", NULL};
	static const char *const posts[] = {"收件人", "寄件人", NULL};
	static const char *const again[] = {
	    "老", "总", "常", "都", "一直", "每次", NULL};
	size_t n = hide_self_at(t, i);

	if (n == strlen("我") && hide_match(t, i + n, bodies) > 0)
		return 0;
	if (n == 0 && !hide_before(t, i, "被")) {
		n = hide_match(t, i, humble);
		if (hide_at(t, i, "敝姓") || hide_at(t, i, "鄙姓"))
			n = strlen("敝");
	}
	/* 收件人老写“梅先生” is seen, not answered to. */
	if (n > 0 && hide_match(t, i, posts) > 0 &&
	    hide_match(t, i + n, again) > 0)
		return 0;
	return n;
}

/* Whether what stands between the clause's start and 我 leaves it subject. */
static bool
is_lead(const struct hide_text *t, size_t b, size_t i)
{
	static const char *const causes[] = {
	    "因为", "虽然", "但是", "所以", "而且", "不过", "尽管", NULL};
	static const char *const takers[] = {"给", "对", "把", "被", "让", "叫",
	    "找", "打", "骂", "问", "说", "告诉", "和", "跟", "与", "同", "向",
	    "替", "帮", "是", "有", "威胁", "拉", "拦", "逼", "要", "求", "喊",
	    "称", "到", "从", "由", "为", "连", "着", "了", "过", "的", "见",
	    "请", "抓", "推", "撞", "吓", "害", "劝", "派", "于", "比", "像",
	    "等", "知", "管", "信", "恨", "咬", "砸", "追", "踢", "捅", "砍",
	    "烦", "催", "在", "藏", "因", "托", "还", "将", "令", "替", "朝",
	    "毁", "占", "夺", "抢", "赔", "辱", "欺", "逐", "赶", "诬", "堵",
	    "塞", "扔", "泼", "掀", "拆", "挖", "填", "埋", "烧", "炸", "弄",
	    "偷", "诈", "勒", "限", "断", "辞", "除", "离", "扣", "罚", "骗",
	    "收", "欠", "看", "当", "使", "系", NULL};

	if (i == b || hide_match_before(t, i, causes) > 0)
		return true;
	return hide_chars(t, b, i) <= MOST_LEAD &&
	       hide_match_before(t, i, takers) == 0 &&
	       hide_find_any(t, b, i, hide_others) == i;
}

/* Behind 因为, 但是, 您好 … */
size_t
hide_skip_lead(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const leads[] = {"因为", "由于", "虽然", "虽说",
	    "尽管", "但是", "但", "可是", "可", "不过", "而且", "并且", "而",
	    "所以", "因此", "另外", "还有", "同时", "其实", "说实话", "实话说",
	    "老实说", "反正", "再说", "况且", "就算", "即使", "哪怕", "既然",
	    "如今", "现在", "以前", "从前", "原来", "平时", "平常", "领导",
	    "您好", "你好", "同志", "啊", "哎", "唉", "嗯", "喂", "请问", "那",
	    "这", "按说", "本来", "毕竟", "好在", "幸亏", "正因", "正好",
	    "恰好", "白天", "晚上", "早上", "每天", "当年", "后来", " ", "\"",
	    "“", "-", "—", "*", "·", ">", NULL};
	size_t n;

	while (b < e && self_at(t, b) == 0 && hide_life_at(t, b) == 0 &&
	       (n = hide_match(t, b, leads)) > 0)
		b += n;
	return b < e ? b : e;
}

/* Somebody or something else begins the clause. */
bool
hide_is_other_at(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const starts[] = {"他", "她", "它", "你", "您", "有",
	    "这", "那", "该", "某", "其", "此", "谁", "楼上", "楼下", "隔壁",
	    "对面", "门口", "门前", "旁边", "附近", "路", "后面", "前面",
	    "边上", "周围", "里面", "外面", "大家", "人家", "别人", "各位",
	    "请", "望", "敬礼", "此致", "谢谢", "感谢", "盼", "祝", "“", "\"",
	    "一伙", "一帮", "一群人", "几个人", "两个人", "对方", "渣土",
	    "工地", "城管", "物业", "老板", "派出所", "村里", "街道", "社区",
	    "举报", "投诉", "反映", "被", "车队", NULL};

	return hide_match(t, b, starts) > 0 ||
	       hide_match(t, b, hide_others) > 0 ||
	       hide_match(t, b, hide_accused) > 0 ||
	       (hide_name_at(t, b, e) > 0 && hide_name_at(t, b, e) < e - b) ||
	       (hide_nick_at(t, b, e) > 0 && hide_nick_at(t, b, e) < e - b);
}

/* 业主群里我叫“枫叶” */
static bool
is_about_nick(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const places[] = {"群里", "群中", "论坛", "网上",
	    "村里", "圈里", "圈子里", "道上", "街上", "班里", "贴吧", NULL};
	static const char *const calls[] = {"我叫", "叫我", "喊我", "我的昵称",
	    "我昵称", "我网名", "我的名字", "我的网名", "我名字", "称我", NULL};
	size_t at = hide_find_any(t, b, e, places);

	return at < e && hide_chars(t, b, e) <= 20 &&
	       hide_find_any(t, at, e, calls) < e && !hide_tells_event(t, b, e);
}

/* 我们三个都是红旗机械厂退休工人, 我们一家现在搬到清河园 */
static void
take_behind_group(struct walk *w, size_t i)
{
	static const char *const tens[] = {"六十", "七十", "八十", "九十",
	    "五十", "四十", "三十", "二十", NULL};

	while (i < w->e && hide_covered(w->t, i))
		i = hide_next(w->t, i);
	i = hide_skip_adverbs(w->t, i, w->e);
	if (hide_at(w->t, i, "是") || hide_life_at(w->t, i) > 0 ||
	    hide_is_age(w->t, i, w->e) || hide_match(w->t, i, tens) > 0)
		hide_take_predicate(w, i);
}

/* 我们三个…, 我们单位叫… */
static void
take_we(struct walk *w, size_t self, size_t i)
{
	static const char *const two[] = {"俩", "两个", "两人", "俩人", "仨",
	    "三个", "三人", "几个", NULL};

	if (i + hide_match(w->t, i, two) == w->e && i < w->e)
		w->told = w->detail = true;
	else if (hide_take_our_place(w, i) || hide_take_land(w, i))
		return;
	else if (hide_take_group(w, self, i))
		take_behind_group(w, i);
	else if (hide_take_kin(w, self, i) || hide_take_thing(w, i))
		return;
	else if (hide_at(w->t, i, "是") || hide_life_at(w->t, i) > 0)
		hide_take_predicate(w, i);
	else if (hide_at(w->t, i, "家") &&
		 hide_life_at(w->t, i + strlen("家")) > 0)
		hide_take_predicate(w, i + strlen("家"));
	else if (hide_match(w->t, i, hide_things) > 0)
		w->topic = TOPIC_NONE;
}

/* 我的身份你们可以核实：…: the clause behind the colon says it. */
static bool
announces(const struct walk *w, size_t i)
{
	static const char *const reports[] = {
	    "反映", "举报", "投诉", "如下", NULL};
	static const char *const details[] = {"身份", "名字", "姓名", "信息",
	    "资料", "简历", "基本情况", "个人情况", "联系方式", "住址", "地址",
	    NULL};

	return w->t->s[w->e] == ':' &&
	       hide_find_any(w->t, i, w->e, details) < w->e &&
	       hide_find_any(w->t, i, w->e, reports) == w->e;
}

/* 我家里两个老人要养 */
static bool
is_household(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const heads[] = {
	    "家里", "家中", "家有", "上有", NULL};
	static const char *const wards[] = {"老人", "老父", "老母", "孩子",
	    "娃", "爸妈", "病人", "房贷", "要养", "小孩", "公婆", NULL};

	return hide_match(t, b, heads) > 0 && hide_chars(t, b, e) <= 16 &&
	       hide_find_any(t, b, e, wards) < e && !hide_tells_event(t, b, e);
}

/* 寄件人写的是…, 联系人就写…: bytes of the words. */
static size_t
writes_at(const struct hide_text *t, size_t self, size_t i)
{
	static const char *const writes[] = {"写的是", "写的", "填的是", "填的",
	    "留的是", "就写", "写", "填", "就留", "留", "署名", NULL};

	return hide_match(t, self, hide_reporters) > 0
		   ? hide_match(t, i, writes)
		   : 0;
}

/* 我家的早点铺紧挨着永盛网吧: what it stands by is the matter's. */
static size_t
end_of_seat(const struct walk *w, size_t i)
{
	static const char *const ways[] = {
	    "挨着", "靠着", "临着", "紧邻", "对着", "隔壁就是", NULL};
	size_t at = hide_find_any(w->t, i, w->e, ways), n;

	if (at == w->e)
		return w->e;
	n = at + hide_match(w->t, at, ways);
	return hide_has_others(w->t, n, w->e) ? n : w->e;
}

/* 我隔壁开奶茶店的, 我自己的小面包: what one is, or has, without a verb. */
static bool
is_own_side(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const sides[] = {
	    "隔壁", "对面", "楼上", "楼下", "旁边", "附近", "后面", NULL};
	size_t n = hide_match(t, b, sides);

	if (hide_tells_event(t, b, e) || hide_chars(t, b, e) > 10)
		return false;
	return (n > 0 && hide_before(t, e, "的") &&
		   hide_life_at(t, b + n) > 0) ||
	       (hide_at(t, b, "自己的") && hide_chars(t, b, e) >= 5);
}

static void
take_self(struct walk *w, size_t self, size_t n)
{
	static const char *const particles[] = {
	    "嘛", "呢", "呀", "啊", "么", NULL};
	static const char *const we[] = {"我们", "俺们", "咱们", NULL};
	const struct hide_text *t = w->t;
	size_t i = self + n;

	w->topic = TOPIC_SELF;
	if (writes_at(t, self, i) > 0) {
		hide_tell(w, i + writes_at(t, self, i), w->e);
		return;
	}
	i += hide_match(t, i, particles);
	if (i == w->e) {
		w->told = w->detail = t->s[i] == ',';
		return;
	}
	if ((hide_is_about_seat(t, i, w->e) ||
		hide_is_about_post(t, i, w->e)) &&
	    hide_chars(t, i, w->e) <= MOST_SELF) {
		hide_tell(w, self, end_of_seat(w, i));
		return;
	}
	if (hide_match(t, self, we) > 0) {
		take_we(w, self, i);
		return;
	}
	if (hide_take_kin(w, self, i) || hide_take_house(w, i) ||
	    hide_take_thing(w, i) || hide_take_land(w, i) ||
	    hide_take_constituents(w, i) || hide_take_nickname(w, i))
		return;
	if (announces(w, i)) {
		w->told = w->detail = true;
		return;
	}
	if (is_household(t, i, w->e)) {
		hide_tell(w, self, w->e);
		return;
	}
	if (is_own_side(t, i, w->e)) {
		hide_tell(w, i, w->e);
		return;
	}
	if (hide_at(t, i, "家") && hide_life_at(t, i + 3) > 0)
		i += strlen("家");
	else if (hide_match(t, i, hide_things) > 0 && hide_life_at(t, i) == 0 &&
		 !hide_is_build(t, i, w->e) && !hide_at(t, i, "这"))
		w->topic = TOPIC_NONE;
	hide_take_predicate(w, i);
}

/* ---- the walk ----------------------------------------------------------- */

/* 整个楼道只有我家没装, 工地上就我一个女的: nobody else it can be. */
static bool
is_about_only(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const onlies[] = {"只有我", "就我一", "唯独我",
	    "就我家", "只我", "独我", "唯一", "就我们一", "就俺一", "只有俺",
	    "就属我", "只有我们", "单我", "除了我没", "没有第二", NULL};
	static const char *const hopes[] = {"希望", "办法", "途径", "证据",
	    "要求", "证人", "通道", "出入口", "出口", NULL};

	static const char *const selves[] = {"我", "俺", "咱", NULL};
	static const char *const roads[] = {"唯一的路", "唯一一条", "唯一的水",
	    "唯一的通", "唯一的出", "唯一的一", "唯一能", NULL};

	/* 我们村唯一的路被压烂了 is about the road. */
	return hide_find_any(t, b, e, onlies) < e &&
	       hide_find_any(t, b, e, roads) == e &&
	       hide_find_any(t, b, e, selves) < e &&
	       hide_find_any(t, b, e, hopes) == e;
}

static bool
is_about_driving(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const driving[] = {"车", "司机", "开的", "跑", "拉",
	    "骑", "运", "驾", "出租", "滴滴", "卡", "船", "面包", "轿", NULL};

	return hide_find_any(t, b, e, driving) < e;
}

/* 我是〔…〕 is all about the writer: nothing but the subject and words that
 * join it to what is hidden stands from self on. */
static void
take_subject(struct walk *w, size_t self, size_t n)
{
	static const char *const links[] = {"是", "就是", "系", "叫", "名叫",
	    "姓", "名", "为", "乃", "的", "家", "家在", "在", "于", "家住",
	    "住", "就", "也", "都", "才是", "作为", "属于", "来自", "之",
	    "一名", "一个", "一位", "个", "名字", "名字叫", "真名", "今年",
	    "现年", "只是", "曾是", "原是", "住在", "家就在", "单位", "公司",
	    "店", "的名字", "老家", "户口", "户籍", "网名", "外号", "免贵姓",
	    "工作", "从", "姓名", "职业", "驾驶证号", "身份证号", "证号",
	    "电话", "手机", "号码", "号", "微信", "微信号", "邮箱", "qq",
	    "手机号", "自己", "(", ":", " ", NULL};
	const struct hide_text *t = w->t;
	size_t i = self + n, k;

	while (i < t->len && i <= w->e && !hide_covered(t, i)) {
		k = hide_match(t, i, links);
		if (k == 0)
			k = hide_kin_at(t, i);
		if (k == 0)
			return;
		i += k;
	}
	if (hide_covered(t, i))
		hide_add(w->t, self, i);
}

/* 我 as the subject of the clause. */
static void
take_as_subject(struct walk *w, size_t i, size_t n)
{
	w->told = false;
	take_self(w, i, n);
	if (hide_covered(w->t, hide_prev(w->t, w->e))) {
		w->told = true;
		w->topic = TOPIC_SELF;
	}
	take_subject(w, i, n);
}

/* 我 elsewhere in a clause that begins at b; false when no more of it is to be
 * looked at. */
static bool
take_as_object(struct walk *w, size_t b, size_t i, size_t n, bool subject)
{
	static const char *const along[] = {"和", "跟", "与", "同", NULL};
	/* 被打的是我父亲, 电话是我女儿的; 带头的是我表哥 is another. */
	static const char *const sufferers[] = {"被打", "被撞", "被砸", "受害",
	    "死者", "伤者", "老人", "病人", "电话", "手机", "微信", "号码",
	    "受伤", "挨打", "死的", "伤的", NULL};
	const struct hide_text *t = w->t;
	size_t with = hide_match_before(t, i, along);

	if (!subject && w->topic == TOPIC_SELF && with > 0 && i - with == b) {
		(void)hide_take_tie(w, b);
		return false;
	}
	w->told = false;
	w->kin = (w->kin || (hide_kin_behind(t, i + n, w->e) > 0 &&
				!hide_accuses_before(t, i))) &&
		 (!hide_before(t, i, "是") ||
		     hide_match(t, b, sufferers) > 0);
	if (hide_take_paper(w, b)) {
		w->detail = true;
		return false;
	}
	if (hide_at(t, i + n, "家") && hide_take_land(w, i + n + strlen("家")))
		return true;
	if (!hide_take_object(w, i, n) && !hide_take_visit(w))
		hide_take_named_kin(w, i, i + n);
	hide_take_owned(w, i, i + n);
	if (hide_at(t, i + n, "那辆") || hide_at(t, i + n, "那台"))
		(void)hide_take_thing(w, i + n);
	return true;
}

/* 请联系13900000000: what follows is the writer's too. */
static bool
is_contact(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const ways[] = {"联系", "电话", "微信", "加微", "短信",
	    "致电", "回电", "同手机", "手机", "商务微", "加v", "打我", NULL};

	return hide_covered(t, hide_prev(t, e)) &&
	       hide_has_digit(t, b, e) + hide_is_alnum(t, hide_prev(t, e)) >
		   0 &&
	       hide_find_any(t, b, e, ways) < e;
}

/* 来信人称…系…: what the reporter is said to say is no word on him. */
static bool
is_reported(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const says[] = {
	    "称", "说", "表示", "反映", "举报", "投诉", NULL};
	size_t n;

	n = hide_at(t, b + strlen("来信"), "人") ? strlen("来信人") : 0;
	return n > 0 && hide_match(t, b, hide_reporters) == n && b + n < e &&
	       hide_match(t, b + n, says) > 0;
}

/* 发照片的微信是…: another sentence, of somebody else; 他 is no longer kin. */
static bool
is_kept_kin(const struct hide_text *t, size_t b, size_t e)
{
	return hide_at(t, b, "他") || hide_at(t, b, "她") ||
	       hide_kin_at(t, b) > 0 || self_at(t, b) > 0 ||
	       !(hide_is_other_at(t, b, e) || hide_starts_event(t, b));
}

static void
take_clause(struct walk *w)
{
	struct hide_text *t = w->t;
	size_t b = hide_skip_lead(t, w->b, w->e), n;
	bool subject = false, lead = false;

	if (w->starts && !is_kept_kin(t, b, w->e)) {
		w->had_kin = w->had_kin || w->kin;
		w->kin = false;
	} else if (w->starts && self_at(t, b) > 0) {
		w->kin = w->kin || w->had_kin;
	}
	if (hide_take_introduced(w, b))
		return;
	if (is_reported(t, b, w->e)) {
		w->topic = TOPIC_OTHER;
		w->told = false;
		return;
	}

	if ((is_about_only(t, b, w->e) &&
		hide_chars(t, b, w->e) <= MOST_SELF) ||
	    is_about_nick(t, b, w->e)) {
		hide_tell(w, b, w->e);
		return;
	}
	for (size_t i = b; i < w->e; i = hide_next(t, i)) {
		n = self_at(t, i);
		if (n == 0)
			continue;
		if (!hide_spend(t, i) || hide_is_others_speech(t, i))
			return;
		hide_take_my_shop(w, i + n);
		(void)hide_take_next(w, i, i + n);
		if ((!subject || hide_before(t, i, "因为")) && is_lead(t, b, i)) {
			take_as_subject(w, i, n);
			lead = true;
		} else if (!take_as_object(w, b, i, n, subject)) {
			return;
		}
		subject = true;
		i += n - 1;
	}
	if (lead && hide_covered(t, hide_prev(t, w->e))) {
		w->told = true;
		w->topic = TOPIC_SELF;
	}
	if (!subject && b < w->e) {
		hide_take_bare(w, b);
		if (is_contact(t, b, w->e)) {
			w->told = true;
			w->topic = TOPIC_SELF;
		}
		w->detail = false;
		if (w->told && hide_covered(t, b))
			hide_add(t, w->b, b);
	}
}

static bool
is_about_shop(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const shops[] = {
	    "店", "铺", "饭馆", "面馆", "摊", "超市", "诊所", "作坊", "网吧",
	    "网咖", "驿站", "民宿", "公司", "果园", "农庄", "茶楼", "工作室",
	    "幼儿园", "养殖场", "农家乐", "会所", "培训班", "琴行", "书屋", NULL};

	return hide_find_any(t, b, e, shops) < e;
}

/* A man called 阿彪: two words of English, judged by english.c. */
static bool
is_foreign(const struct hide_text *t, size_t b, size_t e)
{
	int words = 0;

	while (b < e && words < 2) {
		size_t from = b;

		while (b < e && t->s[b] >= 'a' && t->s[b] <= 'z')
			b++;
		if (b == from || t->s[b] != ' ')
			return words == 1 && b > from && b == e;
		words++;
		b = hide_skip_blank(t, b, e);
	}
	return words == 2;
}

/* Notes whether the sentence is still about the writer or his own: nobody else
 * has begun a clause, 被… apart. */
static void
note_own(struct walk *w)
{
	static const char *const passive[] = {
	    "被", "遭", "让", "叫", "给", NULL};
	/* 他 behind these is the other of the two, or whom one writes for. */
	static const char *const couples[] = {"两口子", "老两口", "小两口",
	    "夫妻", "夫妇", "爱人", "对象", NULL};
	static const char *const charges[] = {"替", "代", "帮", NULL};
	const struct hide_text *t = w->t;
	size_t b = hide_skip_lead(t, w->b, w->e);
	bool self = w->kin || hide_own_kin_at(t, w->k, b) > 0;

	for (size_t i = b; i < w->e && i < b + 12; i = hide_next(t, i))
		self = self || self_at(t, i) > 0;
	if ((hide_find_any(t, w->b, w->e, couples) < w->e && self) ||
	    ((t->he || t->she) &&
		hide_find_any(t, w->b, w->e, charges) < w->e))
		w->kin = true;
	if (self)
		w->own = true;
	else if (w->starts || (hide_is_other_at(t, b, w->e) &&
				  hide_match(t, b, passive) == 0))
		w->own = false;
}

/* 孕妇 怀孕六个月 我住…: the clause in front of one that told who the writer is
 * says it too, when it says nothing else. */
static void
take_in_front(struct walk *w, size_t b, size_t e)
{
	static const char *const states[] = {"孕妇", "怀孕", "产妇", "哺乳期",
	    "退休", "残疾", "低保户", "单身", "离异", "丧偶", NULL};
	const struct hide_text *t = w->t;

	if (b >= e || hide_covered(t, b) || hide_chars(t, b, e) > 8 ||
	    hide_is_other_at(t, b, e) || hide_tells_event(t, b, e))
		return;
	if (hide_match(t, b, states) > 0 || hide_is_age(t, b, e) ||
	    (hide_match(t, b, hide_roles) == e - b &&
		hide_match(t, b, hide_others) == 0))
		hide_add(w->t, b, e);
}

void
hide_clauses(struct hide_text *t, struct hide_known *k)
{
	struct walk w = {.t = t, .k = k, .starts = true};
	struct hide_span last[2] = {{.from = 0}, {.from = 0}};

	for (size_t i = 0; i < t->len;) {
		if (hide_ends_clause(t, i) || t->s[i] == ' ') {
			/* 我叫强大海！退伍军人！ goes on. */
			w.starts =
			    w.starts || (t->s[i] == '!' || t->s[i] == ';'
						? !w.told
						: hide_ends_sentence(t, i));
			i = hide_next(t, i);
			continue;
		}
		w.joined = i > 0 && t->s[i - 1] == ' ' && w.e > 0 &&
			   hide_skip_blank(t, w.e, i) == i && !w.starts;
		w.b = i;
		w.e = hide_clause_end(t, i);
		if (w.e == i)
			w.e = hide_next(t, i);
		if (is_foreign(t, w.b, w.e) &&
		    (!hide_covered(t, w.b) || t->s[w.e] == '.')) {
			w.topic = TOPIC_NONE;
			w.told = w.kin = w.starts = false;
			i = w.e;
			continue;
		}
		take_clause(&w);
		hide_take_addressed(&w);
		note_own(&w);
		if (w.own)
			hide_take_ward(&w);
		w.shop = w.shop || (w.told && is_about_shop(t, w.b, w.e));
		w.drives = w.told && is_about_driving(t, w.b, w.e) &&
			   (hide_covered(t, hide_prev(t, w.e)) ||
			       !hide_tells_event(t, w.b, w.e));
		if (w.told && w.own && !w.starts) {
			take_in_front(&w, last[0].from, last[0].to);
			if (hide_covered(t, last[0].from))
				take_in_front(&w, last[1].from, last[1].to);
		}
		last[1] = last[0];
		last[0] = (struct hide_span){.from = w.b, .to = w.e};
		w.starts = false;
		i = w.e;
	}
}
