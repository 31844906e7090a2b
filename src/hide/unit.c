/* SPDX-License-Identifier: ISC */
#include <stdbool.h>
#include <string.h>

#include "hide/text.h"
#include "hide/token.h"

/* Words that stand between the things that a letter names and belong to none
 * of them. */
static const char *const between[] = {"的", "了", "在", "是", "我", "俺", "咱",
    "他", "她", "它", "你", "您", "们", "叫", "姓", "有", "和", "跟", "与",
    "把", "被", "给", "让", "对", "说", "就", "也", "都", "不", "去", "来",
    "从", "向", "为", "这", "那", "住", "卖", "开", "收", "打", "电话", "手机",
    "微信", "地址", "住址", "车牌", "车牌号", "外号", "绰号", "人称", "老板",
    "经理", "队长", "主任", "书记", "负责人", "联系人", "联系", "号码",
    "举报人", "被举报人", "反映人", "本人", "自己", "人家", "要", "用", "系",
    "于", "由", "以", "并", "其", "该", "上", "下", "里", "后", "前", "每",
    "收到", "找", "问", "还", "又", "再", "才", "只", "没", "着", "过", "得",
    "地", "到", "家住", "现住", "名叫", "真名", "名字", "身份证", "身份证号",
    "户名", "账号", "账户", "卡号", "店名", "经营", "上班", "工作", "做", "干",
    "当", "嘅", "喺", "係", "佢", "嘞", "因", "因为", "所以", "但", "而", "或",
    "如", "及", "将", "已", "会", "能", "可", "请", "望", "说是", "儿子",
    "女儿", "丈夫", "老公", "老婆", "爱人", "妻子", "爸", "妈", "父亲", "母亲",
    "哥", "姐", "弟", "妹", "侄子", "表哥", "表弟", "公公", "婆婆", "媳妇",
    NULL};
static const char *const provinces[] = {"京", "津", "沪", "渝", "冀", "豫",
    "云", "辽", "黑", "湘", "皖", "鲁", "新", "苏", "浙", "赣", "鄂", "桂",
    "甘", "晋", "蒙", "陕", "吉", "闽", "贵", "粤", "青", "藏", "川", "宁",
    "琼", NULL};

/* Behind the plate that may begin with token i: 皖N·03M71; i when none does. */
static size_t
plate_end(const struct hide_text *t, const struct hide_tokens *k, size_t i)
{
	size_t e = i + 1, most = i + 8 < k->n ? i + 8 : k->n, b = k->list[i].e;

	if (hide_match(t, k->list[i].b, provinces) == 0 || e >= k->n ||
	    k->list[e].b != b || !hide_is_alnum(t, b) || hide_is_digit(t, b))
		return i;
	while (e < most && (hide_is_alnum(t, k->list[e].b) ||
			       (k->list[e].stop == STOP_NONE && e + 1 < k->n &&
				   !hide_is_han(t, k->list[e].b) &&
				   hide_is_alnum(t, k->list[e + 1].b))))
		e++;
	return k->list[e - 1].e - b >= 6 &&
		       hide_has_digit(t, b, k->list[e - 1].e)
		   ? e
		   : i;
}

static bool
is_mark(const struct hide_text *t, const struct hide_token *x)
{
	return !hide_is_han(t, x->b) && !hide_is_alnum(t, x->b);
}

/* Whether what is named may go on with token i. */
static bool
goes_on(const struct hide_text *t, const struct hide_tokens *k, size_t i)
{
	const struct hide_token *x = &k->list[i];

	if (i >= k->n || x->stop != STOP_NONE || x->name == 1)
		return false;
	if (is_mark(t, x))
		return t->s[x->b] == '-' && i + 1 < k->n && !is_mark(t, x + 1);
	return !hide_is_word(t, x->b) || hide_match(t, x->b, between) == 0;
}

/* A number or what has one in it, a firm, or anything else. */
static uint8_t
sort_of_thing(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const firms[] = {"公司", "厂", "店", "馆", "铺",
	    "坊", "局", "院", "学校", "中学", "小学", "超市", "中心", "记",
	    "站", "家园", "酒楼", "饭店", "烧烤", "酒吧", "网吧", "集团",
	    "大学", "合作社", "事务所", "工程队", "车队", "物流", "运输",
	    "渣土", "土方", "建材", "劳务", "置业", "火锅", "面馆", "奶茶",
	    "小吃", "五金", "发屋", "水果", "中队", "幼儿园", NULL};

	if (hide_has_digit(t, b, e))
		return UNIT_NUMBER;
	if (!hide_is_han(t, b))
		return UNIT_LATIN;
	return e - b > 6 && hide_match_before(t, e, firms) > 0 ? UNIT_FIRM
							       : UNIT_THING;
}

static size_t
unit_end(const struct hide_text *t, const struct hide_tokens *k, size_t i,
    uint8_t *sort)
{
	const struct hide_token *x = &k->list[i];
	size_t e = plate_end(t, k, i), n;

	*sort = UNIT_PLATE;
	if (e > i)
		return e;
	e = i + 1;
	*sort = UNIT_BETWEEN;
	n = hide_is_word(t, x->b) ? hide_match(t, x->b, between) : 0;
	/* 车牌苏 is no name although 车 is one of a family. */
	if (n > strlen("的") || (n > 0 && x->name != 1))
		return hide_token_at(k, x->b + n);
	if (x->name == 1) {
		*sort = UNIT_NAME;
		while (e < k->n && k->list[e].name == 2)
			e++;
		return e;
	}
	if (is_mark(t, x))
		return e;
	while (goes_on(t, k, e))
		e++;
	*sort = sort_of_thing(t, x->b, k->list[e - 1].e);
	return e;
}

void
hide_find_units(const struct hide_text *t, struct hide_tokens *k)
{
	size_t e;
	uint8_t sort;

	for (size_t i = 0; i < k->n; i = e) {
		e = unit_end(t, k, i, &sort);
		if (e <= i)
			e = i + 1;
		for (size_t j = i; j < e; j++) {
			k->list[j].unit = i;
			k->list[j].unit_end = e;
			k->list[j].sort = sort;
		}
	}
}
