/* SPDX-License-Identifier: ISC */
#include "store/sheet.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "store/db.h"
#include "store/query.h"

int
store_major_add(struct store *s, int64_t clue, int64_t at_s, const char *why,
    struct err *err)
{
	struct query q;

	if (db_must_be_open(s, "major", err) < 0)
		return -1;
	query_init(&q, s, Q_MAJOR_ADD);
	query_put_i64(&q, clue);
	query_put_i64(&q, at_s);
	query_put_str(&q, why);
	return query_run(&q, err);
}

int
store_major_why(struct store *s, int64_t clue, struct arena *a,
    const char **why_out, struct err *err)
{
	struct query q;
	int rc;

	query_init(&q, s, Q_MAJOR_WHY);
	query_put_i64(&q, clue);
	rc = query_step(&q, err);
	if (rc == 1) {
		*why_out = query_str(&q, a);
		rc = query_lost(&q, err) < 0 ? -1 : 1;
	}
	query_done(&q);
	return rc;
}

int
store_majors_open(struct store *s, struct arena *a, struct major_row **out,
    size_t *n_out, struct err *err)
{
	struct buf rows = BUF_INIT;
	struct major_row r = {0};
	struct query q;
	int rc;

	query_init(&q, s, Q_MAJORS_OPEN);
	while ((rc = query_step(&q, err)) == 1) {
		r.clue = query_i64(&q);
		r.number = query_str(&q, a);
		r.domain = query_str(&q, a);
		r.officer = query_str(&q, a);
		r.state = query_str(&q, a);
		r.excluded = query_str(&q, a);
		r.at_s = query_i64(&q);
		r.why = query_str(&q, a);
		buf_add(&rows, &r, sizeof(r));
	}
	return query_rows_end(&q, rc, &rows, sizeof(r), a, out, n_out, err);
}

int
store_open_deadlines(struct store *s, int64_t from_s, int64_t to_s,
    int (*row)(void *arg, const struct open_deadline *d), void *arg,
    struct err *err)
{
	struct open_deadline d;
	struct query q;
	int rc;

	query_init(&q, s, Q_OPEN_DEADLINES);
	query_put_i64(&q, from_s);
	query_put_i64(&q, to_s);
	while ((rc = query_step(&q, err)) == 1) {
		d.kind = query_str_here(&q);
		d.due_s = query_i64(&q);
		d.clue = query_i64(&q);
		d.number = query_str_here(&q);
		d.state = query_str_here(&q);
		d.domain = query_str_here(&q);
		d.officer = query_str_here(&q);
		d.deputy = query_str_here(&q);
		d.leader = query_str_here(&q);
		d.discipline = query_bool(&q);
		d.excluded = query_str_here(&q);
		if (row(arg, &d) != 0)
			break;
	}
	query_done(&q);
	return rc < 0 ? -1 : 0;
}

int
store_new_by_domain(struct store *s, int64_t from_s, int64_t to_s,
    int (*row)(void *arg, const char *domain, int64_t n), void *arg,
    struct err *err)
{
	const char *domain;
	struct query q;
	int rc;

	query_init(&q, s, Q_NEW_BY_DOMAIN);
	query_put_i64(&q, from_s);
	query_put_i64(&q, to_s);
	while ((rc = query_step(&q, err)) == 1) {
		domain = query_str_here(&q);
		if (row(arg, domain, query_i64(&q)) != 0)
			break;
	}
	query_done(&q);
	return rc < 0 ? -1 : 0;
}

int
store_count_state(
    struct store *s, const char *state, int64_t *n_out, struct err *err)
{
	struct query q;

	if (pending_flush(s, err) < 0)
		return -1;
	query_init(&q, s, Q_COUNT_STATE);
	query_put_str(&q, state);
	return query_one_i64(&q, n_out, err);
}

static int
brief_rows(struct query *q,
    int (*row)(void *arg, const struct clue_brief_row *r), void *arg,
    struct err *err)
{
	struct clue_brief_row r;
	int rc;

	while ((rc = query_step(q, err)) == 1) {
		r.officer = query_str_here(q);
		r.state = query_str_here(q);
		r.received_s = query_i64(q);
		r.discipline = query_bool(q);
		r.excluded = query_str_here(q);
		if (row(arg, &r) != 0)
			break;
	}
	query_done(q);
	return rc < 0 ? -1 : 0;
}

int
store_clues_open(struct store *s,
    int (*row)(void *arg, const struct clue_brief_row *r), void *arg,
    struct err *err)
{
	struct query q;

	query_init(&q, s, Q_CLUES_OPEN);
	return brief_rows(&q, row, arg, err);
}

int
store_clues_came(struct store *s, int64_t from_s, int64_t to_s,
    int (*row)(void *arg, const struct clue_brief_row *r), void *arg,
    struct err *err)
{
	struct query q;

	query_init(&q, s, Q_CLUES_CAME);
	query_put_i64(&q, from_s);
	query_put_i64(&q, to_s);
	return brief_rows(&q, row, arg, err);
}

int
store_event_before(
    struct store *s, int64_t at_s, int64_t *event_out, struct err *err)
{
	struct query q;

	query_init(&q, s, at_s == INT64_MAX ? Q_EVENT_LAST : Q_EVENT_BEFORE);
	if (at_s != INT64_MAX)
		query_put_i64(&q, at_s);
	return query_one_i64(&q, event_out, err);
}

int
store_steps_after(struct store *s, int64_t event,
    int (*row)(void *arg, const struct step_row *r), void *arg,
    struct err *err)
{
	struct step_row r;
	struct query q;
	int rc;

	query_init(&q, s, Q_STEPS_AFTER);
	query_put_i64(&q, event);
	while ((rc = query_step(&q, err)) == 1) {
		r.kind = query_str_here(&q);
		r.detail = query_str_here(&q);
		r.number = query_str_here(&q);
		r.excluded = query_str_here(&q);
		if (row(arg, &r) != 0)
			break;
	}
	query_done(&q);
	return rc < 0 ? -1 : 0;
}

int
store_letters_trouble(struct store *s, int64_t from_s, size_t max,
    struct arena *a, struct letter_trouble **out, size_t *n_out,
    struct err *err)
{
	struct buf rows = BUF_INIT;
	struct letter_trouble r = {0};
	struct query q;
	int rc;

	query_init(&q, s, Q_LETTERS_TROUBLE);
	query_put_i64(&q, from_s);
	query_put_limit(&q, max);
	while ((rc = query_step(&q, err)) == 1) {
		r.kind = query_str(&q, a);
		r.to_person = query_str(&q, a);
		r.state = (enum letter_state)query_i64(&q);
		r.result = query_str(&q, a);
		r.created_s = query_i64(&q);
		r.number = query_str(&q, a);
		r.excluded = query_str(&q, a);
		buf_add(&rows, &r, sizeof(r));
	}
	return query_rows_end(&q, rc, &rows, sizeof(r), a, out, n_out, err);
}

int
store_letters_waiting(
    struct store *s, int64_t before_s, int64_t *n_out, struct err *err)
{
	struct query q;

	query_init(&q, s, Q_LETTERS_WAITING);
	query_put_i64(&q, before_s);
	return query_one_i64(&q, n_out, err);
}

/* -- reconciliation -------------------------------------------------------- */

static void
add_kind(struct mail_seen *m, const char *kind, int64_t n)
{
	int k = intake_kind_by_name(kind);

	if (k >= 0)
		m->kinds[k] += n;
	else if (strcmp(kind, "quarantine") == 0)
		m->quarantine += n;
	else
		m->unknown += n;
}

static void
add_seen(struct mail_seen *m, int64_t outcome, const char *kind, int64_t n)
{
	switch (outcome) {
	case JOURNAL_TAKEN:
		m->taken += n;
		/* Without a message it is in no kind: a difference. */
		if (kind[0] != '\0')
			add_kind(m, kind, n);
		break;
	case JOURNAL_REPEAT:
		m->repeats += n;
		break;
	case JOURNAL_SKIPPED:
		m->skipped += n;
		break;
	default:
		m->missing += n;
		break;
	}
}

static int
count_lost(struct store *s, struct mail_seen *m, struct err *err)
{
	struct query q;

	query_init(&q, s, Q_TIPS_LOST);
	return query_one_i64(&q, &m->lost, err);
}

static int
count_by_hand(struct store *s, int64_t from_s, int64_t to_s,
    struct mail_seen *m, struct err *err)
{
	const char *kind;
	struct query q;
	int64_t n;
	int rc;

	query_init(&q, s, Q_BY_HAND_BETWEEN);
	query_put_i64(&q, from_s);
	query_put_i64(&q, to_s);
	while ((rc = query_step(&q, err)) == 1) {
		kind = query_str_here(&q);
		n = query_i64(&q);
		add_kind(m, kind, n);
		m->by_hand += n;
	}
	query_done(&q);
	return rc;
}

int
store_mail_between(struct store *s, int64_t from_s, int64_t to_s,
    struct mail_seen *out, struct err *err)
{
	struct mail_seen m = {0};
	struct query q;
	int rc;

	query_init(&q, s, Q_SEEN_BETWEEN);
	query_put_i64(&q, from_s);
	query_put_i64(&q, to_s);
	while ((rc = query_step(&q, err)) == 1) {
		int64_t outcome = query_i64(&q);
		const char *kind = query_str_here(&q);

		add_seen(&m, outcome, kind, query_i64(&q));
	}
	query_done(&q);
	if (rc < 0 || count_by_hand(s, from_s, to_s, &m, err) < 0 ||
	    count_lost(s, &m, err) < 0)
		return -1;
	*out = m;
	return 0;
}

static int
count_kinds(struct store *s, struct mail_seen *m, struct err *err)
{
	const char *kind;
	struct query q;
	int rc;

	query_init(&q, s, Q_KINDS_ALL);
	while ((rc = query_step(&q, err)) == 1) {
		kind = query_str_here(&q);
		add_kind(m, kind, query_i64(&q));
	}
	query_done(&q);
	return rc;
}

int
store_mail_all(struct store *s, struct mail_seen *out, struct err *err)
{
	struct mail_seen m = {0};
	struct query q;

	query_init(&q, s, Q_SEEN_ALL);
	if (query_step(&q, err) < 0) {
		query_done(&q);
		return -1;
	}
	m.taken = query_i64(&q);
	m.repeats = query_i64(&q);
	m.skipped = query_i64(&q);
	m.missing = query_i64(&q);
	query_done(&q);
	query_init(&q, s, Q_BY_HAND_ALL);
	if (query_one_i64(&q, &m.by_hand, err) < 0 ||
	    count_kinds(s, &m, err) < 0 || count_lost(s, &m, err) < 0)
		return -1;
	*out = m;
	return 0;
}
