/* SPDX-License-Identifier: ISC */
#include "route/rules.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "conf/conf.h"
#include "route/normalise.h"
#include "route/literals.h"
#include "route/pattern.h"
#include "route/route.h"
#include "route/wording.h"

/* A word of a term before equal words are joined. */
struct entry {
	const char *s;
	uint32_t len;
	struct term_ref ref;
};

struct build {
	struct rules *r;
	const struct norm_table *table;
	struct arena *arena; /* of words, which the matcher copies */
	struct entry *entries;
	size_t n, size;
	struct norm norm;
	struct err *err;
};

static int
no_memory(struct err *err)
{
	return err_set(
	    err, ERR_SYSTEM, ERR_OWN, 0, "no memory to compile the rules");
}

/* A word in normal form; copied. */
static int
add_entry(
    struct build *b, const char *word, size_t len, struct term_ref ref)
{
	struct entry *e;
	size_t size;

	if (b->n == b->size) {
		size = b->size == 0 ? 1024 : b->size * 2;
		e = realloc(b->entries, size * sizeof(*e));
		if (e == NULL)
			return no_memory(b->err);
		b->entries = e;
		b->size = size;
	}
	e = &b->entries[b->n];
	e->s = arena_memdup(b->arena, word, len);
	if (e->s == NULL)
		return no_memory(b->err);
	e->len = (uint32_t)len;
	e->ref = ref;
	b->n++;
	return 0;
}

static int
add_word(struct build *b, const struct term_conf *t, const char *word,
    struct term_ref ref)
{
	b->norm.len = 0;
	if (norm_add(b->table, &b->norm, word, strlen(word), 0, b->err) != 0)
		return -1;
	if (b->norm.len == 0 || b->norm.len > MAX_WORD_BYTES)
		return err_set(b->err, ERR_CONF, ERR_OWN, 0,
		    "%s:%d: the word \"%s\" is %s", t->file, t->line, word,
		    b->norm.len == 0 ? "nothing but blanks and marks"
				     : "too long");
	return add_entry(b, b->norm.text, b->norm.len, ref);
}

static int
add_synonyms(struct build *b, const struct term_conf *t, const char *name,
    struct term_ref ref)
{
	const struct rules_conf *conf = b->r->conf;

	for (size_t i = 0; i < conf->n_synonyms; i++) {
		const struct synonym_conf *s = &conf->synonyms[i];

		if (strcmp(s->name, name) != 0)
			continue;
		for (size_t k = 0; k < s->n_words; k++)
			if (add_word(b, t, s->words[k], ref) != 0)
				return -1;
		return 0;
	}
	return err_set(b->err, ERR_CONF, ERR_OWN, 0,
	    "%s:%d: no synonyms are named \"%s\"", t->file, t->line, name);
}

static int
add_words(struct build *b, const struct term_conf *t, uint32_t term)
{
	if (t->n_words == 0 || t->n_words > MAX_TERM_WORDS)
		return err_set(b->err, ERR_CONF, ERR_OWN, 0,
		    "%s:%d: a term has 1 to %d words, not %zu", t->file,
		    t->line, MAX_TERM_WORDS, t->n_words);
	for (uint32_t i = 0; i < t->n_words; i++) {
		const char *w = t->words[i];
		struct term_ref ref = {term, i};
		int rc = w[0] == '@' && w[1] != '\0'
			     ? add_synonyms(b, t, w + 1, ref)
			     : add_word(b, t, w, ref);

		if (rc != 0)
			return -1;
	}
	return 0;
}

static int
add_slot(
    struct build *b, const struct literals *lit, uint32_t term, uint32_t slot)
{
	for (size_t i = 0; i < lit->n; i++)
		if (add_entry(b, lit->list[i], strlen(lit->list[i]),
			(struct term_ref){term, slot}) != 0)
			return -1;
	return 0;
}

/* What announces the pattern, or that nothing does. */
static int
add_literals(struct build *b, const char *pattern, uint32_t term)
{
	struct literals_branch branches[MAX_BRANCHES];
	uint32_t n = (uint32_t)literals_of(pattern, branches);
	struct rule_term *t = &b->r->terms[term];

	if (n == 0)
		b->r->always[b->r->n_always++] = term;
	t->in_line = literals_in_line(pattern);
	t->sees_end = literals_see_end(pattern);
	t->nth = (uint32_t)b->r->n_patterns++;
	for (uint32_t i = 0; i < n; i++) {
		if (branches[i].second.n > 0)
			t->pairs |= (uint8_t)(1U << i);
		if (add_slot(b, &branches[i].first, term, 2 * i) != 0 ||
		    add_slot(b, &branches[i].second, term, 2 * i + 1) != 0)
			return -1;
	}
	return 0;
}

static int
add_pattern(struct build *b, const struct term_conf *t, struct rule_term *term)
{
	struct buf text BUF_AUTO = BUF_INIT;

	norm_pattern(b->table, t->pattern, &text);
	if (buf_bad(&text))
		return no_memory(b->err);
	if (pattern_new(buf_str(&text), &term->pattern, b->err) != 0)
		return err_at(b->err, "%s:%d", t->file, t->line);
	return add_literals(b, buf_str(&text), (uint32_t)(term - b->r->terms));
}

/* 强行 + 倾倒, as people read it in explanations. */
static const char *
label_of(struct arena *a, const struct term_conf *t)
{
	struct buf text BUF_AUTO = BUF_INIT;

	if (t->pattern[0] != '\0')
		return arena_strdup(a, t->pattern);
	if (t->wording)
		return arena_strdup(a, WORDING_LABEL);
	for (size_t i = 0; i < t->n_words; i++)
		buf_addf(&text, "%s%s", i == 0 ? "" : " + ", t->words[i]);
	return buf_bad(&text) ? NULL : arena_strdup(a, buf_str(&text));
}

static int
add_term(struct build *b, const struct term_conf *t, int domain)
{
	struct rules *r = b->r;
	struct rule_term *term = &r->terms[r->n_terms];

	term->domain = (int8_t)domain;
	term->weight = t->weight;
	term->within =
	    (uint16_t)(t->within > UINT16_MAX ? UINT16_MAX : t->within);
	term->cancels = t->cancels;
	term->repeat = t->repeat;
	term->wording = t->wording;
	term->file = t->file;
	term->line = t->line;
	term->label = label_of(r->arena, t);
	if (term->label == NULL)
		return no_memory(b->err);
	if (t->pattern[0] != '\0') {
		if (add_pattern(b, t, term) != 0)
			return -1;
	} else if (t->wording) {
		r->wordings[r->n_wordings++] = (uint32_t)r->n_terms;
	} else {
		term->n_slots = (uint8_t)t->n_words;
		if (add_words(b, t, (uint32_t)r->n_terms) != 0)
			return -1;
	}
	r->n_terms++;
	return 0;
}

static int
add_terms(struct build *b)
{
	const struct rules_conf *conf = b->r->conf;
	size_t n = conf->n_priority_terms + conf->n_major_terms;

	if (conf->n_domains == 0 || conf->n_domains > MAX_DOMAINS)
		return err_set(b->err, ERR_CONF, ERR_OWN, 0,
		    "the rules have %zu domains; 1 to %d are allowed",
		    conf->n_domains, MAX_DOMAINS);
	for (size_t d = 0; d < conf->n_domains; d++)
		n += conf->domains[d].n_terms;
	b->r->terms = arena_array(b->r->arena, n + 1, sizeof(struct rule_term));
	b->r->always = arena_array(b->r->arena, n + 1, sizeof(uint32_t));
	b->r->wordings = arena_array(b->r->arena, n + 1, sizeof(uint32_t));
	if (b->r->terms == NULL || b->r->always == NULL ||
	    b->r->wordings == NULL)
		return no_memory(b->err);
	for (size_t d = 0; d < conf->n_domains; d++)
		for (size_t i = 0; i < conf->domains[d].n_terms; i++)
			if (add_term(b, &conf->domains[d].terms[i], (int)d) !=
			    0)
				return -1;
	for (size_t i = 0; i < conf->n_priority_terms; i++)
		if (add_term(b, &conf->priority_terms[i], HIT_PRIORITY) != 0)
			return -1;
	for (size_t i = 0; i < conf->n_major_terms; i++)
		if (add_term(b, &conf->major_terms[i], HIT_MAJOR) != 0)
			return -1;
	return 0;
}

static int
same_text(const struct entry *x, const struct entry *y)
{
	size_t n = x->len < y->len ? x->len : y->len;
	int c = memcmp(x->s, y->s, n);

	return c != 0 ? c : (x->len > y->len) - (x->len < y->len);
}

static int
by_text(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int c = same_text(x, y);

	if (c != 0)
		return c;
	if (x->ref.term != y->ref.term)
		return x->ref.term < y->ref.term ? -1 : 1;
	return (x->ref.slot > y->ref.slot) - (x->ref.slot < y->ref.slot);
}

/* By text, each once; returns how many texts there are. */
static size_t
sort_entries(struct build *b)
{
	size_t kept = 0, n_texts = 0;

	if (b->n > 0)
		qsort(b->entries, b->n, sizeof(*b->entries), by_text);
	for (size_t i = 0; i < b->n; i++) {
		if (kept > 0 &&
		    by_text(&b->entries[kept - 1], &b->entries[i]) == 0)
			continue;
		n_texts += kept == 0 ||
		    same_text(&b->entries[kept - 1], &b->entries[i]) != 0;
		b->entries[kept++] = b->entries[i];
	}
	b->n = kept;
	return n_texts;
}

/* Joins equal words and builds the matcher and the way back. */
static int
index_words(struct build *b)
{
	struct rules *r = b->r;
	struct match_word *words;
	size_t n = sort_entries(b);
	int rc;

	words = calloc(n + 1, sizeof(*words));
	r->refs = arena_array(r->arena, b->n + 1, sizeof(*r->refs));
	r->ref_first = arena_array(r->arena, n + 1, sizeof(uint32_t));
	if (words == NULL || r->refs == NULL || r->ref_first == NULL) {
		free(words);
		return no_memory(b->err);
	}
	n = 0;
	for (size_t i = 0; i < b->n; i++) {
		const struct entry *e = &b->entries[i];

		if (i == 0 || same_text(&b->entries[i - 1], e) != 0) {
			r->ref_first[n] = (uint32_t)i;
			words[n++] = (struct match_word){e->s, e->len};
		}
		r->refs[i] = e->ref;
	}
	r->ref_first[n] = (uint32_t)b->n;
	rc = matcher_new(words, n, &r->words, b->err);
	free(words);
	return rc;
}

int32_t
rules_threshold(const struct rules_conf *conf, size_t domain)
{
	int32_t own = conf->domains[domain].threshold;

	return own > 0 ? own : conf->threshold;
}

int
rules_new(const struct rules_conf *conf, const struct norm_table *table,
    struct rules **out, struct err *err)
{
	struct build b = {.table = table, .err = err};
	int rc;

	b.arena = arena_new();
	b.r = calloc(1, sizeof(*b.r));
	if (b.r != NULL)
		b.r->arena = arena_new();
	if (b.arena == NULL || b.r == NULL || b.r->arena == NULL) {
		arena_free(&b.arena);
		rules_free(&b.r);
		return no_memory(err);
	}
	b.r->conf = conf;
	norm_init(&b.norm);
	rc = add_terms(&b);
	if (rc == 0)
		rc = index_words(&b);
	norm_done(&b.norm);
	free(b.entries);
	arena_free(&b.arena);
	if (rc != 0) {
		rules_free(&b.r);
		return -1;
	}
	*out = b.r;
	return 0;
}

void
rules_free(struct rules **rules)
{
	struct rules *r = *rules;

	if (r == NULL)
		return;
	/* The last one may stand half made behind those that count. */
	for (size_t i = 0; r->terms != NULL && i <= r->n_terms; i++)
		pattern_free(&r->terms[i].pattern);
	matcher_free(&r->words);
	arena_free(&r->arena);
	free(r);
	*rules = NULL;
}
