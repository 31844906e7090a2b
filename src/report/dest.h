/* SPDX-License-Identifier: ISC */
#ifndef REPORT_DEST_H
#define REPORT_DEST_H

#include <stdbool.h>
#include <stdio.h>

struct err;

/*
 * Where a report goes: a file that is there whole or not at all (0600, a
 * temporary name beside it, then renamed), or standard output.
 */
struct dest {
	char *path; /* NULL = standard output */
	char *temp; /* the file that is written; NULL = straight to stdout */
	FILE *file; /* for writing; NULL when only its name was asked for */
};

/* With by_name, dest->temp is an existing empty file for a library that wants
 * a name, and dest->file is NULL.  `path` NULL is standard output. */
int dest_open(
    const char *path, bool by_name, struct dest *dest, struct err *err);
/* All is written: makes it true.  dest_close() is still needed. */
int dest_commit(struct dest *dest, struct err *err);
/* Without a commit before it, nothing is left behind. */
void dest_close(struct dest *dest);

#endif
