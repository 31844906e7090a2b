/* SPDX-License-Identifier: ISC */
#ifndef CTL_RULES_H
#define CTL_RULES_H

#include <stdbool.h>

#include "ctl/ctl.h"
#include "ctl/examples.h"

/* cluectl rules: a table of subcommands, one file each (rules_NAME.c). */
struct rules_command {
	const char *name;
	const char *help; /* usage line and options, whole lines */
	int (*run)(struct ctl *ctl, int argc, char **argv);
};
extern const struct rules_command rules_explain, rules_test, rules_diff,
    rules_suggest, rules_check;

int rules_usage(const struct rules_command *command);
/* Loads the configuration with these rules (NULL = its own) into ctl. */
int rules_load(struct ctl *ctl, const char *rules);
/* What a subcommand works on: a file of letters, or (path NULL) the office's
 * corrections or all clues of the store.  CTL_OK or the exit status. */
enum rules_from { FROM_CORRECTIONS, FROM_CLUES };
int rules_letters(struct ctl *ctl, const char *path, enum rules_from from,
    struct examples *out);

/* "rules.d/x.conf:12" of an absolute path, for people. */
const char *rules_place(const char *file, int line, char out[80]);
/* One line of at most `columns`: the subject, or how the text begins. */
void rules_brief(struct buf *b, const struct example *e, size_t columns);

#endif
