/* SPDX-License-Identifier: ISC */
#include "core/retime.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/step.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "core/ladder.h"
#include "core/letters.h"
#include "core/take.h"
#include "core/timerules.h"
#include "follow/recipients.h"
#include "letter/letter.h"
#include "store/store.h"

#define RULES_NOTE "time.rules"
/* Ends that the letter lists; the ledger has them all. */
#define MAX_LISTED 300

struct retiming {
	const struct take_context *c;
	int64_t now_s;
	struct timerules old;
	struct buf clues; /* int64_t rows with an open deadline */
	struct buf list;  /* for the letter */
	size_t n_moved, n_listed;
};

static int
no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
}

static int
add_clue(void *arg, const struct clue_row *r)
{
	struct retiming *t = arg;

	buf_add(&t->clues, &r->id, sizeof(r->id));
	return 0;
}

static int
find_clues(struct retiming *t, struct err *err)
{
	const struct clue_filter open = {.due_before_s = INT64_MAX};

	if (store_list(t->c->store, &open, add_clue, t, err) < 0)
		return -1;
	return buf_bad(&t->clues) ? no_memory(err) : 0;
}

/* The office reads the list; what accuses it is not for it to read. */
static void
add_line(struct retiming *t, const struct clue_record *clue, const char *title,
    const char *from, const char *to)
{
	const struct roster_conf *r = &t->c->conf->roster;

	t->n_moved++;
	if (t->n_listed == MAX_LISTED ||
	    recipients_excluded(clue->excluded, r->persons[r->office].id))
		return;
	t->n_listed++;
	buf_addf(&t->list, "%s%s %s %s → %s", t->list.len > 0 ? "\n" : "",
	    clue->number, title, from, to);
}

static int
record(struct retiming *t, const struct clue_record *clue,
    const struct deadline_record *d, enum deadline_kind k, int64_t due_s,
    struct arena *a, struct err *err)
{
	char from[20], to[20];
	struct event_record e = {.clue = clue->id,
	    .at_s = t->now_s,
	    .kind = "deadline-moved",
	    .actor = "clued"};

	zone_format(t->c->conf->zone, d->due_s, from);
	zone_format(t->c->conf->zone, due_s, to);
	e.detail = arena_printf(a, "%s: %s -> %s", d->kind, from, to);
	if (e.detail == NULL)
		return no_memory(err);
	add_line(t, clue, deadline_title(k), from, to);
	return store_event_add(t->c->store, &e, err);
}

static const struct deadline_class *
old_class(const struct retiming *t, const char *id)
{
	for (size_t i = 0; i < t->old.n_classes; i++)
		if (strcmp(t->old.classes[i].id, id) == 0)
			return &t->old.classes[i];
	return NULL;
}

static int
retime_one(struct retiming *t, const struct clue_record *clue,
    struct deadline_record *d, enum deadline_kind k, struct arena *a,
    struct err *err)
{
	const struct conf *conf = t->c->conf;
	const struct calendar old = {&t->old.calendar, t->old.zone};
	const struct calendar cal = {&conf->calendar, conf->zone};
	const struct deadline_class *was = old_class(t, clue->class_id);
	const struct deadline_class *is = ladder_class(conf, clue);
	struct deadline_plan before, after;
	int64_t due_s = d->due_s;

	if (was != NULL && clue->dispatched_s != 0) {
		deadline_plan(&old, was, clue->dispatched_s, &before);
		deadline_plan(&cal, is, clue->dispatched_s, &after);
		if (before.due_s[k] != 0 && after.due_s[k] != 0)
			due_s = deadline_carried(&old, before.due_s[k],
			    d->due_s, &cal, after.due_s[k]);
	}
	if (due_s != d->due_s && record(t, clue, d, k, due_s, a, err) < 0)
		return -1;
	d->warn_s =
	    deadline_warn_s(&cal, &is->warn_before, clue->dispatched_s, due_s);
	if (due_s != d->due_s) {
		d->due_s = due_s;
		ladder_moved(t->c, clue, d, t->now_s);
	} else {
		ladder_arm(t->c, clue, d, t->now_s);
	}
	return store_deadline_update(t->c->store, d, err);
}

static int
retime_clue(struct retiming *t, int64_t id, struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct deadline_record *list;
	struct clue_record clue;
	size_t n;
	int k;

	if (a == NULL)
		return no_memory(err);
	if (store_clue_by_id(t->c->store, id, a, &clue, err) < 0 ||
	    store_deadlines(t->c->store, id, a, &list, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		k = deadline_by_name(list[i].kind);
		if (list[i].met_s == 0 && k >= 0 &&
		    retime_one(
			t, &clue, &list[i], (enum deadline_kind)k, a, err) < 0)
			return -1;
	}
	return 0;
}

static int
tell_office(
    struct retiming *t, const char *what, struct arena *a, struct err *err)
{
	const struct conf *conf = t->c->conf;
	const char *count = arena_printf(a, "%zu", t->n_moved);
	char when[LETTER_TIME_SIZE];

	letter_time(conf->zone, t->now_s, when);
	if (t->n_listed < t->n_moved)
		buf_addf(&t->list, "%s另有 %zu 项，见台账",
		    t->list.len > 0 ? "\n" : "", t->n_moved - t->n_listed);
	if (count == NULL || buf_bad(&t->list))
		return no_memory(err);
	const struct letter_field fields[] = {
	    {"received", when},
	    {"count", count},
	    {"cause", what},
	    {"list", buf_str(&t->list)},
	};
	const struct letters_plain l = {.kind = "deadlines-moved",
	    .person = conf->roster.office,
	    .fields = fields,
	    .n_fields = sizeof(fields) / sizeof(fields[0]),
	    .now_s = t->now_s};

	return letters_plain(t->c, &l, a, err);
}

static int
retime_all(
    struct retiming *t, const char *what, struct arena *a, struct err *err)
{
	struct event_record e = {
	    .at_s = t->now_s, .kind = "time-rules", .actor = "clued"};
	int64_t id;

	if (find_clues(t, err) < 0)
		return -1;
	for (size_t at = 0; at < t->clues.len; at += sizeof(id)) {
		memcpy(&id, t->clues.data + at, sizeof(id));
		if (retime_clue(t, id, err) < 0)
			return -1;
	}
	e.detail = arena_printf(a, "%s: %zu deadlines moved", what, t->n_moved);
	if (e.detail == NULL)
		return no_memory(err);
	if (store_event_add(t->c->store, &e, err) < 0)
		return -1;
	return t->n_moved > 0 ? tell_office(t, what, a, err) : 0;
}

/* Inside the transaction: the deadlines, then the rules they now follow. */
static int
change_rules(struct retiming *t, const char *old, const char *text,
    struct arena *a, struct err *err)
{
	BUF_AUTO struct buf what = BUF_INIT;
	int rc = 0;

	/* A store without deadlines, or from before rules were kept. */
	if (old != NULL && timerules_get(old, a, &t->old) == 0) {
		timerules_differ(old, text, &what);
		rc = retime_all(t, buf_str(&what), a, err);
		timerules_done(&t->old);
	}
	if (rc < 0 || store_note_set(t->c->store, RULES_NOTE, text, err) < 0)
		return -1;
	step("retime-before-commit");
	return 0;
}

static int
change(const struct take_context *c, const char *old, const char *text,
    int64_t now_s, struct arena *a, struct err *err)
{
	struct retiming t = {.c = c, .now_s = now_s};
	int rc;

	if (store_begin(c->store, err) < 0)
		return -1;
	rc = change_rules(&t, old, text, a, err);
	if (rc < 0)
		store_rollback(c->store);
	else
		rc = store_commit(c->store, err);
	buf_done(&t.clues);
	buf_done(&t.list);
	if (rc < 0)
		return err_at(err, "compute deadlines anew");
	step("retime-after-commit");
	if (old != NULL)
		log_line(LOG_LEVEL_INFO, "deadlines-recomputed", "moved=%zu",
		    t.n_moved);
	return 0;
}

int
retime_deadlines(const struct take_context *c, int64_t now_s, struct err *err)
{
	BUF_AUTO struct buf text = BUF_INIT;
	ARENA_AUTO struct arena *a = arena_new();
	const char *old = NULL;

	timerules_put(&text, c->conf);
	if (a == NULL || buf_bad(&text))
		return no_memory(err);
	if (store_note_get(c->store, RULES_NOTE, a, &old, err) < 0)
		return -1;
	if (old != NULL && strcmp(old, buf_str(&text)) == 0)
		return 0;
	return change(c, old, buf_str(&text), now_s, a, err);
}
