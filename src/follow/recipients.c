/* SPDX-License-Identifier: ISC */
#include "follow/recipients.h"

#include <string.h>

#include "conf/conf.h"

struct search {
	const struct conf *conf;
	const struct recipients_clue *clue;
	int32_t today;
};

bool
recipients_excluded(const char *excluded, const char *id)
{
	size_t len = strlen(id);
	const char *p = excluded;

	while (len > 0 && p != NULL) {
		p += strspn(p, "; ");
		if (strncmp(p, id, len) == 0 &&
		    (p[len] == ':' || p[len] == ';' || p[len] == '\0'))
			return true;
		p = strchr(p, ';');
	}
	return false;
}

static const struct person_conf *
person_of(const struct search *s, int person)
{
	return &s->conf->roster.persons[person];
}

static bool
is_excluded(const struct search *s, int person)
{
	return recipients_excluded(s->clue->excluded, person_of(s, person)->id);
}

static bool
is_absent(const struct search *s, int person)
{
	return conf_is_absent(person_of(s, person), s->today);
}

/* The first of the kind who is not accused, `first` before all others. */
static int
first_free(const struct search *s, enum person_kind kind, int first)
{
	const struct roster_conf *r = &s->conf->roster;

	if (first >= 0 && !is_excluded(s, first))
		return first;
	for (size_t i = 0; i < r->n_persons; i++)
		if (r->persons[i].kind == kind && !is_excluded(s, (int)i))
			return (int)i;
	return -1;
}

static int
office_of(const struct search *s)
{
	const struct roster_conf *r = &s->conf->roster;
	int person = first_free(s, PERSON_OFFICE, r->office);

	return person >= 0 ? person
			   : first_free(s, PERSON_DISCIPLINE, r->discipline);
}

/* The officer, or the first of deputy and leader who is there today.  An
 * accused officer's people do not act for him. */
static int
acting(const struct search *s)
{
	const char *const ids[] = {
	    s->clue->officer, s->clue->deputy, s->clue->leader};

	if (s->clue->with_office ||
	    recipients_excluded(s->clue->excluded, ids[0]))
		return office_of(s);
	for (size_t i = 0; i < (s->clue->discipline ? 1 : 3); i++) {
		int person = conf_person(s->conf, ids[i]);

		if (person >= 0 && !is_excluded(s, person) &&
		    (s->clue->discipline || !is_absent(s, person)))
			return person;
	}
	return office_of(s);
}

/* The head of the officer's unit; the duty's leader where that is the officer
 * himself or nobody. */
static int
leader_of(const struct search *s)
{
	int officer = conf_person(s->conf, s->clue->officer);
	int unit = officer < 0 ? -1 : person_of(s, officer)->unit;
	int leader = unit < 0 ? -1 : s->conf->roster.units[unit].leader;

	return leader >= 0 && leader != officer
		   ? leader
		   : conf_person(s->conf, s->clue->leader);
}

static void
add(const struct search *s, struct recipients *out, int person)
{
	if (person < 0)
		return;
	if (is_excluded(s, person))
		person = office_of(s);
	for (size_t i = 0; i < out->n; i++)
		if (out->person[i] == person)
			return;
	if (person >= 0)
		out->person[out->n++] = person;
}

void
recipients_find(const struct conf *conf, const struct recipients_clue *clue,
    uint32_t to, int32_t today, struct recipients *out)
{
	const struct search s = {conf, clue, today};

	*out = (struct recipients){.acting = acting(&s)};
	if ((to & LADDER_OFFICER) != 0)
		add(&s, out, out->acting);
	if ((to & LADDER_LEADER) != 0 && !clue->discipline)
		add(&s, out, leader_of(&s));
	if ((to & LADDER_BUREAU_LEADER) != 0 && !clue->discipline)
		add(&s, out, conf->roster.bureau_leader);
	if ((to & LADDER_OFFICE) != 0 || out->n == 0)
		add(&s, out, office_of(&s));
}
