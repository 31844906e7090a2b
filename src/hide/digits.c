/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hide/number.h"
#include "hide/rules.h"
#include "hide/text.h"
#include "hide/words.h"

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

bool
hide_read_number(const struct hide_text *t, size_t i, struct number *x)
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

enum number_kind
hide_kind_of_number(const struct hide_text *t, const struct number *x)
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
	/* …。尤老师85512345: the last thing in a letter, and no date. */
	if ((x->n == 7 || x->n == 8) && x->digits[0] >= '2' &&
	    memcmp(x->digits, "20", 2) != 0 && t->len - x->e <= 6)
		return NUMBER_PERSON;
	return NUMBER_NONE;
}

bool
hide_may_start_number(const struct hide_text *t, size_t i)
{
	char d;

	return digit_at(t, i, &d) > 0 ||
	       (t->s[i] == '+' && hide_is_digit(t, i + 1));
}
