/* SPDX-License-Identifier: ISC */
#include "letter/code.h"

#include <string.h>

#include <sodium.h>

#include "base/err.h"

#define CODE_PASSES 2
#define CODE_MEMORY (8UL << 20)

_Static_assert(CODE_HASH_SIZE >= crypto_pwhash_STRBYTES, "hash");
_Static_assert(sizeof(QUERY_ALPHABET) == 17, "four bits a character");

void
code_make(char out[QUERY_CODE_SIZE])
{
	unsigned char bits[QUERY_CODE_CHARS];
	size_t n = 0;

	randombytes_buf(bits, sizeof(bits));
	for (size_t i = 0; i < sizeof(bits); i++) {
		if (i > 0 && i % QUERY_GROUP == 0)
			out[n++] = '-';
		out[n++] = QUERY_ALPHABET[bits[i] & 15];
	}
	out[n] = '\0';
	sodium_memzero(bits, sizeof(bits));
}

int
code_hash(const char *code, char out[CODE_HASH_SIZE], struct err *err)
{
	memset(out, 0, CODE_HASH_SIZE);
	if (sodium_init() < 0 ||
	    crypto_pwhash_str(out, code, strlen(code), CODE_PASSES,
		CODE_MEMORY) != 0)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
		    "no memory to hash a query code");
	return 0;
}

/* The hash of nothing that anybody was ever told, with our parameters. */
static const char *
nobodys(void)
{
	static char hash[CODE_HASH_SIZE];
	char code[QUERY_CODE_SIZE];
	struct err err;

	if (hash[0] == '\0') {
		code_make(code);
		if (code_hash(code, hash, &err) < 0)
			hash[0] = '\0';
	}
	return hash;
}

bool
code_is(const char *hash, const char *code)
{
	bool real = hash != NULL;
	bool same;

	if (sodium_init() < 0)
		return false;
	same = crypto_pwhash_str_verify(
		   real ? hash : nobodys(), code, strlen(code)) == 0;
	return real && same;
}
