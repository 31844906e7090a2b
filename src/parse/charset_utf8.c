/* SPDX-License-Identifier: ISC */
#include <stdint.h>
#include <string.h>

#include "parse/charset_convert.h"

/*
 * Where UTF-8 stops being valid.  Most mail is UTF-8 and is looked at once, so
 * this is the hot path: an automaton without branches, whose state is a shift
 * into the row of the next byte, eats blocks; the exact place of an error in a
 * block is found character by character.
 */

/* Longest character and one byte that came between. */
#define RUIN_MAX 5
#define BLOCK 32

static inline bool
is_tail(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

/* States of RFC 3629's grammar as shifts.  NEED_* count the tails to come, the
 * others have a narrower range for the next byte. */
enum {
	BAD = 0,
	DONE = 6,
	NEED_1 = 12,
	NEED_2 = 18,
	NEED_3 = 24,
	AFTER_E0 = 30,
	AFTER_ED = 36,
	AFTER_F0 = 42,
	AFTER_F4 = 48
};

#define GO(from, to) ((uint64_t)(to) << (from))
#define TAIL (GO(NEED_1, DONE) | GO(NEED_2, NEED_1) | GO(NEED_3, NEED_2))

static const uint64_t rows[256] = {
    [0x00 ... 0x7f] = GO(DONE, DONE),
    [0x80 ... 0x8f] = TAIL | GO(AFTER_ED, NEED_1) | GO(AFTER_F4, NEED_2),
    [0x90 ... 0x9f] = TAIL | GO(AFTER_ED, NEED_1) | GO(AFTER_F0, NEED_2),
    [0xa0 ... 0xbf] = TAIL | GO(AFTER_E0, NEED_1) | GO(AFTER_F0, NEED_2),
    [0xc2 ... 0xdf] = GO(DONE, NEED_1),
    [0xe0] = GO(DONE, AFTER_E0),
    [0xe1 ... 0xec] = GO(DONE, NEED_2),
    [0xed] = GO(DONE, AFTER_ED),
    [0xee ... 0xef] = GO(DONE, NEED_2),
    [0xf0] = GO(DONE, AFTER_F0),
    [0xf1 ... 0xf3] = GO(DONE, NEED_3),
    [0xf4] = GO(DONE, AFTER_F4),
};

size_t
charset_ascii_prefix(const unsigned char *p, size_t len)
{
	uint64_t w;
	size_t i = 0;

	for (; i + 8 <= len; i += 8) {
		memcpy(&w, p + i, 8);
		if ((w & 0x8080808080808080U) != 0)
			break;
	}
	while (i < len && p[i] < 0x80)
		i++;
	return i;
}

static inline bool
is_ascii_block(const unsigned char *p)
{
	uint64_t w[BLOCK / 8], any = 0;

	memcpy(w, p, BLOCK);
	for (int i = 0; i < BLOCK / 8; i++)
		any |= w[i];
	return (any & 0x8080808080808080U) == 0;
}

size_t
charset_utf8_char(const unsigned char *p, size_t left)
{
	unsigned char a = p[0], b;

	if (left < 2 || a < 0xc2 || a > 0xf4)
		return 0;
	b = p[1];
	if (a < 0xe0)
		return is_tail(b) ? 2 : 0;
	if (left < 3 || !is_tail(b) || !is_tail(p[2]))
		return 0;
	if (a == 0xe0 || a == 0xed)
		return (a == 0xe0) == (b >= 0xa0) ? 3 : 0;
	if (a < 0xf0)
		return 3;
	if (left < 4 || !is_tail(p[3]) || (a == 0xf0 && b < 0x90) ||
	    (a == 0xf4 && b > 0x8f))
		return 0;
	return 4;
}

/* Whole blocks of valid bytes; a character may be cut at their end. */
static size_t
valid_blocks(const unsigned char *p, size_t len)
{
	uint64_t state = DONE;
	size_t i = 0;

	for (; i + BLOCK <= len; i += BLOCK) {
		if (state == DONE && is_ascii_block(p + i))
			continue;
		for (size_t k = 0; k < BLOCK; k++)
			state = rows[p[i + k]] >> (state & 63);
		state &= 63;
		if (state == BAD)
			break;
	}
	return i;
}

size_t
charset_utf8_prefix(const unsigned char *p, size_t len)
{
	size_t i = valid_blocks(p, len), n;

	/* Back to the start of a character that the last block cut, or that
	 * ends there. */
	for (n = 0; n < 4 && i > 0 && p[i - 1] >= 0x80; n++)
		if (!is_tail(p[--i]))
			break;
	while (i < len) {
		n = p[i] < 0x80 ? 1 : charset_utf8_char(p + i, len - i);
		if (n == 0)
			break;
		i += n;
	}
	return i;
}

/* The "maximal subpart" of Unicode section 3.9: what of a character is there
 * before the byte that spoils it. */
static size_t
subpart(const unsigned char *p, size_t len)
{
	uint64_t state = DONE;
	size_t n = 0;

	while (n < len) {
		state = rows[p[n]] >> state & 63;
		if (state == BAD || state == DONE)
			break;
		n++;
	}
	return n > 0 ? n : 1;
}

size_t
charset_utf8_bad(const unsigned char *p, size_t len)
{
	size_t n = subpart(p, len);

	while (n < len && n < RUIN_MAX && p[n] >= 0x80 &&
	       charset_utf8_char(p + n, len - n) == 0)
		n++;
	return n;
}

bool
charset_utf8_cesu(const unsigned char *p, size_t left)
{
	return left >= 6 && p[0] == 0xed && (p[1] & 0xf0) == 0xa0 &&
	       is_tail(p[2]) && p[3] == 0xed && (p[4] & 0xf0) == 0xb0 &&
	       is_tail(p[5]);
}
