/* SPDX-License-Identifier: ISC */
#include "report/paper.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "report/paper_formats.h"

/* Text that waits in memory before it is written. */
#define FLUSH_BYTES 65536

static const struct {
	const char *name, *ending;
	const struct paper_ops *ops;
} formats[] = {
    [PAPER_TEXT] = {"text", ".txt", &paper_text},
    [PAPER_CSV] = {"csv", ".csv", &paper_csv},
    [PAPER_JSON] = {"json", ".json", &paper_json},
    [PAPER_XLSX] = {"xlsx", ".xlsx", &paper_xlsx},
};
#define N_FORMATS ((int)(sizeof(formats) / sizeof(formats[0])))

int
paper_format_by_name(const char *name)
{
	for (int i = 0; i < N_FORMATS; i++)
		if (strcmp(formats[i].name, name) == 0)
			return i;
	return -1;
}

int
paper_format_by_path(const char *path)
{
	size_t len = strlen(path), n;

	for (int i = 0; i < N_FORMATS; i++) {
		n = strlen(formats[i].ending);
		if (len > n && str_ieq(path + len - n, formats[i].ending))
			return i;
	}
	return -1;
}

void
paper_fail(struct paper *p, const struct err *err)
{
	if (!p->failed)
		p->err = *err;
	p->failed = true;
}

void
paper_no_memory(struct paper *p)
{
	struct err err;

	(void)err_set(&err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	paper_fail(p, &err);
}

static void
add_fraction(struct buf *out, int64_t n, const char *tail)
{
	buf_addf(out, "%" PRId64 ".%d%s", n / 10, (int)(n % 10), tail);
}

void
paper_cell_text(struct buf *out, const struct cell *c)
{
	switch (c->kind) {
	case CELL_TEXT:
		buf_adds(out, c->text);
		break;
	case CELL_NUMBER:
		buf_addf(out, "%" PRId64, c->n);
		break;
	case CELL_TENTHS:
		add_fraction(out, c->n, "");
		break;
	case CELL_SHARE:
		add_fraction(out, c->n, "%");
		break;
	case CELL_NONE:
		buf_adds(out, "—");
		break;
	}
}

int
paper_new(enum paper_format format, const char *path,
    const struct paper_facts *facts, struct paper **paper_out, struct err *err)
{
	struct paper *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	p->ops = formats[format].ops;
	p->facts = facts;
	if (dest_open(path, p->ops->by_name, &p->dest, err) < 0) {
		free(p);
		return -1;
	}
	p->ops->open(p);
	*paper_out = p;
	return 0;
}

static void
flush(struct paper *p, size_t at_least)
{
	struct err err;

	if (buf_bad(&p->out)) {
		paper_no_memory(p);
		return;
	}
	if (p->out.len < at_least || p->out.len == 0)
		return;
	if (fwrite(p->out.data, 1, p->out.len, p->dest.file) != p->out.len) {
		(void)err_errno(&err, errno, "write the report");
		paper_fail(p, &err);
	}
	buf_clear(&p->out);
}

void
paper_sheet(struct paper *p, const struct sheet *sheet)
{
	if (p->failed)
		return;
	p->sheet = *sheet;
	p->n_rows = 0;
	p->noted = false;
	p->ops->sheet(p);
	p->n_sheets++;
	flush(p, FLUSH_BYTES);
}

void
paper_row(struct paper *p, const struct cell *cells)
{
	if (p->failed)
		return;
	p->ops->row(p, cells);
	p->n_rows++;
	flush(p, FLUSH_BYTES);
}

void
paper_note(struct paper *p, const char *text)
{
	if (p->failed)
		return;
	p->ops->note(p, text);
	p->noted = true;
	flush(p, FLUSH_BYTES);
}

void
paper_chart(struct paper *p, const struct chart *chart)
{
	if (!p->failed && p->ops->chart != NULL)
		p->ops->chart(p, chart);
}

int
paper_close(struct paper **pp, bool commit, struct err *err)
{
	struct paper *p = *pp;
	int rc = 0;

	if (p == NULL)
		return 0;
	*pp = NULL;
	if (commit && !p->failed)
		p->ops->end(p);
	if (commit && !p->failed)
		flush(p, 0);
	if (commit && p->failed && err != NULL)
		*err = p->err;
	if (commit)
		rc = p->failed ? -1 : dest_commit(&p->dest, err);
	if (p->ops->discard != NULL)
		p->ops->discard(p);
	buf_done(&p->out);
	dest_close(&p->dest);
	free(p);
	return rc;
}
