/* SPDX-License-Identifier: ISC */
#include "report/names.h"

#include <stdio.h>
#include <string.h>

#include "base/zone.h"
#include "conf/conf.h"

const char *
name_domain(const struct conf *conf, const char *id)
{
	int i = conf_domain(conf, id);

	return i < 0 ? id : conf->rules.domains[i].title;
}

const char *
name_area(const struct conf *conf, const char *id)
{
	int i = conf_area(conf, id);

	return i < 0 ? id : conf->areas[i].name;
}

const char *
name_person(const struct conf *conf, const char *id)
{
	int i = conf_person(conf, id);

	return i < 0 ? id : conf->roster.persons[i].name;
}

static int
unit_of(const struct conf *conf, const char *person)
{
	int i = conf_person(conf, person);

	return i < 0 ? -1 : conf->roster.persons[i].unit;
}

const char *
name_unit_of(const struct conf *conf, const char *person)
{
	int unit = unit_of(conf, person);

	return unit < 0 ? "" : conf->roster.units[unit].name;
}

const char *
name_channel(const char *channel)
{
	static const struct {
		const char *id, *name;
	} t[] = {
	    {"mail", "邮件"},
	    {"file", "邮件"},
	    {"hotline", "电话"},
	    {"letter", "信件"},
	    {"visit", "来访"},
	    {"inspection", "巡查"},
	    {"transfer", "移交"},
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		if (strcmp(t[i].id, channel) == 0)
			return t[i].name;
	return channel;
}

const char *
name_actor(const struct conf *conf, const char *actor)
{
	if (strcmp(actor, "clued") == 0)
		return "系统";
	if (strcmp(actor, "reporter") == 0)
		return "举报人";
	return name_person(conf, actor);
}

bool
query_passes(const struct conf *conf, const struct report_query *q,
    const char *domain, const char *officer)
{
	return (q->domain[0] == '\0' || strcmp(q->domain, domain) == 0) &&
	       (q->officer[0] == '\0' || strcmp(q->officer, officer) == 0) &&
	       (q->unit < 0 || unit_of(conf, officer) == q->unit);
}

bool
query_is_for_others(const struct report_query *q)
{
	return q->unit >= 0 || q->officer[0] != '\0';
}

const char *
name_day(const struct conf *conf, int64_t utc_s, char out[NAME_DAY])
{
	struct civil c;

	out[0] = '\0';
	if (utc_s == 0)
		return out;
	zone_civil(conf->zone, utc_s, &c);
	(void)snprintf(out, NAME_DAY, "%04u-%02u-%02u",
	    (unsigned)c.year % 10000, (unsigned)c.month % 100,
	    (unsigned)c.day % 100);
	return out;
}

const char *
name_under(
    const struct conf *conf, const struct report_query *q, char out[NAME_UNDER])
{
	char period[PERIOD_TEXT];
	const struct roster_conf *r = &conf->roster;

	(void)snprintf(out, NAME_UNDER,
	    "填报单位：%s　统计时段：%s%s%s%s%s%s%s", conf->office.name,
	    q->whole ? "全部" : period_text(&q->period, period),
	    q->domain[0] != '\0' ? "　斗争领域：" : "",
	    q->domain[0] != '\0' ? name_domain(conf, q->domain) : "",
	    q->unit >= 0 ? "　责任单位：" : "",
	    q->unit >= 0 ? r->units[q->unit].name : "",
	    q->officer[0] != '\0' ? "　责任人：" : "",
	    q->officer[0] != '\0' ? name_person(conf, q->officer) : "");
	return out;
}

void
name_facts(const struct conf *conf, const struct report_query *q,
    const char *report, const char *title, struct paper_facts *out)
{
	*out = (struct paper_facts){
	    .report = report,
	    .title = title,
	    .unit = conf->office.name,
	    .period = q->whole ? "" : q->period.name,
	    .first_day = q->whole ? 0 : q->period.first_day,
	    .last_day = q->whole ? 0 : q->period.last_day,
	    .created_s = q->whole ? 0 : q->period.to_s,
	};
}
