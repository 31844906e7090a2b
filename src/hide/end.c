/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hide/clause.h"
#include "hide/rules.h"
#include "hide/text.h"
#include "hide/walk.h"
#include "hide/words.h"

/*
 * A letter without lines of its own for it ends with who wrote it all the
 * same: …请查处。石凤，我妹的电话 182…。 or …晏春生敬上。10月9日
 */

/* Clauses of such an end, characters of one, and bytes that are searched for
 * the words of respect. */
#define MOST_CLAUSES 6
#define MOST_CHARS 20
#define LAST_BYTES 300

struct clause {
	size_t b, e;
};

static bool
is_full_stop(const struct hide_text *t, size_t i)
{
	return hide_at(t, i, "。") || t->s[i] == '!' || t->s[i] == '?' ||
	       t->s[i] == '\n';
}

/* The clauses of the last sentence; 0 when it is too long to be an end. */
static size_t
read_last(const struct hide_text *t, struct clause list[MOST_CLAUSES])
{
	size_t e = t->len, b, n = 0;

	while (
	    e > 0 && (is_full_stop(t, hide_prev(t, e)) || t->s[e - 1] == ' '))
		e = hide_prev(t, e);
	for (b = e; b > 0 && !is_full_stop(t, hide_prev(t, b)) &&
		    hide_chars(t, b, e) < MOST_CLAUSES * MOST_CHARS;)
		b = hide_prev(t, b);
	if (b == 0 || b >= e)
		return 0;
	while (b < e) {
		struct clause c = {hide_skip_blank(t, b, e), 0};

		c.e = c.b;
		while (c.e < e && t->s[c.e] != ',' && t->s[c.e] != ';' &&
		       !hide_at(t, c.e, "、"))
			c.e = hide_next(t, c.e);
		if (n == MOST_CLAUSES ||
		    hide_chars(t, c.b, c.e) > MOST_CHARS + 12)
			return 0;
		list[n++] = c;
		b = hide_next(t, c.e);
	}
	return n;
}

bool
hide_is_home(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const ends[] = {"镇", "村", "乡", "场", "组", "队",
	    "庄", "屯", "社区", "街道", "小区", "厂", "号", "巷", "县", "市",
	    "区", "弄", "湾", "洼", "寨", "家属院", "宿舍", "新村", "花园",
	    "家园", "苑", "城", "院", "园", "口", "旁", "东侧", "西侧", "南侧",
	    "北侧", "对面", "协会", "公司", "中心", "学校", "小学", "中学",
	    "学院", "大学", "医院", "车队", "合作社", "联盟", "商会", NULL};

	return hide_chars(t, b, e) >= 3 && hide_chars(t, b, e) <= 16 &&
	       hide_match_before(t, e, ends) > 0 && !hide_starts_event(t, b) &&
	       !hide_tells_event(t, b, e) && !hide_is_other_at(t, b, e);
}

/* 水果店 王小红, 住三楼的王小红, 店主王小红; but not 大家遵章守法. */
static bool
ends_like_title(const struct hide_text *t, size_t b, size_t e)
{
	return e == b || t->s[e - 1] == ' ' || hide_before(t, e, "的") ||
	       hide_ends_with_role(t, b, e) || hide_is_person_noun(t, b, e) ||
	       hide_is_home(t, b, e);
}

/* 石凤, 况师傅, 急救站 况师傅, 缝纫摊芳姐, 修车的老逄: who it is. */
static bool
is_who(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const calls[] = {"姐", "哥", "叔", "嫂", "姨", "婶",
	    "爷", "伯", "妈", "爸", "奶奶", "娘", NULL};
	static const char *const naming[] = {
	    "叫", "是", "姓", "名", "收", NULL};
	size_t last = hide_prev(t, e);

	if (hide_chars(t, b, e) > 14 || hide_match(t, b, hide_others) > 0 ||
	    hide_match(t, b, hide_accused) > 0 || hide_starts_event(t, b) ||
	    hide_tells_event(t, b, e))
		return false;
	if (hide_is_name(t, b, e) || hide_is_nick(t, b, e) ||
	    hide_is_person_noun(t, b, e) || hide_match_before(t, e, calls) > 0)
		return true;
	for (size_t k = 6; k <= 9 && e >= b + k; k += 3)
		if ((hide_is_nick(t, e - k, e) ||
			(hide_is_name(t, e - k, e) &&
			    ends_like_title(t, b, e - k))) &&
		    hide_find_any(t, b, e - k, naming) == e - k &&
		    hide_match_before(t, e - k, hide_others) <= 3)
			return true;
	return hide_chars(t, b, e) == 3 && hide_is_surname(t, last);
}

/* 电话…, 家住…, 女: what is told of whoever it is. */
static bool
is_what(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const words[] = {"电话", "手机", "微信", "号码",
	    "家住", "住", "qq", "邮箱", "联系", "座机", "身份证", "地址", NULL};

	return hide_covered(t, b) || hide_covered(t, hide_prev(t, e)) ||
	       (hide_door_behind(t, b, e) == e && !hide_starts_event(t, b)) ||
	       hide_is_home(t, b, e) ||
	       hide_is_bio(t, b, e) || hide_is_age(t, b, e) ||
	       hide_find_any(t, b, e, words) < e ||
	       (hide_at(t, b, "在") && !hide_tells_event(t, b, e));
}

/* 红星五金市场C区19号诚信标准件 */
static bool
is_where(const struct hide_text *t, size_t b, size_t e)
{
	return hide_has_door(t, b, e) && !hide_starts_event(t, b) &&
	       !hide_tells_event(t, b, e) && !hide_at(t, b, "在");
}

bool
hide_is_sign_over(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const ends[] = {"店", "馆", "铺", "坊", "屋", "摊",
	    "行", "吧", "超市", "诊所", "公司", "厂", "车队", "按摩", "理发",
	    "美容", "美发", "修车", "烧烤", "火锅", "小吃", "早点", "站", "部",
	    "所", "中心", "队", "社", "庄", "吧", NULL};

	return hide_chars(t, b, e) >= 2 && hide_chars(t, b, e) <= 12 &&
	       !hide_starts_event(t, b) && !hide_tells_event(t, b, e) &&
	       hide_match(t, b, hide_others) <= 3 &&
	       (hide_match_before(t, e, ends) > 0 || hide_is_home(t, b, e));
}

/* A number that is hidden already, and nothing else. */
static bool
is_own_number(const struct hide_text *t, size_t b, size_t e)
{
	return e > b && hide_covered(t, b) &&
	       hide_covered(t, hide_prev(t, e)) && hide_has_digit(t, b, e);
}

static void
take_last_sentence(struct hide_text *t, struct hide_known *k)
{
	static const char *const deeds[] = {"打人", "带人", "收钱", "倒土", "骂人",
	    "闹事", "霸占", "强占", "堵", "砸", "威胁", NULL};
	struct clause list[MOST_CLAUSES];
	size_t n = read_last(t, list), to = 1;

	if (n < 2 || list[0].e <= list[0].b)
		return;
	if (is_where(t, list[0].b, list[0].e)) {
		/* An address is the writer's when a number ends it. */
		if ((!hide_has_digit(t, list[n - 1].b, list[n - 1].e) &&
			!is_who(t, list[n - 1].b, list[n - 1].e)) ||
		    hide_find_any(t, list[n - 1].b, list[n - 1].e,
			hide_others) < list[n - 1].e)
			return;
		to = n;
	} else if (is_who(t, list[0].b, list[0].e) ||
		   (hide_is_bio(t, list[0].b, list[0].e) &&
		       !hide_has_others(t, list[0].b, list[0].e))) {
		while (to < n && is_what(t, list[to].b, list[to].e))
			to++;
		if (to == 1)
			return;
		/* 刘大强，35岁，天天带人打人: he is accused. */
		if (to < n && !hide_at(t, list[to].b, "找") &&
		    hide_find_any(t, list[to].b, list[to].e, deeds) <
			list[to].e)
			return;
		/* …，找她就能找到我 */
		if (to + 1 == n && hide_at(t, list[to].b, "找"))
			to = n;
	} else if (hide_is_sign_over(t, list[0].b, list[0].e) &&
		   n == 2 && is_own_number(t, list[1].b, list[1].e)) {
		to = n;
	} else if (hide_is_sign_over(t, list[0].b, list[0].e) &&
		   is_who(t, list[n - 1].b, list[n - 1].e)) {
		/* “明心”按摩，尹师傅 */
		to = n;
		hide_learn_name(k, t, list[n - 1].b, list[n - 1].e);
	} else if (t->shop && hide_at(t, list[n - 1].b, "“") &&
		   hide_is_sign_over(t, list[n - 1].b, list[n - 1].e)) {
		/* …来我店里拷，“福到”便利店 */
		hide_add(t, list[n - 1].b, list[n - 1].e);
		return;
	} else {
		return;
	}
	hide_learn_name(k, t, list[0].b, list[0].e);
	hide_add(t, list[0].b, list[to - 1].e);
}

/* 蔚蓝的风（68岁，钟表社家属院）敬上: what the bracket says goes too. */
static size_t
skip_bracket(struct hide_text *t, size_t e)
{
	size_t b = e;

	if (e == 0 || t->s[e - 1] != ')')
		return e;
	while (b > 0 && t->s[b - 1] != '(' && hide_chars(t, b, e) < 40)
		b = hide_prev(t, b);
	if (b < 2 || t->s[b - 1] != '(')
		return e;
	hide_add(t, b, e - 1);
	return b - 1;
}

/* …晏春生敬上, 耄耋书生 欧阳朴顿首: whatever follows. */
static void
take_respects(struct hide_text *t, struct hide_known *k)
{
	static const char *const respects[] = {"敬上", "谨上", "谨启", "敬启", "顿首",
	    "叩首", "拜上", "泣书", "泣上", "敬呈", "谨呈", "手书", "叩禀",
	    "敬禀", "亲笔", "叩拜", "启上", "敬书", "敬诉", "敬具", "谨禀",
	    "谨书", "谨告", "谨诉", "谨具", "谨求", "叩上", "叩呈", "叩启",
	    "叩书", "叩告", "叩诉", "叩具", "叩求", "拜呈", "拜启", "拜禀",
	    "拜书", "拜告", "拜诉", "拜具", "泣呈", "泣启", "泣禀", "泣具",
	    "泣求", "跪上", "跪呈", "跪启", "跪禀", "跪书", "跪告", "跪诉",
	    "跪具", "顿首上", "顿首呈", "顿首启", "顿首禀", "顿首书",
	    "顿首告", "顿首诉", "顿首具", "顿首求", "百拜上", "百拜呈",
	    "百拜启", "百拜禀", "百拜书", "百拜告", "百拜诉", "百拜具",
	    "百拜求", "再拜上", "再拜呈", "再拜启", "再拜禀", "再拜书",
	    "再拜告", "再拜诉", "再拜具", "再拜求", "恭上", "恭呈", "恭启",
	    "恭禀", "恭书", "恭告", "恭诉", "恭具", "恭求", NULL};
	static const char *const closings[] = {
	    "完毕", "谢谢", "盼复", "此致", "为盼", "为感", "拜托", NULL};
	size_t from = t->len > LAST_BYTES ? t->len - LAST_BYTES : 0, b, e;

	while (from > 0 && from < t->len &&
	       ((unsigned char)t->s[from] & 0xC0) == 0x80)
		from++;
	for (size_t i = from; i < t->len; i = hide_next(t, i)) {
		if (hide_match(t, i, respects) == 0)
			continue;
		e = hide_trim_end(t, 0, i);
		e = skip_bracket(t, e);
		for (b = e; b > 0 && !is_full_stop(t, hide_prev(t, b)) &&
			    t->s[b - 1] != ',' && hide_chars(t, b, e) < 14;)
			b = hide_prev(t, b);
		b = hide_skip_blank(t, b, e);
		if (b < e && hide_chars(t, b, e) < 14) {
			hide_learn_name(k, t, b, e);
			hide_add(t, b, e);
		}
	}
	/* …报告完毕，豆腐陈。 */
	for (e = t->len; e > from && (is_full_stop(t, hide_prev(t, e)) ||
					 t->s[e - 1] == ' ');)
		e = hide_prev(t, e);
	for (b = e; b > from && t->s[b - 1] != ',' && hide_chars(t, b, e) < 8;)
		b = hide_prev(t, b);
	if (b > from && b < e && hide_before(t, b, ",") &&
	    hide_match_before(t, b - 1, closings) > 0 && is_who(t, b, e))
		hide_add(t, b, e);
}

void
hide_end(struct hide_text *t, struct hide_known *k)
{
	take_respects(t, k);
	take_last_sentence(t, k);
}
