/* SPDX-License-Identifier: ISC */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "report/cell.h"
#include "report/unit_form.h"

/* Characters of a wrong cell that are said back, and of a person's entry. */
#define MAX_SAID_BYTES 60
#define MAX_ENTRY_BYTES 120
/* Faults that are listed; a form that has more is another form. */
#define MAX_FAULTS 12
/* Cells that may begin the table's head and are looked at. */
#define MAX_HEADS 20

struct reading {
	const struct conf *conf;
	const struct form_cell *cells;
	size_t n;
	struct arena *a;
	struct unit_form *out;
	struct buf *problems;
	size_t n_faults;
	uint16_t part, head_row; /* of the table's head */
	uint16_t columns[FIGURE_COUNT];
	uint16_t rows[MAX_DOMAINS]; /* 0 = not found */
	bool twice[MAX_DOMAINS];
};

/* -- words ---------------------------------------------------------------- */

static bool
is_ignored(uint32_t cp)
{
	return cp <= ' ' || cp == 0xa0 || cp == 0x3000 || cp == 0xfeff ||
	       (cp >= 0x2000 && cp <= 0x200f) || cp == '"' || cp == '\'' ||
	       (cp >= 0x2018 && cp <= 0x201f) || (cp >= 0x300a && cp <= 0x300f);
}

/* Without blanks and quotes, full-width signs as ASCII: how people retype a
 * label does not matter. */
static const char *
bare(const struct reading *r, const char *text)
{
	BUF_AUTO struct buf b = BUF_INIT;
	const char *end = text + strlen(text), *out;
	uint32_t cp;
	char c[4];
	size_t n;

	while (text < end) {
		n = utf8_next(text, end, &cp);
		if (cp >= 0xff01 && cp <= 0xff5e) {
			c[0] = (char)(cp - 0xff01 + '!');
			buf_add(&b, c, 1);
		} else if (cp != UINT32_MAX && !is_ignored(cp)) {
			buf_add(&b, text, n);
		}
		text += n;
	}
	out = buf_bad(&b) ? NULL : arena_strdup(r->a, buf_str(&b));
	return out != NULL ? out : "";
}

static bool
same_words(const struct reading *r, const char *a, const char *b)
{
	const char *x = bare(r, a);

	return x[0] != '\0' && strcmp(x, bare(r, b)) == 0;
}

static void fault(struct reading *r, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void
fault(struct reading *r, const char *fmt, ...)
{
	va_list ap;

	if (r->n_faults++ >= MAX_FAULTS)
		return;
	if (r->n_faults == MAX_FAULTS) {
		buf_adds(r->problems, "还有其他问题，未一一列出。\n");
		return;
	}
	va_start(ap, fmt);
	buf_vaddf(r->problems, fmt, ap);
	va_end(ap);
	buf_addc(r->problems, '\n');
}

/* "B7". */
static const char *
place(uint16_t row, uint16_t column, char out[16])
{
	if (column > 26)
		(void)snprintf(out, 16, "%c%c%u",
		    'A' + (column - 1) / 26 - 1, 'A' + (column - 1) % 26, row);
	else
		(void)snprintf(out, 16, "%c%u", 'A' + column - 1, row);
	return out;
}

static const struct form_cell *
cell_at(const struct reading *r, uint16_t row, uint16_t column)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->cells[i].part == r->part && r->cells[i].row == row &&
		    r->cells[i].column == column)
			return &r->cells[i];
	return NULL;
}

/* -- the table ------------------------------------------------------------ */

/* A head is known by its title or, where it was shortened, by the word that
 * only it has. */
static int
figure_of(const struct reading *r, const char *text)
{
	static const char *const words[FIGURE_COUNT] = {
	    "排查", "移送", "配合", "监管"};
	const char *b = bare(r, text);
	int found = -1;

	for (int k = 0; k < FIGURE_COUNT; k++) {
		if (strcmp(b, figure_title((enum figure)k)) == 0)
			return k;
		if (strstr(b, words[k]) != NULL)
			found = found < 0 ? k : FIGURE_COUNT;
	}
	return found == FIGURE_COUNT || strlen(b) > 60 ? -1 : found;
}

/* Whether the row of this cell is the head: one column for each figure. */
static bool
take_head(struct reading *r, const struct form_cell *at)
{
	uint16_t columns[FIGURE_COUNT] = {0};
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++) {
		const struct form_cell *c = &r->cells[i];
		int k;

		if (c->part != at->part || c->row != at->row)
			continue;
		k = figure_of(r, c->text);
		if (k < 0 || columns[k] != 0)
			continue;
		columns[k] = c->column;
		n++;
	}
	if (n < FIGURE_COUNT)
		return false;
	memcpy(r->columns, columns, sizeof(columns));
	r->part = at->part;
	r->head_row = at->row;
	return true;
}

static int
domain_of(const struct reading *r, const char *text)
{
	const struct rules_conf *rules = &r->conf->rules;

	for (size_t i = 0; i < rules->n_domains; i++)
		if (same_words(r, text, rules->domains[i].title))
			return (int)i;
	return -1;
}

static void
find_rows(struct reading *r)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct form_cell *c = &r->cells[i];
		int d;

		if (c->part != r->part || c->row <= r->head_row ||
		    c->column >= r->columns[0])
			continue;
		d = domain_of(r, c->text);
		if (d < 0)
			continue;
		r->twice[d] |= r->rows[d] != 0;
		r->rows[d] = c->row;
	}
}

/* "3", "３", "3.0", "3 件", "1,200", "无". */
static int
read_figure(const struct reading *r, const char *text, int64_t *out)
{
	static const char *const tails[] = {
	    "件", "条", "个", "项", "起", ".0", ".00", NULL};
	char digits[32];
	const char *b = bare(r, text);
	size_t n = strlen(b), kept = 0, tail;

	if (strcmp(b, "无") == 0) {
		*out = 0;
		return 0;
	}
	for (const char *const *t = tails; *t != NULL; t++) {
		tail = strlen(*t);
		if (n > tail && strcmp(b + n - tail, *t) == 0) {
			n -= tail;
			break;
		}
	}
	if (n >= sizeof(digits))
		return -1;
	/* Commas part thousands, and nothing else. */
	for (size_t i = 0; i < n; i++) {
		if (b[i] == ',' && i > 0 && (n - i) % 4 == 0)
			continue;
		digits[kept++] = b[i];
	}
	digits[kept] = '\0';
	return kept > 0 && digits[0] >= '0' && digits[0] <= '9'
		   ? str_int64(digits, 0, UNIT_FIGURE_MOST, out)
		   : -1;
}

static void
take_figure(struct reading *r, int d, int k)
{
	const char *title = r->conf->rules.domains[d].title;
	const struct form_cell *c = cell_at(r, r->rows[d], r->columns[k]);
	BUF_AUTO struct buf said = BUF_INIT;
	char at[16];

	(void)place(r->rows[d], r->columns[k], at);
	if (c == NULL || bare(r, c->text)[0] == '\0') {
		fault(r, "%s（%s、%s）没有填写；没有的请填 0。", at, title,
		    figure_title((enum figure)k));
		return;
	}
	if (read_figure(r, c->text, &r->out->n[d][k]) == 0)
		return;
	cell_clean(&said, c->text);
	buf_cut(&said, utf8_cut(buf_str(&said), said.len, MAX_SAID_BYTES));
	fault(r, "%s（%s、%s）不是 0 至 %d 的整数：%s", at, title,
	    figure_title((enum figure)k), UNIT_FIGURE_MOST, buf_str(&said));
}

static void
take_figures(struct reading *r)
{
	for (int d = 0; d < (int)r->conf->rules.n_domains; d++) {
		const char *title = r->conf->rules.domains[d].title;

		if (r->rows[d] == 0)
			fault(r, "缺少“%s”一行。", title);
		else if (r->twice[d])
			fault(r, "“%s”有不止一行。", title);
		for (int k = 0;
		     k < FIGURE_COUNT && r->rows[d] != 0 && !r->twice[d]; k++)
			take_figure(r, d, k);
	}
}

/* -- what stands around it ------------------------------------------------ */

/* What a person wrote behind a label: in its cell, or in the next one. */
static const char *
entry(const struct reading *r, const char *label)
{
	BUF_AUTO struct buf b = BUF_INIT;
	const char *out, *text = "";
	size_t len = strlen(label);

	for (size_t i = 0; i < r->n; i++) {
		const struct form_cell *c = &r->cells[i], *next;
		const char *t = bare(r, c->text);

		if (c->part != r->part || strncmp(t, label, len) != 0)
			continue;
		text = t + len;
		text += *text == ':';
		next = cell_at(r, c->row, (uint16_t)(c->column + 1));
		if (*text == '\0' && next != NULL &&
		    strchr(bare(r, next->text), ':') == NULL)
			text = bare(r, next->text);
		break;
	}
	cell_clean(&b, text);
	buf_cut(&b, utf8_cut(buf_str(&b), b.len, MAX_ENTRY_BYTES));
	out = buf_bad(&b) ? NULL : arena_strdup(r->a, buf_str(&b));
	return out != NULL ? out : "";
}

/* "表号:haulage/2026-11" */
static void
take_mark(struct reading *r)
{
	const char *mark = entry(r, "表号");
	size_t unit = strcspn(mark, "/"), period;

	if (mark[unit] != '/')
		return;
	period = strspn(mark + unit + 1, "0123456789-");
	r->out->unit = arena_memdup(r->a, mark, unit);
	r->out->period = arena_memdup(r->a, mark + unit + 1, period);
	if (r->out->unit == NULL || r->out->period == NULL)
		r->out->unit = r->out->period = "";
}

/* "统计时段:2026年10月25日至2026年11月24日": the month of the second day. */
static void
take_days(struct reading *r)
{
	const char *days = entry(r, "统计时段"), *to = strstr(days, "至");
	struct period p;
	struct err err;
	int year, month, n = 0;
	char name[8], text[PERIOD_TEXT];

	if (to == NULL ||
	    sscanf(to + strlen("至"), "%4d年%2d月%n", &year, &month, &n) < 2 ||
	    n == 0)
		return;
	(void)snprintf(name, sizeof(name), "%04u-%02u",
	    (unsigned)year % 10000, (unsigned)month % 100);
	if (period_named(r->conf, name, &p, &err) < 0 ||
	    strcmp(days, period_text(&p, text)) != 0)
		fault(r, "统计时段“%s”不是一个报送期。", days);
	else if (r->out->period[0] == '\0')
		r->out->period = arena_strdup(r->a, name);
	else if (strcmp(r->out->period, name) != 0)
		fault(r, "统计时段“%s”与表号 %s 不符。", days,
		    r->out->period);
	if (r->out->period == NULL)
		r->out->period = "";
}

static void
take_rest(struct reading *r)
{
	take_mark(r);
	take_days(r);
	r->out->filled_by = entry(r, "填表人");
	r->out->phone = entry(r, "联系电话");
	r->out->filled_on = entry(r, "填表日期");
	/* The place for the pen. */
	if (strcmp(r->out->filled_on, "年月日") == 0)
		r->out->filled_on = "";
	if (r->out->filled_by[0] == '\0')
		fault(r, "没有写明填表人。");
}

enum unit_form_verdict
unit_form_read(const struct conf *conf, const struct form_cell *cells,
    size_t n, struct arena *a, struct unit_form *out, struct buf *problems)
{
	struct reading r = {.conf = conf,
	    .cells = cells,
	    .n = n,
	    .a = a,
	    .out = out,
	    .problems = problems};
	size_t tries = 0;

	*out = (struct unit_form){.unit = "",
	    .period = "",
	    .filled_by = "",
	    .phone = "",
	    .filled_on = ""};
	for (size_t i = 0; i < n && r.head_row == 0 && tries < MAX_HEADS; i++)
		if (figure_of(&r, cells[i].text) == FIGURE_FOUND) {
			(void)take_head(&r, &cells[i]);
			tries++;
		}
	if (r.head_row == 0)
		return UNIT_FORM_NONE;
	find_rows(&r);
	take_figures(&r);
	take_rest(&r);
	return r.n_faults > 0 ? UNIT_FORM_WRONG : UNIT_FORM_GOOD;
}
