/* SPDX-License-Identifier: ISC */
#ifndef ROUTE_WORDLIST_H
#define ROUTE_WORDLIST_H

#include <stddef.h>
#include <stdint.h>

#include "route/match.h"

struct err;
struct norm_table;

/*
 * Words that each mean something (an area, a person, a title), in normal form,
 * with a matcher over them.  Equal words may mean several things.
 */
struct wordlist;

struct meaning {
	uint32_t kind;
	uint32_t index;
};

struct wordlist *wordlist_new(const struct norm_table *table);
void wordlist_free(struct wordlist **list);

/* Words that are empty in normal form are left out.  ERR_SYSTEM. */
int wordlist_add(struct wordlist *list, const char *word, uint32_t kind,
    uint32_t index, struct err *err);
/* After the last word. */
int wordlist_build(struct wordlist *list, struct err *err);

/* A word at bytes [at, at + len) of the normal form. */
struct mention {
	uint32_t at, len;
	struct meaning means;
};
struct mentions {
	struct mention *list;
	size_t n;
};
void mentions_done(struct mentions *m);

/* Adds one more behind the others; mentions_sort() afterwards.  -1 without
 * memory. */
int mentions_add(struct mentions *m, const struct mention *mention);
void mentions_sort(struct mentions *m);

/* All mentions by place; at one place longer words first, then by kind and
 * index. */
int wordlist_find(const struct wordlist *list, const char *text, size_t len,
    struct mentions *out, struct err *err);

#endif
