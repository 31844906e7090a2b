/* SPDX-License-Identifier: ISC */
#include "letter/token.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/fold.h"
#include "base/keyfile.h"
#include "base/limits.h"
#include "base/pack.h"
#include "base/str.h"
#include "conf/conf.h"

#define GROUP 4
#define GROUPS 3
#define CODE_CHARS (GROUP * GROUPS)

/* Crockford's: no letter that looks or sounds like another. */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

int
token_key_load(
    const struct conf *conf, struct token_key *out, struct err *err)
{
	char path[MAX_PATH_BYTES + 16];
	int n = snprintf(
	    path, sizeof(path), "%s.token", conf->store.path);

	if (n < 0 || (size_t)n >= sizeof(path))
		return err_set(
		    err, ERR_CONF, ERR_OWN, 0, "store.path is too long");
	if (keyfile_load(path, true, out->bytes, sizeof(out->bytes), err) < 0)
		return err_at(err, "key of the replies");
	return 0;
}

void
token_key_wipe(struct token_key *key)
{
	sodium_memzero(key, sizeof(*key));
}

/* The label keeps this MAC from being one for anything else. */
void
token_make(const struct token_key *key, const struct token_subject *of,
    char out[TOKEN_SIZE])
{
	_Static_assert(sizeof(key->bytes) == crypto_auth_KEYBYTES, "key");
	unsigned char mac[crypto_auth_BYTES];
	BUF_AUTO struct buf b = BUF_INIT;
	uint64_t bits = 0;
	size_t n = 0;

	pack_str(&b, "clued reply token");
	pack_i64(&b, of->clue);
	pack_str(&b, of->person);
	pack_u32(&b, of->turn);
	(void)crypto_auth(mac, (const unsigned char *)buf_str(&b), b.len,
	    key->bytes);
	for (size_t i = 0; i < 8; i++)
		bits = bits << 8 | mac[i];
	for (size_t i = 0; i < CODE_CHARS; i++) {
		if (i > 0 && i % GROUP == 0)
			out[n++] = '-';
		out[n++] = alphabet[bits & 31];
		bits >>= 5;
	}
	out[n] = '\0';
	sodium_memzero(mac, sizeof(mac));
}

bool
token_is(const struct token_key *key, const struct token_subject *of,
    const char *code)
{
	char right[TOKEN_SIZE];

	token_make(key, of, right);
	return strlen(code) == TOKEN_SIZE - 1 &&
	       sodium_memcmp(right, code, TOKEN_SIZE - 1) == 0;
}

/* The character's place in the alphabet; '\0' = none.  c is folded. */
static char
normal(char c)
{
	if (c == 'o')
		return '0';
	if (c == 'i' || c == 'l')
		return '1';
	if (c >= 'a' && c <= 'z')
		c = (char)(c - 32);
	return c != '\0' && strchr(alphabet, c) != NULL ? c : '\0';
}

/* Between the groups: a dash of any kind, blanks around it. */
static size_t
gap(const char *s)
{
	static const char *const dashes[] = {"-", "—", "–", "‐", "−"};
	size_t n = strspn(s, " ");

	for (size_t i = 0; i < sizeof(dashes) / sizeof(*dashes); i++)
		if (str_starts(s + n, dashes[i])) {
			n += strlen(dashes[i]);
			break;
		}
	return n + strspn(s + n, " ");
}

static bool
is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Bytes of a code that begins at s, or 0. */
static size_t
code_at(const char *s, char out[TOKEN_SIZE])
{
	size_t at = 0, n = 0;

	for (size_t i = 0; i < CODE_CHARS; i++) {
		if (i > 0 && i % GROUP == 0) {
			size_t k = gap(s + at);

			if (k == 0)
				return 0;
			at += k;
			out[n++] = '-';
		}
		out[n] = normal(s[at]);
		if (out[n++] == '\0')
			return 0;
		at++;
	}
	out[n] = '\0';
	return is_alnum(s[at]) ? 0 : at;
}

bool
token_find(const char *s, char out[TOKEN_SIZE], const char **end_out)
{
	struct fold f;
	bool found = false;

	*end_out = s + strlen(s);
	if (fold_init(&f, s) < 0)
		return false;
	for (size_t i = 0; i < f.len && !found; i++) {
		size_t n = i == 0 || !is_alnum(f.s[i - 1])
			       ? code_at(f.s + i, out)
			       : 0;

		found = n > 0;
		if (found)
			*end_out = s + f.at[i + n];
	}
	fold_done(&f);
	return found;
}

char *
token_message_id(const struct conf *conf, const char *code, struct arena *a)
{
	unsigned char bits[16];
	char hex[33], plain[TOKEN_SIZE];
	size_t n = 0;

	if (sodium_init() < 0)
		return NULL;
	randombytes_buf(bits, sizeof(bits));
	hex_put(bits, sizeof(bits), hex);
	for (; *code != '\0' && n < sizeof(plain) - 1; code++)
		if (*code != '-')
			plain[n++] = *code;
	plain[n] = '\0';
	return arena_printf(a, "%s%s%s@%s", hex, n > 0 ? "." : "", plain,
	    conf->office.message_id_domain);
}

bool
token_is_our_id(const struct conf *conf, const char *message_id)
{
	char code[TOKEN_SIZE];
	const char *at = strchr(message_id, '@');

	if (at == NULL || strspn(message_id, "0123456789abcdef") != 32 ||
	    !str_ieq(at + 1, conf->office.message_id_domain))
		return false;
	return at - message_id == 32 || token_of_message_id(message_id, code);
}

bool
token_of_message_id(const char *message_id, char out[TOKEN_SIZE])
{
	const char *dot = strchr(message_id, '.');
	size_t n = 0;

	if (dot == NULL || dot - message_id != 32)
		return false;
	for (size_t i = 0; i < CODE_CHARS; i++) {
		char c = dot[1 + i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c + 32);
		if (i > 0 && i % GROUP == 0)
			out[n++] = '-';
		out[n] = normal(c);
		if (out[n++] == '\0')
			return false;
	}
	out[n] = '\0';
	return dot[1 + CODE_CHARS] == '@';
}
