/* SPDX-License-Identifier: ISC */
#include "report/monthly.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "report/dest.h"
#include "report/figures.h"
#include "report/monthly_parts.h"
#include "store/store.h"

#define KIND "monthly"

static int
no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
}

/* -- what stands on it ---------------------------------------------------- */

/* refs are ascending by domain and figure: the row takes its share. */
static int
fill_row(const struct conf *conf, const struct figures *f, int domain,
    size_t *at, struct arena *a, struct monthly_row *row)
{
	row->id = conf->rules.domains[domain].id;
	row->title = conf->rules.domains[domain].title;
	for (int k = 0; k < FIGURE_COUNT; k++) {
		size_t n = (size_t)f->n[domain][k];
		const char **refs = arena_array(a, n + 1, sizeof(*refs));

		if (refs == NULL)
			return -1;
		for (size_t i = 0; i < n; i++) {
			const struct figure_ref *r = &f->refs[(*at)++];

			refs[i] = r->late
				      ? arena_printf(a, "%s（补计）", r->text)
				      : r->text;
			if (refs[i] == NULL)
				return -1;
		}
		row->n[k] = (int64_t)n;
		row->refs[k] = refs;
	}
	return 0;
}

static int
make_draft(const struct conf *conf, const struct figures *f, struct arena *a,
    struct monthly *m)
{
	size_t n = conf->rules.n_domains, at = 0;
	struct monthly_row *rows = arena_array(a, n, sizeof(*rows));

	if (rows == NULL)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (fill_row(conf, f, (int)i, &at, a, &rows[i]) < 0)
			return -1;
	*m = (struct monthly){
	    .office = conf->office.name,
	    .title = conf->report.title,
	    .period = f->period,
	    .rows = rows,
	    .n_rows = n,
	    .total = conf->report.total,
	    .filled_by = conf->report.filled_by,
	    .phone = conf->report.phone,
	    .copy_to = conf->report.copy_to,
	    .last_event = f->last_event,
	    .n_late = (int64_t)f->n_late,
	};
	(void)snprintf(m->head, sizeof(m->head), "%s", f->head);
	return 0;
}

int
monthly_make(const struct conf *conf, struct store *s,
    const struct period *period, struct arena *a, struct monthly *out,
    struct err *err)
{
	struct form_record filed;
	struct figures f;
	int rc = store_form(s, KIND, period->name, a, &filed, err);

	if (rc < 0)
		return -1;
	if (rc == 1)
		return monthly_unpack(filed.content, filed.len, a, out, err) < 0
			   ? -1
			   : 1;
	if (figures_count(conf, s, period, a, &f, err) < 0)
		return -1;
	return make_draft(conf, &f, a, out) < 0 ? no_memory(err) : 0;
}

/* -- filing --------------------------------------------------------------- */

/* What is signed and sealed must rest on a ledger that is whole. */
static int
check_chain(struct store *s, struct monthly *m, struct err *err)
{
	int64_t n;
	char head[CHAIN_HEX];

	if (store_chain_check(s, &n, head, err) < 0)
		return err_at(err, "file the form");
	if (n == m->last_event && strcmp(head, m->head) == 0)
		return 0;
	return err_set(err, ERR_BUG, ERR_OWN, 0,
	    "the form was counted over another ledger than was checked");
}

static int
freeze(struct store *s, const struct monthly *m, const char *actor,
    struct arena *a, struct err *err)
{
	BUF_AUTO struct buf content = BUF_INIT;
	struct form_record r = {
	    .kind = KIND,
	    .period = m->period.name,
	    .from_s = m->period.from_s,
	    .to_s = m->period.to_s,
	    .filed_s = m->filed_s,
	    .last_event = m->last_event,
	};

	monthly_pack(m, &content);
	if (buf_bad(&content))
		return no_memory(err);
	r.content = content.data;
	r.len = content.len;
	return store_form_file(s, &r, actor, a, err);
}

int
monthly_file(const struct conf *conf, struct store *s,
    const struct period *period, const struct monthly_filing *filing,
    struct arena *a, struct monthly *out, struct err *err)
{
	struct monthly m;
	int rc = monthly_make(conf, s, period, a, &m, err);

	if (rc < 0)
		return -1;
	if (rc == 1)
		return err_set(err, ERR_CONF, ERR_OWN, 0,
		    "the form of %s was filed already; what came later counts "
		    "in the next one",
		    period->name);
	if (filing->now_s < m.period.from_s)
		return err_set(err, ERR_INPUT, ERR_OWN, 0,
		    "the period %s has not begun yet", period->name);
	if (filing->filled_by != NULL)
		m.filled_by = filing->filled_by;
	if (filing->phone != NULL)
		m.phone = filing->phone;
	m.filed_s = filing->now_s;
	m.filed_day = zone_day(conf->zone, filing->now_s);
	if (check_chain(s, &m, err) < 0 ||
	    freeze(s, &m, filing->actor, a, err) < 0)
		return -1;
	*out = m;
	return 0;
}

/* -- lines ---------------------------------------------------------------- */

const char *
monthly_title(const struct monthly *m, char out[MONTHLY_LINE])
{
	(void)snprintf(out, MONTHLY_LINE, "%s%s", m->office, m->title);
	return out;
}

const char *
monthly_date(const struct monthly *m, char out[MONTHLY_LINE])
{
	struct civil c;

	if (m->filed_s == 0)
		return "      年    月    日";
	civil_from_day(m->filed_day, &c);
	(void)snprintf(
	    out, MONTHLY_LINE, "%d年%d月%d日", c.year, c.month, c.day);
	return out;
}

const char *
monthly_seal(const struct monthly *m, char out[MONTHLY_LINE])
{
	if (m->mark != NULL)
		return m->mark;
	(void)snprintf(out, MONTHLY_LINE, "台账共 %" PRId64 " 条，校验码 %s",
	    m->last_event, m->head);
	return out;
}

const char *
monthly_remark(const struct monthly *m, char out[MONTHLY_LINE])
{
	size_t n = 0;

	if (m->remark != NULL)
		return m->remark;
	out[0] = '\0';
	if (m->filed_s == 0)
		n = (size_t)snprintf(
		    out, MONTHLY_LINE, "草稿，尚未归档，数字随台账变动。");
	if (m->n_late > 0)
		(void)snprintf(out + n, MONTHLY_LINE - n,
		    "含以往各期归档后补计 %" PRId64 " 项。", m->n_late);
	return out;
}

int64_t
monthly_total(const struct monthly *m, enum figure f)
{
	int64_t n = 0;

	for (size_t i = 0; i < m->n_rows; i++)
		n += m->rows[i].n[f];
	return n;
}

/* -- output --------------------------------------------------------------- */

static int
write_text(const struct monthly *m, enum paper_format format, bool prove,
    struct dest *d, struct err *err)
{
	BUF_AUTO struct buf out = BUF_INIT;

	if (format == PAPER_TEXT)
		monthly_text(m, prove, &out);
	else if (format == PAPER_CSV)
		monthly_csv(m, prove, &out);
	else
		monthly_json(m, prove, &out);
	if (buf_bad(&out))
		return no_memory(err);
	(void)fwrite(out.data, 1, out.len, d->file);
	return dest_commit(d, err);
}

int
monthly_write(const struct monthly *m, enum paper_format format,
    const char *path, bool prove, struct err *err)
{
	struct dest d;
	int rc;

	if (dest_open(path, format == PAPER_XLSX, &d, err) < 0)
		return -1;
	if (format != PAPER_XLSX)
		rc = write_text(m, format, prove, &d, err);
	else if ((rc = monthly_xlsx(m, prove, d.temp, err)) == 0)
		rc = dest_commit(&d, err);
	dest_close(&d);
	return rc;
}
