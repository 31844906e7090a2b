/* SPDX-License-Identifier: ISC */
#include "base/pack.h"

#include <endian.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

#define NULL_STRING UINT32_MAX

void
pack_u8(struct buf *b, uint8_t v)
{
	buf_add(b, &v, 1);
}

void
pack_bool(struct buf *b, bool v)
{
	pack_u8(b, v ? 1 : 0);
}

void
pack_u32(struct buf *b, uint32_t v)
{
	v = htole32(v);
	buf_add(b, &v, sizeof(v));
}

void
pack_u64(struct buf *b, uint64_t v)
{
	v = htole64(v);
	buf_add(b, &v, sizeof(v));
}

void
pack_i64(struct buf *b, int64_t v)
{
	pack_u64(b, (uint64_t)v);
}

void
pack_bytes(struct buf *b, const void *data, size_t len)
{
	if (len >= NULL_STRING) {
		b->bad = true;
		return;
	}
	pack_u32(b, (uint32_t)len);
	buf_add(b, data, len);
}

void
pack_str(struct buf *b, const char *s)
{
	if (s == NULL)
		pack_u32(b, NULL_STRING);
	else
		pack_bytes(b, s, strlen(s));
}

void
unpack_init(struct unpack *u, const void *data, size_t len)
{
	u->at = data;
	u->end = u->at + len;
	u->bad = false;
}

void
unpack_fixed(struct unpack *u, void *out, size_t len)
{
	if (u->bad || (size_t)(u->end - u->at) < len) {
		u->bad = true;
		memset(out, 0, len);
		return;
	}
	memcpy(out, u->at, len);
	u->at += len;
}

uint8_t
unpack_u8(struct unpack *u)
{
	uint8_t v;

	unpack_fixed(u, &v, sizeof(v));
	return v;
}

bool
unpack_bool(struct unpack *u)
{
	uint8_t v = unpack_u8(u);

	u->bad |= v > 1;
	return !u->bad && v == 1;
}

uint32_t
unpack_u32(struct unpack *u)
{
	uint32_t v;

	unpack_fixed(u, &v, sizeof(v));
	return le32toh(v);
}

uint64_t
unpack_u64(struct unpack *u)
{
	uint64_t v;

	unpack_fixed(u, &v, sizeof(v));
	return le64toh(v);
}

uint32_t
unpack_below(struct unpack *u, uint32_t limit)
{
	uint32_t v = unpack_u32(u);

	u->bad |= v >= limit;
	return u->bad ? 0 : v;
}

int64_t
unpack_i64(struct unpack *u)
{
	return (int64_t)unpack_u64(u);
}

const void *
unpack_bytes(struct unpack *u, size_t max, size_t *len_out)
{
	size_t len = unpack_u32(u);
	const void *at = u->at;

	*len_out = 0;
	if (u->bad || len > max || len > (size_t)(u->end - u->at)) {
		u->bad = true;
		return NULL;
	}
	u->at += len;
	*len_out = len;
	return at;
}

char *
unpack_str(struct unpack *u, struct arena *a, size_t max, bool utf8)
{
	struct unpack ahead = *u;
	const void *data;
	char *copy;
	size_t len;

	if (unpack_u32(&ahead) == NULL_STRING && !ahead.bad) {
		*u = ahead;
		return NULL;
	}
	data = unpack_bytes(u, max, &len);
	if (data == NULL)
		return NULL;
	if (memchr(data, '\0', len) != NULL ||
	    (utf8 && !utf8_valid(data, len)) ||
	    (copy = arena_memdup(a, data, len)) == NULL) {
		u->bad = true;
		return NULL;
	}
	return copy;
}

static char *
unpack_words(struct unpack *u, struct arena *a, size_t max, bool lines)
{
	char *s = unpack_str(u, a, max, true);

	for (const char *p = s; p != NULL && *p != '\0'; p++) {
		if ((unsigned char)*p >= ' ' && *p != 0x7f)
			continue;
		if (!lines || (*p != '\n' && *p != '\t'))
			u->bad = true;
	}
	u->bad |= s == NULL;
	return s;
}

char *
unpack_line(struct unpack *u, struct arena *a, size_t max)
{
	return unpack_words(u, a, max, false);
}

char *
unpack_text(struct unpack *u, struct arena *a, size_t max)
{
	return unpack_words(u, a, max, true);
}

int
unpack_end(const struct unpack *u)
{
	return u->bad || u->at != u->end ? -1 : 0;
}
