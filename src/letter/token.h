/* SPDX-License-Identifier: ISC */
#ifndef LETTER_TOKEN_H
#define LETTER_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct conf;
struct err;

/*
 * What shows that a reply answers a letter that we wrote to this person about
 * this clue, in this turn of it: a MAC (libsodium's crypto_auth) cut to 60
 * bits, written as "K7Q2-9XWM-4R3T".  It stands in the letter's Message-ID,
 * which comes back in References, and in its subject for those mail programs
 * that send none.  A turn ends when the clue changes hands or is concluded:
 * what was written before is worth nothing then.
 */
#define TOKEN_SIZE 15 /* twelve characters, two dashes, NUL */

/* The key lies beside the store (<store>.token), mode 0600; one is made when
 * there is none. */
struct token_key {
	unsigned char bytes[32];
};
int token_key_load(
    const struct conf *conf, struct token_key *out, struct err *err);
void token_key_wipe(struct token_key *key);

struct token_subject {
	int64_t clue;
	const char *person; /* roster id */
	uint32_t turn;
};
void token_make(const struct token_key *key, const struct token_subject *of,
    char out[TOKEN_SIZE]);
/* In constant time; the code as token_find() gives it. */
bool token_is(const struct token_key *key, const struct token_subject *of,
    const char *code);

/* The first code at or behind s, in its normal form (upper case; O is 0, I and
 * L are 1); *end_out is behind it.  Blanks and dashes of any kind may stand
 * between its groups. */
bool token_find(const char *s, char out[TOKEN_SIZE], const char **end_out);

/* A fresh Message-ID that carries the code ("" = none), without brackets: 128
 * random bits at the office's domain; NULL when memory or randomness is
 * out. */
char *token_message_id(
    const struct conf *conf, const char *code, struct arena *a);
/* Whether a mail's Message-ID is one that we give: such a mail is a letter of
 * ours that came back, whatever headers it lost on its way. */
bool token_is_our_id(const struct conf *conf, const char *message_id);
/* The code in a Message-ID of ours; false when it has none. */
bool token_of_message_id(const char *message_id, char out[TOKEN_SIZE]);

#endif
