/* SPDX-License-Identifier: ISC */
#include "route/wordlist.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "route/normalise.h"

struct entry {
	const char *s;
	uint32_t len;
	struct meaning means;
};

struct wordlist {
	const struct norm_table *table;
	struct arena *arena;
	struct norm norm;
	struct entry *entries; /* after building: by word */
	size_t n, size;
	uint32_t *first; /* first entry of each word; one more at the end */
	struct matcher *words;
};

static int
no_memory(struct err *err)
{
	return err_set(
	    err, ERR_SYSTEM, ERR_OWN, 0, "no memory for a list of words");
}

struct wordlist *
wordlist_new(const struct norm_table *table)
{
	struct wordlist *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return NULL;
	l->table = table;
	l->arena = arena_new();
	norm_init(&l->norm);
	if (l->arena == NULL)
		wordlist_free(&l);
	return l;
}

void
wordlist_free(struct wordlist **list)
{
	struct wordlist *l = *list;

	if (l == NULL)
		return;
	matcher_free(&l->words);
	norm_done(&l->norm);
	arena_free(&l->arena);
	free(l->entries);
	free(l);
	*list = NULL;
}

int
wordlist_add(struct wordlist *l, const char *word, uint32_t kind,
    uint32_t index, struct err *err)
{
	struct entry *e;
	size_t size;

	l->norm.len = 0;
	if (norm_add(l->table, &l->norm, word, strlen(word), 0, err) != 0)
		return -1;
	if (l->norm.len == 0)
		return 0;
	if (l->n == l->size) {
		size = l->size == 0 ? 64 : l->size * 2;
		e = realloc(l->entries, size * sizeof(*e));
		if (e == NULL)
			return no_memory(err);
		l->entries = e;
		l->size = size;
	}
	e = &l->entries[l->n];
	e->s = arena_memdup(l->arena, l->norm.text, l->norm.len);
	if (e->s == NULL)
		return no_memory(err);
	e->len = (uint32_t)l->norm.len;
	e->means = (struct meaning){kind, index};
	l->n++;
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
by_meaning(const struct meaning *x, const struct meaning *y)
{
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

static int
by_text(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int c = same_text(x, y);

	return c != 0 ? c : by_meaning(&x->means, &y->means);
}

/* A name that is given twice for one thing counts once. */
static void
drop_repeats(struct wordlist *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		if (n == 0 || by_text(&l->entries[n - 1], &l->entries[i]) != 0)
			l->entries[n++] = l->entries[i];
	l->n = n;
}

int
wordlist_build(struct wordlist *l, struct err *err)
{
	struct match_word *words;
	size_t n = 0;
	int rc;

	if (l->n > 0)
		qsort(l->entries, l->n, sizeof(*l->entries), by_text);
	drop_repeats(l);
	words = calloc(l->n + 1, sizeof(*words));
	l->first = arena_array(l->arena, l->n + 1, sizeof(*l->first));
	if (words == NULL || l->first == NULL) {
		free(words);
		return no_memory(err);
	}
	for (size_t i = 0; i < l->n; i++) {
		const struct entry *e = &l->entries[i];

		if (i > 0 && same_text(e - 1, e) == 0)
			continue;
		l->first[n] = (uint32_t)i;
		words[n++] = (struct match_word){e->s, e->len};
	}
	l->first[n] = (uint32_t)l->n;
	rc = matcher_new(words, n, &l->words, err);
	free(words);
	return rc;
}

void
mentions_done(struct mentions *m)
{
	free(m->list);
	memset(m, 0, sizeof(*m));
}

static int
by_place(const void *a, const void *b)
{
	const struct mention *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	if (x->len != y->len)
		return x->len > y->len ? -1 : 1;
	return by_meaning(&x->means, &y->means);
}

int
mentions_add(struct mentions *m, const struct mention *mention)
{
	struct mention *list = realloc(m->list, (m->n + 1) * sizeof(*list));

	if (list == NULL)
		return -1;
	m->list = list;
	list[m->n++] = *mention;
	return 0;
}

void
mentions_sort(struct mentions *m)
{
	if (m->n > 0)
		qsort(m->list, m->n, sizeof(*m->list), by_place);
}

static int
explain(
    const struct wordlist *l, const struct matches *found, struct mentions *out)
{
	size_t n = 0;

	for (size_t i = 0; i < found->n; i++)
		n += l->first[found->list[i].word + 1] -
		     l->first[found->list[i].word];
	out->list = malloc((n + 1) * sizeof(*out->list));
	if (out->list == NULL)
		return -1;
	for (size_t i = 0; i < found->n; i++) {
		const struct match *m = &found->list[i];

		for (uint32_t k = l->first[m->word]; k < l->first[m->word + 1];
		     k++)
			out->list[out->n++] = (struct mention){
			    m->at, l->entries[k].len, l->entries[k].means};
	}
	mentions_sort(out);
	return 0;
}

int
wordlist_find(const struct wordlist *list, const char *text, size_t len,
    struct mentions *out, struct err *err)
{
	struct matches found = {NULL, 0, 0};
	int rc;

	out->list = NULL;
	out->n = 0;
	if (len == 0)
		return 0;
	rc = matcher_scan(list->words, text, len, &found, err);
	if (rc == 0 && explain(list, &found, out) != 0)
		rc = no_memory(err);
	matches_done(&found);
	return rc;
}
