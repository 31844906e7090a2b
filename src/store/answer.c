/* SPDX-License-Identifier: ISC */
#include "store/answer.h"

#include "base/err.h"
#include "store/db.h"
#include "store/query.h"
#include "store/raw.h"

int
store_answer_add(
    struct store *s, const struct answer_record *r, struct err *err)
{
	struct query q;

	if (db_must_be_open(s, "answer", err) < 0)
		return -1;
	query_init(&q, s, Q_ANSWER_ADD);
	query_put_str(&q, r->kind);
	query_put_i64(&q, r->message);
	query_put_ref(&q, r->clue);
	query_put_i64(&q, r->at_s);
	query_put_i64(&q, r->next_s);
	query_put_i64(&q, r->wrong);
	query_put_str(&q, r->said);
	return query_run(&q, err);
}

int
store_answer_due(struct store *s, int64_t now_s, struct arena *a,
    struct answer_record *out, struct err *err)
{
	struct answer_record r = {.wrong = false};
	struct query q;
	int rc;

	query_init(&q, s, Q_ANSWER_TAKE);
	query_put_i64(&q, now_s);
	rc = query_step(&q, err);
	if (rc == 1) {
		r.id = query_i64(&q);
		r.kind = query_str(&q, a);
		r.message = query_i64(&q);
		r.clue = query_i64(&q);
		r.at_s = query_i64(&q);
		r.said = query_str(&q, a);
		rc = query_lost(&q, err) < 0 ? -1 : 1;
	}
	query_done(&q);
	if (rc == 1)
		*out = r;
	return rc;
}

int
store_answer_next(struct store *s, int64_t *next_s_out, struct err *err)
{
	struct query q;

	query_init(&q, s, Q_ANSWER_NEXT);
	return query_one_i64(&q, next_s_out, err);
}

/* One row, by its id. */
static int
change(struct store *s, enum statement id, int64_t row, int64_t value,
    struct err *err)
{
	struct query q;

	if (db_must_be_open(s, "answer", err) < 0)
		return -1;
	query_init(&q, s, id);
	query_put_i64(&q, row);
	if (id == Q_ANSWER_LATER)
		query_put_i64(&q, value);
	return query_run_one(&q, err);
}

int
store_answer_later(
    struct store *s, int64_t id, int64_t next_s, struct err *err)
{
	return change(s, Q_ANSWER_LATER, id, next_s, err);
}

int
store_answer_done(struct store *s, int64_t id, struct err *err)
{
	return change(s, Q_ANSWER_DONE, id, 0, err);
}

int
store_answer_wrong(struct store *s, int64_t id, struct err *err)
{
	return change(s, Q_ANSWER_WRONG, id, 0, err);
}

int
store_answer_forget(struct store *s, int64_t before_s, struct err *err)
{
	struct query q;

	if (db_must_be_open(s, "answer", err) < 0)
		return -1;
	query_init(&q, s, Q_ANSWER_WRONG_DROP);
	query_put_i64(&q, before_s);
	return query_run(&q, err);
}

int
store_answers_wrong(struct store *s, int64_t clue, int64_t since_s,
    int64_t *n_out, struct err *err)
{
	struct query q;

	query_init(&q, s, Q_ANSWER_WRONG_COUNT);
	query_put_i64(&q, since_s);
	query_put_ref(&q, clue);
	return query_one_i64(&q, n_out, err);
}

int
store_letter_forget(struct store *s, int64_t letter, const void *bytes,
    size_t len, struct err *err)
{
	unsigned char sha256[SHA256_BYTES];
	int64_t raw = 0;
	struct query q;

	if (db_must_be_open(s, "letter", err) < 0)
		return -1;
	query_init(&q, s, Q_LETTER_RAW_ROW);
	query_put_i64(&q, letter);
	if (query_one_i64(&q, &raw, err) < 0 ||
	    raw_set(s, raw, bytes, len, err) < 0)
		return -1;
	hash_sha256(bytes, len, sha256);
	query_init(&q, s, Q_LETTER_FORGET);
	query_put_i64(&q, letter);
	query_put_blob(&q, sha256, sizeof(sha256));
	return query_run_one(&q, err);
}

int
store_letters_due(
    struct store *s, int64_t now_s, uint32_t n, struct err *err)
{
	int64_t found = 0;
	struct query q;

	query_init(&q, s, Q_LETTERS_DUE);
	query_put_i64(&q, now_s);
	query_put_i64(&q, (int64_t)n - 1);
	if (query_one_i64(&q, &found, err) < 0)
		return -1;
	return found != 0;
}

static int
sent(struct store *s, enum statement of_all, enum statement of_one,
    const char *address, int64_t since_s, int64_t until_s, uint32_t n,
    int64_t *out, struct err *err)
{
	struct query q;

	query_init(&q, s, address[0] != '\0' ? of_one : of_all);
	query_put_i64(&q, since_s);
	query_put_i64(&q, n);
	query_put_i64(&q, until_s);
	if (address[0] != '\0')
		query_put_str(&q, address);
	return query_one_i64(&q, out, err);
}

int
store_sent_nth(struct store *s, const char *address, int64_t since_s,
    int64_t until_s, uint32_t nth, int64_t *sent_s_out, struct err *err)
{
	return sent(s, Q_SENT_NTH, Q_SENT_TO_NTH, address, since_s, until_s,
	    nth - 1, sent_s_out, err);
}

int
store_sent_count(struct store *s, const char *address, int64_t since_s,
    int64_t until_s, uint32_t max, uint32_t *n_out, struct err *err)
{
	int64_t n = 0;

	if (sent(s, Q_SENT_COUNT, Q_SENT_TO_COUNT, address, since_s, until_s,
		max, &n, err) < 0)
		return -1;
	*n_out = (uint32_t)n;
	return 0;
}
