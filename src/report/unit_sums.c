/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "conf/conf.h"
#include "report/figures.h"
#include "report/names.h"
#include "report/unit_status.h"
#include "store/books.h"
#include "store/units.h"

/*
 * 各单位月报汇总: where a unit's count and the ledger's differ somebody asks.
 * The ledger's share of a unit are the clues that are with its officers.
 */
enum part { REPORTED, LEDGER, DIFFERENCE, N_PARTS };
static const char *const part_names[N_PARTS] = {"报送", "台账", "差额"};
static const char *const part_keys[N_PARTS] = {
    "reported", "ledger", "difference"};
static const char *const short_titles[FIGURE_COUNT] = {
    "排查", "移送", "配合", "监管"};

#define N_FIGURES (N_PARTS * FIGURE_COUNT)
#define N_COLUMNS (1 + N_FIGURES)
#define N_UNIT_COLUMNS (N_COLUMNS + 4)

typedef int64_t sums[FIGURE_COUNT];

struct adding {
	const struct conf *conf;
	struct store *s;
	const struct report_query *q;
	struct arena *a;
	struct paper *paper;
	struct unit_status *units;
	size_t n_units;
	struct monthly reported;
	sums *by_domain; /* of the ledger */
	sums *by_unit;   /* likewise, by index of roster.units */
};

static int
no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
}

/* -- the ledger's side ---------------------------------------------------- */

static int
count_ledger(struct adding *x, struct err *err)
{
	const struct roster_conf *roster = &x->conf->roster;
	struct clue_brief b;
	struct figures f;
	int rc, person;

	if (figures_count(x->conf, x->s, &x->q->period, x->a, &f, err) < 0)
		return -1;
	for (size_t i = 0; i < f.n_refs; i++) {
		const struct figure_ref *r = &f.refs[i];

		x->by_domain[r->domain][r->figure]++;
		if (r->clue == 0)
			continue;
		rc = store_clue_brief(x->s, r->clue, x->a, &b, err);
		if (rc < 0)
			return -1;
		person = rc == 1 ? conf_person(x->conf, b.officer) : -1;
		if (person >= 0 && roster->persons[person].unit >= 0)
			x->by_unit[roster->persons[person].unit][r->figure]++;
	}
	return 0;
}

static int
read_all(struct adding *x, struct err *err)
{
	x->by_domain = arena_array(x->a, MAX_DOMAINS, sizeof(*x->by_domain));
	x->by_unit = arena_array(
	    x->a, x->conf->roster.n_units + 1, sizeof(*x->by_unit));
	if (x->by_domain == NULL || x->by_unit == NULL)
		return no_memory(err);
	memset(x->by_domain, 0, MAX_DOMAINS * sizeof(*x->by_domain));
	memset(x->by_unit, 0,
	    (x->conf->roster.n_units + 1) * sizeof(*x->by_unit));
	if (unit_statuses(x->conf, x->s, &x->q->period, x->a, &x->units,
		&x->n_units, err) < 0 ||
	    unit_sum_form(x->conf, x->s, &x->q->period, x->a, &x->reported,
		err) < 0)
		return -1;
	return count_ledger(x, err);
}

/* -- the sheets ----------------------------------------------------------- */

/* Three columns a figure: what was sent, what we have, what is between. */
static size_t
figure_columns(struct column *out, char titles[N_FIGURES][32],
    char keys[N_FIGURES][32])
{
	size_t at = 0;

	for (int k = 0; k < FIGURE_COUNT; k++)
		for (int p = 0; p < N_PARTS; p++, at++) {
			(void)snprintf(titles[at], 32, "%s%s",
			    short_titles[k], part_names[p]);
			(void)snprintf(keys[at], 32, "%s_%s",
			    figure_key((enum figure)k), part_keys[p]);
			out[at] =
			    (struct column){keys[at], titles[at], 9, false};
		}
	return at;
}

static size_t
figure_cells(const int64_t *sent, const int64_t *have, bool known,
    struct cell *out)
{
	size_t at = 0;

	for (int k = 0; k < FIGURE_COUNT; k++) {
		enum cell_kind kind = known ? CELL_NUMBER : CELL_NONE;

		out[at++] = (struct cell){kind, NULL, sent[k]};
		out[at++] = (struct cell){CELL_NUMBER, NULL, have[k]};
		out[at++] = (struct cell){kind, NULL, sent[k] - have[k]};
	}
	return at;
}

static void
write_domains(struct adding *x, const char *title, const char *under)
{
	char titles[N_FIGURES][32], keys[N_FIGURES][32];
	struct column columns[N_COLUMNS] = {
	    {"domain", "斗争领域", 14, false}};
	struct cell cells[N_COLUMNS];
	sums sent = {0}, have = {0};

	(void)figure_columns(columns + 1, titles, keys);
	paper_sheet(x->paper, &(struct sheet){"按领域", title, under, columns,
				  N_COLUMNS});
	for (size_t d = 0; d < x->reported.n_rows; d++) {
		const struct monthly_row *r = &x->reported.rows[d];

		cells[0] = (struct cell){CELL_TEXT, r->title, 0};
		(void)figure_cells(r->n, x->by_domain[d], true, cells + 1);
		paper_row(x->paper, cells);
		for (int k = 0; k < FIGURE_COUNT; k++) {
			sent[k] += r->n[k];
			have[k] += x->by_domain[d][k];
		}
	}
	cells[0] = (struct cell){CELL_TEXT, "合计", 0};
	(void)figure_cells(sent, have, true, cells + 1);
	paper_row(x->paper, cells);
	paper_note(x->paper, x->reported.mark);
}

static const char *
state_of(const struct unit_status *u)
{
	if (u->last == NULL)
		return u->n_refused > 0 ? "已退回" : "未报";
	return u->last->outcome == UNIT_FIGURES ? "已报" : "已报（无数字）";
}

static void
write_units(struct adding *x, const char *title, const char *under)
{
	char titles[N_FIGURES][32], keys[N_FIGURES][32], at[NAME_DAY];
	struct column columns[N_UNIT_COLUMNS] = {
	    {"unit", "单位", 16, false}, {"state", "报送情况", 12, false},
	    {"received", "报送日期", 11, false},
	    {"filled_by", "填表人", 10, false},
	    {"phone", "联系电话", 14, false}};
	struct cell cells[N_UNIT_COLUMNS];

	(void)figure_columns(columns + 5, titles, keys);
	paper_sheet(x->paper, &(struct sheet){"按单位", title, under, columns,
				  N_UNIT_COLUMNS});
	for (size_t i = 0; i < x->n_units; i++) {
		const struct unit_status *u = &x->units[i];
		const struct unit_report *r = u->last;

		cells[0] = (struct cell){
		    CELL_TEXT, x->conf->roster.units[u->unit].name, 0};
		cells[1] = (struct cell){CELL_TEXT, state_of(u), 0};
		cells[2] = (struct cell){CELL_TEXT,
		    name_day(x->conf, r != NULL ? r->received_s : 0, at), 0};
		cells[3] = (struct cell){
		    CELL_TEXT, r != NULL ? r->filled_by : "", 0};
		cells[4] =
		    (struct cell){CELL_TEXT, r != NULL ? r->phone : "", 0};
		(void)figure_cells(u->sums, x->by_unit[u->unit],
		    r != NULL && r->outcome == UNIT_FIGURES, cells + 5);
		paper_row(x->paper, cells);
	}
	paper_note(x->paper,
	    "台账一栏为责任人属于该单位的线索；监管措施不分单位。");
}

int
report_units(const struct conf *conf, struct store *s,
    const struct report_query *q, struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct adding x = {.conf = conf, .s = s, .q = q, .a = a};
	char title[300], under[NAME_UNDER];
	struct paper_facts facts;

	if (a == NULL)
		return no_memory(err);
	if (q->whole || q->period.name[0] == '\0')
		return err_set(err, ERR_INPUT, ERR_OWN, 0,
		    "units report for a period with a name; give --period");
	if (read_all(&x, err) < 0)
		return -1;
	(void)snprintf(
	    title, sizeof(title), "%s各单位月报汇总", conf->office.name);
	name_facts(conf, q, "units", title, &facts);
	(void)name_under(conf, q, under);
	if (paper_new(q->format, q->path, &facts, &x.paper, err) < 0)
		return -1;
	write_domains(&x, title, under);
	write_units(&x, title, under);
	return paper_close(&x.paper, true, err);
}
