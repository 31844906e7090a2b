/* SPDX-License-Identifier: ISC */
#include "store/db.h"

#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "follow/clue.h"
#include "intake/intake.h"
#include "store/query.h"

_Static_assert(KIND_COUNT <= 16, "struct store_counts");

static void
count_kind(struct store_counts *c, const char *key, int64_t n)
{
	int kind = intake_kind_by_name(key);

	c->messages += n;
	if (kind >= 0)
		c->kinds[kind] += n;
	else if (strcmp(key, "quarantine") == 0)
		c->quarantine += n;
}

static void
count_state(struct store_counts *c, const char *key, int64_t n)
{
	int state = clue_state_by_name(key);

	c->clues += n;
	if (state < 0 || !clue_state_is_final((enum clue_state)state))
		c->open_clues += n;
}

static void
count_letter(struct store_counts *c, const char *key, int64_t n)
{
	int64_t state;

	if (str_int64(key, 0, LETTER_STATE_COUNT - 1, &state) == 0)
		c->letters[state] += n;
}

static int
tally(struct store *s, const char *what,
    void (*count)(struct store_counts *c, const char *key, int64_t n),
    struct store_counts *c, struct err *err)
{
	struct query q;
	const char *key;
	int rc;

	query_init(&q, s, Q_TALLY);
	query_put_str(&q, what);
	while ((rc = query_step(&q, err)) == 1) {
		key = query_str_here(&q);
		count(c, key, query_i64(&q));
	}
	query_done(&q);
	return rc;
}

static int
number(struct store *s, enum statement id, int64_t *out, struct err *err)
{
	struct query q;

	query_init(&q, s, id);
	return query_one_i64(&q, out, err);
}

int
store_counts(struct store *s, int64_t now_s, struct store_counts *out,
    struct err *err)
{
	struct store_counts c = {0};
	struct query q;

	if (pending_flush(s, err) < 0)
		return -1;
	query_init(&q, s, Q_COUNT_OVERDUE);
	query_put_i64(&q, now_s);
	if (query_one_i64(&q, &c.overdue, err) < 0 ||
	    tally(s, "kind", count_kind, &c, err) < 0 ||
	    tally(s, "state", count_state, &c, err) < 0 ||
	    tally(s, "letter", count_letter, &c, err) < 0 ||
	    number(s, Q_COUNT_TRIAGE, &c.triage, err) < 0 ||
	    number(s, Q_EVENT_LAST, &c.events, err) < 0 ||
	    number(s, Q_SIZE, &c.size_bytes, err) < 0)
		return -1;
	*out = c;
	return 0;
}
