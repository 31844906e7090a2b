/* SPDX-License-Identifier: ISC */
#include "store/db.h"

#include "base/arena.h"
#include "base/err.h"
#include "store/query.h"

static void
put_folder(struct query *q, const char *mailbox, const char *folder,
    uint32_t uidvalidity)
{
	query_put_str(q, mailbox);
	query_put_str(q, folder);
	query_put_i64(q, uidvalidity);
}

/* 1 = found. */
static int
folder_find(struct store *s, const char *mailbox, const char *folder,
    uint32_t uidvalidity, int64_t *id_out, uint32_t *next_out,
    struct err *err)
{
	struct query q;
	int rc;

	query_init(&q, s, Q_FOLDER_FIND);
	put_folder(&q, mailbox, folder, uidvalidity);
	rc = query_step(&q, err);
	if (rc == 1) {
		*id_out = query_i64(&q);
		*next_out = query_u32(&q);
	}
	query_done(&q);
	return rc;
}

static int
folder_get(struct store *s, const char *mailbox, const char *folder,
    uint32_t uidvalidity, int64_t *id_out, struct err *err)
{
	uint32_t next;
	struct query q;
	int rc = folder_find(
	    s, mailbox, folder, uidvalidity, id_out, &next, err);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	query_init(&q, s, Q_FOLDER_ADD);
	put_folder(&q, mailbox, folder, uidvalidity);
	if (query_run(&q, err) < 0)
		return -1;
	*id_out = sqlite3_last_insert_rowid(s->db);
	return 0;
}

int
store_journal_add(
    struct store *s, const struct journal_entry *e, struct err *err)
{
	struct query q;
	int64_t folder = 0;

	if (db_must_be_open(s, "journal entry", err) < 0 ||
	    folder_get(s, e->mailbox, e->folder, e->uidvalidity, &folder,
		err) < 0)
		return -1;
	query_init(&q, s, Q_JOURNAL_ADD);
	query_put_i64(&q, folder);
	query_put_i64(&q, e->uid);
	query_put_i64(&q, e->outcome);
	query_put_ref(&q, e->message);
	query_put_i64(&q, e->at_s);
	return query_run(&q, err);
}

int
store_journal_advance(struct store *s, const char *mailbox,
    const char *folder, uint32_t uidvalidity, uint32_t next, struct err *err)
{
	struct query q;
	int64_t id = 0;
	bool own;
	int rc;

	if (db_own_begin(s, &own, err) < 0)
		return -1;
	rc = folder_get(s, mailbox, folder, uidvalidity, &id, err);
	if (rc == 0) {
		query_init(&q, s, Q_FOLDER_ADVANCE);
		query_put_i64(&q, id);
		query_put_i64(&q, next);
		rc = query_run(&q, err);
	}
	return db_own_end(s, own, rc, err);
}

static int
uids(struct query *q, struct arena *a, const uint32_t **out, size_t *n_out,
    struct err *err)
{
	struct buf rows = BUF_INIT;
	uint32_t uid;
	int rc;

	while ((rc = query_step(q, err)) == 1) {
		uid = query_u32(q);
		buf_add(&rows, &uid, sizeof(uid));
	}
	return query_rows_end(q, rc, &rows, sizeof(uid), a, out, n_out, err);
}

int
store_journal_known(struct store *s, const char *mailbox, const char *folder,
    uint32_t uidvalidity, struct arena *a, struct journal_known *out,
    struct err *err)
{
	struct journal_known k = {.next = 1};
	struct query q;
	int64_t id;
	int rc = folder_find(
	    s, mailbox, folder, uidvalidity, &id, &k.next, err);

	if (rc < 0)
		return -1;
	if (rc == 1) {
		query_init(&q, s, Q_JOURNAL_AGAIN);
		query_put_i64(&q, id);
		if (uids(&q, a, &k.again, &k.n_again, err) < 0)
			return -1;
		query_init(&q, s, Q_JOURNAL_DONE);
		query_put_i64(&q, id);
		query_put_i64(&q, k.next);
		if (uids(&q, a, &k.done, &k.n_done, err) < 0)
			return -1;
	}
	*out = k;
	return 0;
}

int
store_journal_has(struct store *s, const char *mailbox, const char *folder,
    uint32_t uidvalidity, uint32_t uid, struct err *err)
{
	struct query q;
	int rc;

	query_init(&q, s, Q_JOURNAL_OUTCOME);
	put_folder(&q, mailbox, folder, uidvalidity);
	query_put_i64(&q, uid);
	rc = query_step(&q, err);
	if (rc == 1 && query_i64(&q) == JOURNAL_MISSING)
		rc = 0;
	query_done(&q);
	return rc;
}

/* 1 = found. */
static int
since_find(struct store *s, const char *mailbox, int64_t *out,
    struct err *err)
{
	struct query q;
	int rc;

	query_init(&q, s, Q_MAILBOX_FIND);
	query_put_str(&q, mailbox);
	rc = query_step(&q, err);
	if (rc == 1)
		*out = query_i64(&q);
	query_done(&q);
	return rc;
}

int
store_mailbox_since(struct store *s, const char *mailbox,
    int64_t since_s_if_new, int64_t *since_s_out, struct err *err)
{
	int64_t since_s = since_s_if_new;
	struct query q;
	bool own;
	int rc;

	if (db_own_begin(s, &own, err) < 0)
		return -1;
	rc = since_find(s, mailbox, &since_s, err);
	if (rc == 0) {
		query_init(&q, s, Q_MAILBOX_ADD);
		query_put_str(&q, mailbox);
		query_put_i64(&q, since_s);
		rc = query_run(&q, err);
	}
	if (db_own_end(s, own, rc, err) < 0)
		return -1;
	*since_s_out = since_s;
	return 0;
}
