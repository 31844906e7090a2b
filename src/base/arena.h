/* SPDX-License-Identifier: ISC */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Memory that is given back all at once: a decoded message or a configuration
 * is one arena.  Allocations are zeroed and aligned for any type.
 */
struct arena;

struct arena *arena_new(void);
void arena_free(struct arena **a);
/* NULL when memory is out or the arena's limit (1 GiB) is passed. */
void *arena_alloc(struct arena *a, size_t size);
/* n × size with the product checked. */
void *arena_array(struct arena *a, size_t n, size_t size);
char *arena_strdup(struct arena *a, const char *s);
/* Copies len bytes and adds a NUL. */
char *arena_memdup(struct arena *a, const void *data, size_t len);
char *arena_printf(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Bytes handed out so far. */
size_t arena_used(const struct arena *a);
/* Whether the system had no memory for it at some time: for readers of frames,
 * whose "malformed" must not mean that. */
bool arena_starved(const struct arena *a);

#define ARENA_AUTO __attribute__((cleanup(arena_free)))

#endif
