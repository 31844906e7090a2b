/* SPDX-License-Identifier: ISC */
#include "conf/load.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/zone.h"
#include "conf/file_clued.h"

const char *
load_text(struct load *l, const char *s)
{
	const char *copy = *s == '\0' ? "" : arena_strdup(l->keep, s);

	if (copy != NULL)
		return copy;
	l->no_memory = true;
	return "";
}

static void *
get_array(struct load *l, struct arena *a, size_t n, size_t size)
{
	/* One byte at least: NULL means no memory and nothing else. */
	void *p = arena_array(a, n > 0 ? n : 1, size);

	if (p == NULL)
		l->no_memory = true;
	return p;
}

void *
load_array(struct load *l, size_t n, size_t size)
{
	return get_array(l, l->keep, n, size);
}

void *
load_scratch(struct load *l, size_t n, size_t size)
{
	return get_array(l, l->tmp, n, size);
}

const char *
load_path(struct load *l, const char *dir, const char *name)
{
	const char *path;

	if (*name == '/' || *name == '\0')
		return load_text(l, name);
	path = arena_printf(l->keep, "%s/%s", dir, name);
	if (path != NULL)
		return path;
	l->no_memory = true;
	return "";
}

/* Everything before the last slash; "." if there is none. */
static const char *
folder_of(struct load *l, const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir;

	if (slash == NULL)
		return ".";
	dir = arena_memdup(
	    l->keep, path, slash == path ? 1 : (size_t)(slash - path));
	if (dir == NULL)
		l->no_memory = true;
	return dir != NULL ? dir : ".";
}

static void
load_others(struct load *l, const struct raw_files *files, struct place at)
{
	struct id_index areas = {0}, domains = {0};

	load_areas(l, files->areas, at, &areas);
	load_rules(l,
	    l->options->rules != NULL ? l->options->rules : files->rules, at,
	    &domains);
	load_roster(l, files->roster, at, &domains, &areas);
	load_calendar(l, files->calendar, at);
	load_templates(l, files->templates, at);
}

static void
load_all(struct load *l, const char *path)
{
	struct raw_clued raw;
	struct place at = {path, 0};

	if (!clued_read(l, path, &raw)) {
		/* Names of the other files are unknown, but those in the usual
		 * place may have mistakes as well. */
		if (access(raw.files.rules, F_OK) == 0)
			load_others(l, &raw.files, at);
		return;
	}
	clued_take(l, &raw);
	if (raw.files.origin.at.line > 0)
		at = raw.files.origin.at;
	load_others(l, &raw.files, at);
}

/* The mistakes are always there for the caller, the rest only on success. */
static int
finish(struct load *l, const char *path, struct conf **conf_out)
{
	if (l->no_memory) {
		l->mistakes->machine = true;
		load_mistake(l, (struct place){path, 0}, "out of memory");
	}
	if (l->n_errors > 0) {
		conf_free(&l->conf);
		return -1;
	}
	*conf_out = l->conf;
	return 0;
}

int
conf_load(
    const char *path, struct conf **conf_out, struct conf_mistakes *mistakes)
{
	static const struct conf_options usual = {0};

	return conf_load_with(path, &usual, conf_out, mistakes);
}

int
conf_load_with(const char *path, const struct conf_options *options,
    struct conf **conf_out, struct conf_mistakes *mistakes)
{
	struct load l = {.mistakes = mistakes, .options = options};
	const unsigned starved = buf_starved();
	int rc = -1;

	*mistakes = (struct conf_mistakes){.arena = arena_new()};
	l.keep = arena_new();
	l.tmp = arena_new();
	l.conf = l.keep != NULL ? arena_alloc(l.keep, sizeof(*l.conf)) : NULL;
	if (l.conf != NULL && l.tmp != NULL && mistakes->arena != NULL) {
		l.conf->arena = l.keep;
		l.dir = folder_of(&l, path);
		l.conf->dir = l.dir;
		path = load_text(&l, path);
		load_all(&l, path);
		l.no_memory |= buf_starved() != starved ||
		    arena_starved(l.keep) || arena_starved(l.tmp) ||
		    arena_starved(mistakes->arena);
		rc = finish(&l, path, conf_out);
	} else {
		mistakes->machine = true;
		arena_free(&l.keep);
	}
	arena_free(&l.tmp);
	return rc;
}

void
conf_free(struct conf **conf)
{
	struct arena *arena;

	if (*conf == NULL)
		return;
	zone_free(&(*conf)->zone);
	arena = (*conf)->arena;
	*conf = NULL;
	arena_free(&arena);
}
