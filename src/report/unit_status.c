/* SPDX-License-Identifier: ISC */
#include "report/unit_status.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "report/cell.h"
#include "store/units.h"

static int
no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
}

static int
figure_by_key(const char *key)
{
	for (int k = 0; k < FIGURE_COUNT; k++)
		if (strcmp(figure_key((enum figure)k), key) == 0)
			return k;
	return -1;
}

static void
take_report(struct unit_status *u, const struct unit_report *r)
{
	u->n_sent++;
	if (r->outcome == UNIT_REFUSED) {
		u->n_refused++;
		u->refused = r;
		return;
	}
	/* A letter without figures takes none away. */
	if (r->outcome == UNIT_FIGURES || u->last == NULL ||
	    u->last->outcome != UNIT_FIGURES)
		u->last = r;
}

static void
sum_up(struct unit_status *u)
{
	for (size_t i = 0; u->last != NULL && i < u->last->n_figures; i++) {
		int k = figure_by_key(u->last->figures[i].figure);

		if (k >= 0)
			u->sums[k] += u->last->figures[i].n;
	}
}

int
unit_statuses(const struct conf *conf, struct store *s,
    const struct period *period, struct arena *a, struct unit_status **out,
    size_t *n_out, struct err *err)
{
	const struct roster_conf *roster = &conf->roster;
	struct unit_status *list =
	    arena_array(a, roster->n_units + 1, sizeof(*list));
	struct unit_report *reports;
	size_t n = 0, n_reports;

	if (list == NULL)
		return no_memory(err);
	if (store_unit_reports(
		s, period->name, "", a, &reports, &n_reports, err) < 0)
		return -1;
	for (size_t i = 0; i < roster->n_units; i++) {
		struct unit_status u = {.unit = (int)i};

		for (size_t k = 0; k < n_reports; k++)
			if (strcmp(reports[k].unit, roster->units[i].id) == 0)
				take_report(&u, &reports[k]);
		sum_up(&u);
		/* One that has no address any more may have sent one. */
		if (roster->units[i].address[0] != '\0' || u.n_sent > 0)
			list[n++] = u;
	}
	*out = list;
	*n_out = n;
	return 0;
}

void
unit_status_lines(const struct conf *conf, const struct unit_status *list,
    size_t n, struct buf *out)
{
	char at[20];

	for (size_t i = 0; i < n; i++) {
		const struct unit_status *u = &list[i];

		buf_addf(out, "%s：", conf->roster.units[u->unit].name);
		if (u->last == NULL) {
			buf_addf(out, "%s\n",
			    u->n_refused > 0 ? "未报（所报有误，已退回）"
					     : "未报");
			continue;
		}
		zone_format(conf->zone, u->last->received_s, at);
		buf_addf(out, "已报（%s", at);
		if (u->last->outcome == UNIT_FIGURES) {
			buf_adds(out, "，填表人 ");
			cell_clean(out, u->last->filled_by);
		} else {
			buf_adds(out, "，未附数字");
		}
		buf_adds(out, "）\n");
	}
}

/* -- the district form ---------------------------------------------------- */

static void
add_figures(const struct conf *conf, const struct unit_report *r,
    struct monthly_row *rows)
{
	for (size_t i = 0; i < r->n_figures; i++) {
		int d = conf_domain(conf, r->figures[i].domain);
		int k = figure_by_key(r->figures[i].figure);

		if (d < 0)
			d = conf_domain(conf, DOMAIN_OTHER);
		if (d >= 0 && k >= 0)
			rows[d].n[k] += r->figures[i].n;
	}
}

int
unit_sum_form(const struct conf *conf, struct store *s,
    const struct period *period, struct arena *a, struct monthly *out,
    struct err *err)
{
	size_t n = conf->rules.n_domains, n_units, reported = 0;
	struct monthly_row *rows = arena_array(a, n, sizeof(*rows));
	struct unit_status *units;

	if (rows == NULL)
		return no_memory(err);
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct monthly_row){
		    .id = conf->rules.domains[i].id,
		    .title = conf->rules.domains[i].title};
	if (unit_statuses(conf, s, period, a, &units, &n_units, err) < 0)
		return -1;
	for (size_t i = 0; i < n_units; i++) {
		if (units[i].last == NULL ||
		    units[i].last->outcome != UNIT_FIGURES)
			continue;
		add_figures(conf, units[i].last, rows);
		reported++;
	}
	*out = (struct monthly){
	    .office = conf->office.name,
	    .title = conf->report.title,
	    .period = *period,
	    .rows = rows,
	    .n_rows = n,
	    .total = conf->report.total,
	    .filled_by = conf->report.filled_by,
	    .phone = conf->report.phone,
	    .copy_to = conf->report.copy_to,
	    .mark = arena_printf(a,
		"本表为各单位报送数之和（%zu 个单位中 %zu 个已报数字），"
		"未计入系统台账。",
		n_units, reported),
	    .remark = "草稿，供核对用。",
	};
	return out->mark == NULL ? no_memory(err) : 0;
}
