/* SPDX-License-Identifier: ISC */
#include "store/books.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "store/chain.h"
#include "store/query.h"

int
store_clue_brief(struct store *s, int64_t clue, struct arena *a,
    struct clue_brief *out, struct err *err)
{
	struct clue_brief b = {0};
	struct query q;
	int rc;

	query_init(&q, s, Q_CLUE_BRIEF);
	query_put_i64(&q, clue);
	rc = query_step(&q, err);
	if (rc == 1) {
		b.number = query_str(&q, a);
		b.domain = query_str(&q, a);
		b.officer = query_str(&q, a);
		b.state = query_str(&q, a);
		b.received_s = query_i64(&q);
		b.dispatched_s = query_i64(&q);
		b.first_event = query_i64(&q);
		rc = query_lost(&q, err) < 0 ? -1 : 1;
	}
	query_done(&q);
	if (rc == 1)
		*out = b;
	return rc;
}

int
store_chain_head(struct store *s, int64_t *last_out,
    char head_hex_out[CHAIN_HEX], struct err *err)
{
	unsigned char hash[CHAIN_BYTES] = {0};
	struct query q;
	int64_t last = 0;
	int rc;

	query_init(&q, s, Q_EVENT_LAST);
	rc = query_step(&q, err);
	if (rc == 1) {
		last = query_i64(&q);
		query_hash(&q, hash, sizeof(hash));
	}
	query_done(&q);
	if (rc < 0)
		return -1;
	*last_out = last;
	hex_put(hash, sizeof(hash), head_hex_out);
	return 0;
}

int
store_chain_find(struct store *s, const char *hex, int64_t *event_out,
    int64_t *at_s_out, struct err *err)
{
	struct query q;
	int64_t event = 0, at_s = 0;
	int rc;

	query_init(&q, s, Q_EVENT_BY_HASH);
	query_put_str(&q, hex);
	rc = query_step(&q, err);
	if (rc == 1) {
		event = query_i64(&q);
		at_s = query_i64(&q);
	}
	query_done(&q);
	if (rc == 1) {
		*event_out = event;
		*at_s_out = at_s;
	}
	return rc;
}

int
store_events_sealed(struct store *s, int64_t clue, struct arena *a,
    struct sealed_event **out, size_t *n_out, struct err *err)
{
	unsigned char hash[CHAIN_BYTES];
	struct buf rows = BUF_INIT;
	struct sealed_event r = {0};
	struct query q;
	int rc;

	query_init(&q, s, Q_EVENTS_SEALED);
	query_put_i64(&q, clue);
	while ((rc = query_step(&q, err)) == 1) {
		r.event.id = query_i64(&q);
		r.event.clue = query_i64(&q);
		r.event.at_s = query_i64(&q);
		r.event.kind = query_str(&q, a);
		r.event.actor = query_str(&q, a);
		r.event.detail = query_str(&q, a);
		query_hash(&q, hash, sizeof(hash));
		hex_put(hash, sizeof(hash), r.hash_hex);
		buf_add(&rows, &r, sizeof(r));
	}
	return query_rows_end(&q, rc, &rows, sizeof(r), a, out, n_out, err);
}

/* -- forms ---------------------------------------------------------------- */

/* What the ledger says of a filed form; compared when the form is read. */
static const char *
form_detail(const struct form_record *r, struct arena *a)
{
	unsigned char sha256[SHA256_BYTES];
	char hex[SHA256_HEX];

	hash_sha256(r->content, r->len, sha256);
	hex_put(sha256, sizeof(sha256), hex);
	return arena_printf(a, "%s %s, to event %lld, sha256 %s", r->kind,
	    r->period, (long long)r->last_event, hex);
}

static int
already_filed(struct store *s, const struct form_record *r, struct arena *a,
    struct err *err)
{
	struct form_record there;
	int rc = store_form(s, r->kind, r->period, a, &there, err);

	if (rc == 1)
		return err_set(err, ERR_CONF, ERR_OWN, 0,
		    "store: the form of %s was filed already; what came later "
		    "counts in the next one",
		    r->period);
	return rc;
}

int
store_form_file(struct store *s, const struct form_record *r, const char *actor,
    struct arena *a, struct err *err)
{
	struct event_record e = {.at_s = r->filed_s,
	    .kind = "filed",
	    .actor = actor,
	    .detail = form_detail(r, a)};
	struct query q;

	if (db_must_be_open(s, "form", err) < 0 ||
	    already_filed(s, r, a, err) < 0)
		return -1;
	if (e.detail == NULL)
		return db_no_memory(err);
	if (store_event_add(s, &e, err) < 0)
		return -1;
	e.id = sqlite3_last_insert_rowid(s->db);
	query_init(&q, s, Q_FORM_ADD);
	query_put_str(&q, r->kind);
	query_put_str(&q, r->period);
	query_put_i64(&q, r->from_s);
	query_put_i64(&q, r->to_s);
	query_put_i64(&q, r->filed_s);
	query_put_i64(&q, r->last_event);
	query_put_i64(&q, e.id);
	query_put_blob(&q, r->content, r->len);
	return query_run(&q, err);
}

/* The form's columns, then kind and detail of its event. */
static int
take_form(
    struct query *q, struct arena *a, struct form_record *r, struct err *err)
{
	const char *kind, *said, *want;
	const void *content;

	r->kind = query_str(q, a);
	r->period = query_str(q, a);
	r->from_s = query_i64(q);
	r->to_s = query_i64(q);
	r->filed_s = query_i64(q);
	r->last_event = query_i64(q);
	r->event = query_i64(q);
	content = query_blob_here(q, &r->len);
	r->content = arena_memdup(a, content, r->len);
	kind = query_str(q, a);
	said = query_str(q, a);
	if (query_lost(q, err) < 0)
		return -1;
	want = r->content != NULL ? form_detail(r, a) : NULL;
	if (want == NULL)
		return db_no_memory(err);
	if (strcmp(kind, "filed") == 0 && strcmp(said, want) == 0)
		return 0;
	return err_set(err, ERR_INPUT, ERR_OWN, 0,
	    "store: the filed form of %s is not what event %lld of the ledger "
	    "says; compare with a backup",
	    r->period, (long long)r->event);
}

int
store_form(struct store *s, const char *kind, const char *period,
    struct arena *a, struct form_record *out, struct err *err)
{
	struct form_record r = {0};
	struct query q;
	int rc;

	query_init(&q, s, Q_FORM);
	query_put_str(&q, kind);
	query_put_str(&q, period);
	rc = query_step(&q, err);
	if (rc == 1)
		rc = take_form(&q, a, &r, err) < 0 ? -1 : 1;
	query_done(&q);
	if (rc == 1)
		*out = r;
	return rc;
}

int
store_forms(struct store *s, const char *kind, struct arena *a,
    struct form_record **out, size_t *n_out, struct err *err)
{
	struct buf rows = BUF_INIT;
	struct form_record r = {0};
	struct query q;
	int rc;

	query_init(&q, s, Q_FORMS);
	query_put_str(&q, kind);
	while ((rc = query_step(&q, err)) == 1) {
		rc = take_form(&q, a, &r, err);
		if (rc < 0)
			break;
		buf_add(&rows, &r, sizeof(r));
	}
	return query_rows_end(&q, rc, &rows, sizeof(r), a, out, n_out, err);
}
