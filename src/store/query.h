/* SPDX-License-Identifier: ISC */
#ifndef STORE_QUERY_H
#define STORE_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>

#include "store/statements.h"

struct arena;
struct buf;
struct err;
struct store;

/*
 * One use of one statement: values are bound in the order of the parameters,
 * columns read in the order of the text.  Failures of binding are sticky and
 * come out of the next step, those of reading out of query_rows_end() or
 * query_lost().  What is bound is borrowed until query_done().
 */
struct query {
	struct store *s;
	sqlite3_stmt *stmt;
	enum statement id;
	int at;    /* parameter bound or column read last */
	int rc;    /* first failure */
	bool lost; /* memory ran out while a column was copied */
	bool nul;  /* a text with a NUL inside: nothing we ever wrote */
};

/* All statements at once, so that a long-lived process finds out at its start
 * what it could not do later; others prepare at first use. */
int query_prepare_all(struct store *s, struct err *err);

void query_init(struct query *q, struct store *s, enum statement id);
void query_put_i64(struct query *q, int64_t v);
/* A reference: 0 is NULL. */
void query_put_ref(struct query *q, int64_t id);
void query_put_str(struct query *q, const char *text);
void query_put_blob(struct query *q, const void *data, size_t len);

/* "At most so many", 0 = all, as LIMIT wants it. */
void query_put_limit(struct query *q, size_t max);

/* 1 = a row stands ready, 0 = no more. */
int query_step(struct query *q, struct err *err);
/* Runs a statement without rows, and is done with it. */
int query_run(struct query *q, struct err *err);
/* The same, and exactly one row must have changed: ERR_BUG otherwise. */
int query_run_one(struct query *q, struct err *err);
/* The first column of the first row; 0 when there is none.  Done with it. */
int query_one_i64(struct query *q, int64_t *out, struct err *err);
/* Gives the statement back for its next use; harmless when done twice. */
void query_done(struct query *q);

int64_t query_i64(struct query *q); /* NULL reads as 0 */
uint32_t query_u32(struct query *q);
bool query_bool(struct query *q);
/* A copy in the arena. */
const char *query_str(struct query *q, struct arena *a);
/* Borrowed until the next step. */
const char *query_str_here(struct query *q);
const void *query_blob_here(struct query *q, size_t *len_out);
/* Exactly len bytes; zeroes when the column has another length. */
void query_hash(struct query *q, void *out, size_t len);

/* After the columns of a single row: -1 when memory ran out. */
int query_lost(struct query *q, struct err *err);

/*
 * After the rows of a list were added to *rows one by one: moves them into the
 * arena as an array of `size` bytes each.  rc is the last query_step().  Ends
 * the query and frees *rows.
 */
int query_rows_end(struct query *q, int rc, struct buf *rows, size_t size,
    struct arena *a, void *array_out, size_t *n_out, struct err *err);

#endif
