/* SPDX-License-Identifier: ISC */
#include "core/ladder.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "core/digest.h"
#include "core/letters.h"
#include "core/take.h"
#include "follow/calendar.h"
#include "follow/recipients.h"
#include "letter/letter.h"
#include "store/store.h"

const struct deadline_class *
ladder_class(const struct conf *conf, const struct clue_record *clue)
{
	for (size_t i = 0; i < conf->n_classes; i++)
		if (strcmp(conf->classes[i].id, clue->class_id) == 0)
			return &conf->classes[i];
	return &conf->classes[0];
}

static bool
is_at_rest(const struct clue_record *clue)
{
	int state = clue_state_by_name(clue->state);

	return state == CLUE_SUSPENDED ||
	       (state >= 0 && clue_state_is_final((enum clue_state)state));
}

static void
make_plan(const struct take_context *c, const struct clue_record *clue,
    const struct deadline_record *d, struct calendar *cal,
    struct urge_plan *plan)
{
	*cal = (struct calendar){&c->conf->calendar, c->conf->zone};
	urge_plan(cal, ladder_class(c->conf, clue), d->warn_s, d->due_s, plan);
}

void
ladder_arm(const struct take_context *c, const struct clue_record *clue,
    struct deadline_record *d, int64_t now_s)
{
	struct urge_plan plan;
	struct calendar cal;

	make_plan(c, clue, d, &cal, &plan);
	d->ask_s = 0;
	if (!is_at_rest(clue) &&
	    urge_due(&cal, &plan, d->steps_sent, now_s, &d->ask_s) != URGE_NONE)
		d->ask_s = now_s;
}

void
ladder_moved(const struct take_context *c, const struct clue_record *clue,
    struct deadline_record *d, int64_t now_s)
{
	struct urge_plan plan;
	struct calendar cal;

	make_plan(c, clue, d, &cal, &plan);
	d->steps_sent = urge_keep(&plan, d->steps_sent, now_s);
	ladder_arm(c, clue, d, now_s);
}

enum urge_step
ladder_step(const struct take_context *c, const struct clue_record *clue,
    struct deadline_record *d, int64_t now_s)
{
	struct urge_plan plan;
	struct calendar cal;
	enum urge_step step;

	d->ask_s = 0;
	if (is_at_rest(clue))
		return URGE_NONE;
	make_plan(c, clue, d, &cal, &plan);
	step = urge_due(&cal, &plan, d->steps_sent, now_s, &d->ask_s);
	if (step != URGE_NONE)
		d->steps_sent = urge_mark(d->steps_sent, step);
	return step;
}

/* -- letters -------------------------------------------------------------- */

struct writing {
	const struct take_context *c;
	const struct clue_record *clue;
	const struct deadline_record *deadline;
	enum urge_step step;
	int64_t now_s;
	struct recipients to;
	struct arena *arena;
};

void
ladder_people(const struct conf *conf, const struct clue_record *clue,
    uint32_t to, int64_t now_s, struct recipients *out)
{
	int state = clue_state_by_name(clue->state);
	const struct recipients_clue who = {
	    .officer = clue->officer,
	    .deputy = clue->deputy,
	    .leader = clue->leader,
	    .excluded = clue->excluded,
	    .discipline = clue->discipline,
	    .with_office = state == CLUE_NEW || state == CLUE_RETURNED,
	};

	recipients_find(conf, &who, to,
	    zone_day(conf->zone, now_s), out);
}

/* Names, or ids, of all recipients but `but`; NULL when memory is out. */
static const char *
people(struct writing *w, int but, bool names, const char *between)
{
	const struct person_conf *persons = w->c->conf->roster.persons;
	BUF_AUTO struct buf b = BUF_INIT;

	for (size_t i = 0; i < w->to.n; i++) {
		const struct person_conf *p = &persons[w->to.person[i]];

		if (w->to.person[i] == but)
			continue;
		buf_adds(&b, b.len > 0 ? between : "");
		buf_adds(&b, names ? p->name : p->id);
	}
	return buf_bad(&b) ? NULL : arena_strdup(w->arena, buf_str(&b));
}

static const char *
left_text(struct writing *w, const struct calendar *cal)
{
	int64_t min =
	    calendar_minutes_between(cal, w->now_s, w->deadline->due_s);

	if (min >= 60)
		return arena_printf(
		    w->arena, "%lld 个工作小时", (long long)((min + 30) / 60));
	return arena_printf(w->arena, "%lld 分钟", (long long)min);
}

static const char *
over_text(struct writing *w, const struct calendar *cal)
{
	int32_t days = calendar_days_between(cal, w->deadline->due_s, w->now_s);

	if (days > 0)
		return arena_printf(w->arena, "%d 个工作日", days);
	return "不足 1 个工作日";
}

static const char *
time_text(struct writing *w, int64_t utc_s)
{
	char *out = arena_alloc(w->arena, LETTER_TIME_SIZE);

	if (out != NULL && utc_s != 0)
		letter_time(w->c->conf->zone, utc_s, out);
	return out;
}

#define N_FIELDS 13
/* -1 when memory is out. */
static int
fill_fields(struct writing *w, struct letter_field out[N_FIELDS])
{
	const struct conf *conf = w->c->conf;
	const struct calendar cal = {&conf->calendar, conf->zone};
	int domain = conf_domain(conf, w->clue->domain);
	int area = conf_area(conf, w->clue->area);
	int state = clue_state_by_name(w->clue->state);
	int kind = deadline_by_name(w->deadline->kind);
	const struct letter_field fields[N_FIELDS] = {
	    {"number", w->clue->number},
	    {"domain", domain < 0 ? w->clue->domain
				  : conf->rules.domains[domain].title},
	    {"area", area < 0 ? "" : conf->areas[area].name},
	    {"officer", w->to.acting < 0
			    ? ""
			    : conf->roster.persons[w->to.acting].name},
	    {"office", conf->office.name},
	    {"deadline", kind < 0 ? w->deadline->kind
				  : deadline_title((enum deadline_kind)kind)},
	    {"due", time_text(w, w->deadline->due_s)},
	    {"left", left_text(w, &cal)},
	    {"over", over_text(w, &cal)},
	    {"received", time_text(w, w->clue->received_s)},
	    {"dispatched", time_text(w, w->clue->dispatched_s)},
	    {"state", state < 0 ? w->clue->state
				: clue_state_title((enum clue_state)state)},
	    {"copy", people(w, w->to.acting, true, "、")},
	};

	memcpy(out, fields, sizeof(fields));
	for (size_t i = 0; i < N_FIELDS; i++)
		if (out[i].value == NULL)
			return -1;
	return 0;
}

/* A text for one class alone is called like "urging-priority". */
static const char *
template_of(struct writing *w)
{
	const char *own = arena_printf(w->arena, "%s-%s", urge_name(w->step),
	    ladder_class(w->c->conf, w->clue)->id);

	return own != NULL && conf_template(w->c->conf, own) != NULL ? own
								     : NULL;
}

static int
write_letters(struct writing *w, struct err *err)
{
	const struct conf *conf = w->c->conf;
	struct letter_field fields[N_FIELDS];
	struct letters_plain l = {
	    .kind = urge_name(w->step),
	    .template_id = template_of(w),
	    .fields = fields,
	    .n_fields = N_FIELDS,
	    .clue = w->clue->id,
	    .deadline = w->deadline->id,
	    .priority = ladder_class(conf, w->clue) == &conf->classes[1],
	    .now_s = w->now_s,
	};

	if (fill_fields(w, fields) < 0)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	for (size_t i = 0; i < w->to.n; i++) {
		l.person = w->to.person[i];
		if (digest_covers(conf, l.person, w->step, w->clue))
			continue;
		if (letters_plain(w->c, &l, w->arena, err) < 0)
			return -1;
	}
	return 0;
}

int
ladder_write(const struct take_context *c, enum urge_step step,
    const struct clue_record *clue, const struct deadline_record *d,
    int64_t now_s, struct arena *a, struct err *err)
{
	struct writing w = {.c = c,
	    .clue = clue,
	    .deadline = d,
	    .step = step,
	    .now_s = now_s,
	    .arena = a};
	struct event_record e = {.clue = clue->id,
	    .at_s = now_s,
	    .kind = urge_name(step),
	    .actor = "clued"};

	ladder_people(c->conf, clue,
	    ladder_class(c->conf, clue)->ladder[step].to, now_s, &w.to);
	if (write_letters(&w, err) < 0)
		return err_at(err, "%s", urge_name(step));
	e.detail = people(&w, -1, false, " ");
	if (e.detail != NULL)
		e.detail = arena_printf(a, "%s: %s", d->kind, e.detail);
	if (e.detail == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	return store_event_add(c->store, &e, err);
}

/* -- at the moment of sending --------------------------------------------- */

/* 1 = found. */
static int
find_deadline(const struct take_context *c, const struct letter_record *l,
    struct arena *a, struct deadline_record *out, struct err *err)
{
	struct deadline_record *list;
	size_t n;

	if (store_deadlines(c->store, l->clue, a, &list, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (list[i].id == l->deadline) {
			*out = list[i];
			return 1;
		}
	return 0;
}

/* 1 = the same step went to the same person once more: the end moved away and
 * came again while this letter waited. */
static int
has_younger(const struct take_context *c, const struct letter_record *l,
    struct arena *a, struct err *err)
{
	struct letter_record *list;
	size_t n;

	if (store_letters(c->store, l->clue, a, &list, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (list[i].id > l->id && list[i].deadline == l->deadline &&
		    strcmp(list[i].kind, l->kind) == 0 &&
		    strcmp(list[i].to_person, l->to_person) == 0)
			return 1;
	return 0;
}

int
ladder_may_go(const struct take_context *c, const struct letter_record *l,
    int64_t now_s, struct arena *a, int64_t *at_s_out, struct err *err)
{
	int step = urge_by_name(l->kind), rc;
	struct deadline_record d;
	struct clue_record clue;
	struct urge_plan plan;
	struct calendar cal;

	*at_s_out = now_s;
	if (l->deadline == 0)
		return 0;
	*at_s_out = 0;
	rc = find_deadline(c, l, a, &d, err);
	if (rc <= 0)
		return rc;
	rc = store_clue_by_id(c->store, l->clue, a, &clue, err);
	if (rc <= 0)
		return rc;
	if (d.met_s != 0 || is_at_rest(&clue))
		return 0;
	rc = has_younger(c, l, a, err);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	*at_s_out = now_s;
	if (step < 0)
		return 0; /* about a deadline, but no step of the ladder */
	make_plan(c, &clue, &d, &cal, &plan);
	*at_s_out = urge_send_at(
	    &cal, &plan, d.steps_sent, (enum urge_step)step, now_s);
	return 0;
}
