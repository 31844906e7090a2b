/* SPDX-License-Identifier: ISC */
#ifndef BASE_MEMFD_H
#define BASE_MEMFD_H

#include <stddef.h>

struct err;

/*
 * Message bytes between processes: a memfd that its receiver can trust not to
 * change (F_SEAL_SEAL | SHRINK | GROW | WRITE, memfd_create(2)).
 */

/* A sealed memfd with these bytes; returns it in *fd_out (close-on-exec). */
int memfd_put(const void *data, size_t len, int *fd_out, struct err *err);

/* Seals a memfd that was made and written by the caller. */
int memfd_seal(int fd, struct err *err);

struct memmap {
	const void *data; /* NULL when len is 0 */
	size_t len;
};

/* Maps a received memfd read-only after checking its seals and that its size
 * is at most max.  ERR_INPUT when the sender broke the rules.  The descriptor
 * stays the caller's and may be closed at once. */
int memfd_map(int fd, size_t max, struct memmap *map_out, struct err *err);
void memfd_unmap(struct memmap *map);
/* Gives back the memory of a mapped piece that is done with; touched again, it
 * is read from the memfd again.  Less than a few pages are left as they are. */
void memfd_drop(const void *data, size_t from, size_t len);

#endif
