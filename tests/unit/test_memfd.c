/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/memfd.h"

#define BYTES ((1UL << 20) + 5)

/* KiB of the mapping that count as our memory. */
static unsigned long
resident_kb(const struct memmap *map)
{
	FILE *f = fopen("/proc/self/smaps", "r");
	unsigned long from, to, kb = 0;
	bool ours = false;
	char line[512];

	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			ours = from == (unsigned long)(uintptr_t)map->data;
		else if (ours && sscanf(line, "Rss: %lu kB", &kb) == 1)
			break;
	(void)fclose(f);
	return kb;
}

/* What was let go of is out of memory, and there when it is touched. */
static void
test_drop(void **state)
{
	char *bytes = malloc(BYTES);
	struct memmap map;
	struct err err;
	int fd;

	(void)state;
	assert_non_null(bytes);
	for (size_t i = 0; i < BYTES; i++)
		bytes[i] = (char)(i * 7 + i / 4096);
	assert_int_equal(memfd_put(bytes, BYTES, &fd, &err), 0);
	assert_int_equal(memfd_map(fd, BYTES, &map, &err), 0);
	assert_memory_equal(map.data, bytes, BYTES);
	assert_true(resident_kb(&map) >= BYTES / 1024);
	memfd_drop(map.data, 0, BYTES);
	assert_true(resident_kb(&map) <= 16);
	assert_memory_equal(map.data, bytes, BYTES);
	/* Odd ends and little pieces stay. */
	memfd_drop(map.data, 5, 4000);
	memfd_drop(map.data, BYTES - 3, 3);
	memfd_drop(map.data, 300001, 200001);
	assert_memory_equal(map.data, bytes, BYTES);
	memfd_unmap(&map);
	(void)close(fd);
	free(bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_drop),
	};

	return cmocka_run_group_tests_name("memfd", tests, NULL, NULL);
}
