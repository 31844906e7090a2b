/* SPDX-License-Identifier: ISC */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* SHA-256 (FIPS 180-4) for message and attachment identity; nettle, because
 * it uses the CPU's SHA instructions and a message can be 60 MB. */
#define SHA256_BYTES 32
#define SHA256_HEX 65

void hash_sha256(const void *data, size_t len, unsigned char out[SHA256_BYTES]);

/* FNV-1a of 32 bits: for tables, against nobody.  From HASH_QUICK_START, over a
 * piece and then the next it gives what both in a row give. */
#define HASH_QUICK_START UINT32_C(0x811c9dc5)
static inline uint32_t
hash_quick_on(uint32_t h, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)s[i]) * UINT32_C(0x01000193);
	return h;
}
uint32_t hash_quick(const char *s, size_t len);

/* FNV-1a of 64 bits, from HASH_ON_START: over a piece and then the next gives
 * what both in a row give. */
#define HASH_ON_START UINT64_C(0xcbf29ce484222325)
static inline uint64_t
hash_on(uint64_t h, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)s[i]) * UINT64_C(0x100000001b3);
	return h;
}

/* Over several pieces. */
struct hash_state;
struct hash_state *hash_new(void);
void hash_add(struct hash_state *h, const void *data, size_t len);
/* Ends and frees. */
void hash_end(struct hash_state **h, unsigned char out[SHA256_BYTES]);

#endif
