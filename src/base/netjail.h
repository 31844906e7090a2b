/* SPDX-License-Identifier: ISC */
#ifndef BASE_NETJAIL_H
#define BASE_NETJAIL_H

#include <stdbool.h>
#include <stddef.h>

struct err;

/*
 * The sandbox of a process that talks to a provider (fetch, send), entered
 * once and for good: memory and descriptors limited, only what the resolver
 * and TLS read can be opened, nothing can be written or made, and only the
 * calls of a TCP client are there.  It can start threads, but no process, and
 * signal nobody but itself.  A call that is not allowed answers EPERM.
 */
struct netjail {
	size_t memory_bytes;
	unsigned n_files;
	const char *ca_file; /* may be read too; "" = none */
	bool makes_memfds;   /* messages for the core */
};
int netjail_enter(const struct netjail *jail, struct err *err);

#endif
