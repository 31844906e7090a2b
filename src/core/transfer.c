/* SPDX-License-Identifier: ISC */
#include "core/transfer.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/conf.h"
#include "core/take.h"
#include "core/unit_letters.h"
#include "hide/hide.h"
#include "letter/letter.h"
#include "parse/message.h"
#include "report/kinds.h"
#include "report/names.h"
#include "store/books.h"
#include "store/citizen.h"
#include "store/store.h"

/* What parts body and text of the ledger's entry. */
#define PARTED "；"

struct gathering {
	const struct take_context *c;
	const struct clue_record *clue;
	const struct transfer_options *o;
	struct arena *a;
	struct transfer_letter *out;
	struct buf materials;
	struct err *err;
};

static int
no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
}

static const char *
day(struct gathering *g, int64_t at_s)
{
	char text[NAME_DAY];

	return arena_strdup(g->a, name_day(g->c->conf, at_s, text));
}

/* -- the ledger ----------------------------------------------------------- */

/* "公安机关；海公〔2026〕12号" of the last transfer; 1 = there is one. */
static int
find_transfer(struct gathering *g)
{
	struct event_record *events;
	const char *detail = NULL, *rest;
	size_t n;

	if (store_events(g->c->store, g->clue->id, g->a, &events, &n, g->err) <
	    0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const struct event_kind *k = event_kind_find(events[i].kind);

		if (k == NULL || k->figure != FIGURE_TRANSFERRED)
			continue;
		detail = events[i].detail;
		g->out->transferred = day(g, events[i].at_s);
	}
	if (detail == NULL)
		return 0;
	rest = strstr(detail, PARTED);
	g->out->body = rest == NULL
		? detail
		: arena_memdup(g->a, detail, (size_t)(rest - detail));
	g->out->document = rest == NULL ? "" : rest + strlen(PARTED);
	return g->out->body == NULL ? no_memory(g->err) : 1;
}

static int
find_seal(struct gathering *g)
{
	char head[CHAIN_HEX];
	int64_t last;

	if (store_chain_head(g->c->store, &last, head, g->err) < 0)
		return -1;
	g->out->seal = arena_printf(
	    g->a, "台账共 %lld 条，校验码 %s", (long long)last, head);
	return g->out->seal == NULL ? no_memory(g->err) : 0;
}

/* -- the tip -------------------------------------------------------------- */

static const char *
hidden(struct gathering *g, const struct message *citizen, const char *text)
{
	BUF_AUTO struct buf b = BUF_INIT;

	hide_citizen(citizen, text, &b);
	return buf_bad(&b) ? NULL : arena_strdup(g->a, buf_str(&b));
}

static int
take_tip(struct gathering *g)
{
	MESSAGE_AUTO struct message *m = message_new();
	struct reporter_record r;
	int rc = 0;

	if (m == NULL)
		return no_memory(g->err);
	if (g->clue->message != 0)
		rc = store_reporter_use(
		    g->c->store, g->clue->message, g->a, &r, g->err);
	if (rc < 0)
		return -1;
	if (rc == 1) {
		m->from = (struct mail_address){r.name, r.address};
		m->reply_to = (struct mail_address){"", r.reply_to};
		m->signature = r.signature;
	}
	g->out->subject = hidden(g, m, g->clue->subject);
	g->out->text = hidden(g, m, g->clue->text);
	return g->out->subject == NULL || g->out->text == NULL
		   ? no_memory(g->err)
		   : 0;
}

/* "id: why; id: why" → names. */
static const char *
accused(struct gathering *g)
{
	BUF_AUTO struct buf b = BUF_INIT;
	char id[80];

	for (const char *p = g->clue->excluded; *p != '\0';) {
		size_t n = strcspn(p, ":;");

		(void)snprintf(id, sizeof(id), "%.*s", (int)n, p);
		if (conf_person(g->c->conf, id) >= 0)
			buf_addf(&b, "%s%s", b.len > 0 ? "、" : "",
			    name_person(g->c->conf, id));
		p = strchr(p, ';');
		if (p == NULL)
			break;
		p += strspn(p, "; ");
	}
	return buf_bad(&b) ? NULL : arena_strdup(g->a, buf_str(&b));
}

/* -- materials ------------------------------------------------------------ */

static const char *
kind_title(const struct attachment_record *at)
{
	static const struct {
		const char *prefix, *title;
	} kinds[] = {{"image/", "图片"}, {"video/", "视频"},
	    {"audio/", "音频"}, {"text/", "文本"}, {"message/", "邮件"},
	    {"application/pdf", "PDF 文档"}, {"application/msword", "文档"},
	    {"application/vnd.", "文档"}};

	if (at->link[0] != '\0')
		return "网盘链接，未下载";
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (str_istarts(at->type, kinds[i].prefix))
			return kinds[i].title;
	return "其他文件";
}

/* A citizen's name for a file can name the citizen. */
static int
add_material(struct gathering *g, const struct attachment_record *at)
{
	struct transfer_material m = {
	    .title = arena_printf(g->a, "附件%zu（%s）",
		g->out->n_materials + 1, kind_title(at)),
	    .size_bytes = at->size_bytes,
	    .has_hash = at->link[0] == '\0',
	};

	if (m.title == NULL)
		return no_memory(g->err);
	memcpy(m.sha256, at->sha256, sizeof(m.sha256));
	buf_add(&g->materials, &m, sizeof(m));
	g->out->n_materials++;
	return 0;
}

static int
add_attachments(struct gathering *g, int64_t message)
{
	struct attachment_record *list;
	size_t n;

	if (store_attachments(
		g->c->store, message, g->a, &list, &n, g->err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (add_material(g, &list[i]) < 0)
			return -1;
	return 0;
}

/* Of the tip and of what the citizen sent later; officers' replies are the
 * office's own papers. */
static int
take_materials(struct gathering *g)
{
	struct stored_message *list;
	char hex[SHA256_HEX];
	size_t n;

	if (store_messages(
		g->c->store, g->clue->id, g->a, &list, &n, g->err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (list[i].id == g->clue->message) {
			hex_put(list[i].record.sha256, SHA256_BYTES, hex);
			g->out->original = arena_strdup(g->a, hex);
		}
		if (strcmp(list[i].record.kind, "reply") != 0 &&
		    add_attachments(g, list[i].id) < 0)
			return -1;
	}
	g->out->materials =
	    (const struct transfer_material *)(const void *)arena_memdup(
		g->a, g->materials.data, g->materials.len);
	return g->out->materials == NULL || g->out->original == NULL ||
		       buf_bad(&g->materials)
		   ? no_memory(g->err)
		   : 0;
}

/* -- the citizen ---------------------------------------------------------- */

static int
take_reporter(struct gathering *g)
{
	struct transfer_reporter *t = arena_alloc(g->a, sizeof(*t));
	struct reporter_record r = {
	    .address = "", .name = "", .reply_to = "", .signature = ""};

	if (t == NULL)
		return no_memory(g->err);
	if (g->clue->message != 0 &&
	    store_reporter_show(g->c->store, g->clue->message, g->o->actor,
		g->a, &r, g->err) < 0)
		return -1;
	*t = (struct transfer_reporter){
	    r.name, r.address, r.reply_to, r.signature};
	g->out->reporter = t;
	return 0;
}

/* -- all ------------------------------------------------------------------ */

static int
gather(struct gathering *g)
{
	const struct conf *conf = g->c->conf;
	struct transfer_letter *out = g->out;
	int rc = find_transfer(g);

	if (rc < 0)
		return -1;
	if (g->o->body != NULL)
		out->body = g->o->body;
	if (g->o->document != NULL)
		out->document = g->o->document;
	if (out->body[0] == '\0')
		return 0;
	out->office = conf->office.name;
	out->number = g->clue->number;
	out->channel = name_channel(g->clue->channel);
	out->domain = name_domain(conf, g->clue->domain);
	out->area =
	    g->clue->area[0] != '\0' ? name_area(conf, g->clue->area) : "";
	out->accused = accused(g);
	out->received = day(g, g->clue->received_s);
	out->created_s = g->o->now_s;
	if (out->accused == NULL || out->received == NULL ||
	    out->transferred == NULL)
		return no_memory(g->err);
	if (take_tip(g) < 0 || take_materials(g) < 0 ||
	    (g->o->with_reporter && take_reporter(g) < 0) || find_seal(g) < 0)
		return -1;
	return 1;
}

int
transfer_facts(const struct take_context *c,
    const struct clue_record *clue, const struct transfer_options *o,
    struct arena *a, struct transfer_letter *out, struct err *err)
{
	struct gathering g = {.c = c,
	    .clue = clue,
	    .o = o,
	    .a = a,
	    .out = out,
	    .materials = BUF_INIT,
	    .err = err};
	int rc;

	*out = (struct transfer_letter){.body = "",
	    .document = "",
	    .transferred = "",
	    .original = ""};
	rc = gather(&g);
	buf_done(&g.materials);
	return rc < 0 ? err_at(err, "transfer letter") : rc;
}

static int
write_letter(void *arg, const char *path, struct err *err)
{
	return transfer_letter_write(arg, path, err);
}

int
transfer_mail(const struct take_context *c,
    const struct clue_record *clue, int person, int64_t now_s,
    struct arena *a, struct err *err)
{
	BUF_AUTO struct buf bytes = BUF_INIT;
	const struct transfer_options o = {.actor = "clued", .now_s = now_s};
	struct letter_attachment file = {.type = form_xlsx_type};
	struct transfer_letter sheet;
	struct form_letter l = {
	    .template_id = "transfer-letter",
	    .unit = -1,
	    .to = &c->conf->roster.persons[person],
	    .clue = clue->id,
	    .in_reply_to = "",
	    .files = &file,
	    .n_files = 1,
	    .now_s = now_s,
	};
	int rc = transfer_facts(c, clue, &o, a, &sheet, err);

	if (rc <= 0)
		return rc;
	if (form_bytes(write_letter, &sheet, &bytes, err) < 0)
		return err_at(err, "transfer letter");
	file.name = arena_printf(a, "线索移送函-%s.xlsx", clue->number);
	file.data = bytes.data;
	file.len = bytes.len;
	const struct letter_field fields[] = {
	    {"number", clue->number}, {"cause", sheet.body}};

	if (file.name == NULL)
		return no_memory(err);
	l.fields = fields;
	l.n_fields = sizeof(fields) / sizeof(fields[0]);
	return form_letter(c, &l, a, err);
}
