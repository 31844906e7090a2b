/* SPDX-License-Identifier: ISC */
#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
buf_init(struct buf *b, size_t cap)
{
	*b = (struct buf)BUF_INIT;
	b->cap = cap;
}

void
buf_done(struct buf *b)
{
	free(b->data);
	*b = (struct buf)BUF_INIT;
}

void
buf_clear(struct buf *b)
{
	b->len = 0;
	b->bad = false;
	if (b->data != NULL)
		b->data[0] = '\0';
}

bool
buf_bad(const struct buf *b)
{
	return b->bad;
}

/* See buf_starved(). */
static unsigned starved;

/* Makes room for len more bytes and the NUL. */
static bool
reserve(struct buf *b, size_t len)
{
	size_t want, size;
	char *data;

	if (b->bad)
		return false;
	if (len > SIZE_MAX / 2 - b->len ||
	    (b->cap != 0 && len > b->cap - b->len)) {
		b->bad = true;
		return false;
	}
	want = b->len + len + 1;
	if (want <= b->size)
		return true;
	size = b->size < 128 ? 256 : b->size * 2;
	if (size < want)
		size = want;
	data = realloc(b->data, size);
	if (data == NULL) {
		starved++;
		b->bad = true;
		return false;
	}
	b->data = data;
	b->size = size;
	return true;
}

void *
buf_grow(struct buf *b, size_t len)
{
	char *at;

	if (!reserve(b, len))
		return NULL;
	at = b->data + b->len;
	b->len += len;
	b->data[b->len] = '\0';
	return at;
}

void
buf_room(struct buf *b, size_t len)
{
	(void)reserve(b, len);
}

void
buf_add(struct buf *b, const void *data, size_t len)
{
	void *at = buf_grow(b, len);

	if (at != NULL && len > 0)
		memcpy(at, data, len);
}

void
buf_adds(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_addc(struct buf *b, char c)
{
	if (!reserve(b, 1))
		return;
	b->data[b->len++] = c;
	b->data[b->len] = '\0';
}

void
buf_vaddf(struct buf *b, const char *fmt, va_list ap)
{
	va_list again;
	size_t room;
	int len;

	if (!reserve(b, 0))
		return;
	/* Mostly it fits where there is room already. */
	room = b->size - b->len;
	va_copy(again, ap);
	len = vsnprintf(b->data + b->len, room, fmt, again);
	va_end(again);
	if (len < 0 || !reserve(b, (size_t)len)) {
		b->data[b->len] = '\0';
		b->bad = true;
		return;
	}
	if ((size_t)len >= room)
		(void)vsnprintf(b->data + b->len, (size_t)len + 1, fmt, ap);
	b->len += (size_t)len;
}

void
buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(b, fmt, ap);
	va_end(ap);
}

void
buf_cut(struct buf *b, size_t len)
{
	if (len >= b->len)
		return;
	b->len = len;
	b->data[len] = '\0';
}

const char *
buf_str(const struct buf *b)
{
	return b->data != NULL ? b->data : "";
}

unsigned
buf_starved(void)
{
	return starved;
}
