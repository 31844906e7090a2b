/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "core/sheet.h"
#include "follow/clue.h"
#include "report/names.h"
#include "report/paper.h"

/* Rows of a list: beyond them a book is the better place. */
#define MAX_ROWS 20000

static struct cell
text(const char *s)
{
	return (struct cell){CELL_TEXT, s, 0};
}

static struct cell
number(int64_t n)
{
	return (struct cell){CELL_NUMBER, NULL, n};
}

static const struct column due_columns[] = {
    {"when", "类别", 12, false},
    {"number", "线索编号", 18, false},
    {"deadline", "事项", 8, false},
    {"domain", "斗争领域", 18, false},
    {"unit", "责任单位", 22, false},
    {"officer", "责任人", 12, false},
    {"state", "目前状态", 12, false},
    {"due", "到期时间", 18, false},
    {"over", "超期工作日", 10, false},
};
#define N_DUE (sizeof(due_columns) / sizeof(due_columns[0]))

static void
add_items(struct paper *p, const struct conf *conf, const char *when,
    const struct sheet_items *items)
{
	for (size_t i = 0; i < items->n && i < MAX_ROWS; i++) {
		const struct sheet_item *x = &items->list[i];
		int state = clue_state_by_name(x->state);
		char due[20];

		zone_format(conf->zone, x->due_s, due);
		const struct cell cells[N_DUE] = {
		    text(when),
		    text(x->number),
		    text(x->kind < 0
			     ? ""
			     : deadline_title((enum deadline_kind)x->kind)),
		    text(name_domain(conf, x->domain)),
		    text(name_unit_of(conf, x->officer)),
		    text(name_person(conf, x->officer)),
		    text(state < 0 ? x->state
				   : clue_state_title((enum clue_state)state)),
		    text(due),
		    x->over_days > 0 ? number(x->over_days)
				     : (struct cell){CELL_NONE, NULL, 0},
		};

		paper_row(p, cells);
	}
	if (items->n > MAX_ROWS)
		paper_note(p, "超出部分未列，见 cluectl list --overdue");
}

static const struct column step_columns[] = {
    {"step", "督办步骤", 12, false},
    {"number", "线索编号", 18, false},
    {"deadline", "事项", 8, false},
    {"to", "发送对象", 40, true},
};

/* "accept: lu-wenbo yan-ruoxi" → names. */
static void
add_names(struct buf *out, const struct conf *conf, const char *detail)
{
	const char *s = strchr(detail, ':');
	char id[64];
	size_t len;

	for (s = s != NULL ? s + 1 : ""; *s != '\0'; s += len) {
		s += strspn(s, " ");
		len = strcspn(s, " ");
		if (len == 0 || len >= sizeof(id))
			continue;
		(void)snprintf(id, sizeof(id), "%.*s", (int)len, s);
		buf_addf(out, "%s%s", out->len > 0 ? "、" : "",
		    name_person(conf, id));
	}
}

static void
add_steps(
    struct paper *p, const struct conf *conf, const struct sheet_items *urged)
{
	for (size_t i = 0; i < urged->n && i < MAX_ROWS; i++) {
		const struct sheet_item *x = &urged->list[i];
		BUF_AUTO struct buf to = BUF_INIT;

		add_names(&to, conf, x->state);
		const struct cell cells[] = {
		    text(urge_title((enum urge_step)x->kind)),
		    text(x->number), text(sheet_step_what(x)),
		    text(buf_bad(&to) ? "" : buf_str(&to))};

		paper_row(p, cells);
	}
	if (urged->n == 0)
		paper_note(p, "无");
}

static const struct column mail_columns[] = {
    {"what", "项目", 24, false},
    {"period", "本期", 12, false},
    {"all", "启用以来", 12, false},
};

static void
add_count(struct paper *p, const char *what, int64_t period, int64_t all)
{
	const struct cell cells[] = {text(what), number(period), number(all)};

	paper_row(p, cells);
}

static void
add_mail(struct paper *p, const struct day_sheet *t)
{
	const struct mail_seen *d = &t->seen, *a = &t->seen_all;

	add_count(p, "邮箱收到（新）", d->taken, a->taken);
	add_count(p, "人工录入", d->by_hand, a->by_hand);
	for (int k = 0; k < KIND_COUNT; k++)
		add_count(p, sheet_kind_title((enum mail_kind)k),
		    d->kinds[k], a->kinds[k]);
	add_count(p, "隔离", d->quarantine, a->quarantine);
	add_count(
	    p, "差额（应为 0）", sheet_difference(d), sheet_difference(a));
	add_count(p, "重复收到", d->repeats, a->repeats);
	add_count(p, "启用前旧信", d->skipped, a->skipped);
	add_count(p, "服务器未给正文", d->missing, a->missing);
}

static void
add_due_sheet(struct paper *p, const struct conf *conf,
    const struct day_sheet *t, const char *under)
{
	paper_sheet(p, &(struct sheet){"线索", "待办、到期和超期线索", under,
			   due_columns, N_DUE});
	add_items(p, conf, "已超期", &t->overdue);
	add_items(p, conf, "今天到期", &t->today);
	add_items(p, conf, "三日内到期", &t->soon);
	add_items(p, conf, "待分派", &t->triage);
	add_items(p, conf, "退回", &t->returned);
	if (t->overdue.n + t->today.n + t->soon.n + t->triage.n +
		t->returned.n ==
	    0)
		paper_note(p, "无");
	else
		paper_note(p, "待分派、退回的线索，“到期时间”一栏为收到时间。");
}

int
sheet_xlsx(const struct conf *conf, const struct day_sheet *t, const char *path,
    struct err *err)
{
	const struct paper_facts facts = {.report = "daily-sheet",
	    .title = "每日情况",
	    .unit = conf->office.name,
	    .period = "",
	    .created_s = t->now_s};
	char under[64], from[20], to[20];
	struct paper *p;

	zone_format(conf->zone, t->from_s, from);
	zone_format(conf->zone, t->now_s, to);
	(void)snprintf(under, sizeof(under), "%s 至 %s", from, to);
	if (paper_new(PAPER_XLSX, path, &facts, &p, err) < 0)
		return -1;
	add_due_sheet(p, conf, t, under);
	paper_sheet(
	    p, &(struct sheet){"督办", "本期督办", under, step_columns,
		   sizeof(step_columns) / sizeof(step_columns[0])});
	add_steps(p, conf, &t->urged);
	paper_sheet(
	    p, &(struct sheet){"邮箱核对", "邮箱核对", under, mail_columns,
		   sizeof(mail_columns) / sizeof(mail_columns[0])});
	add_mail(p, t);
	return paper_close(&p, true, err);
}
