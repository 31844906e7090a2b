/* SPDX-License-Identifier: ISC */
#ifndef BASE_SANDBOX_CHECK_H
#define BASE_SANDBOX_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct sandbox_rule;
struct seccomp_data;
struct sock_filter;

/* What the kernel would make of a call (SECCOMP_RET_…, with its data); -1 when
 * the program is none, or uses what libseccomp 2.5 does not. */
int sandbox_run(const struct sock_filter *code, size_t n,
    const struct seccomp_data *call, uint32_t *verdict_out);

/*
 * Tries a compiled program with every system call, and with arguments inside
 * and outside of the rules: libseccomp 2.5 can give out a wrong one, and no
 * error, when memory was short.  `other` is the verdict on what no rule allows;
 * `more`: some of that may be allowed all the same (ASan's calls).  ERR_SYSTEM
 * when the program is not what the rules say.
 */
int sandbox_check(const struct sock_filter *code, size_t n,
    const struct sandbox_rule *rules, size_t n_rules, uint32_t other,
    bool more, struct err *err);

#endif
