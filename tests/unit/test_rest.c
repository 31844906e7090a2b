/* SPDX-License-Identifier: ISC */
#include <dlfcn.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>
#include <curl/curl.h>
#include <libxml/parser.h>

#include "base/rest.h"

#define PAGES 64
#define SIZE (PAGES * 4096UL)

static long
rss_kib(void)
{
	long pages = 0;
	FILE *f = fopen("/proc/self/statm", "re");

	assert_non_null(f);
	assert_int_equal(fscanf(f, "%*s %ld", &pages), 1);
	(void)fclose(f);
	return pages * 4;
}

static size_t
resident(const void *at)
{
	size_t n = 0;
	FILE *f = fopen("/proc/self/pagemap", "re");
	uint64_t entry;

	assert_non_null(f);
	for (size_t i = 0; i < PAGES; i++) {
		(void)fseek(f, (long)(((uintptr_t)at / 4096 + i) * 8),
		    SEEK_SET);
		assert_int_equal(fread(&entry, 8, 1, f), 1);
		n += entry >> 63;
	}
	(void)fclose(f);
	return n;
}

#ifdef __SANITIZE_ADDRESS__
#define LEFT_OF_4 5 /* its shadow is memory, too, and may grow */
#else
#define LEFT_OF_4 3
#endif

/* Everything works on: code, constants, and what was relocated. */
static void
dropped_pages_come_back(void **state)
{
	xmlDoc *doc = xmlReadMemory("<a>b</a>", 8, "x", NULL, 0);
	long before_kib = rss_kib();

	(void)state;
	assert_non_null(doc);
	rest_memory();
	assert_true(rss_kib() < before_kib * LEFT_OF_4 / 4);
	xmlFreeDoc(doc);
	doc = xmlReadMemory("<a>b</a>", 8, "x", NULL, 0);
	assert_non_null(doc);
	xmlFreeDoc(doc);
	assert_non_null(curl_version());
	for (int i = 0; i < 100; i++)
		rest_pages();
	assert_string_equal(curl_easy_strerror(CURLE_OK), "No error");
}

static char *
map(int fd)
{
	char *at = mmap(
	    NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	volatile char sum = 0;

	assert_true(at != MAP_FAILED);
	for (size_t i = 0; i < SIZE; i += 4096)
		sum = (char)(sum + at[i]);
	return at;
}

static void
only_what_a_file_still_has_is_dropped(void **state)
{
	char *clean, *written;
	Dl_info libc;
	int fd;

	/* A file that was written long ago: a new one's pages are dirty. */
	(void)state;
	assert_int_not_equal(dladdr(dlsym(RTLD_NEXT, "qsort"), &libc), 0);
	fd = open(libc.dli_fname, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	clean = map(fd);
	written = map(fd);
	written[5 * 4096] = 'y';
	assert_int_equal(resident(clean), PAGES);
	rest_files();
	assert_int_equal(resident(clean), 0);
	assert_int_equal(resident(written), PAGES);
	assert_int_equal(written[5 * 4096], 'y');
	assert_memory_equal(clean, written, 5 * 4096);
	(void)munmap(clean, SIZE);
	(void)munmap(written, SIZE);
	(void)close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(dropped_pages_come_back),
	    cmocka_unit_test(only_what_a_file_still_has_is_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
