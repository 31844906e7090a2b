/* SPDX-License-Identifier: ISC */
#include "route/rules.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/limits.h"
#include "conf/conf.h"
#include "route/literals.h"
#include "route/normalise.h"
#include "route/pattern.h"
#include "route/wording.h"

/* A word standing in a slot of a term. */
struct claim {
	uint32_t term;
	uint32_t at;
	uint32_t len;
	uint32_t slot;
	uint32_t nth;		    /* first character */
	uint32_t chars;		    /* how many */
	const struct claim *before; /* of the same slot, where it matters */
};

/* A pattern that stays in one line can only match where both slots of one of
 * its branches are filled in one. */
struct announced {
	/* where a slot was filled last: 1 + the line's first byte */
	uint32_t line[2 * MAX_BRANCHES];
	uint32_t queued; /* last, likewise; WHOLE */
	bool found;
};
#define WHOLE UINT32_MAX

/* Bytes in which a pattern may match. */
struct stretch {
	uint32_t term;
	uint32_t from, to;
};

/* What stands in the text of a term of words. */
struct tally {
	uint32_t n;	/* claims */
	uint32_t first; /* of them, in the list */
	uint32_t slots; /* filled: bit n = slot n */
};

struct claims {
	struct claim *list;  /* by term, then goes_before() */
	struct tally *tally; /* of each term */
	struct announced *seen; /* of each pattern */
	struct stretch *stretches; /* of a pattern by ascending place */
	size_t n_stretches;
	const struct norm *text;
	uint32_t line; /* first byte of the line last looked at */
	uint32_t line_end;
};

void
findings_done(struct findings *f)
{
	free(f->list);
	memset(f, 0, sizeof(*f));
}

static int
no_memory(struct err *err)
{
	return err_set(
	    err, ERR_SYSTEM, ERR_OWN, 0, "no memory for what the rules found");
}

static int
add(struct findings *f, uint32_t term, size_t from, size_t to)
{
	struct finding *list;
	size_t size;

	if (f->n == f->size) {
		size = f->size == 0 ? 64 : f->size * 2;
		list = realloc(f->list, size * sizeof(*list));
		if (list == NULL)
			return -1;
		f->list = list;
		f->size = size;
	}
	f->list[f->n++] =
	    (struct finding){term, (uint32_t)from, (uint32_t)to, 0};
	return 0;
}

/* Of one term: by place; of words at one place the longest comes first. */
static bool
goes_before(const struct claim *x, const struct claim *y)
{
	if (x->at != y->at)
		return x->at < y->at;
	if (x->len != y->len)
		return x->len > y->len;
	return x->slot < y->slot;
}

static uint32_t
end_of_line(const struct norm *text, uint32_t from)
{
	const char *lf = memchr(text->text + from, '\n', text->len - from);

	return lf != NULL ? (uint32_t)(lf - text->text) : (uint32_t)text->len;
}

/* Words come by ascending place: the line of `at`, which is never before the
 * last one's. */
static uint32_t
line_of(struct claims *c, uint32_t at)
{
	while (at > c->line_end) {
		c->line = c->line_end + 1;
		c->line_end = end_of_line(c->text, c->line);
	}
	return c->line;
}

/* A pattern is only announced. */
static void
note_pattern(
    const struct rules *r, struct claims *c, struct term_ref ref, uint32_t at)
{
	const struct rule_term *t = &r->terms[ref.term];
	struct announced *p = &c->seen[t->nth];
	uint32_t line = t->in_line ? line_of(c, at) : 0;
	bool whole = !t->in_line || t->sees_end;

	p->line[ref.slot] = line + 1;
	if (p->queued == WHOLE || p->queued == line + 1)
		return;
	if ((t->pairs >> (ref.slot / 2) & 1) != 0 &&
	    p->line[ref.slot] != p->line[ref.slot ^ 1])
		return;
	p->queued = whole ? WHOLE : line + 1;
	c->stretches[c->n_stretches++] = (struct stretch){ref.term, line,
	    whole ? (uint32_t)c->text->len : c->line_end};
}

/* Only terms of which every slot is filled are worth a second look: most
 * words belong to many terms, and most of those lack another one. */
static bool
is_full(const struct rule_term *t, const struct tally *tally)
{
	return t->n_slots > 0 && tally->slots == (1U << t->n_slots) - 1;
}

static void
count_word(const struct rules *r, const struct match *w, struct claims *out)
{
	for (uint32_t k = r->ref_first[w->word]; k < r->ref_first[w->word + 1];
	     k++) {
		struct term_ref ref = r->refs[k];

		if (r->terms[ref.term].pattern != NULL) {
			note_pattern(r, out, ref, w->at);
			continue;
		}
		out->tally[ref.term].n++;
		out->tally[ref.term].slots |= 1U << ref.slot;
	}
}

/* Words come by ascending place; only those of one place need be ordered. */
static void
put_claim(struct claims *out, const struct claim *c)
{
	struct tally *t = &out->tally[c->term];
	size_t i = t->first + t->n++;

	for (; i > t->first && goes_before(c, &out->list[i - 1]); i--)
		out->list[i] = out->list[i - 1];
	out->list[i] = *c;
}

static void
note_word(const struct rules *r, const struct match *w, struct claims *out)
{
	for (uint32_t k = r->ref_first[w->word]; k < r->ref_first[w->word + 1];
	     k++) {
		struct term_ref ref = r->refs[k];
		struct claim c = {ref.term, w->at, w->len, ref.slot, w->nth,
		    w->chars, NULL};

		if (is_full(&r->terms[ref.term], &out->tally[ref.term]))
			put_claim(out, &c);
	}
}

static void
claims_done(struct claims *c)
{
	free(c->list);
	free(c->tally);
	free(c->seen);
	free(c->stretches);
}

/* Room for the claims of each full term, one term behind the other. */
static int
make_room(const struct rules *r, struct claims *out)
{
	uint32_t n = 0;

	for (size_t i = 0; i < r->n_terms; i++) {
		struct tally *t = &out->tally[i];

		t->first = n;
		if (is_full(&r->terms[i], t))
			n += t->n;
		t->n = 0;
	}
	out->list = malloc((n + 1) * sizeof(*out->list));
	return out->list != NULL ? 0 : -1;
}

static int
make_claims(const struct rules *r, const struct norm *text,
    const struct matches *m, struct claims *out)
{
	size_t n = 0;

	out->text = text;
	out->line_end = end_of_line(text, 0);
	for (size_t i = 0; i < m->n; i++)
		n += r->ref_first[m->list[i].word + 1] -
		     r->ref_first[m->list[i].word];
	out->tally = calloc(r->n_terms + 1, sizeof(*out->tally));
	out->seen = calloc(r->n_patterns + 1, sizeof(*out->seen));
	out->stretches = malloc((n + 1) * sizeof(*out->stretches));
	if (out->tally == NULL || out->seen == NULL || out->stretches == NULL)
		return -1;
	for (size_t i = 0; i < m->n; i++)
		count_word(r, &m->list[i], out);
	if (make_room(r, out) != 0)
		return -1;
	for (size_t i = 0; i < m->n; i++)
		note_word(r, &m->list[i], out);
	return 0;
}

/* Single words: the first place, or all that do not overlap. */
static int
find_single(const struct rule_term *t, const struct claim *c, size_t n,
    struct findings *out)
{
	size_t end = 0;

	for (size_t i = 0; i < n; i++) {
		if (i > 0 && c[i].at < end)
			continue;
		end = c[i].at + c[i].len;
		if (add(out, c[i].term, c[i].at, end) != 0)
			return -1;
		if (!t->repeat)
			return 0;
	}
	return 0;
}

/* The newest word of each slot.  Where one place fills two slots (围墙 as a
 * thing built and as a thing taken), it counts for one, and an older word is
 * taken for the other. */
struct window {
	const struct claim *newest[MAX_TERM_WORDS];
	uint32_t n_slots;
};

static bool
overlap(const struct claim *x, const struct claim *y)
{
	return x->at < y->at + y->len && y->at < x->at + x->len;
}

/* For each slot the latest word that is clear of the one just read; none of
 * them over another. */
static bool
pick(const struct window *w, const struct claim *now,
    const struct claim *picked[MAX_TERM_WORDS])
{
	for (uint32_t i = 0; i < w->n_slots; i++) {
		const struct claim *c = i == now->slot ? now : w->newest[i];

		while (i != now->slot && c != NULL && overlap(c, now))
			c = c->before;
		if (c == NULL)
			return false;
		for (uint32_t k = 0; k < i; k++)
			if (overlap(picked[k], c))
				return false;
		picked[i] = c;
	}
	return true;
}

/* Whether the picked words are near enough; the bytes they span. */
static bool
near_enough(const struct claim *const *picked, uint32_t n, uint32_t within,
    size_t *from_out, size_t *to_out)
{
	const struct claim *first = picked[0], *last = picked[0];
	size_t end;

	for (uint32_t i = 1; i < n; i++) {
		if (picked[i]->at < first->at)
			first = picked[i];
		if (picked[i]->at > last->at)
			last = picked[i];
	}
	if (within > 0 && last->nth > first->nth + first->chars + within)
		return false;
	end = (size_t)last->at + last->len;
	/* Words far apart are not quoted with all that is between them. */
	if (end - first->at > MAX_FOUND_BYTES)
		end = (size_t)first->at + first->len;
	*from_out = first->at;
	*to_out = end;
	return true;
}

static int
find_all(
    const struct rule_term *t, struct claim *c, size_t n, struct findings *out)
{
	const struct claim *picked[MAX_TERM_WORDS];
	struct window w = {.n_slots = t->n_slots};
	size_t from, to;

	for (size_t i = 0; i < n; i++) {
		if (pick(&w, &c[i], picked) &&
		    near_enough(picked, w.n_slots, t->within, &from, &to)) {
			if (add(out, c[i].term, from, to) != 0)
				return -1;
			if (!t->repeat)
				return 0;
			memset(&w, 0, sizeof(w));
			w.n_slots = t->n_slots;
			continue;
		}
		c[i].before = w.newest[c[i].slot];
		w.newest[c[i].slot] = &c[i];
	}
	return 0;
}

/* A pattern in a stretch: its first place, or all of them. */
static int
find_pattern(const struct rules *r, struct stretch s, const struct norm *text,
    struct pattern_run *run, struct findings *out)
{
	const struct rule_term *t = &r->terms[s.term];
	size_t start = s.from, from, to;

	while (out->n < MAX_MATCHES && pattern_find(t->pattern, run, text->text,
					   s.to, start, &from, &to)) {
		if (add(out, s.term, from, to) != 0)
			return -1;
		start = to;
		if (!t->repeat)
			break;
	}
	return 0;
}

static int
find_announced(const struct rules *r, const struct claims *c, struct stretch s,
    struct pattern_run *run, struct findings *out)
{
	const struct rule_term *t = &r->terms[s.term];
	struct announced *p = &c->seen[t->nth];
	size_t before = out->n;
	int rc = 0;

	if (t->repeat || !p->found)
		rc = find_pattern(r, s, c->text, run, out);
	p->found |= out->n > before;
	return rc;
}

static int
find_claimed(
    const struct rules *r, const struct claims *c, struct findings *out)
{
	for (size_t i = 0; i < r->n_terms; i++) {
		const struct rule_term *t = &r->terms[i];
		const struct tally *y = &c->tally[i];
		int rc;

		if (!is_full(t, y))
			continue;
		if (t->n_slots == 1)
			rc = find_single(t, c->list + y->first, y->n, out);
		else
			rc = find_all(t, c->list + y->first, y->n, out);
		if (rc != 0)
			return -1;
	}
	return 0;
}

/* Patterns: those whose literals were found, and those that have none. */
static int
find_patterns(const struct rules *r, const struct claims *c,
    const struct norm *text, struct findings *out)
{
	struct pattern_run *run = pattern_run_new();
	int rc = run != NULL ? 0 : -1;

	for (size_t i = 0; i < c->n_stretches && rc == 0; i++)
		rc = find_announced(r, c, c->stretches[i], run, out);
	for (size_t i = 0; i < r->n_always && rc == 0; i++)
		rc = find_pattern(r,
		    (struct stretch){r->always[i], 0, (uint32_t)text->len},
		    text, run, out);
	pattern_run_free(&run);
	return rc;
}

static bool
speaks_of(const struct rules *r, const struct findings *f, int8_t domain)
{
	for (size_t i = 0; i < f->n; i++)
		if (r->terms[f->list[i].term].domain == domain)
			return true;
	return false;
}

/* Terms of wording: the letter is judged once, for all of them.  What is
 * against a domain of which nothing speaks need not be said. */
static int
find_wordings(
    const struct rules *r, const struct norm *text, struct findings *out)
{
	struct wording_verdict v;

	if (r->n_wordings == 0)
		return 0;
	wording_judge(&wording_umbrella, text, &v);
	for (size_t i = 0; i < r->n_wordings && v.odds != 0; i++) {
		uint32_t term = r->wordings[i];

		if (v.odds < 0 && !speaks_of(r, out, r->terms[term].domain))
			continue;
		if (add(out, term, v.from, v.to) != 0)
			return -1;
		out->list[out->n - 1].times = v.odds;
	}
	return 0;
}

static int
by_place(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;

	if (x->term != y->term)
		return x->term < y->term ? -1 : 1;
	return (x->from > y->from) - (x->from < y->from);
}

int
rules_find(const struct rules *rules, const struct norm *text,
    struct findings *out, struct err *err)
{
	struct matches m = {NULL, 0, 0};
	struct claims c = {.list = NULL};
	int rc;

	if (text->len == 0)
		return 0;
	rc = matcher_scan(rules->words, text->text, text->len, &m, err);
	if (rc == 0 && (make_claims(rules, text, &m, &c) != 0 ||
			   find_claimed(rules, &c, out) != 0 ||
			   find_patterns(rules, &c, text, out) != 0 ||
			   find_wordings(rules, text, out) != 0))
		rc = no_memory(err);
	if (rc == 0 && out->n > 0)
		qsort(out->list, out->n, sizeof(*out->list), by_place);
	claims_done(&c);
	matches_done(&m);
	return rc;
}
