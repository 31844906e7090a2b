/* SPDX-License-Identifier: ISC */
#include "report/transfer_letter.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "report/cell.h"
#include "report/dest.h"
#include "report/xlsx.h"

/*
 * Four columns over one page.  The text is cut so that the page stays one that
 * can be read: what was cut goes along with the material.
 */
#define LAST 3
#define LABEL_WIDTH 12
#define VALUE_WIDTH 31
/* Chinese characters on a line of three columns, and lines of text. */
#define LINE_CHARS 36
#define MAX_LINES 18
#define LINE_HEIGHT 17
#define ROW_HEIGHT 26
/* Columns of a terminal that one line of the title has. */
#define TITLE_COLUMNS 42
/* Materials listed one by one. */
#define MAX_LISTED 10

struct sheet_at {
	const struct transfer_letter *l;
	lxw_worksheet *sheet;
	lxw_row_t at;
	lxw_format *title, *right, *plain, *label, *value, *middle, *small;
	lxw_format *hash, *sign;
	lxw_error failed;
};

static void
check(struct sheet_at *s, lxw_error code)
{
	if (s->failed == LXW_NO_ERROR)
		s->failed = code;
}

/* A cell, or several as one. */
static void
put(struct sheet_at *s, lxw_col_t from, lxw_col_t to, const char *text,
    lxw_format *how)
{
	BUF_AUTO struct buf safe = BUF_INIT;

	cell_xlsx(&safe, text);
	if (buf_bad(&safe))
		check(s, LXW_ERROR_MEMORY_MALLOC_FAILED);
	else if (from == to)
		check(s, worksheet_write_string(
			     s->sheet, s->at, from, buf_str(&safe), how));
	else
		check(s, worksheet_merge_range(s->sheet, s->at, from, s->at,
			     to, buf_str(&safe), how));
}

static void
next(struct sheet_at *s, double height)
{
	check(s, worksheet_set_row(s->sheet, s->at++, height, NULL));
}

static void
make_styles(struct sheet_at *s, lxw_workbook *w)
{
	s->title = xlsx_style(w, 22, XLSX_BOLD | XLSX_CENTER | XLSX_WRAP);
	s->right = xlsx_style(w, 12, XLSX_RIGHT);
	s->plain = xlsx_style(w, 13, XLSX_WRAP);
	s->label =
	    xlsx_style(w, 11, XLSX_BOLD | XLSX_CENTER | XLSX_BOX | XLSX_WRAP);
	s->value = xlsx_style(w, 11, XLSX_BOX | XLSX_WRAP);
	s->middle = xlsx_style(w, 11, XLSX_BOX | XLSX_WRAP | XLSX_CENTER);
	s->hash = xlsx_style(w, 8, XLSX_BOX | XLSX_WRAP);
	s->sign = xlsx_style(w, 12, XLSX_WRAP);
	s->small = xlsx_style(w, 8, XLSX_FAINT);
	format_set_indent(s->value, 1);
	format_set_indent(s->hash, 1);
}

static void
set_page(struct sheet_at *s)
{
	worksheet_set_portrait(s->sheet);
	worksheet_set_paper(s->sheet, XLSX_A4);
	worksheet_fit_to_pages(s->sheet, 1, 1);
	worksheet_set_margins(s->sheet, 0.8, 0.8, 0.9, 0.7);
	worksheet_center_horizontally(s->sheet);
	for (lxw_col_t c = 0; c <= LAST; c++)
		check(s, worksheet_set_column(s->sheet, c, c,
			     c % 2 == 0 ? LABEL_WIDTH : VALUE_WIDTH, NULL));
}

/* -- parts ---------------------------------------------------------------- */

static void
write_head(struct sheet_at *s)
{
	const struct transfer_letter *l = s->l;
	char line[700];

	(void)snprintf(line, sizeof(line), "%s线索移送函", l->office);
	put(s, 0, LAST, line, s->title);
	next(s, str_width(line) > TITLE_COLUMNS ? 70 : 52);
	(void)snprintf(line, sizeof(line), "文号：%s",
	    l->document[0] != '\0' ? l->document : "____________________");
	put(s, 0, LAST, line, s->right);
	next(s, 24);
	(void)snprintf(line, sizeof(line), "%s：", l->body);
	put(s, 0, LAST, line, s->plain);
	next(s, 26);
	(void)snprintf(line, sizeof(line),
	    "　　现将我单位在扫黑除恶专项斗争中收到的线索（编号 %s）移送你单位，"
	    "请依法核查处理，并将办理结果函告我单位。",
	    l->number);
	put(s, 0, LAST, line, s->plain);
	next(s, 42);
}

static void
pair(struct sheet_at *s, const char *a, const char *x, const char *b,
    const char *y)
{
	put(s, 0, 0, a, s->label);
	put(s, 1, 1, x, s->value);
	put(s, 2, 2, b, s->label);
	put(s, 3, 3, y, s->value);
	next(s, ROW_HEIGHT);
}

static double
height_of(const char *text)
{
	size_t lines = (str_width(text) / 2 + LINE_CHARS) / LINE_CHARS;

	if (lines > MAX_LINES)
		lines = MAX_LINES;
	return lines * LINE_HEIGHT + 9 > ROW_HEIGHT
		   ? (double)(lines * LINE_HEIGHT + 9)
		   : ROW_HEIGHT;
}

static void
wide(struct sheet_at *s, const char *label, const char *text)
{
	put(s, 0, 0, label, s->label);
	put(s, 1, LAST, text, s->value);
	next(s, height_of(text));
}

/* As much as the page bears. */
static void
add_text(const char *text, struct buf *out)
{
	const char *end;
	uint32_t cp;
	size_t most = LINE_CHARS * (MAX_LINES - 2), n = 0;
	const char *p;

	cell_clean(out, text);
	p = buf_str(out);
	end = p + out->len;
	while (p < end && n++ < most)
		p += utf8_next(p, end, &cp);
	if (p < end) {
		buf_cut(out, (size_t)(p - buf_str(out)));
		buf_adds(out, "……（以下从略，全文随案移送）");
	}
}

static const char *
or_dash(const char *text)
{
	return text[0] != '\0' ? text : "—";
}

static void
write_facts(struct sheet_at *s)
{
	BUF_AUTO struct buf text = BUF_INIT;
	const struct transfer_letter *l = s->l;

	pair(s, "线索编号", l->number, "线索来源", l->channel);
	pair(s, "收到日期", l->received, "移送日期",
	    l->transferred[0] != '\0' ? l->transferred : "");
	pair(s, "斗争领域", l->domain, "所属区域", or_dash(l->area));
	wide(s, "被反映人", or_dash(l->accused));
	wide(s, "主要内容", or_dash(l->subject));
	add_text(l->text, &text);
	if (buf_bad(&text))
		check(s, LXW_ERROR_MEMORY_MALLOC_FAILED);
	wide(s, "详细情况", or_dash(buf_str(&text)));
}

static void
write_reporter(struct sheet_at *s)
{
	const struct transfer_reporter *r = s->l->reporter;
	BUF_AUTO struct buf b = BUF_INIT;

	if (r == NULL) {
		wide(s, "举报人", "身份信息依规保密，未随函移送。");
		return;
	}
	buf_addf(&b, "姓名：%s；邮箱：%s", or_dash(r->name),
	    or_dash(r->address));
	if (r->reply_to[0] != '\0' && strcmp(r->reply_to, r->address) != 0)
		buf_addf(&b, "；回复邮箱：%s", r->reply_to);
	if (r->signature[0] != '\0')
		buf_addf(&b, "；落款：%s", r->signature);
	buf_adds(&b, "。（应你单位要求提供，请严格保密）");
	if (buf_bad(&b))
		check(s, LXW_ERROR_MEMORY_MALLOC_FAILED);
	wide(s, "举报人", buf_str(&b));
}

static const char *
size_text(uint64_t bytes, char out[32])
{
	if (bytes < 10240)
		(void)snprintf(out, 32, "%" PRIu64 " B", bytes);
	else if (bytes < 10 << 20)
		(void)snprintf(out, 32, "%" PRIu64 " KB", bytes >> 10);
	else
		(void)snprintf(out, 32, "%" PRIu64 " MB", bytes >> 20);
	return out;
}

static void
write_material(struct sheet_at *s, size_t i)
{
	const struct transfer_material *m = &s->l->materials[i];
	char nth[16], size[32], hex[SHA256_HEX] = "—";

	(void)snprintf(nth, sizeof(nth), "%zu", i + 1);
	if (m->has_hash)
		hex_put(m->sha256, SHA256_BYTES, hex);
	put(s, 0, 0, nth, s->middle);
	put(s, 1, 1, m->title, s->value);
	put(s, 2, 2, m->has_hash ? size_text(m->size_bytes, size) : "—",
	    s->middle);
	put(s, 3, 3, hex, s->hash);
	next(s, ROW_HEIGHT + 2);
}

static void
write_materials(struct sheet_at *s)
{
	const struct transfer_letter *l = s->l;
	char line[200];

	put(s, 0, 0, "序号", s->label);
	put(s, 1, 1, "移送材料", s->label);
	put(s, 2, 2, "大小", s->label);
	put(s, 3, 3, "SHA-256", s->label);
	next(s, ROW_HEIGHT);
	for (size_t i = 0; i < l->n_materials && i < MAX_LISTED; i++)
		write_material(s, i);
	if (l->n_materials > MAX_LISTED) {
		(void)snprintf(line, sizeof(line),
		    "另有 %zu 份材料，共 %zu 份，清单以电子版为准。",
		    l->n_materials - MAX_LISTED, l->n_materials);
		put(s, 0, LAST, line, s->value);
		next(s, ROW_HEIGHT);
	}
	if (l->n_materials == 0) {
		put(s, 0, LAST, "（来信没有附件）", s->middle);
		next(s, ROW_HEIGHT);
	}
	if (l->original[0] == '\0')
		return;
	(void)snprintf(line, sizeof(line),
	    "来信原件存我单位备查，SHA-256：%s", l->original);
	put(s, 0, LAST, line, s->hash);
	next(s, ROW_HEIGHT - 4);
}

/* Both sides sign and seal. */
static void
write_signatures(struct sheet_at *s)
{
	static const char *const left[] = {
	    "移送单位（盖章）：", "经办人（签字）：", "　　　　年　　月　　日"};
	static const char *const right[] = {
	    "接收单位（盖章）：", "接收人（签字）：", "　　　　年　　月　　日"};
	char line[400];

	next(s, 12);
	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++) {
		(void)snprintf(line, sizeof(line), "%s%s", left[i],
		    i == 0 ? s->l->office : "");
		put(s, 0, 1, line, s->sign);
		put(s, 2, 3, right[i], s->sign);
		next(s, 36);
	}
	put(s, 0, LAST, "本函一式两份，移送单位和接收单位各存一份。", s->sign);
	next(s, 24);
	put(s, 0, LAST, s->l->seal, s->small);
	next(s, 14);
}

/* -- the file ------------------------------------------------------------- */

static int
failed(lxw_error code, struct err *err)
{
	return err_set(err,
	    code == LXW_ERROR_MEMORY_MALLOC_FAILED ? ERR_SYSTEM : ERR_LATER,
	    ERR_OWN, (int)code, "write the letter: %s", lxw_strerror(code));
}

static int
write_file(
    const struct transfer_letter *l, const char *path, struct err *err)
{
	struct sheet_at s = {.l = l};
	lxw_workbook *w = workbook_new(path);
	char title[400];

	if (w == NULL)
		return failed(LXW_ERROR_MEMORY_MALLOC_FAILED, err);
	(void)snprintf(title, sizeof(title), "线索移送函 %s", l->number);
	xlsx_properties(w, title, l->created_s);
	make_styles(&s, w);
	s.sheet = workbook_add_worksheet(w, "移送函");
	if (s.sheet == NULL) {
		lxw_workbook_free(w);
		return failed(LXW_ERROR_MEMORY_MALLOC_FAILED, err);
	}
	set_page(&s);
	write_head(&s);
	write_facts(&s);
	write_reporter(&s);
	write_materials(&s);
	write_signatures(&s);
	check(&s, workbook_close(w));
	return s.failed == LXW_NO_ERROR ? 0 : failed(s.failed, err);
}

int
transfer_letter_write(
    const struct transfer_letter *l, const char *path, struct err *err)
{
	struct dest d;
	int rc;

	if (dest_open(path, true, &d, err) < 0)
		return -1;
	rc = write_file(l, d.temp, err);
	if (rc == 0)
		rc = dest_commit(&d, err);
	dest_close(&d);
	return rc;
}
