/* SPDX-License-Identifier: ISC */
#ifndef BASE_STEP_H
#define BASE_STEP_H

/*
 * Durable steps.  Every place after which something has become true outside
 * this process (a commit, an ACK to a server, a letter handed to SMTP) calls
 * step("name").  In builds with CLUED_TEST_HOOKS the process kills itself with
 * SIGKILL at the N-th call when CLUED_TEST_DIE_AT=N, and appends the names to
 * the file CLUED_TEST_STEPS; otherwise this is nothing at all.
 */
#ifdef CLUED_TEST_HOOKS
void step(const char *name);
#else
#define step(name) ((void)0)
#endif

#endif
