/* SPDX-License-Identifier: ISC */
#include "route/titles.h"

#include <string.h>

#include "base/str.h"

const char *const titles[] = {"副大队长", "副中队长", "副支队长", "大队长",
    "中队长", "支队长", "副局长", "副所长", "副队长", "副科长", "副处长",
    "副主任", "副书记", "副组长", "副站长", "副股长", "副经理", "副部长",
    "副镇长", "副区长", "局长", "所长", "队长", "科长", "处长", "主任", "书记",
    "组长", "站长", "股长", "经理", "部长", "镇长", "区长", "班长", "总监",
    "科员", "队员", "干事"};
const size_t n_titles = sizeof(titles) / sizeof(*titles);

const char *const leader_words[] = {"领导", "负责人", "一把手", "主要负责人",
    "头头", "当家的", "老大", "头儿", "管事的"};
const size_t n_leader_words = sizeof(leader_words) / sizeof(*leader_words);

const char *const deed_words[] = {"收钱", "收了钱", "收黑钱", "收好处",
    "好处费", "收了好处", "的好处", "拿好处", "拿了好处", "得了好处", "红包",
    "受贿", "索贿", "行贿", "吃拿卡要", "勾结", "串通", "包庇", "袒护", "撑腰",
    "保护伞", "通风报信", "报信", "走漏风声", "内鬼", "入股", "入了股", "干股",
    "股份", "分红", "分成", "回扣", "贪污", "腐败", "敲诈", "勒索", "打人",
    "殴打", "倒卖", "偷卖", "克扣", "吃空饷", "冒领", "以权谋私", "徇私",
    "一伙的", "有一腿", "放水", "每车收", "每月收", "每摊收", "每户收",
    "挨家收", "私下收", "收了老板", "收了他", "请吃饭", "送礼", "收礼", "送钱"};
const size_t n_deed_words = sizeof(deed_words) / sizeof(*deed_words);

const char *const remedy_words[] = {"查", "打击", "严惩", "处理", "整治",
    "解决", "制止", "举报", "反映", "投诉", "管管", "重视", "惩治", "追究",
    "打掉", "挖出", "深挖", "抓"};
const size_t n_remedy_words = sizeof(remedy_words) / sizeof(*remedy_words);

static const char *const double_surnames[] = {"欧阳", "司马", "上官", "诸葛",
    "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯", "端木",
    "宇文", "长孙", "南宫", "独孤", "轩辕"};

int
title_of_role(const char *role)
{
	size_t len = strlen(role);

	for (size_t i = 0; i < n_titles; i++) {
		size_t n = strlen(titles[i]);

		if (n <= len && memcmp(role + len - n, titles[i], n) == 0)
			return (int)i;
	}
	return -1;
}

bool
title_is_head(int title)
{
	static const char *const no_heads[] = {
	    "中队长", "班长", "总监", "科员", "队员", "干事", "股长", "组长"};

	if (str_starts(titles[title], "副"))
		return false;
	for (size_t i = 0; i < sizeof(no_heads) / sizeof(*no_heads); i++)
		if (strcmp(titles[title], no_heads[i]) == 0)
			return false;
	return true;
}

size_t
surname_bytes(const char *name)
{
	size_t len = strlen(name), chars = utf8_count(name, len);

	if (chars < 2 || chars > 4 || len != chars * 3)
		return 0;
	for (size_t i = 0;
	     i < sizeof(double_surnames) / sizeof(*double_surnames); i++)
		if (chars > 2 && str_starts(name, double_surnames[i]))
			return 6;
	return 3;
}
