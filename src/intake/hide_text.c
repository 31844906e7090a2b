/* SPDX-License-Identifier: ISC */
#include "intake/hide_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"

/* Traditional characters of the words that the rules know, each before its
 * simplified form. */
static const char pairs[] =
    "電电話话機机號号碼码聯联繫系絡络舉举報报訴诉實实戶户業业區区單单樓楼"
    "們们個个為为證证郵邮師师長长員员學学開开賣卖車车請请係系撥拨給给這这"
    "說说對对從从見见聽听發发現现當当經经營营職职務务親亲媽妈爺爷孫孙鄰邻"
    "棟栋號号門门間间歲岁齡龄漢汉黨党頭头隊队領领導导書书記记處处長长廠厂"
    "館馆攤摊檔档鋪铺東东陳陈張张劉刘楊杨趙赵黃黄吳吴鄭郑馮冯鄧邓許许蘇苏"
    "蔣蒋賈贾鐘钟盧卢譚谭陸陆範范顧顾錢钱湯汤賀贺龔龚龍龙萬万葉叶閻阎喬乔"
    "賴赖齊齐嚴严傳传謝谢韓韩羅罗馬马呂吕於于聶聂莊庄魯鲁韋韦倪倪鳳凤鍾钟"
    "護护賬账帳账戶户額额級级屬属兒儿婦妇時时間间點点樣样貴贵諱讳筆笔寫写"
    "騷骚擾扰脅胁嚇吓來来訊讯匯汇轉转賄贿";

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

/* Mathematical digits of five typefaces. */
static uint32_t
fold(uint32_t cp)
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
	if (n != 3 || (unsigned char)*c < 0xE4)
		return c;
	for (const char *p = pairs; *p != '\0'; p += 6)
		if (memcmp(p, c, 3) == 0)
			return p + 3;
	return c;
}

/* Most of a text is none of it: the table is only asked for characters that
 * are in it. */
struct traditional {
	unsigned char bits[0x10000 / 8];
};

static void
learn_pairs(struct traditional *set)
{
	const char *end = pairs + sizeof(pairs) - 1;
	uint32_t cp;

	memset(set, 0, sizeof(*set));
	for (const char *p = pairs; *p != '\0'; p += 6) {
		(void)utf8_next(p, end, &cp);
		if (cp < 0x10000)
			set->bits[cp / 8] |= (unsigned char)(1 << (cp % 8));
	}
}

static size_t
put(struct hide_text *t, const char *c, size_t n, size_t origin)
{
	for (size_t i = 0; i < n; i++) {
		t->s[t->len + i] = c[i];
		t->at[t->len + i] = (uint32_t)origin;
	}
	t->len += n;
	return n;
}

static void
fill(struct hide_text *t, const char *original, size_t len,
    const struct traditional *set)
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
		to = fold(cp);
		if (to != cp)
			(void)put(t, folded, utf8_put(to, folded), at);
		else if (cp < 0x10000 &&
			 (set->bits[cp / 8] >> (cp % 8) & 1) != 0)
			(void)put(t, simplified(p, n), n, at);
		else
			(void)put(t, p, n, at);
	}
	t->s[t->len] = '\0';
	t->at[t->len] = (uint32_t)len;
}

int
hide_text_init(struct hide_text *t, const char *original)
{
	size_t len = strlen(original);
	struct traditional set;

	memset(t, 0, sizeof(*t));
	t->budget = HIDE_ANCHORS;
	t->original = original;
	t->s = malloc(len + 1);
	t->at = calloc(len + 1, sizeof(*t->at));
	if (t->s == NULL || t->at == NULL || len > UINT32_MAX) {
		t->bad = true;
		return -1;
	}
	learn_pairs(&set);
	fill(t, original, len, &set);
	return 0;
}

void
hide_text_done(struct hide_text *t)
{
	free(t->s);
	free(t->at);
	free(t->spans);
	memset(t, 0, sizeof(*t));
}

void
hide_add(struct hide_text *t, size_t from, size_t to)
{
	if (from >= to || t->bad)
		return;
	if (t->n_spans == t->size_spans) {
		size_t size = t->size_spans == 0 ? 32 : 2 * t->size_spans;
		struct hide_span *more =
		    reallocarray(t->spans, size, sizeof(*more));

		if (more == NULL) {
			t->bad = true;
			return;
		}
		t->spans = more;
		t->size_spans = size;
	}
	t->spans[t->n_spans++] = (struct hide_span){from, to};
}

bool
hide_covered(const struct hide_text *t, size_t at)
{
	/* What was found last lies near. */
	for (size_t i = t->n_spans; i > 0 && t->n_spans - i < 64; i--)
		if (at >= t->spans[i - 1].from && at < t->spans[i - 1].to)
			return true;
	return false;
}

bool
hide_spend(struct hide_text *t, size_t at)
{
	if (t->budget > 0) {
		t->budget--;
		return true;
	}
	hide_add(t, at, t->len);
	return false;
}

bool
hide_at(const struct hide_text *t, size_t i, const char *word)
{
	size_t n = strlen(word);

	return t->len - i >= n && memcmp(t->s + i, word, n) == 0;
}

bool
hide_before(const struct hide_text *t, size_t i, const char *word)
{
	size_t n = strlen(word);

	return i >= n && memcmp(t->s + i - n, word, n) == 0;
}

size_t
hide_match(const struct hide_text *t, size_t i, const char *const *list)
{
	size_t longest = 0;

	for (; *list != NULL; list++)
		if (**list == t->s[i] && hide_at(t, i, *list) &&
		    strlen(*list) > longest)
			longest = strlen(*list);
	return longest;
}

size_t
hide_match_before(const struct hide_text *t, size_t i, const char *const *list)
{
	size_t longest = 0;

	for (; *list != NULL; list++)
		if (hide_before(t, i, *list) && strlen(*list) > longest)
			longest = strlen(*list);
	return longest;
}

size_t
hide_find_any(
    const struct hide_text *t, size_t b, size_t e, const char *const *list)
{
	for (size_t i = b; i < e; i = hide_next(t, i)) {
		size_t n = hide_match(t, i, list);

		if (n > 0 && i + n <= e)
			return i;
	}
	return e;
}

static bool
is_tail(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

size_t
hide_next(const struct hide_text *t, size_t i)
{
	if (i < t->len)
		i++;
	while (i < t->len && is_tail(t->s[i]))
		i++;
	return i;
}

size_t
hide_prev(const struct hide_text *t, size_t i)
{
	if (i > 0)
		i--;
	while (i > 0 && is_tail(t->s[i]))
		i--;
	return i;
}

size_t
hide_chars(const struct hide_text *t, size_t b, size_t e)
{
	return b < e ? utf8_count(t->s + b, e - b) : 0;
}

bool
hide_is_han(const struct hide_text *t, size_t i)
{
	uint32_t cp;

	if (i >= t->len)
		return false;
	(void)utf8_next(t->s + i, t->s + t->len, &cp);
	return (cp >= 0x4E00 && cp <= 0x9FFF) ||
	       (cp >= 0x3400 && cp <= 0x4DBF) || cp == 0x3007 ||
	       (cp >= 0x20000 && cp <= 0x3FFFF);
}

bool
hide_all_han(const struct hide_text *t, size_t b, size_t e)
{
	for (size_t i = b; i < e; i = hide_next(t, i))
		if (!hide_is_han(t, i))
			return false;
	return b < e;
}

bool
hide_is_digit(const struct hide_text *t, size_t i)
{
	return i < t->len && t->s[i] >= '0' && t->s[i] <= '9';
}

bool
hide_is_alnum(const struct hide_text *t, size_t i)
{
	return i < t->len &&
	       ((t->s[i] >= 'a' && t->s[i] <= 'z') || hide_is_digit(t, i));
}

bool
hide_has_digit(const struct hide_text *t, size_t b, size_t e)
{
	for (size_t i = b; i < e; i++)
		if (hide_is_digit(t, i))
			return true;
	return false;
}

bool
hide_is_english_name(const struct hide_text *t, size_t b, size_t e)
{
	size_t words = 0;

	for (size_t i = b; i < e; i++) {
		char c = t->original[t->at[i]];
		bool first = i == b || t->s[i - 1] == ' ';

		if (t->s[i] == ' ' || t->s[i] == '.')
			continue;
		if (t->s[i] < 'a' || t->s[i] > 'z' ||
		    first != (c >= 'A' && c <= 'Z'))
			return false;
		words += first;
	}
	return words >= 2 && words <= 3;
}

size_t
hide_skip_blank(const struct hide_text *t, size_t i, size_t e)
{
	while (i < e && t->s[i] == ' ')
		i++;
	return i;
}

size_t
hide_trim_end(const struct hide_text *t, size_t b, size_t e)
{
	while (e > b && t->s[e - 1] == ' ')
		e--;
	return e;
}

size_t
hide_line_start(const struct hide_text *t, size_t i)
{
	while (i > 0 && t->s[i - 1] != '\n')
		i--;
	return i;
}

size_t
hide_line_end(const struct hide_text *t, size_t i)
{
	while (i < t->len && t->s[i] != '\n')
		i++;
	return i;
}

bool
hide_ends_sentence(const struct hide_text *t, size_t i)
{
	static const char *const marks[] = {
	    "。", "!", "?", "…", "\n", "｡", NULL};

	return i >= t->len || hide_match(t, i, marks) > 0;
}

bool
hide_ends_clause(const struct hide_text *t, size_t i)
{
	static const char *const marks[] = {
	    ",", ";", ":", "、", "(", ")", "—", "|", "~", "【", "】", NULL};

	if (hide_ends_sentence(t, i) || hide_match(t, i, marks) > 0)
		return true;
	/* A full stop of the other keyboard, but no decimal point. */
	return t->s[i] == '.' &&
	       !(i > 0 && hide_is_alnum(t, i - 1) && hide_is_alnum(t, i + 1));
}

size_t
hide_clause_end(const struct hide_text *t, size_t i)
{
	size_t start = i;

	while (!hide_ends_clause(t, i)) {
		if (t->s[i] == ' ' && hide_chars(t, start, i) >= 2 &&
		    !(hide_is_alnum(t, i - 1) && hide_is_alnum(t, i + 1)))
			return i;
		i = hide_next(t, i);
	}
	return i;
}
