/* SPDX-License-Identifier: ISC */
#include "store/citizen.h"

#include "base/err.h"
#include "store/db.h"
#include "store/query.h"

int
store_code_add(struct store *s, int64_t clue, const char *hash, struct err *err)
{
	struct query q;

	if (db_must_be_open(s, "query code", err) < 0)
		return -1;
	query_init(&q, s, Q_CODE_ADD);
	query_put_i64(&q, clue);
	query_put_str(&q, hash);
	return query_run(&q, err);
}

int
store_code(struct store *s, int64_t clue, struct arena *a,
    const char **hash_out, struct err *err)
{
	const char *hash = "";
	struct query q;
	int rc;

	query_init(&q, s, Q_CODE);
	query_put_i64(&q, clue);
	rc = query_step(&q, err);
	if (rc == 1) {
		hash = query_str(&q, a);
		rc = query_lost(&q, err) < 0 ? -1 : 1;
	}
	query_done(&q);
	if (rc == 1)
		*hash_out = hash;
	return rc;
}

int
store_letters_to_citizens(struct store *s, const char *kind,
    const char *address, int64_t since_s, int64_t *n_out, struct err *err)
{
	struct query q;

	query_init(&q, s, Q_LETTERS_CITIZEN);
	query_put_i64(&q, since_s);
	query_put_str(&q, kind);
	query_put_str(&q, address);
	return query_one_i64(&q, n_out, err);
}

int
store_message_find_reply(struct store *s,
    const unsigned char content_key[SHA256_BYTES], int64_t before,
    int64_t *id_out, struct err *err)
{
	struct query q;

	query_init(&q, s, Q_MESSAGE_FIND_REPLY);
	query_put_blob(&q, content_key, SHA256_BYTES);
	query_put_i64(&q, before);
	if (query_one_i64(&q, id_out, err) < 0)
		return -1;
	return *id_out != 0;
}

int
store_letters_cancel(
    struct store *s, int64_t clue, const char *person, struct err *err)
{
	struct query q;
	bool own;

	if (db_own_begin(s, &own, err) < 0)
		return -1;
	query_init(&q, s, Q_LETTERS_CANCEL);
	query_put_i64(&q, clue);
	query_put_str(&q, person);
	return db_own_end(s, own, query_run(&q, err), err);
}
