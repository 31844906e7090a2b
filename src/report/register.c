/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "conf/conf.h"
#include "follow/clue.h"
#include "report/cell.h"
#include "report/clues.h"
#include "report/names.h"
#include "report/report.h"

/* 摸排线索统计表 and 线索报送情况登记表: one row a clue. */

enum {
	COL_NTH,
	COL_NUMBER,
	COL_DATE,
	COL_CHANNEL,
	COL_DOMAIN,
	COL_AREA,
	COL_BRIEF,
	COL_ACCUSED,
	COL_UNIT,
	COL_OFFICER,
	COL_TRANSFER,
	COL_STATE,
	COL_RESULT,
	COL_REMARKS,
	COL_COUNT,
};

static const struct column columns[COL_COUNT] = {
    [COL_NTH] = {"nth", "序号", 5, false},
    [COL_NUMBER] = {"number", "线索编号", 15, false},
    [COL_DATE] = {"received", "登记日期", 10, false},
    [COL_CHANNEL] = {"channel", "来源", 5, false},
    [COL_DOMAIN] = {"domain", "斗争领域", 10, false},
    [COL_AREA] = {"area", "区域", 9, false},
    [COL_BRIEF] = {"subject", "线索内容", 28, true},
    [COL_ACCUSED] = {"accused", "被举报人", 8, false},
    [COL_UNIT] = {"unit", "责任单位", 12, false},
    [COL_OFFICER] = {"officer", "责任人", 8, false},
    [COL_TRANSFER] = {"transferred", "移送日期及去向", 16, true},
    [COL_STATE] = {"state", "核查情况", 9, false},
    [COL_RESULT] = {"result", "办理结果", 20, true},
    [COL_REMARKS] = {"remarks", "备注", 10, true},
};

struct listing {
	const struct conf *conf;
	const struct report_query *query;
	struct paper *paper;
	int64_t nth;
	int64_t sums[MAX_DOMAINS + 1][CLUE_STATE_COUNT];
	bool bad;
};

/* clue.excluded is "id: why; id: why (?)". */
static void
add_accused(struct listing *l, const char *excluded, struct buf *out)
{
	char id[80];
	size_t n;

	if (excluded[0] == '\0')
		return;
	if (query_is_for_others(l->query)) {
		buf_adds(out, "另册");
		return;
	}
	for (const char *p = excluded; *p != '\0';) {
		n = strcspn(p, ":;");
		(void)snprintf(id, sizeof(id), "%.*s", (int)n, p);
		if (conf_person(l->conf, id) >= 0)
			buf_addf(out, "%s%s", out->len > 0 ? "、" : "",
			    name_person(l->conf, id));
		p = strstr(p, "; ");
		if (p == NULL)
			break;
		p += 2;
	}
	/* Somebody whom the roster has no more. */
	if (out->len == 0)
		buf_adds(out, "有");
}

static void
add_dated(struct listing *l, int64_t at_s, const char *text, struct buf *out)
{
	char day[NAME_DAY];

	if (at_s == 0)
		return;
	buf_addf(out, "%s ", name_day(l->conf, at_s, day));
	cell_brief(out, text, "", MAX_BRIEF_CHARS);
}

#define DAY_S 86400

/* The law's outer limits (信访工作条例: 15 days to tell acceptance, 60 days to
 * conclude) stand here beside the office's own. */
static void
add_remarks(struct listing *l, const struct clue_line *c, struct buf *out)
{
	int64_t age_s = l->query->now_s - c->clue.received_s;
	const char *gap = "";

#define REMARK(condition, ...) \
	do { \
		if (condition) { \
			buf_adds(out, gap); \
			buf_addf(out, __VA_ARGS__); \
			gap = "；"; \
		} \
	} while (0)
	REMARK(c->late, "补计");
	REMARK(strcmp(c->clue.class_id, "priority") == 0, "优先");
	REMARK(c->clue.discipline, "纪检");
	REMARK(c->clue.triage, "待分派");
	REMARK(c->extended > 0, "延期%u次", c->extended);
	REMARK(c->concluded_s == 0 && age_s > 60 * DAY_S, "已超60日");
	REMARK(c->concluded_s == 0 && !c->accepted && age_s > 15 * DAY_S &&
		   age_s <= 60 * DAY_S,
	    "已超15日未签收");
#undef REMARK
}

static void
count(struct listing *l, const struct clue_record *c)
{
	int domain = conf_domain(l->conf, c->domain);
	int state = clue_state_by_name(c->state);

	if (domain < 0)
		domain = (int)l->conf->rules.n_domains; /* no more there */
	if (state >= 0)
		l->sums[domain][state]++;
}

static int
add_line(void *arg, const struct clue_line *c)
{
	struct listing *l = arg;
	BUF_AUTO struct buf brief = BUF_INIT, accused = BUF_INIT;
	BUF_AUTO struct buf transfer = BUF_INIT, result = BUF_INIT;
	BUF_AUTO struct buf remarks = BUF_INIT;
	const struct clue_record *r = &c->clue;
	int state = clue_state_by_name(r->state);
	struct cell cells[COL_COUNT];
	char day[NAME_DAY];

	cell_brief(&brief, r->subject, r->text, MAX_BRIEF_CHARS);
	add_accused(l, r->excluded, &accused);
	add_dated(l, c->transferred_s, c->transfer, &transfer);
	add_dated(l, c->concluded_s, c->result, &result);
	add_remarks(l, c, &remarks);
	l->bad |= buf_bad(&brief) || buf_bad(&accused) || buf_bad(&transfer) ||
		  buf_bad(&result) || buf_bad(&remarks);
	cells[COL_NTH] = (struct cell){CELL_NUMBER, NULL, ++l->nth};
#define TEXT(column, value) cells[column] = (struct cell){CELL_TEXT, value, 0}
	TEXT(COL_NUMBER, r->number);
	TEXT(COL_DATE, name_day(l->conf, r->received_s, day));
	TEXT(COL_CHANNEL, name_channel(r->channel));
	TEXT(COL_DOMAIN, name_domain(l->conf, r->domain));
	TEXT(COL_AREA, name_area(l->conf, r->area));
	TEXT(COL_BRIEF, buf_str(&brief));
	TEXT(COL_ACCUSED, buf_str(&accused));
	TEXT(COL_UNIT, name_unit_of(l->conf, r->officer));
	TEXT(COL_OFFICER, name_person(l->conf, r->officer));
	TEXT(COL_TRANSFER, buf_str(&transfer));
	TEXT(COL_STATE,
	    state < 0 ? r->state : clue_state_title((enum clue_state)state));
	TEXT(COL_RESULT, buf_str(&result));
	TEXT(COL_REMARKS, buf_str(&remarks));
#undef TEXT
	paper_row(l->paper, cells);
	count(l, r);
	return l->bad;
}

/* -- sums ----------------------------------------------------------------- */

#define SUM_COLUMNS (CLUE_STATE_COUNT + 2)

static void
add_sums(struct listing *l, const char *title, const int64_t *n)
{
	struct cell cells[SUM_COLUMNS];
	int64_t total = 0;

	cells[0] = (struct cell){CELL_TEXT, title, 0};
	for (int s = 0; s < CLUE_STATE_COUNT; s++) {
		cells[s + 1] = (struct cell){CELL_NUMBER, NULL, n[s]};
		total += n[s];
	}
	cells[SUM_COLUMNS - 1] = (struct cell){CELL_NUMBER, NULL, total};
	paper_row(l->paper, cells);
}

static void
add_sum_sheet(struct listing *l, const char *under)
{
	struct column c[SUM_COLUMNS];
	int64_t all[CLUE_STATE_COUNT] = {0};
	size_t n = l->conf->rules.n_domains;

	c[0] = (struct column){"domain", "斗争领域", 16, false};
	for (int s = 0; s < CLUE_STATE_COUNT; s++)
		c[s + 1] = (struct column){clue_state_name((enum clue_state)s),
		    clue_state_title((enum clue_state)s), 9, false};
	c[SUM_COLUMNS - 1] = (struct column){"total", "合计", 8, false};
	paper_sheet(l->paper,
	    &(struct sheet){"汇总", "摸排线索汇总", under, c, SUM_COLUMNS});
	for (size_t d = 0; d <= n; d++) {
		bool any = d < n;

		for (int s = 0; s < CLUE_STATE_COUNT; s++) {
			all[s] += l->sums[d][s];
			any |= l->sums[d][s] != 0;
		}
		if (any)
			add_sums(l,
			    d < n ? l->conf->rules.domains[d].title
				  : "已撤销的领域",
			    l->sums[d]);
	}
	add_sums(l, "合计", all);
}

static int
write_book(const struct conf *conf, struct store *s,
    const struct report_query *q, const char *id, const char *name,
    bool with_sums, struct err *err)
{
	struct listing l = {.conf = conf, .query = q};
	struct paper_facts facts;
	char title[300], under[NAME_UNDER];
	int rc;

	(void)snprintf(title, sizeof(title), "%s%s", conf->office.name, name);
	name_facts(conf, q, id, title, &facts);
	if (paper_new(q->format, q->path, &facts, &l.paper, err) < 0)
		return -1;
	(void)name_under(conf, q, under);
	paper_sheet(
	    l.paper, &(struct sheet){name, title, under, columns, COL_COUNT});
	rc = clues_walk(conf, s, q, add_line, &l, err);
	if (rc == 0 && l.bad)
		rc = err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (rc == 0 && with_sums)
		add_sum_sheet(&l, under);
	return paper_close(&l.paper, rc == 0, err) < 0 ? -1 : rc;
}

int
report_statistics(const struct conf *conf, struct store *s,
    const struct report_query *q, struct err *err)
{
	return write_book(
	    conf, s, q, "statistics", "摸排线索统计表", true, err);
}

int
report_register(const struct conf *conf, struct store *s,
    const struct report_query *q, struct err *err)
{
	return write_book(
	    conf, s, q, "register", "线索报送情况登记表", false, err);
}
