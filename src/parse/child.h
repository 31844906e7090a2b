/* SPDX-License-Identifier: ISC */
#ifndef PARSE_CHILD_H
#define PARSE_CHILD_H

#include <sys/types.h>

struct err;
struct parse_more;
struct sandbox_filter;

/* One parser child: what a fork of the zygote does until it is told to end. */

/* Compiles the seccomp filter that every child loads; in the zygote, once. */
int child_filter_new(struct sandbox_filter **filter_out, struct err *err);

/* In the fork: drops everything but `sock`, takes the child's limits and
 * filter, answers jobs until the socket closes.  Never returns.  `zygote` is
 * the parent, with which it dies; `more` may be NULL (role.h). */
void child_main(int sock, pid_t zygote, const struct sandbox_filter *filter,
    const struct parse_more *more) __attribute__((noreturn));

#endif
