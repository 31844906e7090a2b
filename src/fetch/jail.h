/* SPDX-License-Identifier: ISC */
#ifndef FETCH_JAIL_H
#define FETCH_JAIL_H

struct err;

/* Closes the sandbox of a fetch process: memory and descriptors limited, only
 * what the resolver and TLS read can be opened (and ca_file, if not ""), and
 * only the system calls of an IMAP client.  A call that is not allowed answers
 * EPERM. */
int jail_enter(const char *ca_file, struct err *err);

#endif
