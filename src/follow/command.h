/* SPDX-License-Identifier: ISC */
#ifndef FOLLOW_COMMAND_H
#define FOLLOW_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;
struct conf;

/*
 * The mail commands of DOMAIN.md: read forgivingly, obeyed strictly.  Blanks,
 * punctuation, full-width and traditional characters, 已签收, 【签收】, a
 * greeting in front and a signature below do not matter; what is not said
 * plainly (签收吗？, 不属于我) is no command but a flaw, which the answer
 * names. Pure.
 */
enum command_verb {
	VERB_ACCEPT,
	VERB_FEEDBACK,
	VERB_RETURN,
	VERB_REASSIGN,
	VERB_EXTEND,
	VERB_SUSPEND,
	VERB_TRANSFER,
	VERB_SUBSTANTIATED,
	VERB_UNSUBSTANTIATED,
	VERB_NOT_APPLICABLE,
	VERB_RECUSE,
	VERB_ASK,
	VERB_HELP,
	/* the office's own */
	VERB_ASSIGN,
	VERB_DOMAIN,
	VERB_GRANT,
	VERB_REFUSE,
	VERB_GRANT_SUSPEND,
	VERB_REFUSE_SUSPEND,
	VERB_REVIEW,
	VERB_DUPLICATE,
	VERB_REOPEN,
	VERB_NOTE,
	VERB_QUERY,
	VERB_COUNT,
};
const char *command_name(enum command_verb v);	/* "accept" */
const char *command_title(enum command_verb v); /* "签收" */
int command_by_name(const char *name);		/* -1 = unknown */

/* Who writes. */
enum command_by { COMMAND_BY_OFFICER = 1, COMMAND_BY_OFFICE = 2 };

enum command_flaw {
	COMMAND_OK,
	COMMAND_UNKNOWN,   /* no command in it; verb means nothing */
	COMMAND_NOT_YOURS, /* the office's, from an officer */
	COMMAND_DOUBTFUL,  /* a command's word, but not said plainly */
	COMMAND_NO_TEXT,   /* the reason, the result … is missing */
	COMMAND_NO_PERSON,
	COMMAND_NO_DAYS,
	COMMAND_NO_BODY,
	COMMAND_NO_DOMAIN,
	COMMAND_NO_NUMBER,
	COMMAND_NO_VERDICT,
	COMMAND_FLAW_COUNT,
};

/* Strings live in the arena; "" where there is none. */
struct command {
	enum command_verb verb;
	enum command_flaw flaw;
	const char *line;   /* the line it was read from, cut */
	const char *number; /* LY-2026-000123, as written in upper case */
	const char *target; /* what follows on the line: person, domain, body,
			     * 重复's number; command_person() reads it */
	const char *text;   /* reason, result, feedback */
	uint32_t days;
	bool passed; /* 办结复核 通过 */
};
/* Most commands read from one mail of the office. */
#define MAX_COMMANDS 20

/* Reads a reply's own words.  An officer's mail is one command: the first line
 * with something in it, greetings apart, and below it the text.  Of the office
 * each line may be one.  At least one is given back, COMMAND_UNKNOWN when none
 * was there.  -1 when memory is out. */
int command_read(const char *text, enum command_by by, struct arena *a,
    struct command **out, size_t *n_out);

/* What a command that was not read from a mail still lacks: COMMAND_OK or one
 * of COMMAND_NO_…. */
enum command_flaw command_missing(const struct command *c);

/* Whom or what a target means: the longest name, id, address or alias that it
 * begins with, 给, 由, quotes and 领域 apart.  *rest_out (inside target) is
 * what follows.  -1 = nobody, -2 = several. */
int command_person(
    const struct conf *conf, const char *target, const char **rest_out);
int command_domain(
    const struct conf *conf, const char *target, const char **rest_out);

/* Appends what is wrong with a flawed command, and an example. */
void command_advise(
    const struct command *c, enum command_by by, struct buf *out);
/* An example of the command: "延期 5天 需调取施工合同". */
const char *command_example(enum command_verb v);
/* All that one may write, a line each. */
void command_list(enum command_by by, struct buf *out);

/* A clue's number at s (inside a longer text is fine for the caller to try
 * each place): letters, -20YY-, three digits or more.  Its bytes; 0 = none. */
size_t command_number_at(const char *s);

#endif
