/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hide/clause.h"
#include "hide/owner.h"
#include "hide/rules.h"
#include "hide/text.h"
#include "hide/words.h"

/* Bytes to the left that are looked at: some sixty characters. */
#define LOOK_BACK 180

/* Stand between a person and his number and say nothing of whose it is. */
static const char *const links[] = {"电话号码", "电话号", "电话", "手机号码",
    "手机号", "手机", "号码", "号", "联系方式", "联系电话", "联系手机", "联系",
    "座机", "固话", "固定电话", "办公室电话", "办公电话", "办公室", "微信号码",
    "微信号", "微信", "vx", "wx", "v信", "威信", "薇信", "wechat", "qq号码",
    "qq号", "qq", "扣扣", "邮箱地址", "邮箱", "电子邮箱", "电子邮件", "邮件",
    "email", "e-mail", "mail", "身份证号码", "身份证号", "身份证", "账号",
    "帐号", "账户", "卡号", "银行卡号", "银行卡", "支付宝", "抖音号", "抖音",
    "快手号", "快手", "微博", "tel", "phone", "mobile", "number", "cell", "no",
    "is", "s", "'", "’", "and", "at", "叫", "是", "为", "的", "等", "或", "和",
    "或者", "以及", "还有", "分别", "另", "另外", "个人", "私人", "打", "拨打",
    "拨", "加", "致电", "可以", "有", "叫做", "也", "就", "都", "名", "名字",
    "姓名", "本名", "全名", "真名", "多", "左右", "男", "女", "那里", "那儿",
    "手里", "手上", "从", "用", "新", "老", "旧", "原来", "以前", "现在",
    "常用", "新号", "：", ":", ",", "、", " ", "(", ")", "“", "”", "\"", "-",
    "—", ".", "/", "|", "[", "]", "【", "】", "=", "+", "\n", NULL};

static const char *const naming[] = {"叫", "姓", "名叫", "外号", "外号叫",
    "绰号", "绰号叫", "人称", "真名", "本名", "原名", "名字", "名字叫", "小名",
    "全名", "诨号", "自称", "法名", "called", "named", NULL};

/* In front of a number: somebody else used or published it. */
static const char *const used[] = {"威胁", "恐吓", "骚扰", "辱骂", "打来",
    "打过来", "来电", "来电显示", "显示", "接到", "收到", "留", "留有", "留着",
    "留了", "留下", "写着", "写", "写了", "印着", "印", "印有", "喷着", "喷",
    "喷了", "喷有", "贴着", "贴", "挂着", "标着", "标", "标注", "上面", "预约",
    "订购", "订货", "订车", "招租", "出租", "业务", "客服", "热线", "收款",
    "转到", "转给", "转账到", "打到", "打给", "汇到", "汇给", "换成", "换了",
    "监督", "招聘", "公布", "登记", "注册", "拨通", "监督举报", "订餐", "叫车",
    "约车", "加盟", "咨询", "服务", "办证", "值班", "值班室", "投诉", "修路",
    "留过一个", "留过", "留的", "维修", "抢修", "报修", "应急", "送气", "送水",
    "送货", "开锁", "搬家", "疏通", "换锁", "订水", "外卖", "热线服务", "投放",
    "招商", "售楼", NULL};
/* Behind one: the same. */
static const char *const used_after[] = {"威胁", "恐吓", "骚扰", "辱骂", "勒索",
    "打来的", "打过来的", "发来的", "天天", "每天半夜", "每天打", "不停",
    "轮番", "反复打", "给我发", "发短信说", "喷得", "就能订", "就能约",
    "就可以订", "就可以约", NULL};
static const char *const mine_after[] = {"是我", "我的", "我本人", "找我",
    "联系我", "这是我", "微信同号", "同微信", NULL};

static const char *const denounce[] = {
    "举报", "投诉", "检举", "控告", "揭发", "反映", "实名举报", NULL};

/* Bodies that are the citizen's own when 我 stands in front. */
static const char *const bodies[] = {"公司", "店", "饭店", "酒店", "宾馆",
    "烧烤店", "饭馆", "商店", "超市", "网吧", "浴室", "厂家", "工厂", "单位",
    "车队", "工地", "项目部", "店里", "码头", "停车场", "门店", "儿子", "老婆",
    "妻子", "弟弟", "哥哥", "兄弟", "亲戚", "姐夫", "小舅子", "对象", "头",
    "厂", "站", "所", "社", "队", "处", "局", "科", "场", "厂里", "单位里",
    NULL};

/* 知情人吴师傅的电话: one who is named so is not the one who writes. */
static const char *const witnesses[] = {"知情人", "目击者", "证人", "目击",
    "目击人", "见证人", "知情者", "收货人", "发货人", "介绍人", NULL};

static bool
take_links(struct left *l)
{
	size_t n = hide_match_before(l->t, l->e, links);

	if (n == 0 || l->e < l->floor + n)
		return false;
	if (l->named && hide_match_before(l->t, l->e, naming) == n)
		l->called = true;
	l->e -= n;
	return true;
}

/* "…岁", and the number in front of this one. */
static bool
take_digits(struct left *l)
{
	size_t e = l->e, i = e;

	if (hide_before(l->t, e, "岁"))
		i = e -= 3;
	while (i > l->floor &&
	       (hide_is_digit(l->t, i - 1) || (l->t->s[i - 1] == '-' && i < e)))
		i--;
	if (i == e || (e == l->e && e - i < 7))
		return false;
	l->e = i;
	return true;
}

/* 叫张大强, 姓王, 外号“三哥”; the word itself goes too. */
static bool
take_named(struct left *l)
{
	static const char *const untold[] = {"不", "就不", "保密", "别", "先",
	    "请", "我", "暂", "恕", "隐", "没", "也不", "略", NULL};
	size_t b = l->e, n;

	for (int chars = 0; chars < 20;) {
		n = hide_match_before(l->t, b, naming);
		/* 名字不说了，电话… */
		if (n > 0 && hide_match(l->t, b, untold) > 0)
			return false;
		if (chars > 0 && n > 0 && b - n >= l->floor) {
			l->e = b - n;
			l->called = true;
			return true;
		}
		if (b <= l->floor || hide_ends_clause(l->t, hide_prev(l->t, b)))
			return false;
		b = hide_prev(l->t, b);
		chars += hide_is_han(l->t, b) ? 4 : 1; /* “Sun Wei” */
	}
	return false;
}

/* 经理施先生, 收货人是浦先生: what stands in front of a nickname. */
static bool
is_of_others(const struct hide_text *t, size_t b)
{
	if (hide_before(t, b, "“"))
		return true;
	if (hide_before(t, b, "是") || hide_before(t, b, "叫"))
		b -= strlen("是");
	return hide_match_before(t, b, hide_others) > 0 ||
	       hide_match_before(t, b, witnesses) > 0;
}

/* 群主“峰哥”微信号…: bytes of the quoted word in front. */
static size_t
quoted_before(const struct left *l)
{
	size_t b = l->e;

	if (!hide_before(l->t, l->e, "”"))
		return 0;
	while (b > l->floor && !hide_at(l->t, b, "“") &&
	       hide_chars(l->t, b, l->e) < 10)
		b = hide_prev(l->t, b);
	return hide_at(l->t, b, "“") ? l->e - b : 0;
}

static bool
take_quoted(struct left *l)
{
	size_t n = l->named ? 0 : quoted_before(l);

	if (n == 0)
		return false;
	l->named = true;
	l->name_end = l->e;
	l->e -= n;
	l->name = l->e;
	return true;
}

static bool
take_name(struct left *l)
{
	size_t n = hide_name_before(l->t, l->floor, l->e);

	/* 老权电话… at the start of a clause, whatever the surname */
	if (n == 0 && l->e >= l->floor + 6 &&
	    (hide_at(l->t, l->e - 6, "老") || hide_at(l->t, l->e - 6, "小")) &&
	    hide_is_han(l->t, l->e - 3) &&
	    (l->e == 6 || hide_ends_clause(l->t, hide_prev(l->t, l->e - 6))))
		n = 6;
	/* 经理施先生电话… */
	for (size_t k = 6; n == 0 && k <= 12; k += 3)
		if (l->e >= l->floor + k &&
		    hide_is_nick(l->t, l->e - k, l->e) &&
		    is_of_others(l->t, l->e - k))
			n = k;

	/* 老板王大强: the title is no part of the name. */
	while (n > 6 && hide_match_before(l->t, l->e - n, hide_others) == 0 &&
	       hide_is_name(l->t, l->e - n + 3, l->e))
		n -= 3;
	if (n == 0 || l->named)
		return false;
	l->named = true;
	l->name = l->e - n;
	l->name_end = l->e;
	l->e -= n;
	return true;
}

/* 我是店主, 本人系该车队司机: a word for others that means oneself. */
static bool
is_said_of_self(const struct hide_text *t, size_t floor, size_t noun)
{
	static const char *const copulas[] = {
	    "是", "系", "作为", "叫", "就是", "也是", "都是", "当", "为", NULL};
	size_t b = noun, n;

	while (b > floor && !hide_ends_clause(t, hide_prev(t, b)))
		b = hide_prev(t, b);
	for (; b < noun; b = hide_next(t, b)) {
		n = hide_self_at(t, b);
		if (n > 0 && hide_match(t, b + n, copulas) > 0)
			return true;
	}
	return false;
}

/* 我老公周庆…，他手机…: he is one of the citizen's own. */
static bool
is_family(const struct hide_text *t, size_t noun)
{
	size_t b = noun > LOOK_BACK ? noun - LOOK_BACK : 0, n;

	if (!hide_at(t, noun, "他") && !hide_at(t, noun, "她"))
		return false;
	for (; b < noun; b++) {
		n = hide_self_at(t, b);
		if (n > 0 && hide_at(t, b + n, "的"))
			n += 3;
		if (n > 0 && hide_match(t, b + n, hide_families) > 0)
			return true;
	}
	return false;
}

/* 有事联系我, 打店里座机…: the whole sentence is about how to reach one. */
static bool
asks_for_call(const struct left *l)
{
	static const char *const calls[] = {"找我", "联系我", "打我",
	    "联系本人", "打给我", "回我", "通知我", NULL};

	return hide_find_any(l->t, l->floor, l->e, calls) < l->e;
}

/* 有奖的话打我卡上，户名… */
static bool
pays_self(const struct left *l)
{
	static const char *const pays[] = {"打我", "我卡", "我的卡", "转我",
	    "给我", "我账", "我帐", "我的账", "奖金", "奖励", "退给", NULL};

	return hide_find_any(l->t, l->floor, l->e, pays) < l->e;
}

const char *const hide_bosses[] = {"老板", "队长", "经理", "工头", "头目",
    "头子", "车主", "局长", "科长", "主任", "书记", "所长", "村长", "董事长",
    "老总", "场长", "厂长", "他", "她", "对方", "老大", NULL};

/* 阮知秋，某律所律师助理，166…: a row of what one is, that a name begins and
 * nobody leads. */
static bool
opens_with_name(const struct left *l)
{
	const struct hide_text *t = l->t;
	size_t b = hide_skip_blank(t, l->floor, l->e);
	size_t e = hide_clause_end(t, b);
	const char *at = t->s;

	if (e >= l->e || t->s[e] != ',' || !hide_is_name(t, b, e) ||
	    hide_tells_event(t, e, l->e))
		return false;
	/* Not somebody whom the letter also speaks of. */
	while ((at = memmem(at, t->len - (size_t)(at - t->s), t->s + b,
		    e - b)) != NULL) {
		if ((size_t)(at - t->s) != b)
			return false;
		at += e - b;
	}
	return true;
}

/* 对方单位, …，他们公司: others stand in front of the word at b. */
static bool
is_their_clause(const struct left *l, size_t b)
{
	if (b > l->floor && !hide_ends_clause(l->t, hide_prev(l->t, b)) &&
	    l->t->s[b - 1] != ' ')
		return true;
	for (size_t i = l->floor; i < b; i = hide_next(l->t, i))
		if (hide_match(l->t, i, hide_others) > 3)
			return true;
	return false;
}

static enum hide_owner
judge_other(const struct left *l)
{
	static const char *const ranks[] = {
	    "项目", "总", "副", "现场", "办公室", NULL};
	static const char *const homes[] = {
	    "单位", "家里", "店里", "厂里", "办公室", "宿舍", NULL};
	static const char *const liaison[] = {"由", "请与", "请和", "可与",
	    "请联系", "可联系", "联系我司", "联系我公司", "请找我公司", "由我司",
	    "由我公司", "由项目", "委派", "特派", "指派", "由本公司", NULL};
	size_t n = hide_match_before(l->t, l->e, hide_others), b = l->e - n;
	bool letters = n > 0 && hide_is_alnum(l->t, b);

	if (n > 0 && hide_at(l->t, b, "户名") && pays_self(l))
		return OWNER_SELF;
	/* 联系人经理纪芸 */
	if (n > 0 && b > l->floor && !hide_before(l->t, b, "他") &&
	    hide_match_before(l->t, b, hide_reporters) > 0)
		return OWNER_SELF;
	/* 现由项目书记蔺国辉（139…）与贵办对接 */
	if (n > 0 && l->named && b > l->floor &&
	    hide_match_before(l->t, b, liaison) > 0)
		return OWNER_SELF;
	while (n > 0 && hide_match_before(l->t, b, ranks) > 0)
		b -= hide_match_before(l->t, b, ranks);
	if (n > 0 && l->named && hide_is_own_title(l->t, b))
		return OWNER_SELF;
	if (n > 0 && hide_match_before(l->t, l->e, hide_bosses) == 0 &&
	    opens_with_name(l))
		return OWNER_UNKNOWN;
	if (n == 0 || b < l->floor ||
	    (letters && b > 0 && hide_is_alnum(l->t, b - 1)))
		return OWNER_UNKNOWN;
	if ((l->t->she && hide_at(l->t, b, "她")) ||
	    (l->t->he && hide_at(l->t, b, "他")))
		return OWNER_SELF;
	/* 单位电话…: one's own, when nothing stands in front. */
	if (hide_match_before(l->t, l->e, homes) == n && !is_their_clause(l, b))
		return OWNER_UNKNOWN;
	if (is_said_of_self(l->t, l->floor, b) || is_family(l->t, b))
		return OWNER_SELF;
	if (hide_match_before(l->t, l->e, bodies) > 0) {
		size_t own = l->e - hide_match_before(l->t, l->e, bodies);

		if (hide_before(l->t, own, "的"))
			own -= 3;
		if (asks_for_call(l) ||
		    hide_match_before(l->t, own, hide_selves) > 0 ||
		    hide_before(l->t, own, "本"))
			return OWNER_SELF;
	}
	return OWNER_OTHER;
}

/* 我昨天忘了留电话, 我登记的号码: one leaves one's own; what others left for
 * oneself is theirs. */
static bool
is_left_by_self(const struct left *l, size_t n)
{
	static const char *const gives[] = {"留", "留有", "留着", "留了",
	    "留下", "登记", "注册", "写", "写了", NULL};
	static const char *const takes[] = {"给我", "他", "她", "对方", NULL};
	size_t b = l->e - n;

	if (hide_match(l->t, b, gives) == 0)
		return false;
	while (b > l->floor && !hide_ends_clause(l->t, hide_prev(l->t, b)))
		b = hide_prev(l->t, b);
	if (hide_find_any(l->t, b, l->e, takes) < l->e)
		return false;
	for (; b < l->e; b = hide_next(l->t, b))
		if (hide_self_at(l->t, b) > 0)
			return true;
	return false;
}

bool
hide_is_others_contact(const struct hide_text *t, size_t i)
{
	size_t b;

	if (i == 0 || t->s[hide_prev(t, i)] != ',')
		return false;
	for (b = hide_sentence_start(t, i); b < i; b = hide_next(t, b))
		if (hide_is_writer_at(t, b))
			return false;
		else if (hide_match(t, b, hide_others) > 3)
			return true;
	return false;
}

/* 收件人老写“梅先生”，电话…: on what is sent about, not in an answer. */
static bool
is_addressee(const struct left *l)
{
	static const char *const posts[] = {"收件人", "寄件人", NULL};
	static const char *const answers[] = {"回信", "回复", "答复", "寄到",
	    "寄至", "请寄", "可寄", "材料", "通知", NULL};
	const struct hide_text *t = l->t;

	if (hide_match_before(t, l->e, posts) == 0)
		return false;
	for (size_t i = l->floor; i < l->e; i = hide_next(t, i))
		if (hide_self_at(t, i) > 0 || hide_match(t, i, answers) > 0)
			return false;
	return hide_chars(t, l->floor, l->e) > 6;
}

/* 威胁我的电话是…, 他给我留的号码…, 他让我打…: 我, which ends e, is whom it was
 * done to. */
static bool
is_done_to_self(const struct left *l, size_t e)
{
	static const char *const harms[] = {"威胁", "恐吓", "骂", "辱骂", "骚扰",
	    "勒索", "敲诈", "欺负", "报复", "跟踪", "吓唬", "恐吓过", "威胁过",
	    "骂过", "吓", "坑", "骗", NULL};
	static const char *const lets[] = {
	    "让", "叫", "要", "逼", "喊", "给", "对", "向", "跟", "发", NULL};
	const struct hide_text *t = l->t;
	size_t self = e - hide_match_before(t, e, hide_selves), n;

	if (hide_match_before(t, self, harms) > 0)
		return true;
	n = hide_match_before(t, self, lets);
	return n > 0 && self - n > l->floor &&
	       hide_match_before(t, self - n, hide_others) > 0;
}

static enum hide_owner
judge_words(const struct left *l)
{
	static const char *const leaves[] = {
	    "留的", "留过", "登记", "注册", "预留", NULL};
	static const char *const earlier[] = {"以前", "之前", "上次", "原来",
	    "当时", "先前", "信里", "信上", "系统里", "12345", NULL};
	const struct hide_text *t = l->t;
	size_t n;

	if (hide_match_before(t, l->e, hide_accused) > 0 ||
	    (l->named && hide_match_before(t, l->e, witnesses) > 0) ||
	    is_addressee(l) ||
	    (hide_before(t, l->e, "联系人") &&
		hide_is_others_contact(t, l->e - strlen("联系人"))))
		return OWNER_OTHER;
	if (hide_match_before(t, l->e, hide_selves) > 0 &&
	    is_done_to_self(l, l->e))
		return OWNER_OTHER;
	if (hide_match_before(t, l->e, hide_reporters) > 0 ||
	    hide_match_before(t, l->e, hide_selves) > 0 ||
	    hide_before(t, l->e, "my"))
		return OWNER_SELF;
	if (l->named && hide_match_before(t, l->e, denounce) > 0)
		return OWNER_OTHER;
	n = hide_match_before(t, l->e, used);
	/* 以前留的139…, 登记的手机是139…: of nobody, so of the writer. */
	if (n > 0 && hide_match(t, l->e - n, leaves) > 0 &&
	    (hide_match_before(t, l->e - n, earlier) > 0 ||
		l->e - n == l->floor ||
		hide_ends_clause(t, hide_prev(t, l->e - n))))
		return OWNER_UNKNOWN;
	if (n > 0 && (hide_match_before(t, l->e - n, hide_selves) == 0 ||
			 is_done_to_self(l, l->e - n)) &&
	    !is_left_by_self(l, n))
		return OWNER_OTHER;
	return n > 0 ? OWNER_SELF : judge_other(l);
}

/* 威胁我的人叫…: 我 is whom it was done to. */
static bool
is_sufferer(const struct hide_text *t, size_t self)
{
	size_t e = self + hide_self_at(t, self);

	return hide_at(t, e, "的") && self > 0 &&
	       hide_is_han(t, hide_prev(t, self)) &&
	       !hide_before(t, self, "是");
}

/* 带头的叫刘三: whoever is called so is not the one who writes. */
static bool
is_somebody_called(const struct left *l)
{
	size_t b = l->e;

	if (!l->called)
		return false;
	while (b > l->floor && !hide_ends_clause(l->t, hide_prev(l->t, b)))
		b = hide_prev(l->t, b);
	for (; b < l->e; b = hide_next(l->t, b))
		if ((hide_self_at(l->t, b) > 0 && !is_sufferer(l->t, b)) ||
		    hide_match(l->t, b, hide_reporters) > 0)
			return false;
	return true;
}

/* 鲁的号码: nobody calls himself by his surname alone. */
static bool
is_surname_of(const struct left *l)
{
	const struct hide_text *t = l->t;
	size_t b = hide_prev(t, l->e);

	return l->e > l->floor && hide_at(t, l->e, "的") && hide_is_han(t, b) &&
	       (b == 0 || hide_ends_clause(t, hide_prev(t, b)));
}

/* 别打139…, 不要联系139…: nobody says so of his own. */
static bool
is_warned_of(const struct hide_text *t, size_t b)
{
	static const char *const warnings[] = {"别打", "别拨", "不要打", "不要拨",
	    "别联系", "不要联系", "别加", "不要加", "千万别打", "别接", NULL};

	return hide_match_before(t, b, warnings) > 0;
}

static enum hide_owner
owner_left(const struct hide_text *t, size_t b)
{
	struct left l = {.t = t, .e = b};
	enum hide_owner owner;

	if (is_warned_of(t, b))
		return OWNER_OTHER;
	l.floor = b > LOOK_BACK ? b - LOOK_BACK : 0;
	while (l.floor < b && ((unsigned char)t->s[l.floor] & 0xC0) == 0x80)
		l.floor++;
	for (size_t i = l.floor; i < b; i = hide_next(t, i))
		if (hide_ends_sentence(t, i))
			l.floor = hide_next(t, i);
	for (;;) {
		owner = judge_words(&l);
		if (owner != OWNER_UNKNOWN)
			return owner;
		if (is_surname_of(&l) || is_somebody_called(&l))
			return OWNER_OTHER;
		if (!take_quoted(&l) && !take_links(&l) && !take_digits(&l) &&
		    !take_name(&l) && !take_named(&l))
			break;
	}
	return hide_owner_by_side(&l, b);
}

/* 18912345670这个号天天骚扰我, 138…是老板的. */
static enum hide_owner
owner_right(const struct hide_text *t, size_t e)
{
	static const char *const skipped[] = {")", "\"", "”", " ", ",", "】",
	    "这个号码", "这个号", "这个电话", "这个手机", "这号", "此号", "就",
	    "-", "—", "、", "这两个号", "这几个号", "和", "0", "1", "2", "3",
	    "4", "5", "6", "7", "8", "9", NULL};
	static const char *const suffers[] = {"被", "遭", "受", NULL};
	size_t end, n, i = e;

	while (i < t->len && (n = hide_match(t, i, skipped)) > 0)
		i += n;
	if (t->s[i] == '(' && hide_match(t, i + 1, hide_others) > 0)
		return OWNER_OTHER;
	end = hide_clause_end(t, i);
	if (hide_at(t, i, "是") && hide_match(t, i + 3, hide_others) > 0)
		return OWNER_OTHER;
	if (hide_find_any(t, i, end, mine_after) < end)
		return OWNER_SELF;
	n = hide_find_any(t, i, end, used_after);
	/* …，每天被他们骚扰: not by this number. */
	return n < end && hide_find_any(t, i, n, suffers) == n ? OWNER_OTHER
							       : OWNER_UNKNOWN;
}

enum hide_owner
hide_owner_of(const struct hide_text *t, size_t b, size_t e)
{
	enum hide_owner owner = owner_left(t, b);

	if (owner == OWNER_UNKNOWN)
		owner = owner_right(t, e);
	if (owner == OWNER_UNKNOWN)
		owner = hide_section_at(t, b);
	return owner;
}
