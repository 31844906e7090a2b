/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/zone.h"
#include "report/cell.h"
#include "report/monthly_parts.h"

/* -- for people ----------------------------------------------------------- */

#define WIDTH_DOMAIN 14
#define WIDTH_FIGURE 22

static void
add_figures(struct buf *out, const char *title, const int64_t n[FIGURE_COUNT])
{
	str_add_cell(out, title, WIDTH_DOMAIN, true);
	for (int f = 0; f < FIGURE_COUNT; f++)
		buf_addf(out, "  %*" PRId64, WIDTH_FIGURE, n[f]);
	buf_addc(out, '\n');
}

static void
add_totals(const struct monthly *m, int64_t n[FIGURE_COUNT])
{
	for (int f = 0; f < FIGURE_COUNT; f++)
		n[f] = monthly_total(m, (enum figure)f);
}

static void
add_proof(const struct monthly *m, struct buf *out)
{
	buf_adds(out, "\n依据\n");
	for (size_t i = 0; i < m->n_rows; i++)
		for (int f = 0; f < FIGURE_COUNT; f++) {
			const struct monthly_row *r = &m->rows[i];

			if (r->n[f] == 0)
				continue;
			buf_addf(out, "%s · %s：%" PRId64 "\n", r->title,
			    figure_title((enum figure)f), r->n[f]);
			for (int64_t k = 0; k < r->n[f]; k++) {
				buf_adds(out, "    ");
				cell_clean(out, r->refs[f][k]);
				buf_addc(out, '\n');
			}
		}
}

static void
add_blank_or(struct buf *out, const char *text)
{
	buf_adds(out, text[0] != '\0' ? text : "____________");
}

void
monthly_text(const struct monthly *m, bool prove, struct buf *out)
{
	char line[MONTHLY_LINE], period[PERIOD_TEXT];
	int64_t totals[FIGURE_COUNT];
	size_t pad;

	buf_addf(out, "%s\n填报单位（盖章）：%s    统计时段：%s\n\n",
	    monthly_title(m, line), m->office, period_text(&m->period, period));
	str_add_cell(out, "斗争领域", WIDTH_DOMAIN, true);
	for (int f = 0; f < FIGURE_COUNT; f++) {
		const char *title = figure_title((enum figure)f);

		pad = WIDTH_FIGURE + 2 - str_width(title);
		buf_addf(out, "%*s%s", (int)pad, "", title);
	}
	buf_addc(out, '\n');
	for (size_t i = 0; i < m->n_rows; i++)
		add_figures(out, m->rows[i].title, m->rows[i].n);
	add_totals(m, totals);
	if (m->total)
		add_figures(out, "合计", totals);
	buf_adds(out, "\n填表人：");
	add_blank_or(out, m->filled_by);
	buf_adds(out, "    联系电话：");
	add_blank_or(out, m->phone);
	buf_addf(out, "    填表日期：%s\n抄送：", monthly_date(m, line));
	add_blank_or(out, m->copy_to);
	buf_addf(out, "\n%s\n", monthly_seal(m, line));
	if (monthly_remark(m, line)[0] != '\0')
		buf_addf(out, "%s\n", monthly_remark(m, line));
	if (prove)
		add_proof(m, out);
}

/* -- for spreadsheet programs --------------------------------------------- */

static void
csv_figures(struct buf *out, const char *title, const int64_t n[FIGURE_COUNT])
{
	cell_csv(out, title);
	for (int f = 0; f < FIGURE_COUNT; f++)
		buf_addf(out, ",%" PRId64, n[f]);
	buf_adds(out, "\r\n");
}

static void
csv_proof(const struct monthly *m, struct buf *out)
{
	buf_adds(out, "\r\n\"斗争领域\",\"项目\",\"依据\"\r\n");
	for (size_t i = 0; i < m->n_rows; i++)
		for (int f = 0; f < FIGURE_COUNT; f++)
			for (int64_t k = 0; k < m->rows[i].n[f]; k++) {
				cell_csv(out, m->rows[i].title);
				buf_addc(out, ',');
				cell_csv(out, figure_title((enum figure)f));
				buf_addc(out, ',');
				cell_csv(out, m->rows[i].refs[f][k]);
				buf_adds(out, "\r\n");
			}
}

void
monthly_csv(const struct monthly *m, bool prove, struct buf *out)
{
	int64_t totals[FIGURE_COUNT];

	buf_adds(out, "\xef\xbb\xbf"); /* as in paper_text.c */
	cell_csv(out, "斗争领域");
	for (int f = 0; f < FIGURE_COUNT; f++) {
		buf_addc(out, ',');
		cell_csv(out, figure_title((enum figure)f));
	}
	buf_adds(out, "\r\n");
	for (size_t i = 0; i < m->n_rows; i++)
		csv_figures(out, m->rows[i].title, m->rows[i].n);
	add_totals(m, totals);
	if (m->total)
		csv_figures(out, "合计", totals);
	if (prove)
		csv_proof(m, out);
}

/* -- for programs --------------------------------------------------------- */

static void
json_member(struct buf *out, const char *key, const char *value)
{
	buf_addf(out, ",\"%s\":", key);
	json_add_cstr(out, value);
}

static void
json_day(struct buf *out, const char *key, int32_t day)
{
	struct civil c;

	civil_from_day(day, &c);
	buf_addf(
	    out, ",\"%s\":\"%04d-%02d-%02d\"", key, c.year, c.month, c.day);
}

static void
json_figures(struct buf *out, const int64_t n[FIGURE_COUNT])
{
	for (int f = 0; f < FIGURE_COUNT; f++)
		buf_addf(out, "%s\"%s\":%" PRId64, f > 0 ? "," : "",
		    figure_key((enum figure)f), n[f]);
}

static void
json_proof(struct buf *out, const struct monthly_row *r)
{
	buf_adds(out, ",\"proof\":{");
	for (int f = 0; f < FIGURE_COUNT; f++) {
		buf_addf(out, "%s\"%s\":[", f > 0 ? "," : "",
		    figure_key((enum figure)f));
		for (int64_t k = 0; k < r->n[f]; k++) {
			if (k > 0)
				buf_addc(out, ',');
			json_add_cstr(out, r->refs[f][k]);
		}
		buf_addc(out, ']');
	}
	buf_addc(out, '}');
}

static void
json_row(struct buf *out, const struct monthly_row *r, bool prove)
{
	buf_adds(out, "{\"domain\":");
	json_add_cstr(out, r->id);
	json_member(out, "title", r->title);
	buf_addc(out, ',');
	json_figures(out, r->n);
	if (prove)
		json_proof(out, r);
	buf_addc(out, '}');
}

void
monthly_json(const struct monthly *m, bool prove, struct buf *out)
{
	int64_t totals[FIGURE_COUNT];
	char line[MONTHLY_LINE];

	buf_adds(out, "{\"report\":\"monthly\"");
	json_member(out, "title", monthly_title(m, line));
	json_member(out, "unit", m->office);
	json_member(out, "period", m->period.name);
	json_day(out, "from", m->period.first_day);
	json_day(out, "to", m->period.last_day);
	if (m->filed_s != 0)
		json_day(out, "filed", m->filed_day);
	else
		buf_adds(out, ",\"filed\":null");
	buf_adds(out, ",\"rows\":[");
	for (size_t i = 0; i < m->n_rows; i++) {
		buf_adds(out, i > 0 ? ",\n" : "\n");
		json_row(out, &m->rows[i], prove);
	}
	add_totals(m, totals);
	buf_adds(out, "\n],\"total\":{");
	json_figures(out, totals);
	buf_addc(out, '}');
	json_member(out, "filled_by", m->filled_by);
	json_member(out, "phone", m->phone);
	json_member(out, "copy_to", m->copy_to);
	buf_addf(out, ",\"late\":%" PRId64 ",\"ledger\":{\"events\":%" PRId64,
	    m->n_late, m->last_event);
	json_member(out, "head", m->head);
	buf_adds(out, "}}\n");
}
