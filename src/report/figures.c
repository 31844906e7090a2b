/* SPDX-License-Identifier: ISC */
#include "report/figures.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "report/regulation.h"
#include "store/store.h"

/* A stretch of the ledger: times, and entries behind `after` up to `upto`. */
struct span {
	int64_t from_s, to_s;
	int64_t after, upto;
};

struct counting {
	const struct conf *conf;
	struct store *s;
	struct arena *a;
	const struct span *span;
	bool late;
	const struct regulation *regulations;
	size_t n_regulations;
	struct buf refs; /* struct figure_ref */
	struct err *err;
	int rc;
};

static int
no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
}

/* -- which stretches ------------------------------------------------------ */

static const struct form_record *
filed(const struct form_record *forms, size_t n, const char *period)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(forms[i].period, period) == 0)
			return &forms[i];
	return NULL;
}

/*
 * The period's own stretch first, then those of the filed periods right before
 * it, for what was entered after they were filed and after those between.
 */
static size_t
find_spans(const struct conf *conf, const struct form_record *forms, size_t n,
    struct period *p, struct span spans[MAX_LATE_PERIODS])
{
	const struct form_record *own = filed(forms, n, p->name), *before;
	struct period q;
	int64_t after = 0;
	size_t n_spans = 1;

	period_step(conf, p, -1, &q);
	before = filed(forms, n, q.name);
	if (own != NULL) {
		p->from_s = own->from_s;
		p->to_s = own->to_s;
	} else if (before != NULL) {
		p->from_s = before->to_s;
	}
	spans[0] = (struct span){
	    p->from_s, p->to_s, 0, own != NULL ? own->last_event : INT64_MAX};
	while (before != NULL && n_spans < MAX_LATE_PERIODS) {
		if (after < before->last_event)
			after = before->last_event;
		spans[n_spans++] = (struct span){
		    before->from_s, before->to_s, after, spans[0].upto};
		period_step(conf, &q, -1, &q);
		before = filed(forms, n, q.name);
	}
	return n_spans;
}

/* -- what each event counts as -------------------------------------------- */

/* A domain that was taken out of the rules lives on among the others. */
static int
domain_index(const struct conf *conf, const char *id)
{
	int i = conf_domain(conf, id);

	if (i < 0)
		i = conf_domain(conf, DOMAIN_OTHER);
	return i < 0 ? (int)conf->rules.n_domains - 1 : i;
}

static int
add_ref(struct counting *c, enum figure figure, const char *domain,
    const struct event_record *e, const char *thing, const char *text)
{
	const struct figure_ref r = {
	    .domain = domain_index(c->conf, domain),
	    .figure = figure,
	    .event = e->id,
	    .clue = e->clue,
	    .at_s = e->at_s,
	    .thing = thing,
	    .text = text,
	    .late = c->late,
	};

	if (thing == NULL || text == NULL)
		return no_memory(c->err);
	buf_add(&c->refs, &r, sizeof(r));
	return 0;
}

static int
take_regulation(struct counting *c, const struct event_record *e)
{
	for (size_t i = 0; i < c->n_regulations; i++) {
		const struct regulation *r = &c->regulations[i];

		if (r->event == e->id && !r->withdrawn)
			return add_ref(c, FIGURE_REGULATION, r->domain, e,
			    arena_printf(c->a, "%lld", (long long)e->id),
			    arena_printf(c->a, "第%lld号 %s", (long long)e->id,
				r->title));
	}
	return 0;
}

/* The case's number stands before the first colon of the event's text. */
static int
add_case(struct counting *c, const struct event_record *e,
    const struct clue_brief *b)
{
	const char *thing =
	    arena_memdup(c->a, e->detail, strcspn(e->detail, ":"));

	return add_ref(c, FIGURE_ASSISTED, b->domain, e, thing,
	    arena_printf(
		c->a, "%s（%s）", thing != NULL ? thing : "", b->number));
}

static int
take_clue_event(
    struct counting *c, const struct event_record *e, enum figure figure)
{
	struct clue_brief b;
	int rc = store_clue_brief(c->s, e->clue, c->a, &b, c->err);

	if (rc != 1)
		return rc;
	if (figure == FIGURE_ASSISTED)
		return add_case(c, e, &b);
	if (figure == FIGURE_FOUND && b.first_event != e->id)
		return 0;
	return add_ref(c, figure, b.domain, e, b.number, b.number);
}

static int
take_event(void *arg, const struct event_record *e)
{
	struct counting *c = arg;
	const struct event_kind *kind;
	enum figure figure;

	if (e->id <= c->span->after || e->id > c->span->upto)
		return 0;
	kind = event_kind_find(e->kind);
	/* Whatever kind a clue begins with, it was found. */
	figure = kind != NULL ? kind->figure : FIGURE_FOUND;
	if (figure == FIGURE_NONE)
		return 0;
	if (figure == FIGURE_REGULATION)
		c->rc = take_regulation(c, e);
	else if (e->clue != 0)
		c->rc = take_clue_event(c, e, figure);
	return c->rc;
}

/* -- sums ----------------------------------------------------------------- */

static int
compare_places(const struct figure_ref *x, const struct figure_ref *y)
{
	if (x->domain != y->domain)
		return x->domain < y->domain ? -1 : 1;
	return x->figure < y->figure ? -1 : x->figure > y->figure;
}

static int
by_thing(const void *a, const void *b)
{
	const struct figure_ref *x = a, *y = b;
	int rc = compare_places(x, y);

	if (rc == 0)
		rc = strcmp(x->thing, y->thing);
	if (rc == 0)
		rc = x->event < y->event ? -1 : x->event > y->event;
	return rc;
}

static int
by_event(const void *a, const void *b)
{
	const struct figure_ref *x = a, *y = b;
	int rc = compare_places(x, y);

	if (rc == 0)
		rc = x->event < y->event ? -1 : x->event > y->event;
	return rc;
}

static bool
is_same_thing(const struct figure_ref *x, const struct figure_ref *y)
{
	return compare_places(x, y) == 0 && strcmp(x->thing, y->thing) == 0;
}

static void
sum_up(struct counting *c, struct figures *out)
{
	struct figure_ref *r = (struct figure_ref *)(void *)c->refs.data;
	size_t n = c->refs.len / sizeof(*r), kept = 0;

	if (n > 0)
		qsort(r, n, sizeof(*r), by_thing);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || !is_same_thing(&r[kept - 1], &r[i]))
			r[kept++] = r[i]; /* by its first event */
	if (kept > 0)
		qsort(r, kept, sizeof(*r), by_event);
	for (size_t i = 0; i < kept; i++) {
		out->n[r[i].domain][r[i].figure]++;
		out->n_late += r[i].late;
	}
	out->n_refs = kept;
}

static int
walk(struct counting *c, const struct span *spans, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		c->span = &spans[i];
		c->late = i > 0;
		if (store_ledger(c->s, spans[i].from_s, spans[i].to_s,
			take_event, c, c->err) < 0 ||
		    c->rc < 0)
			return -1;
	}
	return buf_bad(&c->refs) ? no_memory(c->err) : 0;
}

static int
count(struct counting *c, struct figures *out)
{
	struct span spans[MAX_LATE_PERIODS];
	struct form_record *forms = NULL;
	struct regulation *regulations;
	size_t n_forms = 0, n_spans = 1;

	if (regulations_read(
		c->s, c->a, &regulations, &c->n_regulations, c->err) < 0 ||
	    store_chain_head(c->s, &out->last_event, out->head, c->err) < 0)
		return -1;
	c->regulations = regulations;
	spans[0] =
	    (struct span){out->period.from_s, out->period.to_s, 0, INT64_MAX};
	if (out->period.name[0] != '\0') {
		if (store_forms(
			c->s, "monthly", c->a, &forms, &n_forms, c->err) < 0)
			return -1;
		n_spans =
		    find_spans(c->conf, forms, n_forms, &out->period, spans);
		out->filed = filed(forms, n_forms, out->period.name) != NULL;
	}
	if (walk(c, spans, n_spans) < 0)
		return -1;
	sum_up(c, out);
	out->refs = (const struct figure_ref *)(const void *)arena_memdup(
	    c->a, c->refs.data, out->n_refs * sizeof(*out->refs));
	return out->refs == NULL ? no_memory(c->err) : 0;
}

int
figures_count(const struct conf *conf, struct store *s,
    const struct period *period, struct arena *a, struct figures *out,
    struct err *err)
{
	struct counting c = {.conf = conf, .s = s, .a = a, .err = err};
	int rc;

	*out = (struct figures){.period = *period};
	rc = count(&c, out);
	buf_done(&c.refs);
	return rc < 0 ? err_at(err, "count the figures") : 0;
}
