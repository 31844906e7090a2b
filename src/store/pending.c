/* SPDX-License-Identifier: ISC */
#include "store/pending.h"

#include <string.h>

#include "base/err.h"
#include "store/db.h"
#include "store/query.h"

static int
write_count(struct store *s, const char *what, const char *key, int64_t n,
    struct err *err)
{
	struct query q;

	query_init(&q, s, Q_TALLY_ADD);
	query_put_str(&q, what);
	query_put_str(&q, key);
	query_put_i64(&q, n);
	return query_run(&q, err);
}

static int
write_counter(struct store *s, const char *prefix, int year, int64_t last,
    struct err *err)
{
	struct query q;

	query_init(&q, s, Q_COUNTER_SET);
	query_put_str(&q, prefix);
	query_put_i64(&q, year);
	query_put_i64(&q, last);
	return query_run(&q, err);
}

int
pending_flush(struct store *s, struct err *err)
{
	struct pending *p = &s->pending;

	for (; p->n_counts > 0; p->n_counts--)
		if (write_count(s, p->counts[p->n_counts - 1].what,
			p->counts[p->n_counts - 1].key,
			p->counts[p->n_counts - 1].n, err) < 0)
			return -1;
	if (p->counter_moved &&
	    write_counter(s, p->prefix, p->year, p->last, err) < 0)
		return -1;
	p->counter_moved = false;
	return 0;
}

void
pending_forget(struct store *s)
{
	s->pending.n_counts = 0;
	s->pending.counter = s->pending.counter_moved = false;
}

int
pending_count(
    struct store *s, const char *what, const char *key, struct err *err)
{
	struct pending *p = &s->pending;
	size_t len = strlen(key);

	for (size_t i = 0; i < p->n_counts; i++)
		if (strcmp(p->counts[i].key, key) == 0 &&
		    strcmp(p->counts[i].what, what) == 0) {
			p->counts[i].n++;
			return 0;
		}
	if (len >= PENDING_KEY || p->n_counts == PENDING_COUNTS)
		return write_count(s, what, key, 1, err);
	p->counts[p->n_counts].what = what;
	p->counts[p->n_counts].n = 1;
	memcpy(p->counts[p->n_counts++].key, key, len + 1);
	return 0;
}

static int
read_counter(struct store *s, const char *prefix, int year,
    int64_t *last_out, struct err *err)
{
	struct query q;

	query_init(&q, s, Q_COUNTER);
	query_put_str(&q, prefix);
	query_put_i64(&q, year);
	return query_one_i64(&q, last_out, err);
}

int
pending_number(struct store *s, const char *prefix, int year,
    int64_t *number_out, struct err *err)
{
	struct pending *p = &s->pending;
	size_t len = strlen(prefix);
	int64_t last;

	if (p->counter && p->year == year && strcmp(p->prefix, prefix) == 0) {
		p->counter_moved = true;
		*number_out = ++p->last;
		return 0;
	}
	/* The first of this transaction, or of another year. */
	if (pending_flush(s, err) < 0 ||
	    read_counter(s, prefix, year, &last, err) < 0)
		return -1;
	*number_out = ++last;
	p->counter = p->counter_moved = len < sizeof(p->prefix);
	if (!p->counter)
		return write_counter(s, prefix, year, last, err);
	memcpy(p->prefix, prefix, len + 1);
	p->year = year;
	p->last = last;
	return 0;
}
