/* SPDX-License-Identifier: ISC */
#ifndef CTL_FILE_H
#define CTL_FILE_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct err;

/* Appends a whole file ("-" = standard input) of at most `max` bytes.  A longer
 * one is ERR_INPUT. */
int file_load(const char *path, size_t max, struct buf *out, struct err *err);
/* The same into a sealed memfd. */
int file_to_memfd(const char *path, size_t max, int *fd_out, struct err *err);
/* The same, but of a longer one only its first `head` bytes. */
int file_to_memfd_cut(const char *path, size_t max, size_t head, int *fd_out,
    bool *cut_out, struct err *err);

#endif
