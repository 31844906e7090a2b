/* SPDX-License-Identifier: ISC */
#ifndef ROUTE_PATTERN_H
#define ROUTE_PATTERN_H

#include <stddef.h>

struct err;

/*
 * PCRE2 patterns of the rules, run over the normal form: UTF-8, case-blind,
 * "." stops at LF (the end of a sentence).  Compiled to machine code where the
 * system allows it; a limit on steps and memory stops patterns that try
 * everything, which then count as not found.
 */
struct pattern;
struct pattern_run; /* working memory of one decision */

/* ERR_CONF with PCRE2's words and the place in the pattern. */
int pattern_new(const char *pattern, struct pattern **out, struct err *err);
void pattern_free(struct pattern **p);

/* NULL without memory. */
struct pattern_run *pattern_run_new(void);
void pattern_run_free(struct pattern_run **run);

/* First place at or behind `start` that is not empty: 1 and its bytes
 * [*from_out, *to_out), else 0.  `text` is valid UTF-8. */
int pattern_find(const struct pattern *p, struct pattern_run *run,
    const char *text, size_t len, size_t start, size_t *from_out,
    size_t *to_out);

#endif
