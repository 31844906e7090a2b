/* SPDX-License-Identifier: ISC */
#include "route/lint.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "conf/conf.h"
#include "route/compiled.h"
#include "route/normtable.h"
#include "route/wording.h"

struct normal_list {
	const char **words; /* normal forms */
	size_t n;
	bool used;
};

struct key {
	int domain;
	const char *text; /* a term's normal form */
	const struct term_conf *term;
};

struct linting {
	const struct rules_conf *conf;
	const struct norm_table *table;
	struct arena *a;
	struct normal_list *lists;
	struct lint_fault *faults;
	size_t n, size;
	bool failed;
};

const char *
lint_kind_name(enum lint_kind kind)
{
	static const char *const names[LINT_KINDS] = {
	    [LINT_DUPLICATE] = "duplicate",
	    [LINT_DOUBLE] = "double",
	    [LINT_SHADOWED] = "shadowed",
	    [LINT_DEAD] = "dead",
	    [LINT_UNUSED] = "unused"};

	return names[kind];
}

static void
report(struct linting *l, struct lint_fault fault)
{
	struct lint_fault *list;

	if (l->n == l->size) {
		list = arena_array(l->a, l->size * 2 + 64, sizeof(*list));
		if (list == NULL) {
			l->failed = true;
			return;
		}
		if (l->n > 0)
			memcpy(list, l->faults, l->n * sizeof(*list));
		l->faults = list;
		l->size = l->size * 2 + 64;
	}
	l->faults[l->n++] = fault;
}

static const char *
normal(struct linting *l, const char *word)
{
	struct norm n;
	const char *out = NULL;

	norm_init(&n);
	if (norm_add(l->table, &n, word, strlen(word), 0, NULL) == 0)
		out = arena_memdup(l->a, n.text, n.len);
	norm_done(&n);
	if (out == NULL)
		l->failed = true;
	return out != NULL ? out : "";
}

static struct normal_list *
list_named(struct linting *l, const char *name)
{
	for (size_t i = 0; i < l->conf->n_synonyms; i++)
		if (strcmp(l->conf->synonyms[i].name, name) == 0)
			return &l->lists[i];
	return NULL;
}

static bool
is_list(const char *word)
{
	return word[0] == '@' && word[1] != '\0';
}

/* -- lists of synonyms ---- */

static void
take_lists(struct linting *l)
{
	const struct rules_conf *conf = l->conf;

	l->lists = arena_array(l->a, conf->n_synonyms + 1, sizeof(*l->lists));
	if (l->lists == NULL) {
		l->failed = true;
		return;
	}
	for (size_t i = 0; i < conf->n_synonyms; i++) {
		const struct synonym_conf *s = &conf->synonyms[i];
		struct normal_list *out = &l->lists[i];

		*out = (struct normal_list){.n = s->n_words};
		out->words =
		    arena_array(l->a, s->n_words + 1, sizeof(*out->words));
		for (size_t k = 0; k < s->n_words && out->words != NULL; k++)
			out->words[k] = normal(l, s->words[k]);
		l->failed |= out->words == NULL;
	}
}

/* The word of the list that makes word k say nothing new. */
static int
shadow_of(const struct normal_list *list, size_t k)
{
	for (size_t i = 0; i < list->n; i++) {
		if (i == k || *list->words[i] == '\0')
			continue;
		if (strcmp(list->words[i], list->words[k]) == 0) {
			if (i < k)
				return (int)i;
		} else if (strstr(list->words[k], list->words[i]) != NULL) {
			return (int)i;
		}
	}
	return -1;
}

static void
check_lists(struct linting *l)
{
	const struct rules_conf *conf = l->conf;

	for (size_t i = 0; i < conf->n_synonyms; i++) {
		const struct synonym_conf *s = &conf->synonyms[i];
		const char *name = arena_printf(l->a, "@%s", s->name);

		if (name == NULL) {
			l->failed = true;
			return;
		}
		if (!l->lists[i].used)
			report(l, (struct lint_fault){
				      LINT_UNUSED, LINT_LIST, name, "", "", 0});
		for (size_t k = 0; k < s->n_words; k++) {
			int by = shadow_of(&l->lists[i], k);

			if (by >= 0)
				report(l, (struct lint_fault){LINT_SHADOWED,
					      LINT_LIST,
					      arena_printf(l->a, "%s %s", name,
						  s->words[k]),
					      s->words[by], "", 0});
		}
	}
}

/* -- terms ---- */

static int
by_text(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* Equal terms have equal keys, in whatever order their words stand. */
static const char *
key_of(struct linting *l, const struct term_conf *t)
{
	const char *words[MAX_TERM_WORDS];
	BUF_AUTO struct buf b = BUF_INIT;
	const char *out;
	size_t n = 0;

	if (*t->pattern != '\0') {
		buf_adds(&b, "re ");
		norm_pattern(l->table, t->pattern, &b);
	}
	for (; n < t->n_words && n < MAX_TERM_WORDS; n++)
		words[n] =
		    is_list(t->words[n]) ? t->words[n] : normal(l, t->words[n]);
	qsort(words, n, sizeof(*words), by_text);
	for (size_t i = 0; i < n; i++)
		buf_addf(&b, "%s\n", words[i]);
	buf_addf(&b, "%u", t->within);
	out = buf_bad(&b) ? NULL : arena_strdup(l->a, buf_str(&b));
	if (out == NULL)
		l->failed = true;
	return out != NULL ? out : "";
}

static const char *
label(struct linting *l, const struct term_conf *t)
{
	BUF_AUTO struct buf b = BUF_INIT;
	const char *out;

	buf_adds(&b, t->wording ? WORDING_LABEL : t->pattern);
	for (size_t i = 0; i < t->n_words; i++)
		buf_addf(&b, "%s%s", i > 0 ? " + " : "", t->words[i]);
	out = buf_bad(&b) ? NULL : arena_strdup(l->a, buf_str(&b));
	if (out == NULL)
		l->failed = true;
	return out != NULL ? out : "";
}

static void
report_term(struct linting *l, enum lint_kind kind, int domain,
    const struct term_conf *t, const char *with)
{
	report(l, (struct lint_fault){
		      kind, domain, label(l, t), with, t->file, t->line});
}

static int
by_key(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	int c;

	if (x->domain != y->domain)
		return x->domain < y->domain ? -1 : 1;
	c = strcmp(x->text, y->text);
	if (c != 0)
		return c;
	return (x->term > y->term) - (x->term < y->term);
}

static void
mark_used(struct linting *l, const struct term_conf *t)
{
	for (size_t i = 0; i < t->n_words; i++) {
		struct normal_list *s = is_list(t->words[i])
					    ? list_named(l, t->words[i] + 1)
					    : NULL;

		if (s != NULL)
			s->used = true;
	}
}

/* A mark that the normal form drops can be matched by nothing. */
static const char *
lost_mark(struct linting *l, const char *pattern)
{
	const char *p = pattern, *end = p + strlen(p);

	while (p < end) {
		uint32_t cp;
		size_t n = utf8_next(p, end, &cp);
		enum norm_kind kind =
		    cp < 0x80 ? NORM_LETTER : norm_char(l->table, cp).kind;

		if (kind == NORM_NOISE || kind == NORM_IGNORED ||
		    kind == NORM_BLANK)
			return arena_memdup(l->a, p, n);
		p += n;
	}
	return NULL;
}

static const struct term_conf *
terms_of(const struct rules_conf *conf, int domain, size_t *n_out)
{
	if (domain == HIT_MAJOR) {
		*n_out = conf->n_major_terms;
		return conf->major_terms;
	}
	if (domain == HIT_PRIORITY) {
		*n_out = conf->n_priority_terms;
		return conf->priority_terms;
	}
	*n_out = conf->domains[domain].n_terms;
	return conf->domains[domain].terms;
}

/* A single word, or a list of which every word, holds the other word. */
static bool
always_holds(struct linting *l, const struct term_conf *t, const char *word)
{
	const struct normal_list *s;

	if (t->n_words != 1)
		return false;
	if (!is_list(t->words[0]))
		return strstr(normal(l, t->words[0]), word) != NULL;
	s = list_named(l, t->words[0] + 1);
	for (size_t i = 0; s != NULL && i < s->n; i++)
		if (strstr(s->words[i], word) == NULL)
			return false;
	return s != NULL && s->n > 0;
}

static void
check_cancelled(struct linting *l, int domain, const struct term_conf * not )
{
	size_t n;
	const struct term_conf *terms = terms_of(l->conf, domain, &n);
	const char *word;

	if (not ->n_words != 1 || is_list(not ->words[0]))
		return;
	word = normal(l, not ->words[0]);
	for (size_t i = 0; i < n; i++)
		if (!terms[i].cancels && always_holds(l, &terms[i], word))
			report_term(
			    l, LINT_DEAD, domain, &terms[i], not ->words[0]);
}

/* A word of its own that a list of the same domain has as well. */
static void
check_double(struct linting *l, int domain, const struct term_conf *t)
{
	size_t n;
	const struct term_conf *terms = terms_of(l->conf, domain, &n);
	const char *word;

	if (t->n_words != 1 || is_list(t->words[0]) || t->cancels)
		return;
	word = normal(l, t->words[0]);
	for (size_t i = 0; i < n; i++) {
		const struct normal_list *s = NULL;

		if (terms[i].n_words == 1 && is_list(terms[i].words[0]) &&
		    !terms[i].cancels)
			s = list_named(l, terms[i].words[0] + 1);
		for (size_t k = 0; s != NULL && k < s->n; k++)
			if (strcmp(s->words[k], word) == 0) {
				report_term(l, LINT_DOUBLE, domain, t,
				    terms[i].words[0]);
				break;
			}
	}
}

static void
check_terms(struct linting *l, int domain, struct key *keys, size_t *n_keys)
{
	size_t n;
	const struct term_conf *terms = terms_of(l->conf, domain, &n);

	for (size_t i = 0; i < n && !l->failed; i++) {
		const struct term_conf *t = &terms[i];
		const char *mark = lost_mark(l, t->pattern);

		mark_used(l, t);
		keys[(*n_keys)++] = (struct key){domain, key_of(l, t), t};
		if (mark != NULL)
			report_term(l, LINT_DEAD, domain, t, mark);
		if (t->cancels)
			check_cancelled(l, domain, t);
		else
			check_double(l, domain, t);
	}
}

static void
check_keys(struct linting *l, struct key *keys, size_t n)
{
	char place[64];

	if (n > 0)
		qsort(keys, n, sizeof(*keys), by_key);
	for (size_t i = 1; i < n; i++) {
		const struct key *was = &keys[i - 1], *k = &keys[i];

		if (k->domain != was->domain || strcmp(k->text, was->text) != 0)
			continue;
		(void)snprintf(place, sizeof(place), "%d", was->term->line);
		report_term(l, LINT_DUPLICATE, k->domain, k->term,
		    arena_strdup(l->a, place));
	}
}

static int
by_place(const void *a, const void *b)
{
	const struct lint_fault *x = a, *y = b;
	int c;

	if (x->domain != y->domain)
		return x->domain < y->domain ? -1 : 1;
	c = strcmp(x->file, y->file);
	if (c != 0)
		return c;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return strcmp(x->what, y->what);
}

static void
check_all(struct linting *l)
{
	const struct rules_conf *conf = l->conf;
	size_t n = conf->n_priority_terms + conf->n_major_terms, n_keys = 0;
	struct key *keys;

	for (size_t d = 0; d < conf->n_domains; d++)
		n += conf->domains[d].n_terms;
	keys = arena_array(l->a, n + 1, sizeof(*keys));
	if (keys == NULL) {
		l->failed = true;
		return;
	}
	for (int d = HIT_MAJOR; d < (int)conf->n_domains && !l->failed; d++)
		check_terms(l, d, keys, &n_keys);
	if (!l->failed)
		check_keys(l, keys, n_keys);
	if (!l->failed)
		check_lists(l);
}

int
route_lint(const struct route *route, struct arena *a, struct lint_fault **out,
    size_t *n_out, struct err *err)
{
	struct linting l = {
	    .conf = &route->conf->rules, .table = route->table, .a = a};

	take_lists(&l);
	if (!l.failed)
		check_all(&l);
	for (size_t i = 0; i < l.n; i++)
		l.failed |=
		    l.faults[i].what == NULL || l.faults[i].with == NULL;
	if (l.failed)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
		    "no memory to look the rules over");
	if (l.n > 0)
		qsort(l.faults, l.n, sizeof(*l.faults), by_place);
	*out = l.faults;
	*n_out = l.n;
	return 0;
}
