/* SPDX-License-Identifier: ISC */
#ifndef BASE_PACK_H
#define BASE_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;

/*
 * The bytes of frames between our processes: little-endian integers, and
 * strings as length (u32) + bytes.  Each room's wire.c has the writer and the
 * reader of a frame side by side in the same order.  The reader is sticky:
 * after the first breach everything reads as zero or empty, and unpack_end()
 * tells.
 */
void pack_u8(struct buf *b, uint8_t v);
void pack_bool(struct buf *b, bool v);
void pack_u32(struct buf *b, uint32_t v);
void pack_u64(struct buf *b, uint64_t v);
void pack_i64(struct buf *b, int64_t v);
void pack_bytes(struct buf *b, const void *data, size_t len);
/* A C string; NULL is told apart from "". */
void pack_str(struct buf *b, const char *s);

struct unpack {
	const unsigned char *at;
	const unsigned char *end;
	bool bad;
};

void unpack_init(struct unpack *u, const void *data, size_t len);
uint8_t unpack_u8(struct unpack *u);
bool unpack_bool(struct unpack *u); /* bad unless 0 or 1 */
uint32_t unpack_u32(struct unpack *u);
uint64_t unpack_u64(struct unpack *u);
int64_t unpack_i64(struct unpack *u);
/* A value that must be below `limit` (enums, counts); bad otherwise. */
uint32_t unpack_below(struct unpack *u, uint32_t limit);
/* Exactly len raw bytes into out. */
void unpack_fixed(struct unpack *u, void *out, size_t len);
/* Borrowed bytes inside the input; *len_out ≤ max or bad. */
const void *unpack_bytes(struct unpack *u, size_t max, size_t *len_out);
/* A copy in the arena; NULL if NULL was packed.  Bad when longer than max,
 * when it holds a NUL, or (utf8) when it is not valid UTF-8. */
char *unpack_str(struct unpack *u, struct arena *a, size_t max, bool utf8);
/* UTF-8 without control characters, copied into the arena; a text may have
 * TAB and LF.  Bad when NULL was packed. */
char *unpack_line(struct unpack *u, struct arena *a, size_t max);
char *unpack_text(struct unpack *u, struct arena *a, size_t max);
/* 0 when everything was read and nothing is left over, else -1. */
int unpack_end(const struct unpack *u);

#endif
