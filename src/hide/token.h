/* SPDX-License-Identifier: ISC */
#ifndef HIDE_TOKEN_H
#define HIDE_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hide_text;

/*
 * The letter as a row of tokens, for the judge that learnt from letters
 * (judge.h): a Han character, a number however it is written, a Latin
 * word, a mark.  Each knows what the lists of words.h say of it, of whom
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

/* Of whom a word speaks: 我 or 他. */
enum hide_cue { CUE_NONE, CUE_WRITER, CUE_OTHER };

/* What is done in a clause: who beats and collects is accused, who lives and
 * sells is mostly the writer. */
enum hide_verb { VERB_NONE, VERB_WRONG, VERB_LIVING };

/* Somebody or something that is named, as far as can be seen. */
enum hide_unit {
	UNIT_BETWEEN, /* nothing */
	UNIT_THING,
	UNIT_LATIN,
	UNIT_NUMBER, /* from here on it tells who one is */
	UNIT_FIRM,
	UNIT_NAME,
	UNIT_PLATE,
};

struct hide_token {
	size_t b, e;	/* bytes of the text */
	uint32_t word;	/* what it says; all mobile numbers say the same */
	uint32_t kind;	/* what sort of thing it is */
	uint8_t stop;	/* enum hide_stop: what ends with it */
	uint8_t lists;	/* whose words it belongs to */
	uint8_t name;	/* 1 begins what may be a name, 2 goes on with it */
	uint8_t cue;	/* enum hide_cue: spoken of last in front */
	uint8_t cue_far; /* how far away that is, 0 … 6 */
	size_t cue_at;	/* the token that said so */
	uint8_t list;	/* the last lists in front … */
	uint8_t list_far; /* … and how far away */
	uint8_t section; /* of a form: 1 the writer's, 2 the accused's */
	uint8_t next;	/* spoken of next in the clause, like cue … */
	uint8_t next_far; /* … and how far away, 0 … 3 */
	uint8_t verb;	/* last enum hide_verb of the clause in front … */
	uint8_t next_verb; /* … and first one behind */
	uint8_t order;	/* among the letter's numbers of its kind: 1 the only
			 * one, 2 the first, 3 the last, 4 another */
	uint8_t again;	/* 0 stands here alone; else what the rules and the
			 * cues said where the same stood first */
	uint16_t rules;	/* bits 1 << enum hide_rule: who hid it */
	size_t clause, clause_end; /* tokens */
	size_t unit, unit_end;	/* of what is named here, as far as it goes */
	uint8_t sort;	/* enum hide_unit: what that is */
};

struct hide_tokens {
	struct hide_token *list;
	size_t n;
	bool mended; /* the rules were mended for this letter: how they fare
		      * with it teaches nothing */
};

/* Reads [from, to) of the text; -1 when memory is out. */
int hide_tokens_read(const struct hide_text *t, size_t from, size_t to,
    struct hide_tokens *out);
void hide_tokens_done(struct hide_tokens *tokens);

/* Whether a Han character or a letter begins there, not a mark or digit. */
bool hide_is_word(const struct hide_text *t, size_t i);
/* unit.c: where what is named begins and ends. */
void hide_find_units(const struct hide_text *t, struct hide_tokens *k);
/* evidence.c: what the whole letter and the rules say of each. */
void hide_find_evidence(const struct hide_text *t, struct hide_tokens *k);
/* The first token that begins at the byte or behind it. */
size_t hide_token_at(const struct hide_tokens *k, size_t at);
/* Five bytes and more with a digit: no house number, no sum in hundreds. */
bool hide_is_long_number(
    const struct hide_text *t, const struct hide_token *x);

/* Two numbers as one, and bytes as one; the same everywhere. */
static inline uint32_t
hide_mix(uint32_t a, uint32_t b)
{
	uint64_t x = ((uint64_t)a << 32 | b) * UINT64_C(0x9E3779B97F4A7C15);

	return (uint32_t)(x >> 29);
}
uint32_t hide_hash(const char *s, size_t len);

#endif
