/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "intake/hide_clause.h"
#include "intake/hide_text.h"

/*
 * What Chinese calls its kin is built, not listed: which one (大, 二, 小 …),
 * by which side (堂, 表, 干, 继 …), and one of few words for whom.
 */
static const char *const sides[] = {"大", "二", "三", "四", "五", "六", "七",
    "八", "小", "老", "亲", "堂", "表", "干", "养", "继", "前", "后", "远房",
    "本家", "婆家", "娘家", "内", "外", "亡", "先", "双胞胎", "孪生", "同胞",
    "最小的", "未来", "结拜", "乡下", "城里", NULL};
static const char *const kin[] = {"爷爷", "奶奶", "姥姥", "姥爷", "外公",
    "外婆", "爸爸", "妈妈", "父亲", "母亲", "父母", "爹娘", "爹妈", "公公",
    "婆婆", "岳父", "岳母", "丈人", "丈母娘", "儿子", "女儿", "闺女", "儿媳妇",
    "儿媳", "媳妇", "女婿", "孙子", "孙女", "外孙", "外孙女", "重孙", "侄子",
    "侄女", "侄儿", "外甥", "外甥女", "老公", "老婆", "丈夫", "妻子", "爱人",
    "老伴", "对象", "男朋友", "女朋友", "男友", "女友", "未婚夫", "未婚妻",
    "夫人", "太太", "先生", "内人", "爹爹", "哥哥", "弟弟", "姐姐", "妹妹",
    "哥", "弟", "姐", "妹", "兄弟", "姐妹", "姊妹", "兄妹", "姐弟", "姐夫",
    "妹夫", "嫂子", "嫂嫂", "弟媳", "弟妹", "弟媳妇", "叔叔", "婶婶", "婶子",
    "伯父", "伯母", "伯伯", "大伯", "舅舅", "舅妈", "舅父", "舅母", "姑姑",
    "姑父", "姑妈", "姑夫", "姑丈", "姨妈", "姨夫", "姨父", "姨丈", "姨娘",
    "小舅子", "小姨子", "大舅哥", "大舅子", "大姨子", "小姑子", "大姑子",
    "小叔子", "大伯子", "连襟", "妯娌", "亲家", "亲家公", "亲家母", "爸", "妈",
    "爹", "娘", "叔", "伯", "舅", "姨", "姑", "婶", "嫂", "爷", "奶", "娃",
    "侄", "甥", "孩子", "小孩", "宝宝", "家属", "家人", "家里人", "亲戚",
    "亲属", "当家的", "祖父", "祖母", "外祖父", "外祖母", "老父", "老母",
    "老娘", "老爹", "亡夫", "亡妻", "前妻", "前夫", "妻弟", "男人", "妻兄",
    "妻妹", "妻哥", "曾祖", "曾祖母", "曾祖父", "太爷", "太奶", "继子", "继女",
    "养子", "养女", "长子", "次子", "儿女", "老头子", "老爷子", "老太太",
    "那口子", "独子", "独女", "长女", "幼子", "幼女", NULL};

/* 我大伯 is one's own, but 我大哥大, 我弟媳 are longer words or none. */
static const char *const no_kin[] = {"女士", "女子", "女的", "女性", "儿童",
    "姑且", "娘家人", "哥们", "姐们", "奶粉", "奶茶", "爷们", "对象是", NULL};

size_t
hide_kin_at(const struct hide_text *t, size_t i)
{
	size_t at = i, n;

	for (int parts = 0; parts < 3; parts++) {
		if (hide_match(t, at, no_kin) > 0)
			return 0;
		n = hide_match(t, at, kin);
		/* 小叔子 and 老公 are whole words. */
		if (n > 0)
			return at + n - i;
		n = hide_match(t, at, sides);
		if (n == 0)
			return 0;
		at += n;
	}
	return 0;
}

size_t
hide_kin_chain(const struct hide_text *t, size_t i)
{
	size_t at = i, n;

	for (int links = 0; links < 3; links++) {
		size_t from = at;

		if (links > 0 && hide_at(t, from, "的"))
			from += strlen("的");
		n = hide_kin_at(t, from);
		if (n == 0)
			return at - i;
		at = from + n;
		if (hide_at(t, at, "们"))
			at += strlen("们");
	}
	return at - i;
}
