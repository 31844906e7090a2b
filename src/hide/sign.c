/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hide/clause.h"
#include "hide/rules.h"
#include "hide/text.h"
#include "hide/words.h"

/* Lines under a letter that are looked at, and characters of one. */
#define LAST_LINES 8
#define LINE_CHARS 24
/* A signature nobody can be sure of is shorter. */
#define DOUBTFUL_CHARS 12

enum line_kind {
	LINE_OTHER,   /* the letter itself: stop */
	LINE_NEUTRAL, /* a date, 此致, 谢谢 */
	LINE_CLOSING, /* 此致敬礼, regards: a signature follows */
	LINE_SIGNED,
	LINE_DOUBTFUL,
};

static const char *const closings[] = {"此致", "敬礼", "谨呈", "顺颂", "祝好",
    "祝您", "祝工作", "best regards", "kind regards", "regards", "sincerely",
    "yours", "best wishes", "best", "thanks", "thank you", "谨上", "举报人",
    NULL};
static const char *const tails[] = {"敬上", "谨上", "谨启", "(盖章)", "盖章",
    "家", "敬启", "拜上", "叩首", "亲笔", "泣书", "手书", "字", "上", "呈",
    "留", "敬呈", "泣上", NULL};
/* What people end a letter with and is no name. */
static const char *const wishes[] = {"望", "请", "求", "希望", "盼", "谢",
    "感谢", "期待", "以上", "特此", "拜托", "恳请", "务必", "急", "尽快",
    "处理", "查", "附", "图", "照片", "视频", "地点", "时间", "地址", "车牌",
    "祝", "证据", "详见", "见附件", "如下", "谁", "怎么", "为什么", "发自",
    "来自", "保密", "万分", "等", "严", "速", "救", "管", "还", "不", "就",
    "没", "有", "太", "都", "要", "能", "在", "举报", "投诉", "老板", "苏",
    "鲁", "皖", "坚决", "强烈", "维护", "打击", "扫黑", "让", "给", "愿",
    "早日", "依法", "为民", "完", "无", "真", "好", "以", "再", "望", "p.s",
    "ps", "附件", NULL};

struct line {
	size_t b, e; /* without blanks at the ends */
	size_t indent;
	bool gap; /* a blank line in front */
};

static bool
is_date(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const parts[] = {"年", "月", "日", "号", "-", "/",
	    ".", " ", ":", "时", "点", "分", "晚", "早", "凌晨", "上午", "下午",
	    "夜", "〇", "零", "一", "二", "三", "四", "五", "六", "七", "八",
	    "九", "十", "星期", "周", "天", "春",
	    "夏", "秋", "冬", "初", "底", NULL};
	bool any = false;
	size_t n;

	while (b < e) {
		n = hide_match(t, b, parts);
		if (n == 0 && !hide_is_digit(t, b))
			return false;
		any = any || hide_is_digit(t, b) || hide_at(t, b, "年") ||
		      hide_at(t, b, "月");
		b += n > 0 ? n : 1;
	}
	return any;
}

static bool
has_sentence(const struct hide_text *t, size_t b, size_t e)
{
	for (size_t i = b; i < e; i = hide_next(t, i))
		if (hide_ends_sentence(t, i) || t->s[i] == ';')
			return true;
	return false;
}

/* 一个送外卖的, 一名害怕的司机, 全体社员. */
static bool
is_one(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const heads[] = {"一个", "一名", "一位", "一群",
	    "全体", "部分", "几个", "几名", "众", "你们的", "您的", NULL};
	static const char *const ends[] = {
	    "的", "人", "者", "员", "民", "户", "工", "众", "主", NULL};

	return hide_match(t, b, heads) > 0 && hide_match_before(t, e, ends) > 0;
}

/* 沙大勇就是老板, 大勇土方老板: who is spoken of does not sign. */
static bool
says_of_other(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const copulas[] = {"就是", "是", "当过", "做过", "系",
	    "当", NULL};
	static const char *const shops[] = {"店", "馆", "铺", "摊", "坊", "行",
	    "屋", "超市", "诊所", "吧", NULL};
	size_t n = hide_match_before(t, e, hide_bosses);

	for (size_t k = 6; k <= 9 && b + k < e; k += 3)
		if (hide_is_name(t, b, b + k) &&
		    hide_match(t, b + k, copulas) > 0)
			return true;
	return n > strlen("他") && hide_chars(t, b, e - n) >= 2 &&
	       hide_match_before(t, e - n, shops) == 0;
}

/* Somebody and nothing else: a name, 老周, 西墅村民, 店主王小红. */
static bool
is_somebody(const struct hide_text *t, size_t b, size_t e)
{
	size_t n = hide_match_before(t, e, tails);

	if (n > 0 && e - n > b) {
		size_t k = hide_trim_end(t, b, e - n);

		if (hide_is_name(t, b, k) || hide_is_nick(t, b, k) ||
		    (n > 3 && hide_chars(t, b, k) <= DOUBTFUL_CHARS))
			return true;
	}
	if (hide_is_name(t, b, e) || hide_is_nick(t, b, e) ||
	    (e - b == 3 && hide_is_surname(t, b)))
		return true;
	if (hide_match(t, b, wishes) > 0)
		return false;
	/* 板浦镇东辛农场六分场封老实 */
	if (hide_name_before(t, b, e) > 0 &&
	    hide_is_home(t, b, e - hide_name_before(t, b, e)))
		return true;
	/* 沙大勇就是老板, 大勇土方老板 */
	if (says_of_other(t, b, e))
		return false;
	if (hide_ends_with_role(t, b, e) || is_one(t, b, e) ||
	    hide_is_english_name(t, b, e))
		return true;
	if (n > 0)
		e -= n;
	/* 七号楼老孙, 水果店 王小红, 村东头老樊家 */
	for (size_t k = 6; k <= 9 && e >= b + k; k += 3)
		if (hide_is_nick(t, e - k, e) ||
		    (e - k > b && t->s[e - k - 1] == ' ' &&
			hide_is_name(t, e - k, e)))
			return true;
	return hide_is_person_noun(t, b, e);
}

/* 退伍老兵 老连长: a role and something more, and no sentence. */
static bool
has_somebody(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const ends[] = {
	    "员", "人", "者", "户", "民", "众", NULL};
	size_t blank = b;

	while (blank < e && t->s[blank] != ' ')
		blank++;
	return (blank < e || hide_match_before(t, e, ends) > 0) &&
	       hide_match(t, b, wishes) == 0 &&
	       hide_find_any(t, b, e, hide_roles) < e;
}

static bool
is_pure_closing(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const junk[] = {
	    ",", " ", "!", "。", ".", "礼", "顺利", "敬", "人", ":", NULL};
	size_t n;

	while (b < e && ((n = hide_match(t, b, closings)) > 0 ||
			    (n = hide_match(t, b, junk)) > 0))
		b += n;
	return b >= e;
}

/* Off the front: dashes, brackets, "举报人：" was form.c's. */
static size_t
skip_marks(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const marks[] = {
	    "—", "-", "(", " ", "～", "~", "·", "*", ",", NULL};
	size_t n;

	while (b < e && (n = hide_match(t, b, marks)) > 0)
		b += n;
	return b;
}

/* 物流园 小戚 139…, 电话：139…: the end of the line is hidden already. */
static enum line_kind
kind_of_covered(const struct hide_text *t, size_t b, size_t e)
{
	size_t from = e;

	while (from > b && hide_covered(t, hide_prev(t, from)))
		from = hide_prev(t, from);
	if (hide_chars(t, b, from) > DOUBTFUL_CHARS ||
	    has_sentence(t, b, from) || hide_match(t, b, hide_accused) > 0 ||
	    hide_tells_event(t, b, from) || hide_starts_event(t, b))
		return LINE_OTHER;
	for (size_t i = b; i < from; i++)
		if (t->s[i] == ':' || t->s[i] == ',')
			return LINE_NEUTRAL;
	return LINE_SIGNED;
}

static enum line_kind
kind_of(const struct hide_text *t, const struct line *l)
{
	size_t b = skip_marks(t, l->b, l->e), e = l->e;

	while (e > b && (t->s[e - 1] == ')' || t->s[e - 1] == ','))
		e--;
	if (b >= e || is_date(t, b, e))
		return LINE_NEUTRAL;
	if (is_pure_closing(t, b, e))
		return LINE_CLOSING;
	if (hide_chars(t, b, e) > LINE_CHARS)
		return LINE_OTHER;
	if (hide_covered(t, b) && hide_covered(t, hide_prev(t, e)))
		return LINE_SIGNED;
	if (hide_covered(t, hide_prev(t, e)))
		return kind_of_covered(t, b, e);
	/* 蔺春芳。 */
	if (e > b + 3 && hide_before(t, e, "。") &&
	    hide_is_name(t, b, e - strlen("。")))
		return LINE_SIGNED;
	if (has_sentence(t, b, e)) {
		size_t n = hide_match(t, b, wishes);

		return n > 0 ? LINE_NEUTRAL : LINE_OTHER;
	}
	if (is_somebody(t, b, e))
		return LINE_SIGNED;
	if (hide_match(t, b, wishes) > 0)
		return LINE_NEUTRAL;
	for (size_t i = b; i < e; i++)
		if (t->s[i] == ':' || t->s[i] == ',')
			return LINE_OTHER;
	return hide_chars(t, b, e) <= DOUBTFUL_CHARS && !hide_has_digit(t, b, e)
		   ? LINE_DOUBTFUL
		   : LINE_OTHER;
}

/* The lines from the last one up; *n_out of them. */
static void
read_lines(const struct hide_text *t, struct line lines[LAST_LINES],
    size_t *n_out, bool *first_out)
{
	size_t e = t->len, b;
	bool gap = false;

	*n_out = 0;
	*first_out = false;
	for (;;) {
		size_t from, to;

		b = hide_line_start(t, e);
		from = hide_skip_blank(t, b, e);
		to = hide_trim_end(t, from, e);
		if (from < to) {
			if (*n_out > 0)
				lines[*n_out - 1].gap = gap;
			if (*n_out == LAST_LINES)
				return;
			lines[(*n_out)++] =
			    (struct line){from, to, from - b, false};
			gap = false;
		} else {
			gap = true;
		}
		if (b == 0) {
			*first_out = true; /* the last one read begins it all */
			return;
		}
		e = b - 1;
	}
}

/* "参与的人有：" above names: they belong to the matter. */
static bool
is_list_head(const struct hide_text *t, const struct line *l)
{
	return l->e > l->b &&
	       (t->s[l->e - 1] == ':' || hide_before(t, l->e, "如下"));
}

static bool
is_set_off(
    const struct line lines[], size_t i, size_t n, const enum line_kind kinds[])
{
	return lines[i].gap || lines[i].indent >= 2 ||
	       (i + 1 < n && kinds[i + 1] == LINE_CLOSING) ||
	       (i > 0 && kinds[i - 1] == LINE_NEUTRAL && lines[i].gap);
}

static void
sign_line(struct hide_text *t, struct hide_known *k, const struct line *l)
{
	size_t b = skip_marks(t, l->b, l->e);
	size_t n = hide_name_before(t, b, l->e);

	hide_learn_name(k, t, b, l->e);
	if (n > 0 && hide_chars(t, b, l->e) > 3)
		hide_learn_name(k, t, l->e - n, l->e);
	hide_add(t, b, l->e);
}

/* What is hidden already, and dates, off the end of [b, e). */
static size_t
trim_known(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const after[] = {
	    "谨启", "敬上", "谨上", "敬启", NULL};
	size_t word;

	for (;;) {
		e = hide_trim_end(t, b, e);
		while (e > b && hide_covered(t, hide_prev(t, e)))
			e = hide_prev(t, e);
		e = hide_trim_end(t, b, e);
		for (word = e; word > b && t->s[word - 1] != ' ';)
			word--;
		/* "沈伯年谨启 丙午年冬月初八": what follows is the date. */
		if (word > b &&
		    hide_match_before(t, hide_trim_end(t, b, word), after) > 0)
			e = word;
		else if (word > b && is_date(t, word, e))
			e = word;
		else
			return e;
		if (e == b)
			return e;
	}
}

/* …请查处。王小红 and （王小红） at the end of the last line. */
static void
take_last_clause(
    struct hide_text *t, struct hide_known *k, const struct line *l)
{
	static const char *const marks[] = {
	    "。", "!", "?", "—", "…", ",", "~", ".", "(", NULL};
	size_t e = trim_known(t, l->b, l->e), b, most = DOUBTFUL_CHARS;

	while (
	    e > l->b && (t->s[e - 1] == ')' || t->s[e - 1] == '.' ||
			    hide_before(t, e, "。") || hide_before(t, e, "!")))
		e = hide_prev(t, e);
	b = e;
	while (b > l->b && !hide_before(t, b, " - ") &&
	       (hide_match_before(t, b, marks) == 0 || hide_before(t, b, " ")))
		b = hide_prev(t, b);
	/* "Call me. - Kevin" */
	if (b > l->b && hide_before(t, b, " - ") && e - b <= 12 &&
	    hide_is_alnum(t, b)) {
		hide_add(t, b, e);
		return;
	}
	b = hide_skip_blank(t, b, e);
	if (hide_at(t, b, "一") || (hide_name_before(t, b, e) > 0 &&
			hide_is_home(t, b, e - hide_name_before(t, b, e))))
		most = LINE_CHARS;
	if (hide_is_alnum(t, b))
		most = LINE_CHARS;
	if (b == l->b || hide_chars(t, b, e) > most)
		return;
	if (hide_before(t, b, ",") && !hide_is_name(t, b, e))
		return;
	if (hide_match(t, b, hide_others) == 0 &&
	    (is_somebody(t, b, e) ||
		(hide_before(t, b, "。") && has_somebody(t, b, e)))) {
		hide_learn_name(k, t, b, e);
		hide_add(t, b, e);
	}
}

/* Behind "Best regards," everything is the signature. */
static void
take_behind_closing(struct hide_text *t, struct hide_known *k,
    const struct line lines[], const enum line_kind kinds[], size_t n)
{
	for (size_t i = 1; i < n; i++) {
		if (kinds[i] != LINE_CLOSING)
			continue;
		for (size_t j = 0; j < i; j++)
			if (kinds[j] != LINE_NEUTRAL &&
			    kinds[j] != LINE_CLOSING &&
			    hide_chars(t, lines[j].b, lines[j].e) <=
				LINE_CHARS + 16)
				sign_line(t, k, &lines[j]);
		return;
	}
}

/* RFC 3676 section 4.3: "-- " begins the signature. */
static void
take_behind_dashes(struct hide_text *t, struct hide_known *k,
    const struct line lines[], size_t n)
{
	size_t i = 1;

	while (i < n && !(lines[i].e - lines[i].b == 2 &&
			    hide_at(t, lines[i].b, "--")))
		i++;
	for (size_t j = 0; i < n && j < i; j++)
		sign_line(t, k, &lines[j]);
}

void
hide_last_lines(struct hide_text *t, struct hide_known *k)
{
	struct line lines[LAST_LINES];
	enum line_kind kinds[LAST_LINES];
	size_t n, most;
	bool whole;

	read_lines(t, lines, &n, &whole);
	if (n == 0)
		return;
	for (size_t i = 0; i < n; i++)
		kinds[i] = kind_of(t, &lines[i]);
	take_last_clause(t, k, &lines[0]);
	take_behind_closing(t, k, lines, kinds, n);
	take_behind_dashes(t, k, lines, n);
	most = whole ? n - 1 : n; /* the first line of all is the letter */
	for (size_t i = 0; i < most && kinds[i] != LINE_OTHER; i++)
		if (i + 1 < n && is_list_head(t, &lines[i + 1]))
			return;
	for (size_t i = 0; i < most; i++) {
		if (kinds[i] == LINE_OTHER)
			return;
		if (kinds[i] == LINE_SIGNED ||
		    (kinds[i] == LINE_DOUBTFUL &&
			is_set_off(lines, i, n, kinds)))
			sign_line(t, k, &lines[i]);
		else if (kinds[i] == LINE_DOUBTFUL)
			return;
	}
}
