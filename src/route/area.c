/* SPDX-License-Identifier: ISC */
#include "route/area.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "route/decide.h"
#include "route/normalise.h"
#include "route/wordlist.h"

struct areas {
	size_t n;
	struct wordlist *words;
};

/* How often an area is named, and where first. */
struct count {
	size_t n;
	const struct mention *first;
};

static int
add_names(struct areas *s, const struct area_conf *list, struct err *err)
{
	for (size_t i = 0; i < s->n; i++) {
		if (wordlist_add(s->words, list[i].name, 0, (uint32_t)i, err) !=
		    0)
			return -1;
		for (size_t k = 0; k < list[i].n_aliases; k++)
			if (wordlist_add(s->words, list[i].aliases[k], 0,
				(uint32_t)i, err) != 0)
				return -1;
	}
	return wordlist_build(s->words, err);
}

int
areas_new(const struct area_conf *list, size_t n,
    const struct norm_table *table, struct areas **out, struct err *err)
{
	struct areas *s = calloc(1, sizeof(*s));

	if (s != NULL) {
		s->n = n;
		s->words = wordlist_new(table);
	}
	if (s == NULL || s->words == NULL) {
		areas_free(&s);
		return err_set(
		    err, ERR_SYSTEM, ERR_OWN, 0, "no memory for the areas");
	}
	if (add_names(s, list, err) != 0) {
		areas_free(&s);
		return err_at(err, "areas");
	}
	*out = s;
	return 0;
}

void
areas_free(struct areas **areas)
{
	if (*areas == NULL)
		return;
	wordlist_free(&(*areas)->words);
	free(*areas);
	*areas = NULL;
}

/* Counts the longest name at each place; what lies inside it is skipped. */
static void
count_names(const struct mentions *m, struct count *counts)
{
	size_t end = 0;

	for (size_t i = 0; i < m->n; i++) {
		struct count *c = &counts[m->list[i].means.index];

		if (m->list[i].at < end)
			continue;
		end = m->list[i].at + m->list[i].len;
		if (c->n++ == 0)
			c->first = &m->list[i];
	}
}

static int
most_named(const struct count *counts, size_t n)
{
	int best = -1;

	for (size_t i = 0; i < n; i++)
		if (counts[i].n > 0 &&
		    (best < 0 || counts[i].n > counts[best].n ||
			(counts[i].n == counts[best].n &&
			    counts[i].first->at < counts[best].first->at)))
			best = (int)i;
	return best;
}

static const char *
original(const struct decide_text *t, const struct mention *m, struct arena *a)
{
	size_t end = m->at + m->len, at, len;
	const char *s = end <= t->subject_end ? t->subject : t->text;

	len = norm_origin(t->norm, s, strlen(s), m->at, end, &at);
	return arena_memdup(a, s + at, len);
}

int
areas_decide(const struct areas *areas, const struct decide_text *text,
    struct arena *a, struct route_decision *out, struct err *err)
{
	struct count *counts = calloc(areas->n + 1, sizeof(*counts));
	struct mentions m = {NULL, 0};
	int rc = -1;

	out->area = -1;
	out->area_found = "";
	if (counts == NULL)
		err_set(err, ERR_SYSTEM, ERR_OWN, 0, "no memory for areas");
	else
		rc = wordlist_find(
		    areas->words, text->norm->text, text->norm->len, &m, err);
	if (rc == 0) {
		count_names(&m, counts);
		out->area = most_named(counts, areas->n);
		if (out->area >= 0)
			out->area_found =
			    original(text, counts[out->area].first, a);
		if (out->area_found == NULL)
			rc = err_set(err, ERR_SYSTEM, ERR_OWN, 0,
			    "no memory for an area's name");
	}
	mentions_done(&m);
	free(counts);
	return rc;
}
