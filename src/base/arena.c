/* SPDX-License-Identifier: ISC */
#include "base/arena.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_BLOCK 16384
#define ARENA_LIMIT (1UL << 30)

struct block {
	struct block *next;
	size_t used;
	size_t size;
	_Alignas(max_align_t) unsigned char data[];
};

struct arena {
	struct block *head;
	size_t used;
	bool starved;
};

struct arena *
arena_new(void)
{
	return calloc(1, sizeof(struct arena));
}

void
arena_free(struct arena **a)
{
	struct block *b, *next;

	if (*a == NULL)
		return;
	for (b = (*a)->head; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
	free(*a);
	*a = NULL;
}

static bool
is_large(size_t size)
{
	return size > ARENA_BLOCK / 4;
}

/* A large piece gets a block of its own, kept behind the head so that the
 * head's free space stays in use. */
static struct block *
add_block(struct arena *a, size_t size, bool zeroed)
{
	struct block *b;
	size_t room = is_large(size) ? size : ARENA_BLOCK;

	b = zeroed ? calloc(1, sizeof(*b) + room) : malloc(sizeof(*b) + room);
	if (b == NULL)
		return NULL;
	b->used = 0;
	b->size = room;
	if (room != ARENA_BLOCK && a->head != NULL) {
		b->next = a->head->next;
		a->head->next = b;
	} else {
		b->next = a->head;
		a->head = b;
	}
	return b;
}

/* Blocks are zeroed as they are handed out, for most of one never is; of a
 * large piece the system may know that it is zero. */
static void *
take(struct arena *a, size_t size, bool zero)
{
	const size_t align = _Alignof(max_align_t);
	struct block *b = a->head;
	bool zeroed = zero && is_large(size);
	void *at;

	if (size > ARENA_LIMIT - align)
		return NULL;
	size = (size + align - 1) / align * align;
	if (size > ARENA_LIMIT - a->used)
		return NULL;
	if (b != NULL && b->size - b->used >= size) {
		zeroed = false;
	} else {
		b = add_block(a, size, zeroed);
		if (b == NULL) {
			a->starved = true;
			return NULL;
		}
	}
	at = b->data + b->used;
	b->used += size;
	a->used += size;
	return zero && !zeroed ? memset(at, 0, size) : at;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	return take(a, size, true);
}

void *
arena_array(struct arena *a, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size)
		return NULL;
	return arena_alloc(a, n * size);
}

char *
arena_memdup(struct arena *a, const void *data, size_t len)
{
	char *copy;

	if (len == SIZE_MAX || (copy = take(a, len + 1, false)) == NULL)
		return NULL;
	if (len > 0)
		memcpy(copy, data, len);
	copy[len] = '\0';
	return copy;
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return arena_memdup(a, s, strlen(s));
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	char most[512]; /* what is longer is written twice */
	va_list ap;
	char *out;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(most, sizeof(most), fmt, ap);
	va_end(ap);
	if (len >= 0 && (size_t)len < sizeof(most))
		return arena_memdup(a, most, (size_t)len);
	if (len < 0 || (out = arena_alloc(a, (size_t)len + 1)) == NULL)
		return NULL;
	va_start(ap, fmt);
	(void)vsnprintf(out, (size_t)len + 1, fmt, ap);
	va_end(ap);
	return out;
}

size_t
arena_used(const struct arena *a)
{
	return a->used;
}

bool
arena_starved(const struct arena *a)
{
	return a->starved;
}
