/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hide/rules.h"
#include "hide/text.h"
#include "hide/words.h"

/* Lines that one heading may rule. */
#define SECTION_LINES 14
/* Bytes in front of a place on its line that are looked through. */
#define MOST_LINE 3000
/* Characters of a field's label. */
#define LABEL_CHARS 10

/* Behind 举报人 or 被举报人 in a heading. */
static const char *const heading_tails[] = {"姓名", "名字", "名称", "基本",
    "情况", "信息", "资料", "个人", "身份", "的", "联系", "方式", "电话",
    "手机", "号码", "住址", "地址", "性别", "单位", "证", "号", " ", "(", ")",
    "一", "二", "1", "2", NULL};

/* Fields that tell who somebody is, whoever it is … */
static const char *const fields[] = {"姓名", "名字", "性别", "年龄", "民族",
    "住址", "家庭住址", "现住址", "家庭地址", "联系地址", "通讯地址",
    "通信地址", "居住地", "居住地址", "户籍", "户籍地", "户籍所在地", "籍贯",
    "身份证", "身份证号", "身份证号码", "工作单位", "单位", "职业", "职务",
    "出生年月", "出生日期", "文化程度", "政治面貌", "邮编", "昵称", "网名",
    "现住", "地址", "户口所在地", "真实姓名", "真名", "本名", "实名", "大名", "全名", "收件地址",
    "邮寄地址", "快递地址", "单位地址", "经营地址", "送达地址",
    "地点", "店名", "店址", "经营地址", "字号", "班级", "学校", "学号", "工号",
    "摊位", "摊位号", "门牌", "房号", "关系", "与事件关系", "称呼", "身份", "年级",
    "车牌", "车牌号", "楼栋", "小区", "村组", "所在地", "所在单位", "岗位", NULL};
/* … and those that mean the writer when nothing says otherwise. */
static const char *const own_fields[] = {"姓名", "家庭住址", "现住址",
    "家庭地址", "联系地址", "通讯地址", "通信地址", "身份证", "身份证号",
    "身份证号码", "真实姓名", "真名", "本名", "实名", "大名", "全名",
    "收件地址", "邮寄地址", "快递地址", "单位地址", "经营地址", "送达地址",
    "住址", "居住地址", "昵称", "网名", "户籍地", "籍贯", NULL};

static const char *const phones[] = {"电话", "手机", "联系方式", "联系电话",
    "手机号", "手机号码", "座机", "固话", "微信", "qq", "邮箱", NULL};

struct heading {
	size_t at;    /* of the word */
	size_t word;  /* its bytes */
	size_t value; /* behind the colon */
	enum hide_owner owner;
};

/* 举报人：…, 【举报人】…, 举报人]… */
static bool
is_colon(const struct hide_text *t, size_t i)
{
	return t->s[i] == ':' || t->s[i] == ']' || hide_at(t, i, "】");
}

/* A heading at i: the word, its tails, a colon. */
static bool
heading_at(const struct hide_text *t, size_t i, struct heading *out)
{
	size_t n = hide_match(t, i, hide_accused), k, at;

	out->owner = n > 0 ? OWNER_OTHER : OWNER_SELF;
	if (n == 0)
		n = hide_match(t, i, hide_reporters);
	if (n == 0 && (i == 0 || !hide_is_han(t, hide_prev(t, i))))
		n = hide_at(t, i, "联系:") || hide_at(t, i, "代表:")
			? strlen("联系")
			: 0;
	if (n == 0 || (out->owner == OWNER_SELF && hide_before(t, i, "被")))
		return false;
	at = i + n;
	while (at < t->len && (k = hide_match(t, at, heading_tails)) > 0)
		at += k;
	if (!is_colon(t, at))
		return false;
	out->at = i;
	out->word = n;
	out->value = hide_skip_blank(t, hide_next(t, at), t->len);
	return true;
}

/* "被举报人信息" alone on its line. */
static bool
title_in(const struct hide_text *t, size_t b, size_t e, struct heading *out)
{
	if (hide_chars(t, b, e) > 16)
		return false;
	for (size_t i = b; i < e; i = hide_next(t, i)) {
		size_t n = hide_match(t, i, hide_accused), k, at;

		out->owner = n > 0 ? OWNER_OTHER : OWNER_SELF;
		if (n == 0)
			n = hide_match(t, i, hide_reporters);
		if (n == 0)
			continue;
		at = i + n;
		while (at < e && (k = hide_match(t, at, heading_tails)) > 0)
			at += k;
		out->at = i;
		return at >= e && at > i + n;
	}
	return false;
}

/* 举报事项：…: what stands below is no longer about whoever was above. */
static bool
is_matter_heading(const struct hide_text *t, size_t i)
{
	static const char *const heads[] = {"举报事项", "举报内容", "举报事实",
	    "举报情况", "举报问题", "反映事项", "反映内容", "反映问题",
	    "反映情况", "投诉内容", "投诉事项", "投诉事由", "投诉问题",
	    "检举内容", "控告事实", "事项", "内容", "事由", "问题", "主要问题",
	    "事实", "事实与理由", "事实和理由", "经过", "事情经过", "诉求",
	    "请求", "请求事项", "情况说明", "具体情况", "具体内容", "详情",
	    "正文", "证据", "证据材料", "线索内容", "主要事实", NULL};
	size_t n = hide_match(t, i, heads);

	return n > 0 && is_colon(t, i + n);
}

/* Whether something between a heading's value and a place ends its rule: the
 * sentence of the one accused, or the matter. */
static bool
is_over(const struct hide_text *t, const struct heading *h, size_t i)
{
	for (size_t at = h->value; at < i; at = hide_next(t, at))
		if (is_matter_heading(t, at) ||
		    (h->owner == OWNER_OTHER && hide_ends_sentence(t, at)))
			return true;
	return false;
}

/* The last heading of a line in front of `until`. */
static bool
last_heading(
    const struct hide_text *t, size_t b, size_t until, struct heading *out)
{
	struct heading h;
	bool found = false;

	for (size_t i = b; i < until; i = hide_next(t, i))
		if (heading_at(t, i, &h)) {
			*out = h;
			found = true;
			i = h.at + h.word - 1;
		}
	if (found)
		return true;
	out->value = until;
	return title_in(t, b, hide_trim_end(t, b, hide_line_end(t, b)), out);
}

/* "label：value", after a number or a dot. */
static bool
is_field_line(const struct hide_text *t, size_t b, size_t e)
{
	size_t i = b;

	for (size_t chars = 0; i < e && chars <= LABEL_CHARS; chars++) {
		if (t->s[i] == ':')
			return true;
		i = hide_next(t, i);
	}
	return false;
}

static bool
has_field(
    const struct hide_text *t, size_t b, size_t e, const char *const *list)
{
	return hide_find_any(t, b, e, list) < e;
}

/* Bytes of the label of a field's line. */
static size_t
label_of(const struct hide_text *t, size_t b)
{
	size_t i = b;

	while (i < t->len && t->s[i] != ':' && t->s[i] != '\n')
		i = hide_next(t, i);
	return i - b;
}

/* A second telephone or a second 姓名 under one heading is somebody else's. */
static bool
is_second(
    const struct hide_text *t, size_t field, bool phone, size_t b, size_t e)
{
	size_t n = label_of(t, field);

	b = hide_skip_blank(t, b, e);
	return (phone && has_field(t, b, e, phones)) ||
	       (n > 0 && label_of(t, b) == n &&
		   memcmp(t->s + b, t->s + field, n) == 0);
}

enum hide_owner
hide_section_at(const struct hide_text *t, size_t i)
{
	static const char *const contacts[] = {"联系", "电话", "手机", NULL};
	size_t b, e, line, field;
	bool phone;
	struct heading h;

	/* A line without end is no form. */
	if (i > MOST_LINE &&
	    memrchr(t->s + i - MOST_LINE, '\n', MOST_LINE) == NULL)
		return OWNER_UNKNOWN;
	line = b = hide_line_start(t, i);
	if (last_heading(t, b, i, &h))
		return is_over(t, &h, i) ? OWNER_UNKNOWN : h.owner;
	if (!is_field_line(t, b, hide_line_end(t, b)))
		return OWNER_UNKNOWN;
	field = hide_skip_blank(t, b, t->len);
	phone = hide_match(t, field, contacts) > 0 && !hide_at(t, field, "联系地");
	for (int n = 0; n < SECTION_LINES && line > 0; n++) {
		e = line - 1;
		line = hide_line_start(t, e);
		if (hide_trim_end(t, line, e) == line)
			continue;
		if (last_heading(t, line, e, &h))
			return is_over(t, &h, e) || (h.owner == OWNER_OTHER &&
				   is_second(t, field, phone, line, e))
				   ? OWNER_UNKNOWN
				   : h.owner;
		if (is_matter_heading(t, hide_skip_blank(t, line, e)) ||
		    !is_field_line(t, line, e) ||
		    is_second(t, field, phone, line, e))
			return OWNER_UNKNOWN;
	}
	return OWNER_UNKNOWN;
}

/* 宋玉和: a whole value is a name whatever it is made of. */
static bool
is_whole_name(const struct hide_text *t, size_t b, size_t e)
{
	return hide_is_surname(t, b) && hide_all_han(t, b, e) &&
	       hide_chars(t, b, e) == 3;
}

static void
learn_whole(const struct hide_text *t, struct hide_known *k, size_t b, size_t e)
{
	if (is_whole_name(t, b, e))
		hide_learn(k, t->s + b, e - b, false);
}

static void
hide_value(struct hide_text *t, struct hide_known *k, size_t value)
{
	size_t e = hide_clause_end(t, value);

	hide_learn_name(k, t, value, e);
	learn_whole(t, k, value, e);
	hide_add(t, value, e);
	hide_bio(t, k, e);
}

/* "联名人：" and a line for each of them. */
static void
take_signers(struct hide_text *t, struct hide_known *k, size_t b)
{
	size_t e, n;

	for (int lines = 0; lines < SECTION_LINES && b < t->len; lines++) {
		e = hide_line_end(t, b);
		b = hide_skip_blank(t, b, e);
		n = hide_trim_end(t, b, e);
		if (n == b || hide_chars(t, b, n) > 20 ||
		    is_field_line(t, b, n) || hide_ends_sentence(t, n - 3))
			return;
		hide_learn_name(k, t, b, n);
		hide_add(t, b, n);
		b = e + 1;
	}
}

/* 举报人：…; the value of a telephone field is for number.c. */
static size_t
take_heading(struct hide_text *t, struct hide_known *k, const struct heading *h)
{
	if (h->owner == OWNER_SELF && t->s[h->value] != '\n')
		hide_value(t, k, h->value);
	else if (h->owner == OWNER_SELF)
		take_signers(t, k, h->value + 1);
	return h->value;
}

/* 举报人李春花, 联系人是马女士: no colon. */
static void
take_reporter(struct hide_text *t, struct hide_known *k, size_t i)
{
	size_t e, n, b = i;

	while (t->s[b] == ' ' || hide_at(t, b, "是") || hide_at(t, b, "为") ||
	       hide_at(t, b, "叫") || hide_at(t, b, "就") ||
	       hide_at(t, b, "写") || hide_at(t, b, "实") ||
	       (hide_at(t, b, "名") && hide_before(t, b, "实")))
		b = hide_next(t, b);
	e = hide_clause_end(t, b);
	n = hide_name_at(t, b, e);
	/* 联系人经理纪芸 */
	if (n == 0 && hide_match(t, b, hide_roles) > 0) {
		size_t title = hide_match(t, b, hide_roles);

		n = hide_name_at(t, b + title, e);
		n = n > 0 && b + title + n == e ? title + n : 0;
		hide_learn_name(k, t, b + title, b + n);
	}
	/* 联系人华盛的小钱 */
	if (hide_at(t, b + n, "的"))
		n = 0;
	if (n == 0)
		n = hide_nick_at(t, b, e);
	if (n == 0 && is_whole_name(t, b, e))
		n = e - b;
	if (n == 0)
		return;
	learn_whole(t, k, b, b + n);
	hide_learn_name(k, t, b, b + n);
	hide_add(t, b, b + n);
	if (b + n == e)
		hide_bio(t, k, e);
}

static bool
begins_field(const struct hide_text *t, size_t i)
{
	return i == 0 || !hide_is_han(t, hide_prev(t, i));
}

/* "6-3-402业主反映：…" at the start of a line. */
static size_t
take_petitioner(struct hide_text *t, size_t i)
{
	static const char *const acts[] = {"反映", "举报", "投诉", "来信",
	    "来电", "求助", "恳请", "呼吁", "实名举报", "联名举报", "反应",
	    NULL};
	size_t e = hide_line_end(t, i), r, n;

	/* Brackets belong to it: 二（3）班张梓涵的家长. */
	for (n = i; n < e && t->s[n] != ',' && t->s[n] != ':' &&
		    !hide_ends_sentence(t, n) && hide_chars(t, i, n) < 26;)
		n = hide_next(t, n);
	e = n;
	r = hide_find_any(t, i, e, hide_roles);
	if (r >= e || r == i || hide_chars(t, i, r) > 20)
		return i;
	n = r + hide_match(t, r, hide_roles);
	if (hide_match(t, n, acts) == 0)
		return i;
	hide_add(t, i, n);
	return n;
}

static size_t
take_field(struct hide_text *t, struct hide_known *k, size_t i)
{
	size_t n = hide_match(t, i, fields), colon, value;
	enum hide_owner owner;

	if (n == 0 || !begins_field(t, i))
		return i;
	colon = hide_skip_blank(t, i + n, t->len);
	/* 姓名邱霞 */
	if (t->s[colon] != ':' &&
	    (hide_at(t, i, "姓名") || hide_at(t, i, "名字")) &&
	    hide_name_at(t, colon, hide_clause_end(t, colon)) > 0)
		colon--;
	else if (!is_colon(t, colon))
		return i;
	value = hide_skip_blank(t, hide_next(t, colon), t->len);
	owner = hide_section_at(t, i);
	if (owner == OWNER_OTHER ||
	    (owner == OWNER_UNKNOWN && hide_match(t, i, own_fields) != n))
		return value;
	if (t->s[value] != '\n')
		hide_value(t, k, value);
	return value;
}

void
hide_forms(struct hide_text *t, struct hide_known *k)
{
	struct heading h;
	size_t n, to;

	for (size_t i = 0; i < t->len;) {
		to = i;
		if (i == 0 || t->s[i - 1] == '\n')
			i = to =
			    take_petitioner(t, hide_skip_blank(t, i, t->len));
		if (heading_at(t, i, &h)) {
			to = take_heading(t, k, &h);
		} else if ((n = hide_match(t, i, hide_reporters)) > 0 &&
			   !hide_before(t, i, "被")) {
			if (!hide_spend(t, i))
				return;
			if (!hide_at(t, i, "联系人") ||
			    !hide_is_others_contact(t, i))
				take_reporter(t, k, i + n);
			to = i + n;
		} else if (hide_match(t, i, fields) > 0) {
			if (!hide_spend(t, i))
				return;
			to = take_field(t, k, i);
		}
		i = to > i ? to : hide_next(t, i);
	}
}
