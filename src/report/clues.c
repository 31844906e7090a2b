/* SPDX-License-Identifier: ISC */
#include "report/clues.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "conf/conf.h"
#include "follow/clue.h"
#include "report/names.h"

static int
no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
}

static bool
is_outcome(const char *kind)
{
	int state = clue_state_by_name(kind);
	int action = clue_action_by_name(kind);

	if (state >= 0)
		return clue_state_is_final((enum clue_state)state);
	if (action < 0)
		return false;
	/* What the action leads to does not depend on where it is legal. */
	state = clue_next(CLUE_ASSIGNED, (enum clue_action)action);
	return state >= 0 && clue_state_is_final((enum clue_state)state);
}

static void
take_event(struct clue_line *l, const struct event_record *e)
{
	const struct event_kind *kind = event_kind_find(e->kind);

	if (kind != NULL && kind->figure == FIGURE_TRANSFERRED) {
		l->transferred_s = e->at_s;
		l->transfer = e->detail;
	}
	if (is_outcome(e->kind)) {
		l->concluded_s = e->at_s;
		l->result = e->detail;
	} else if (strncmp(e->kind, "reopen", 6) == 0) {
		l->concluded_s = 0;
		l->result = "";
	}
	if (event_is_extension(e->kind))
		l->extended++;
	if (strncmp(e->kind, "accept", 6) == 0)
		l->accepted = true;
}

/* 1 = found. */
static int
read_line(struct store *s, int64_t clue, struct arena *a, struct clue_line *l,
    struct err *err)
{
	struct event_record *events;
	size_t n;
	int rc = store_clue_by_id(s, clue, a, &l->clue, err);

	if (rc != 1)
		return rc;
	if (store_events(s, clue, a, &events, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		take_event(l, &events[i]);
	return 1;
}

static int
walk_one(const struct conf *conf, struct store *s, const struct report_query *q,
    const struct figure_ref *r,
    int (*line)(void *arg, const struct clue_line *l), void *arg,
    struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct clue_line l = {.late = r->late, .transfer = "", .result = ""};
	int rc;

	if (a == NULL)
		return no_memory(err);
	rc = read_line(s, r->clue, a, &l, err);
	if (rc != 1)
		return rc;
	if (!query_passes(conf, q, l.clue.domain, l.clue.officer))
		return 0;
	return line(arg, &l) != 0;
}

static int
by_event(const void *a, const void *b)
{
	const struct figure_ref *const *x = a, *const *y = b;

	return (*x)->event < (*y)->event ? -1 : (*x)->event > (*y)->event;
}

/* The found ones, in the ledger's order. */
static int
found_refs(const struct figures *f, struct arena *a,
    const struct figure_ref ***out, size_t *n_out)
{
	const struct figure_ref **list =
	    arena_array(a, f->n_refs + 1, sizeof(*list));
	size_t n = 0;

	if (list == NULL)
		return -1;
	for (size_t i = 0; i < f->n_refs; i++)
		if (f->refs[i].figure == FIGURE_FOUND)
			list[n++] = &f->refs[i];
	qsort(list, n, sizeof(*list), by_event);
	*out = list;
	*n_out = n;
	return 0;
}

int
clues_walk(const struct conf *conf, struct store *s,
    const struct report_query *q,
    int (*line)(void *arg, const struct clue_line *l), void *arg,
    struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	const struct period whole = {.name = ""};
	const struct figure_ref **list = NULL;
	struct figures f;
	size_t n = 0;
	int rc = 0;

	if (a == NULL)
		return no_memory(err);
	if (figures_count(conf, s, q->whole ? &whole : &q->period, a, &f, err) <
	    0)
		return -1;
	if (found_refs(&f, a, &list, &n) < 0)
		return no_memory(err);
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = walk_one(conf, s, q, list[i], line, arg, err);
	return rc < 0 ? -1 : 0;
}
