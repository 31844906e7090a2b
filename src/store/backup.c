/* SPDX-License-Identifier: ISC */
#include "store/chain.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"

static int
copy_pages(struct store *s, sqlite3 *to, const char *path, struct err *err)
{
	sqlite3_backup *b;
	int rc;

	/* Half a copy is thrown away as a whole, and a whole one is synced
	 * at its end: no journal is needed on the way. */
	rc = sqlite3_exec(to,
	    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", NULL, NULL,
	    NULL);
	if (rc != SQLITE_OK)
		return db_fail_code(err, rc, path, sqlite3_errmsg(to));
	b = sqlite3_backup_init(to, "main", s->db, "main");
	if (b == NULL)
		return db_fail_code(err, sqlite3_extended_errcode(to), path,
		    sqlite3_errmsg(to));
	/* One step: a single snapshot, which in WAL mode stops nobody. */
	(void)sqlite3_backup_step(b, -1);
	rc = sqlite3_backup_finish(b);
	if (rc != SQLITE_OK)
		return db_fail_code(err, rc, path, sqlite3_errmsg(to));
	return 0;
}

static int
copy_to(struct store *s, const char *path, struct err *err)
{
	sqlite3 *to = NULL;
	int rc = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE, NULL);

	if (rc == SQLITE_OK)
		rc = copy_pages(s, to, path, err);
	else
		rc = db_fail_code(err, rc, path, sqlite3_errstr(rc));
	(void)sqlite3_close(to);
	return rc;
}

static int
backup(struct store *s, const char *path, struct err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int rc;

	if (fd < 0 && errno == EEXIST)
		return err_set(err, ERR_CONF, ERR_OWN, 0,
		    "%s is already there; name another place", path);
	if (fd < 0)
		return err_errno(err, errno, "make %s", path);
	rc = copy_to(s, path, err);
	if (rc == 0 && fsync(fd) < 0)
		rc = err_errno(err, errno, "sync %s", path);
	(void)close(fd);
	/* Last, and with its folder synced: the key makes it a backup. */
	if (rc == 0)
		rc = chain_key_copy(s, path, err);
	if (rc < 0)
		(void)unlink(path);
	return rc;
}

int
store_backup(struct store *s, const char *path, struct err *err)
{
	char *full = NULL;
	int rc;

	if (s->open)
		return err_set(err, ERR_BUG, ERR_OWN, 0,
		    "store: backup inside a transaction");
	if (chain_key_load(s, false, err) < 0 || chain_key_check(s, err) < 0)
		return err_at(err, "backup");
	if (asprintf(&full, "%s%s", path[0] == '/' ? "" : "./", path) < 0)
		return db_no_memory(err);
	rc = backup(s, full, err);
	free(full);
	return rc < 0 ? err_at(err, "backup") : 0;
}
