/* SPDX-License-Identifier: ISC */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include <stdbool.h>

#include <sqlite3.h>

struct err;

/* One step forward: from schema `from` to from + 1.  A chain ends with a NULL
 * script; its steps follow each other. */
struct migration {
	int from;
	const char *sql;
};

/* The real one. */
extern const struct migration migrations[];

/*
 * Looks what the database is, inside the transaction that the caller opened,
 * and with `make` fills an empty one from `schema` or leads an older one by
 * `chain` to schema number `newest`; sets application_id and user_version.
 * 1 = it was made just now, 0 = it was there.  ERR_CONF: not a store, newer
 * than we, or (without `make`) empty or older.
 */
int migrate(sqlite3 *db, const char *schema, const struct migration *chain,
    int newest, bool make, struct err *err);

#endif
