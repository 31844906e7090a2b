/* SPDX-License-Identifier: ISC */
/*
 * Where a call comes from, as a number that is the same in every process:
 * addresses count from the beginning of their library.
 */
#include "fail.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <link.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* Callers in this library. */
#define OWN 5
/* Callers beside those that are asked for. */
#define MORE 8

void
fail_stack_init(void)
{
	void *at[4];

	(void)backtrace(at, 4); /* loads what it needs */
}

static const char *
name_of(const struct dl_find_object *in)
{
	const char *path = in->dlfo_link_map->l_name;
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

static uint32_t
least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

uint64_t
fail_stack(uint32_t depth, struct fail_trace *to)
{
	struct dl_find_object in, own;
	uint64_t hash = 14695981039346656037u;
	void *at[FAIL_FRAMES + OWN];
	uint32_t most = depth != 0 ? depth : FAIL_FRAMES, k = 0;
	int n = backtrace(at, (int)least(most + MORE, FAIL_FRAMES) + OWN);

	memset(to, 0, sizeof(*to));
	if (_dl_find_object((void *)fail_stack, &own) != 0)
		return 1;
	for (int i = 0; i < n && k < FAIL_FRAMES; i++) {
		if (_dl_find_object(at[i], &in) != 0 ||
		    in.dlfo_map_start == own.dlfo_map_start)
			continue;
		to->frames[k].offset = (uint64_t)((char *)at[i] -
		    (char *)in.dlfo_map_start);
		(void)snprintf(to->frames[k].module,
		    sizeof(to->frames[k].module), "%s", name_of(&in));
		if (k >= most) {
			k++;
			continue;
		}
		hash ^= to->frames[k++].offset;
		hash *= 1099511628211u;
		hash ^= (uint64_t)((char *)in.dlfo_map_end -
		    (char *)in.dlfo_map_start);
		hash *= 1099511628211u;
	}
	return hash != 0 ? hash : 1;
}
