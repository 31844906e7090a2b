/* SPDX-License-Identifier: ISC */
#include "core/urge.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/step.h"
#include "core/ladder.h"
#include "core/take.h"
#include "store/store.h"

/* Deadlines looked at in one go; the rest follows in the next. */
#define MAX_ASKED 64

static int
ask(const struct take_context *c, struct deadline_record *d, int64_t now_s,
    struct arena *a, struct err *err)
{
	struct clue_record clue;
	enum urge_step step;

	if (store_clue_by_id(c->store, d->clue, a, &clue, err) < 0)
		return -1;
	step = ladder_step(c, &clue, d, now_s);
	if (step != URGE_NONE &&
	    ladder_write(c, step, &clue, d, now_s, a, err) < 0)
		return -1;
	return store_deadline_update(c->store, d, err);
}

int
urge_all_due(const struct take_context *c, int64_t now_s, struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct deadline_record *list;
	size_t n;

	if (a == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (store_begin(c->store, err) < 0)
		return -1;
	if (store_deadlines_to_ask(
		c->store, now_s, MAX_ASKED, a, &list, &n, err) < 0)
		goto undo;
	for (size_t i = 0; i < n; i++)
		if (ask(c, &list[i], now_s, a, err) < 0)
			goto undo;
	step("urge-before-commit");
	if (store_commit(c->store, err) < 0)
		goto undo;
	step("urge-after-commit");
	return 0;
undo:
	store_rollback(c->store);
	return -1;
}
