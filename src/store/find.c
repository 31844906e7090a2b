/* SPDX-License-Identifier: ISC */
#include "store/find.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "store/db.h"
#include "intake/gram.h"
#include "store/query.h"

/* One run of a word that was asked for. */
struct run {
	size_t at, n; /* in finding.units */
};

/* Clues that pass the filters, as bits by id. */
struct passing {
	unsigned char *bits;
	size_t size;
	size_t most; /* ids of one filter that are worth reading */
	bool used;   /* some filter is in the bits */
};

struct finding {
	struct store *s;
	const struct find_filter *f;
	struct buf units; /* of all words, struct gram_unit */
	struct buf runs;  /* struct run */
	struct buf expression;
	struct passing passing;
	struct buf subject, text; /* units of the clue at hand */
	size_t found;
	size_t looks; /* clues that were read */
	bool narrowed;
};

static const struct gram_unit *
units_of(const struct buf *b)
{
	return (const struct gram_unit *)(const void *)b->data;
}

static size_t
n_units(const struct buf *b)
{
	return b->len / sizeof(struct gram_unit);
}

/* -- the question --------------------------------------------------------- */

static int
no_letters(struct err *err)
{
	return err_set(err, ERR_INPUT, ERR_OWN, 0,
	    "search: a word without letters or digits finds nothing");
}

static int
add_runs(struct finding *d, const char *word, struct err *err)
{
	size_t from = n_units(&d->units), n;
	struct run r;

	gram_units(word, &d->units);
	n = n_units(&d->units);
	if (buf_bad(&d->units))
		return db_no_memory(err);
	if (n == from)
		return no_letters(err);
	for (size_t i = from; i < n; i = r.at + r.n) {
		r = (struct run){i, 1};
		while (i + r.n < n && units_of(&d->units)[i + r.n].joined)
			r.n++;
		buf_add(&d->runs, &r, sizeof(r));
	}
	return 0;
}

static int
read_words(struct finding *d, struct err *err)
{
	const struct run *runs;

	for (size_t i = 0; i < d->f->n_words; i++)
		if (add_runs(d, d->f->words[i], err) < 0)
			return -1;
	if (buf_bad(&d->runs))
		return db_no_memory(err);
	if (d->runs.len == 0)
		return no_letters(err);
	runs = (const struct run *)(const void *)d->runs.data;
	for (size_t i = 0; i < d->runs.len / sizeof(*runs); i++) {
		if (i > 0)
			buf_adds(&d->expression, " AND ");
		gram_expression(units_of(&d->units) + runs[i].at, runs[i].n,
		    &d->expression);
	}
	return buf_bad(&d->expression) ? db_no_memory(err) : 0;
}

/* -- filters -------------------------------------------------------------- */

static bool
asked(const char *filter)
{
	return filter != NULL && filter[0] != '\0';
}

static bool
is_set(const struct passing *p, int64_t id)
{
	return id >= 0 && (size_t)id / 8 < p->size &&
	       (p->bits[id / 8] >> (id % 8) & 1) != 0;
}

/* The bits of one filter; *many_out when they are too many to be worth it. */
static int
read_ids(struct query *q, const struct passing *p, unsigned char *bits,
    bool *many_out, struct err *err)
{
	size_t n = 0;
	int64_t id;
	int rc;

	*many_out = false;
	while ((rc = query_step(q, err)) == 1) {
		id = query_i64(q);
		if (++n > p->most) {
			*many_out = true;
			rc = 0;
			break;
		}
		if (id >= 0 && (size_t)id / 8 < p->size)
			bits[id / 8] |= (unsigned char)(1 << (id % 8));
	}
	query_done(q);
	return rc;
}

static int
narrow(struct finding *d, struct query *q, struct err *err)
{
	struct passing *p = &d->passing;
	unsigned char *bits = calloc(1, p->size);
	bool many;

	if (bits == NULL || read_ids(q, p, bits, &many, err) < 0) {
		if (bits == NULL)
			(void)db_no_memory(err);
		query_done(q);
		free(bits);
		return -1;
	}
	for (size_t i = 0; !many && i < p->size; i++)
		p->bits[i] = p->used ? p->bits[i] & bits[i] : bits[i];
	p->used |= !many;
	free(bits);
	return 0;
}

static int
narrow_by(
    struct finding *d, enum statement id, const char *value, struct err *err)
{
	struct query q;

	if (!asked(value))
		return 0;
	query_init(&q, d->s, id);
	query_put_str(&q, value);
	return narrow(d, &q, err);
}

static int
narrow_by_time(struct finding *d, struct err *err)
{
	const struct find_filter *f = d->f;
	struct query q;

	if (f->received_from_s == 0 && f->received_before_s == 0)
		return 0;
	query_init(&q, d->s, Q_FIND_RECEIVED);
	query_put_i64(&q, f->received_from_s);
	query_put_i64(
	    &q, f->received_before_s != 0 ? f->received_before_s : INT64_MAX);
	return narrow(d, &q, err);
}

static int
narrow_by_all(struct finding *d, struct err *err)
{
	const struct find_filter *f = d->f;

	if (narrow_by(d, Q_FIND_DOMAIN, f->domain, err) < 0 ||
	    narrow_by(d, Q_FIND_OFFICER, f->officer, err) < 0 ||
	    narrow_by(d, Q_FIND_STATE, f->state, err) < 0 ||
	    narrow_by(d, Q_FIND_AREA, f->area, err) < 0)
		return -1;
	return 0;
}

/* How many pass, and the newest of them. */
static size_t
count_passing(const struct passing *p, int64_t *last_out)
{
	size_t n = 0;

	*last_out = -1;
	for (size_t i = 0; i < p->size; i++) {
		if (p->bits[i] == 0)
			continue;
		n += (size_t)__builtin_popcount(p->bits[i]);
		*last_out = (int64_t)(i * 8) + 31 -
			    __builtin_clz((unsigned)p->bits[i]);
	}
	return n;
}

/* Small filters first: where they leave few, the others may be asked clue by
 * clue. */
static int
look_up_filters(struct finding *d, struct err *err)
{
	struct passing *p = &d->passing;
	struct query q;
	int64_t last;

	query_init(&q, d->s, Q_FIND_LAST);
	if (query_one_i64(&q, &last, err) < 0)
		return -1;
	p->size = (size_t)last / 8 + 1;
	p->bits = calloc(1, p->size);
	if (p->bits == NULL)
		return db_no_memory(err);
	p->most = MAX_FIND_IDS;
	if (narrow_by_all(d, err) < 0)
		return -1;
	p->most = SIZE_MAX;
	if ((!p->used || count_passing(p, &last) > MAX_FIND_FEW) &&
	    narrow_by_time(d, err) < 0)
		return -1;
	return p->used ? 0 : narrow_by_all(d, err);
}

static bool
same(const char *filter, const char *value)
{
	return !asked(filter) || strcmp(filter, value) == 0;
}

static bool
passes(const struct find_filter *f, const struct clue_record *c)
{
	return same(f->domain, c->domain) && same(f->officer, c->officer) &&
	       same(f->state, c->state) && same(f->area, c->area) &&
	       c->received_s >= f->received_from_s &&
	       (f->received_before_s == 0 ||
		   c->received_s < f->received_before_s);
}

/* -- the answer ----------------------------------------------------------- */

static bool
has(const struct buf *units, const struct finding *d, const struct run *r)
{
	return gram_find(units_of(units), n_units(units), 0,
		   units_of(&d->units) + r->at, r->n) < n_units(units);
}

/* The index says that all pairs are there; are they in a row? */
static bool
holds_all(struct finding *d, const struct buf *number)
{
	const struct run *runs = (const struct run *)(const void *)d->runs.data;

	for (size_t i = 0; i < d->runs.len / sizeof(*runs); i++)
		if (!has(&d->subject, d, &runs[i]) &&
		    !has(&d->text, d, &runs[i]) && !has(number, d, &runs[i]))
			return false;
	return true;
}

static int
by_place(const void *a, const void *b)
{
	const struct find_span *x = a, *y = b;

	return x->at != y->at	 ? (x->at < y->at ? -1 : 1)
	       : x->len < y->len ? -1
				 : x->len > y->len;
}

/* Overlapping ones become one. */
static size_t
join_spans(struct find_span *spans, size_t n)
{
	size_t kept = 0, end;

	qsort(spans, n, sizeof(*spans), by_place);
	for (size_t i = 0; i < n; i++) {
		if (kept == 0 ||
		    spans[i].at > spans[kept - 1].at + spans[kept - 1].len) {
			spans[kept++] = spans[i];
			continue;
		}
		end = spans[i].at + spans[i].len;
		if (end > spans[kept - 1].at + spans[kept - 1].len)
			spans[kept - 1].len = end - spans[kept - 1].at;
	}
	return kept;
}

static size_t
find_spans(struct finding *d, const struct buf *text,
    struct find_span spans[MAX_FIND_SPANS])
{
	const struct run *runs = (const struct run *)(const void *)d->runs.data;
	const struct gram_unit *u = units_of(text);
	size_t n = 0, end = n_units(text), i;

	for (size_t r = 0; r < d->runs.len / sizeof(*runs); r++) {
		const struct gram_unit *word = units_of(&d->units) + runs[r].at;

		for (i = 0; n < MAX_FIND_SPANS; i += runs[r].n) {
			i = gram_find(u, end, i, word, runs[r].n);
			if (i == end)
				break;
			spans[n].at = u[i].at;
			spans[n].len = u[i + runs[r].n - 1].at +
				       u[i + runs[r].n - 1].len - u[i].at;
			n++;
		}
	}
	return join_spans(spans, n);
}

/* 1 = no more: one hit over the limit, or the callback said so. */
static int
give(struct finding *d, const struct clue_record *c,
    int (*row)(void *arg, const struct find_row *r), void *arg)
{
	struct find_span subject[MAX_FIND_SPANS], text[MAX_FIND_SPANS];
	struct find_row r = {.clue = c, .in_subject = subject, .in_text = text};

	if (d->f->limit != 0 && d->found == d->f->limit)
		return 1;
	r.n_in_subject = find_spans(d, &d->subject, subject);
	r.n_in_text = find_spans(d, &d->text, text);
	d->found++;
	return row(arg, &r) != 0;
}

static int
look_at(struct finding *d, int64_t id,
    int (*row)(void *arg, const struct find_row *r), void *arg, struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	BUF_AUTO struct buf number = BUF_INIT;
	struct clue_record c;
	int rc;

	if (a == NULL)
		return db_no_memory(err);
	d->looks++;
	rc = store_clue_by_id(d->s, id, a, &c, err);
	if (rc != 1 || !passes(d->f, &c))
		return rc < 0 ? -1 : 0;
	buf_clear(&d->subject);
	buf_clear(&d->text);
	gram_units(c.number, &number);
	gram_units(c.subject, &d->subject);
	gram_units(c.text, &d->text);
	if (buf_bad(&d->subject) || buf_bad(&d->text) || buf_bad(&number))
		return db_no_memory(err);
	return holds_all(d, &number) ? give(d, &c, row, arg) : 0;
}

/* 1 = the limit is reached or the callback said so; 2 = the filters are to be
 * looked up, and this clue is still to be looked at. */
static int
take_id(struct finding *d, int64_t id,
    int (*row)(void *arg, const struct find_row *r), void *arg, struct err *err)
{
	if (d->looks == MAX_FIND_LOOKS && !d->narrowed)
		return 2;
	if (d->passing.used && !is_set(&d->passing, id))
		return 0;
	return look_at(d, id, row, arg, err);
}

/* What the index has at or below the clue, newest first; *at_io is the clue at
 * hand when it answers 2. */
static int
walk_index(struct finding *d, int64_t *at_io,
    int (*row)(void *arg, const struct find_row *r), void *arg, struct err *err)
{
	struct query q;
	int rc;

	query_init(&q, d->s, Q_FIND);
	query_put_str(&q, buf_str(&d->expression));
	query_put_i64(&q, *at_io);
	while ((rc = query_step(&q, err)) == 1) {
		*at_io = query_i64(&q);
		rc = take_id(d, *at_io, row, arg, err);
		if (rc != 0)
			break;
	}
	query_done(&q);
	return rc;
}

/* Few pass: they are read, whatever the index says. */
static int
walk_passing(struct finding *d, int64_t from,
    int (*row)(void *arg, const struct find_row *r), void *arg, struct err *err)
{
	int rc = 0;

	for (int64_t id = from; id > 0 && rc == 0; id--)
		if (is_set(&d->passing, id))
			rc = look_at(d, id, row, arg, err);
	return rc;
}

static int
walk(struct finding *d, int (*row)(void *arg, const struct find_row *r),
    void *arg, struct err *err)
{
	int64_t at = INT64_MAX, last;
	int rc = walk_index(d, &at, row, arg, err);

	if (rc != 2)
		return rc;
	d->narrowed = true;
	if (look_up_filters(d, err) < 0)
		return -1;
	if (!d->passing.used)
		return walk_index(d, &at, row, arg, err);
	rc = count_passing(&d->passing, &last) <= MAX_FIND_FEW;
	at = last < at ? last : at;
	return rc ? walk_passing(d, at, row, arg, err)
		  : walk_index(d, &at, row, arg, err);
}

int
store_find(struct store *s, const struct find_filter *f,
    int (*row)(void *arg, const struct find_row *r), void *arg, struct err *err)
{
	struct finding d = {.s = s, .f = f};
	int rc;

	rc = read_words(&d, err);
	if (rc == 0)
		rc = find_catch_up(s, err);
	if (rc == 0)
		rc = walk(&d, row, arg, err);
	buf_done(&d.units);
	buf_done(&d.runs);
	buf_done(&d.expression);
	buf_done(&d.subject);
	buf_done(&d.text);
	free(d.passing.bits);
	return rc;
}

/* -- what is new ---------------------------------------------------------- */

/* Stands before the pairs of one clue in store.find_pairs; ids ascend there. */
struct known {
	int64_t clue;
	size_t len; /* with the NUL */
};

/* The pairs of this clue, or of the next one behind it; *at: where its head
 * is, the end when there is none. */
static const char *
known_from(const struct buf *b, int64_t clue, size_t *at, struct known *k)
{
	for (; *at < b->len; *at += sizeof(*k) + k->len) {
		memcpy(k, b->data + *at, sizeof(*k));
		if (k->clue >= clue)
			return b->data + *at + sizeof(*k);
	}
	return NULL;
}

void
find_later(struct store *s, int64_t clue, const char *pairs)
{
	struct buf *b = &s->find_pairs;
	struct known k;
	size_t at = 0;

	/* Ids ascend; what an undone savepoint took away is given again. */
	if (s->find_from == 0 || clue < s->find_from)
		s->find_from = clue;
	if (known_from(b, clue, &at, &k) != NULL)
		buf_cut(b, at);
	if (pairs == NULL)
		return;
	k = (struct known){clue, strlen(pairs) + 1};
	buf_add(b, &k, sizeof(k));
	buf_add(b, pairs, k.len);
	if (buf_bad(b))
		buf_done(b); /* short of memory: they are found again */
}

void
find_forget(struct store *s)
{
	s->find_from = 0;
	buf_done(&s->find_pairs);
}

static int
index_clue(struct store *s, struct query *clue, size_t *at, struct err *err)
{
	BUF_AUTO struct buf words = BUF_INIT;
	int64_t id = query_i64(clue);
	const char *texts[3], *pairs;
	struct known k;
	struct query q;

	for (int column = 0; column < 3; column++)
		texts[column] = query_str_here(clue);
	pairs = known_from(&s->find_pairs, id, at, &k);
	if (pairs != NULL && k.clue == id) {
		gram_pairs(texts, 1, &words);
		buf_adds(&words, pairs);
	} else {
		gram_pairs(texts, 3, &words);
	}
	if (buf_bad(&words) || query_lost(clue, err) < 0)
		return db_no_memory(err);
	query_init(&q, s, Q_FIND_ADD);
	query_put_i64(&q, id);
	query_put_str(&q, buf_str(&words));
	return query_run(&q, err);
}

int
find_catch_up(struct store *s, struct err *err)
{
	size_t at = 0;
	struct query q;
	int rc;

	if (s->find_from == 0)
		return 0;
	query_init(&q, s, Q_FIND_NEW);
	query_put_i64(&q, s->find_from);
	while ((rc = query_step(&q, err)) == 1)
		if (index_clue(s, &q, &at, err) < 0) {
			rc = -1;
			break;
		}
	query_done(&q);
	if (rc == 0)
		find_forget(s);
	return rc;
}
