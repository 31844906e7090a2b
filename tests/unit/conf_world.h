/* SPDX-License-Identifier: ISC */
#ifndef TESTS_UNIT_CONF_WORLD_H
#define TESTS_UNIT_CONF_WORLD_H

/* A copy of tests/data/conf/good in a folder of its own, to be spoilt. */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/conf.h"

/* libconfig 1.5 forgets the text it had read when a file has a syntax error. */
const char *__lsan_default_suppressions(void);
const char *
__lsan_default_suppressions(void)
{
	return "leak:libconfig";
}

#define WORLD_GOOD "tests/data/conf/good"

struct conf_world {
	char dir[64];
	struct conf *conf;
	struct conf_mistakes mistakes;
	int rc;
};

static inline char *
slurp(const char *path)
{
	FILE *f = fopen(path, "rb");
	char *text = calloc(1, 1 << 20);

	if (f == NULL || text == NULL) {
		(void)fprintf(stderr, "cannot read %s\n", path);
		abort();
	}
	(void)!fread(text, 1, (1 << 20) - 1, f);
	(void)fclose(f);
	return text;
}

static inline void
world_path(const struct conf_world *w, const char *name, char out[256])
{
	(void)snprintf(out, 256, "%s/%s", w->dir, name);
}

static inline void
world_write_bytes(
    const struct conf_world *w, const char *name, const void *data, size_t len)
{
	char path[256];
	FILE *f;

	world_path(w, name, path);
	f = fopen(path, "wb");
	if (f == NULL || fwrite(data, 1, len, f) != len || fclose(f) != 0)
		abort();
}

static inline void
world_write(const struct conf_world *w, const char *name, const char *text)
{
	world_write_bytes(w, name, text, strlen(text));
}

/* Puts `by` in the place of the first `what`; NULL: in front of the file. */
static inline void
world_edit(const struct conf_world *w, const char *name, const char *what,
    const char *by)
{
	char path[256];
	char *text, *at, *out;

	world_path(w, name, path);
	text = slurp(path);
	at = what != NULL ? strstr(text, what) : text;
	if (at == NULL) {
		(void)fprintf(stderr, "%s has no \"%s\"\n", name, what);
		abort();
	}
	out = calloc(1, strlen(text) + strlen(by) + 1);
	if (out == NULL)
		abort();
	memcpy(out, text, (size_t)(at - text));
	strcat(out, by);
	strcat(out, at + (what != NULL ? strlen(what) : 0));
	world_write(w, name, out);
	free(out);
	free(text);
}

static inline void
world_init(struct conf_world *w)
{
	char command[256];

	memset(w, 0, sizeof(*w));
	strcpy(w->dir, "/tmp/clued-conf-XXXXXX");
	if (mkdtemp(w->dir) == NULL)
		abort();
	(void)snprintf(command, sizeof(command), "cp -r " WORLD_GOOD "/. %s",
	    w->dir);
	if (system(command) != 0)
		abort();
}

static inline void
world_load(struct conf_world *w)
{
	char path[256];

	conf_mistakes_done(&w->mistakes);
	conf_free(&w->conf);
	world_path(w, "clued.conf", path);
	w->rc = conf_load(path, &w->conf, &w->mistakes);
}

static inline void
world_done(struct conf_world *w)
{
	char command[256];

	conf_mistakes_done(&w->mistakes);
	conf_free(&w->conf);
	(void)snprintf(command, sizeof(command), "rm -rf %s", w->dir);
	if (system(command) != 0)
		abort();
}

/* The first mistake or warning whose text holds `part`; NULL if none. */
static inline const struct conf_mistake *
world_find(const struct conf_world *w, const char *part)
{
	for (size_t i = 0; i < w->mistakes.n; i++)
		if (strstr(w->mistakes.list[i].text, part) != NULL)
			return &w->mistakes.list[i];
	return NULL;
}

static inline void
world_print(const struct conf_world *w)
{
	for (size_t i = 0; i < w->mistakes.n; i++)
		(void)fprintf(stderr, "  %s\n", w->mistakes.list[i].text);
}

#endif
