/* SPDX-License-Identifier: ISC */
#ifndef CTL_EXAMPLES_H
#define CTL_EXAMPLES_H

#include <stddef.h>

struct arena;
struct conf;
struct err;
struct store;

/* Letters with the domain that a person gave them. */
struct example {
	const char *id;      /* number, or line of the file */
	const char *subject, *text;
	int domain;          /* index into the rules' domains; -1 = not said */
};
struct examples {
	struct example *list;
	size_t n, size;
	struct arena *arena; /* owns everything in the list */
};

int examples_init(struct examples *e, struct err *err);
void examples_done(struct examples *e);

/*
 * Reads a file of labelled letters ("-" = standard input), one a line:
 *
 *   with tabs       domain, text; domain, subject, text; or id, domain,
 *                   subject, text.  A first line of column names (id, domain,
 *                   label, subject, title, text, or 编号, 领域, 主题, 正文) gives
 *                   another order.  \n, \t and \\ inside a cell are escapes.
 *   with bars       领域 | 主题 | 正文, as in tests/data/rules/
 *   with braces     {"id":…,"domain":…,"subject":…,"text":…}
 *
 * A domain is an id or a title.  Empty lines and lines beginning with # are
 * skipped.  ERR_INPUT names file:line of a line that cannot be read.
 */
int examples_read(struct examples *e, const struct conf *conf,
    const char *path, struct err *err);

/* The office's corrections: what a person moved from one domain to another,
 * by its last word. */
int examples_corrected(struct examples *e, const struct conf *conf,
    struct store *store, struct err *err);

/* All clues of the store; `domain` is the one each stands in now. */
int examples_stored(struct examples *e, const struct conf *conf,
    struct store *store, struct err *err);

/* Those of them that nobody corrected and that do not wait for a person. */
int examples_settled(struct examples *e, const struct conf *conf,
    struct store *store, struct err *err);

/* Index of a domain's id or title; -1. */
int domain_by_name(const struct conf *conf, const char *name);

#endif
