/* SPDX-License-Identifier: ISC */
#ifndef CTL_ACT_ON_H
#define CTL_ACT_ON_H

#include "ctl/ctl.h"
#include "follow/command.h"

/* What the commands share that do something to a clue as the office would do
 * by mail (core/act.h), under the name of who runs them. */

/* Does n commands in one transaction, all or none, and prints what came of
 * them; returns the exit status: CTL_FINDING when there is no such clue or
 * something could not be done, CTL_USAGE when words are missing. */
int act_on(struct ctl *ctl, const struct ctl_command *me, const char *number,
    const struct command *what, size_t n);

/* A command of "NUMBER WORDS…" without options but --json.  With a target the
 * first word is that (a person, a body, a number); the rest is the text. */
int act_on_words(struct ctl *ctl, const struct ctl_command *me,
    enum command_verb verb, bool has_target, int argc, char **argv);

/* The words in one text, a blank between them; allocated, NULL without
 * memory. */
char *act_on_text(int argc, char **argv);

#endif
