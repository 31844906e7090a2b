/* SPDX-License-Identifier: ISC */
#ifndef INTAKE_HIDE_TOKEN_H
#define INTAKE_HIDE_TOKEN_H

#include <stddef.h>
#include <stdint.h>

struct hide_text;

/*
 * The letter as a row of tokens, for the judge that learnt from letters
 * (hide_judge.h): a Han character, a number however it is written, a Latin
 * word, a mark.  Each knows what the lists of hide_words.h say of it, of whom
 * was spoken last in front of it, and where in its clause it stands.
 */

enum hide_stop { STOP_NONE, STOP_CLAUSE, STOP_SENTENCE, STOP_LINE };

/* Bits of hide_token.lists. */
enum hide_list {
	LIST_SELF = 1,
	LIST_FAMILY = 2,
	LIST_ROLE = 4,
	LIST_REPORTER = 8,
	LIST_ACCUSED = 16,
	LIST_OTHER = 32,
};

struct hide_token {
	size_t b, e;	/* bytes of the text */
	uint32_t word;	/* what it says; all mobile numbers say the same */
	uint32_t kind;	/* what sort of thing it is */
	uint8_t stop;	/* enum hide_stop: what ends with it */
	uint8_t lists;	/* whose words it belongs to */
	uint8_t name;	/* 1 begins what may be a name, 2 goes on with it */
	uint8_t cue;	/* spoken of last in front: 1 the writer, 2 another */
	uint8_t cue_far; /* how far away that is, 0 … 6 */
	uint8_t list;	/* the last lists in front … */
	uint8_t list_far; /* … and how far away */
	uint8_t section; /* of a form: 1 the writer's, 2 the accused's */
	size_t clause, clause_end; /* tokens */
};

struct hide_tokens {
	struct hide_token *list;
	size_t n;
};

/* Reads [from, to) of the text; -1 when memory is out. */
int hide_tokens_read(const struct hide_text *t, size_t from, size_t to,
    struct hide_tokens *out);
void hide_tokens_done(struct hide_tokens *tokens);

/* Two numbers as one, and bytes as one; the same everywhere. */
uint32_t hide_mix(uint32_t a, uint32_t b);
uint32_t hide_hash(const char *s, size_t len);

#endif
