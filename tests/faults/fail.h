/* SPDX-License-Identifier: ISC */
#ifndef FAULTS_FAIL_H
#define FAULTS_FAIL_H

#include <stdbool.h>
#include <stdint.h>

/* The file that test and processes share.  While it is armed the calls of that
 * name in processes of that role are counted, and the nth (with onwards also
 * all behind it) fails with that code: an errno, or one of SQLite's. */
struct fail_page {
	uint32_t armed;
	uint32_t onwards;
	int32_t code;
	uint32_t unused;
	int64_t nth;
	int64_t count;
	int64_t happened;
	char call[24];
	char role[24];
};

/* Whether this call of that name fails, and how. */
bool fail_now(const char *name, int *code_out);

#endif
