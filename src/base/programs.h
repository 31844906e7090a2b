/* SPDX-License-Identifier: ISC */
#ifndef BASE_PROGRAMS_H
#define BASE_PROGRAMS_H

#include <stdbool.h>

struct err;

/*
 * The roles' programs.  Each role is linked with what it needs and no more: a
 * stranger's bytes are decoded in a process that has no network library in it
 * at all, and starting touches few libraries.
 *
 *     PREFIX/sbin/clued    PREFIX/bin/cluectl    those who run roles
 *     PREFIX/libexec/clued/{fetch,parse,send}    what they run
 *
 * The build folder is laid out in the same way.  The programs are looked for
 * beside the running one, as the kernel names it: no environment, no PATH and
 * no configuration can put another in their place.
 */

/* Early in main() of who runs roles: opens all of them, so that they stay those
 * of this build whatever is installed meanwhile.  ERR_CONF where a program is
 * missing, ERR_SYSTEM where one is of another build (an installation under
 * way?); then programs_open() says it of that one.  Without this call a role is
 * this program again: tests and their drivers. */
int programs_find(struct err *err);

/* What to execute for a role: a descriptor that stays ours, or PROGRAMS_SELF.
 * -1 = there is none. */
#define PROGRAMS_SELF (-2)
int programs_open(const char *role, struct err *err);

/* What a program wants to hear as its second argument, "--build=ID": that both
 * come from one build, for their frames carry no version. */
const char *programs_build_option(void);

/* First thing in main() of a role's program: whether it was called by
 * spawn_role() of the same build, with a socket; else a word on standard
 * error.  Gives the process its name. */
bool programs_begin(int argc, char **argv, const char *role);

#endif
