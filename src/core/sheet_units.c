/* SPDX-License-Identifier: ISC */
#include "core/sheet_units.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "report/period.h"
#include "report/unit_status.h"

/* Where nobody is reminded, the second half of the month. */
#define FROM_DAY 15

static int
first_day(const struct report_conf *r)
{
	for (int day = 1; day <= 28; day++)
		if ((r->units_days & 1U << day) != 0)
			return day;
	return FROM_DAY;
}

int
sheet_units_gather(const struct conf *conf, struct store *s,
    int64_t now_s, struct arena *a, struct day_sheet *out, struct err *err)
{
	struct period p;
	struct civil c;

	zone_civil(conf->zone, now_s, &c);
	out->n_units = 0;
	if (c.day < first_day(&conf->report))
		return 0;
	(void)snprintf(out->units_period, sizeof(out->units_period),
	    "%04u-%02u", (unsigned)c.year % 10000, (unsigned)c.month % 100);
	if (period_named(conf, out->units_period, &p, err) < 0)
		return -1;
	return unit_statuses(
	    conf, s, &p, a, &out->units, &out->n_units, err);
}

void
sheet_units_text(
    const struct conf *conf, const struct day_sheet *t, struct buf *out)
{
	size_t missing = 0;

	for (size_t i = 0; i < t->n_units; i++)
		missing += t->units[i].last == NULL;
	if (t->n_units == 0)
		return;
	buf_addf(out, "\n【单位月报】%s 已报 %zu，未报 %zu\n",
	    t->units_period, t->n_units - missing, missing);
	/* Those that have reported need nobody. */
	for (size_t i = 0; i < t->n_units; i++)
		if (t->units[i].last == NULL)
			unit_status_lines(conf, &t->units[i], 1, out);
}

void
sheet_units_json(
    const struct conf *conf, const struct day_sheet *t, struct buf *out)
{
	buf_adds(out, ",\"units\":[");
	for (size_t i = 0; i < t->n_units; i++) {
		buf_adds(out, i > 0 ? ",{\"unit\":" : "{\"unit\":");
		json_add_cstr(
		    out, conf->roster.units[t->units[i].unit].id);
		buf_addf(out, ",\"period\":\"%s\",\"reported\":%s}",
		    t->units_period,
		    t->units[i].last != NULL ? "true" : "false");
	}
	buf_addc(out, ']');
}
