/* SPDX-License-Identifier: ISC */
/* store_fill PATH N: a store with the last N clues of an office, through the
 * same functions as the daemon's, for measuring lists and reports. */
#include <string.h>

#include "base/str.h"
#include "store_make.h"

int
main(int argc, char **argv)
{
	struct store *s = NULL;
	struct arena *a = NULL;
	struct err err;
	int64_t n = 0;

	if (argc != 3 || str_int64(argv[2], 1, 100000000, &n) < 0) {
		(void)fprintf(stderr, "usage: store_fill PATH N\n");
		return 2;
	}
	make_must(store_open(argv[1], STORE_CREATE, &s, &err), &err);
	for (uint32_t i = 0; i < n; i++) {
		if (i % 1000 == 0) {
			arena_free(&a);
			if ((a = arena_new()) == NULL)
				return 1;
			if (i > 0)
				make_must(store_commit(s, &err), &err);
			make_must(store_begin(s, &err), &err);
		}
		make_hotline(s, a, i, (uint32_t)n);
	}
	make_must(store_commit(s, &err), &err);
	arena_free(&a);
	store_close(&s);
	return 0;
}
