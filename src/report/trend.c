/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "conf/conf.h"
#include "report/figures.h"
#include "report/monthly.h"
#include "report/names.h"
#include "report/report.h"

/*
 * One row a period: the clues found by domain, and the sums of the other
 * figures.  A filed period shows what was filed, unless a filter by people
 * asks for more than the form knew.
 */
#define FIXED 4 /* columns behind the domains: found, transferred, … */

struct trending {
	const struct conf *conf;
	struct store *s;
	const struct report_query *q;
	struct paper *paper;
	int domains[MAX_DOMAINS]; /* shown */
	size_t n_domains;
};

static bool
is_asked(const struct trending *t, size_t domain)
{
	return t->q->domain[0] == '\0' ||
	       strcmp(t->q->domain, t->conf->rules.domains[domain].id) == 0;
}

static void
add_ref(struct trending *t, int64_t n[MAX_DOMAINS][FIGURE_COUNT],
    const struct figure_ref *r, const struct clue_brief *b)
{
	const char *officer = b != NULL ? b->officer : "";

	if (query_passes(
		t->conf, t->q, t->conf->rules.domains[r->domain].id, officer))
		n[r->domain][r->figure]++;
}

/* Counted anew, through the filters. */
static int
count_filtered(struct trending *t, const struct period *p, struct arena *a,
    int64_t n[MAX_DOMAINS][FIGURE_COUNT], struct err *err)
{
	struct figures f;
	struct clue_brief b;
	int rc;

	if (figures_count(t->conf, t->s, p, a, &f, err) < 0)
		return -1;
	for (size_t i = 0; i < f.n_refs; i++) {
		rc = f.refs[i].clue == 0
			 ? 0
			 : store_clue_brief(t->s, f.refs[i].clue, a, &b, err);
		if (rc < 0)
			return -1;
		add_ref(t, n, &f.refs[i], rc == 1 ? &b : NULL);
	}
	return 0;
}

static int
take_form(struct trending *t, const struct period *p, struct arena *a,
    int64_t n[MAX_DOMAINS][FIGURE_COUNT], struct err *err)
{
	struct monthly m;
	int domain;

	if (monthly_make(t->conf, t->s, p, a, &m, err) < 0)
		return -1;
	for (size_t i = 0; i < m.n_rows; i++) {
		domain = conf_domain(t->conf, m.rows[i].id);
		if (domain < 0)
			domain = conf_domain(t->conf, DOMAIN_OTHER);
		for (int f = 0; domain >= 0 && f < FIGURE_COUNT; f++)
			n[domain][f] += m.rows[i].n[f];
	}
	return 0;
}

static int
add_period(struct trending *t, const struct period *p, struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	int64_t n[MAX_DOMAINS][FIGURE_COUNT] = {0}, sums[FIGURE_COUNT] = {0};
	struct cell cells[PAPER_COLUMNS];
	size_t at = 0;
	int rc;

	if (a == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	rc = query_is_for_others(t->q) ? count_filtered(t, p, a, n, err)
				       : take_form(t, p, a, n, err);
	if (rc < 0)
		return -1;
	cells[at++] = (struct cell){CELL_TEXT, p->name, 0};
	for (size_t i = 0; i < t->n_domains; i++)
		cells[at++] = (struct cell){
		    CELL_NUMBER, NULL, n[t->domains[i]][FIGURE_FOUND]};
	/* Also of domains for which there is no room. */
	for (size_t i = 0; i < t->conf->rules.n_domains; i++)
		for (int f = 0; is_asked(t, i) && f < FIGURE_COUNT; f++)
			sums[f] += n[i][f];
	for (int f = 0; f < FIGURE_COUNT; f++)
		cells[at++] = (struct cell){CELL_NUMBER, NULL, sums[f]};
	paper_row(t->paper, cells);
	return 0;
}

static size_t
make_columns(const struct trending *t, struct column out[PAPER_COLUMNS])
{
	static const char *const titles[FIGURE_COUNT] = {
	    "排查合计", "移送合计", "配合查办", "监管措施"};
	size_t n = 0;

	out[n++] = (struct column){"period", "期别", 9, false};
	for (size_t i = 0; i < t->n_domains; i++)
		out[n++] =
		    (struct column){t->conf->rules.domains[t->domains[i]].id,
			t->conf->rules.domains[t->domains[i]].title, 12, false};
	for (int f = 0; f < FIGURE_COUNT; f++)
		out[n++] = (struct column){
		    figure_key((enum figure)f), titles[f], 10, false};
	return n;
}

static void
write_charts(const struct trending *t)
{
	size_t values[MAX_DOMAINS];
	const size_t sums[] = {t->n_domains + 2, t->n_domains + 3};

	for (size_t i = 0; i < t->n_domains; i++)
		values[i] = i + 1;
	paper_chart(t->paper, &(struct chart){"各期排查线索（按领域）", 0, 0,
				  values, t->n_domains, true, false, true});
	paper_chart(t->paper, &(struct chart){"各期移送线索与配合查办案件", 0,
				  0, sums, 2, true, false, true});
}

static void
choose_domains(struct trending *t)
{
	for (size_t i = 0; i < t->conf->rules.n_domains &&
			   t->n_domains + FIXED + 1 < PAPER_COLUMNS;
	     i++)
		if (is_asked(t, i))
			t->domains[t->n_domains++] = (int)i;
}

int
report_trend(const struct conf *conf, struct store *s,
    const struct report_query *q, struct err *err)
{
	struct trending t = {.conf = conf, .s = s, .q = q};
	struct report_query whole = *q;
	struct column columns[PAPER_COLUMNS];
	struct paper_facts facts;
	struct period p;
	char title[300], under[NAME_UNDER];
	size_t n_columns;
	int rc = 0;

	choose_domains(&t);
	n_columns = make_columns(&t, columns);
	period_step(conf, &q->period, 1 - (int)q->periods, &p);
	whole.period.first_day = p.first_day;
	(void)snprintf(title, sizeof(title), "%s线索趋势表", conf->office.name);
	name_facts(conf, &whole, "trend", title, &facts);
	if (paper_new(q->format, q->path, &facts, &t.paper, err) < 0)
		return -1;
	paper_sheet(
	    t.paper, &(struct sheet){"趋势", title,
			 name_under(conf, &whole, under), columns, n_columns});
	for (unsigned i = 0; i < q->periods && rc == 0; i++) {
		rc = add_period(&t, &p, err);
		period_step(conf, &p, 1, &p);
	}
	if (rc == 0)
		write_charts(&t);
	return paper_close(&t.paper, rc == 0, err) < 0 ? -1 : rc;
}
