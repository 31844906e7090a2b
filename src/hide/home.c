/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hide/clause.h"
#include "hide/rules.h"
#include "hide/said.h"
#include "hide/text.h"
#include "hide/words.h"

/*
 * Where the writer lives, what he has and where he works, behind a word for
 * himself.
 */

/* 西屯村东头, 桥头第二家: where a house stands, and nothing else. */
static bool
is_at_end(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const ends[] = {"东头", "西头", "南头", "北头", "村口",
	    "村头", "巷口", "街口", "桥头", "路口", "第一家", "第二家", "第三家",
	    "头一家", "那家", "拐角", "斜对面", NULL};

	return hide_chars(t, b, e) >= 3 && hide_chars(t, b, e) <= 14 &&
	       hide_match_before(t, e, ends) > 0 && !hide_starts_event(t, b) &&
	       !hide_tells_event(t, b, e) && !hide_at(t, b, "的") &&
	       !hide_at(t, b, "对面") && !hide_at(t, b, "隔壁") &&
	       !hide_at(t, b, "门");
}

bool
hide_says_where(struct said *x)
{
	static const char *const before[] = {"现", "现在", "目前", "一直",
	    "长期", "以前", "曾经", "曾", "原来", "从小", "就", "也", "都",
	    "家", "的家", "们", "全家", "一家", "一家人", "老家", "家里", " ",
	    NULL};
	static const char *const verbs[] = {"搁", "居住在", "居住于",
	    "居住的是", "居住", "租住在", "租住", "住家在", "家住在", "家住",
	    "家在", "住在", "住的是", "住的小区叫", "住的小区是", "住于",
	    "住到", "住", "暂住", "来自", "从", "位于", "家门牌", "老家在",
	    "户口在", "户籍在", "的住址是", "的家庭住址是", "住址", "的地址是",
	    "的门牌是", "的门牌号是", "的房号是", "租的是", "买的是", NULL};
	static const char *const no_place[] = {"院", "不", "着", "的", "进",
	    "了", "过", "下来", "得", "一", "十", "几", "二十", "三十", "房",
	    "宿", "没", "他", "她", "他们", NULL};
	static const char *const units[] = {
	    "元", "块", "年", "平", "斤", "亩", "万", "多", "棵", "个", NULL};
	static const char *const own[] = {"家", NULL};
	static const char *const beside[] = {"门口", "门前", "楼下", "楼上",
	    "隔壁", "对面", "旁边", "附近", "后面", "前面", "院里", NULL};
	static const char *const not_beside[] = {"被", "他", "她", "不", "没",
	    "有", "在", "的", "和", "跟", "就", "都", "也", NULL};
	size_t i = hide_skip_words(x->t, x->b, before);
	size_t v = hide_match(x->t, i, verbs), b, e;
	bool home = hide_find_any(x->t, x->b, i, own) < i;

	if (v == 0 && home &&
	    (hide_at(x->t, i, "在") || hide_at(x->t, i, "是") ||
		hide_at(x->t, i, "搁") || hide_at(x->t, i, "于")))
		v = 3;
	b = i + v;
	/* 我家18栋在装修, 我家河沿街73号被泼了漆 */
	e = hide_said_end(x->t, i);
	if (v == 0 && home && hide_door_behind(x->t, i, e) > i) {
		hide_add(x->t, i, hide_door_behind(x->t, i, e));
		return true;
	}
	/* 我家西屯村东头 */
	if (v == 0 && home && is_at_end(x->t, i, e)) {
		hide_add(x->t, i, e);
		return true;
	}
	/* 我家1501天花板漏水 */
	for (b = i; v == 0 && home && hide_is_digit(x->t, b);)
		b++;
	if (v == 0 && b >= i + 3 && b <= i + 4 &&
	    hide_match(x->t, b, units) == 0) {
		hide_add(x->t, i, b);
		return true;
	}
	b = i + v;
	/* 俺家南城镇西街门口叫人堆了土 */
	if (v == 0 && home) {
		e = hide_find_any(x->t, i, hide_said_end(x->t, i), beside);
		if (e < hide_said_end(x->t, i) && hide_chars(x->t, i, e) >= 3 &&
		    hide_chars(x->t, i, e) <= 12 &&
		    hide_match(x->t, i, no_place) == 0 &&
		    hide_find_any(x->t, i, e, not_beside) == e) {
			hide_add(x->t, i, e);
			return true;
		}
	}
	if (v == 0 || hide_match(x->t, b, no_place) > 0 ||
	    (hide_at(x->t, i, "从") && !hide_at(x->t, i, "从小")))
		return false;
	e = hide_said_end(x->t, b);
	x->e = e;
	hide_said(x, b, e);
	return true;
}

bool
hide_says_own(struct said *x)
{
	static const char *const things[] = {"家的店", "家", "店", "店铺",
	    "铺子", "铺", "门店", "门面", "摊", "摊位", "摊位号", "摊子",
	    "档口", "房子", "租的房子", "买的房子", "住的房子", "房", "屋",
	    "公司", "厂", "单位", "工作单位", "饭店", "饭馆", "超市", "水果店",
	    "小卖部", "早餐店", "烧烤店", "学校", "网名", "地址", "住址",
	    "家庭住址", "户口", "工号", "学号", "房号", "门牌号", "门牌",
	    "小区", "村", "理发店", "修车铺", "饭庄", "菜摊", "租的店", "老家",
	    "娘家", "婆家", "班级", "船号", "船", "鱼塘", "承包地", "大棚",
	    "宿舍", "微博", "抖音", "快手", "司", "车", "车子", "电动车",
	    "三轮车", "货车", "面包车", "轿车", "果园", "农庄", "民宿", "茶园",
	    "养殖场", "猪场", "鸡场", "农家乐", "合作社", "诊所", "药店",
	    "面馆", "家面馆", "家小店", "经营的", "开的", NULL};
	static const char *const verbs[] = {"就在", "在", "叫", "名叫", "叫做",
	    "是", "位于", "为", ":", "号是", "号为", "开在", "就是", "@", "系", "即",
	    "全称", "全称是", "名称", "名称是", "名称为", "名字是", NULL};
	static const char *const beside[] = {"隔壁", "对面", "楼下", "楼上",
	    "旁边", "门口", "附近", "后面", "前面", "的", "那", "这", "离",
	    "被", "和", "跟", NULL};
	static const char *const times[] = {"期间", "时", "时候", NULL};
	static const char *const kinds[] = {"公司", "土方", "运输", "建材",
	    "物流", "商贸", "酒店", "饭店", "车队", "工程", "建设", "超市",
	    "厂", "合作社", "门市", NULL};
	static const char *const manner[] = {"被", "他", "她", "不", "没", "最",
	    "第", "低保", "合法", "有", "这", "那", "我", "在建", NULL};
	size_t i = x->b, n, v, e;

	if (hide_at(x->t, i, "的"))
		i += 3;
	n = hide_match(x->t, i, things);
	if (n == 0)
		return false;
	i += n;
	v = hide_match(x->t, i, verbs);
	e = hide_said_end(x->t, i + v);
	/* 我店解放路12号 */
	if (v == 0 && hide_door_behind(x->t, i, e) > i) {
		hide_add(x->t, i, hide_door_behind(x->t, i, e));
		return true;
	}
	/* 本人船号苏连渔02217 */
	if (v == 0 && hide_has_digit(x->t, i, e) &&
	    hide_before(x->t, i, "号") && hide_chars(x->t, i, e) <= 16) {
		x->e = e;
		hide_said(x, i, e);
		return true;
	}
	if (v == 0 && hide_chars(x->t, i, e) >= 3 &&
	    hide_match(x->t, i, beside) == 0 && hide_is_sign_over(x->t, i, e)) {
		x->e = e;
		hide_said(x, i, e);
		return true;
	}
	if (v == 0 && (hide_chars(x->t, i, e) > 10 ||
			  hide_match_before(x->t, e, kinds) == 0 ||
			  e < i + hide_match_before(x->t, e, kinds)))
		return false;
	if (v > 0 && hide_match_before(x->t, e, times) > 0)
		return false;
	/* 我们小区是老小区, 我们村在闹: the place is the matter's too. */
	if (hide_match(x->t, i + v, manner) > 0 ||
	    hide_match(x->t, i + v, hide_others) > 0)
		return v > 0;
	x->e = e;
	hide_said(x, i + v, e);
	return true;
}

bool
hide_says_trade(struct said *x)
{
	static const char *const verbs[] = {"开店", "开了", "开个", "开饭店",
	    "开水果店", "开超市", "经营", "上班", "工作", "打工", "干了",
	    "干过", "当会计", "当司机", "当保安", "做生意", "做小生意", "摆摊",
	    "卖", "租了", "租住", "租房", "租了个", "供职", "就职", "任职",
	    "当", "住了", "住", "教书", "上学", "读书", "种", "养", "承包",
	    "包了", "做会计", "做出纳", "做保洁", "做保安", "跑车", "跑运输",
	    "干活", "务工", "端盘子", "刷碗", "洗碗", "帮工", "打杂",
	    "看店", "看摊", "收银", "做工", "执勤", "巡逻", "站岗", "跑业务",
	    "做销售", "值夜班", "下夜班", "夜班", "下班", "出摊", "开挖机",
	    "开塔吊", "开吊车", "装修", "干会计", "当兵", "看大门", "看门", "看工地",
	    "守夜", "值班", "当班", "开车", "修车", "送外卖", "送货", "送水",
	    "扫地", "扫街", "打扫", "保洁", "摆地摊", "拉货", "搬砖", "实习",
	    "代课", "做饭", "帮厨", "岗", "车间", "科室", "工段", "修手机",
	    "修鞋", "修表", "理发", "洗车", "开锁", "烧烤", "补胎", "收废品",
	    "钓鱼时", NULL};
	static const char *const places[] = {"店", "馆", "厂", "铺", "公司",
	    "超市", "吧", "诊所", "部", "行", "坊", "厅", "屋", "民宿",
	    "农家乐", NULL};
	static const char *const not [] = {"路上", "途中", "时间", "当场",
	    "当时", "当天", "当晚", "当着", "当成", "当面", "的路", "卖力",
	    "住院", "看到", "看见", "发现", "拍到", "当中", "种种", "当地",
	    NULL};
	static const char *const before[] = {"就", "也", "一直", "目前", "现在",
	    "以前", "曾经", "曾", "原来", "从", "长期", "们", " ", "之前",
	    NULL};
	static const char *const rooms[] = {"部", "科", "科室", "车间", "班组",
	    "财务", "食堂", "工段", "门岗", "办公室", NULL};
	static const char *const opens[] = {"开", NULL};
	static const char *const buys[] = {
	    "购买", "买", "租", "购", "拥有", NULL};
	size_t i = hide_skip_words(x->t, x->b, before), e, verb, n;

	if (!hide_at(x->t, i, "在") && !hide_at(x->t, i, "于") &&
	    !hide_before(x->t, i, "从") && !hide_at(x->t, i, "从"))
		return false;
	e = hide_said_end(x->t, i);
	verb = hide_find_any(x->t, i, e, verbs);
	/* 开理发店, but not 开始, 开会 */
	if (verb == e && hide_match_before(x->t, e, places) > 0)
		verb = hide_find_any(x->t, i, e, opens);
	/* 我在财务部 */
	if (verb == e && hide_chars(x->t, i, e) <= 10 &&
	    hide_match_before(x->t, e, rooms) > 0)
		verb = i;
	/* 我在锦屏山庄4栋看得一清二楚 */
	if (verb == e && hide_at(x->t, i, "在") &&
	    hide_has_door(x->t, i, e)) {
		hide_add(x->t, i, hide_door_end(x->t, i, e));
		return true;
	}
	/* "于2019年购买了12-2-301的房子" */
	if (verb == e && !(hide_has_door(x->t, i, e) &&
			     hide_find_any(x->t, i, e, buys) < e))
		return false;
	if (hide_find_any(x->t, i, e, not ) < e)
		return false;
	x->e = e;
	n = hide_matter_place(x->t, i, e);
	hide_said(x, i + n, e);
	return true;
}
