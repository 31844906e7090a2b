/* SPDX-License-Identifier: ISC */
#include "store/chain.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "store/query.h"

/* Where the walk along the ledger is. */
struct walk {
	int64_t last;
	unsigned char head[CHAIN_BYTES];
};

static int
broken(struct err *err, int64_t id, const char *how)
{
	return err_set(err, ERR_INPUT, ERR_OWN, 0,
	    "store: the ledger's chain breaks at event %lld: %s; compare "
	    "with a backup", (long long)id, how);
}

static int
walk_event(struct store *s, struct walk *w, struct query *q, struct err *err)
{
	unsigned char stored[CHAIN_BYTES], hash[CHAIN_BYTES];
	struct event_record e = {0};

	e.id = query_i64(q);
	e.clue = query_i64(q);
	e.at_s = query_i64(q);
	e.kind = query_str_here(q);
	e.actor = query_str_here(q);
	e.detail = query_str_here(q);
	query_hash(q, stored, sizeof(stored));
	if (query_lost(q, err) < 0)
		return -1;
	if (e.id != w->last + 1)
		return broken(err, w->last + 1, "it is missing");
	if (chain_hash(s, w->head, &e, hash, err) < 0)
		return -1;
	if (q->nul || memcmp(hash, stored, sizeof(hash)) != 0)
		return broken(err, e.id, "it was changed or put in");
	w->last = e.id;
	memcpy(w->head, hash, sizeof(hash));
	return 0;
}

static int
walk_all(struct store *s, struct walk *w, struct err *err)
{
	struct query q;
	int rc;

	query_init(&q, s, Q_EVENTS_ALL);
	while ((rc = query_step(&q, err)) == 1)
		if (walk_event(s, w, &q, err) < 0) {
			rc = -1;
			break;
		}
	query_done(&q);
	return rc;
}

/* The seal says where the ledger ended at the last commit. */
static int
check_end(struct store *s, const struct walk *w, struct err *err)
{
	unsigned char head[CHAIN_BYTES] = {0}, stored[CHAIN_BYTES] = {0};
	unsigned char seal[CHAIN_BYTES];
	struct query q;
	int64_t last = -1;
	int rc;

	query_init(&q, s, Q_CHAIN);
	rc = query_step(&q, err);
	if (rc == 1) {
		last = query_i64(&q);
		query_hash(&q, head, sizeof(head));
		query_hash(&q, stored, sizeof(stored));
	}
	query_done(&q);
	if (rc < 0 || chain_seal_hash(s, last, head, seal, err) < 0)
		return -1;
	if (memcmp(seal, stored, sizeof(seal)) != 0)
		return broken(err, w->last, "the seal over the end is false");
	if (last > w->last)
		return broken(err, w->last + 1, "it was cut off the end");
	if (last != w->last || memcmp(head, w->head, sizeof(head)) != 0)
		return broken(err, w->last, "the seal is of another end");
	return 0;
}

/* One snapshot for the walk and the seal, whatever others commit. */
static int
check_in_snapshot(struct store *s, struct walk *w, struct err *err)
{
	struct query q;
	bool own = !s->open;
	int rc;

	if (s->chain_moved && chain_seal(s, err) < 0)
		return -1;
	query_init(&q, s, Q_SAVE);
	if (own && query_run(&q, err) < 0)
		return -1;
	rc = walk_all(s, w, err);
	if (rc == 0)
		rc = check_end(s, w, err);
	query_init(&q, s, Q_RELEASE);
	if (own && query_run(&q, rc < 0 ? NULL : err) < 0)
		rc = -1;
	return rc;
}

int
store_chain_check(struct store *s, int64_t *n_out, char head_hex_out[65],
    struct err *err)
{
	struct walk w = {0};

	if (chain_key_load(s, false, err) < 0 ||
	    chain_key_check(s, err) < 0 || check_in_snapshot(s, &w, err) < 0)
		return -1;
	*n_out = w.last;
	hex_put(w.head, sizeof(w.head), head_hex_out);
	return 0;
}

static int
check_pages(struct store *s, struct err *err)
{
	struct query q;
	const char *said;
	int rc;

	query_init(&q, s, Q_QUICK_CHECK);
	rc = query_step(&q, err);
	if (rc == 1) {
		said = query_str_here(&q);
		rc = strcmp(said, "ok") == 0
			? 0
			: err_set(err, ERR_SYSTEM, ERR_OWN, 0,
			      "store: damaged: %s; restore the last backup",
			      said);
	}
	query_done(&q);
	return rc;
}

static int
check_references(struct store *s, struct err *err)
{
	struct query q;
	const char *table;
	int rc;

	query_init(&q, s, Q_FOREIGN_KEY_CHECK);
	rc = query_step(&q, err);
	if (rc == 1) {
		table = query_str_here(&q);
		rc = err_set(err, ERR_SYSTEM, ERR_OWN, 0,
		    "store: damaged: row %lld of %s refers to nothing; "
		    "restore the last backup",
		    (long long)query_i64(&q), table);
	}
	query_done(&q);
	return rc;
}

int
store_check(struct store *s, struct err *err)
{
	if (check_pages(s, err) < 0)
		return -1;
	return check_references(s, err);
}
