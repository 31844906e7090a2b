/* SPDX-License-Identifier: ISC */
#include "conf/load.h"

#include <string.h>

#include "base/zone.h"
#include "conf/schema.h"
#include "conf/value.h"

/*
 * calendar/2026.conf: the State Council's notice for one calendar year.
 *
 *   year = 2026;
 *   holidays = ( { name = "元旦"; from = "2026-01-01"; to = "2026-01-03"; } );
 *   workdays = ( { name = "元旦"; date = "2026-01-04"; } );  # 调休上班
 */

struct raw_holiday {
	struct origin origin;
	const char *name;
	int32_t from, to; /* to 0 = the same day */
};
struct raw_workday {
	struct origin origin;
	const char *name;
	int32_t date;
};
struct raw_calendar {
	struct origin origin;
	uint32_t year;
	struct list holidays, workdays;
};

#define HOLIDAY(member) offsetof(struct raw_holiday, member)
static const struct key holiday_keys[] = {
    {"name", KEY_STR, .required = true, .min = 1, .max = 60,
	.at = HOLIDAY(name)},
    {"from", KEY_DATE, .required = true, .at = HOLIDAY(from)},
    {"to", KEY_DATE, .at = HOLIDAY(to)},
};
static const struct group holiday_group =
    GROUP("holidays", holiday_keys, struct raw_holiday);

#define WORKDAY(member) offsetof(struct raw_workday, member)
static const struct key workday_keys[] = {
    {"name", KEY_STR, .required = true, .min = 1, .max = 60,
	.at = WORKDAY(name)},
    {"date", KEY_DATE, .required = true, .at = WORKDAY(date)},
};
static const struct group workday_group =
    GROUP("workdays", workday_keys, struct raw_workday);

#define CALENDAR(member) offsetof(struct raw_calendar, member)
static const struct key calendar_keys[] = {
    {"year", KEY_INT, .required = true, .min = 2000, .max = 2200,
	.at = CALENDAR(year)},
    {"holidays", KEY_LIST, .required = true, .max = 100,
	.group = &holiday_group, .at = CALENDAR(holidays)},
    {"workdays", KEY_LIST, .max = 100, .group = &workday_group,
	.at = CALENDAR(workdays)},
};
const struct group calendar_group =
    GROUP("calendar", calendar_keys, struct raw_calendar);

/* One year while its file is read: index = day of the year. */
struct year {
	struct load *l;
	int number;
	int32_t first; /* day number of January 1st */
	struct year_day {
		const char *name; /* NULL: an ordinary day */
		bool working;
		struct place at;
	} days[366];
};

static void
put_day(struct year *y, int32_t day, bool working, const char *name,
    struct place at)
{
	struct year_day *slot;
	struct civil c;

	civil_from_day(day, &c);
	if (c.year != y->number) {
		load_mistake(y->l, at,
		    "%04d-%02d-%02d does not belong to %d; put it into "
		    "%d.conf",
		    c.year, c.month, c.day, y->number, c.year);
		return;
	}
	slot = &y->days[day - y->first];
	if (slot->name != NULL) {
		load_mistake(y->l, at,
		    "%04d-%02d-%02d is listed twice; also at %s:%d", c.year,
		    c.month, c.day, slot->at.file, slot->at.line);
		return;
	}
	*slot = (struct year_day){name, working, at};
}

static void
put_holiday(struct year *y, const struct raw_holiday *h)
{
	int32_t last = h->to != 0 ? h->to : h->from;

	if (h->from == 0)
		return;
	if (last < h->from || last - h->from > 30) {
		load_mistake(y->l, h->origin.at,
		    "holiday \"%s\": to must follow from within 31 days",
		    h->name);
		return;
	}
	for (int32_t day = h->from; day <= last; day++)
		put_day(y, day, false, h->name, h->origin.at);
}

/* A make-up working day falls on a weekend, or it is a slip of the pen. */
static void
put_workday(struct year *y, const struct raw_workday *w)
{
	struct civil c;

	if (w->date == 0)
		return;
	civil_from_day(w->date, &c);
	if (c.weekday <= 5)
		load_warning(y->l, w->origin.at,
		    "workday %04d-%02d-%02d is no weekend day", c.year, c.month,
		    c.day);
	put_day(y, w->date, true, w->name, w->origin.at);
}

static void
read_year(struct load *l, const char *path, struct place from, int number,
    struct year *y)
{
	struct source *s = source_open(l, path, from, NULL);
	const struct raw_holiday *holidays;
	const struct raw_workday *workdays;
	struct raw_calendar raw;

	*y = (struct year){
	    .l = l, .number = number, .first = civil_day_number(number, 1, 1)};
	if (s == NULL)
		return;
	schema_read(l, s, &calendar_group, &raw);
	source_close(&s);
	if (raw.year != 0 && (int)raw.year != number)
		load_mistake(l, raw.origin.at,
		    "year = %u does not fit the file's name",
		    (unsigned)raw.year);
	holidays = raw.holidays.items;
	workdays = raw.workdays.items;
	for (size_t i = 0; i < raw.holidays.n; i++)
		put_holiday(y, &holidays[i]);
	for (size_t i = 0; i < raw.workdays.n; i++)
		put_workday(y, &workdays[i]);
}

/* -- all years ------------------------------------------------------------- */

/* "2026.conf" → 2026; 0 when the name is another. */
static int
year_of_name(const char *name)
{
	int32_t day;
	char date[] = "YYYY-01-01";

	if (strlen(name) != strlen("YYYY.conf"))
		return 0;
	memcpy(date, name, 4);
	if (value_date(date, &day) < 0)
		return 0;
	return (date[0] - '0') * 1000 + (date[1] - '0') * 100 +
	       (date[2] - '0') * 10 + (date[3] - '0');
}

static size_t
append(struct calendar_day *out, const struct year *y)
{
	size_t n = 0;

	for (int32_t i = 0; i < 366; i++)
		if (y->days[i].name != NULL)
			out[n++] = (struct calendar_day){
			    y->first + i, y->days[i].working, y->days[i].name};
	return n;
}

void
load_calendar(struct load *l, const char *dir, struct place from)
{
	struct calendar_conf *out = &l->conf->calendar;
	const char **names;
	size_t n = folder_list(l, dir, from, ".conf", &names);
	struct calendar_day *days = load_array(l, n * 366, sizeof(*days));
	int *years = load_array(l, n, sizeof(*years));
	struct year *y = load_scratch(l, 1, sizeof(*y));

	if (days == NULL || years == NULL || y == NULL)
		return;
	out->days = days;
	out->years = years;
	out->dir = dir;
	for (size_t i = 0; i < n; i++) {
		const char *path = load_path(l, dir, names[i]);
		int number = year_of_name(names[i]);

		if (number == 0) {
			load_mistake(l, (struct place){path, 0},
			    "a calendar file's name must be YYYY.conf");
			continue;
		}
		read_year(l, path, from, number, y);
		out->n_days += append(days + out->n_days, y);
		years[out->n_years++] = number;
	}
	if (n == 0)
		load_mistake(l, from, "%s: no calendar file YYYY.conf", dir);
}

/* -- what depends on today ------------------------------------------------- */

static bool
has_year(const struct calendar_conf *cal, int year)
{
	for (size_t i = 0; i < cal->n_years; i++)
		if (cal->years[i] == year)
			return true;
	return false;
}

void
conf_check_calendar(
    const struct conf *conf, int64_t now_s, struct conf_mistakes *mistakes)
{
	struct place at = {conf->calendar.dir, 0};
	struct civil now;

	zone_civil(conf->zone, now_s, &now);
	if (!has_year(&conf->calendar, now.year))
		mistake_add(mistakes, false, at,
		    "no file %d.conf; without the holidays of this year "
		    "deadlines come out wrong",
		    now.year);
	if (now.month >= 11 && !has_year(&conf->calendar, now.year + 1))
		mistake_add(mistakes, true, at,
		    "no file %d.conf yet; copy the State Council's notice for "
		    "next year into it",
		    now.year + 1);
}
