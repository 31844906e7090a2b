/* SPDX-License-Identifier: ISC */
#include "core/summary.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "conf/conf.h"
#include "core/letters.h"
#include "core/take.h"
#include "follow/calendar.h"
#include "follow/clue.h"
#include "follow/recipients.h"
#include "letter/letter.h"
#include "store/sheet.h"

/* What is due in so many working days is told of. */
#define AHEAD_DAYS 5
#define WEEK_S (7 * 86400)

enum figure { F_NEW, F_OPEN, F_OVERDUE, F_AHEAD, N_FIGURES };
static const char *const titles[N_FIGURES] = {
    [F_NEW] = "新收",
    [F_OPEN] = "未办结",
    [F_OVERDUE] = "超期事项",
    [F_AHEAD] = "五个工作日内到期事项",
};
struct figures {
	size_t n[N_FIGURES];
};

/* A leader and what he may see: one line an officer, or one a unit. */
struct viewer {
	int person;
	int unit;	    /* -1 = all */
	struct figures *of; /* by roster index, the last for nobody known */
};

struct summing {
	const struct take_context *c;
	int64_t now_s;
	struct viewer *viewers;
	size_t n_viewers;
	enum figure figure; /* that rows at hand count for */
};

static void
count(struct summing *g, const char *officer, bool discipline,
    const char *excluded)
{
	const struct roster_conf *r = &g->c->conf->roster;
	int person = conf_person(g->c->conf, officer);
	int unit = person < 0 ? -1 : r->persons[person].unit;
	size_t at = person < 0 ? r->n_persons : (size_t)person;

	if (discipline)
		return;
	for (size_t i = 0; i < g->n_viewers; i++) {
		struct viewer *v = &g->viewers[i];

		if ((v->unit < 0 || v->unit == unit) &&
		    !recipients_excluded(excluded, r->persons[v->person].id))
			v->of[at].n[g->figure]++;
	}
}

static int
add_clue(void *arg, const struct clue_brief_row *r)
{
	count(arg, r->officer, r->discipline, r->excluded);
	return 0;
}

static int
add_deadline(void *arg, const struct open_deadline *d)
{
	int state = clue_state_by_name(d->state);

	if (state != CLUE_SUSPENDED &&
	    (state < 0 || !clue_state_is_final((enum clue_state)state)))
		count(arg, d->officer, d->discipline, d->excluded);
	return 0;
}

static int
count_all(struct summing *g, struct err *err)
{
	const struct calendar cal = {&g->c->conf->calendar, g->c->conf->zone};
	const struct term ahead = {.working_days = AHEAD_DAYS};
	struct store *s = g->c->store;

	g->figure = F_NEW;
	if (store_clues_came(s, g->now_s - WEEK_S, g->now_s, add_clue, g, err) <
	    0)
		return -1;
	g->figure = F_OPEN;
	if (store_clues_open(s, add_clue, g, err) < 0)
		return -1;
	g->figure = F_OVERDUE;
	if (store_open_deadlines(s, 0, g->now_s + 1, add_deadline, g, err) < 0)
		return -1;
	g->figure = F_AHEAD;
	return store_open_deadlines(s, g->now_s + 1,
	    calendar_add(&cal, g->now_s, &ahead) + 1, add_deadline, g, err);
}

/* -- who ------------------------------------------------------------------- */

static int
add_viewer(
    struct summing *g, int person, int unit, struct arena *a, struct err *err)
{
	size_t n = g->c->conf->roster.n_persons + 1;
	struct viewer *v = &g->viewers[g->n_viewers];

	if (person < 0)
		return 0;
	*v = (struct viewer){person, unit, arena_array(a, n, sizeof(*v->of))};
	if (v->of == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	memset(v->of, 0, n * sizeof(*v->of));
	g->n_viewers++;
	return 0;
}

static int
find_viewers(struct summing *g, struct arena *a, struct err *err)
{
	const struct roster_conf *r = &g->c->conf->roster;
	uint32_t to = g->c->conf->rounds.summary_to;

	g->viewers = arena_array(a, r->n_units + 1, sizeof(*g->viewers));
	if (g->viewers == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	for (size_t i = 0; i < r->n_units && (to & LADDER_LEADER) != 0; i++)
		if (add_viewer(g, r->units[i].leader, (int)i, a, err) < 0)
			return -1;
	if ((to & LADDER_BUREAU_LEADER) != 0)
		return add_viewer(g, r->bureau_leader, -1, a, err);
	return 0;
}

/* -- what ------------------------------------------------------------------ */

static bool
is_nothing(const struct figures *f)
{
	for (int k = 0; k < N_FIGURES; k++)
		if (f->n[k] != 0)
			return false;
	return true;
}

static void
add_up(struct figures *sum, const struct figures *f)
{
	for (int k = 0; k < N_FIGURES; k++)
		sum->n[k] += f->n[k];
}

static void
add_line(struct buf *b, const char *name, const struct figures *f)
{
	const char *between = "　";

	if (is_nothing(f))
		return;
	buf_addf(b, "%s\n", name);
	for (int k = 0; k < N_FIGURES; k++) {
		if (f->n[k] == 0)
			continue;
		buf_addf(b, "%s%s %zu", between, titles[k], f->n[k]);
		between = "，";
	}
	buf_addc(b, '\n');
}

static void
add_officers(const struct summing *g, const struct viewer *v, struct buf *b)
{
	const struct roster_conf *r = &g->c->conf->roster;

	for (size_t i = 0; i < r->n_persons; i++)
		add_line(b, r->persons[i].name, &v->of[i]);
}

static void
add_units(const struct summing *g, const struct viewer *v, struct buf *b)
{
	const struct roster_conf *r = &g->c->conf->roster;
	struct figures rest = v->of[r->n_persons];

	for (size_t u = 0; u < r->n_units; u++) {
		struct figures sum = {{0}};

		for (size_t i = 0; i < r->n_persons; i++)
			if (r->persons[i].unit == (int)u)
				add_up(&sum, &v->of[i]);
		add_line(b, r->units[u].name, &sum);
	}
	for (size_t i = 0; i < r->n_persons; i++)
		if (r->persons[i].unit < 0)
			add_up(&rest, &v->of[i]);
	add_line(b, "待分派及其他", &rest);
}

static int
write_letter(const struct summing *g, const struct viewer *v, struct arena *a,
    struct err *err)
{
	const struct conf *conf = g->c->conf;
	BUF_AUTO struct buf text = BUF_INIT, headline = BUF_INIT;
	char when[LETTER_TIME_SIZE];
	struct figures sum = {{0}};

	for (size_t i = 0; i <= conf->roster.n_persons; i++)
		add_up(&sum, &v->of[i]);
	buf_addf(&headline, "新收%zu 未办结%zu 超期%zu", sum.n[F_NEW],
	    sum.n[F_OPEN], sum.n[F_OVERDUE]);
	if (v->unit < 0)
		add_units(g, v, &text);
	else
		add_officers(g, v, &text);
	if (is_nothing(&sum))
		buf_adds(&text, "一周内没有新收线索，也没有未办结的线索。");
	else
		add_line(&text, "合计", &sum);
	if (buf_bad(&text) || buf_bad(&headline))
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	letter_time(conf->zone, g->now_s, when);
	const struct letter_field fields[] = {
	    {"received", when},
	    {"count", buf_str(&headline)},
	    {"area", v->unit < 0 ? "全局" : conf->roster.units[v->unit].name},
	    {"list", buf_str(&text)},
	};
	const struct letters_plain l = {.kind = "summary",
	    .person = v->person,
	    .fields = fields,
	    .n_fields = sizeof(fields) / sizeof(fields[0]),
	    .now_s = g->now_s};

	return letters_plain(g->c, &l, a, err);
}

int
summary_write(const struct take_context *c, int64_t now_s, struct arena *a,
    struct err *err)
{
	struct summing g = {.c = c, .now_s = now_s};

	if (find_viewers(&g, a, err) < 0 || count_all(&g, err) < 0)
		return err_at(err, "summary");
	for (size_t i = 0; i < g.n_viewers; i++)
		if (write_letter(&g, &g.viewers[i], a, err) < 0)
			return err_at(err, "summary");
	return 0;
}
