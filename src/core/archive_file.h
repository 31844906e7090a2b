/* SPDX-License-Identifier: ISC */
#ifndef CORE_ARCHIVE_FILE_H
#define CORE_ARCHIVE_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/hash.h"

struct err;

/* Files of backups: 0600, synced, and never over one that is there. */

int file_copy(const char *from, const char *to, struct err *err);
int file_write(const char *path, const void *data, size_t len,
    struct err *err);
/* At most size - 1 bytes, NUL-terminated; returns the length. */
ssize_t file_read_small(
    const char *path, char *out, size_t size, struct err *err);
int file_hash(const char *path, unsigned char sha256_out[SHA256_BYTES],
    uint64_t *size_out, struct err *err);
void file_hex(const unsigned char sha256[SHA256_BYTES],
    char hex_out[SHA256_HEX]);

/* Makes "<path>.new-XXXXXX", 0700: nothing takes that for a key. */
int file_fresh_folder(
    const char *path, char *out, size_t size, struct err *err);
/* The folder with the files in it; no folders below. */
void file_remove_folder(const char *path);
/* As root: the file becomes the one's whose folder it lies in, so that the
 * daemon can use what root has brought back. */
int file_give_away(const char *path, struct err *err);
int file_sync_folder(const char *path, struct err *err);
/* The folder in which the path lies. */
int file_sync_folder_of(const char *path, struct err *err);

#endif
