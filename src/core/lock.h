/* SPDX-License-Identifier: ISC */
#ifndef CORE_LOCK_H
#define CORE_LOCK_H

#include <stdbool.h>

struct err;

/*
 * One daemon a store: two would send each letter twice.  The lock lies beside
 * the store (<store>.lock) and ends with the process, however it ends.
 * ERR_CONF names the process that holds it.  The descriptor is the lock.
 * *unclean_out: the one that held it last did not end with lock_leave(): it
 * was killed, or the machine went down.
 */
int lock_store(const char *store_path, int *fd_out, bool *unclean_out,
    struct err *err);
/* An orderly end. */
void lock_leave(int fd);

#endif
