/* SPDX-License-Identifier: ISC */
#include "store/related.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "store/db.h"
#include "store/query.h"

static int
add_key(struct store *s, int64_t key, int64_t clue, struct err *err)
{
	struct query q;

	query_init(&q, s, Q_PRINT_ADD);
	query_put_i64(&q, key);
	query_put_i64(&q, clue);
	return query_run(&q, err);
}

int
store_print_add(struct store *s, int64_t clue, const int64_t *keys,
    size_t n_keys, const void *sign, size_t sign_len, struct err *err)
{
	struct query q;

	if (db_must_be_open(s, "print", err) < 0)
		return -1;
	query_init(&q, s, Q_PRINT_SIGN_ADD);
	query_put_i64(&q, clue);
	query_put_blob(&q, sign, sign_len);
	if (query_run(&q, err) < 0)
		return -1;
	for (size_t i = 0; i < n_keys; i++)
		if (add_key(s, keys[i], clue, err) < 0)
			return -1;
	return 0;
}

int
store_print_has(struct store *s, int64_t clue, struct err *err)
{
	struct query q;
	int rc;

	query_init(&q, s, Q_PRINT_SIGN);
	query_put_i64(&q, clue);
	rc = query_step(&q, err);
	query_done(&q);
	return rc;
}

int
store_print_find(struct store *s, int64_t key, size_t max, int64_t *clues_out,
    size_t *n_out, struct err *err)
{
	struct query q;
	size_t n = 0;
	int rc;

	query_init(&q, s, Q_PRINT_FIND);
	query_put_i64(&q, key);
	query_put_limit(&q, max);
	while ((rc = query_step(&q, err)) == 1 && n < max)
		clues_out[n++] = query_i64(&q);
	query_done(&q);
	*n_out = n;
	return rc < 0 ? -1 : 0;
}

int
store_print_sign(struct store *s, int64_t clue, void *sign_out, size_t len,
    struct err *err)
{
	const void *sign;
	struct query q;
	size_t n = 0;
	int rc;

	query_init(&q, s, Q_PRINT_SIGN);
	query_put_i64(&q, clue);
	rc = query_step(&q, err);
	if (rc == 1) {
		sign = query_blob_here(&q, &n);
		if (n == len)
			memcpy(sign_out, sign, len);
	}
	query_done(&q);
	return rc == 1 && n != len ? 0 : rc;
}

int
store_related_brief(struct store *s, int64_t clue, struct arena *a,
    struct related_brief *out, struct err *err)
{
	struct related_brief b = {0};
	struct query q;
	int rc;

	query_init(&q, s, Q_RELATED_BRIEF);
	query_put_i64(&q, clue);
	rc = query_step(&q, err);
	if (rc == 1) {
		b.number = query_str(&q, a);
		b.domain = query_str(&q, a);
		b.area = query_str(&q, a);
		b.state = query_str(&q, a);
		b.officer = query_str(&q, a);
		b.excluded = query_str(&q, a);
		b.discipline = query_bool(&q);
		b.received_s = query_i64(&q);
		rc = query_lost(&q, err) < 0 ? -1 : 1;
	}
	query_done(&q);
	if (rc == 1)
		*out = b;
	return rc;
}

int
store_link_add(struct store *s, const struct link_record *r, struct err *err)
{
	struct query q;

	if (db_must_be_open(s, "link", err) < 0)
		return -1;
	query_init(&q, s, Q_LINK_ADD);
	query_put_i64(&q, r->clue);
	query_put_i64(&q, r->other);
	query_put_i64(&q, r->weight);
	query_put_str(&q, r->why);
	query_put_str(&q, r->actor);
	query_put_i64(&q, r->at_s);
	return query_run(&q, err);
}

int
store_links(struct store *s, int64_t clue, struct arena *a,
    struct link_record **out, size_t *n_out, struct err *err)
{
	struct buf rows = BUF_INIT;
	struct link_record r = {.clue = clue};
	struct query q;
	int rc;

	query_init(&q, s, Q_LINKS);
	query_put_i64(&q, clue);
	while ((rc = query_step(&q, err)) == 1) {
		r.other = query_i64(&q);
		r.weight = (int32_t)query_i64(&q);
		r.why = query_str(&q, a);
		r.actor = query_str(&q, a);
		r.at_s = query_i64(&q);
		buf_add(&rows, &r, sizeof(r));
	}
	return query_rows_end(&q, rc, &rows, sizeof(r), a, out, n_out, err);
}
