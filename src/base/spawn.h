/* SPDX-License-Identifier: ISC */
#ifndef BASE_SPAWN_H
#define BASE_SPAWN_H

#include <sys/types.h>

struct err;

/*
 * Roles are executed, not only forked: the child has a fresh address space, a
 * program of its own (programs.h), and nothing of its parent's memory,
 * environment or descriptors.
 */

/* The descriptor on which a role finds its socket to the core. */
#define SPAWN_SOCKET 3

/* Runs the role's program as `argv0 --role=NAME --build=ID`, or this one again
 * as `argv0 --role=NAME` (programs_open()), with a small environment
 * (PATH, LANG=C.UTF-8, TZ=UTC and the CLUED_TEST_… hooks), stdin from
 * /dev/null, stderr kept, `socket` as descriptor SPAWN_SOCKET and every other
 * descriptor closed.  The child dies with its parent (PR_SET_PDEATHSIG).
 * *pidfd_out becomes readable when it ends. */
int spawn_role(const char *role, int socket, pid_t *pid_out, int *pidfd_out,
    struct err *err);

/* Runs a token command for a secret: `/bin/sh -c command` with the same small
 * environment, its standard output (at most size - 1 bytes, one trailing line
 * end cut) into out; killed after timeout_ms.  Never called by a role. */
int spawn_secret(const char *command, int timeout_ms, char *out,
    unsigned long size, struct err *err);

#endif
