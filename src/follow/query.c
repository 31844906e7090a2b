/* SPDX-License-Identifier: ISC */
#include "follow/query.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/fold.h"
#include "base/str.h"

/* Most digits of a number's last part. */
#define MAX_DIGITS 9
/* A question is allowed so many characters of courtesy; without number and
 * code it must be all but silent, or it is a tip that begins with 查询. */
#define MAX_COURTESY 40
#define MAX_BARE 8

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_alnum(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z');
}

/* Blanks and dashes of any kind at s, at most two dashes' worth. */
static size_t
gap(const char *s)
{
	static const char *const marks[] = {" ", "-", "_", ".", "/", ",", "—",
	    "–", "‐", "‑", "−", "―", "ー", "一", "、", "·", "~"};
	size_t n = 0;

	for (int k = 0; k < 4; k++) {
		size_t i = 0, len = 0;

		for (; i < sizeof(marks) / sizeof(*marks) && len == 0; i++)
			if (str_starts(s + n, marks[i]))
				len = strlen(marks[i]);
		if (len == 0)
			break;
		n += len;
	}
	return n;
}

/* ---- the number ---------------------------------------------------------- */

/* Bytes of a number that begins at s; prefix is folded. */
static size_t
number_at(const char *s, const char *prefix, const char *title, char out[32])
{
	size_t n = strlen(prefix), k = 0, digits;
	char serial[MAX_DIGITS + 1];
	int64_t value;

	if (!str_starts(s, prefix))
		return 0;
	n += gap(s + n);
	if (strncmp(s + n, "20", 2) != 0 ||
	    strspn(s + n, "0123456789") < 4)
		return 0;
	k = n + 4;
	k += gap(s + k);
	digits = strspn(s + k, "0123456789");
	if (digits == 0 || digits > MAX_DIGITS || is_alnum(s[k + digits]))
		return 0;
	memcpy(serial, s + k, digits);
	serial[digits] = '\0';
	if (str_int64(serial, 1, 999999999, &value) < 0)
		return 0;
	(void)snprintf(out, 32, "%.8s-%.4s-%06lld", title, s + n,
	    (long long)value);
	return k + digits;
}

/* Takes every number out of the text, so that no code begins in one. */
static void
take_numbers(struct fold *f, const char *prefix, struct query_asked *q)
{
	char low[9] = "", number[32];

	for (size_t i = 0; i < sizeof(low) - 1 && prefix[i] != '\0'; i++)
		low[i] = prefix[i] >= 'A' && prefix[i] <= 'Z'
		    ? (char)(prefix[i] + 32)
		    : prefix[i];
	for (size_t i = 0; i < f->len; i++) {
		size_t n = f->s[i] == low[0] &&
			(i == 0 || !is_alnum(f->s[i - 1]))
		    ? number_at(f->s + i, low, prefix, number)
		    : 0;

		if (n == 0)
			continue;
		if (q->number[0] == '\0')
			memcpy(q->number, number, sizeof(number));
		memset(f->s + i, '\n', n);
	}
}

/* ---- the code ------------------------------------------------------------ */

/* '\0' = no character of a code.  c is folded. */
static char
normal(char c)
{
	static const char taken[] = "o0q0i1l1z2s5b8g6";

	if (c >= 'a' && c <= 'z') {
		for (size_t i = 0; taken[i] != '\0'; i += 2)
			if (taken[i] == c)
				return taken[i + 1];
		c = (char)(c - 32);
	}
	return c != '\0' && strchr(QUERY_ALPHABET, c) != NULL ? c : '\0';
}

/* Bytes of a code at s: with blanks and dashes between its groups, or (loose)
 * anywhere. */
static size_t
code_at(const char *s, bool loose, char out[QUERY_CODE_SIZE])
{
	size_t at = 0, n = 0;

	for (size_t i = 0; i < QUERY_CODE_CHARS; i++) {
		if (i > 0 && (loose || i % QUERY_GROUP == 0))
			at += gap(s + at);
		if (i > 0 && i % QUERY_GROUP == 0)
			out[n++] = '-';
		out[n] = normal(s[at]);
		if (out[n++] == '\0')
			return 0;
		at++;
	}
	out[n] = '\0';
	return is_alnum(s[at]) ? 0 : at;
}

static void
take_codes(struct fold *f, bool loose, struct query_asked *q)
{
	for (size_t i = 0; i < f->len && q->n_codes < MAX_QUERY_CODES; i++) {
		size_t n = is_alnum(f->s[i]) &&
			(i == 0 || !is_alnum(f->s[i - 1]))
		    ? code_at(f->s + i, loose, q->codes[q->n_codes])
		    : 0;

		if (n == 0)
			continue;
		memset(f->s + i, '\n', n);
		q->n_codes++;
	}
}

/* ---- the words ----------------------------------------------------------- */

/* Past 回复：, Re: and their like, marks and blanks. */
static const char *
skip_front(const char *s)
{
	static const char *const fronts[] = {"回复", "答复", "转发", "re:",
	    "fw:", "fwd:", ":", " ", "\n", "【", "[", "(", "\"", "“", "请",
	    "我要", "我想", "申请", "您好", "你好", "帮我", "麻烦", ",", "。",
	    "!", "、"};
	bool more = true;

	while (more) {
		more = false;
		for (size_t i = 0; i < sizeof(fronts) / sizeof(*fronts); i++)
			if (str_starts(s, fronts[i])) {
				s += strlen(fronts[i]);
				more = true;
			}
	}
	return s;
}

static bool
begins_with_query(const char *s)
{
	static const char *const words[] = {
	    "查询", "查一下", "查进度", "查件", "查结果", "query", "status"};

	s = skip_front(s);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_starts(s, words[i]))
			return true;
	return false;
}

/* Characters that say something besides courtesy. */
static size_t
count_rest(const char *s)
{
	static const char *const idle[] = {"查询码", "查询", "编号", "线索",
	    "您好", "你好", "谢谢", "进度", "进展", "结果", "情况", "一下",
	    "办理", "来信", "收悉", "回复", "答复", "举报", "请问", "请", "我",
	    "的", "是", "号", "码", "query", "code", "number", "status", "re",
	    "thanks", "hello"};
	size_t n = 0;

	while (*s != '\0') {
		size_t len = 0;

		for (size_t i = 0; i < sizeof(idle) / sizeof(*idle); i++)
			if (len == 0 && str_starts(s, idle[i]))
				len = strlen(idle[i]);
		if (len == 0) {
			n += is_alnum(*s) || (*s & 0xe0) == 0xe0;
			for (len = 1; (s[len] & 0xc0) == 0x80; len++)
				;
		}
		s += len;
	}
	return n;
}

static void
read_part(const char *prefix, struct fold *f, bool own,
    struct query_asked *q)
{
	q->asks |= own && begins_with_query(f->s);
	take_numbers(f, prefix, q);
	take_codes(f, false, q);
	if (q->n_codes == 0)
		take_codes(f, true, q);
}

/* Our own letters write the number in one way: a quote without it, under words
 * without one, has no code that matters. */
static int
read_quoted(const char *prefix, const char *quoted, struct query_asked *q)
{
	struct fold f;

	if ((q->number[0] != '\0' && q->n_codes > 0) ||
	    (q->number[0] == '\0' && strstr(quoted, prefix) == NULL))
		return 0;
	if (fold_init(&f, quoted) < 0)
		return -1;
	read_part(prefix, &f, false, q);
	fold_done(&f);
	return 0;
}

int
query_read(const char *prefix, const char *subject, const char *text,
    const char *quoted, struct query_asked *out)
{
	struct fold s, t;

	*out = (struct query_asked){.asks = false};
	if (fold_init(&t, text) < 0)
		return -1;
	if (fold_init(&s, subject) < 0) {
		fold_done(&t);
		return -1;
	}
	read_part(prefix, &t, true, out);
	read_part(prefix, &s, true, out);
	/* Most mail is a tip, and is not counted. */
	if (out->asks || (out->number[0] != '\0' && out->n_codes > 0)) {
		out->counted = true;
		out->rest = count_rest(t.s) + count_rest(s.s);
	}
	fold_done(&t);
	fold_done(&s);
	return read_quoted(prefix, quoted, out);
}

bool
query_is_question(const struct query_asked *q, bool answers_letter)
{
	bool named = q->number[0] != '\0' || q->n_codes > 0;

	if (q->asks && (named || answers_letter))
		return q->rest <= MAX_COURTESY;
	if (q->number[0] != '\0' && q->n_codes > 0)
		return q->counted && q->rest <= 2;
	return q->asks && q->rest <= MAX_BARE;
}

void
query_mask(const char *text, const char *code, const char *mark,
    struct buf *out)
{
	char found[QUERY_CODE_SIZE];
	size_t kept = 0, n;
	struct fold f;

	if (fold_init(&f, text) < 0) {
		out->bad = true;
		return;
	}
	for (size_t i = 0; i < f.len; i++) {
		if (i > 0 && is_alnum(f.s[i - 1]))
			continue;
		n = code_at(f.s + i, true, found);
		if (n == 0 || strcmp(found, code) != 0)
			continue;
		buf_add(out, text + kept, f.at[i] - kept);
		buf_adds(out, mark);
		kept = f.at[i + n];
		i += n - 1;
	}
	buf_adds(out, text + kept);
	fold_done(&f);
}
