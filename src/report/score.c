/* SPDX-License-Identifier: ISC */
#include "report/score.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "follow/calendar.h"
#include "follow/clue.h"
#include "report/kinds.h"
#include "store/books.h"

/* A clue and somebody to whom it was given. */
struct assignment {
	int64_t clue;
	int person;
};
/* A clue's days, waiting to be sorted in. */
struct took {
	int person;
	int32_t days;
};

struct scoring {
	const struct conf *conf;
	struct store *s;
	const struct report_query *q;
	struct arena *a;
	struct scores *out;
	struct buf assignments, took;
	struct err *err;
	int rc;
};

static int
no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
}

/* -- events --------------------------------------------------------------- */

/* "zhang: why", or "zhang" alone: whom the event names. */
static int
named_person(const struct conf *conf, const char *detail)
{
	char id[80];
	size_t n = strcspn(detail, ": ,;");

	if (n == 0 || n >= sizeof(id))
		return -1;
	memcpy(id, detail, n);
	id[n] = '\0';
	return conf_person(conf, id);
}

static void
add_assignment(struct scoring *c, int64_t clue, int person)
{
	const struct assignment x = {clue, person};

	if (person >= 0)
		buf_add(&c->assignments, &x, sizeof(x));
}

static bool
domain_passes(const struct scoring *c, const struct clue_brief *b)
{
	return c->q->domain[0] == '\0' || strcmp(c->q->domain, b->domain) == 0;
}

static void
count_event(
    struct scoring *c, const struct event_record *e, const struct clue_brief *b)
{
	int who = conf_person(c->conf, e->actor);
	int with = conf_person(c->conf, b->officer);

	if (event_is_assignment(e->kind)) {
		add_assignment(c, e->clue, named_person(c->conf, e->detail));
		add_assignment(c, e->clue, with);
	} else if (event_is_return(e->kind) && who >= 0) {
		c->out->persons[who].returned++;
	} else if (event_is_urging(e->kind) && with >= 0) {
		c->out->persons[with].urged++;
	} else if (event_is_extension(e->kind) && with >= 0) {
		c->out->persons[with].extended++;
	}
}

static int
take_event(void *arg, const struct event_record *e)
{
	struct scoring *c = arg;
	ARENA_AUTO struct arena *a = NULL;
	struct clue_brief b;

	if (e->clue == 0 ||
	    (!event_is_assignment(e->kind) && !event_is_return(e->kind) &&
		!event_is_urging(e->kind) && !event_is_extension(e->kind)))
		return 0;
	if ((a = arena_new()) == NULL)
		return c->rc = no_memory(c->err);
	c->rc = store_clue_brief(c->s, e->clue, a, &b, c->err);
	if (c->rc == 1 && domain_passes(c, &b))
		count_event(c, e, &b);
	return c->rc = c->rc < 0 ? -1 : 0;
}

/* -- deadlines ------------------------------------------------------------ */

static void
judge(struct in_time *t, const struct deadline_record *d, int64_t now_s)
{
	if (d->met_s == 0 && d->due_s > now_s)
		return;
	t->all++;
	t->good += d->met_s != 0 && d->met_s <= d->due_s;
}

/* The day on which it ended counts, the day of dispatch does not: what ended
 * on the same day took none. */
static void
add_days(struct scoring *c, int person, int64_t from_s, int64_t to_s)
{
	const struct calendar cal = {&c->conf->calendar, c->conf->zone};
	struct took t = {.person = person};
	struct civil day;

	civil_from_day(zone_day(c->conf->zone, to_s) + 1, &day);
	t.days = calendar_days_between(
	    &cal, from_s, zone_utc_s(c->conf->zone, &day));
	buf_add(&c->took, &t, sizeof(t));
}

/* A reopened clue may have several of a kind: the last one counts. */
static const struct deadline_record *
last_of(const struct deadline_record *list, size_t n, enum deadline_kind kind)
{
	for (size_t i = n; i > 0; i--)
		if (strcmp(list[i - 1].kind, deadline_name(kind)) == 0)
			return &list[i - 1];
	return NULL;
}

static int
score_clue(struct scoring *c, const struct assignment *x)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct score *s = &c->out->persons[x->person];
	const struct deadline_record *d;
	struct deadline_record *list;
	struct clue_brief b;
	size_t n;
	int rc;

	s->received++;
	if (a == NULL)
		return no_memory(c->err);
	rc = store_clue_brief(c->s, x->clue, a, &b, c->err);
	if (rc != 1 ||
	    strcmp(b.officer, c->conf->roster.persons[x->person].id) != 0)
		return rc < 0 ? -1 : 0;
	if (store_deadlines(c->s, x->clue, a, &list, &n, c->err) < 0)
		return -1;
	if ((d = last_of(list, n, DEADLINE_ACCEPT)) != NULL)
		judge(&s->accepted, d, c->q->now_s);
	if ((d = last_of(list, n, DEADLINE_CONCLUDE)) != NULL) {
		judge(&s->concluded, d, c->q->now_s);
		if (d->met_s != 0)
			add_days(c, x->person, b.dispatched_s, d->met_s);
	}
	return 0;
}

static int
by_clue(const void *a, const void *b)
{
	const struct assignment *x = a, *y = b;

	if (x->clue != y->clue)
		return x->clue < y->clue ? -1 : 1;
	return x->person < y->person ? -1 : x->person > y->person;
}

static int
score_clues(struct scoring *c)
{
	struct assignment *x = (struct assignment *)(void *)c->assignments.data;
	size_t n = c->assignments.len / sizeof(*x);

	if (n > 0)
		qsort(x, n, sizeof(*x), by_clue);
	for (size_t i = 0; i < n; i++)
		if ((i == 0 || by_clue(&x[i - 1], &x[i]) != 0) &&
		    score_clue(c, &x[i]) < 0)
			return -1;
	return 0;
}

static int
take_overdue(void *arg, const struct clue_row *r)
{
	struct scoring *c = arg;
	int with = conf_person(c->conf, r->officer);

	if (with >= 0)
		c->out->persons[with].overdue++;
	return 0;
}

/* -- sums ----------------------------------------------------------------- */

static int
compare_days(const void *a, const void *b)
{
	const int32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Everybody's days in one array each; a unit's are those of its people. */
static int
gather_days(struct scoring *c, struct score *s, int person, int unit)
{
	const struct took *t = (const struct took *)(const void *)c->took.data;
	size_t n = c->took.len / sizeof(*t);

	s->days = arena_array(c->a, n + 1, sizeof(*s->days));
	if (s->days == NULL)
		return no_memory(c->err);
	for (size_t i = 0; i < n; i++)
		if (person >= 0
			? t[i].person == person
			: c->conf->roster.persons[t[i].person].unit == unit)
			s->days[s->n_days++] = t[i].days;
	if (s->n_days > 0)
		qsort(s->days, s->n_days, sizeof(*s->days), compare_days);
	return 0;
}

static void
add_score(struct score *to, const struct score *s)
{
	to->received += s->received;
	to->accepted.good += s->accepted.good;
	to->accepted.all += s->accepted.all;
	to->concluded.good += s->concluded.good;
	to->concluded.all += s->concluded.all;
	to->overdue += s->overdue;
	to->returned += s->returned;
	to->urged += s->urged;
	to->extended += s->extended;
}

static int
sum_up(struct scoring *c)
{
	const struct roster_conf *r = &c->conf->roster;

	for (size_t i = 0; i < r->n_persons; i++) {
		if (gather_days(c, &c->out->persons[i], (int)i, -1) < 0)
			return -1;
		if (r->persons[i].unit >= 0)
			add_score(&c->out->units[r->persons[i].unit],
			    &c->out->persons[i]);
	}
	for (size_t i = 0; i < r->n_units; i++)
		if (gather_days(c, &c->out->units[i], -1, (int)i) < 0)
			return -1;
	return 0;
}

static int
score_all(struct scoring *c)
{
	const struct report_query *q = c->q;
	const struct clue_filter overdue = {
	    .overdue = true, .now_s = q->now_s, .domain = q->domain};

	if (store_ledger(c->s, q->whole ? 0 : q->period.from_s,
		q->whole ? 0 : q->period.to_s, take_event, c, c->err) < 0 ||
	    c->rc < 0 || score_clues(c) < 0 ||
	    store_list(c->s, &overdue, take_overdue, c, c->err) < 0)
		return -1;
	if (buf_bad(&c->assignments) || buf_bad(&c->took))
		return no_memory(c->err);
	return sum_up(c);
}

int
scores_read(const struct conf *conf, struct store *s,
    const struct report_query *q, struct arena *a, struct scores *out,
    struct err *err)
{
	struct scoring c = {
	    .conf = conf, .s = s, .q = q, .a = a, .out = out, .err = err};
	int rc;

	out->persons =
	    arena_array(a, conf->roster.n_persons + 1, sizeof(*out->persons));
	out->units =
	    arena_array(a, conf->roster.n_units + 1, sizeof(*out->units));
	if (out->persons == NULL || out->units == NULL)
		return no_memory(err);
	rc = score_all(&c);
	buf_done(&c.assignments);
	buf_done(&c.took);
	return rc;
}
