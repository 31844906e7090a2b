/* SPDX-License-Identifier: ISC */
#include "conf/load.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "conf/check.h"
#include "conf/schema.h"
#include "conf/value.h"

/*
 * roster.conf:
 *
 *   units = (
 *     { id = "haulage"; name = "渣土管理所"; address = "…"; aliases = [ … ];
 *       leader = "person id"; }
 *   );
 *   persons = (
 *     { id = "chen"; name = "…"; address = "…"; aliases = [ … ];
 *       phones = [ … ]; role = "渣土管理所所长"; unit = "haulage";
 *       kind = "officer";            # officer, office, discipline
 *       absent_from = "2026-10-01"; absent_to = "2026-10-15";
 *       common_name = false; digest = false; }
 *   );
 *   # The first that fits is taken; "*" is any.
 *   duties = (
 *     { domain = "muck-transport"; area = "*"; officer = "chen";
 *       deputy = "…"; leader = "…"; }
 *   );
 *   office = "person id";  discipline = "person id";  bureau_leader = "…";
 */

#define ANY "*"

struct raw_unit {
	struct origin origin;
	struct word id, name, address, leader;
	struct words aliases;
};
struct raw_person {
	struct origin origin;
	struct word id, name, address, unit;
	const char *role;
	struct words aliases, phones;
	int kind;
	int32_t absent_from, absent_to;
	bool common_name, digest;
};
struct raw_duty {
	struct origin origin;
	struct word domain, area, officer, deputy, leader;
};
struct raw_roster {
	struct origin origin;
	struct list units, persons, duties;
	struct word office, discipline, bureau_leader;
};

static const char *const kind_names[] = {
    "officer", "office", "discipline", NULL};

#define UNIT(member) offsetof(struct raw_unit, member)
static const struct key unit_keys[] = {
    {"id", KEY_WORD, .required = true, .min = 1, .at = UNIT(id)},
    {"name", KEY_WORD, .required = true, .min = 1, .max = 200,
	.at = UNIT(name)},
    {"address", KEY_WORD, .at = UNIT(address)},
    {"aliases", KEY_WORDS, .at = UNIT(aliases)},
    {"leader", KEY_WORD, .at = UNIT(leader)},
};
static const struct group unit_group =
    GROUP("units", unit_keys, struct raw_unit);

#define PERSON(member) offsetof(struct raw_person, member)
static const struct key person_keys[] = {
    {"id", KEY_WORD, .required = true, .min = 1, .at = PERSON(id)},
    {"name", KEY_WORD, .required = true, .min = 1, .max = 120,
	.at = PERSON(name)},
    {"address", KEY_WORD, .required = true, .min = 1, .at = PERSON(address)},
    {"aliases", KEY_WORDS, .at = PERSON(aliases)},
    {"phones", KEY_WORDS, .at = PERSON(phones)},
    {"role", KEY_STR, .max = 120, .at = PERSON(role)},
    {"unit", KEY_WORD, .at = PERSON(unit)},
    {"kind", KEY_ENUM, .dflt = "officer", .names = kind_names,
	.at = PERSON(kind)},
    {"absent_from", KEY_DATE, .at = PERSON(absent_from)},
    {"absent_to", KEY_DATE, .at = PERSON(absent_to)},
    {"common_name", KEY_BOOL, .dflt = "false", .at = PERSON(common_name)},
    {"digest", KEY_BOOL, .dflt = "false", .at = PERSON(digest)},
};
static const struct group person_group =
    GROUP("persons", person_keys, struct raw_person);

#define DUTY(member) offsetof(struct raw_duty, member)
static const struct key duty_keys[] = {
    {"domain", KEY_WORD, .dflt = ANY, .min = 1, .at = DUTY(domain)},
    {"area", KEY_WORD, .dflt = ANY, .min = 1, .at = DUTY(area)},
    {"officer", KEY_WORD, .required = true, .min = 1, .at = DUTY(officer)},
    {"deputy", KEY_WORD, .at = DUTY(deputy)},
    {"leader", KEY_WORD, .at = DUTY(leader)},
};
static const struct group duty_group =
    GROUP("duties", duty_keys, struct raw_duty);

#define ROSTER(member) offsetof(struct raw_roster, member)
static const struct key roster_keys[] = {
    {"units", KEY_LIST, .group = &unit_group, .at = ROSTER(units)},
    {"persons", KEY_LIST, .required = true, .min = 1, .group = &person_group,
	.at = ROSTER(persons)},
    {"duties", KEY_LIST, .required = true, .group = &duty_group,
	.at = ROSTER(duties)},
    {"office", KEY_WORD, .required = true, .min = 1, .at = ROSTER(office)},
    {"discipline", KEY_WORD, .required = true, .min = 1,
	.at = ROSTER(discipline)},
    {"bureau_leader", KEY_WORD, .at = ROSTER(bureau_leader)},
};
const struct group roster_group =
    GROUP("roster.conf", roster_keys, struct raw_roster);

/* What references are looked up in. */
struct names {
	const struct id_index *domains, *areas;
	struct id_index units, persons;
};

/* -- persons --------------------------------------------------------------- */

/* "+86 138-0000-0000" → "13800000000": tips write numbers without the country
 * code.  NULL when it cannot be a phone number. */
static const char *
plain_phone(struct load *l, const char *s)
{
	char digits[32];
	size_t n = 0;

	if (strspn(s, "+0123456789 -()") != strlen(s))
		return NULL;
	for (; *s != '\0' && n < sizeof(digits) - 1; s++)
		if (*s >= '0' && *s <= '9')
			digits[n++] = *s;
	digits[n] = '\0';
	if (n < 3 || n > 17)
		return NULL;
	if (n == 13 && str_starts(digits, "86"))
		return load_text(l, digits + 2);
	if (n == 15 && str_starts(digits, "0086"))
		return load_text(l, digits + 4);
	return load_text(l, digits);
}

static void
take_phones(struct load *l, const struct words *raw, struct person_conf *out)
{
	const char **phones = load_array(l, raw->n, sizeof(*phones));
	size_t n = 0;

	for (size_t i = 0; phones != NULL && i < raw->n; i++) {
		phones[n] = plain_phone(l, raw->list[i]);
		if (phones[n] != NULL)
			n++;
		else
			load_mistake(l, raw->at,
			    "phones: \"%s\" is not a phone number",
			    raw->list[i]);
	}
	out->phones = phones;
	out->n_phones = n;
}

static void
take_absence(
    struct load *l, const struct raw_person *raw, struct person_conf *out)
{
	out->absent_from = raw->absent_from;
	out->absent_to = raw->absent_to;
	if (raw->absent_from == 0 && raw->absent_to != 0)
		load_mistake(l, raw->origin.at,
		    "absent_to without absent_from: absent since when?");
	else if (raw->absent_from != 0 && raw->absent_to == 0)
		out->absent_to = INT32_MAX;
	else if (raw->absent_to < raw->absent_from)
		load_mistake(
		    l, raw->origin.at, "absent_to is before absent_from");
}

static void
take_person(struct load *l, const struct raw_person *raw,
    const struct names *names, struct person_conf *out)
{
	check_id(l, &raw->id);
	check_address(l, &raw->address, "address");
	check_name(l, &raw->name, &raw->aliases);
	out->id = raw->id.text;
	out->name = raw->name.text;
	out->address = raw->address.text;
	out->aliases = raw->aliases.list;
	out->n_aliases = raw->aliases.n;
	out->role = raw->role;
	out->unit = index_ref(l, &names->units, &raw->unit, "unit");
	out->kind = (enum person_kind)raw->kind;
	out->common_name = raw->common_name;
	out->digest = raw->digest;
	take_phones(l, &raw->phones, out);
	take_absence(l, raw, out);
}

static void
take_persons(struct load *l, const struct list *raw, const struct names *names)
{
	const struct raw_person *list = raw->items;
	struct person_conf *out = load_array(l, raw->n, sizeof(*out));

	if (out == NULL)
		return;
	for (size_t i = 0; i < raw->n; i++)
		take_person(l, &list[i], names, &out[i]);
	l->conf->roster.persons = out;
	l->conf->roster.n_persons = raw->n;
}

/* -- units ----------------------------------------------------------------- */

static void
take_units(struct load *l, const struct list *raw, const struct names *names)
{
	const struct raw_unit *list = raw->items;
	struct unit_conf *out = load_array(l, raw->n, sizeof(*out));

	if (out == NULL)
		return;
	for (size_t i = 0; i < raw->n; i++) {
		check_id(l, &list[i].id);
		check_address(l, &list[i].address, "address");
		check_name(l, &list[i].name, &list[i].aliases);
		out[i] = (struct unit_conf){
		    .id = list[i].id.text,
		    .name = list[i].name.text,
		    .address = list[i].address.text,
		    .aliases = list[i].aliases.list,
		    .n_aliases = list[i].aliases.n,
		    .leader = index_ref(
			l, &names->persons, &list[i].leader, "person"),
		};
	}
	l->conf->roster.units = out;
	l->conf->roster.n_units = raw->n;
}

/* -- duties ---------------------------------------------------------------- */

/* -1 for "*"; -2 for a name that is not there. */
static int
ref_or_any(struct load *l, const struct id_index *x, const struct word *w,
    const char *what)
{
	int i;

	if (strcmp(w->text, ANY) == 0)
		return -1;
	i = index_ref(l, x, w, what);
	return i >= 0 ? i : -2;
}

/* A duty with a bad reference is left out: -1 would mean "any" there. */
static bool
take_duty(struct load *l, const struct raw_duty *raw, const struct names *names,
    struct duty_conf *out)
{
	int domain = -2, area = -2;

	/* Where a file could not be read, its names are not asked for. */
	if (names->domains->n > 0)
		domain = ref_or_any(l, names->domains, &raw->domain, "domain");
	if (names->areas->n > 0 || strcmp(raw->area.text, ANY) == 0)
		area = ref_or_any(l, names->areas, &raw->area, "area");
	*out = (struct duty_conf){
	    .domain = domain,
	    .area = area,
	    .officer = index_ref(l, &names->persons, &raw->officer, "person"),
	    .deputy = index_ref(l, &names->persons, &raw->deputy, "person"),
	    .leader = index_ref(l, &names->persons, &raw->leader, "person"),
	};
	if (out->officer >= 0 && out->deputy == out->officer)
		load_mistake(l, raw->deputy.at,
		    "deputy: \"%s\" is the officer already", raw->deputy.text);
	return domain > -2 && area > -2;
}

static void
take_duties(struct load *l, const struct list *raw, const struct names *names)
{
	const struct raw_duty *list = raw->items;
	struct duty_conf *out = load_array(l, raw->n, sizeof(*out));
	struct place *places = load_scratch(l, raw->n, sizeof(*places));
	size_t n = 0;

	if (out == NULL || places == NULL)
		return;
	for (size_t i = 0; i < raw->n; i++) {
		places[i] = list[i].origin.at;
		n += take_duty(l, &list[i], names, &out[n]);
	}
	l->conf->roster.duties = out;
	l->conf->roster.n_duties = n;
	/* With a reference gone astray the answer would be a false one. */
	if (n == raw->n && names->domains->n > 0)
		check_duties(l, raw->at, places);
}

/* -- the whole ------------------------------------------------------------- */

static void
index_people(struct load *l, const struct raw_roster *raw, struct names *names)
{
	const struct raw_unit *units = raw->units.items;
	const struct raw_person *persons = raw->persons.items;
	struct id_entry *u = load_scratch(l, raw->units.n, sizeof(*u));
	struct id_entry *p = load_scratch(l, raw->persons.n, sizeof(*p));

	if (u == NULL || p == NULL)
		return;
	for (size_t i = 0; i < raw->units.n; i++)
		u[i] = (struct id_entry){units[i].id.text, i, units[i].id.at};
	for (size_t i = 0; i < raw->persons.n; i++)
		p[i] =
		    (struct id_entry){persons[i].id.text, i, persons[i].id.at};
	index_build(l, &names->units, u, raw->units.n, "unit");
	index_build(l, &names->persons, p, raw->persons.n, "person");
}

/* One of the three offices: a person, of the kind if one is asked for. */
static int
take_post(struct load *l, const struct names *names, const struct word *w,
    const char *key, int kind)
{
	int i = index_ref(l, &names->persons, w, "person");

	if (i >= 0 && kind >= 0 && (int)l->conf->roster.persons[i].kind != kind)
		load_mistake(l, w->at,
		    "%s: \"%s\" must be a person of kind = \"%s\"", key,
		    w->text, kind_names[kind]);
	return i;
}

static void
check_addresses(struct load *l, const struct raw_roster *raw)
{
	const struct raw_unit *units = raw->units.items;
	const struct raw_person *persons = raw->persons.items;
	struct word *p = load_scratch(l, raw->persons.n, sizeof(*p));
	struct word *u = load_scratch(l, raw->units.n, sizeof(*u));

	if (p == NULL || u == NULL)
		return;
	for (size_t i = 0; i < raw->persons.n; i++)
		p[i] = persons[i].address;
	for (size_t i = 0; i < raw->units.n; i++) {
		u[i] = units[i].address;
		if (conf_person_by_address(l->conf, u[i].text) >= 0)
			load_warning(l, u[i].at,
			    "address \"%s\" is also a person's; mail from it "
			    "counts as the person's",
			    u[i].text);
	}
	check_own_addresses(l, p, raw->persons.n);
	check_own_addresses(l, u, raw->units.n);
}

static void
take_roster(struct load *l, const struct raw_roster *raw, struct names *names)
{
	struct roster_conf *out = &l->conf->roster;

	index_people(l, raw, names);
	take_units(l, &raw->units, names);
	take_persons(l, &raw->persons, names);
	check_addresses(l, raw);
	if (out->persons != NULL) {
		out->office =
		    take_post(l, names, &raw->office, "office", PERSON_OFFICE);
		out->discipline = take_post(l, names, &raw->discipline,
		    "discipline", PERSON_DISCIPLINE);
		out->bureau_leader = take_post(
		    l, names, &raw->bureau_leader, "bureau_leader", -1);
	}
	take_duties(l, &raw->duties, names);
}

void
load_roster(struct load *l, const char *path, struct place from,
    const struct id_index *domains, const struct id_index *areas)
{
	struct source *s = source_open(l, path, from, NULL);
	struct names names = {domains, areas, {0}, {0}};
	struct raw_roster raw;

	if (s == NULL)
		return;
	schema_read(l, s, &roster_group, &raw);
	source_close(&s);
	take_roster(l, &raw, &names);
}
