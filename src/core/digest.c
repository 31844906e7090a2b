/* SPDX-License-Identifier: ISC */
#include "core/digest.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "core/ladder.h"
#include "core/letters.h"
#include "core/take.h"
#include "follow/calendar.h"
#include "follow/recipients.h"
#include "letter/letter.h"
#include "report/names.h"
#include "store/sheet.h"

/* Working days ahead that a digest tells of. */
#define SOON_DAYS 3

bool
digest_covers(const struct conf *conf, int person, enum urge_step step,
    const struct clue_record *clue)
{
	return (step == URGE_WARN || step == URGE_EXPIRED) &&
	       conf->rounds.sheet_min != ROUNDS_OFF &&
	       conf->roster.persons[person].digest &&
	       ladder_class(conf, clue) != &conf->classes[1];
}

enum part { PART_OVER, PART_TODAY, PART_SOON, N_PARTS };
static const char *const titles[N_PARTS] = {
    [PART_OVER] = "已超期，请立即办理",
    [PART_TODAY] = "今天到期",
    [PART_SOON] = "三个工作日内到期",
};

/* One person's digest as it grows. */
struct pile {
	struct buf lines[N_PARTS];
	size_t n[N_PARTS];
	size_t unaccepted;
};

struct digesting {
	const struct take_context *c;
	int64_t now_s, tonight_s;
	int32_t today;
	struct pile *piles; /* by roster index */
};

static bool
is_at_rest(const struct open_deadline *d)
{
	int state = clue_state_by_name(d->state);

	return state == CLUE_SUSPENDED ||
	       (state >= 0 && clue_state_is_final((enum clue_state)state));
}

/* Whose turn it is; -1 = nobody who gets digests. */
static int
whose(const struct digesting *g, const struct open_deadline *d)
{
	int state = clue_state_by_name(d->state);
	const struct recipients_clue who = {
	    .officer = d->officer,
	    .deputy = d->deputy,
	    .leader = d->leader,
	    .excluded = d->excluded,
	    .discipline = d->discipline,
	    .with_office = state == CLUE_NEW || state == CLUE_RETURNED,
	};
	struct recipients to;

	recipients_find(g->c->conf, &who, LADDER_OFFICER, g->today, &to);
	if (to.acting < 0 || !g->c->conf->roster.persons[to.acting].digest)
		return -1;
	return to.acting;
}

static void
add_line(struct digesting *g, struct pile *p, enum part part,
    const struct open_deadline *d)
{
	struct buf *b = &p->lines[part];
	int kind = deadline_by_name(d->kind);
	const struct calendar cal = {&g->c->conf->calendar, g->c->conf->zone};
	char due[20];

	zone_format(g->c->conf->zone, d->due_s, due);
	buf_addf(b, "%s %s\n　%s：%s", d->number,
	    name_domain(g->c->conf, d->domain),
	    kind < 0 ? d->kind : deadline_title((enum deadline_kind)kind),
	    due + 5); /* without the year */
	if (part == PART_OVER) {
		int32_t days = calendar_days_between(&cal, d->due_s, g->now_s);

		if (days > 0)
			buf_addf(b, "，已超 %d 个工作日", days);
	}
	buf_addc(b, '\n');
	p->n[part]++;
	p->unaccepted += kind == DEADLINE_ACCEPT;
}

static int
add_deadline(void *arg, const struct open_deadline *d)
{
	struct digesting *g = arg;
	int person = is_at_rest(d) ? -1 : whose(g, d);

	if (person >= 0)
		add_line(g, &g->piles[person],
		    d->due_s <= g->now_s      ? PART_OVER
		    : d->due_s < g->tonight_s ? PART_TODAY
					      : PART_SOON,
		    d);
	return 0;
}

static void
join(const struct pile *p, struct buf *text, struct buf *count)
{
	buf_addf(count, "超期%zu 今天到期%zu 待签收%zu", p->n[PART_OVER],
	    p->n[PART_TODAY], p->unaccepted);
	for (int i = 0; i < N_PARTS; i++) {
		if (p->n[i] == 0)
			continue;
		buf_addf(text, "%s【%s】%zu 项\n", text->len > 0 ? "\n" : "",
		    titles[i], p->n[i]);
		buf_add(text, p->lines[i].data, p->lines[i].len);
	}
}

static int
write_letter(
    const struct digesting *g, int person, struct arena *a, struct err *err)
{
	const struct pile *p = &g->piles[person];
	BUF_AUTO struct buf text = BUF_INIT, count = BUF_INIT;
	char when[LETTER_TIME_SIZE];
	bool bad = false;

	for (int i = 0; i < N_PARTS; i++)
		bad |= buf_bad(&p->lines[i]);
	join(p, &text, &count);
	if (bad || buf_bad(&text) || buf_bad(&count))
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	letter_time(g->c->conf->zone, g->now_s, when);
	const struct letter_field fields[] = {
	    {"received", when},
	    {"count", buf_str(&count)},
	    {"list", buf_str(&text)},
	};
	const struct letters_plain l = {.kind = "digest",
	    .person = person,
	    .fields = fields,
	    .n_fields = sizeof(fields) / sizeof(fields[0]),
	    .now_s = g->now_s};

	return letters_plain(g->c, &l, a, err);
}

static int
write_all(struct digesting *g, struct arena *a, struct err *err)
{
	const struct conf *conf = g->c->conf;
	const struct calendar cal = {&conf->calendar, conf->zone};
	const struct term soon = {.working_days = SOON_DAYS};

	if (store_open_deadlines(g->c->store, 0,
		calendar_add(&cal, g->now_s, &soon) + 1, add_deadline, g,
		err) < 0)
		return -1;
	for (size_t i = 0; i < conf->roster.n_persons; i++) {
		const struct pile *p = &g->piles[i];

		if (p->n[PART_OVER] + p->n[PART_TODAY] + p->n[PART_SOON] > 0 &&
		    write_letter(g, (int)i, a, err) < 0)
			return -1;
	}
	return 0;
}

static bool
anybody(const struct roster_conf *r)
{
	for (size_t i = 0; i < r->n_persons; i++)
		if (r->persons[i].digest)
			return true;
	return false;
}

int
digest_write(const struct take_context *c, int64_t now_s, struct arena *a,
    struct err *err)
{
	const struct roster_conf *r = &c->conf->roster;
	struct digesting g = {.c = c, .now_s = now_s};
	struct civil day;
	int rc;

	if (!anybody(r))
		return 0;
	g.piles = arena_array(a, r->n_persons, sizeof(*g.piles));
	if (g.piles == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	memset(g.piles, 0, r->n_persons * sizeof(*g.piles));
	g.today = zone_day(c->conf->zone, now_s);
	civil_from_day(g.today + 1, &day);
	g.tonight_s = zone_utc_s(c->conf->zone, &day);
	rc = write_all(&g, a, err);
	for (size_t i = 0; i < r->n_persons; i++)
		for (int k = 0; k < N_PARTS; k++)
			buf_done(&g.piles[i].lines[k]);
	return rc < 0 ? err_at(err, "digest") : 0;
}
