/* SPDX-License-Identifier: ISC */
#include "base/fold.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"

/* First byte of the characters of the table, U+4E00 and above. */
#define HAN_BYTE 0xE4

/* Traditional characters of the words that the rules know, each before its
 * simplified form. */
static const char pairs[] =
    "電电話话機机號号碼码聯联繫系絡络舉举報报訴诉實实戶户業业區区單单樓楼"
    "們们個个為为證证郵邮師师長长員员學学開开賣卖車车請请係系撥拨給给這这"
    "說说對对從从見见聽听發发現现當当經经營营職职務务親亲媽妈爺爷孫孙鄰邻"
    "棟栋門门間间歲岁齡龄漢汉黨党頭头隊队領领導导書书記记處处廠厂館馆攤摊"
    "檔档鋪铺東东陳陈張张劉刘楊杨趙赵黃黄吳吴鄭郑馮冯鄧邓許许蘇苏蔣蒋賈贾"
    "鐘钟盧卢譚谭陸陆範范顧顾錢钱湯汤賀贺龔龚龍龙萬万葉叶閻阎喬乔賴赖齊齐"
    "嚴严傳传謝谢韓韩羅罗馬马呂吕於于聶聂莊庄魯鲁韋韦鳳凤鍾钟護护賬账帳账"
    "額额級级屬属兒儿婦妇時时點点樣样貴贵諱讳筆笔寫写騷骚擾扰脅胁嚇吓來来"
    "訊讯匯汇轉转賄贿簽签饋馈辦办迴回掛挂帐账幫帮題题詢询應应該该嗎吗麼么"
    "復复複复閱阅讓让協协調调準准結结決决議议擬拟條条銷销惡恶無无據据確确"
    "認认違违類类補补關关並并執执備备註注專专線线負负責责";

/* What a stranger puts between characters so that nobody finds them. */
static bool
is_invisible(uint32_t cp)
{
	return (cp >= 0x200B && cp <= 0x200F) ||
	       (cp >= 0x202A && cp <= 0x202E) ||
	       (cp >= 0x2060 && cp <= 0x2064) || cp == 0xFEFF || cp == 0xAD ||
	       (cp >= 0xFE00 && cp <= 0xFE0F);
}

static bool
is_blank(uint32_t cp)
{
	return cp == '\t' || cp == 0xA0 || cp == 0x3000 ||
	       (cp >= 0x2000 && cp <= 0x200A) || cp == 0x202F || cp == '\v' ||
	       cp == '\f';
}

/* Digits in rings and brackets: ① ⑴ ⓪ ❶ ➀ 🄁 no more. */
static uint32_t
ringed(uint32_t cp)
{
	if (cp >= 0x2460 && cp <= 0x2468)
		return '1' + cp - 0x2460;
	if (cp >= 0x2474 && cp <= 0x247C)
		return '1' + cp - 0x2474;
	if (cp >= 0x2776 && cp <= 0x277E)
		return '1' + cp - 0x2776;
	if (cp >= 0x2780 && cp <= 0x2788)
		return '1' + cp - 0x2780;
	return cp == 0x24EA ? '0' : cp;
}

/* One sign for one: blanks, typefaces of letters and digits, capitals. */
static uint32_t
plain(uint32_t cp)
{
	if (cp >= 0xFF01 && cp <= 0xFF5E)
		cp -= 0xFEE0;
	if (cp >= 0x1D7CE && cp <= 0x1D7FF)
		cp = '0' + (cp - 0x1D7CE) % 10;
	if (is_blank(cp))
		cp = ' ';
	if (cp == '\r')
		cp = '\n';
	if (cp >= 'A' && cp <= 'Z')
		cp += 32;
	return ringed(cp);
}

static const char *
simplified(const char *c, size_t n)
{
	if (n != 3 || (unsigned char)*c < HAN_BYTE)
		return c;
	for (const char *p = pairs; *p != '\0'; p += 6)
		if (memcmp(p, c, 3) == 0)
			return p + 3;
	return c;
}

/* Most of a text is none of it: the pairs are only looked through for
 * characters that are in them.  Made once, of nothing but the pairs. */
static struct {
	unsigned char bits[0x10000 / 8];
	bool known;
} traditional;

static void
learn_pairs(void)
{
	const char *end = pairs + sizeof(pairs) - 1;
	uint32_t cp;

	for (const char *p = pairs; *p != '\0'; p += 6) {
		(void)utf8_next(p, end, &cp);
		if (cp < 0x10000)
			traditional.bits[cp / 8] |=
			    (unsigned char)(1 << (cp % 8));
	}
	traditional.known = true;
}

static size_t
put(struct fold *t, const char *c, size_t n, size_t origin)
{
	for (size_t i = 0; i < n; i++) {
		t->s[t->len + i] = c[i];
		t->at[t->len + i] = (uint32_t)origin;
	}
	t->len += n;
	return n;
}

static void
fill(struct fold *t, const char *original, size_t len)
{
	const char *end = original + len;
	char folded[4];
	uint32_t cp;
	size_t n;

	for (const char *p = original; p < end; p += n) {
		size_t at = (size_t)(p - original);
		uint32_t to;

		n = utf8_next(p, end, &cp);
		if (cp == UINT32_MAX || is_invisible(cp))
			continue;
		to = plain(cp);
		if (to != cp)
			(void)put(t, folded, utf8_put(to, folded), at);
		else if ((unsigned char)*p >= HAN_BYTE && cp < 0x10000 &&
			 (traditional.bits[cp / 8] >> (cp % 8) & 1) != 0)
			(void)put(t, simplified(p, n), n, at);
		else
			(void)put(t, p, n, at);
	}
	t->s[t->len] = '\0';
	t->at[t->len] = (uint32_t)len;
}

int
fold_init(struct fold *t, const char *original)
{
	size_t len = strlen(original);

	t->len = 0;
	t->s = len < UINT32_MAX ? malloc(len + 1) : NULL;
	t->at = len < UINT32_MAX
	    ? reallocarray(NULL, len + 1, sizeof(*t->at))
	    : NULL;
	if (t->s == NULL || t->at == NULL) {
		fold_done(t);
		return -1;
	}
	if (!traditional.known)
		learn_pairs();
	fill(t, original, len);
	return 0;
}

void
fold_done(struct fold *t)
{
	free(t->s);
	free(t->at);
	memset(t, 0, sizeof(*t));
}
