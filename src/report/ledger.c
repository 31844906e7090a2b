/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "report/cell.h"
#include "report/kinds.h"
#include "report/names.h"
#include "report/report.h"
#include "store/books.h"

/* 工作台账: every event of every clue, in order. */

static const struct column columns[] = {
    {"event", "序号", 8, false},
    {"at", "时间", 16, false},
    {"number", "线索编号", 15, false},
    {"domain", "斗争领域", 14, false},
    {"what", "事项", 14, false},
    {"who", "经办", 14, false},
    {"detail", "内容", 60, true},
};
#define N_COLUMNS (sizeof(columns) / sizeof(columns[0]))
/* Of an event's text; a feedback can be a page. */
#define DETAIL_CHARS 300

struct listing {
	const struct conf *conf;
	struct store *s;
	const struct report_query *query;
	struct paper *paper;
	struct err *err;
	int rc;
};

/* Who is accused is not for officers to read, nor of a clue that accuses them
 * that there is one. */
static bool
is_secret(const struct listing *l, const struct event_record *e)
{
	return query_is_for_others(l->query) &&
	       (strcmp(e->kind, "excluded") == 0 ||
		   strcmp(e->kind, "related") == 0 ||
		   strcmp(e->kind, "merged") == 0 ||
		   strcmp(e->kind, "reporter-seen") == 0);
}

/* "zhang: why" and "muck-transport: words" begin with an id. */
static void
add_named(const struct conf *conf, const char *detail, struct buf *out)
{
	char id[80];
	size_t n = strcspn(detail, ":");
	const char *name = NULL;

	if (n > 0 && n < sizeof(id)) {
		memcpy(id, detail, n);
		id[n] = '\0';
		if (conf_person(conf, id) >= 0)
			name = name_person(conf, id);
		else if (conf_domain(conf, id) >= 0)
			name = name_domain(conf, id);
	}
	if (name != NULL)
		buf_adds(out, name);
	buf_adds(out, name != NULL ? detail + n : detail);
}

static void
add_row(
    struct listing *l, const struct event_record *e, const struct clue_brief *b)
{
	BUF_AUTO struct buf detail = BUF_INIT, named = BUF_INIT;
	struct cell cells[N_COLUMNS];
	char at[20];

	add_named(l->conf, e->detail, &named);
	/* A hash is no telephone number. */
	if (strcmp(e->kind, "filed") == 0)
		cell_clean(&detail, e->detail);
	else
		cell_brief(&detail, buf_str(&named), "", DETAIL_CHARS);
	zone_format(l->conf->zone, e->at_s, at);
	cells[0] = (struct cell){CELL_NUMBER, NULL, e->id};
	cells[1] = (struct cell){CELL_TEXT, at, 0};
	cells[2] = (struct cell){CELL_TEXT, b->number, 0};
	cells[3] = (struct cell){CELL_TEXT, name_domain(l->conf, b->domain), 0};
	cells[4] = (struct cell){CELL_TEXT, event_kind_title(e->kind), 0};
	cells[5] = (struct cell){CELL_TEXT, name_actor(l->conf, e->actor), 0};
	cells[6] = (struct cell){CELL_TEXT, buf_str(&detail), 0};
	if (buf_bad(&detail) || buf_bad(&named))
		l->rc =
		    err_set(l->err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	else
		paper_row(l->paper, cells);
}

static int
add_event(void *arg, const struct event_record *e)
{
	struct listing *l = arg;
	ARENA_AUTO struct arena *a = arena_new();
	struct clue_brief b = {.number = "", .domain = "", .officer = ""};

	if (a == NULL)
		l->rc =
		    err_set(l->err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	else if (e->clue != 0 &&
		 store_clue_brief(l->s, e->clue, a, &b, l->err) < 0)
		l->rc = -1;
	else if (query_passes(l->conf, l->query, b.domain, b.officer) &&
		 !is_secret(l, e))
		add_row(l, e, &b);
	return l->rc;
}

int
report_ledger(const struct conf *conf, struct store *s,
    const struct report_query *q, struct err *err)
{
	struct listing l = {.conf = conf, .s = s, .query = q, .err = err};
	struct paper_facts facts;
	char title[300], under[NAME_UNDER];
	int rc;

	(void)snprintf(
	    title, sizeof(title), "%s线索工作台账", conf->office.name);
	name_facts(conf, q, "ledger", title, &facts);
	if (paper_new(q->format, q->path, &facts, &l.paper, err) < 0)
		return -1;
	paper_sheet(
	    l.paper, &(struct sheet){"工作台账", title,
			 name_under(conf, q, under), columns, N_COLUMNS});
	rc = store_ledger(s, q->whole ? 0 : q->period.from_s,
	    q->whole ? 0 : q->period.to_s, add_event, &l, err);
	if (rc == 0)
		rc = l.rc;
	return paper_close(&l.paper, rc == 0, err) < 0 ? -1 : rc;
}
