/* SPDX-License-Identifier: ISC */
#include "core/sheet.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "core/sheet_units.h"
#include "follow/calendar.h"
#include "follow/clue.h"
#include "follow/recipients.h"

/* Letters that wait longer than this are told of. */
#define WAITING_S 3600
/* Letters in trouble that are read. */
#define MAX_TROUBLE 200
/* The calendar of the next year is asked for from this month on. */
#define CALENDAR_MONTH 11
/* "In three days": working days after today. */
#define SOON_DAYS 3

struct gathering {
	const struct conf *conf;
	struct store *store;
	struct arena *arena;
	struct day_sheet *out;
	const char *office; /* whose eyes it is for */
	int64_t tonight_s, from_event;
	struct buf items; /* of the list at hand */
	bool no_memory;
};

static int
no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
}

static const char *
keep(struct gathering *g, const char *s)
{
	const char *copy = arena_strdup(g->arena, s);

	if (copy == NULL)
		g->no_memory = true;
	return copy != NULL ? copy : "";
}

/* Puts the rows that were collected into *out and empties the collection. */
static int
take_items(struct gathering *g, struct sheet_items *out, struct err *err)
{
	out->n = g->items.len / sizeof(*out->list);
	out->list = arena_array(g->arena, out->n + 1, sizeof(*out->list));
	if (g->no_memory || buf_bad(&g->items) || out->list == NULL)
		return no_memory(err);
	if (out->n > 0)
		memcpy(out->list, g->items.data, g->items.len);
	buf_clear(&g->items);
	return 0;
}

/* -- deadlines ------------------------------------------------------------- */

static bool
is_at_rest(const char *name)
{
	int state = clue_state_by_name(name);

	return state == CLUE_SUSPENDED ||
	       (state >= 0 && clue_state_is_final((enum clue_state)state));
}

static int
add_deadline(void *arg, const struct open_deadline *d)
{
	struct gathering *g = arg;
	const struct sheet_item item = {
	    .number = d->number,
	    .officer = d->officer,
	    .state = d->state,
	    .domain = d->domain,
	    .excluded = "",
	    .kind = deadline_by_name(d->kind),
	    .due_s = d->due_s,
	    .discipline = d->discipline,
	};
	struct sheet_item *copy;

	if (is_at_rest(d->state) || item.kind < 0 ||
	    recipients_excluded(d->excluded, g->office))
		return 0;
	copy = buf_grow(&g->items, sizeof(item));
	if (copy == NULL)
		return 1;
	*copy = item;
	copy->number = keep(g, d->number);
	copy->officer = keep(g, d->officer);
	copy->state = keep(g, d->state);
	copy->domain = keep(g, d->domain);
	return 0;
}

static int
gather_between(struct gathering *g, int64_t from_s, int64_t to_s,
    struct sheet_items *out, struct err *err)
{
	if (store_open_deadlines(g->store, from_s, to_s, add_deadline, g, err) <
	    0)
		return -1;
	return take_items(g, out, err);
}

static int
unit_of(const struct conf *conf, const char *officer)
{
	int person = conf_person(conf, officer);

	return person < 0 ? -1 : conf->roster.persons[person].unit;
}

/* By unit in the roster's order (those of none last), officer, time. */
static int
by_people(const void *a, const void *b, void *arg)
{
	const struct sheet_item *x = a, *y = b;
	int ux = unit_of(arg, x->officer), uy = unit_of(arg, y->officer);
	int c;

	if (ux != uy)
		return ux < 0 ? 1 : uy < 0 ? -1 : ux < uy ? -1 : 1;
	c = strcmp(x->officer, y->officer);
	if (c != 0)
		return c;
	if (x->due_s != y->due_s)
		return x->due_s < y->due_s ? -1 : 1;
	c = strcmp(x->number, y->number);
	return c != 0 ? c : x->kind - y->kind;
}

static int
by_number(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int
count_clues(struct gathering *g, struct err *err)
{
	const struct sheet_items *o = &g->out->overdue;
	const char **numbers = calloc(o->n + 1, sizeof(*numbers));

	if (numbers == NULL)
		return no_memory(err);
	for (size_t i = 0; i < o->n; i++)
		numbers[i] = o->list[i].number;
	qsort(numbers, o->n, sizeof(*numbers), by_number);
	for (size_t i = 0; i < o->n; i++)
		g->out->overdue_clues +=
		    i == 0 || strcmp(numbers[i], numbers[i - 1]) != 0;
	free(numbers);
	return 0;
}

/* calendar_days_between() for each, in one walk back over the days: they come
 * by time, and there may be thousands from years ago. */
static void
count_over_days(
    const struct conf *conf, const struct sheet_items *items, int64_t now_s)
{
	const struct calendar cal = {&conf->calendar, conf->zone};
	int32_t today = zone_day(conf->zone, now_s), at = today, n = 0, day;
	struct civil midnight;

	civil_from_day(today, &midnight);
	for (size_t i = items->n; i > 0; i--) {
		struct sheet_item *x = &items->list[i - 1];

		for (day = zone_day(conf->zone, x->due_s); at > day; at--)
			/* Today counts once it has closed. */
			n += at == today
				 ? calendar_days_between(&cal,
				       zone_utc_s(conf->zone, &midnight) - 1,
				       now_s)
				 : calendar_is_working(&cal, at, NULL);
		x->over_days = n;
	}
}

static int
gather_deadlines(struct gathering *g, struct err *err)
{
	struct day_sheet *t = g->out;
	const struct calendar cal = {&g->conf->calendar, g->conf->zone};
	const struct term soon = {.working_days = SOON_DAYS};
	int64_t soon_s = calendar_add(&cal, t->now_s, &soon) + 1;

	if (soon_s < g->tonight_s)
		soon_s = g->tonight_s;
	if (gather_between(g, 0, t->now_s + 1, &t->overdue, err) < 0 ||
	    gather_between(g, t->now_s + 1, g->tonight_s, &t->today, err) < 0 ||
	    gather_between(g, g->tonight_s, soon_s, &t->soon, err) < 0)
		return -1;
	count_over_days(g->conf, &t->overdue, t->now_s);
	if (t->overdue.n > 0)
		qsort_r(t->overdue.list, t->overdue.n, sizeof(*t->overdue.list),
		    by_people, (void *)(uintptr_t)g->conf);
	return count_clues(g, err);
}

/* -- clues ------------------------------------------------------------------
 */

/* A list's row has no list of the accused: asked for one by one. */
static int
add_clue(void *arg, const struct clue_row *r)
{
	struct gathering *g = arg;
	struct sheet_item item = {.kind = -1, .due_s = r->received_s};
	ARENA_AUTO struct arena *a = arena_new();
	struct clue_record clue;
	struct err err;

	if (a == NULL ||
	    store_clue_by_id(g->store, r->id, a, &clue, &err) != 1) {
		g->no_memory = true;
		return 1;
	}
	if (recipients_excluded(clue.excluded, g->office))
		return 0;
	item.number = keep(g, r->number);
	item.officer = keep(g, r->officer);
	item.state = keep(g, r->state);
	item.domain = keep(g, r->domain);
	item.excluded = "";
	item.discipline = r->discipline;
	buf_add(&g->items, &item, sizeof(item));
	return 0;
}

static int
gather_clues(struct gathering *g, const struct clue_filter *f,
    struct sheet_items *out, struct err *err)
{
	if (store_list(g->store, f, add_clue, g, err) < 0)
		return -1;
	return take_items(g, out, err);
}

/* Those in triage are mostly new ones; what was returned is told apart. */
static int
gather_waiting(struct gathering *g, struct err *err)
{
	const struct clue_filter triage = {.triage = true};
	const struct clue_filter returned = {
	    .state = clue_state_name(CLUE_RETURNED)};
	struct sheet_items *t = &g->out->triage;
	size_t n = 0;

	if (gather_clues(g, &triage, t, err) < 0 ||
	    gather_clues(g, &returned, &g->out->returned, err) < 0)
		return -1;
	for (size_t i = 0; i < t->n; i++)
		if (!is_at_rest(t->list[i].state) &&
		    strcmp(t->list[i].state, returned.state) != 0)
			t->list[n++] = t->list[i];
	t->n = n;
	return 0;
}

static int
add_domain(void *arg, const char *domain, int64_t n)
{
	struct gathering *g = arg;
	struct day_sheet *t = g->out;

	t->n_new += n;
	if (t->n_domains < sizeof(t->domains) / sizeof(t->domains[0]))
		t->domains[t->n_domains++] =
		    (struct sheet_domain){keep(g, domain), n};
	return 0;
}

static int
gather_new(struct gathering *g, struct err *err)
{
	struct day_sheet *t = g->out;

	if (store_new_by_domain(
		g->store, t->from_s, t->now_s, add_domain, g, err) < 0 ||
	    store_count_state(g->store, clue_state_name(CLUE_ASSIGNED),
		&t->unaccepted, err) < 0 ||
	    store_majors_open(
		g->store, g->arena, &t->majors, &t->n_majors, err) < 0)
		return -1;
	for (size_t i = 0; i < t->n_majors;) {
		struct major_row *m = &t->majors[i];

		if (recipients_excluded(m->excluded, g->office))
			memmove(m, m + 1, (--t->n_majors - i) * sizeof(*m));
		else
			i++;
	}
	return 0;
}

/* -- what was urged, letters, the mailbox -----------------------------------
 */

static int
add_step(void *arg, const struct step_row *r)
{
	struct gathering *g = arg;
	struct sheet_item item = {.kind = urge_by_name(r->kind)};

	if (item.kind < 0 || recipients_excluded(r->excluded, g->office))
		return 0;
	g->out->steps[item.kind]++;
	item.number = keep(g, r->number);
	item.officer = item.domain = item.excluded = "";
	item.state = keep(g, r->detail);
	buf_add(&g->items, &item, sizeof(item));
	return 0;
}

static int
gather_letters(struct gathering *g, struct err *err)
{
	struct day_sheet *t = g->out;

	if (store_letters_trouble(g->store, t->from_s, MAX_TROUBLE, g->arena,
		&t->letters, &t->n_letters, err) < 0 ||
	    store_letters_waiting(
		g->store, t->now_s - WAITING_S, &t->waiting, err) < 0)
		return -1;
	for (size_t i = 0; i < t->n_letters; i++) {
		t->failed += t->letters[i].state == LETTER_FAILED;
		t->unknown += t->letters[i].state == LETTER_UNKNOWN;
	}
	return 0;
}

static int
gather_mail(struct gathering *g, struct err *err)
{
	struct day_sheet *t = g->out;

	if (store_mail_between(g->store, t->from_s, t->now_s, &t->seen, err) <
		0 ||
	    store_mail_all(g->store, &t->seen_all, err) < 0)
		return -1;
	t->shelf = t->seen_all.kinds[KIND_SPAM] + t->seen_all.kinds[KIND_EMPTY];
	return 0;
}

static void
look_at_calendar(struct gathering *g, const struct civil *now)
{
	const struct calendar cal = {&g->conf->calendar, g->conf->zone};

	if (!calendar_has_year(&cal, now->year))
		g->out->missing_year = now->year;
	else if (now->month >= CALENDAR_MONTH &&
		 !calendar_has_year(&cal, now->year + 1))
		g->out->missing_year = now->year + 1;
}

static int
gather(struct gathering *g, struct err *err)
{
	if (gather_new(g, err) < 0 || gather_waiting(g, err) < 0 ||
	    gather_deadlines(g, err) < 0 ||
	    store_steps_after(g->store, g->from_event, add_step, g, err) < 0 ||
	    take_items(g, &g->out->urged, err) < 0 ||
	    gather_letters(g, err) < 0 || gather_mail(g, err) < 0 ||
	    sheet_units_gather(g->conf, g->store, g->out->now_s, g->arena,
		g->out, err) < 0)
		return -1;
	return g->no_memory ? no_memory(err) : 0;
}

int
sheet_gather(const struct conf *conf, struct store *s,
    const struct sheet_mark *from, int64_t now_s, struct arena *a,
    struct day_sheet *out, struct err *err)
{
	struct gathering g = {.conf = conf,
	    .store = s,
	    .arena = a,
	    .out = out,
	    .from_event = from->event,
	    .office = conf->roster.persons[conf->roster.office].id};
	struct civil c;
	int rc;

	*out = (struct day_sheet){.from_s = from->at_s, .now_s = now_s};
	zone_civil(conf->zone, now_s, &c);
	look_at_calendar(&g, &c);
	c.hour = c.minute = c.second = 0;
	civil_from_day(civil_day_number(c.year, c.month, c.day) + 1, &c);
	g.tonight_s = zone_utc_s(conf->zone, &c);
	rc = gather(&g, err);
	buf_done(&g.items);
	return rc < 0 ? err_at(err, "daily sheet") : 0;
}

/* What came in, less what is known to have become of it. */
int64_t
sheet_difference(const struct mail_seen *m)
{
	int64_t became = m->quarantine;

	for (int k = 0; k < KIND_COUNT; k++)
		became += m->kinds[k];
	return m->taken + m->by_hand - became;
}

bool
sheet_is_quiet(const struct day_sheet *t)
{
	return t->triage.n == 0 && t->returned.n == 0 && t->today.n == 0 &&
	       t->soon.n == 0 && t->overdue.n == 0 && t->n_majors == 0 &&
	       t->failed == 0 && t->unknown == 0 && t->waiting == 0 &&
	       t->seen_all.quarantine == 0 && t->shelf == 0 &&
	       t->missing_year == 0 && t->seen_all.lost == 0 &&
	       sheet_difference(&t->seen) == 0 &&
	       sheet_difference(&t->seen_all) == 0;
}
