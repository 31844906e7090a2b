/* SPDX-License-Identifier: ISC */
#include "base/clock.h"

#include <stdlib.h>
#include <time.h>

#ifdef CLUED_TEST_HOOKS
#include <stdio.h>

static int64_t
test_offset_s(void)
{
	const char *path = getenv("CLUED_TEST_CLOCK");
	FILE *f = path != NULL ? fopen(path, "re") : NULL;
	long long offset_s = 0;

	if (f == NULL)
		return 0;
	if (fscanf(f, "%lld", &offset_s) != 1)
		offset_s = 0;
	(void)fclose(f);
	return offset_s;
}
#else
static int64_t
test_offset_s(void)
{
	return 0;
}
#endif

int64_t
clock_now_s(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec + test_offset_s();
}

int64_t
clock_mono_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}
