/* SPDX-License-Identifier: ISC */
#ifndef CTL_FILE_H
#define CTL_FILE_H

#include <stddef.h>

struct err;

/* Reads a whole file ("-" = standard input) of at most `max` bytes into a
 * sealed memfd.  A longer one is ERR_INPUT. */
int file_to_memfd(const char *path, size_t max, int *fd_out, struct err *err);

#endif
