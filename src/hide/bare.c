/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hide/rules.h"
#include "hide/text.h"
#include "hide/walk.h"
#include "hide/words.h"

/* The same behind 我的身份：… */
#define MOST_DETAIL 24
/* Of a clause that says where one is seen from, what became of a post (bytes
 * of the word's place too), how one lives. */
#define MOST_SEAT 20
#define MOST_POST 12
#define MOST_LIFE 20

/* ---- clauses without a subject ------------------------------------------ */

/* 一名家长, 下岗工人, 掌鞋的, A市的一分子 */
static bool
is_one_of(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const ends[] = {
	    "的", "一员", "分子", "妈妈", "爸爸", NULL};

	return hide_chars(t, b, e) <= 16 && !hide_tells_event(t, b, e) &&
	       (hide_is_person_noun(t, b, e) || hide_ends_with_role(t, b, e) ||
		   hide_match_before(t, e, ends) > 0);
}

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
	if (hide_is_other_at(t, next, hide_clause_end(t, next)) ||
	    (hide_self_at(t, next) == 0 && !is_one_of(t, i + n, w->e)))
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

/* Streets are the matter's: 每天跑港城大道. */
static bool
ends_with_street(const struct hide_text *t, size_t e)
{
	static const char *const ends[] = {"路", "街", "大道", "大桥", "河",
	    "线", "巷", "环", "高速", "国道", "省道", NULL};

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
	size_t time;
	/* 油罐区旁边动电焊: what happens around one is the matter's. */
	static const char *const around[] = {
	    "旁边", "附近", "周围", "那边", "路边", "门外", "辆",
	    "路上", "校门", "门口的", "门前的", NULL};
	static const char *const spans[] = {"到", "至", "-", NULL};
	static const char *const apposed[] = {
	    "就是", "也就是", "即", "人称", NULL};
	static const char *const ones[] = {
	    "的那个", "的那位", "那个", "那家", NULL};
	static const char *const origins[] = {"来的", "人氏", "人士", "口音",
	    "村的", "镇的", "县的", "乡的", "屯的", "庄的", "寨的", "社区的",
	    "小区的", "沟的", "湾的", "圩的", "街道的", NULL};

	if (hide_match_before(t, w->e, origins) > 0 &&
	    hide_chars(t, i, w->e) <= 9 && !hide_tells_event(t, i, w->e) &&
	    hide_match(t, i, hide_others) <= 3)
		return true;
	if (!told)
		return false;
	if (hide_find_any(t, i, w->e, around) < w->e)
		return false;
	if (hide_is_bio(t, i, w->e) || hide_is_person_noun(t, i, w->e) ||
	    hide_match(t, i, apposed) > 0 ||
	    hide_match_before(t, w->e, ones) > 0)
		return true;
	time = hide_time_at(t, i, w->e);
	/* 2019到2023年 and nothing else */
	if (time > 0 && time == w->e - i &&
	    hide_find_any(t, i, w->e, spans) < w->e)
		return true;
	/* 2016年买断; but 2026年3月起 */
	if (time > 0 && hide_chars(t, i + time, w->e) >= 2 &&
	    hide_chars(t, i, w->e) <= 12 && !hide_before(t, i + time, "起") &&
	    !hide_starts_event(t, i + time) &&
	    !hide_has_matter(t, i + time, w->e))
		return true;
	return hide_chars(t, i, w->e) <= MOST_BARE &&
	       !hide_has_matter(t, i, w->e) && !hide_starts_event(t, at) &&
	       !ends_with_street(t, w->e);
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
	    "住", "就住", "在", "有", "也是", "的", "也在", "就在", NULL};
	static const char *const wards[] = {
	    "院", "科", "病房", "床", "监护室", NULL};
	const struct hide_text *t = w->t;
	size_t n;

	if (!w->kin || (!hide_at(t, i, "他") && !hide_at(t, i, "她")))
		return false;
	n = hide_match(t, i + 3, says);
	if (n == 0 || hide_match_before(t, w->e, wards) > 0 ||
	    hide_starts_event(t, i + 3 + n) || hide_tells_event(t, i, w->e) ||
	    hide_chars(t, i, w->e) > 20)
		return false;
	hide_tell(w, i, w->e);
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

/* 举报人葛振邦（熬糖稀）: what stands in brackets behind the writer is his. */
static bool
is_bracketed(const struct walk *w, size_t i)
{
	const struct hide_text *t = w->t;

	return w->b > 0 && t->s[w->b - 1] == '(' && t->s[w->e] == ')' &&
	       hide_chars(t, i, w->e) <= 16 && !hide_has_matter(t, i, w->e) &&
	       !hide_is_mind_at(t, i);
}

/* 我的名字你们档案里有：上次来的聋子老康 */
static bool
is_detail(const struct walk *w, size_t i)
{
	return w->detail && hide_chars(w->t, i, w->e) <= MOST_DETAIL &&
	       !hide_has_matter(w->t, i, w->e);
}

/* Only a blank stands between: 在国贸三座做 IT, Loft 广场 B 座 3 楼. */
static bool
is_joined(const struct walk *w, size_t i)
{
	const struct hide_text *t = w->t;

	if (!w->joined || hide_time_at(t, i, w->e) > 0 ||
	    hide_is_other_at(t, i, w->e) || hide_starts_event(t, i) ||
	    hide_tells_event(t, i, w->e))
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

/* 导师姓覃, 班长姓褚: whom the writer is under. */
static bool
is_their_name(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const under[] = {"导师姓", "师傅姓", "班长姓",
	    "组长姓", "班主任姓", "队长姓", "校长姓", "房东姓", "店长姓",
	    "工头姓", "婆家姓", "夫家姓", "丈夫姓", "男人姓", NULL};

	return hide_match(t, b, under) > 0 && hide_chars(t, b, e) <= 6;
}

/* 给鸿运砂场看磅 */
static bool
is_service(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const fors[] = {"给", "替", "帮", "为", NULL};
	static const char *const theirs[] = {
	    "我", "你", "您", "贵", "领导", "大家", NULL};
	size_t n = hide_match(t, b, fors);

	return n > 0 && hide_chars(t, b, e) >= 4 && hide_chars(t, b, e) <= 12 &&
	       hide_match(t, b + n, theirs) == 0 &&
	       !hide_tells_event(t, b, e) && !hide_has_matter(t, b, b + n);
}

/* 经常凌晨去海边拍日出 */
static bool
is_habit(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const habits[] = {"经常", "常常", "常年", "长年",
	    "平日里", "平时", "每天", "每周", "天天", "周末", "闲时", "业余",
	    NULL};
	size_t n = hide_match(t, b, habits);

	return n > 0 && hide_chars(t, b, e) <= 16 &&
	       !hide_is_mind_at(t, b + n) && !hide_tells_event(t, b, e) &&
	       !hide_has_matter(t, b + n, e) && !hide_has_others(t, b, e) &&
	       !ends_with_street(t, e);
}

/* 窗户下面就是那个夜宵摊 */
static bool
is_outlook(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const parts[] = {"窗户", "阳台", "窗外", "屋后",
	    "房后", "窗下", "推开窗", "出门就是", "卧室", "厨房", "床头",
	    "床边", "门前有", "院里有", "屋前有", "房前", NULL};

	return hide_match(t, b, parts) > 0 && hide_chars(t, b, e) <= 16 &&
	       !hide_tells_event(t, b, e);
}

/* 来海州五年了 */
static bool
is_stay(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const ends[] = {
	    "年", "年了", "年多", "年多了", "年整", "辈子", NULL};

	return (hide_at(t, b, "来") || hide_at(t, b, "到")) &&
	       hide_chars(t, b, e) <= 10 &&
	       hide_match_before(t, e, ends) > 0 &&
	       !hide_tells_event(t, b, e);
}

/* 油罐车苏G·C3307 behind what told who the writer is. */
static bool
is_own_vehicle(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const kinds[] = {
	    "车", "卡", "摩托", "拖拉机", "船", "号", "牌", "轿", NULL};
	static const char *const theirs[] = {
	    "撞", "有", "是", "那", "一辆", "两辆", "对方", "他", NULL};
	size_t p = b;

	while (p < e && !(hide_is_han(t, p) && hide_is_alnum(t, p + 3) &&
			    !hide_is_digit(t, p + 3)))
		p = hide_next(t, p);
	return p < e && e - p >= 9 && e - p <= 13 && hide_has_digit(t, p, e) &&
	       hide_chars(t, b, p) <= 6 &&
	       hide_match_before(t, p, kinds) > 0 &&
	       hide_find_any(t, b, p, theirs) == p;
}

/* 他本家哥哥, behind 我是…: what one is of him. */
static bool
is_their_kin(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const pronouns[] = {
	    "他家", "她家", "他的", "她的", "他", "她", NULL};
	static const char *const sides[] = {"本家", "远房", "同族", "堂", NULL};
	static const char *const beside[] = {"对门", "隔壁", "楼上", "楼下",
	    "邻居", "对面", "同村", "同学", "同事", "战友", "老乡", NULL};
	size_t n = hide_match(t, b, pronouns), at = b + n;

	at += n > 0 ? hide_match(t, at, sides) : 0;
	/* 他家对门 */
	if (n > 0 && hide_match(t, at, beside) == e - at && at < e)
		return true;
	return n > 0 && at < e && hide_kin_chain(t, at) == e - at;
}

/* What follows what told who the writer is, and is more of it, whatever it
 * begins with. */
static bool
goes_on(const struct walk *w, size_t i)
{
	/* 给全村打过棺材的那个 */
	static const char *const ones[] = {"的那个", "的那位", NULL};
	const struct hide_text *t = w->t;
	size_t at = hide_skip_adverbs(t, i, w->e);

	return is_their_name(t, i, w->e) || hide_is_build(t, at, w->e) ||
	       is_stay(t, i, w->e) || is_own_vehicle(t, i, w->e) ||
	       is_their_kin(t, i, w->e) ||
	       is_habit(t, i, w->e) || is_outlook(t, i, w->e) ||
	       is_own_number(w, w->drives, i) || is_door(t, i, w->e) ||
	       hide_match_before(t, w->e, ones) > 0 ||
	       (hide_is_about_seat(t, i, w->e) &&
		   hide_chars(t, i, w->e) <= MOST_SEAT &&
		   !hide_has_others(t, i, w->e) &&
		   !hide_is_other_at(t, i, w->e) &&
		   !hide_tells_event(t, i, w->e));
}

/* 去年十月离职: the post word stands near the start. */
static bool
is_own_post(const struct walk *w, bool told, size_t i)
{
	const struct hide_text *t = w->t;
	size_t late = i + MOST_POST < w->e ? i + MOST_POST : w->e;

	/* 被调去管档案 */
	if (hide_at(t, i, "被") &&
	    hide_is_about_post(t, i, i + 9 < w->e ? i + 9 : w->e))
		return hide_chars(t, i, w->e) <= MOST_POST;

	return hide_is_about_post(t, i, w->e) &&
	       hide_chars(t, i, w->e) <= MOST_POST &&
	       !hide_has_others(t, i, w->e) && !hide_is_other_at(t, i, w->e) &&
	       (told || !hide_is_about_post(t, late, w->e));
}

/* The verb, when no other subject was found: 现在开网约车. */
static bool
is_own_life(const struct walk *w, bool told, size_t at)
{
	const struct hide_text *t = w->t;
	size_t n = hide_life_at(t, at);

	if (n == 0 || ends_with_street(t, w->e))
		return false;
	if (!w->starts)
		return hide_chars(t, at, w->e) <= MOST_LIFE;
	/* 现在开…, but not 开…: the first may be anybody's who is a noun. */
	return told && (n > strlen("开") || at > w->b) &&
	       hide_chars(t, at, w->e) <= MOST_POST &&
	       !hide_has_matter(t, at, w->e);
}

static bool
lives_in(const struct hide_text *t, size_t b, size_t e)
{
	for (; b < e; b = hide_next(t, b))
		if (hide_life_at(t, b) > 0)
			return true;
	return false;
}

/* 在…, 跟…, 老伴…: a clause of the same sentence that is built like one with
 * 我; true when it is, hidden or not. */
static bool
take_built(struct walk *w, bool told, size_t i)
{
	const struct hide_text *t = w->t;
	static const char *const there[] = {"就在", "就住", "摊在", NULL};
	size_t at = hide_skip_adverbs(t, i, w->e);

	/* 我开网咖，“极速网咖” */
	if (told && w->shop && hide_at(t, i, "“") &&
	    hide_at(t, hide_prev(t, w->e), "”")) {
		hide_tell(w, i, w->e);
		return true;
	}
	if (told && hide_take_possession(w, at))
		return true;
	/* 就在妇幼保健院西墙根 */
	if (told && hide_match(t, i, there) > 0 &&
	    hide_chars(t, i, w->e) <= MOST_BARE &&
	    !hide_tells_event(t, i, w->e) && !hide_has_others(t, i, w->e)) {
		hide_tell(w, i, w->e);
		return true;
	}
	if (hide_take_tie(w, at) ||
	    ((told || lives_in(t, at, w->e)) && hide_take_place(w, at))) {
		if (w->told)
			hide_add(w->t, i, at);
		return true;
	}
	if (told &&
	    (is_bracketed(w, i) || is_service(t, at, w->e) ||
		is_nominal(w, i) || is_joined(w, i) || is_detail(w, i))) {
		hide_tell(w, i, w->e);
		return true;
	}
	if (hide_kin_at(t, i) == 0 || !hide_take_kin(w, i, i))
		return false;
	if (w->told && hide_covered(t, hide_prev(t, w->e)))
		hide_add(w->t, i, w->e);
	return true;
}

/* The rest is told by the verb. */
static void
judge_verb(struct walk *w, bool told, size_t i)
{
	static const char *const gangs[] = {"一帮", "一伙", "几个", "一群",
	    "两个", "三个", "四个", "五个", "有人", "一个", NULL};
	static const char *const listing[] = {
	    "的有", "的还有", "的人有", "的叫", "的一共", NULL};
	static const char *const livings[] = {"为生", "谋生", "为业", "度日",
	    "糊口", "维生", "过活", "讨生活", "吃饭的", NULL};
	const struct hide_text *t = w->t;
	size_t at = hide_skip_adverbs(t, i, w->e);
	bool goes = !w->starts;

	/* 参与的有沙大勇和莫三 */
	if (hide_find_any(t, at, w->e, listing) < w->e) {
		w->topic = TOPIC_OTHER;
		return;
	}
	if (goes && (hide_match_before(t, w->e, livings) > 0 ||
			(told && is_kind_of_work(t, at, w->e)))) {
		hide_tell(w, i, w->e);
	} else if (hide_starts_event(t, at) || hide_tells_event(t, at, w->e)) {
		/* 来了一帮人: what follows is theirs. */
		if (hide_find_any(t, at, w->e, gangs) < w->e)
			w->topic = TOPIC_OTHER;
	} else if ((goes && is_own_remark(w, told, i, at)) ||
		   is_own_life(w, told, at)) {
		hide_tell(w, i, w->e);
	} else {
		w->topic = TOPIC_OTHER;
	}
}

void
hide_take_bare(struct walk *w, size_t i)
{
	const struct hide_text *t = w->t;
	bool told = w->told;

	if (hide_covered(t, i) && hide_covered(t, hide_prev(t, w->e)))
		w->topic = TOPIC_SELF;
	if (hide_take_introduced(w, i) || hide_take_speaker(w, i) ||
	    hide_take_doorstep(w, i) || hide_take_principal(w, i) ||
	    hide_take_room(w, i) ||
	    (told && !w->starts && hide_take_pair(w, i)))
		return;
	if (hide_take_reached(w, i) || hide_take_headless(w, i))
		return;
	if (hide_take_called(w, i) || take_capacity(w, i) || take_one(w, i) ||
	    hide_take_opening(w, i) || hide_take_visit(w) ||
	    take_their_kin(w, i) || hide_take_way(w, i) ||
	    w->topic != TOPIC_SELF || hide_take_label(w, i))
		return;
	if ((told && !w->starts && goes_on(w, i)) || is_own_post(w, told, i)) {
		hide_tell(w, i, w->e);
		return;
	}
	w->told = hide_covered(t, i) || hide_covered(t, hide_prev(t, w->e));
	if (w->told || (!w->starts && take_built(w, told, i)))
		return;
	if (hide_is_other_at(t, i, w->e)) {
		w->kin = w->kin && (hide_at(t, i, "他") || hide_at(t, i, "她"));
		w->topic = TOPIC_OTHER;
		return;
	}
	judge_verb(w, told, i);
}
