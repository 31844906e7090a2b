/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "conf/conf.h"
#include "follow/clue.h"
#include "report/names.h"
#include "report/report.h"
#include "report/score.h"

/* 考核: sheets by unit and by officer, and bars to look at. */

enum {
	COL_NAME,
	COL_UNIT,
	COL_RECEIVED,
	COL_ACCEPTED,
	COL_CONCLUDED,
	COL_DAYS,
	COL_OVERDUE,
	COL_RETURNED,
	COL_URGED,
	COL_EXTENDED,
	COL_COUNT,
};

static const struct column officer_columns[COL_COUNT] = {
    [COL_NAME] = {"officer", "责任人", 12, false},
    [COL_UNIT] = {"unit", "责任单位", 20, false},
    [COL_RECEIVED] = {"received", "接收线索", 9, false},
    [COL_ACCEPTED] = {"accepted_in_time", "按时签收率", 11, false},
    [COL_CONCLUDED] = {"concluded_in_time", "按时办结率", 11, false},
    [COL_DAYS] = {"median_days", "办结工作日中位数", 16, false},
    [COL_OVERDUE] = {"overdue", "当前超期", 9, false},
    [COL_RETURNED] = {"returned", "退回", 6, false},
    [COL_URGED] = {"urged", "被催办", 7, false},
    [COL_EXTENDED] = {"extended", "延期", 6, false},
};

/* A unit stands in the first column; the second one is left out. */
static void
make_unit_columns(struct column out[COL_COUNT - 1])
{
	out[0] = (struct column){"unit", "责任单位", 24, false};
	memcpy(out + 1, officer_columns + COL_RECEIVED,
	    (COL_COUNT - COL_RECEIVED) * sizeof(*out));
}

static struct cell
number(int64_t n)
{
	return (struct cell){CELL_NUMBER, NULL, n};
}

static struct cell
text(const char *s)
{
	return (struct cell){CELL_TEXT, s, 0};
}

static struct cell
share(const struct in_time *t)
{
	if (t->all == 0)
		return (struct cell){CELL_NONE, NULL, 0};
	return (struct cell){
	    CELL_SHARE, NULL, (t->good * 2000 + t->all) / (t->all * 2)};
}

/* Of sorted days; half a day between two. */
static struct cell
median(const int32_t *days, size_t n)
{
	if (n == 0)
		return (struct cell){CELL_NONE, NULL, 0};
	return (struct cell){
	    CELL_TENTHS, NULL, ((int64_t)days[(n - 1) / 2] + days[n / 2]) * 5};
}

static void
put_scores(const struct score *s, struct cell *from_received)
{
	from_received[0] = number(s->received);
	from_received[1] = share(&s->accepted);
	from_received[2] = share(&s->concluded);
	from_received[3] = median(s->days, s->n_days);
	from_received[4] = number(s->overdue);
	from_received[5] = number(s->returned);
	from_received[6] = number(s->urged);
	from_received[7] = number(s->extended);
}

static bool
has_any(const struct score *s)
{
	return s->received != 0 || s->overdue != 0 || s->returned != 0 ||
	       s->urged != 0 || s->extended != 0;
}

/* Every officer who is asked for, also one with nothing to do; others of the
 * roster when they had something. */
static bool
is_shown(const struct conf *conf, const struct report_query *q, size_t person,
    const struct score *s)
{
	const struct person_conf *p = &conf->roster.persons[person];

	if ((q->officer[0] != '\0' && strcmp(q->officer, p->id) != 0) ||
	    (q->unit >= 0 && p->unit != q->unit))
		return false;
	return has_any(s) || (p->kind == PERSON_OFFICER && p->unit >= 0);
}

static void
write_officers(struct paper *p, const struct conf *conf,
    const struct report_query *q, const struct scores *scores)
{
	struct cell cells[COL_COUNT];

	for (size_t i = 0; i < conf->roster.n_persons; i++) {
		const struct person_conf *who = &conf->roster.persons[i];

		if (!is_shown(conf, q, i, &scores->persons[i]))
			continue;
		cells[COL_NAME] = text(who->name);
		cells[COL_UNIT] = text(name_unit_of(conf, who->id));
		put_scores(&scores->persons[i], cells + COL_RECEIVED);
		paper_row(p, cells);
	}
}

static void
write_units(struct paper *p, const struct conf *conf,
    const struct report_query *q, const struct scores *scores)
{
	struct cell cells[COL_COUNT - 1];

	for (size_t i = 0; i < conf->roster.n_units; i++) {
		if (q->unit >= 0 && (size_t)q->unit != i)
			continue;
		cells[0] = text(conf->roster.units[i].name);
		put_scores(&scores->units[i], cells + 1);
		paper_row(p, cells);
	}
}

static void
write_charts(struct paper *p, size_t officers)
{
	static const size_t shares[] = {COL_ACCEPTED, COL_CONCLUDED};
	static const size_t unit_shares[] = {
	    COL_ACCEPTED - 1, COL_CONCLUDED - 1};
	static const size_t loads[] = {COL_RECEIVED, COL_OVERDUE};
	static const size_t unit_loads[] = {COL_RECEIVED - 1, COL_OVERDUE - 1};
	static const size_t troubles[] = {
	    COL_RETURNED, COL_URGED, COL_EXTENDED};
	static const size_t days[] = {COL_DAYS};
	const struct chart charts[] = {
	    {"各单位按时签收、办结率", 0, 0, unit_shares, 2, false, true,
		false},
	    {"各单位接收线索与当前超期", 0, 0, unit_loads, 2, false, false,
		false},
	    {"责任人按时签收、办结率", officers, 0, shares, 2, false, true,
		false},
	    {"责任人接收线索与当前超期", officers, 0, loads, 2, false, false,
		false},
	    {"责任人办结工作日中位数", officers, 0, days, 1, false, false,
		false},
	    {"责任人退回、被催办、延期", officers, 0, troubles, 3, false, false,
		false},
	};

	for (size_t i = 0; i < sizeof(charts) / sizeof(charts[0]); i++)
		if (charts[i].sheet == officers || officers > 0)
			paper_chart(p, &charts[i]);
}

static void
write_all(struct paper *p, const struct conf *conf,
    const struct report_query *q, const struct scores *scores)
{
	struct column unit_columns[COL_COUNT - 1];
	char title[300], under[NAME_UNDER];
	bool with_units = q->officer[0] == '\0';

	(void)snprintf(
	    title, sizeof(title), "%s线索办理考核表", conf->office.name);
	(void)name_under(conf, q, under);
	make_unit_columns(unit_columns);
	if (with_units) {
		paper_sheet(p, &(struct sheet){"单位", title, under,
				   unit_columns, COL_COUNT - 1});
		write_units(p, conf, q, scores);
	}
	paper_sheet(p, &(struct sheet){
			   "责任人", title, under, officer_columns, COL_COUNT});
	write_officers(p, conf, q, scores);
	paper_note(p, "按时率以本期交办、期限已到或已完成的线索计；工作日自交办"
		      "次日起算；当前超期为制表时仍未完成且已过期限的线索。");
	write_charts(p, with_units ? 1 : 0);
}

int
report_appraisal(const struct conf *conf, struct store *s,
    const struct report_query *q, struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct paper_facts facts;
	struct paper *p = NULL;
	struct scores scores;

	if (a == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (scores_read(conf, s, q, a, &scores, err) < 0)
		return err_at(err, "appraise");
	name_facts(conf, q, "appraisal", "线索办理考核表", &facts);
	if (paper_new(q->format, q->path, &facts, &p, err) < 0)
		return -1;
	write_all(p, conf, q, &scores);
	return paper_close(&p, true, err);
}
