/* SPDX-License-Identifier: ISC */
#include "conf/load.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

/* Twins keep their order of writing, so that the later one is blamed. */
static int
compare(const void *va, const void *vb)
{
	const struct id_entry *a = va, *b = vb;
	int by_id = strcmp(a->id, b->id);

	return by_id != 0 ? by_id : (a->i > b->i) - (a->i < b->i);
}

void
index_build(struct load *l, struct id_index *x, struct id_entry *entries,
    size_t n, const char *what)
{
	if (n > 0)
		qsort(entries, n, sizeof(*entries), compare);
	for (size_t i = 1; i < n; i++) {
		const struct id_entry *a = &entries[i - 1], *b = &entries[i];

		if (*b->id == '\0' || strcmp(a->id, b->id) != 0)
			continue;
		load_mistake(l, b->at, "%s \"%s\" is used twice; also at %s:%d",
		    what, b->id, a->at.file, a->at.line);
	}
	x->entries = entries;
	x->n = n;
}

int
index_find(const struct id_index *x, const char *id)
{
	size_t low = 0, high = x->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(x->entries[mid].id, id) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == x->n || strcmp(x->entries[low].id, id) != 0)
		return -1;
	return (int)x->entries[low].i;
}

int
index_ref(struct load *l, const struct id_index *x, const struct word *w,
    const char *what)
{
	struct near near = {.wanted = w->text};
	int i;

	if (*w->text == '\0')
		return -1;
	i = index_find(x, w->text);
	if (i >= 0)
		return i;
	/* Nobody reads the suggestion of a mistake that is not listed. */
	if (l->n_errors > MAX_CONF_ERRORS)
		return -1;
	for (size_t k = 0; k < x->n; k++)
		near_try(&near, x->entries[k].id);
	if (near.best != NULL)
		load_mistake(l, w->at,
		    "there is no %s \"%s\"; did you mean \"%s\"?", what,
		    w->text, near.best);
	else
		load_mistake(l, w->at, "there is no %s \"%s\"", what, w->text);
	return -1;
}
