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

/* FNV-1a of 32 bits: for tables, against nobody. */
uint32_t hash_quick(const char *s, size_t len);

/* Over several pieces. */
struct hash_state;
struct hash_state *hash_new(void);
void hash_add(struct hash_state *h, const void *data, size_t len);
/* Ends and frees. */
void hash_end(struct hash_state **h, unsigned char out[SHA256_BYTES]);

#endif
