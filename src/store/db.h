/* SPDX-License-Identifier: ISC */
#ifndef STORE_DB_H
#define STORE_DB_H

#include <stdbool.h>
#include <sys/types.h>

#include <sqlite3.h>

#include "base/buf.h"
#include "store/pending.h"
#include "store/statements.h"
#include "store/store.h"

/* Inside the store only: what store.h hides. */

/* "clue" in the file's header, so that file(1) and we know it. */
#define STORE_APPLICATION_ID 0x636c7565
/* What schema.sql makes; migrate.c leads older stores here. */
#define STORE_SCHEMA 3
#define STORE_KEY_BYTES 32

struct raw_codec; /* raw.c: working memory of the compression */

struct store {
	sqlite3 *db;
	char *path;
	enum store_mode mode;
	dev_t device; /* of the file, and which it is there */
	ino_t file;
	bool open;        /* the caller began a transaction */
	bool saved;       /* and a savepoint inside it */
	bool chain_moved; /* events were added: the commit seals the chain */
	bool damaged;     /* it said so once: store_damaged() */
	bool chain_known; /* the next two hold, as far as this transaction */
	int64_t chain_last;
	unsigned char chain_head[32];
	int64_t find_from; /* clues from this id on are new: the commit makes
			    * them known to the search; 0 = none */
	struct buf find_pairs; /* that came with some of them (find.c) */
	struct pending pending;
	int64_t fresh_clue;  /* added last in this transaction; 0 = none */
	uint32_t fresh_turn; /* store_turn() of it */
	bool has_key;
	unsigned char key[STORE_KEY_BYTES];
	struct buf scratch; /* canonical bytes of an event */
	struct raw_codec *codec;
	sqlite3_stmt *stmts[STATEMENT_COUNT];
};

/* Fills *err from what SQLite said last; returns -1. */
int db_fail(struct store *s, struct err *err, const char *doing);
/* The same for a result code without more to say. */
int db_fail_code(struct err *err, int code, const char *doing,
    const char *said);
int db_no_memory(struct err *err);

/* -1 with ERR_BUG unless a transaction is open; every store_*_add asks. */
int db_must_be_open(struct store *s, const char *doing, struct err *err);

/* For changes that may stand alone: begins a transaction unless the caller
 * has one; db_own_end() commits (rc >= 0) or takes back (rc < 0) only what
 * db_own_begin() began, and returns rc, or -1 when the commit failed. */
int db_own_begin(struct store *s, bool *own_out, struct err *err);
int db_own_end(struct store *s, bool own, int rc, struct err *err);

#endif
