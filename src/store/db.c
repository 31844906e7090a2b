/* SPDX-License-Identifier: ISC */
#include "store/db.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/step.h"
#include "store/chain.h"
#include "store/find.h"
#include "store/query.h"
#include "store/raw.h"

/* What a result code means to the core, and what a person can do about it. */
struct meaning {
	int code; /* primary result code, or all of it */
	enum err_kind kind;
	const char *remedy;
};

static const struct meaning meanings[] = {
    {SQLITE_BUSY, ERR_LATER,
	"another program keeps the store locked; end it or wait"},
    {SQLITE_LOCKED, ERR_LATER,
	"another program keeps the store locked; end it or wait"},
    {SQLITE_PROTOCOL, ERR_LATER,
	"another program keeps the store locked; end it or wait"},
    {SQLITE_FULL, ERR_LATER, "the disk is full; make room"},
    {SQLITE_IOERR_SHMSIZE, ERR_LATER,
	"the disk is full; make room (if it is not, look at the kernel's log)"},
    {SQLITE_IOERR, ERR_LATER,
	"the disk does not read or write; look at the kernel's log"},
    {SQLITE_INTERRUPT, ERR_NOW, "interrupted"},
    {SQLITE_NOMEM, ERR_SYSTEM, "no memory"},
    {SQLITE_CORRUPT, ERR_SYSTEM,
	"the store is damaged; restore the last backup"},
    {SQLITE_NOTADB, ERR_CONF,
	"this file is no store; correct store.path or restore a backup"},
    {SQLITE_READONLY, ERR_CONF,
	"the store may not be written; see owner and mode of file and folder, "
	"and that the file system is not mounted read-only"},
    {SQLITE_CANTOPEN, ERR_CONF,
	"the store cannot be opened; see store.path, owner and mode"},
    {SQLITE_PERM, ERR_CONF, "see owner and mode of the store and its folder"},
    {SQLITE_AUTH, ERR_CONF, "see owner and mode of the store and its folder"},
    {SQLITE_NOLFS, ERR_CONF, "the file system takes no file this large"},
    {SQLITE_TOOBIG, ERR_INPUT, "more bytes than the store takes"},
};

int
db_fail_code(struct err *err, int code, const char *doing, const char *said)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (meanings[i].code == code ||
		    meanings[i].code == (code & 0xff))
			return err_set(err, meanings[i].kind, ERR_SQLITE, code,
			    "store: %s: %s: %s", doing, said,
			    meanings[i].remedy);
	return err_set(err, ERR_BUG, ERR_SQLITE, code, "store: %s: %s", doing,
	    said);
}

bool
store_damaged(const struct store *s)
{
	return s->damaged;
}

int
db_fail(struct store *s, struct err *err, const char *doing)
{
	int code = sqlite3_extended_errcode(s->db);

	s->damaged |= (code & 0xff) == SQLITE_CORRUPT ||
	    (code & 0xff) == SQLITE_NOTADB;
	return db_fail_code(err, code, doing, sqlite3_errmsg(s->db));
}

int
db_no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "store: out of memory");
}

static int
run(struct store *s, enum statement id, struct err *err)
{
	struct query q;

	query_init(&q, s, id);
	return query_run(&q, err);
}

/* SQLite takes a whole transaction back by itself when the disk is full or
 * memory is out: what comes after it in the group must not be written alone. */
static int
taken_back(struct store *s, struct err *err)
{
	if (sqlite3_get_autocommit(s->db) == 0)
		return 0;
	return err_set(err, ERR_LATER, ERR_OWN, 0,
	    "store: the transaction was taken back after an earlier error; "
	    "roll back and do it again");
}

int
db_must_be_open(struct store *s, const char *doing, struct err *err)
{
	if (!s->open)
		return err_set(err, ERR_BUG, ERR_OWN, 0,
		    "store: %s outside a transaction", doing);
	return taken_back(s, err);
}

int
store_in_place(const struct store *s, struct err *err)
{
	struct stat st;

	if (stat(s->path, &st) == 0) {
		if (st.st_dev == s->device && st.st_ino == s->file)
			return 0;
	} else if (errno != ENOENT && errno != ENOTDIR) {
		return err_errno(err, errno, "store: look for %s", s->path);
	}
	return err_set(err, ERR_LATER, ERR_OWN, 0,
	    "store: %s was moved, deleted or replaced meanwhile; put it back, "
	    "or start again with what is there now", s->path);
}

int
store_begin(struct store *s, struct err *err)
{
	if (s->open)
		return err_set(err, ERR_BUG, ERR_OWN, 0,
		    "store: transaction inside a transaction");
	/* SQLite would begin, and refuse only the first change. */
	if (s->mode == STORE_READ)
		return err_set(err, ERR_BUG, ERR_OWN, 0,
		    "store: a change, but it was opened for reading");
	if (store_in_place(s, err) < 0 || run(s, Q_BEGIN, err) < 0)
		return -1;
	s->open = true;
	return 0;
}

static void
closed(struct store *s)
{
	s->open = false;
	s->saved = false;
	s->chain_moved = false;
	s->chain_known = false;
	find_forget(s);
	pending_forget(s);
	s->fresh_clue = 0;
}

int
store_commit(struct store *s, struct err *err)
{
	if (db_must_be_open(s, "commit", err) < 0 ||
	    find_catch_up(s, err) < 0 || pending_flush(s, err) < 0 ||
	    (s->chain_moved && chain_seal(s, err) < 0) ||
	    run(s, Q_COMMIT, err) < 0) {
		store_rollback(s);
		return -1;
	}
	closed(s);
	step("store-commit");
	return 0;
}

void
store_rollback(struct store *s)
{
	if (!s->open)
		return;
	if (sqlite3_get_autocommit(s->db) == 0)
		(void)run(s, Q_ROLLBACK, NULL);
	closed(s);
}

int
store_save(struct store *s, struct err *err)
{
	if (db_must_be_open(s, "savepoint", err) < 0)
		return -1;
	if (s->saved)
		return err_set(err, ERR_BUG, ERR_OWN, 0,
		    "store: savepoint inside a savepoint");
	if (pending_flush(s, err) < 0 || run(s, Q_SAVE, err) < 0)
		return -1;
	s->saved = true;
	return 0;
}

int
store_release(struct store *s, struct err *err)
{
	if (db_must_be_open(s, "release", err) < 0)
		return -1;
	if (!s->saved)
		return err_set(err, ERR_BUG, ERR_OWN, 0,
		    "store: release without a savepoint");
	s->saved = false;
	return run(s, Q_RELEASE, err);
}

void
store_undo(struct store *s)
{
	if (!s->saved)
		return;
	s->saved = false;
	s->chain_known = false;
	pending_forget(s);
	s->fresh_clue = 0;
	if (sqlite3_get_autocommit(s->db) != 0)
		return;
	(void)run(s, Q_UNDO, NULL);
	(void)run(s, Q_RELEASE, NULL);
}

int
db_own_begin(struct store *s, bool *own_out, struct err *err)
{
	*own_out = false;
	if (s->open)
		return taken_back(s, err);
	if (store_begin(s, err) < 0)
		return -1;
	*own_out = true;
	return 0;
}

int
db_own_end(struct store *s, bool own, int rc, struct err *err)
{
	if (!own)
		return rc;
	if (rc < 0)
		store_rollback(s);
	else if (store_commit(s, err) < 0)
		return -1;
	return rc;
}

void
store_rest(struct store *s)
{
	(void)sqlite3_db_release_memory(s->db);
	raw_codec_free(&s->codec);
}

int
store_version(struct store *s, int64_t *out, struct err *err)
{
	struct query q;
	int rc;

	query_init(&q, s, Q_DATA_VERSION);
	rc = query_step(&q, err);
	if (rc == 1)
		*out = query_i64(&q);
	query_done(&q);
	return rc < 0 ? -1 : 0;
}
