/* SPDX-License-Identifier: ISC */
#include "route/people.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct choice {
	const struct conf *conf;
	const struct route_accused *accused;
	size_t n_accused;
	int32_t day;
	struct buf why;
};

/* 0 = not accused, 1 = perhaps, 2 = surely. */
static int
accused_level(const struct choice *c, int person)
{
	for (size_t i = 0; person >= 0 && i < c->n_accused; i++)
		if (c->accused[i].person == person)
			return c->accused[i].sure ? 2 : 1;
	return 0;
}

static bool
is_absent(const struct choice *c, int person)
{
	return conf_is_absent(&c->conf->roster.persons[person], c->day);
}

static const char *
name_of(const struct choice *c, int person)
{
	return c->conf->roster.persons[person].name;
}

static bool
may_have(const struct choice *c, int person)
{
	return person >= 0 && accused_level(c, person) == 0;
}

static int
first_free(const struct choice *c, enum person_kind kind)
{
	const struct roster_conf *r = &c->conf->roster;

	for (size_t i = 0; i < r->n_persons; i++)
		if (r->persons[i].kind == kind && may_have(c, (int)i))
			return (int)i;
	return -1;
}

/* Somebody of the office who is not accused; the office at the worst: a clue
 * must not be lost because it names everybody. */
static int
office_of(const struct choice *c)
{
	const struct roster_conf *r = &c->conf->roster;
	int other;

	if (may_have(c, r->office))
		return r->office;
	other = first_free(c, PERSON_OFFICE);
	return other >= 0 ? other : r->office;
}

/* Discipline, another of its people, the bureau's leader, the office: the
 * first who is not accused. */
static void
to_discipline(struct choice *c, struct route_people *out, const char *why)
{
	const struct roster_conf *r = &c->conf->roster;
	int person = r->discipline;

	out->to_discipline = true;
	if (!may_have(c, person))
		person = first_free(c, PERSON_DISCIPLINE);
	if (person < 0 && may_have(c, r->bureau_leader))
		person = r->bureau_leader;
	if (person < 0)
		person = office_of(c);
	out->officer = person;
	buf_addf(&c->why, "%s，交纪检（%s）", why, name_of(c, person));
	if (accused_level(c, r->discipline) > 0)
		buf_addf(
		    &c->why, "；%s被举报，回避", name_of(c, r->discipline));
}

/* What waits for a person's decision.  An office that is accused does not
 * get it. */
static void
to_office(struct choice *c, struct route_people *out, const char *why)
{
	int person = office_of(c);

	if (accused_level(c, person) > 0) {
		buf_addf(&c->why, "%s；", why);
		to_discipline(c, out, "督办人员被举报，回避");
		return;
	}
	out->officer = person;
	out->triage = true;
	buf_addf(&c->why, "%s，由%s处理", why, name_of(c, person));
}

static const struct duty_conf *
duty_of(const struct conf *conf, const struct route_decision *d)
{
	for (size_t i = 0; i < conf->roster.n_duties; i++) {
		const struct duty_conf *duty = &conf->roster.duties[i];

		if ((duty->domain < 0 || duty->domain == d->domain) &&
		    (duty->area < 0 || duty->area == d->area))
			return duty;
	}
	return NULL;
}

/* The highest level at which anybody of the duty is accused. */
static int
duty_accused(struct choice *c, const struct duty_conf *duty)
{
	const int who[] = {duty->officer, duty->deputy, duty->leader};
	int level = 0;

	for (size_t i = 0; i < 3; i++) {
		int l = accused_level(c, who[i]);
		bool again =
		    (i > 0 && who[i] == who[0]) || (i > 1 && who[i] == who[1]);

		if (l > 0 && !again)
			buf_addf(&c->why, "%s%s，",
			    l == 2 ? "举报涉及" : "疑似举报",
			    name_of(c, who[i]));
		if (l > level)
			level = l;
	}
	return level;
}

/* The first of officer, deputy, leader who is there. */
static void
to_duty(struct choice *c, const struct route_decision *d,
    const struct duty_conf *duty, struct route_people *out)
{
	const int who[] = {duty->officer, duty->deputy, duty->leader};

	buf_addf(&c->why, "按分工：%s、%s",
	    c->conf->rules.domains[d->domain].title,
	    d->area < 0 ? "未指明区域" : c->conf->areas[d->area].name);
	for (size_t i = 0; i < 3 && out->officer < 0; i++) {
		if (who[i] < 0)
			continue;
		if (is_absent(c, who[i])) {
			buf_addf(&c->why, "；%s不在岗", name_of(c, who[i]));
			continue;
		}
		out->officer = who[i];
		if (i == 0 && duty->deputy >= 0 && duty->deputy != who[0] &&
		    !is_absent(c, duty->deputy))
			out->deputy = duty->deputy;
	}
	if (out->officer < 0) {
		to_office(c, out, "；无人在岗");
		return;
	}
	if (duty->leader != out->officer)
		out->leader = duty->leader;
	buf_addf(&c->why, "，由%s承办", name_of(c, out->officer));
}

static void
choose(
    struct choice *c, const struct route_decision *d, struct route_people *out)
{
	const struct duty_conf *duty = duty_of(c->conf, d);
	int level;

	if (c->conf->rules.domains[d->domain].discipline) {
		to_discipline(c, out, "涉及公职人员");
		return;
	}
	level = duty == NULL ? 0 : duty_accused(c, duty);
	if (level == 2)
		to_discipline(c, out, "本分工人员回避");
	else if (level == 1)
		to_office(c, out, "待核实是否回避");
	else if (d->triage)
		to_office(c, out, "规则不能定领域");
	else if (duty == NULL)
		to_office(c, out, "没有对应的分工");
	else
		to_duty(c, d, duty, out);
}

int
people_choose(const struct conf *conf, const struct route_decision *d,
    const struct route_accused *accused, size_t n_accused, int32_t day,
    struct arena *a, struct route_people *out, struct err *err)
{
	struct choice c = {conf, accused, n_accused, day, BUF_INIT};

	memset(out, 0, sizeof(*out));
	out->officer = out->deputy = out->leader = -1;
	choose(&c, d, out);
	if (!buf_bad(&c.why))
		out->why = arena_strdup(a, buf_str(&c.why));
	buf_done(&c.why);
	if (out->why == NULL)
		return err_set(
		    err, ERR_SYSTEM, ERR_OWN, 0, "no memory for the reason");
	return 0;
}
