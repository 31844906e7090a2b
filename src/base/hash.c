/* SPDX-License-Identifier: ISC */
#include "base/hash.h"

#include <stdlib.h>

#include <nettle/sha2.h>

struct hash_state {
	struct sha256_ctx ctx;
};

void
hash_sha256(const void *data, size_t len, unsigned char out[SHA256_BYTES])
{
	struct sha256_ctx ctx;

	sha256_init(&ctx);
	sha256_update(&ctx, len, data);
	sha256_digest(&ctx, SHA256_BYTES, out);
}

uint32_t
hash_quick(const char *s, size_t len)
{
	return hash_quick_on(HASH_QUICK_START, s, len);
}

struct hash_state *
hash_new(void)
{
	struct hash_state *h = malloc(sizeof(*h));

	if (h != NULL)
		sha256_init(&h->ctx);
	return h;
}

void
hash_add(struct hash_state *h, const void *data, size_t len)
{
	sha256_update(&h->ctx, len, data);
}

void
hash_end(struct hash_state **h, unsigned char out[SHA256_BYTES])
{
	sha256_digest(&(*h)->ctx, SHA256_BYTES, out);
	free(*h);
	*h = NULL;
}
