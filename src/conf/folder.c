/* SPDX-License-Identifier: ISC */
#include "conf/load.h"

#include <dirent.h>
#include <errno.h>
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
		load_mistake(
		    l, from, "cannot read folder %s: %s", dir, strerror(errno));
	if (d == NULL || names == NULL) {
		if (d != NULL)
			(void)closedir(d);
		return 0;
	}
	while (n < MAX_CONF_FILES && (e = readdir(d)) != NULL)
		if (is_wanted(e->d_name, suffix))
			names[n++] = load_text(l, e->d_name);
	(void)closedir(d);
	qsort(names, n, sizeof(*names), by_name);
	return n;
}
