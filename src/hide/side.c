/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hide/clause.h"
#include "hide/owner.h"
#include "hide/rules.h"
#include "hide/text.h"
#include "hide/words.h"

/*
 * Whose a number is when the words right in front of it do not say: what else
 * stands in the sentence.
 */

/* Anywhere in the clause in front: where such numbers stand. */
static const char *const shown[] = {"写着", "写的", "印着", "印的", "喷着",
    "喷的", "贴着", "贴的", "挂着", "标着", "标的", "留着", "刷着", "刷的",
    "印在", "写在", "贴在", "喷在", "刷在", "标在", "挂在", "登在", "刻在",
    "印刷", "老写", "总写", "常写", NULL};

/* 找老倪就行, but 店招都要找老邢做. */
static bool
is_asked_for(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const tails[] = {
	    "就", "即可", "便", "核实", "了解", "联系", "问", NULL};

	return hide_before(t, b, "找") &&
	       (hide_ends_clause(t, e) || hide_match(t, e, tails) > 0);
}

/* Somebody whom the letter also speaks of elsewhere, not of himself. */
static bool
is_spoken_of(const struct left *l)
{
	const struct hide_text *t = l->t;
	size_t n = l->name_end - l->name;
	const char *at = t->s;

	while (l->named && (at = memmem(at, t->len - (size_t)(at - t->s),
				t->s + l->name, n)) != NULL) {
		size_t b = (size_t)(at - t->s);

		if (b != l->name && hide_self_at(t, hide_prev(t, b)) == 0 &&
		    !hide_before(t, b, "是") && !is_asked_for(t, b, b + n) &&
		    !hide_before(t, b, "叫") && !hide_covered(t, b))
			return true;
		at += n;
	}
	return false;
}

static size_t
clause_start(const struct hide_text *t, size_t floor, size_t i)
{
	while (i > floor && !hide_ends_clause(t, hide_prev(t, i)))
		i = hide_prev(t, i);
	return i;
}

/* 愿意作证 behind a blank */
static bool
is_offered(const struct hide_text *t, size_t at)
{
	static const char *const offers[] = {
	    "愿意", "可以", "我能", "敢", "愿", "可", "能", "可以出面", NULL};
	size_t n = hide_match_before(t, at, offers);

	return n > 0 && (at == n || !hide_is_han(t, hide_prev(t, at - n)));
}

/* 开挖机的小练可以作证，号码…, 老靳亲眼所见，老靳电话…: somebody who saw it. */
static bool
is_witness(const struct left *l, size_t number)
{
	static const char *const words[] = {"证人", "目击者", "知情人", "作证",
	    "知道情况", "了解情况", "有行车记录仪", "有录像", "有监控",
	    "全看见了", "亲眼所见", "可以证明", "也看见", "都看见", "也看到",
	    "能证明", NULL};
	static const char *const people[] = {
	    "证人", "目击者", "知情人", NULL};
	static const char *const offers[] = {
	    "愿", "可以", "能", "敢", "我", NULL};
	size_t at = hide_find_any(l->t, l->floor, number, words);
	size_t b = clause_start(l->t, l->floor, at);

	/* 愿意作证 alone is the writer's. */
	if (at == number || hide_match(l->t, b, offers) > 0 ||
	    is_offered(l->t, at) ||
	    (hide_chars(l->t, b, at) < 2 && hide_match(l->t, at, people) == 0))
		return false;
	for (; at < number; at = hide_next(l->t, at))
		if (hide_self_at(l->t, at) > 0)
			return false;
	for (at = l->floor; at < number; at = hide_next(l->t, at))
		if (hide_self_at(l->t, at) > 0)
			return false;
	return true;
}

/* 他们门口的电话是… */
static bool
is_their_own(const struct left *l, size_t number)
{
	static const char *const theirs[] = {
	    "他们", "她们", "他家", "她家", "对方", NULL};
	size_t b = clause_start(l->t, l->floor, number), at;

	at = hide_find_any(l->t, b, number, theirs);
	for (size_t i = b; i < number; i = hide_next(l->t, i))
		if (hide_self_at(l->t, i) > 0)
			return false;
	return at < number;
}

/* 袋子上印着连海装饰 0518…: between the two anything may stand. */
static bool
is_shown(const struct left *l, size_t number)
{
	size_t b = number;

	while (b > l->floor && (!hide_ends_clause(l->t, hide_prev(l->t, b)) ||
				   hide_is_digit(l->t, b)))
		b = hide_prev(l->t, b);
	for (size_t i = b; i < number; i = hide_next(l->t, i))
		if (hide_match(l->t, i, shown) > 0)
			return hide_match_before(l->t, i, hide_selves) == 0;
	return false;
}

/* 头目贾老板住在如家旅馆，电话…: the clause in front says how somebody lives
 * or what he is called, and begins with a word for another. */
static bool
is_of_subject(const struct left *l, size_t number)
{
	static const char *const says[] = {"叫", "姓", "外号", "绰号", "人称",
	    "真名", "本名", "男", "女", "开", "住", "在", "是", "名下", "号",
	    "电话", "手机", "微信", NULL};
	const struct hide_text *t = l->t;
	size_t own = clause_start(t, l->floor, number), e = own, b, n;

	while (e > l->floor && (t->s[e - 1] == ' ' || t->s[e - 1] == ','))
		e--;
	b = clause_start(t, l->floor, e);
	n = hide_match(t, b, hide_others);
	if (n == 0 || b >= e || (n <= strlen("他") && !hide_at(t, b, "他") &&
				   !hide_at(t, b, "她")) ||
	    hide_tells_event(t, b, e) ||
	    hide_find_any(t, b + n, e, says) == e)
		return false;
	for (size_t i = l->floor; i < number; i = hide_next(t, i))
		if (hide_is_writer_at(t, i))
			return false;
	return true;
}

/* 发照片的微信是…, 打来的号码…: the doer's. */
static bool
is_of_doer(const struct left *l, size_t number)
{
	static const char *const own[] = {"用的", "新办的", "新换的", "备用的",
	    "家里的", "单位的", "自己的", "本人的", "店里的", "能接的",
	    "可以接的", "打得通的", "接收的", "收信的", "收短信的", "短信的",
	    "接电话的", "以前留的", "登记的", "查到的", "联系的", NULL};
	const struct hide_text *t = l->t;
	size_t b = clause_start(t, l->floor, number), of;

	b = hide_skip_blank(t, b, number);
	of = hide_find_any(t, b, number, (const char *const[]){"的", NULL});
	if (of == number || hide_chars(t, b, of) < 2 ||
	    hide_match_before(t, of + strlen("的"), own) > 0 ||
	    (!hide_starts_event(t, b) && !hide_tells_event(t, b, of)) ||
	    l->e > of + strlen("的"))
		return false;
	for (size_t i = b; i < number; i = hide_next(t, i))
		if (hide_self_at(t, i) > 0 && !hide_at(t, i, "我的"))
			return false;
	return true;
}

/* 老邢电话139…，我的电话138…: whoever it is, it is not the writer's. */
static bool
is_contrasted(const struct left *l, size_t number)
{
	static const char *const mine[] = {"我的电话", "我的手机", "我的号",
	    "我的是", "我电话", "我手机", "我的微信", "我的", NULL};
	const struct hide_text *t = l->t;
	size_t e = number, b, n;

	if (!l->named && clause_start(t, l->floor, l->e) == l->e)
		return false;
	for (size_t i = clause_start(t, l->floor, number); i < number;
	     i = hide_next(t, i))
		if (hide_is_writer_at(t, i))
			return false;
	while (hide_is_alnum(t, e) || t->s[e] == '-' || t->s[e] == '_')
		e++;
	b = e;
	while (t->s[b] == ',' || t->s[b] == ' ' || t->s[b] == ';' ||
	       hide_at(t, b, "。"))
		b = hide_next(t, b);
	n = hide_match(t, b, mine);
	return b > e && n > 0 &&
	       hide_has_digit(t, b + n, hide_clause_end(t, b + n));
}

/* English puts more words in between: the nearest person in the sentence. */
static enum hide_owner
owner_english(const struct hide_text *t, size_t floor, size_t number)
{
	static const char *const mine[] = {"call me", "contact me", "reach me",
	    "text me", "my phone", "my number", "my cell", "my mobile", "my ",
	    "phone me", "ring me", "mine ", "contact mr", "contact ms",
	    "contact mrs", "contact dr", "contact miss", "contact:", "ask for ",
	    NULL};
	static const char *const theirs[] = {"boss", "owner", "driver",
	    "manager", "foreman", "the man ", "the woman ", "his ", "her ",
	    "their ", "company", "leader", "he ", "she ", "they ",
	    "ask the ", "witness", "landlord", "mr.", "mr ",
	    NULL};
	static const char *const ones[] = {
	    "'s number", "'s phone", "'s mobile", "’s number", "’s phone",
	    NULL};
	static const char *const selves[] = {
	    "i'm ", "i’m ", "i am ", "this is ", NULL};
	static const char *const titles[] = {
	    "mr", "mrs", "ms", "dr", "no", NULL};
	enum hide_owner owner = OWNER_UNKNOWN;

	for (size_t i = floor; i < number; i++) {
		/* Her van …. Phone …: another sentence is nobody's. */
		if (t->s[i] == '.' && t->s[i + 1] == ' ' &&
		    hide_match_before(t, i, titles) == 0)
			owner = OWNER_UNKNOWN;
		/* the thug's number */
		if (owner == OWNER_UNKNOWN && hide_match(t, i, ones) > 0)
			owner = OWNER_OTHER;
		if (i > 0 && hide_is_alnum(t, i - 1))
			continue;
		/* I'm her mother */
		if (hide_match(t, i, selves) > 0) {
			owner = OWNER_SELF;
			while (i < number && t->s[i] != ',' && t->s[i] != '.' &&
			       t->s[i] != ';')
				i++;
			continue;
		}
		if (hide_match(t, i, mine) > 0) {
			owner = OWNER_SELF;
			i += hide_match(t, i, mine);
		} else if (hide_match(t, i, theirs) > 0) {
			owner = OWNER_OTHER;
		}
	}
	return owner;
}

enum hide_owner
hide_owner_by_side(const struct left *l, size_t number)
{
	if (is_spoken_of(l) || is_shown(l, number) || is_witness(l, number) ||
	    is_their_own(l, number) || is_of_subject(l, number) ||
	    is_contrasted(l, number) || is_of_doer(l, number))
		return OWNER_OTHER;
	return owner_english(l->t, l->floor, number);
}
