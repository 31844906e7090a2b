/* SPDX-License-Identifier: ISC */
#ifndef REPORT_WORLD_H
#define REPORT_WORLD_H

#include "test_store_help.h"

#include "base/buf.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "report/period.h"
#include "store/books.h"

/* A small office over a store of its own: three domains, two units. */
struct office {
	struct world *w;
	struct conf conf;
	struct domain_conf domains[3];
	struct unit_conf units[2];
	struct person_conf persons[4];
};

#define OFFICE_SHANGHAI_S 28800

/* UTC seconds of a wall clock in Shanghai. */
static inline int64_t
at(int year, int month, int day, int hour)
{
	return (int64_t)civil_day_number(year, month, day) * 86400 +
	       hour * 3600 - OFFICE_SHANGHAI_S;
}

static inline int
office_setup(void **state)
{
	static const struct domain_conf domains[] = {
	    {.id = "muck", .title = "渣土运输"},
	    {.id = "street", .title = "占道经营"},
	    {.id = "other", .title = "其他"},
	};
	static const struct unit_conf units[] = {
	    {.id = "haulage", .name = "渣土管理所", .leader = -1},
	    {.id = "patrol", .name = "执法大队", .leader = -1},
	};
	static const struct person_conf persons[] = {
	    {.id = "zhang", .name = "张一", .unit = 0},
	    {.id = "li", .name = "李二", .unit = 1},
	    {.id = "wang", .name = "王三", .unit = 1},
	    {.id = "office", .name = "专班", .unit = -1, .kind = PERSON_OFFICE},
	};
	struct office *o = calloc(1, sizeof(*o));
	void *w = NULL;

	assert_non_null(o);
	assert_int_equal(world_setup(&w), 0);
	o->w = w;
	memcpy(o->domains, domains, sizeof(domains));
	memcpy(o->units, units, sizeof(units));
	memcpy(o->persons, persons, sizeof(persons));
	ok(o->w, zone_new("Asia/Shanghai", &o->conf.zone, &o->w->err));
	o->conf.office.name = "海湾区城市管理局";
	o->conf.report = (struct report_conf){.period_day = 25,
	    .title = "月报表",
	    .total = true,
	    .filled_by = "",
	    .phone = "",
	    .copy_to = "区扫黑办"};
	o->conf.rules.domains = o->domains;
	o->conf.rules.n_domains = 3;
	o->conf.roster.units = o->units;
	o->conf.roster.n_units = 2;
	o->conf.roster.persons = o->persons;
	o->conf.roster.n_persons = 4;
	for (int day = 1; day <= 5; day++) {
		o->conf.calendar.week[day].spans[0] =
		    (struct work_span){510, 1050};
		o->conf.calendar.week[day].n_spans = 1;
	}
	*state = o;
	return 0;
}

static inline int
office_teardown(void **state)
{
	struct office *o = *state;
	void *w = o->w;

	zone_free(&o->conf.zone);
	(void)world_teardown(&w);
	free(o);
	return 0;
}

#define IN_AN_OFFICE(f) \
	cmocka_unit_test_setup_teardown(f, office_setup, office_teardown)

/* A clue with its first event, in a transaction of its own. */
static inline int64_t
office_clue(
    struct office *o, const char *domain, const char *officer, int64_t at_s)
{
	struct clue_record r = sample_clue();
	struct event_record e = {.at_s = at_s,
	    .kind = "received",
	    .actor = "clued",
	    .detail = "mail"};

	r.domain = domain;
	r.officer = officer;
	r.received_s = r.dispatched_s = at_s;
	ok(o->w, store_begin(o->w->s, &o->w->err));
	ok(o->w, store_clue_add(o->w->s, &r, "LY", 2026, o->w->a, &o->w->err));
	e.clue = r.id;
	ok(o->w, store_event_add(o->w->s, &e, &o->w->err));
	ok(o->w, store_commit(o->w->s, &o->w->err));
	return r.id;
}

static inline void
office_event(struct office *o, int64_t clue, int64_t at_s, const char *kind,
    const char *actor, const char *detail)
{
	const struct event_record e = {.clue = clue,
	    .at_s = at_s,
	    .kind = kind,
	    .actor = actor,
	    .detail = detail};

	ok(o->w, store_begin(o->w->s, &o->w->err));
	ok(o->w, store_event_add(o->w->s, &e, &o->w->err));
	ok(o->w, store_commit(o->w->s, &o->w->err));
}

static inline struct period
office_period(struct office *o, const char *name)
{
	struct period p;

	ok(o->w, period_named(&o->conf, name, &p, &o->w->err));
	return p;
}

/* A file's bytes with a NUL behind them; the caller frees. */
static inline char *
office_read(const char *path, size_t *len_out)
{
	FILE *f = fopen(path, "r");
	char *text = calloc(1, 4 << 20);

	assert_non_null(f);
	assert_non_null(text);
	*len_out = fread(text, 1, (4 << 20) - 1, f);
	(void)fclose(f);
	return text;
}

#endif
