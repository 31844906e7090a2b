/* SPDX-License-Identifier: ISC */
#include "conf/check.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "conf/value.h"

void
check_id(struct load *l, const struct word *w)
{
	if (*w->text != '\0' && !value_id_ok(w->text))
		load_mistake(l, w->at, "id: \"%s\" must be of a-z, 0-9 and '-'",
		    w->text);
}

void
check_address(struct load *l, const struct word *w, const char *key)
{
	const char *fault =
	    *w->text == '\0' ? NULL : value_address_fault(w->text);

	if (fault != NULL)
		load_mistake(l, w->at, "%s: \"%s\" %s", key, w->text, fault);
}

static void
check_length(struct load *l, const char *name, struct place at)
{
	if (*name != '\0' && utf8_count(name, strlen(name)) < 2)
		load_mistake(l, at,
		    "name \"%s\" is too short; it would be found in every "
		    "text",
		    name);
}

void
check_name(struct load *l, const struct word *w, const struct words *more)
{
	check_length(l, w->text, w->at);
	for (size_t i = 0; i < more->n; i++)
		check_length(l, more->list[i], more->at);
}

static const char *
folded(struct load *l, const char *s)
{
	char *copy = arena_strdup(l->tmp, s);

	if (copy == NULL) {
		l->no_memory = true;
		return "";
	}
	for (char *p = copy; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p + ('a' - 'A'));
	return copy;
}

/* A letter to our own mailbox would come back as a tip. */
static void
check_not_ours(struct load *l, const struct word *w)
{
	for (size_t i = 0; i < l->conf->n_mailboxes; i++)
		if (*w->text != '\0' &&
		    str_ieq(l->conf->mailboxes[i].address, w->text))
			load_mistake(l, w->at,
			    "address \"%s\" is the tip mailbox itself",
			    w->text);
}

void
check_own_addresses(struct load *l, const struct word *list, size_t n)
{
	struct id_entry *ids = load_scratch(l, n, sizeof(*ids));
	struct id_index unused;

	if (ids == NULL)
		return;
	for (size_t i = 0; i < n; i++) {
		ids[i] =
		    (struct id_entry){folded(l, list[i].text), i, list[i].at};
		check_not_ours(l, &list[i]);
	}
	index_build(l, &unused, ids, n, "address");
}

/* -- duties ---------------------------------------------------------------- */

static bool
duty_reaches(const struct duty_conf *d, int domain, int area)
{
	return (d->domain == -1 || d->domain == domain) &&
	       (d->area == -1 || d->area == area);
}

static bool
is_reached(const struct load *l, int domain, int area)
{
	const struct roster_conf *r = &l->conf->roster;

	for (size_t i = 0; i < r->n_duties; i++)
		if (duty_reaches(&r->duties[i], domain, area))
			return true;
	return false;
}

/* The first area in which nobody has the domain; NULL if there is none.  Area
 * -2 fits only duties for any area. */
static const char *
bare_area(const struct load *l, int domain)
{
	if (is_reached(l, domain, -2))
		return NULL;
	for (size_t i = 0; i < l->conf->n_areas; i++)
		if (!is_reached(l, domain, (int)i))
			return l->conf->areas[i].name;
	return "where no area was found";
}

static bool
has_any_duty(const struct load *l, int domain)
{
	const struct roster_conf *r = &l->conf->roster;

	for (size_t i = 0; i < r->n_duties; i++)
		if (r->duties[i].domain == -1 || r->duties[i].domain == domain)
			return true;
	return false;
}

static bool
is_shadowed(const struct duty_conf *later, const struct duty_conf *earlier)
{
	return (earlier->domain == -1 || earlier->domain == later->domain) &&
	       (earlier->area == -1 || earlier->area == later->area);
}

/* The first that fits is taken, so the general ones belong to the end. */
static void
check_order(struct load *l, const struct place *places)
{
	const struct roster_conf *r = &l->conf->roster;

	for (size_t i = 0; i < r->n_duties; i++)
		for (size_t k = 0; k < i; k++)
			if (is_shadowed(&r->duties[i], &r->duties[k])) {
				load_warning(l, places[i],
				    "this duty is never reached; the one at "
				    "%s:%d takes its clues",
				    places[k].file, places[k].line);
				break;
			}
}

static void
check_reach(struct load *l, struct place at)
{
	const struct rules_conf *rules = &l->conf->rules;

	for (size_t i = 0; i < rules->n_domains; i++) {
		const struct domain_conf *d = &rules->domains[i];
		const char *bare;

		/* These wait with the office or go to discipline. */
		if (d->discipline || strcmp(d->id, DOMAIN_OTHER) == 0)
			continue;
		if (!has_any_duty(l, (int)i))
			load_mistake(l, at,
			    "duties: no officer for domain \"%s\" (%s)", d->id,
			    d->title);
		else if ((bare = bare_area(l, (int)i)) != NULL)
			load_warning(l, at,
			    "duties: domain \"%s\" has no officer in every "
			    "area (%s); such clues wait with the office",
			    d->id, bare);
	}
}

void
check_duties(struct load *l, struct place at, const struct place *places)
{
	check_reach(l, at);
	check_order(l, places);
}
