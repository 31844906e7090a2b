/* SPDX-License-Identifier: ISC */
#include "store/db.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/err.h"
#include "base/limits.h"
#include "schema.sql.h"
#include "store/chain.h"
#include "store/migrate.h"
#include "store/query.h"
#include "store/raw.h"

#define TEXT_OF(x) #x
#define NUMBER_TEXT(x) TEXT_OF(x)

/*
 * Every connection: checked references, no SQL of the schema trusted with
 * more than it needs, triggers also on what REPLACE removes, and nothing of
 * ours in temporary files.
 */
static const char pragmas[] =
    "PRAGMA foreign_keys = ON;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA trusted_schema = OFF;"
    "PRAGMA recursive_triggers = ON;"
    "PRAGMA cell_size_check = ON;"
    "PRAGMA temp_store = MEMORY;"
    /* What gives way to other bytes is overwritten where it stood. */
    "PRAGMA secure_delete = FAST;"
    "PRAGMA mmap_size = 0;"
    "PRAGMA cache_size = -" NUMBER_TEXT(MAX_STORE_CACHE_KB) ";"
    "PRAGMA wal_autocheckpoint = " NUMBER_TEXT(MAX_STORE_WAL_PAGES) ";"
    "PRAGMA journal_size_limit = " NUMBER_TEXT(MAX_STORE_WAL_BYTES) ";";

/* The folder of the store, made 0700 when it is not there. */
static int
make_folder(const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');
	char *folder;
	int rc = 0;

	if (slash == NULL || slash == path)
		return 0;
	folder = strndup(path, (size_t)(slash - path));
	if (folder == NULL)
		return db_no_memory(err);
	if (mkdir(folder, 0700) < 0 && errno != EEXIST)
		rc = err_errno(err, errno,
		    "make the folder %s of the store; make it by hand or "
		    "correct store.path", folder);
	free(folder);
	return rc;
}

/* A store that others can read is closed to them.  By name: to open it and
 * close it again would drop the locks that SQLite holds for this process. */
static int
close_to_others(const char *path, struct err *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return err_errno(err, errno, "look at the store %s", path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_CONF, ERR_OWN, 0,
		    "store: %s is not a regular file; correct store.path",
		    path);
	if ((st.st_mode & 0077) != 0 && chmod(path, 0600) < 0)
		return err_errno(err, errno, "close %s to others", path);
	return 0;
}

/* -wal and -shm take their mode from the file, so the file comes first. */
static int
make_file(const char *path, struct err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd >= 0) {
		(void)close(fd);
		return 0;
	}
	if (errno == EEXIST)
		return close_to_others(path, err);
	return err_errno(err, errno,
	    "make the store %s; see owner and mode of its folder", path);
}

static int
script(struct store *s, const char *sql, struct err *err)
{
	if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return db_fail(s, err, "set up");
	return 0;
}

/* A damaged file is a person's to mend here, before anything was begun. */
static int
damaged_is_conf(int rc, struct err *err)
{
	if (rc < 0 && err != NULL && err->origin == ERR_SQLITE &&
	    (err->code & 0xff) == SQLITE_CORRUPT)
		err->kind = ERR_CONF;
	return rc;
}

static int
connect_file(struct store *s, struct err *err)
{
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
	    (s->mode == STORE_READ ? SQLITE_OPEN_READONLY
				   : SQLITE_OPEN_READWRITE);

	if (sqlite3_open_v2(s->path, &s->db, flags, NULL) != SQLITE_OK)
		return s->db != NULL ? db_fail(s, err, s->path)
				     : db_no_memory(err);
	/* SQLite opens what it may not write for reading, without a word. */
	if (s->mode != STORE_READ && sqlite3_db_readonly(s->db, "main") == 1)
		return db_fail_code(err, SQLITE_READONLY, s->path, "open");
	(void)sqlite3_busy_timeout(s->db, MAX_STORE_WAIT_MS);
	(void)sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	(void)sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	return script(s, pragmas, err);
}

/* Schema, key and the chain's first row become true together. */
static int
make_or_migrate(struct store *s, struct err *err)
{
	int rc;

	if (script(s, "PRAGMA page_size = " NUMBER_TEXT(MAX_STORE_PAGE_BYTES)
		      "; PRAGMA journal_mode = WAL", err) < 0 ||
	    store_begin(s, err) < 0)
		return -1;
	rc = migrate(s->db, schema_sql, migrations, STORE_SCHEMA, true, err);
	if (rc >= 0 && chain_key_load(s, rc == 1, err) < 0)
		rc = -1;
	if (rc == 1 && chain_make(s, err) < 0)
		rc = -1;
	return db_own_end(s, true, rc, err) < 0 ? -1 : 0;
}

/* Which file it is that was opened. */
static int
know_file(struct store *s, struct err *err)
{
	struct stat st;

	if (stat(s->path, &st) < 0)
		return err_errno(err, errno, "look at the store %s", s->path);
	s->device = st.st_dev;
	s->file = st.st_ino;
	return 0;
}

static int
prepare(struct store *s, struct err *err)
{
	static const struct migration none[] = {{0, NULL}};

	if (connect_file(s, err) < 0 || know_file(s, err) < 0)
		return -1;
	if (s->mode == STORE_CREATE) {
		if (make_or_migrate(s, err) < 0)
			return -1;
	} else if (migrate(s->db, "", none, STORE_SCHEMA, false, err) < 0) {
		return -1;
	}
	if (s->mode == STORE_READ)
		return 0;
	/* What cannot be entered in the ledger shall not be done. */
	if (chain_key_load(s, false, err) < 0)
		return -1;
	if (chain_key_check(s, err) < 0)
		return -1;
	return s->mode == STORE_CREATE ? query_prepare_all(s, err) : 0;
}

int
store_open(const char *path, enum store_mode mode, struct store **out,
    struct err *err)
{
	struct store *s = calloc(1, sizeof(*s));

	/* No thread of ours is a second one, and nobody asks SQLite how much
	 * memory it has: no locks, no sums.  Refused, harmlessly, when SQLite
	 * runs already. */
	(void)sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	if (s == NULL || sodium_init() < 0) {
		free(s);
		return db_no_memory(err);
	}
	s->mode = mode;
	buf_init(&s->scratch, 0);
	/* SQLite would read "file:…" as a URI. */
	if (asprintf(&s->path, "%s%s", path[0] == '/' ? "" : "./", path) < 0) {
		free(s);
		return db_no_memory(err);
	}
	if ((mode == STORE_CREATE &&
		(make_folder(s->path, err) < 0 ||
		    make_file(s->path, err) < 0)) ||
	    damaged_is_conf(prepare(s, err), err) < 0) {
		store_close(&s);
		return err_at(err, "store %s", path);
	}
	*out = s;
	return 0;
}

void
store_close(struct store **s)
{
	struct store *it = *s;

	if (it == NULL)
		return;
	store_rollback(it);
	for (int i = 0; i < STATEMENT_COUNT; i++)
		(void)sqlite3_finalize(it->stmts[i]);
	(void)sqlite3_close(it->db);
	raw_codec_free(&it->codec);
	explicit_bzero(it->key, sizeof(it->key));
	buf_done(&it->scratch);
	free(it->path);
	free(it);
	*s = NULL;
}
