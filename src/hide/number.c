/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hide/clause.h"
#include "hide/number.h"
#include "hide/rules.h"
#include "hide/text.h"
#include "hide/words.h"

bool
hide_ends_in_unit(const struct hide_text *t, size_t e)
{
	static const char *const units[] = {
	    "元", "块", "万", "吨", "平方", "车", "年", "%", NULL};

	return hide_match(t, e, units) > 0;
}

bool
hide_is_their_sentence(const struct hide_text *t, size_t i)
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

/* 打我老婆的手机139…: whose it is tells about the writer too. */
static void
take_kin_before(struct hide_text *t, size_t number)
{
	static const char *const links[] = {"电话", "手机", "手机号", "号码",
	    "微信", "的", ":", " ", "是", "号", NULL};
	size_t e = number, n;

	while ((n = hide_match_before(t, e, links)) > 0)
		e -= n;
	for (size_t b = e; b > 0 && hide_chars(t, b, e) < 6;) {
		b = hide_prev(t, b);
		n = hide_self_at(t, b);
		if (n == 0)
			continue;
		if (hide_at(t, b + n, "的"))
			n += strlen("的");
		if (b + n < e && hide_kin_chain(t, b + n) == e - b - n)
			hide_add(t, b, e);
		return;
	}
}

static void
take_number(struct hide_text *t, struct hide_known *k, const struct number *x)
{
	enum number_kind kind = hide_kind_of_number(t, x);
	enum hide_owner owner;

	if (kind == NUMBER_NONE || hide_ends_in_unit(t, x->e))
		return;
	owner = hide_owner_of(t, x->b, x->e);
	if (owner == OWNER_OTHER ||
	    (owner == OWNER_UNKNOWN &&
		(kind == NUMBER_HOTLINE ||
		    (kind == NUMBER_ACCOUNT &&
			hide_is_their_sentence(t, x->b)))))
		return;
	hide_learn(k, x->digits, x->n, true);
	hide_add(t, x->b - label_before(t, x->b), end_of_extension(t, x->e));
	take_name_before(t, k, x->b);
	take_kin_before(t, x->b);
	(void)take_name_behind(t, k, x->e);
}

void
hide_numbers(struct hide_text *t, struct hide_known *k)
{
	struct number x;
	size_t n, code;

	for (size_t i = 0; i < t->len;) {
		code = hide_take_firm_code(t, k, i);
		if (code > i) {
			i = code;
		} else if (hide_may_start_number(t, i) &&
			   hide_read_number(t, i, &x) && x.n >= 6) {
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
			i = hide_take_mail(t, k, i);
		} else if ((n = hide_match(t, i, hide_handles)) > 0) {
			if (!hide_spend(t, i))
				return;
			i = hide_take_handle(t, k, i, n);
		} else {
			size_t to = hide_take_own_plate(t, i);

			if (to == i && hide_is_han(t, i) &&
			    hide_is_alnum(t, i + 3))
				to = hide_take_plate(t, i);
			i = to > i ? to : hide_next(t, i);
		}
	}
}
