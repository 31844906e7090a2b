/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "intake/hide_rules.h"
#include "intake/hide_text.h"
#include "intake/hide_words.h"

/* Digits that one number may have; a bank card has 19. */
#define MOST_DIGITS 24

struct number {
	size_t b, e;
	char digits[MOST_DIGITS + 1];
	size_t n;
	bool x;	    /* ends with the X of an identity card */
	bool plus;  /* begins with + */
	bool joint; /* something stood between the digits */
};

enum number_kind { NUMBER_NONE, NUMBER_PERSON, NUMBER_ACCOUNT, NUMBER_HOTLINE };

/* 一三八…, 幺三九…: how digits are read out.  Pairs of Han and digit. */
static const char spoken[] =
    "〇0零0一1二2三3四4五5六6七7八8九9幺1两2壹1贰2叁3肆4伍5陆6柒7捌8玖9";

static char
spoken_digit(const struct hide_text *t, size_t i)
{
	for (const char *p = spoken; *p != '\0'; p += 4)
		if (memcmp(t->s + i, p, 3) == 0)
			return p[3];
	return '\0';
}

/* one-five-two …: bytes of the word. */
static size_t
english_digit(const struct hide_text *t, size_t i, char *out)
{
	static const char *const words[] = {"zero", "one", "two", "three",
	    "four", "five", "six", "seven", "eight", "nine", "oh", NULL};
	size_t n;

	if (strchr("zotfsen", t->s[i]) == NULL ||
	    (i > 0 && t->s[i - 1] >= 'a' && t->s[i - 1] <= 'z'))
		return 0;
	for (int d = 0; words[d] != NULL; d++) {
		n = strlen(words[d]);
		if (hide_at(t, i, words[d]) &&
		    !(t->s[i + n] >= 'a' && t->s[i + n] <= 'z')) {
			*out = (char)('0' + d % 10);
			return n;
		}
	}
	return 0;
}

/* The digit at i and its bytes; 0 = none. */
static size_t
digit_at(const struct hide_text *t, size_t i, char *out)
{
	if (i >= t->len)
		return 0;
	if (hide_is_digit(t, i)) {
		*out = t->s[i];
		return 1;
	}
	if (t->len - i < 3)
		return 0;
	if (t->s[i] >= 'e' && t->s[i] <= 'z')
		return english_digit(t, i, out);
	*out = spoken_digit(t, i);
	return *out == '\0' ? 0 : 3;
}

static bool
is_mobile(const char *d, size_t n)
{
	return n == 11 && d[0] == '1' && d[1] >= '3';
}

/* Country code or exchange prefix in front of a mobile number. */
static bool
is_prefixed_mobile(const struct number *x)
{
	return (x->n == 13 && memcmp(x->digits, "86", 2) == 0 &&
		   is_mobile(x->digits + 2, 11)) ||
	       (x->n == 15 && memcmp(x->digits, "0086", 4) == 0 &&
		   is_mobile(x->digits + 4, 11)) ||
	       (x->n == 12 && x->digits[0] == '0' &&
		   is_mobile(x->digits + 1, 11));
}

/* Enough digits for a whole number: what follows a joint is another. */
static bool
is_full(const struct number *x)
{
	return is_mobile(x->digits, x->n) || is_prefixed_mobile(x) ||
	       x->n == 18 || (x->n == 12 && x->digits[0] == '0' && x->joint);
}

/* -806, 转806, ext. 806 */
static size_t
end_of_extension(const struct hide_text *t, size_t e)
{
	static const char *const words[] = {
	    "-", "转", " 转", "ext.", " ext.", " ext", "－", "分机", NULL};
	size_t n = hide_match(t, e, words), i = e + n;

	while (
	    n > 0 && (t->s[i] == ' ' || hide_is_digit(t, i)) && i < e + n + 6)
		i++;
	return n > 0 && i > e + n && hide_is_digit(t, i - 1) ? i : e;
}

/* Marks between the groups of a number: one, or two of them. */
static size_t
joints_at(const struct hide_text *t, size_t i)
{
	size_t n = 0;

	while (n < 3 && i + n < t->len && t->s[i + n] != '\0' &&
	       strchr(" -.()_*", t->s[i + n]) != NULL)
		n++;
	if (n == 0 &&
	    (hide_at(t, i, "—") || hide_at(t, i, "－") || hide_at(t, i, "·")))
		return strlen(hide_at(t, i, "·") ? "·" : "—");
	return n;
}

/* Reads the number at i; its end is behind its last digit. */
static bool
read_number(const struct hide_text *t, size_t i, struct number *x)
{
	size_t k, j;
	bool spelt = false;
	char d;

	memset(x, 0, sizeof(*x));
	x->b = i;
	x->plus = t->s[i] == '+';
	i += x->plus;
	while (x->n < MOST_DIGITS) {
		k = digit_at(t, i, &d);
		if (k == 0) {
			j = x->n > 0 && !is_full(x) ? joints_at(t, i) : 0;
			if (j == 0 && spelt && hide_at(t, i, ", "))
				j = strlen(", ");
			if (j == 0 || digit_at(t, i + j, &d) == 0)
				break;
			x->joint = true;
			i += j;
			continue;
		}
		x->digits[x->n++] = d;
		spelt = k > 1 && t->s[i] < 0x7F && t->s[i] > 0;
		i += k;
		x->e = i;
	}
	if (x->n == 17 && t->s[i] == 'x' && !hide_is_alnum(t, i + 1)) {
		x->x = true;
		x->e = i + 1;
	}
	return x->n > 0;
}

/* GB 11643: region, date of birth, sequence, check character. */
static bool
is_identity(const struct number *x)
{
	const char *d = x->digits;

	if (x->n + x->x != 18)
		return false;
	return ((d[6] == '1' && d[7] == '9') || (d[6] == '2' && d[7] == '0')) &&
	       (d[10] == '0' || (d[10] == '1' && d[11] <= '2')) && d[12] <= '3';
}

static bool
is_landline(const struct number *x)
{
	if (x->digits[0] == '0' && x->digits[1] >= '1')
		return x->n >= 10 && x->n <= 12;
	return x->n >= 12 && x->n <= 14 && memcmp(x->digits, "860", 3) != 0 &&
	       x->plus;
}

/* What stands in front, blanks and joining words apart, is one of the list. */
static bool
is_labelled(const struct hide_text *t, size_t b, const char *const *list)
{
	static const char *const between[] = {
	    " ", ":", "是", "为", "(", "号", "号码", "=", "叫", "+", NULL};
	size_t n;

	while ((n = hide_match_before(t, b, list)) == 0 &&
	       (n = hide_match_before(t, b, between)) > 0)
		b -= n;
	return n > 0 && hide_match_before(t, b, list) > 0;
}

static const char *const phone_labels[] = {"电话", "手机", "座机", "固话",
    "联系方式", "致电", "拨打", "拨", "打", "tel", "phone", "mobile", "联系",
    "电话号码", "手机号", "call", "cell", "小灵通", "短号", "传真", NULL};
static const char *const card_labels[] = {"身份证", "身份证号", "身份证号码",
    "证件", "证件号", "证件号码", "护照", "社保", "社保卡", "医保", NULL};

static enum number_kind
kind_of(const struct hide_text *t, const struct number *x)
{
	if (is_mobile(x->digits, x->n) || is_prefixed_mobile(x) ||
	    is_identity(x) || (x->plus && x->n >= 9))
		return NUMBER_PERSON;
	if ((x->n == 10 || x->n == 11) && (memcmp(x->digits, "400", 3) == 0 ||
					      memcmp(x->digits, "800", 3) == 0))
		return NUMBER_HOTLINE;
	if (is_landline(x))
		return NUMBER_PERSON;
	if (x->n >= 15 && is_labelled(t, x->b, card_labels))
		return NUMBER_PERSON;
	if (x->n >= 16 && x->n <= 19)
		return NUMBER_ACCOUNT;
	if (x->n >= 6 && x->n <= 12 && is_labelled(t, x->b, phone_labels))
		return NUMBER_PERSON;
	return NUMBER_NONE;
}

static bool
ends_in_unit(const struct hide_text *t, size_t e)
{
	static const char *const units[] = {
	    "元", "块", "万", "吨", "平方", "车", "年", "%", NULL};

	return hide_match(t, e, units) > 0;
}

/* Please call me: Daniel Whitcombe, 188… */
static void
take_english_before(struct hide_text *t, struct hide_known *k, size_t e)
{
	size_t b = e;

	while (b > 0 && e - b < 40 &&
	       ((t->s[b - 1] >= 'a' && t->s[b - 1] <= 'z') ||
		   t->s[b - 1] == ' '))
		b--;
	b = hide_skip_blank(t, b, e);
	if ((b > 0 && !hide_ends_clause(t, hide_prev(t, hide_prev(t, b))) &&
		!hide_ends_clause(t, hide_prev(t, b))) ||
	    !hide_is_english_name(t, b, e))
		return;
	hide_learn(k, t->s + b, e - b, false);
	hide_add(t, b, e);
}

/* 车队收“管理费”的账户：…: others are spoken of and not the writer. */
static bool
is_their_sentence(const struct hide_text *t, size_t i)
{
	size_t b = hide_sentence_start(t, i);
	bool others = false;

	for (; b < i; b = hide_next(t, b)) {
		if (hide_is_writer_at(t, b))
			return false;
		others = others || hide_match(t, b, hide_others) > 3 ||
			 ((hide_at(t, b, "他") || hide_at(t, b, "她")) &&
			     (b == 0 || hide_ends_clause(t, hide_prev(t, b))));
	}
	return others;
}

/* Two or three characters between a sentence's end and one's own number: a
 * name with a surname that no list has. */
static bool
is_bare_word(const struct hide_text *t, size_t b, size_t e)
{
	return b > 0 && hide_ends_sentence(t, hide_prev(t, b)) &&
	       hide_chars(t, b, e) >= 2 && hide_chars(t, b, e) <= 3 &&
	       hide_match(t, b, hide_others) == 0;
}

/* A name in front of a number that is the citizen's: 马晓东，电话8555…, when
 * nothing stands in front of the name. */
static void
take_name_before(struct hide_text *t, struct hide_known *k, size_t b)
{
	static const char *const links[] = {"电话", "手机", "联系电话",
	    "手机号", "联系方式", "号码", " ", ":", ",", "(", "是", "tel", "-",
	    "—", NULL};
	static const char *const heads[] = {"找", "联系人", "联系", "我",
	    "本人", "我是", "我叫", "举报人", "户名", NULL};
	size_t n, e;

	while ((n = hide_match_before(t, b, links)) > 0)
		b -= n;
	e = b;
	if (b > 0 && hide_is_alnum(t, b - 1)) {
		take_english_before(t, k, e);
		return;
	}
	while (
	    b > 0 && hide_is_han(t, hide_prev(t, b)) && hide_chars(t, b, e) < 4)
		b = hide_prev(t, b);
	for (; b < e; b = hide_next(t, b)) {
		bool first = b == 0 || !hide_is_han(t, hide_prev(t, b)) ||
			     hide_match_before(t, b, heads) > 0;

		if (!first)
			continue;
		if (hide_is_name(t, b, e) || hide_is_nick(t, b, e) ||
		    is_bare_word(t, b, e)) {
			hide_learn_name(k, t, b, e);
			hide_add(t, b, e);
		}
		return;
	}
}

/* …139找老葛, 139（王女士）, 139 王小红. */
static size_t
take_name_behind(struct hide_text *t, struct hide_known *k, size_t e)
{
	static const char *const links[] = {"找", "联系", "(", " ", ",", "-",
	    "—", "联系人", ":", "说找", "就说找", "户名", "账户名",
	    "开户名", NULL};
	size_t b = e, end, n;

	while ((n = hide_match(t, b, links)) > 0)
		b += n;
	end = hide_clause_end(t, b);
	n = hide_name_at(t, b, end);
	if (n > 0 && b + n < end && !hide_at(t, b + n, "收"))
		n = 0; /* the beginning of another sentence */
	if (n == 0 && hide_is_nick(t, b, end))
		n = end - b;
	if (n == 0)
		return e;
	hide_learn_name(k, t, b, b + n);
	hide_add(t, b, b + n);
	return b + n;
}

/* wx同手机139…: says that the number is a handle too. */
static size_t
label_before(const struct hide_text *t, size_t b)
{
	static const char *const labels[] = {"wx同手机", "vx同手机", "v同手机",
	    "微信同手机", "微信同手机号", "wx同号", "vx同号", "微信同号",
	    "手机同微信", "手机微信同号", NULL};

	return hide_match_before(t, b, labels);
}

static void
take_number(struct hide_text *t, struct hide_known *k, const struct number *x)
{
	enum number_kind kind = kind_of(t, x);
	enum hide_owner owner;

	if (kind == NUMBER_NONE || ends_in_unit(t, x->e))
		return;
	owner = hide_owner_of(t, x->b, x->e);
	if (owner == OWNER_OTHER ||
	    (owner == OWNER_UNKNOWN &&
		(kind == NUMBER_HOTLINE ||
		    (kind == NUMBER_ACCOUNT && is_their_sentence(t, x->b)))))
		return;
	hide_learn(k, x->digits, x->n, true);
	hide_add(t, x->b - label_before(t, x->b), end_of_extension(t, x->e));
	take_name_before(t, k, x->b);
	(void)take_name_behind(t, k, x->e);
}

/* ---- addresses and handles ---------------------------------------------- */

static bool
is_mail_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr("._%+-", c) != NULL);
}

/* @阿泽今天吃什么, @kev.huang.eats: a handle, unless an office's. */
static size_t
take_mention(struct hide_text *t, struct hide_known *k, size_t at)
{
	static const char *const stops[] = {"在此", "在这", "就是", "发", "的",
	    "，", " ", "上", "是", "我", "请", "求", NULL};
	static const char *const offices[] = {"发布", "城管", "公安", "平安",
	    "市", "局", "政府", "热线", "交警", "环保", "住建", "日报", "新闻",
	    "晚报", "电视", "信访", NULL};
	size_t b = at + 1, e = b;

	if (hide_is_han(t, b)) {
		e = hide_clause_end(t, b);
		e = hide_find_any(t, b, e, stops);
		if (hide_chars(t, b, e) > 12 ||
		    hide_find_any(t, b, e, offices) < e)
			return e > b ? e : b;
	} else {
		while (e < t->len && is_mail_char(t->s[e]))
			e++;
		while (e > b && !hide_is_alnum(t, e - 1))
			e--;
	}
	if (e < b + 3 || hide_owner_of(t, at, e) == OWNER_OTHER ||
	    is_their_sentence(t, at))
		return e > b ? e : b;
	hide_learn(k, t->s + b, e - b, false);
	hide_add(t, at, e);
	return e;
}

static size_t
take_mail(struct hide_text *t, struct hide_known *k, size_t at)
{
	size_t b = at, e = at + 1;

	while (b > 0 && is_mail_char(t->s[b - 1]))
		b--;
	while (e < t->len && is_mail_char(t->s[e]))
		e++;
	while (e > at + 1 && !hide_is_alnum(t, e - 1))
		e--;
	if (b == at)
		return take_mention(t, k, at);
	if (e == at + 1 || hide_owner_of(t, b, e) == OWNER_OTHER)
		return e;
	hide_learn(k, t->s + b, e - b, false);
	hide_add(t, b, e);
	return e;
}

static const char *const handles[] = {"微信号码", "微信号", "微信", "vx", "wx",
    "v信", "v号", "威信", "薇信", "徽信", "wechat", "weixin", "qq号码", "qq号",
    "qq", "扣扣", "企鹅", "抖音号", "抖音", "快手号", "快手", "微博",
    "支付宝账号", "支付宝", "联系方式", "telegram", "whatsapp", "小红书",
    "skype", "line", "视频号", "公众号", "b站", "ins", "ig", "商务微", "加v", "我v", NULL};

/* Lily不加糖: a few Han up to the clause's end belong to it. */
static size_t
end_of_mixed(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const words[] = {"的", "是", "我", "号", "同", "可",
	    "找", "联", "或", "和", "也", "在", "他", "她", "发",
	    "聊", "给", "详", "问", "说", "你", NULL};
	size_t end = hide_clause_end(t, e);

	if (e < b + 2 || end == e || hide_chars(t, e, end) > 4 ||
	    !hide_all_han(t, e, end) || hide_find_any(t, e, end, words) < end)
		return e;
	return end;
}

/* 我的视频号叫洛城老炮儿, 视频号：…: a name in Han behind the word at i. */
static bool
is_own_channel(const struct hide_text *t, size_t i, size_t n)
{
	static const char *const channels[] = {"视频号", "公众号", "抖音",
	    "快手", "小红书", "b站", "微博", NULL};
	static const char *const names[] = {
	    "号:", ":", "叫", "号叫", "名叫", "账号:", "号是", NULL};
	size_t b = i;

	if (hide_match(t, i, channels) == 0 || hide_match(t, i + n, names) == 0)
		return false;
	if (i == 0 || hide_ends_clause(t, hide_prev(t, i)))
		return t->s[i + n] == ':' || hide_at(t, i + n, "号:");
	while (b > 0 && !hide_ends_clause(t, hide_prev(t, b)) &&
	       hide_chars(t, b, i) < 8)
		b = hide_prev(t, b);
	return hide_find_any(t, b, i, hide_selves) < i;
}

/* 微信（同号）：wxid_1978 */
static size_t
take_handle(struct hide_text *t, struct hide_known *k, size_t i, size_t n)
{
	static const char *const between[] = {":", " ", "(", ")", "是", "为",
	    "叫", "同号", "同", "号", "id", "名", "“", "\"", "账号", "帐号",
	    "加", "=", "我", "的", NULL};
	size_t b = i + n, e, j;

	if (i > 0 && hide_is_alnum(t, i) && hide_is_alnum(t, i - 1))
		return i + n;
	/* ins, ig; but institute, might */
	if (t->s[i] == 'i' && hide_is_alnum(t, i + n))
		return i + n;
	while ((j = hide_match(t, b, between)) > 0)
		b += j;
	e = b;
	if (t->s[b] == '@' && hide_is_han(t, b + 1))
		return take_mention(t, k, b);
	while (hide_is_alnum(t, e) ||
	       (e > b && (t->s[e] == '_' || t->s[e] == '-' || t->s[e] == '.')))
		e++;
	if (e == b && is_own_channel(t, i, n)) {
		e = hide_clause_end(t, b);
		if (hide_chars(t, b, e) >= 2 && hide_chars(t, b, e) <= 10)
			hide_add(t, b, e);
		return e;
	}
	e = end_of_mixed(t, b, e);
	if (e - b < 5 || t->s[e] == '@' || ends_in_unit(t, e) ||
	    hide_owner_of(t, b, e) == OWNER_OTHER)
		return e > i ? e : i + n;
	hide_learn(k, t->s + b, e - b, false);
	/* wx:… is one word to the eye. */
	hide_add(t, n == 2 && hide_is_alnum(t, i) ? i : b, e);
	return e;
}

/* 我的车牌苏G12345: one's own plate tells who one is. */
static size_t
take_own_plate(struct hide_text *t, size_t i)
{
	static const char *const owners[] = {
	    "我的", "我自己的", "我家", "我家的", "我", "本人", "本人的",
	    "我开的", "我们的", NULL};
	static const char *const things[] = {"车牌号码", "车牌号", "车牌",
	    "车号", "车子", "车", "电动车", "三轮车", "面包车", "货车", "轿车",
	    "小车", "私家车", NULL};
	size_t n = hide_match(t, i, owners), k, b, e;

	k = n == 0 ? 0 : hide_match(t, i + n, things);
	if (k == 0 && !hide_at(t, i, "我开的是"))
		return i;
	n += k;
	b = i + n;
	while (hide_at(t, b, "是") || hide_at(t, b, "号") || t->s[b] == ':' ||
	       t->s[b] == ' ' || t->s[b] == '(')
		b = hide_next(t, b);
	e = hide_is_han(t, b) ? b + 3 : b;
	while (hide_is_alnum(t, e) || hide_at(t, e, "·"))
		e = hide_next(t, e);
	if (e - b < 8 || !hide_has_digit(t, b, e))
		return i + n;
	hide_add(t, b, e);
	return e;
}

/* 我那台红色三轮车豫C·F1234: what is between the two only says which. */
static size_t
take_plate(struct hide_text *t, size_t i)
{
	static const char *const mine[] = {"我那", "我这", "我的", "我家",
	    "我自己", "我开的", "我骑的", "我驾", "俺的", "俺家", "俺那", NULL};
	static const char *const vehicles[] = {"车", "车牌", "牌号", "牌照",
	    "电驴", "摩托", "面包", "卡", "轿", "号", NULL};
	static const char *const done[] = {"被", "撞", "从", "看", "拍", "跟",
	    "拦", "过", "门", "对", "他", "前", "后", "楼", "店", NULL};
	size_t e = i + 3, b = i;

	while (hide_is_alnum(t, e) || hide_at(t, e, "·"))
		e = hide_next(t, e);
	if (e - i < 9 || e - i > 13 || hide_is_digit(t, i + 3) ||
	    !hide_has_digit(t, i, e))
		return i;
	while (b > 0 && !hide_ends_clause(t, hide_prev(t, b)) &&
	       hide_chars(t, b, i) < 16)
		b = hide_prev(t, b);
	b = hide_find_any(t, b, i, mine);
	if (b == i || hide_find_any(t, b, i, done) < i ||
	    hide_find_any(t, b, i, vehicles) == i)
		return i;
	hide_add(t, i, e);
	return e;
}

static bool
may_start_number(const struct hide_text *t, size_t i)
{
	char d;

	return digit_at(t, i, &d) > 0 ||
	       (t->s[i] == '+' && hide_is_digit(t, i + 1));
}

/* 91410300MA9X2K7T4B, GB 32100: a firm's number is its owner's name. */
static size_t
take_code(struct hide_text *t, struct hide_known *k, size_t i)
{
	size_t e = i, digits = 0;

	if (!hide_is_digit(t, i) || (i > 0 && hide_is_alnum(t, i - 1)))
		return i;
	for (; hide_is_alnum(t, e) && e - i <= 18; e++)
		digits += hide_is_digit(t, e);
	if (e - i != 18 || digits < 9 || digits >= 17)
		return i;
	if (hide_owner_of(t, i, e) != OWNER_OTHER &&
	    !is_their_sentence(t, i)) {
		hide_learn(k, t->s + i, e - i, false);
		hide_add(t, i, e);
	}
	return e;
}

void
hide_numbers(struct hide_text *t, struct hide_known *k)
{
	struct number x;
	size_t n, code;

	for (size_t i = 0; i < t->len;) {
		code = take_code(t, k, i);
		if (code > i) {
			i = code;
		} else if (may_start_number(t, i) && read_number(t, i, &x) &&
		    x.n >= 6) {
			bool word = x.b > 0 && hide_is_alnum(t, x.b) &&
				    hide_is_alnum(t, x.b - 1);

			if (!hide_spend(t, i))
				return;
			if (!word && t->s[x.e] != '@')
				take_number(t, k, &x);
			i = x.e;
		} else if (t->s[i] == '@') {
			if (!hide_spend(t, i))
				return;
			i = take_mail(t, k, i);
		} else if ((n = hide_match(t, i, handles)) > 0) {
			if (!hide_spend(t, i))
				return;
			i = take_handle(t, k, i, n);
		} else {
			size_t to = take_own_plate(t, i);

			if (to == i && hide_is_han(t, i) &&
			    hide_is_alnum(t, i + 3))
				to = take_plate(t, i);
			i = to > i ? to : hide_next(t, i);
		}
	}
}
