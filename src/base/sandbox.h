/* SPDX-License-Identifier: ISC */
#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

struct err;

/*
 * One function a mechanism; each role composes them, once, after it has
 * opened what it needs.  All set NO_NEW_PRIVS first.
 */

/* RLIMIT_AS and RLIMIT_CPU (0 = leave), RLIMIT_NOFILE, no core dumps, and
 * PR_SET_DUMPABLE off so that nobody of the same user can ptrace us. */
int sandbox_limits(
    size_t memory_bytes, unsigned cpu_s, unsigned n_files, struct err *err);

/* Landlock: after this only the listed paths may be read (and executed, for
 * shared objects); nothing may be written or made.  NULL-terminated list;
 * paths that do not exist are left out; an empty list denies every path.
 * Where the kernel has no Landlock this does nothing and sets *have_out
 * false. */
int sandbox_landlock(
    const char *const *read_paths, bool *have_out, struct err *err);

/* seccomp: what a process may still call.  Everything else kills the process
 * (kill = true) or returns EPERM. */
struct sandbox_rule {
	int syscall;    /* SCMP_SYS(...) */
	int n_values;   /* 0 = any arguments */
	unsigned arg;   /* else argument `arg` … */
	long values[4]; /* … must equal one of these */
};
int sandbox_seccomp(const struct sandbox_rule *rules, size_t n_rules,
    bool kill, struct err *err);

/*
 * The same in two steps, for a zygote: compiling takes 0.3 ms, loading the
 * compiled filter next to nothing.  Notes on both:
 * - values are compared as 32 bits unless one does not fit into 32;
 * - system calls that this architecture lacks are passed over;
 * - clone3 always answers ENOSYS, its flags cannot be seen by a filter and
 *   glibc then falls back to clone, which can be ruled;
 * - builds with AddressSanitizer get the calls that its reports need on top,
 *   no RLIMIT_AS (ASan maps 16 TB of shadow) and stay dumpable; LeakSanitizer
 *   is switched off behind a filter, for it wants to ptrace.
 */
struct sandbox_filter;
int sandbox_filter_new(const struct sandbox_rule *rules, size_t n_rules,
    bool kill, struct sandbox_filter **filter_out, struct err *err);
int sandbox_filter_load(const struct sandbox_filter *filter, struct err *err);
void sandbox_filter_free(struct sandbox_filter **filter);

#endif
