/* SPDX-License-Identifier: ISC */
#include "conf/schema.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libconfig.h>

#include "base/arena.h"

/* Members of a list where the table names no limit. */
#define DEFAULT_LIST_LENGTH 100000

/* One walk over one file. */
struct walk {
	struct load *l;
	const struct source *source;
	struct place at; /* of the setting at hand */
};

static void read_group(struct walk *w, const config_setting_t *from,
    const struct group *g, void *into);

static void *
field(void *into, const struct key *k)
{
	return (char *)into + k->at;
}

static void
set_place(struct walk *w, const config_setting_t *s)
{
	w->at = source_place(w->source, config_setting_source_line(s));
}

/* -- values with a type of their own --------------------------------------- */

static bool
in_range(const struct key *k, int64_t v)
{
	return v >= k->min && v <= k->max;
}

static void
put_int(struct walk *w, const struct key *k, int64_t v, void *into)
{
	if (in_range(k, v))
		*(uint32_t *)field(into, k) = (uint32_t)v;
	else
		load_mistake(w->l, w->at,
		    "%s: %lld is out of range; from %lld to %lld", k->name,
		    (long long)v, (long long)k->min, (long long)k->max);
}

static void
put_number(struct walk *w, const struct key *k, double v, void *into)
{
	double thousandths = v * 1000;

	/* The comparison is false for NaN as well. */
	if (thousandths >= (double)k->min && thousandths <= (double)k->max)
		*(int32_t *)field(into, k) =
		    (int32_t)(thousandths + (thousandths < 0 ? -0.5 : 0.5));
	else
		load_mistake(w->l, w->at,
		    "%s: %g is out of range; from %g to %g", k->name, v,
		    (double)k->min / 1000, (double)k->max / 1000);
}

static void
put_words(
    struct walk *w, const struct key *k, const config_setting_t *s, void *into)
{
	struct words *out = field(into, k);
	int n = config_setting_length(s);
	const char **list = load_array(w->l, (size_t)n, sizeof(*list));
	/* Members are checked like a string that must not be empty. */
	const struct key member = {.name = k->name, .min = 1};

	out->at = w->at;
	if (k->max > 0 && n > k->max) {
		load_mistake(w->l, w->at,
		    "%s: must have at most %lld members, not %d", k->name,
		    (long long)k->max, n);
		return;
	}
	for (int i = 0; list != NULL && i < n; i++) {
		const config_setting_t *e =
		    config_setting_get_elem(s, (unsigned)i);

		set_place(w, e);
		if (config_setting_type(e) != CONFIG_TYPE_STRING) {
			load_mistake(w->l, w->at,
			    "%s: every member must be a text in quotes",
			    k->name);
			return;
		}
		if (!schema_string_ok(
			w->l, w->at, &member, config_setting_get_string(e)))
			return;
		list[i] = load_text(w->l, config_setting_get_string(e));
	}
	out->list = list;
	out->n = list != NULL ? (size_t)n : 0;
}

static void
put_list(
    struct walk *w, const struct key *k, const config_setting_t *s, void *into)
{
	struct list *out = field(into, k);
	int n = config_setting_length(s);
	int64_t most = k->max > 0 ? k->max : DEFAULT_LIST_LENGTH;
	size_t filled = 0;
	char *items;

	out->at = w->at;
	if (n < k->min || n > most) {
		load_mistake(w->l, w->at,
		    "%s: must have %lld to %lld members, not %d", k->name,
		    (long long)k->min, (long long)most, n);
		return;
	}
	items = load_scratch(w->l, (size_t)n, k->group->size);
	for (int i = 0; items != NULL && i < n; i++) {
		const config_setting_t *e =
		    config_setting_get_elem(s, (unsigned)i);

		set_place(w, e);
		if (config_setting_type(e) == CONFIG_TYPE_GROUP)
			read_group(
			    w, e, k->group, items + filled++ * k->group->size);
		else
			load_mistake(w->l, w->at,
			    "%s: every member must be a group { … }", k->name);
	}
	out->items = items;
	out->n = filled;
}

/* -- walking --------------------------------------------------------------- */

static const char *
wanted_form(const struct key *k)
{
	switch (k->type) {
	case KEY_BOOL:
		return "true or false";
	case KEY_INT:
		return "a whole number";
	case KEY_NUMBER:
		return "a number";
	case KEY_TIME:
		return "a time in quotes such as \"30s\"";
	case KEY_SIZE:
		return "a size in quotes such as \"20M\"";
	case KEY_WORDS:
		return "a list of texts [ \"…\", \"…\" ]";
	case KEY_GROUP:
		return "a group { … }";
	case KEY_LIST:
		return "a list of groups ( { … }, { … } )";
	case KEY_STR:
	case KEY_WORD:
	case KEY_PATH:
	case KEY_ENUM:
	case KEY_DATE:
	case KEY_TERM:
	case KEY_HOURS:
		break;
	}
	return "a text in quotes";
}

static bool
form_fits(const struct key *k, int type)
{
	switch (k->type) {
	case KEY_BOOL:
		return type == CONFIG_TYPE_BOOL;
	case KEY_INT:
		return type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64;
	case KEY_NUMBER:
		return type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64 ||
		       type == CONFIG_TYPE_FLOAT;
	case KEY_WORDS:
		return type == CONFIG_TYPE_ARRAY || type == CONFIG_TYPE_LIST;
	case KEY_GROUP:
		return type == CONFIG_TYPE_GROUP;
	case KEY_LIST:
		return type == CONFIG_TYPE_LIST;
	case KEY_STR:
	case KEY_WORD:
	case KEY_PATH:
	case KEY_TIME:
	case KEY_SIZE:
	case KEY_ENUM:
	case KEY_DATE:
	case KEY_TERM:
	case KEY_HOURS:
		break;
	}
	return type == CONFIG_TYPE_STRING;
}

static int64_t
whole_number(const config_setting_t *s)
{
	return config_setting_type(s) == CONFIG_TYPE_INT64
		   ? config_setting_get_int64(s)
		   : config_setting_get_int(s);
}

static void
read_value(
    struct walk *w, const struct key *k, const config_setting_t *s, void *into)
{
	if (!form_fits(k, config_setting_type(s))) {
		load_mistake(
		    w->l, w->at, "%s: must be %s", k->name, wanted_form(k));
		return;
	}
	switch (k->type) {
	case KEY_BOOL:
		*(bool *)field(into, k) = config_setting_get_bool(s) != 0;
		break;
	case KEY_INT:
		put_int(w, k, whole_number(s), into);
		break;
	case KEY_NUMBER:
		put_number(w, k,
		    config_setting_type(s) == CONFIG_TYPE_FLOAT
			? config_setting_get_float(s)
			: (double)whole_number(s),
		    into);
		break;
	case KEY_WORDS:
		put_words(w, k, s, into);
		break;
	case KEY_GROUP:
		read_group(w, s, k->group, field(into, k));
		break;
	case KEY_LIST:
		put_list(w, k, s, into);
		break;
	default:
		schema_put_text(
		    w->l, w->at, k, config_setting_get_string(s), into);
		break;
	}
}

static void
put_default(struct walk *w, const struct key *k, void *into)
{
	switch (k->type) {
	case KEY_BOOL:
		*(bool *)field(into, k) =
		    k->dflt != NULL && strcmp(k->dflt, "true") == 0;
		break;
	case KEY_INT:
		if (k->dflt != NULL)
			put_int(w, k, strtoll(k->dflt, NULL, 10), into);
		break;
	case KEY_NUMBER:
		if (k->dflt != NULL)
			put_number(w, k, strtod(k->dflt, NULL), into);
		break;
	case KEY_GROUP:
		schema_defaults(w->l, k->group, field(into, k));
		((struct origin *)field(into, k))->at = w->at;
		break;
	case KEY_WORDS:
		((struct words *)field(into, k))->at = w->at;
		break;
	case KEY_LIST:
		((struct list *)field(into, k))->at = w->at;
		break;
	case KEY_WORD:
		*(struct word *)field(into, k) = (struct word){"", w->at};
		break;
	case KEY_STR:
	case KEY_PATH:
		*(const char **)field(into, k) = "";
		break;
	default:
		break;
	}
	if (k->dflt != NULL)
		schema_put_text(w->l, w->at, k, k->dflt, into);
}

static void
put_defaults(struct walk *w, const struct group *g, void *into)
{
	memset(into, 0, g->size);
	((struct origin *)into)->at = w->at;
	for (size_t i = 0; i < g->n_keys; i++)
		put_default(w, &g->keys[i], into);
}

/* A second one of its name, which source.c calls "name*N". */
static bool
is_twice(struct walk *w, const config_setting_t *from, const char *name)
{
	char first[64]; /* no key is longer */
	const config_setting_t *other;
	struct place at;

	if (strchr(name, '*') == NULL)
		return false;
	(void)snprintf(first, sizeof(first), "%.*s",
	    (int)strcspn(name, "*"), name);
	other = config_setting_get_member(from, first);
	if (other == NULL)
		return false;
	at = source_place(w->source, config_setting_source_line(other));
	load_mistake(w->l, w->at, "\"%s\" is set twice; also at %s:%d", first,
	    at.file, at.line);
	return true;
}

static void
unknown_key(struct walk *w, const struct group *g, const char *name)
{
	struct near near = {.wanted = name};

	for (size_t i = 0; i < g->n_keys; i++)
		near_try(&near, g->keys[i].name);
	if (near.best != NULL)
		load_mistake(w->l, w->at,
		    "unknown key \"%s\"; did you mean \"%s\"?", name,
		    near.best);
	else
		load_mistake(
		    w->l, w->at, "unknown key \"%s\" in %s", name, g->name);
}

static size_t
find_key(const struct group *g, const char *name)
{
	size_t i = 0;

	while (i < g->n_keys && strcmp(g->keys[i].name, name) != 0)
		i++;
	return i;
}

static void
read_group(struct walk *w, const config_setting_t *from, const struct group *g,
    void *into)
{
	struct origin *origin = into;
	struct place at = w->at;
	int n = config_setting_length(from);

	put_defaults(w, g, into);
	for (int i = 0; i < n; i++) {
		const config_setting_t *s =
		    config_setting_get_elem(from, (unsigned)i);
		size_t k = find_key(g, config_setting_name(s));

		set_place(w, s);
		if (k == g->n_keys) {
			if (!is_twice(w, from, config_setting_name(s)))
				unknown_key(w, g, config_setting_name(s));
			continue;
		}
		origin->seen |= 1UL << k;
		read_value(w, &g->keys[k], s, into);
	}
	for (size_t k = 0; k < g->n_keys; k++)
		if (g->keys[k].required && (origin->seen >> k & 1) == 0)
			load_mistake(w->l, at, "%s: \"%s\" is missing", g->name,
			    g->keys[k].name);
}

void
schema_read(
    struct load *l, const struct source *s, const struct group *g, void *into)
{
	struct walk w = {l, s, source_place(s, 1)};

	read_group(&w, source_root(s), g, into);
}

void
schema_defaults(struct load *l, const struct group *g, void *into)
{
	struct walk w = {l, NULL, {"", 0}};

	put_defaults(&w, g, into);
}

bool
schema_seen(const struct group *g, const struct origin *origin, const char *key)
{
	return (origin->seen >> find_key(g, key) & 1) != 0;
}
