/* SPDX-License-Identifier: ISC */
#include "store/units.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "store/db.h"
#include "store/query.h"

/* What the ledger says of a report; compared when it is read. */
static const char *
detail_of(const struct unit_report *r, struct arena *a)
{
	static const char *const outcomes[] = {
	    [UNIT_FILED] = "no figures",
	    [UNIT_FIGURES] = "figures",
	    [UNIT_REFUSED] = "refused",
	};
	BUF_AUTO struct buf b = BUF_INIT;
	unsigned char sha256[SHA256_BYTES];
	char hex[SHA256_HEX] = "";

	for (size_t i = 0; i < r->n_figures; i++)
		buf_addf(&b, "%s %s %lld\n", r->figures[i].domain,
		    r->figures[i].figure, (long long)r->figures[i].n);
	if (buf_bad(&b))
		return NULL;
	if (r->outcome == UNIT_FIGURES) {
		hash_sha256(b.data, b.len, sha256);
		hex_put(sha256, sizeof(sha256), hex);
	}
	return arena_printf(a, "%s %s, message %lld, %s%s%s", r->unit,
	    r->period, (long long)r->message, outcomes[r->outcome],
	    hex[0] != '\0' ? " sha256 " : "", hex);
}

static int
add_figures(struct store *s, const struct unit_report *r, struct err *err)
{
	struct query q;

	for (size_t i = 0; i < r->n_figures; i++) {
		query_init(&q, s, Q_UNIT_FIGURE_ADD);
		query_put_i64(&q, r->id);
		query_put_i64(&q, (int64_t)i);
		query_put_str(&q, r->figures[i].domain);
		query_put_str(&q, r->figures[i].figure);
		query_put_i64(&q, r->figures[i].n);
		if (query_run(&q, err) < 0)
			return -1;
	}
	return 0;
}

int
store_unit_report_add(struct store *s, struct unit_report *r,
    struct arena *a, struct err *err)
{
	struct event_record e = {.at_s = r->received_s,
	    .kind = r->outcome == UNIT_REFUSED ? "unit-report-refused"
					       : "unit-report",
	    .actor = "clued",
	    .detail = detail_of(r, a)};
	struct query q;

	if (db_must_be_open(s, "unit report", err) < 0)
		return -1;
	if (e.detail == NULL)
		return db_no_memory(err);
	if (store_event_add(s, &e, err) < 0)
		return -1;
	r->event = sqlite3_last_insert_rowid(s->db);
	query_init(&q, s, Q_UNIT_REPORT_ADD);
	query_put_str(&q, r->unit);
	query_put_str(&q, r->period);
	query_put_i64(&q, r->message);
	query_put_i64(&q, r->received_s);
	query_put_i64(&q, r->event);
	query_put_i64(&q, r->outcome);
	query_put_str(&q, r->filled_by);
	query_put_str(&q, r->phone);
	query_put_str(&q, r->filled_on);
	query_put_str(&q, r->problem);
	if (query_run(&q, err) < 0)
		return -1;
	r->id = sqlite3_last_insert_rowid(s->db);
	return add_figures(s, r, err);
}

static int
read_figures(
    struct store *s, struct unit_report *r, struct arena *a, struct err *err)
{
	struct buf rows = BUF_INIT;
	struct unit_figure f = {0}, *list;
	struct query q;
	int rc;

	query_init(&q, s, Q_UNIT_FIGURES);
	query_put_i64(&q, r->id);
	while ((rc = query_step(&q, err)) == 1) {
		f.domain = query_str(&q, a);
		f.figure = query_str(&q, a);
		f.n = query_i64(&q);
		buf_add(&rows, &f, sizeof(f));
	}
	rc = query_rows_end(
	    &q, rc, &rows, sizeof(f), a, &list, &r->n_figures, err);
	r->figures = list;
	return rc;
}

static int
check(const struct unit_report *r, const char *said, struct arena *a,
    struct err *err)
{
	const char *want = detail_of(r, a);

	if (want == NULL)
		return db_no_memory(err);
	if (strcmp(said, want) == 0)
		return 0;
	return err_set(err, ERR_INPUT, ERR_OWN, 0,
	    "store: the report of unit %s for %s is not what event %lld of "
	    "the ledger says; compare with a backup",
	    r->unit, r->period, (long long)r->event);
}

static int
read_rows(struct query *q, struct arena *a, struct unit_report **out,
    const char ***said_out, size_t *n_out, struct err *err)
{
	struct buf rows = BUF_INIT, said = BUF_INIT;
	struct unit_report r = {0};
	const char *detail;
	int rc;

	while ((rc = query_step(q, err)) == 1) {
		r.id = query_i64(q);
		r.unit = query_str(q, a);
		r.period = query_str(q, a);
		r.message = query_i64(q);
		r.received_s = query_i64(q);
		r.event = query_i64(q);
		r.outcome = (enum unit_outcome)query_i64(q);
		r.filled_by = query_str(q, a);
		r.phone = query_str(q, a);
		r.filled_on = query_str(q, a);
		r.problem = query_str(q, a);
		detail = query_str(q, a);
		buf_add(&rows, &r, sizeof(r));
		buf_add(&said, &detail, sizeof(detail));
	}
	*said_out = (const char **)(void *)arena_memdup(
	    a, said.data, said.len);
	if (*said_out == NULL || buf_bad(&said))
		rc = rc < 0 ? rc : db_no_memory(err);
	buf_done(&said);
	return query_rows_end(q, rc, &rows, sizeof(r), a, out, n_out, err);
}

int
store_unit_reports(struct store *s, const char *period, const char *unit,
    struct arena *a, struct unit_report **out, size_t *n_out,
    struct err *err)
{
	struct unit_report *rows;
	const char **said;
	struct query q;
	size_t n;

	query_init(&q, s, Q_UNIT_REPORTS);
	query_put_str(&q, period);
	query_put_str(&q, unit);
	if (read_rows(&q, a, &rows, &said, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (read_figures(s, &rows[i], a, err) < 0 ||
		    check(&rows[i], said[i], a, err) < 0)
			return -1;
	*out = rows;
	*n_out = n;
	return 0;
}
