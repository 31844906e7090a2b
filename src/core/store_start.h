/* SPDX-License-Identifier: ISC */
#ifndef CORE_STORE_START_H
#define CORE_STORE_START_H

#include <stdbool.h>

struct conf;
struct err;
struct store;

/*
 * Opens the daemon's store and locks it; after a kill or a power cut it is
 * looked through first (PRAGMA quick_check), before anything is built on it.
 * -1 when it cannot be opened, belongs to another daemon or is damaged: unless
 * `once`, whose exit tells, a letter to the office goes straight out.  Then
 * *store_out may be open, to be closed by the caller, and *lock_out is -1.
 */
int store_start(const struct conf *conf, bool once, struct store **store_out,
    int *lock_out, struct err *err);

#endif
