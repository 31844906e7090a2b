/* SPDX-License-Identifier: ISC */
#include "store/query.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "store/db.h"

static int
prepare(struct store *s, enum statement id)
{
	if (s->stmts[id] != NULL)
		return SQLITE_OK;
	return sqlite3_prepare_v3(s->db, statement_sql(id), -1,
	    SQLITE_PREPARE_PERSISTENT, &s->stmts[id], NULL);
}

int
query_prepare_all(struct store *s, struct err *err)
{
	for (int id = 0; id < STATEMENT_COUNT; id++)
		if (prepare(s, (enum statement)id) != SQLITE_OK)
			return db_fail(s, err,
			    statement_sql((enum statement)id));
	return 0;
}

void
query_init(struct query *q, struct store *s, enum statement id)
{
	*q = (struct query){.s = s, .id = id, .rc = prepare(s, id)};
	if (q->rc != SQLITE_OK)
		return;
	/* A list's callback asked for the same list again. */
	if (sqlite3_stmt_busy(s->stmts[id])) {
		q->rc = SQLITE_MISUSE;
		return;
	}
	q->stmt = s->stmts[id];
}

static void
keep(struct query *q, int rc)
{
	if (q->rc == SQLITE_OK)
		q->rc = rc;
}

void
query_put_i64(struct query *q, int64_t v)
{
	if (q->rc == SQLITE_OK)
		keep(q, sqlite3_bind_int64(q->stmt, ++q->at, v));
}

void
query_put_ref(struct query *q, int64_t id)
{
	if (id != 0)
		query_put_i64(q, id);
	else if (q->rc == SQLITE_OK)
		keep(q, sqlite3_bind_null(q->stmt, ++q->at));
}

void
query_put_str(struct query *q, const char *text)
{
	if (q->rc == SQLITE_OK)
		keep(q, sqlite3_bind_text64(q->stmt, ++q->at, text,
		    strlen(text), SQLITE_STATIC, SQLITE_UTF8));
}

void
query_put_blob(struct query *q, const void *data, size_t len)
{
	/* A NULL pointer would be bound as NULL, not as an empty blob. */
	if (q->rc == SQLITE_OK)
		keep(q, sqlite3_bind_blob64(q->stmt, ++q->at,
		    data != NULL ? data : "", len, SQLITE_STATIC));
}

void
query_put_limit(struct query *q, size_t max)
{
	query_put_i64(q, max == 0 || max > INT64_MAX ? -1 : (int64_t)max);
}

static int
failed(struct query *q, struct err *err)
{
	const char *text = statement_sql(q->id);
	char doing[48];
	size_t n = strcspn(text, "(=");

	if (n >= sizeof(doing))
		n = sizeof(doing) - 1;
	memcpy(doing, text, n);
	doing[n] = '\0';
	(void)(q->rc == SQLITE_MISUSE
		? db_fail_code(err, q->rc, doing, "statement is in use")
		: db_fail(q->s, err, doing));
	query_done(q);
	return -1;
}

int
query_step(struct query *q, struct err *err)
{
	if (q->rc == SQLITE_OK)
		q->rc = sqlite3_step(q->stmt);
	q->at = -1;
	if (q->rc == SQLITE_ROW) {
		q->rc = SQLITE_OK;
		return 1;
	}
	if (q->rc != SQLITE_DONE)
		return failed(q, err);
	q->rc = SQLITE_OK;
	return 0;
}

int
query_run(struct query *q, struct err *err)
{
	int rc = query_step(q, err);

	query_done(q);
	return rc < 0 ? -1 : 0;
}

int
query_run_one(struct query *q, struct err *err)
{
	if (query_run(q, err) < 0)
		return -1;
	if (sqlite3_changes64(q->s->db) != 1)
		return err_set(err, ERR_BUG, ERR_OWN, 0,
		    "store: the row to be changed is not there (statement %d)",
		    (int)q->id);
	return 0;
}

int
query_one_i64(struct query *q, int64_t *out, struct err *err)
{
	int rc = query_step(q, err);

	if (rc >= 0)
		*out = rc == 1 ? query_i64(q) : 0;
	query_done(q);
	return rc < 0 ? -1 : 0;
}

void
query_done(struct query *q)
{
	if (q->stmt == NULL)
		return;
	(void)sqlite3_reset(q->stmt);
	(void)sqlite3_clear_bindings(q->stmt);
	q->stmt = NULL;
}

int64_t
query_i64(struct query *q)
{
	return sqlite3_column_int64(q->stmt, ++q->at);
}

uint32_t
query_u32(struct query *q)
{
	int64_t v = query_i64(q);

	return v >= 0 && v <= UINT32_MAX ? (uint32_t)v : 0;
}

bool
query_bool(struct query *q)
{
	return query_i64(q) != 0;
}

const char *
query_str_here(struct query *q)
{
	const unsigned char *text = sqlite3_column_text(q->stmt, ++q->at);

	if (text == NULL) {
		q->lost = true;
		return "";
	}
	if (strlen((const char *)text) !=
	    (size_t)sqlite3_column_bytes(q->stmt, q->at))
		q->nul = true;
	return (const char *)text;
}

const char *
query_str(struct query *q, struct arena *a)
{
	const char *copy = arena_strdup(a, query_str_here(q));

	if (copy == NULL)
		q->lost = true;
	return copy != NULL ? copy : "";
}

const void *
query_blob_here(struct query *q, size_t *len_out)
{
	const void *data = sqlite3_column_blob(q->stmt, ++q->at);

	*len_out = (size_t)sqlite3_column_bytes(q->stmt, q->at);
	return data;
}

void
query_hash(struct query *q, void *out, size_t len)
{
	size_t have;
	const void *data = query_blob_here(q, &have);

	if (have == len && data != NULL)
		memcpy(out, data, len);
	else
		memset(out, 0, len);
}

int
query_lost(struct query *q, struct err *err)
{
	return q->lost ? db_no_memory(err) : 0;
}

int
query_rows_end(struct query *q, int rc, struct buf *rows, size_t size,
    struct arena *a, void *array_out, size_t *n_out, struct err *err)
{
	void *array = NULL;

	query_done(q);
	if (rc == 0 && !q->lost && !buf_bad(rows))
		array = arena_memdup(a, rows->data, rows->len);
	if (array != NULL) {
		memcpy(array_out, &array, sizeof(array));
		*n_out = rows->len / size;
	} else if (rc == 0) {
		rc = db_no_memory(err);
	}
	buf_done(rows);
	return rc;
}
