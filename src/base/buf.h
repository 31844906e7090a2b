/* SPDX-License-Identifier: ISC */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A growing byte buffer.  Always has a NUL behind its last byte once anything
 * was added, so text in it can be used as a C string.  When memory runs out or
 * the cap is passed the buffer goes bad: it keeps what it had, later additions
 * do nothing, and the caller asks buf_bad() once at the end.
 */
struct buf {
	char *data;
	size_t len;
	size_t size;
	size_t cap; /* most bytes ever held; 0 = no cap of its own */
	bool bad;
};

#define BUF_INIT {NULL, 0, 0, 0, false}

void buf_init(struct buf *b, size_t cap);
void buf_done(struct buf *b);
/* Empties the buffer, keeps its memory and clears the bad mark. */
void buf_clear(struct buf *b);
bool buf_bad(const struct buf *b);
/* How often in this process the system had no memory for one: whoever makes do
 * without a buffer can see that it was not for its content. */
unsigned buf_starved(void);

void buf_add(struct buf *b, const void *data, size_t len);
void buf_adds(struct buf *b, const char *s);
void buf_addc(struct buf *b, char c);
void buf_addf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void buf_vaddf(struct buf *b, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));
/* Room for len more bytes, uninitialised, counted as content; NULL if bad. */
void *buf_grow(struct buf *b, size_t len);
/* Room for len more bytes, so that adding them moves nothing. */
void buf_room(struct buf *b, size_t len);
/* Drops everything behind the first len bytes. */
void buf_cut(struct buf *b, size_t len);
/* The content as a C string ("" when empty); borrowed. */
const char *buf_str(const struct buf *b);

/* For __attribute__((cleanup(buf_done))). */
#define BUF_AUTO __attribute__((cleanup(buf_done)))

#endif
