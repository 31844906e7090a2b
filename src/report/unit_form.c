/* SPDX-License-Identifier: ISC */
#include "report/unit_form.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/zone.h"
#include "report/dest.h"
#include "report/monthly_parts.h"

int32_t
unit_form_due(const struct conf *conf, const struct period *period)
{
	return civil_day_number(
	    period->year, period->month, (int)conf->report.due_day);
}

static const struct monthly_row *
blank_rows(const struct conf *conf, struct arena *a)
{
	struct monthly_row *rows =
	    arena_array(a, conf->rules.n_domains, sizeof(*rows));

	for (size_t i = 0; rows != NULL && i < conf->rules.n_domains; i++)
		rows[i] = (struct monthly_row){
		    .id = conf->rules.domains[i].id,
		    .title = conf->rules.domains[i].title};
	return rows;
}

static int
write_form(const struct monthly *m, const char *path, struct err *err)
{
	struct dest d;
	int rc;

	if (dest_open(path, true, &d, err) < 0)
		return -1;
	rc = monthly_xlsx(m, false, d.temp, err);
	if (rc == 0)
		rc = dest_commit(&d, err);
	dest_close(&d);
	return rc;
}

int
unit_form_blank(const struct conf *conf, int unit,
    const struct period *period, const char *path, struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	const struct unit_conf *u = &conf->roster.units[unit];
	char mark[200], remark[300];
	struct civil due;
	struct monthly m = {
	    .office = u->name,
	    .title = conf->report.title,
	    .period = *period,
	    .rows = a != NULL ? blank_rows(conf, a) : NULL,
	    .n_rows = conf->rules.n_domains,
	    .filled_by = "",
	    .phone = "",
	    .copy_to = conf->office.name,
	    .blank = true,
	    .mark = mark,
	    .remark = remark,
	};

	if (m.rows == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	civil_from_day(unit_form_due(conf, period), &due);
	(void)snprintf(mark, sizeof(mark), "表号：%s/%s（请保留本行）", u->id,
	    period->name);
	(void)snprintf(remark, sizeof(remark),
	    "请逐格填写数字，没有的填 0，于%d年%d月%d日前回复邮件并附上本表。",
	    due.year, due.month, due.day);
	return write_form(&m, path, err) < 0 ? err_at(err, "blank form") : 0;
}
