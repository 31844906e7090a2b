/* SPDX-License-Identifier: ISC */
#include "core/unit_mail.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "core/take.h"
#include "core/unit_letters.h"
#include "core/vouch.h"
#include "intake/intake.h"
#include "letter/letter.h"
#include "parse/message.h"
#include "report/kinds.h"
#include "report/period.h"
#include "report/unit_form.h"
#include "store/units.h"

/* A report that names no period, so soon after one has begun, is of the one
 * before: it is late. */
#define LATE_S (10 * 86400L)
/* Periods that a form may be of: a year back. */
#define MOST_BACK 12

struct taking {
	const struct take_context *c;
	const struct message *m;
	int unit;
	int64_t row, now_s;
	struct arena *a;
	struct buf problems;
	struct unit_form form;
	enum unit_form_verdict verdict;
	struct period period;
	struct unit_report report;
};

static int
no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
}

/* -- reading -------------------------------------------------------------- */

/* 0 with the verdict, or -1 when memory is out. */
static int
read_sheet(const struct conf *conf, const struct workbook *s, struct arena *a,
    struct unit_form *form, struct buf *problems,
    enum unit_form_verdict *verdict)
{
	struct form_cell *cells = arena_array(a, s->n_cells, sizeof(*cells));

	if (cells == NULL)
		return -1;
	for (size_t i = 0; i < s->n_cells; i++)
		cells[i] = (struct form_cell){s->cells[i].part,
		    s->cells[i].row, s->cells[i].column, s->cells[i].text};
	*verdict = unit_form_read(conf, cells, s->n_cells, a, form, problems);
	return 0;
}

static bool
has_form(const struct conf *conf, const struct message *m, struct arena *a)
{
	for (size_t i = 0; i < m->n_sheets; i++) {
		BUF_AUTO struct buf problems = BUF_INIT;
		enum unit_form_verdict verdict = UNIT_FORM_NONE;
		struct unit_form form;

		if (m->sheets[i].state == SHEET_READ &&
		    read_sheet(conf, &m->sheets[i], a, &form, &problems,
			&verdict) == 0 &&
		    verdict != UNIT_FORM_NONE)
			return true;
	}
	return false;
}

int
unit_mail_unit(const struct conf *conf, const struct message *m, int person,
    struct arena *a, bool *has_form_out)
{
	int unit = conf_unit_by_address(conf, m->from.addr);

	*has_form_out = false;
	if (unit < 0 && person < 0)
		return -1;
	*has_form_out = has_form(conf, m, a);
	if (unit < 0 && *has_form_out)
		unit = conf->roster.persons[person].unit;
	return unit;
}

/* A workbook that cannot be read is a form that cannot be read: whoever sends
 * one means it to be. */
static void
note_state(struct taking *t, const struct workbook *s)
{
	static const char *const said[] = {
	    [SHEET_DAMAGED] = "文件已损坏或不是有效的 xlsx 文件",
	    [SHEET_TOO_LARGE] = "文件过大或内容过多",
	    [SHEET_LOCKED] = "文件设有打开密码",
	};

	if (s->state > SHEET_READ && s->state < SHEET_NO_MEMORY)
		buf_addf(&t->problems, "附件《%s》无法读取：%s。\n",
		    t->m->attachments[s->attachment].name, said[s->state]);
}

/* The first good form counts; faults are those of the first wrong one. */
static int
read_forms(struct taking *t, struct err *err)
{
	struct buf wrong = BUF_INIT;
	int rc = 0;

	for (size_t i = 0; i < t->m->n_sheets && rc == 0; i++) {
		BUF_AUTO struct buf problems = BUF_INIT;
		const struct workbook *s = &t->m->sheets[i];
		enum unit_form_verdict verdict = UNIT_FORM_NONE;
		struct unit_form form;

		note_state(t, s);
		if (s->state != SHEET_READ)
			continue;
		if (read_sheet(t->c->conf, s, t->a, &form, &problems,
			&verdict) < 0)
			rc = no_memory(err);
		if (verdict == UNIT_FORM_NONE || t->verdict == UNIT_FORM_GOOD)
			continue;
		if (verdict == UNIT_FORM_GOOD || t->verdict == UNIT_FORM_NONE)
			t->form = form;
		if (t->verdict == UNIT_FORM_NONE)
			buf_adds(&wrong, buf_str(&problems));
		t->verdict = verdict;
	}
	if (t->verdict == UNIT_FORM_GOOD)
		buf_clear(&t->problems);
	else
		buf_adds(&t->problems, buf_str(&wrong));
	buf_done(&wrong);
	return rc;
}

/* -- which period --------------------------------------------------------- */

/* "2026年11月", "2026-11" or "11月份" somewhere in the subject. */
static bool
period_of_subject(const struct conf *conf, const char *subject,
    const struct period *now, struct period *out)
{
	int year = now->year, month = 0;
	struct err err;
	char name[8];

	for (const char *p = subject; *p != '\0' && month == 0; p++) {
		int y = 0, m = 0, n = 0;

		if (*p < '0' || *p > '9')
			continue;
		if (sscanf(p, "20%2d年%2d月%n", &y, &m, &n) == 2 && n > 0) {
			year = 2000 + y;
			month = m;
		} else if (sscanf(p, "20%2d-%2d%n", &y, &m, &n) == 2 &&
			   n == 7) {
			year = 2000 + y;
			month = m;
		} else if ((n = 0, sscanf(p, "%2d月%n", &m, &n)) == 1 &&
			   n > 0) {
			month = m;
			/* In January, December was last year. */
			year = now->year - (m > now->month + 1);
		}
		p += strspn(p, "0123456789") - 1;
	}
	(void)snprintf(name, sizeof(name), "%04u-%02u",
	    (unsigned)year % 10000, (unsigned)month % 100);
	return month != 0 && period_named(conf, name, out, &err) == 0;
}

static void
choose_period(struct taking *t)
{
	const struct conf *conf = t->c->conf;
	struct period now, last, first;
	struct err err;

	period_at(conf, t->now_s, &now);
	t->period = now;
	if (t->now_s - now.from_s < LATE_S)
		period_step(conf, &now, -1, &t->period);
	period_step(conf, &now, 1, &last);
	period_step(conf, &now, -MOST_BACK, &first);
	if (t->form.period[0] == '\0') {
		struct period p;

		if (period_of_subject(conf, t->m->subject, &now, &p) &&
		    p.from_s < last.from_s && p.from_s >= first.from_s)
			t->period = p;
		return;
	}
	if (period_named(conf, t->form.period, &last, &err) < 0 ||
	    last.from_s > now.from_s || last.from_s < first.from_s) {
		buf_addf(&t->problems,
		    "表上的报送期（%s）不是本期，也不是近一年内的报送期。\n",
		    t->form.period);
		t->verdict = UNIT_FORM_WRONG;
	} else {
		t->period = last;
	}
}

static void
check_unit(struct taking *t)
{
	const struct unit_conf *u = &t->c->conf->roster.units[t->unit];

	if (t->verdict == UNIT_FORM_NONE || t->form.unit[0] == '\0' ||
	    strcmp(t->form.unit, u->id) == 0)
		return;
	buf_addf(&t->problems,
	    "表号是另一单位的（%s）；请用发给本单位的空白表填写。\n",
	    t->form.unit);
	t->verdict = UNIT_FORM_WRONG;
}

/* -- filing --------------------------------------------------------------- */

static int
fill_figures(struct taking *t)
{
	const struct rules_conf *rules = &t->c->conf->rules;
	size_t n = rules->n_domains * FIGURE_COUNT, at = 0;
	struct unit_figure *list = arena_array(t->a, n, sizeof(*list));

	if (list == NULL)
		return -1;
	for (size_t d = 0; d < rules->n_domains; d++)
		for (int k = 0; k < FIGURE_COUNT; k++)
			list[at++] = (struct unit_figure){
			    rules->domains[d].id, figure_key((enum figure)k),
			    t->form.n[d][k]};
	t->report.figures = list;
	t->report.n_figures = n;
	return 0;
}

static bool
is_empty(const struct message *m)
{
	return m->n_attachments == 0 &&
	       m->text[strspn(m->text, " \t\r\n")] == '\0';
}

static int
file_report(struct taking *t, struct err *err)
{
	bool good = t->verdict == UNIT_FORM_GOOD;

	if (is_empty(t->m))
		buf_adds(&t->problems, "邮件没有正文，也没有附件。\n");
	t->report = (struct unit_report){
	    .unit = t->c->conf->roster.units[t->unit].id,
	    .period = t->period.name,
	    .message = t->row,
	    .received_s = t->now_s,
	    .outcome = t->problems.len > 0 ? UNIT_REFUSED
		: good			  ? UNIT_FIGURES
					  : UNIT_FILED,
	    .filled_by = good ? t->form.filled_by : "",
	    .phone = good ? t->form.phone : "",
	    .filled_on = good ? t->form.filled_on : "",
	    .problem = arena_strdup(t->a, buf_str(&t->problems)),
	};
	if (t->report.problem == NULL || buf_bad(&t->problems) ||
	    (t->report.outcome == UNIT_FIGURES && fill_figures(t) < 0))
		return no_memory(err);
	return store_unit_report_add(t->c->store, &t->report, t->a, err);
}

/* -- the answer ----------------------------------------------------------- */

/* What was read, so that a clerk sees at once what is wrong. */
static const char *
figures_text(struct taking *t)
{
	static const char *const shorts[FIGURE_COUNT] = {
	    "排查", "移送", "配合", "监管"};
	const struct rules_conf *rules = &t->c->conf->rules;
	BUF_AUTO struct buf b = BUF_INIT;

	for (size_t d = 0;
	     t->report.outcome == UNIT_FIGURES && d < rules->n_domains; d++) {
		buf_addf(&b, "%s：", rules->domains[d].title);
		for (int k = 0; k < FIGURE_COUNT; k++)
			buf_addf(&b, "%s%s %lld", k > 0 ? "，" : "", shorts[k],
			    (long long)t->form.n[d][k]);
		buf_addc(&b, '\n');
	}
	return buf_bad(&b) ? NULL : arena_strdup(t->a, buf_str(&b));
}

static int
answer(struct taking *t, struct err *err)
{
	BUF_AUTO struct buf blank = BUF_INIT;
	bool refused = t->report.outcome == UNIT_REFUSED;
	struct letter_attachment file;
	const char *cause = refused ? t->report.problem
	    : t->report.outcome == UNIT_FIGURES
	    ? ""
	    : "来信没有附上本办发出的月报表，数字未能自动读取，"
	      "由专班核对后登记。";
	const struct letter_field fields[] = {
	    {"list", figures_text(t)},
	    {"cause", cause},
	    {"count", arena_printf(t->a, "%zu", t->m->n_attachments)},
	};
	struct form_letter l = {
	    .template_id = refused ? "unit-refused" : "unit-received",
	    .unit = t->unit,
	    .period = &t->period,
	    .in_reply_to = t->m->message_id,
	    .fields = fields,
	    .n_fields = sizeof(fields) / sizeof(fields[0]),
	    .now_s = t->now_s,
	};

	if (!intake_may_answer(t->m) ||
	    t->c->conf->roster.units[t->unit].address[0] == '\0')
		return 0;
	if (refused) {
		if (form_blank_file(t->c, t->unit, &t->period, t->a, &blank,
			&file, err) < 0)
			return -1;
		l.files = &file;
		l.n_files = 1;
	}
	return form_letter(t->c, &l, t->a, err);
}

/* Words for a person, not for a form. */
static int
tell_office(struct taking *t, struct err *err)
{
	const struct event_record e = {.at_s = t->now_s,
	    .kind = "unit-note",
	    .actor = "clued",
	    .detail = arena_printf(t->a, "%s, message %lld",
		t->c->conf->roster.units[t->unit].id, (long long)t->row)};
	const struct letter_field fields[] = {
	    {"subject", t->c->conf->roster.units[t->unit].name},
	    {"text", t->m->text},
	};
	const struct form_letter l = {
	    .template_id = "unit-note",
	    .unit = -1,
	    .in_reply_to = "",
	    .fields = fields,
	    .n_fields = sizeof(fields) / sizeof(fields[0]),
	    .now_s = t->now_s,
	};

	if (e.detail == NULL)
		return no_memory(err);
	if (store_event_add(t->c->store, &e, err) < 0)
		return -1;
	return form_letter(t->c, &l, t->a, err);
}

static int
take_report(
    struct taking *t, const struct pipeline_source *from, struct err *err)
{
	if (read_forms(t, err) < 0)
		return -1;
	choose_period(t);
	check_unit(t);
	if (!vouch_for(t->c->conf, from, t->m))
		buf_adds(&t->problems,
		    "邮箱服务商未能核实来信确由贵单位邮箱发出；请用登记的"
		    "单位邮箱直接发送。如非贵单位所发，请联系专班。\n");
	return file_report(t, err) < 0 ? -1 : answer(t, err);
}

int
unit_mail_take(const struct take_context *c, const struct unit_mail *u,
    struct arena *a, struct err *err)
{
	struct taking t = {.c = c,
	    .m = u->message,
	    .unit = u->unit,
	    .row = u->row,
	    .now_s = u->now_s,
	    .a = a,
	    .problems = BUF_INIT,
	    .form = {.unit = "", .period = ""}};
	int rc = u->answers && u->message->n_attachments == 0
		     ? tell_office(&t, err)
		     : take_report(&t, u->from, err);

	buf_done(&t.problems);
	return rc < 0 ? err_at(err, "unit's report") : 0;
}
