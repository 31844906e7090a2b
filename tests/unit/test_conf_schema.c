/* SPDX-License-Identifier: ISC */
/*
 * Tables, example files and manual say the same: every key is explained in
 * clued.conf(5), written out in etc/ and, where it has a default, with it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "conf/schema.h"
#include "conf_world.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))
#define MAX_GROUPS 40

static const struct top {
	const struct group *group;
	const char *section; /* of the manual */
	const char *example; /* NULL: spread over several files */
	bool defaults;       /* the example shows the defaults */
} tops[] = {
    {&clued_group, ".Sh CLUED.CONF", "etc/clued.conf", true},
    {&rules_group, ".Sh RULES.CONF", NULL, false},
    {&areas_group, ".Sh AREAS.CONF", "etc/areas.conf", false},
    {&roster_group, ".Sh ROSTER.CONF", "etc/roster.conf", false},
    {&calendar_group, ".Sh CALENDAR", "etc/calendar/2026.conf", false},
};

/* A group with all groups below it. */
static size_t
all_groups(const struct group *top, const struct group *out[MAX_GROUPS])
{
	size_t n = 1;

	out[0] = top;
	for (size_t at = 0; at < n; at++)
		for (size_t k = 0; k < out[at]->n_keys; k++)
			if (out[at]->keys[k].group != NULL) {
				assert_true(n < MAX_GROUPS);
				out[n++] = out[at]->keys[k].group;
			}
	return n;
}

static bool
has_word(const char *line, size_t len, const char *word)
{
	size_t n = strlen(word);
	const char *end = line + len;

	for (const char *p = line; (size_t)(end - p) >= n; p++)
		if (memcmp(p, word, n) == 0 &&
		    (p == line || p[-1] == ' ') &&
		    (p + n == end || strchr(" ,;=", p[n]) != NULL))
			return true;
	return false;
}

/* Whether a line of the section that names keys names this one. */
static bool
is_explained(const char *manual, const char *section, const char *key)
{
	const char *p = strstr(manual, section);

	assert_non_null(p);
	while ((p = strchr(p, '\n')) != NULL) {
		size_t len = strcspn(++p, "\n");

		if (strncmp(p, ".Sh ", 4) == 0)
			return false;
		if ((strncmp(p, ".It Ic ", 7) == 0 ||
			strncmp(p, ".Ic ", 4) == 0 ||
			strncmp(p, ".Ss ", 4) == 0) &&
		    has_word(p, len, key))
			return true;
	}
	return false;
}

static void
in_the_manual(void **state)
{
	char *manual = slurp("man/clued.conf.5");
	int missing = 0;
	(void)state;

	for (size_t t = 0; t < N(tops); t++) {
		const struct group *groups[MAX_GROUPS];
		size_t n = all_groups(tops[t].group, groups);

		for (size_t g = 0; g < n; g++)
			for (size_t k = 0; k < groups[g]->n_keys; k++) {
				const char *key = groups[g]->keys[k].name;

				if (is_explained(
					manual, tops[t].section, key))
					continue;
				(void)fprintf(stderr, "%s: %s\n",
				    groups[g]->name, key);
				missing++;
			}
	}
	free(manual);
	assert_int_equal(missing, 0);
}

/* The key as it is written in an example: alone or behind a bracket, maybe
 * switched off by '#'. */
static bool
is_written(const char *example, const char *text)
{
	size_t len = strlen(text);

	for (const char *p = example; (p = strstr(p, text)) != NULL; p += len)
		if (p == example || strchr("\n\t {(#", p[-1]) != NULL)
			return true;
	return false;
}

static void
as_written(const struct key *k, bool with_default, char out[200])
{
	const char *quote = k->type == KEY_BOOL || k->type == KEY_INT ||
	        k->type == KEY_NUMBER ?
	    "" :
	    "\"";

	if (with_default && k->dflt != NULL)
		(void)snprintf(out, 200, "%s = %s%s%s;", k->name, quote,
		    k->dflt, quote);
	else
		(void)snprintf(out, 200, "%s = ", k->name);
}

static void
in_the_examples(void **state)
{
	int missing = 0;
	(void)state;

	for (size_t t = 0; t < N(tops); t++) {
		const struct group *groups[MAX_GROUPS];
		size_t n = all_groups(tops[t].group, groups);
		char *example;

		if (tops[t].example == NULL)
			continue;
		example = slurp(tops[t].example);
		for (size_t g = 0; g < n; g++)
			for (size_t k = 0; k < groups[g]->n_keys; k++) {
				char text[200];

				as_written(&groups[g]->keys[k],
				    tops[t].defaults, text);
				if (is_written(example, text))
					continue;
				(void)fprintf(stderr, "%s: %s\n",
				    tops[t].example, text);
				missing++;
			}
		free(example);
	}
	assert_int_equal(missing, 0);
}

/* A default that its own range refuses would be a mistake without a place. */
static void
sound_tables(void **state)
{
	struct conf_world w;
	(void)state;

	for (size_t t = 0; t < N(tops); t++) {
		const struct group *groups[MAX_GROUPS];
		size_t n = all_groups(tops[t].group, groups);

		for (size_t g = 0; g < n; g++) {
			assert_true(groups[g]->n_keys <= 64);
			for (size_t k = 0; k < groups[g]->n_keys; k++) {
				const struct key *key = &groups[g]->keys[k];

				assert_true(key->at >= sizeof(struct origin));
				assert_true(key->at < groups[g]->size);
				assert_false(
				    key->required && key->dflt != NULL);
				assert_true((key->type == KEY_ENUM) ==
				    (key->names != NULL));
				assert_true((key->type == KEY_GROUP ||
						key->type == KEY_LIST) ==
				    (key->group != NULL));
			}
		}
	}
	/* Loading puts every default of clued.conf. */
	world_init(&w);
	world_load(&w);
	assert_int_equal(w.rc, 0);
	world_done(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(in_the_manual),
	    cmocka_unit_test(in_the_examples),
	    cmocka_unit_test(sound_tables),
	};

	return cmocka_run_group_tests_name("conf_schema", tests, NULL, NULL);
}
