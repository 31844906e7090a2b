/* SPDX-License-Identifier: ISC */
#include "store/db.h"

#include "base/arena.h"
#include "base/err.h"
#include "store/query.h"

int
store_note_set(struct store *s, const char *key, const char *value,
    struct err *err)
{
	struct query q;
	bool own;

	if (db_own_begin(s, &own, err) < 0)
		return -1;
	query_init(&q, s, Q_NOTE_SET);
	query_put_str(&q, key);
	query_put_str(&q, value);
	return db_own_end(s, own, query_run(&q, err), err);
}

int
store_note_get(struct store *s, const char *key, struct arena *a,
    const char **value_out, struct err *err)
{
	const char *value = "";
	struct query q;
	int rc;

	query_init(&q, s, Q_NOTE_GET);
	query_put_str(&q, key);
	rc = query_step(&q, err);
	if (rc == 1) {
		value = query_str(&q, a);
		rc = query_lost(&q, err) < 0 ? -1 : 1;
	}
	query_done(&q);
	if (rc == 1)
		*value_out = value;
	return rc;
}
