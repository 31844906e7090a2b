/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hide/clause.h"
#include "hide/rules.h"
#include "hide/text.h"
#include "hide/words.h"

/* Statements that may follow the first: 女，52岁，住…，电话…  */
#define MOST_BIO 12

bool
hide_is_age(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const heads[] = {"年届", "年近", "年过", "年逾",
	    "今年", "现年", "年龄", "年", "快", "都", "已经", "已", "也", "男",
	    "女", "今年都", "今年快", "今年已经", NULL};
	static const char *const parts[] = {"一", "二", "三", "四", "五", "六",
	    "七", "八", "九", "十", "多", "来", "几", "有", "周", "岁", "了",
	    "出头", "的人", "零", "旬", NULL};
	bool now = hide_at(t, b, "今年") || hide_at(t, b, "现年") ||
		   hide_at(t, b, "五十有") || hide_at(t, b, "六十有") ||
		   hide_at(t, b, "四十有") || hide_at(t, b, "七十有") ||
		   (hide_at(t, b, "年") &&
		       hide_find_any(t, b, e,
			   (const char *const[]){"十有", NULL}) < e);
	bool number = false, years = false, tens = false;
	size_t n;

	while (b < e && (n = hide_match(t, b, heads)) > 0)
		b += n;
	while (b < e) {
		n = hide_match(t, b, parts);
		if (n == 0 && !hide_is_digit(t, b))
			return false;
		tens = tens || hide_at(t, b, "十");
		years = years ||
			(tens && number && hide_at(t, b, "了") &&
			    b + strlen("了") == e) ||
			hide_at(t, b, "岁") || hide_at(t, b, "旬");
		number = true;
		b += n > 0 ? n : 1;
	}
	return number && (years || now);
}

static bool
is_birth(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const tails[] = {
	    "生", "出生", "年生", "生人", "年出生", "后", NULL};

	/* 98年的 */
	if (hide_is_digit(t, b) && hide_before(t, e, "年的") &&
	    hide_chars(t, b, e) <= 6)
		return true;
	return hide_has_digit(t, b, e) && hide_chars(t, b, e) <= 14 &&
	       (hide_match_before(t, e, tails) > 0);
}

bool
hide_has_door(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const doors[] = {"号楼", "栋", "幢", "单元", "室",
	    "号院", "弄", "座", "组", "号", "楼", "户", "排", NULL};

	for (size_t i = b; i < e; i = hide_next(t, i))
		if (i > b && hide_is_digit(t, i - 1) &&
		    (hide_match(t, i, doors) > 0 ||
			(t->s[i] == '-' && hide_is_digit(t, i + 1))))
			return true;
	return false;
}

size_t
hide_door_end(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const doors[] = {"号楼", "栋", "幢", "单元", "室",
	    "号院", "弄", "座", "组", "号", "楼", "户", "排", NULL};
	size_t end = b, n;

	for (size_t i = b; i < e; i = hide_next(t, i)) {
		n = i > b && hide_is_digit(t, i - 1) ? hide_match(t, i, doors)
						     : 0;
		if (n > 0)
			end = i + n;
		else if (hide_is_digit(t, i) && i == end)
			end = i + 1;
	}
	return end;
}

size_t
hide_door_behind(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const doors[] = {"号楼", "栋", "幢", "单元", "室",
	    "号院", "弄", "座", "组", "号", "楼", "户", "排", "层", "门", NULL};
	static const char *const more[] = {"一楼", "二楼", "三楼", "四楼",
	    "五楼", "六楼", "七楼", "八楼", "顶楼", "东户", "西户", "中户",
	    "楼上", "院内", "院", NULL};
	static const char *const stops[] = {"被", "他", "她", "不", "没", "有",
	    "在", "和", "跟", "就", "都", "也", "离", "到", "从", "给", "对面",
	    "隔壁", "旁边", "后面", "前面", "附近", "楼上", "楼下", "门口",
	    "门前", "的", "过", "让", "叫", "把", "去", "来", NULL};
	size_t i = b, n;
	bool door = false;

	while (i < e && !hide_is_digit(t, i)) {
		if (hide_match(t, i, stops) > 0 || hide_chars(t, b, i) > 14 ||
		    hide_ends_clause(t, i))
			return b;
		i = hide_next(t, i);
	}
	while (i < e) {
		n = hide_match(t, i, doors);
		if (n > 0 && hide_is_alnum(t, i - 1))
			door = true;
		else if (door && hide_match(t, i, more) > 0)
			n = hide_match(t, i, more);
		else if (t->s[i] == '-' && hide_is_digit(t, i + 1))
			n = door = true;
		else
			n = hide_is_alnum(t, i);
		if (n == 0)
			break;
		i += n;
	}
	return door ? i : b;
}

/* 1301, 13912345678: nothing else in the clause. */
static bool
is_number(const struct hide_text *t, size_t b, size_t e)
{
	for (size_t i = b; i < e; i++)
		if (!hide_is_digit(t, i) && t->s[i] != '-' && t->s[i] != ' ')
			return false;
	return e - b >= 3;
}

bool
hide_is_bio(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const whole[] = {"男", "女", "男性", "女性", "汉族",
	    "回族", "满族", "党员", "中共党员", "已婚", "未婚", "离异", "单身",
	    "小学文化", "初中文化", "高中文化", "退休", "退休了", "下岗",
	    "下岗了", "个体", "无业", "务农", "群众", NULL};
	static const char *const heads[] = {"姓名", "性别", "年龄", "民族",
	    "生于", "出生", "住", "现住", "家住", "居住", "户籍", "籍贯",
	    "家在", "身份证", "电话", "手机", "联系电话", "联系方式",
	    "我的电话", "微信", "qq", "邮箱", "电子邮箱", "系", "退休", "职业",
	    "工作单位", "来自", "原籍", "老家", "祖籍", "现居", "暂住", "租住",
	    "从事", "身份", "地址", "家庭住址", "住址", "邮编", "联系", "原",
	    "户口", "摊位号", "摊位", "车牌", "工号", "就职", "任职", "现任",
	    "供职", "名字", "名叫", "负责", "学号", "班级", "证书", "户主",
	    "本名", "店名", "网名", "昵称", "他住", "他就住", "她住", "她就住",
	    "我住", "我是", "耳背", "现为", "现系", "现是", "曾任", "任教",
	    "就读", "毕业于", "供职于", "真名", "原名", "大名", "学名", "全名",
	    "单位", "外号", "绰号", "人称", "经营者", "驾驶证", "驾照",
	    NULL};
	static const char *const ins[] = {"开", "卖", "上班", "工作", "打工",
	    "摆摊", "经营", "做生意", "干", "上学", "读", "念", "租", "教书",
	    "跑运输", "跑车", "种", "养", "上初", "上高", "上小学", "上大",
	    "小学", "中学", "大学", "幼儿园", "年级", "做饭", "当班",
	    "值班", "执勤", "巡逻", "保洁", "看门", "当", NULL};
	static const char *const origins[] = {
	    "来的", "人", "人士", "口音", NULL};
	static const char *const deeds[] = {"打人", "骂人", "带人", "害人",
	    "伤人", "坑人", "赶人", "吓人", "砍人", "雇人", "找人", "有人",
	    NULL};

	static const char *const kinds[] = {"户", "员", "工", "者", "师", NULL};
	static const char *const naming[] = {"叫", "是", "姓", "找", NULL};
	static const char *const bodies[] = {"公司", "工厂", "医院", "中学",
	    "小学", "大学", "学院", "幼儿园", "合作社", "居委会", "村委会",
	    "社区", "车间", "财务部", "工程部", "事务所", "工作室", "集团",
	    "卫生院", "研究所", "设计院", NULL};
	/* Whoever is there is somebody else. */
	static const char *const beside[] = {
	    "对面", "隔壁", "楼上", "楼下", "旁边", "附近", "门口", NULL};

	b = hide_skip_blank(t, b, e);
	if (b >= e || hide_chars(t, b, e) > 24 || hide_at(t, b, "住院") ||
	    hide_match(t, b, hide_accused) > 0)
		return false;
	if ((hide_at(t, b, "他") || hide_at(t, b, "她")) &&
	    hide_is_age(t, b + 3, e))
		return true;
	if (hide_match(t, b, whole) == e - b || hide_is_nick(t, b, e) ||
	    is_number(t, b, e) || hide_is_age(t, b, e) || is_birth(t, b, e) ||
	    hide_is_name(t, b, e))
		return true;
	if (hide_match(t, b, heads) > 0 ||
	    (hide_chars(t, b, e) <= 6 && !hide_starts_event(t, b) &&
		hide_match_before(t, e, kinds) > 0 && hide_all_han(t, b, e)) ||
	    (hide_chars(t, b, e) <= 6 && !hide_starts_event(t, b) &&
		hide_match_before(t, e, origins) > 0 &&
		hide_match_before(t, e, deeds) == 0))
		return true;
	if (hide_at(t, b, "在") && hide_find_any(t, b, e, ins) < e)
		return true;
	/* 姓蓝; 车鲁Q88A21 */
	if ((hide_at(t, b, "姓") && hide_is_surname(t, b + 3) &&
		hide_chars(t, b, e) <= 3) ||
	    (hide_at(t, b, "车") && hide_has_digit(t, b, e) &&
		hide_chars(t, b, e) <= 9))
		return true;
	/* “花想容”花店小夏 */
	if (hide_chars(t, b, e) <= 12 && e >= b + 6 &&
	    hide_is_nick(t, e - 6, e) && !hide_tells_event(t, b, e) &&
	    !hide_starts_event(t, b) && hide_find_any(t, b, e, naming) == e &&
	    hide_match_before(t, e - 6, hide_others) <= 3)
		return true;
	/* 银座出租汽车公司: behind what one is, where */
	if (hide_match_before(t, e, bodies) > 0 && hide_all_han(t, b, e) &&
	    hide_chars(t, b, e) >= 5 && !hide_starts_event(t, b) &&
	    !hide_tells_event(t, b, e) && hide_match(t, b, beside) == 0 &&
	    hide_match(t, b, hide_others) <= 3)
		return true;
	/* 包工头 although others are called so too */
	if (hide_match(t, b, hide_roles) == e - b)
		return true;
	return hide_chars(t, b, e) <= 16 && hide_ends_with_role(t, b, e) &&
	       hide_match(t, b, beside) == 0 && !hide_tells_event(t, b, e) &&
	       hide_match(t, b, hide_others) == 0;
}

/* 我住桂花巷9号，他住桂花巷11号: he is none of the writer's. */
static bool
is_contrast(const struct hide_text *t, size_t before, size_t b)
{
	size_t i = before;

	if (!hide_at(t, b, "他住") && !hide_at(t, b, "她住"))
		return false;
	while (i > 0 && !hide_ends_clause(t, hide_prev(t, i)) &&
	       hide_chars(t, i, before) < 24) {
		i = hide_prev(t, i);
		if (hide_kin_at(t, i) > 0)
			return false;
	}
	return hide_at(t, i, "我住") || hide_at(t, i, "我家");
}

void
hide_bio(struct hide_text *t, struct hide_known *k, size_t end)
{
	size_t b = end, e;

	for (int n = 0; n < MOST_BIO; n++) {
		/* A line may end between two of them, a sentence not. */
		while (b < t->len &&
		       (t->s[b] == ',' || t->s[b] == ' ' || t->s[b] == '(' ||
			   t->s[b] == ')' || t->s[b] == '\n' ||
			   hide_at(t, b, "、")))
			b = hide_next(t, b);
		e = hide_clause_end(t, b);
		if (b == end || !hide_is_bio(t, b, e) ||
		    is_contrast(t, end, b))
			return;
		hide_add(t, b + hide_matter_place(t, b, e), e);
		hide_learn_name(k, t, b, e);
		end = b = e;
		if (t->s[b] == ':')
			end = b = hide_clause_end(t, b + 1);
	}
}
