/* SPDX-License-Identifier: ISC */
#include "route/literals.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/str.h"

/* Groups inside each other; people write three. */
#define MAX_GROUPS 20

struct reader {
	const char *at, *end;
	bool lost; /* met something that it does not read */
	unsigned depth;
	struct literals *second;
};

static void read_choice(struct reader *r, struct literals *out);

/* ---- sets --------------------------------------------------------------- */

static size_t
shortest(const struct literals *s)
{
	size_t min = s->n > 0 ? SIZE_MAX : 0;

	for (size_t i = 0; i < s->n; i++)
		if (strlen(s->list[i]) < min)
			min = strlen(s->list[i]);
	return min;
}

/* Longer literals are rarer; of equal ones the fewer the better. */
static bool
is_better(const struct literals *a, const struct literals *b)
{
	if (shortest(a) != shortest(b))
		return shortest(a) > shortest(b);
	return a->n < b->n;
}

/* Outside of all groups the next best is kept, too: what stands in one
 * alternative of a group need not stand in the text. */
static void
keep_better(
    struct reader *r, struct literals *best, const struct literals *s)
{
	if (s->n == 0)
		return;
	if (!is_better(s, best)) {
		if (r->depth == 0 &&
		    (r->second->n == 0 || is_better(s, r->second)))
			*r->second = *s;
		return;
	}
	if (r->depth == 0 && best->n > 0)
		*r->second = *best;
	*best = *s;
}

/* One of either: both must have literals. */
static void
unite(struct literals *all, const struct literals *s)
{
	if (s->n == 0 || s->n > MAX_LITERALS - all->n) {
		all->n = 0;
		return;
	}
	memcpy(all->list + all->n, s->list, s->n * sizeof(s->list[0]));
	all->n += s->n;
}

/* ---- a run of characters ------------------------------------------------ */

struct run {
	char text[MAX_LITERAL_BYTES + 1];
	size_t len;
	bool full;   /* what follows was not taken: only the front counts */
};

static void
run_add(struct run *run, const char *s, size_t n)
{
	if (run->full || run->len + n > MAX_LITERAL_BYTES) {
		run->full = true;
		return;
	}
	memcpy(run->text + run->len, s, n);
	run->len += n;
}

static void
run_end(struct reader *r, struct run *run, struct literals *best)
{
	struct literals one = {.n = 1};

	if (run->len > 0) {
		memcpy(one.list[0], run->text, run->len);
		one.list[0][run->len] = '\0';
		keep_better(r, best, &one);
	}
	memset(run, 0, sizeof(*run));
}

/* ---- the pattern -------------------------------------------------------- */

enum repeat { ONCE, MAYBE, SOME };

/* What stands behind an atom. */
static enum repeat
read_repeat(struct reader *r)
{
	enum repeat found = ONCE;
	char c = r->at < r->end ? *r->at : '\0';

	if (c == '?' || c == '*' || c == '+') {
		found = c == '+' ? SOME : MAYBE;
		r->at++;
	} else if (c == '{' && r->end - r->at > 1 && r->at[1] >= '0' &&
	    r->at[1] <= '9') {
		found = r->at[1] == '0' ? MAYBE : SOME;
		while (r->at < r->end && *r->at != '}')
			r->at++;
		r->at += r->at < r->end;
	} else if (c == '{') {
		found = MAYBE; /* {,n} in newer versions */
		r->lost = true;
	}
	if (found != ONCE && r->at < r->end && (*r->at == '?' || *r->at == '+'))
		r->at++; /* lazy, possessive */
	return found;
}

/* Past a class; "[]…]" and "[^]…]" begin with a bracket of their own. */
static void
skip_class(struct reader *r)
{
	r->at++;
	r->at += r->at < r->end && *r->at == '^';
	r->at += r->at < r->end && *r->at == ']';
	while (r->at < r->end && *r->at != ']') {
		if (*r->at == '[' && r->at + 1 < r->end &&
		    strchr(":.=", r->at[1]) != NULL)
			r->lost = true;
		r->at += *r->at == '\\' ? 2 : 1;
	}
	if (r->at >= r->end)
		r->lost = true;
	r->at += r->at < r->end;
}

/* Behind "(?": true when the group takes part like any other. */
static bool
read_group_kind(struct reader *r)
{
	static const char *const zero_width[] = {"=", "!", "<=", "<!"};

	if (*r->at == ':') {
		r->at++;
		return true;
	}
	for (size_t i = 0; i < 4; i++)
		if (str_starts(r->at, zero_width[i])) {
			r->at += strlen(zero_width[i]);
			return false;
		}
	r->lost = true;
	return false;
}

static void
read_group(struct reader *r, struct literals *out)
{
	bool counts = true;

	out->n = 0;
	r->at++;
	if (r->at < r->end && *r->at == '*')
		r->lost = true; /* a verb */
	if (r->at < r->end && *r->at == '?') {
		r->at++;
		counts = r->at < r->end && read_group_kind(r);
	}
	if (r->lost || ++r->depth > MAX_GROUPS) {
		r->lost = true;
		return;
	}
	read_choice(r, out);
	r->depth--;
	if (r->at >= r->end || *r->at != ')')
		r->lost = true;
	r->at += r->at < r->end;
	if (!counts)
		out->n = 0;
}

/* An escape: a sign standing for itself, or nothing that is literal. */
static bool
read_escape(struct reader *r, const char **s_out)
{
	char c = r->at + 1 < r->end ? r->at[1] : '\0';

	if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	    (c >= 'a' && c <= 'z')) {
		/* Classes and places; the rest takes arguments or refers. */
		if (strchr("dDsSwWbBhHvVRNAzZ", c) == NULL)
			r->lost = true;
		r->at += 2;
		return false;
	}
	if (c == '\0' || (unsigned char)c >= 0x80) {
		r->lost = true;
		return false;
	}
	*s_out = r->at + 1;
	r->at += 2;
	return true;
}

/* Characters that have no other case, or an ASCII letter, folded. */
static size_t
fold(const char *s, const char *end, char out[4])
{
	uint32_t cp;
	size_t n = utf8_next(s, end, &cp);

	if (cp >= 0x80 && cp < 0x2e80)
		return 0;
	memcpy(out, s, n);
	if (n == 1 && *s >= 'A' && *s <= 'Z')
		out[0] = (char)(*s + ('a' - 'A'));
	return n;
}

static void
add_char(struct reader *r, const char *s, struct run *run,
    struct literals *best)
{
	char folded[4];
	size_t n = fold(s, r->end, folded);
	enum repeat repeat = read_repeat(r);

	if (n == 0 || repeat == MAYBE) {
		run_end(r, run, best);
		return;
	}
	run_add(run, folded, n);
	if (repeat == SOME)
		run_end(r, run, best);
}

static void
read_plain(struct reader *r, struct run *run, struct literals *best)
{
	const char *s = r->at;
	uint32_t cp;

	r->at += utf8_next(r->at, r->end, &cp);
	add_char(r, s, run, best);
}

/* One atom with its quantifier. */
static void
read_atom(struct reader *r, struct run *run, struct literals *best)
{
	struct literals inner;
	const char *s;

	switch (*r->at) {
	case '(':
		run_end(r, run, best);
		read_group(r, &inner);
		if (!r->lost && read_repeat(r) != MAYBE)
			keep_better(r, best, &inner);
		return;
	case '[':
		run_end(r, run, best);
		skip_class(r);
		(void)read_repeat(r);
		return;
	case '.':
	case '^':
	case '$':
		run_end(r, run, best);
		r->at++;
		(void)read_repeat(r);
		return;
	case '\\':
		if (read_escape(r, &s)) {
			add_char(r, s, run, best);
			return;
		}
		run_end(r, run, best);
		(void)read_repeat(r);
		return;
	case '?':
	case '*':
	case '+':
	case '{':
		r->lost = true;
		return;
	default:
		read_plain(r, run, best);
	}
}

static void
read_sequence(struct reader *r, struct literals *best)
{
	struct run run = {.len = 0};

	best->n = 0;
	while (!r->lost && r->at < r->end && *r->at != '|' && *r->at != ')')
		read_atom(r, &run, best);
	run_end(r, &run, best);
}

static void
read_choice(struct reader *r, struct literals *out)
{
	struct literals one;
	bool none = false;

	read_sequence(r, out);
	none = out->n == 0;
	while (!r->lost && r->at < r->end && *r->at == '|') {
		r->at++;
		read_sequence(r, &one);
		if (!none)
			unite(out, &one);
		none |= out->n == 0;
	}
	if (none)
		out->n = 0;
}

static void
read_branch(struct reader *r, struct literals_branch *out)
{
	out->first.n = out->second.n = 0;
	r->second = &out->second;
	read_sequence(r, &out->first);
}

size_t
literals_of(const char *pattern, struct literals_branch out[MAX_BRANCHES])
{
	struct reader r = {.at = pattern, .end = pattern + strlen(pattern)};
	struct literals_branch one;
	size_t n = 1;

	read_branch(&r, &out[0]);
	while (out[n - 1].first.n > 0 && r.at < r.end && *r.at == '|') {
		r.at++;
		if (n < MAX_BRANCHES) {
			read_branch(&r, &out[n++]);
			continue;
		}
		read_branch(&r, &one);
		unite(&out[n - 1].first, &one.first);
		out[n - 1].second.n = 0;
	}
	return r.lost || r.at != r.end || out[n - 1].first.n == 0 ? 0 : n;
}

/* ---- lines -------------------------------------------------------------- */

/* Classes behind a backslash that hold no LF, and places. */
static bool
stays_in_line(char escaped)
{
	bool word = (escaped >= '0' && escaped <= '9') ||
		    (escaped >= 'A' && escaped <= 'Z') ||
		    (escaped >= 'a' && escaped <= 'z');

	return !word ||
	       (escaped != '\0' && strchr("dwhSHNbBAzZ", escaped) != NULL);
}

/* "[^…]" must name LF among what it leaves out; "[…]" must not hold it. */
static bool
class_in_line(const char **s)
{
	const char *at = *s + 1;
	bool all_but = *at == '^', names_lf = false, in_line = true;

	at += all_but;
	at += *at == ']';
	for (; *at != '\0' && *at != ']'; at++) {
		if ((unsigned char)*at < ' ')
			in_line = false;
		if (*at != '\\')
			continue;
		at++;
		names_lf = names_lf || *at == 'n';
		if (!all_but && !stays_in_line(*at))
			in_line = false;
		if (*at == '\0')
			break;
	}
	*s = at;
	return *at == ']' && in_line && (!all_but || names_lf);
}

bool
literals_in_line(const char *pattern)
{
	for (const char *s = pattern; *s != '\0'; s++) {
		if ((unsigned char)*s < ' ')
			return false;
		if (*s == '[' && !class_in_line(&s))
			return false;
		if (*s == '\\' && !stays_in_line(*++s))
			return false;
		if (*s == '\0')
			return false;
	}
	return true;
}

bool
literals_see_end(const char *pattern)
{
	return strchr(pattern, '$') != NULL || strstr(pattern, "\\z") != NULL ||
	       strstr(pattern, "\\Z") != NULL;
}
