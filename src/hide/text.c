/* SPDX-License-Identifier: ISC */
#include "hide/text.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "hide/index.h"

int
hide_text_init(struct hide_text *t, const char *original)
{
	memset(t, 0, sizeof(*t));
	t->budget = HIDE_ANCHORS;
	t->original = original;
	if (fold_init(&t->fold, original) < 0) {
		t->bad = true;
		return -1;
	}
	t->s = t->fold.s;
	t->at = t->fold.at;
	t->len = t->fold.len;
	return 0;
}

void
hide_text_done(struct hide_text *t)
{
	fold_done(&t->fold);
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
	t->spans[t->n_spans++] = (struct hide_span){from, to, t->by};
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

/* The word's length if it stands at s, else 0.  Words mostly differ within
 * their first character: no call is worth its price here. */
static inline size_t
standing(const char *s, size_t left, const char *word)
{
	size_t n = 0;

	while (word[n] != '\0') {
		if (n == left || s[n] != word[n])
			return 0;
		n++;
	}
	return n;
}

bool
hide_at(const struct hide_text *t, size_t i, const char *word)
{
	return i < t->len && standing(t->s + i, t->len - i, word) > 0;
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
	return i < t->len ? hide_longest(list, t->s + i, t->len - i) : 0;
}

size_t
hide_match_before(const struct hide_text *t, size_t i, const char *const *list)
{
	return hide_longest_before(list, t->s, i);
}

size_t
hide_find_any(
    const struct hide_text *t, size_t b, size_t e, const char *const *list)
{
	return hide_first(list, t->s, b, e);
}

static bool
is_tail(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

/* The folded text has whole characters alone: their heads say how long they
 * are. */
size_t
hide_next(const struct hide_text *t, size_t i)
{
	unsigned char c = (unsigned char)t->s[i];

	if (i >= t->len)
		return i;
	if (c < 0x80)
		return i + 1;
	if ((c & 0xF0) == 0xE0 && i + 3 <= t->len)
		return i + 3;
	do
		i++;
	while (i < t->len && is_tail(t->s[i]));
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
	static const uint64_t ones = UINT64_C(0x0101010101010101);
	size_t n = b < e ? e - b : 0;
	uint64_t eight;

	/* Bytes less those that go on with a character: of eight at once those
	 * with 10 on top. */
	for (; b + 8 <= e; b += 8) {
		memcpy(&eight, t->s + b, 8);
		eight = eight >> 7 & ~(eight >> 6) & ones;
		n -= (size_t)(eight * ones >> 56);
	}
	for (; b < e; b++)
		n -= is_tail(t->s[b]);
	return n;
}

bool
hide_is_han(const struct hide_text *t, size_t i)
{
	const unsigned char *p = (const unsigned char *)t->s + i;
	uint32_t cp;

	if (i >= t->len || p[0] < 0xe3)
		return false;
	/* U+4E00 … U+9FFF */
	if ((p[0] == 0xe4 && p[1] >= 0xb8) || (p[0] > 0xe4 && p[0] <= 0xe9))
		return true;
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

size_t
hide_capital_words(const struct hide_text *t, size_t b, size_t e, bool plain)
{
	size_t words = 0;

	for (size_t i = b; i < e; i++) {
		char c = t->original[t->at[i]];
		bool capital = c >= 'A' && c <= 'Z';
		bool first = i == b || t->s[i - 1] == ' ';

		if (t->s[i] == ' ' || t->s[i] == '.')
			continue;
		if (t->s[i] < 'a' || t->s[i] > 'z' || (first && !capital) ||
		    (plain && capital && !first))
			return 0;
		words += first;
	}
	return words;
}

bool
hide_is_english_name(const struct hide_text *t, size_t b, size_t e)
{
	size_t words = hide_capital_words(t, b, e, true);

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
	const char *end = memrchr(t->s, '\n', i);

	return end == NULL ? 0 : (size_t)(end - t->s) + 1;
}

size_t
hide_line_end(const struct hide_text *t, size_t i)
{
	const char *end = memchr(t->s + i, '\n', t->len - i);

	return end == NULL ? t->len : (size_t)(end - t->s);
}

/* Han, letters and digits are no marks: nearly everything is such. */
static inline bool
is_plain(const struct hide_text *t, size_t i)
{
	unsigned char c = i < t->len ? (unsigned char)t->s[i] : 0;

	return (c >= 0xe4 && c <= 0xe9) || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9');
}

bool
hide_ends_sentence(const struct hide_text *t, size_t i)
{
	static const char *const marks[] = {
	    "。", "!", "?", "…", "\n", "｡", NULL};

	if (is_plain(t, i))
		return false;
	return i >= t->len || hide_match(t, i, marks) > 0;
}

/* 二（3）班, 初三（一）班, （2）号楼: the bracket at i ends nothing. */
static bool
is_in_class(const struct hide_text *t, size_t i)
{
	static const char *const units[] = {"班", "号楼", "单元", "栋", "幢",
	    "组", "队", "期", "小队", "连", "中队", NULL};
	static const char *const digits[] = {"一", "二", "三", "四", "五", "六",
	    "七", "八", "九", "十", NULL};
	size_t at = i, n;

	if (t->s[i] == ')')
		return hide_match(t, i + 1, units) > 0 && i > 0 &&
		       (hide_is_digit(t, i - 1) ||
			   hide_match_before(t, i, digits) > 0);
	at++;
	while ((n = hide_is_digit(t, at) ? 1 : hide_match(t, at, digits)) > 0)
		at += n;
	return at > i + 1 && t->s[at] == ')' &&
	       hide_match(t, at + 1, units) > 0;
}

bool
hide_ends_clause(const struct hide_text *t, size_t i)
{
	static const char *const marks[] = {
	    ",", ";", ":", "、", "(", ")", "—", "|", "~", "【", "】", NULL};

	if (is_plain(t, i) ||
	    ((t->s[i] == '(' || t->s[i] == ')') && is_in_class(t, i)))
		return false;
	if (hide_ends_sentence(t, i) || hide_match(t, i, marks) > 0)
		return true;
	/* A full stop of the other keyboard, but no decimal point. */
	return t->s[i] == '.' &&
	       !(i > 0 && hide_is_alnum(t, i - 1) && hide_is_alnum(t, i + 1));
}

/* Characters that are looked back for it. */
#define MOST_BEFORE 60

size_t
hide_sentence_start(const struct hide_text *t, size_t i)
{
	size_t b = i;

	while (b > 0 && !hide_ends_sentence(t, hide_prev(t, b)) &&
	       hide_chars(t, b, i) < MOST_BEFORE)
		b = hide_prev(t, b);
	return b;
}

/* A clause that has lost its punctuation ends here, so that no rule walks a
 * text without any from each of its places. */
#define MOST_CLAUSE 600

size_t
hide_clause_end(const struct hide_text *t, size_t i)
{
	size_t start = i;

	while (!hide_ends_clause(t, i) && i - start < MOST_CLAUSE) {
		if (t->s[i] == ' ' && hide_chars(t, start, i) >= 2 &&
		    !(hide_is_alnum(t, i - 1) && hide_is_alnum(t, i + 1)))
			return i;
		i = hide_next(t, i);
	}
	return i;
}
