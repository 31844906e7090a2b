/* SPDX-License-Identifier: ISC */
#include "core/reasons.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "hide/hide.h"
#include "route/route.h"

#define MAX_REASONS 8
/* Longer words are shown by their ends. */
#define MAX_WORD_CHARS 14
#define HEAD_CHARS 7
#define TAIL_CHARS 5

struct reason {
	const struct route_hit *hit; /* the one that is shown */
	size_t from, to;             /* in its field */
	int64_t weight;              /* of all its hits */
};

static bool
places(const struct route_decision *r, const struct route_hit *h)
{
	return h->domain == r->domain || h->domain == HIT_PRIORITY;
}

static bool
alarms(const struct route_decision *r, const struct route_hit *h)
{
	return r->major && h->domain == HIT_MAJOR && h->weight > 0;
}

typedef bool counts_fn(
    const struct route_decision *r, const struct route_hit *h);

static bool
belongs(const struct reason *r, const struct route_hit *h)
{
	if (strcmp(r->hit->found, h->found) == 0)
		return true;
	return r->hit->field == h->field && h->at < r->to &&
	       r->from < h->at + h->len;
}

/* Of two hits on the same place the longer one says more, as long as it is
 * still a phrase. */
static bool
reads_better(const struct route_hit *h, const struct route_hit *than)
{
	size_t n = utf8_count(h->found, strlen(h->found));
	size_t other = utf8_count(than->found, strlen(than->found));

	if ((n <= MAX_WORD_CHARS) != (other <= MAX_WORD_CHARS))
		return n <= MAX_WORD_CHARS;
	return n <= MAX_WORD_CHARS ? n > other : n < other;
}

static void
join(struct reason *r, const struct route_hit *h)
{
	r->weight += h->weight;
	if (h->field == r->hit->field) {
		r->from = h->at < r->from ? h->at : r->from;
		r->to = h->at + h->len > r->to ? h->at + h->len : r->to;
		if (reads_better(h, r->hit))
			r->hit = h;
	}
}

/* Strongest first; of equal ones the first in the text. */
static int
by_weight(const void *a, const void *b)
{
	const struct reason *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	if (x->hit->field != y->hit->field)
		return x->hit->field == FIELD_SUBJECT ? -1 : 1;
	return x->from < y->from ? -1 : x->from > y->from;
}

static size_t
gather(const struct route_decision *r, counts_fn *counts, struct reason *list)
{
	size_t n = 0, k;

	for (size_t i = 0; i < r->n_hits; i++) {
		const struct route_hit *h = &r->hits[i];

		if (!counts(r, h))
			continue;
		for (k = 0; k < n && !belongs(&list[k], h);)
			k++;
		if (k < n)
			join(&list[k], h);
		else
			list[n++] = (struct reason){
			    h, h->at, h->at + h->len, h->weight};
	}
	qsort(list, n, sizeof(*list), by_weight);
	return n;
}

/* The byte behind the first n characters. */
static size_t
chars(const char *s, size_t len, size_t n)
{
	const char *p = s, *end = s + len;
	uint32_t cp;

	while (n-- > 0 && p < end)
		p += utf8_next(p, end, &cp);
	return (size_t)(p - s);
}

static void
add_word(const struct route_hit *h, const struct reasons_shown *shown,
    struct buf *out)
{
	const char *field =
	    h->field == FIELD_SUBJECT ? shown->subject : shown->text;
	size_t len = strlen(h->found), n = utf8_count(h->found, len);

	if (strstr(field, h->found) == NULL) {
		buf_adds(out, HIDDEN_MARK);
		return;
	}
	if (n <= MAX_WORD_CHARS) {
		buf_adds(out, h->found);
		return;
	}
	buf_add(out, h->found, chars(h->found, len, HEAD_CHARS));
	buf_adds(out, "…");
	buf_adds(out, h->found + chars(h->found, len, n - TAIL_CHARS));
}

static const char *
write_reasons(const struct route_decision *r, counts_fn *counts,
    bool with_weight, const struct reasons_shown *shown, struct arena *a)
{
	BUF_AUTO struct buf b = BUF_INIT;
	struct reason *list = arena_array(a, r->n_hits + 1, sizeof(*list));
	size_t n;

	if (list == NULL)
		return NULL;
	n = gather(r, counts, list);
	for (size_t i = 0; i < n && i < MAX_REASONS; i++) {
		long long tenths = list[i].weight / 100;

		buf_adds(&b, i > 0 ? "、" : "");
		add_word(list[i].hit, shown, &b);
		if (with_weight)
			buf_addf(&b, "（%c%lld.%lld）", tenths < 0 ? '-' : '+',
			    llabs(tenths) / 10, llabs(tenths) % 10);
	}
	return buf_bad(&b) ? NULL : arena_strdup(a, buf_str(&b));
}

const char *
reasons_words(const struct route_decision *r,
    const struct reasons_shown *shown, struct arena *a)
{
	return write_reasons(r, places, true, shown, a);
}

const char *
reasons_major(const struct route_decision *r,
    const struct reasons_shown *shown, struct arena *a)
{
	return write_reasons(r, alarms, false, shown, a);
}
