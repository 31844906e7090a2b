/* SPDX-License-Identifier: ISC */
#include "conf/load.h"

#include <string.h>

#include "base/arena.h"
#include "conf/check.h"
#include "conf/schema.h"

/*
 * areas.conf:
 *
 *   areas = (
 *     { id = "xugou"; name = "墟沟街道";
 *       aliases = [ "墟沟", "院前社区", "海棠路" ]; }
 *   );
 *
 * aliases: short names, communities, villages, roads, landmarks.  A word may
 * belong to one area only.
 */

struct raw_area {
	struct origin origin;
	struct word id, name;
	struct words aliases;
};
struct raw_areas {
	struct origin origin;
	struct list areas;
};

#define AREA(member) offsetof(struct raw_area, member)
static const struct key area_keys[] = {
    {"id", KEY_WORD, .required = true, .min = 1, .at = AREA(id)},
    {"name", KEY_WORD, .required = true, .min = 1, .max = 120,
	.at = AREA(name)},
    {"aliases", KEY_WORDS, .at = AREA(aliases)},
};
static const struct group area_group =
    GROUP("areas", area_keys, struct raw_area);

static const struct key areas_keys[] = {
    {"areas", KEY_LIST, .required = true, .group = &area_group,
	.at = offsetof(struct raw_areas, areas)},
};
const struct group areas_group =
    GROUP("areas.conf", areas_keys, struct raw_areas);

/* A word of two areas would decide by chance. */
static void
check_words(struct load *l, const struct raw_area *list, size_t n)
{
	struct id_entry *words;
	struct id_index unused;
	size_t total = n, at = 0;

	for (size_t i = 0; i < n; i++)
		total += list[i].aliases.n;
	words = load_scratch(l, total, sizeof(*words));
	if (words == NULL)
		return;
	for (size_t i = 0; i < n; i++) {
		words[at++] =
		    (struct id_entry){list[i].name.text, i, list[i].name.at};
		for (size_t k = 0; k < list[i].aliases.n; k++)
			words[at++] = (struct id_entry){
			    list[i].aliases.list[k], i, list[i].aliases.at};
	}
	index_build(l, &unused, words, total, "area name");
}

static void
take_areas(struct load *l, const struct list *raw, struct id_index *areas_out)
{
	const struct raw_area *list = raw->items;
	struct area_conf *out = load_array(l, raw->n, sizeof(*out));
	struct id_entry *ids = load_scratch(l, raw->n, sizeof(*ids));

	if (out == NULL || ids == NULL)
		return;
	for (size_t i = 0; i < raw->n; i++) {
		out[i] = (struct area_conf){list[i].id.text, list[i].name.text,
		    list[i].aliases.list, list[i].aliases.n};
		ids[i] = (struct id_entry){list[i].id.text, i, list[i].id.at};
		check_id(l, &list[i].id);
		check_name(l, &list[i].name, &list[i].aliases);
	}
	index_build(l, areas_out, ids, raw->n, "area");
	check_words(l, list, raw->n);
	l->conf->areas = out;
	l->conf->n_areas = raw->n;
}

void
load_areas(struct load *l, const char *path, struct place from,
    struct id_index *areas_out)
{
	struct source *s = source_open(l, path, from, NULL);
	struct raw_areas raw;

	if (s == NULL)
		return;
	schema_read(l, s, &areas_group, &raw);
	source_close(&s);
	take_areas(l, &raw.areas, areas_out);
}
