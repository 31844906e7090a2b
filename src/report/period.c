/* SPDX-License-Identifier: ISC */
#include "report/period.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "base/zone.h"
#include "conf/conf.h"

static int64_t
midnight(const struct conf *conf, int32_t day)
{
	struct civil c;

	civil_from_day(day, &c);
	return zone_utc_s(conf->zone, &c);
}

static void
put_days(const struct conf *conf, struct period *p, int32_t first, int32_t last)
{
	p->first_day = first;
	p->last_day = last;
	p->from_s = midnight(conf, first);
	p->to_s = midnight(conf, last + 1);
}

/* months counts from January of year 0. */
static void
put_month(const struct conf *conf, int months, struct period *out)
{
	int day = (int)conf->report.period_day;
	/* With the first, a period ends in the month in which it begins. */
	int begins = day == 1 ? months : months - 1;
	int ends = begins + 1;

	*out = (struct period){.year = months / 12, .month = months % 12 + 1};
	(void)snprintf(out->name, sizeof(out->name), "%04u-%02u",
	    (unsigned)out->year % 10000, (unsigned)out->month % 100);
	put_days(conf, out, civil_day_number(begins / 12, begins % 12 + 1, day),
	    civil_day_number(ends / 12, ends % 12 + 1, day) - 1);
}

int
period_named(const struct conf *conf, const char *name, struct period *out,
    struct err *err)
{
	char year[5] = "";
	int64_t y = 0, m = 0;

	if (strlen(name) == 7)
		memcpy(year, name, 4);
	if (strlen(name) != 7 || name[4] != '-' ||
	    strspn(name, "0123456789-") != 7 ||
	    str_int64(year, 1970, 9998, &y) < 0 ||
	    str_int64(name[5] == '0' ? name + 6 : name + 5, 1, 12, &m) < 0)
		return err_set(err, ERR_INPUT, ERR_OWN, 0,
		    "\"%s\" is no period; write year and month as in 2026-11",
		    name);
	put_month(conf, (int)(y * 12 + m - 1), out);
	return 0;
}

void
period_at(const struct conf *conf, int64_t at_s, struct period *out)
{
	struct civil c;

	zone_civil(conf->zone, at_s, &c);
	put_month(conf, c.year * 12 + c.month - 1, out);
	if (at_s >= out->to_s)
		put_month(conf, c.year * 12 + c.month, out);
}

void
period_step(const struct conf *conf, const struct period *p, int months,
    struct period *out)
{
	put_month(conf, p->year * 12 + p->month - 1 + months, out);
}

void
period_of_days(const struct conf *conf, int32_t first_day, int32_t last_day,
    struct period *out)
{
	*out = (struct period){.name = ""};
	put_days(conf, out, first_day, last_day);
}

const char *
period_text(const struct period *p, char out[PERIOD_TEXT])
{
	struct civil a, b;

	civil_from_day(p->first_day, &a);
	civil_from_day(p->last_day, &b);
	(void)snprintf(out, PERIOD_TEXT, "%d年%d月%d日至%d年%d月%d日", a.year,
	    a.month, a.day, b.year, b.month, b.day);
	return out;
}
