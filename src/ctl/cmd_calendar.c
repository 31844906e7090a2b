/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/str.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "ctl/ctl.h"
#include "follow/calendar.h"

/* The State Council's notice for the next year comes out about then. */
#define NOTICE_MONTH 11

static void
color(struct buf *b, const struct ctl *ctl, const char *code)
{
	if (ctl->color)
		buf_addf(b, "\033[%sm", code);
}

/* -- show ----------------------------------------------------------------- */

static void
say_guessed(struct buf *b, const struct ctl *ctl, int year)
{
	color(b, ctl, "1;31");
	buf_addf(b,
	    "注意：没有 %d 年的日历文件（%d.conf），放假和调休未知；"
	    "以下只按普通周推算，期限可能有误！\n",
	    year, year);
	color(b, ctl, "0");
	buf_addc(b, '\n');
}

/* Six columns: the day's number and what a wall calendar prints beside it. */
static void
draw_day(struct buf *b, const struct ctl *ctl,
    const struct calendar_month_day *d, int number)
{
	const char *mark = "  ", *code = d->working ? "" : "2";

	if (d->listed) {
		mark = d->working ? "班" : "休";
		code = d->working ? "33" : "32";
	}
	if (code[0] != '\0')
		color(b, ctl, code);
	buf_addf(b, "%2d%s", number, mark);
	if (code[0] != '\0')
		color(b, ctl, "0");
}

static void
draw_grid(struct buf *b, const struct ctl *ctl, const struct calendar_month *m)
{
	for (int i = 1; i < m->days[0].weekday; i++)
		buf_adds(b, "      ");
	for (int i = 0; i < m->n_days; i++) {
		bool ends = m->days[i].weekday == 7 || i + 1 == m->n_days;

		draw_day(b, ctl, &m->days[i], i + 1);
		while (ends && b->len > 0 && b->data[b->len - 1] == ' ')
			buf_cut(b, b->len - 1);
		buf_adds(b, ends ? "\n" : "  ");
	}
}

/* "1–7 日 国庆节": days that a file names, those of one reason together. */
static void
draw_reasons(struct buf *b, const struct calendar_month *m)
{
	for (int i = 0, end; i < m->n_days; i = end) {
		const struct calendar_month_day *d = &m->days[i];

		for (end = i + 1; d->listed && end < m->n_days; end++)
			if (!m->days[end].listed ||
			    strcmp(m->days[end].why, d->why) != 0)
				break;
		if (!d->listed)
			continue;
		buf_addf(b, "%d", i + 1);
		if (end > i + 1)
			buf_addf(b, "–%d", end);
		buf_addf(b, " 日 %s%s\n", d->why, d->working ? "" : " 放假");
	}
}

static void
draw_month(struct buf *b, const struct ctl *ctl, const struct calendar_month *m)
{
	color(b, ctl, "1");
	buf_addf(b, "             %d 年 %d 月\n", m->year, m->month);
	color(b, ctl, "0");
	buf_adds(b, "一    二    三    四    五    六    日\n");
	draw_grid(b, ctl, m);
	draw_reasons(b, m);
	buf_addf(b, "工作日 %d 天，%u 小时", m->working_days,
	    (unsigned)(m->working_minutes / 60));
	if (m->working_minutes % 60 != 0)
		buf_addf(b, " %u 分", (unsigned)(m->working_minutes % 60));
	buf_adds(b, m->guessed ? "（推算）\n" : "\n");
}

/* One object a day. */
static void
json_month(struct buf *b, const struct calendar_month *m)
{
	for (int i = 0; i < m->n_days; i++) {
		const struct calendar_month_day *d = &m->days[i];

		buf_addf(b,
		    "{\"date\":\"%04d-%02d-%02d\",\"working\":%s,\"why\":",
		    m->year, m->month, i + 1, d->working ? "true" : "false");
		json_add_cstr(b, d->why);
		buf_addf(b, ",\"guessed\":%s,\"weekday\":%u,\"minutes\":%u}\n",
		    m->guessed && !d->listed ? "true" : "false", d->weekday,
		    d->minutes);
	}
}

static int
show(struct ctl *ctl, const char *when)
{
	const struct calendar cal = {&ctl->conf->calendar, ctl->conf->zone};
	BUF_AUTO struct buf b = BUF_INIT;
	struct calendar_month m;
	int year, month, last;

	if (ctl_parse_month(when, &year, &month) < 0)
		return ctl_usage(&cmd_calendar);
	last = month == 0 ? 12 : month;
	if (!ctl->json && !calendar_has_year(&cal, year))
		say_guessed(&b, ctl, year);
	for (int i = month == 0 ? 1 : month; i <= last; i++) {
		calendar_month(&cal, year, i, &m);
		if (ctl->json)
			json_month(&b, &m);
		else
			draw_month(&b, ctl, &m);
		if (!ctl->json && i < last)
			buf_addc(&b, '\n');
	}
	ctl_out(&b);
	return CTL_OK;
}

/* -- check ---------------------------------------------------------------- */

struct year_check {
	int year;
	bool has_file;
	unsigned off, make_up; /* listed days */
	const char *trouble;   /* NULL = good */
	bool late;	       /* the trouble counts already */
};

static void
check_year(const struct ctl *ctl, int year, const struct civil *now,
    struct year_check *out)
{
	const struct calendar cal = {&ctl->conf->calendar, ctl->conf->zone};
	struct civil c;

	*out = (struct year_check){.year = year};
	out->has_file = calendar_has_year(&cal, year);
	for (size_t i = 0; i < cal.conf->n_days; i++) {
		civil_from_day(cal.conf->days[i].day_number, &c);
		if (c.year == year && cal.conf->days[i].working)
			out->make_up++;
		else if (c.year == year)
			out->off++;
	}
	out->late = true;
	if (out->has_file) {
		if (out->off == 0)
			out->trouble = "文件里一天假也没有";
		return;
	}
	out->trouble = "没有日历文件：放假和调休未知，期限只按普通周推算；"
		       "请照国务院通知写好";
	if (year > now->year && now->month < NOTICE_MONTH) {
		out->trouble = "还没有日历文件：跨到这一年的期限只是推算；"
			       "国务院通常在 11 月前后公布";
		out->late = false;
	}
}

static void
print_check(struct buf *b, const struct ctl *ctl, const struct year_check *y)
{
	bool bad = y->trouble != NULL && y->late;

	if (ctl->json) {
		buf_addf(b,
		    "{\"year\":%d,\"file\":%s,\"guessed\":%s,\"holidays\":%u,"
		    "\"make_up\":%u,\"good\":%s,\"trouble\":",
		    y->year, y->has_file ? "true" : "false",
		    y->has_file ? "false" : "true", y->off, y->make_up,
		    bad ? "false" : "true");
		json_add_cstr(b, y->trouble);
		buf_adds(b, "}\n");
		return;
	}
	if (y->trouble != NULL)
		color(b, ctl, bad ? "1;31" : "33");
	buf_addf(b, "%d  %s", y->year, bad ? "BAD " : "good");
	if (y->has_file)
		buf_addf(b, "  放假 %u 天（含周末），调休上班 %u 天", y->off,
		    y->make_up);
	if (y->trouble != NULL)
		buf_addf(b, "  %s（%s/%d.conf）", y->trouble,
		    ctl->conf->calendar.dir, y->year);
	if (y->trouble != NULL)
		color(b, ctl, "0");
	buf_addc(b, '\n');
}

/* From the first year that has a file to the next one, without a gap. */
static int
check(struct ctl *ctl)
{
	const struct calendar_conf *cal = &ctl->conf->calendar;
	BUF_AUTO struct buf b = BUF_INIT;
	struct year_check y;
	struct civil now;
	int first, last, status = CTL_OK;

	zone_civil(ctl->conf->zone, clock_now_s(), &now);
	first = last = now.year;
	if (cal->n_years > 0 && cal->years[0] < first)
		first = cal->years[0];
	if (cal->n_years > 0 && cal->years[cal->n_years - 1] > last)
		last = cal->years[cal->n_years - 1];
	if (last == now.year)
		last++;
	for (int year = first; year <= last; year++) {
		check_year(ctl, year, &now, &y);
		if (y.trouble != NULL && y.late)
			status = CTL_FINDING;
		print_check(&b, ctl, &y);
	}
	ctl_out(&b);
	return status;
}

static int
run(struct ctl *ctl, int argc, char **argv)
{
	if (ctl_json_only(ctl, &cmd_calendar, argc, argv) < 0)
		return CTL_USAGE;
	if (optind + 1 == argc && strcmp(argv[optind], "check") == 0)
		return check(ctl);
	if (optind + 2 == argc && strcmp(argv[optind], "show") == 0)
		return show(ctl, argv[optind + 1]);
	return ctl_usage(&cmd_calendar);
}

const struct ctl_command cmd_calendar = {
    .name = "calendar",
    .summary = "holidays and make-up days: show them, check the files",
    .help = "calendar check [--json]\n"
	    "       cluectl calendar show [--json] YYYY[-MM]\n\n"
	    "  check  whether every year up to this one has its file, and from "
	    "November on\n         the next one too; exit status 1 when one is "
	    "missing or empty\n"
	    "  show   a month or a year: 休 is a holiday, 班 a weekend day "
	    "that is worked;\n         with --json one object a day.  A year "
	    "without a file is shown as plain\n         weeks and says so "
	    "(\"guessed\": true)\n\n"
	    "Examples:\n"
	    "  cluectl calendar check\n"
	    "  cluectl calendar show 2026-10\n",
    .needs_conf = true,
    .no_rules = true,
    .store_mode = -1,
    .run = run,
};
