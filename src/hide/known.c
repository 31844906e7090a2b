/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "hide/rules.h"
#include "hide/text.h"
#include "hide/words.h"

/* Digits that are a secret on their own; fewer are house numbers. */
#define LEAST_DIGITS 5

void
hide_known_done(struct hide_known *k)
{
	for (size_t i = 0; i < k->n; i++)
		free(k->list[i].text);
	k->n = 0;
}

void
hide_known_settle(struct hide_known *k)
{
	for (size_t i = 0; i < k->n; i++)
		k->list[i].sure = true;
}

void
hide_forget(struct hide_known *k, size_t i)
{
	free(k->list[i].text);
	k->n--;
	for (; i < k->n; i++)
		k->list[i] = k->list[i + 1];
}

void
hide_learn(struct hide_known *k, const char *text, size_t len, bool digits)
{
	char *copy;

	for (size_t i = 0; i < k->n; i++)
		if (strlen(k->list[i].text) == len &&
		    memcmp(k->list[i].text, text, len) == 0)
			return;
	if (len == 0 || k->n == HIDE_KNOWN)
		return;
	copy = strndup(text, len);
	if (copy == NULL) {
		k->bad = true;
		return;
	}
	k->list[k->n++] = (struct hide_secret){
	    .text = copy, .digits = digits, .number = k->learnt++};
}

void
hide_learn_name(
    struct hide_known *k, const struct hide_text *t, size_t b, size_t e)
{
	size_t known = k->n;

	if (!hide_is_name(t, b, e))
		return;
	hide_learn(k, t->s + b, e - b, false);
	if (k->n > known)
		k->list[known].name = true;
}

/* 建国路, 阳光小区: a place that happens to be called like somebody. */
static bool
is_place(const struct hide_text *t, size_t e)
{
	static const char *const ends[] = {"路", "街", "小区", "大道", "大厦",
	    "广场", "花园", "村", "镇", "桥", "河", "公园", "超市", "中学",
	    "小学", "医院", "公司", NULL};

	return hide_match(t, e, ends) > 0;
}

static bool
stands_alone(const struct hide_text *t, size_t b, size_t e)
{
	bool letter = hide_is_alnum(t, b);

	return !letter ||
	       ((b == 0 || !hide_is_alnum(t, b - 1)) && !hide_is_alnum(t, e));
}

/* Places of a longer name that are looked at, and places of the shorter one
 * for which it is asked: no letter has more. */
#define MOST_LOOKS 16

/* 曾凡林, where 曾凡 is known: somebody else, if the three stand anywhere as a
 * name. */
static bool
is_longer_name(const struct hide_text *t, size_t b)
{
	const char *at = t->s;
	int looks = 0;

	if (b + 9 > t->len || !hide_is_name(t, b, b + 9))
		return false;
	while (looks++ < MOST_LOOKS &&
	       (at = memmem(at, t->len - (size_t)(at - t->s), t->s + b, 9)) !=
		   NULL) {
		if (hide_name_at(t, (size_t)(at - t->s), t->len) == 9)
			return true;
		at += 9;
	}
	return false;
}

static void
hide_text_everywhere(struct hide_text *t, const char *word)
{
	size_t n = strlen(word);
	const char *at = t->s;
	int asked = 0;

	while ((at = strstr(at, word)) != NULL) {
		size_t b = (size_t)(at - t->s);

		if (stands_alone(t, b, b + n) &&
		    !(n == 6 && asked++ < MOST_LOOKS &&
			is_longer_name(t, b)) &&
		    !(hide_is_han(t, b) && hide_chars(t, b, b + n) == 2 &&
			is_place(t, b + n)))
			hide_add(t, b, b + n);
		at += n;
	}
}

/* ---- parts of a name ------------------------------------------------------
 */

static const char *const address_leads[] = {"叫", "喊", "是", "找", "和", "跟",
    "我", "给", "对", "骂", "问", "让", "告诉", "联系", "说", "连", "把", "打",
    NULL};

/* Whether somebody is addressed or spoken of in [b, e): no other word goes
 * through its ends. */
static bool
is_bounded(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const follows[] = {"他", "她", "也", "说", "被",
	    "就", "在", "的", "啊", "家", "你", "不", "敢", "再", "别", "收",
	    "是", "吧", "呀", "哪", "去", "来", "要", "会", "和", "都", "一",
	    "告", "本人", NULL};

	return (b == 0 || !hide_is_han(t, hide_prev(t, b)) ||
		   hide_match_before(t, b, address_leads) > 0) &&
	       (!hide_is_han(t, e) || hide_match(t, e, follows) > 0);
}

/* Somebody else of the letter is called so too. */
static bool
has_namesake(
    const struct hide_text *t, const struct hide_known *k, const char *surname)
{
	const char *at = t->s;
	int looks = 0;

	for (; looks < MOST_LOOKS && (at = strstr(at, surname)) != NULL;
	     looks++) {
		size_t b = (size_t)(at - t->s), n = hide_name_at(t, b, t->len);
		bool known = n == 0;

		for (size_t i = 0; !known && i < k->n; i++)
			known = k->list[i].name &&
				strlen(k->list[i].text) == n &&
				memcmp(k->list[i].text, at, n) == 0;
		if (!known)
			return true;
		at += strlen(surname);
	}
	return looks == MOST_LOOKS;
}

/* 小红 of 王小红. */
static void
hide_given(struct hide_text *t, const char *given)
{
	const char *at = t->s;

	for (int n = 0; n < MOST_LOOKS && (at = strstr(at, given)) != NULL;
	     n++) {
		size_t b = (size_t)(at - t->s), e = b + strlen(given);

		if (is_bounded(t, b, e) && !is_place(t, e))
			hide_add(t, b, e);
		at += strlen(given);
	}
}

/* 老王, 小王, 王师傅 of 王小红. */
static void
hide_by_surname(
    struct hide_text *t, const struct hide_known *k, const char *surname)
{
	static const char *const heads[] = {"老", "小", "阿", "大", NULL};
	static const char *const titles[] = {"先生", "女士", "小姐", "师傅",
	    "老师", "阿姨", "大爷", "大妈", "大姐", "大哥", "大叔", "大娘",
	    "大嫂", "叔", "哥", "姐", "婶", "嫂", "同志", NULL};
	const char *at = t->s;
	bool asked = false;

	for (int n = 0; n < MOST_LOOKS && (at = strstr(at, surname)) != NULL;
	     n++) {
		size_t b = (size_t)(at - t->s), e = b + strlen(surname);
		size_t title = hide_match(t, e, titles);

		at += strlen(surname);
		b -= hide_match_before(t, b, heads);
		e += title;
		if (e - b <= strlen(surname) || !is_bounded(t, b, e))
			continue;
		if (!asked && has_namesake(t, k, surname))
			return;
		asked = true;
		hide_add(t, b, e);
	}
}

static void
hide_parts(struct hide_text *t, const struct hide_known *k, const char *name)
{
	size_t n = strlen(name), first = n == 12 ? 6 : 3;
	char surname[7];

	if (strstr(name, "某") != NULL || n > 12)
		return;
	memcpy(surname, name, first);
	surname[first] = '\0';
	if (n - first == 6)
		hide_given(t, name + first);
	hide_by_surname(t, k, surname);
}

/* The digits of a number with whatever people put between them. */
static size_t
digits_at(const struct hide_text *t, size_t i, const char *digits)
{
	while (*digits != '\0' && i < t->len) {
		if (t->s[i] == *digits) {
			digits++;
			i++;
		} else if (strchr(" -.()", t->s[i]) != NULL) {
			i++;
		} else {
			return 0;
		}
	}
	return *digits == '\0' && !hide_is_digit(t, i) ? i : 0;
}

static void
hide_digits_everywhere(struct hide_text *t, const char *digits)
{
	const char *at = t->s;

	while ((at = strchr(at, *digits)) != NULL) {
		size_t b = (size_t)(at - t->s), e;

		at++;
		if (b > 0 && hide_is_digit(t, b - 1))
			continue;
		e = digits_at(t, b, digits);
		hide_add(t, b, e); /* nothing when e is 0 */
	}
}

void
hide_all_known(struct hide_text *t, struct hide_known *k)
{
	for (size_t i = 0; i < k->n; i++) {
		if (k->list[i].number < t->looked_for)
			continue;
		t->by = RULE_PART;
		if (k->list[i].name)
			hide_parts(t, k, k->list[i].text);
		t->by = k->list[i].sure ? RULE_SURE : RULE_KNOWN;
		if (!k->list[i].digits)
			hide_text_everywhere(t, k->list[i].text);
		else if (strlen(k->list[i].text) >= LEAST_DIGITS)
			hide_digits_everywhere(t, k->list[i].text);
	}
	t->looked_for = k->learnt;
}
