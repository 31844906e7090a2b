/* SPDX-License-Identifier: ISC */
#include "store/health.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "store/db.h"
#include "store/query.h"

/* A message that a server could not give for so long is missing. */
#define MISSING_S 86400

int
store_letters_stuck(struct store *s, int64_t before_s, int64_t *n_out,
    int64_t *oldest_s_out, struct err *err)
{
	struct query q;
	int rc;

	query_init(&q, s, Q_LETTERS_STUCK);
	query_put_i64(&q, before_s);
	rc = query_step(&q, err);
	if (rc == 1) {
		*n_out = query_i64(&q);
		*oldest_s_out = query_i64(&q);
	}
	query_done(&q);
	return rc < 0 ? -1 : 0;
}

int
store_unreadable_since(
    struct store *s, int64_t since_s, int64_t *n_out, struct err *err)
{
	struct query q;

	query_init(&q, s, Q_UNREADABLE_SINCE);
	query_put_i64(&q, since_s);
	return query_one_i64(&q, n_out, err);
}

/* 1 = *finding_out was set. */
static int
found(const char *text, const char **finding_out, struct err *err)
{
	if (text == NULL)
		return db_no_memory(err);
	*finding_out = text;
	return 1;
}

static int
check_numbers(struct store *s, struct arena *a, const char **finding_out,
    struct err *err)
{
	const char *prefix, *text;
	int64_t year, last, n, low, high;
	struct query q;
	int rc;

	query_init(&q, s, Q_BOOKS_NUMBERS);
	while ((rc = query_step(&q, err)) == 1) {
		prefix = query_str_here(&q);
		year = query_i64(&q);
		last = query_i64(&q);
		n = query_i64(&q);
		low = query_i64(&q);
		high = query_i64(&q);
		if (n == last && low == 1 && high == last)
			continue;
		text = arena_printf(a,
		    "%s-%lld 年度编号应为 1 至 %lld，实有 %lld 条（%lld 至 "
		    "%lld）",
		    prefix, (long long)year, (long long)last, (long long)n,
		    (long long)low, (long long)high);
		rc = found(text, finding_out, err);
		break;
	}
	query_done(&q);
	return rc;
}

static int
check_tally(struct store *s, struct arena *a, const char **finding_out,
    struct err *err)
{
	const char *what, *key;
	struct query q;
	int rc;

	query_init(&q, s, Q_BOOKS_TALLY);
	rc = query_step(&q, err);
	if (rc == 1) {
		what = query_str(&q, a);
		key = query_str(&q, a);
		rc = found(
		    arena_printf(a, "计数与明细不符：%s %s", what, key),
		    finding_out, err);
	}
	query_done(&q);
	return rc;
}

/* A number that should be 0. */
static int
check_none(struct store *s, enum statement id, const int64_t *arg,
    const char *format, struct arena *a, const char **finding_out,
    struct err *err)
{
	struct query q;
	int64_t n;

	query_init(&q, s, id);
	if (arg != NULL)
		query_put_i64(&q, *arg);
	if (query_one_i64(&q, &n, err) < 0)
		return -1;
	if (n == 0)
		return 0;
	return found(arena_printf(a, "%s：%lld", format, (long long)n),
	    finding_out, err);
}

int
store_books_check(struct store *s, int64_t now_s, struct arena *a,
    const char **finding_out, struct err *err)
{
	int64_t before_s = now_s - MISSING_S;
	int rc;

	if (pending_flush(s, err) < 0)
		return -1;
	*finding_out = "";
	rc = check_numbers(s, a, finding_out, err);
	if (rc == 0)
		rc = check_tally(s, a, finding_out, err);
	if (rc == 0)
		rc = check_none(s, Q_BOOKS_TIPS, NULL,
		    "有举报邮件没有对应的线索，封数", a, finding_out, err);
	if (rc == 0)
		rc = check_none(s, Q_BOOKS_MISSING, &before_s,
		    "服务器上有邮件一天以上取不到内容，封数", a,
		    finding_out, err);
	return rc < 0 ? -1 : 0;
}

/* -- fsck ------------------------------------------------------------------ */

struct fsck {
	struct store *s;
	const struct fsck_ops *ops;
	struct fsck_counts *counts;
	struct arena *a;
};

static void
tell(struct fsck *f, const char *what)
{
	f->counts->findings++;
	f->ops->finding(f->ops->arg, what);
}

/* What a check says as a failure is its finding, unless it could not look. */
static int
tell_failure(struct fsck *f, int rc, const struct err *err)
{
	const char *what;

	if (rc == 0)
		return 0;
	if (err->kind == ERR_LATER || err->kind == ERR_BUG)
		return -1;
	what = arena_printf(f->a, "%s%s%s", err->where,
	    err->where[0] != '\0' ? ": " : "", err->what);
	tell(f, what != NULL ? what : err->what);
	return 0;
}

static int
check_relations(struct fsck *f, int64_t now_s, struct err *err)
{
	static const struct {
		enum statement id;
		const char *what;
	} t[] = {
	    {Q_FSCK_JOURNAL, "已收取的记录没有对应的邮件，条数"},
	    {Q_FSCK_MESSAGES, "邮箱来信没有收取记录，封数"},
	    {Q_FSCK_EVENTS, "线索没有台账，条数"},
	};
	const char *finding = "";
	struct query q;
	int64_t n;
	int rc;

	if (store_books_check(f->s, now_s, f->a, &finding, err) < 0)
		return -1;
	if (finding[0] != '\0')
		tell(f, finding);
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		rc = check_none(
		    f->s, t[i].id, NULL, t[i].what, f->a, &finding, err);
		if (rc < 0)
			return -1;
		if (rc == 1)
			tell(f, finding);
	}
	query_init(&q, f->s, Q_FSCK_SENDING);
	if (query_one_i64(&q, &n, err) < 0)
		return -1;
	if (n > MAX_POST_LETTERS)
		tell(f, "处于发送中的信件多于一次所能发送");
	return 0;
}

static int
next_row(struct store *s, enum statement id, int64_t after, int64_t *next_out,
    struct err *err)
{
	struct query q;
	int rc;

	query_init(&q, s, id);
	query_put_i64(&q, after);
	rc = query_step(&q, err);
	if (rc == 1)
		*next_out = query_i64(&q);
	query_done(&q);
	return rc;
}

int
store_message_next(
    struct store *s, int64_t id, int64_t *next_out, struct err *err)
{
	return next_row(s, Q_FSCK_MESSAGE_NEXT, id, next_out, err);
}

typedef int bytes_fn(struct store *s, int64_t row, void **bytes_out,
    size_t *len_out, struct err *err);

static int
tell_of_row(
    struct fsck *f, const char *what, int64_t row, struct err *err)
{
	(void)err_at(err, "%s %lld", what, (long long)row);
	return tell_failure(f, -1, err);
}

/* Reads every one: the reading compares the SHA-256. */
static int
check_bytes(struct fsck *f, enum statement next, bytes_fn *read,
    const char *what, int64_t all, int64_t *n_out, struct err *err)
{
	int64_t row = 0, done = 0;
	size_t len;
	void *bytes;
	int rc;

	while ((rc = next_row(f->s, next, row, &row, err)) == 1) {
		rc = read(f->s, row, &bytes, &len, err);
		if (rc == 0)
			free(bytes);
		else if (tell_of_row(f, what, row, err) < 0)
			return -1;
		f->ops->progress(f->ops->arg, what, ++done, all);
	}
	*n_out = done;
	return rc;
}

static int
check_all_bytes(struct fsck *f, struct err *err)
{
	int64_t messages = 0, letters = 0;
	struct query q;
	int rc;

	query_init(&q, f->s, Q_FSCK_SIZES);
	rc = query_step(&q, err);
	if (rc == 1) {
		messages = query_i64(&q);
		letters = query_i64(&q);
	}
	query_done(&q);
	if (rc < 0 ||
	    check_bytes(f, Q_FSCK_MESSAGE_NEXT, store_message_raw, "messages",
		messages, &f->counts->messages, err) < 0)
		return -1;
	return check_bytes(f, Q_FSCK_LETTER_NEXT, store_letter_bytes,
	    "letters", letters, &f->counts->letters, err);
}

int
store_fsck(struct store *s, int64_t now_s, const struct fsck_ops *ops,
    struct fsck_counts *out, struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct fsck f = {s, ops, out, a};
	char head[65];
	int rc;

	memset(out, 0, sizeof(*out));
	if (a == NULL)
		return db_no_memory(err);
	ops->progress(ops->arg, "pages", 0, 0);
	rc = store_check(s, err);
	if (tell_failure(&f, rc, err) < 0)
		return -1;
	if (rc < 0)
		return 0; /* on damaged pages nothing else can be said */
	ops->progress(ops->arg, "ledger", 0, 0);
	rc = store_chain_check(s, &out->events, head, err);
	if (tell_failure(&f, rc, err) < 0 ||
	    check_relations(&f, now_s, err) < 0)
		return -1;
	return check_all_bytes(&f, err);
}
