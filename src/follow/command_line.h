/* SPDX-License-Identifier: ISC */
#ifndef FOLLOW_COMMAND_LINE_H
#define FOLLOW_COMMAND_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "follow/command.h"

struct fold;

/*
 * The folded text of a reply while its commands are read: command.c finds
 * them, command_rest.c reads what follows each, by these.  Places are bytes of
 * the folded text; what goes to others is copied from the original.
 */
struct reading {
	const struct fold *f;
	const char *original;
	enum command_by by;
	struct arena *arena;
	struct command list[MAX_COMMANDS];
	size_t n;
	struct buf text; /* of the last command */
	bool no_memory;
};

/* What else than blanks separates a command from what follows. */
#define SEPARATORS " ,;:.!。、~-—|)]}”\"】〕》…\n"

bool line_at(const struct reading *r, size_t i, const char *word);
/* Bytes of the longest word of the NULL-terminated list at i; 0 = none. */
size_t line_match(const struct reading *r, size_t i, const char *const *list);
/* Whether one of them stands anywhere in [b, e). */
bool line_has(
    const struct reading *r, size_t b, size_t e, const char *const *list);
/* Bytes of the character at i when it is one of the set. */
size_t line_one_of(const struct reading *r, size_t i, const char *set);
/* The first place in [i, e) whose character is none of the set. */
size_t line_skip(const struct reading *r, size_t i, size_t e, const char *set);
/* 👌, ✅: bytes of a picture at i. */
size_t line_picture_at(const struct reading *r, size_t i, size_t e);
/* The verb at i and its bytes; -1 = none. */
int line_verb_at(const struct reading *r, size_t i, size_t *len_out);
/* A clue's number that stands at i; its bytes, 0 = none. */
size_t line_take_number(struct reading *r, size_t i, const char **out);
/* The original's bytes of [b, e), blanks off both ends. */
char *line_copy(struct reading *r, size_t b, size_t e);
/* Nothing but polite words and marks in [i, e). */
bool line_is_greeting(const struct reading *r, size_t i, size_t e);

/* command_rest.c: what follows the verb in [i, e), by what the verb wants. */
void line_read_rest(struct reading *r, struct command *c, size_t i, size_t e);

#endif
