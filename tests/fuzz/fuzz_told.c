/* SPDX-License-Identifier: ISC */
/* The core's reader of what intake tells of a message behind glass: what it
 * takes is well-formed, and it must write it again as the same bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "intake/told.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const struct told *t)
{
	if (strchr(t->subject, '\n') != NULL ||
	    !utf8_valid(t->subject, strlen(t->subject)) ||
	    !utf8_valid(t->text, strlen(t->text)) ||
	    t->print.n_keys > SIMILAR_KEYS)
		abort();
	for (size_t i = 0; i < t->print.n_keys; i++)
		if (!similar_is_key(t->print.keys[i]))
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct buf b = BUF_INIT;
	struct told t;

	if (a != NULL && told_get(data, size, a, &t, NULL) == 0) {
		check(&t);
		told_put(&b, &t);
		if (b.len != size || memcmp(b.data, data, size) != 0)
			abort();
	}
	buf_done(&b);
	arena_free(&a);
	return 0;
}
