/* SPDX-License-Identifier: ISC */
#include "store/migrate.h"

#include <stdio.h>

#include "base/err.h"
#include "migrations/m0002_mail_work.sql.h"
#include "migrations/m0003_counted_late.sql.h"
#include "store/db.h"

/*
 * Each script stands in migrations/ as mNNNN_what.sql, NNNN being the schema
 * it makes, and is included here by its header.
 */
const struct migration migrations[] = {
    {1, m0002_mail_work_sql},
    {2, m0003_counted_late_sql},
    {0, NULL},
};

static int
fail(sqlite3 *db, struct err *err, const char *doing)
{
	return db_fail_code(err, sqlite3_extended_errcode(db), doing,
	    sqlite3_errmsg(db));
}

static int
script(sqlite3 *db, const char *sql, const char *doing, struct err *err)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return fail(db, err, doing);
	return 0;
}

static int
number(sqlite3 *db, const char *sql, int *out, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		*out = sqlite3_column_int(stmt, 0);
	if (rc != SQLITE_ROW)
		(void)fail(db, err, "look at the store");
	(void)sqlite3_finalize(stmt);
	return rc == SQLITE_ROW ? 0 : -1;
}

static int
stamp(sqlite3 *db, int version, struct err *err)
{
	char sql[96];

	(void)snprintf(sql, sizeof(sql),
	    "PRAGMA application_id = %d; PRAGMA user_version = %d",
	    STORE_APPLICATION_ID, version);
	return script(db, sql, "write the schema's number", err);
}

static int
lead(sqlite3 *db, const struct migration *chain, int from, int newest,
    struct err *err)
{
	int at = from;

	for (; chain->sql != NULL && at < newest; chain++) {
		if (chain->from != at)
			continue;
		if (script(db, chain->sql, "migrate", err) < 0)
			return err_at(err, "schema %d to %d", at, at + 1);
		at++;
	}
	if (at == newest)
		return stamp(db, newest, err);
	return err_set(err, ERR_CONF, ERR_OWN, 0,
	    "store: there is no way from its schema %d to %d; start a version "
	    "of clued in between first", from, newest);
}

static int
make_new(sqlite3 *db, const char *schema, int newest, struct err *err)
{
	if (script(db, schema, "make the store", err) < 0 ||
	    stamp(db, newest, err) < 0)
		return -1;
	return 1;
}

int
migrate(sqlite3 *db, const char *schema, const struct migration *chain,
    int newest, bool make, struct err *err)
{
	int id, version, things;

	if (number(db, "PRAGMA application_id", &id, err) < 0 ||
	    number(db, "PRAGMA user_version", &version, err) < 0 ||
	    number(db, "SELECT count(*) FROM sqlite_schema", &things, err) < 0)
		return -1;
	if (things == 0 && version == 0 && make)
		return make_new(db, schema, newest, err);
	if (things == 0 && version == 0)
		return err_set(err, ERR_CONF, ERR_OWN, 0,
		    "store: the file is still empty; start clued once, it "
		    "makes the store");
	if (id != STORE_APPLICATION_ID || version < 1)
		return err_set(err, ERR_CONF, ERR_OWN, 0,
		    "store: the file is a database of another program; "
		    "correct store.path");
	if (version > newest)
		return err_set(err, ERR_CONF, ERR_OWN, 0,
		    "store: written by a newer clued (schema %d, this one "
		    "knows %d); install that version, or restore the backup "
		    "made before it", version, newest);
	if (version == newest)
		return 0;
	if (!make)
		return err_set(err, ERR_CONF, ERR_OWN, 0,
		    "store: written by an older clued (schema %d, this one "
		    "has %d); start clued once, it brings the store up to "
		    "date", version, newest);
	return lead(db, chain, version, newest, err);
}
