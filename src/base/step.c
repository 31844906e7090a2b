/* SPDX-License-Identifier: ISC */
#include "base/step.h"

#ifdef CLUED_TEST_HOOKS
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void
step(const char *name)
{
	static long count;
	const char *die_at = getenv("CLUED_TEST_DIE_AT");
	const char *path = getenv("CLUED_TEST_STEPS");
	FILE *f = path != NULL ? fopen(path, "ae") : NULL;

	count++;
	if (f != NULL) {
		(void)fprintf(f, "%d %ld %s\n", (int)getpid(), count, name);
		(void)fclose(f);
	}
	if (die_at != NULL && atol(die_at) == count)
		(void)raise(SIGKILL);
}
#else
/* ISO C wants a translation unit to hold something. */
extern int step_none;
#endif
