/* SPDX-License-Identifier: ISC */
#ifndef BASE_KEYFILE_H
#define BASE_KEYFILE_H

#include <stdbool.h>
#include <stddef.h>

struct err;

/* Reads a key of exactly len bytes from a file of its own.  With `make` a
 * missing one is made of random bytes, mode 0600, whole or not at all, and on
 * the disk before this returns.  A file of another length or one that others
 * may read is ERR_CONF.  The caller wipes the key. */
int keyfile_load(const char *path, bool make, void *key_out, size_t len,
    struct err *err);

#endif
