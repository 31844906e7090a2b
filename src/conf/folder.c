/* SPDX-License-Identifier: ISC */
#include "conf/load.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

static bool
is_wanted(const char *name, const char *suffix)
{
	size_t len = strlen(name), tail = strlen(suffix);

	return name[0] != '.' && len > tail &&
	       strcmp(name + len - tail, suffix) == 0;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
cannot_read(struct load *l, const char *dir, struct place from)
{
	char what[MAX_PATH_BYTES + 24];
	int code = errno;

	(void)snprintf(what, sizeof(what), "cannot read folder %s", dir);
	load_errno(l, from, code, what);
}

size_t
folder_list(struct load *l, const char *dir, struct place from,
    const char *suffix, const char ***names_out)
{
	const char **names = load_scratch(l, MAX_CONF_FILES, sizeof(*names));
	DIR *d = opendir(dir);
	struct dirent *e;
	size_t n = 0;

	*names_out = names;
	if (d == NULL)
		cannot_read(l, dir, from);
	if (d == NULL || names == NULL) {
		if (d != NULL)
			(void)closedir(d);
		return 0;
	}
	while (n < MAX_CONF_FILES && (errno = 0, e = readdir(d)) != NULL)
		if (is_wanted(e->d_name, suffix))
			names[n++] = load_text(l, e->d_name);
	if (n < MAX_CONF_FILES && errno != 0)
		cannot_read(l, dir, from);
	(void)closedir(d);
	qsort(names, n, sizeof(*names), by_name);
	return n;
}
