/* SPDX-License-Identifier: ISC */
#ifndef FOLLOW_COMMAND_WORDS_H
#define FOLLOW_COMMAND_WORDS_H

#include <stdbool.h>

#include "follow/command.h"

/* The vocabulary of command.c, in the form of base/fold.h. */

enum command_wants {
	WANTS_NOTHING,
	WANTS_TEXT,
	WANTS_PERSON,
	WANTS_DAYS, /* and a reason */
	WANTS_BODY,
	WANTS_DOMAIN,
	WANTS_FIRST, /* the number of the first clue */
	WANTS_VERDICT,
	WANTS_MAYBE_DAYS,
};

struct verb_words {
	const char *name, *title;
	unsigned by; /* enum command_by */
	enum command_wants wants;
	/* Other ways to write it; NULL-terminated, the title is one too. */
	const char *const *aliases;
	/* What may follow without a blank; NULL = anything that is not in
	 * command_denials. */
	const char *const *glue;
	const char *help, *example;
};
extern const struct verb_words command_words[VERB_COUNT];

extern const char *const command_denials[]; /* 吗, 后, 不了 … behind a verb */
extern const char *const command_prefixes[]; /* 已, 回复：, 好的 … before it */
extern const char *const command_greetings[]; /* lines of nothing else */

#endif
