/* SPDX-License-Identifier: ISC */
#include "parse/wire.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/pack.h"
#include "base/str.h"
#include "parse/message.h"

/*
 * Each pair put_x/get_x stands side by side with its fields in one order.
 */

/* Dates beyond the year 9999 cannot be written in a letter or a form. */
#define MAX_DATE_S INT64_C(253402300799)
/* "utf-8", "windows-1252", …: names of our own list. */
#define MAX_CHARSET_BYTES 64
/* Bits of enum attachment_flag and enum message_defect. */
#define MAX_ATT_FLAGS (ATT_DAMAGED << 1)
#define MAX_DEFECTS (DEFECT_OVERSIZE << 1)

/* The reader's place: where from, where to. */
struct reader {
	struct unpack u;
	struct arena *arena;
};

/* ---- strings ------------------------------------------------------------ */

static const char *
get_line(struct reader *r, size_t max)
{
	return unpack_line(&r->u, r->arena, max);
}

static const char *
get_text(struct reader *r)
{
	return unpack_text(&r->u, r->arena, MAX_TEXT_BYTES);
}

/* ---- addresses ---------------------------------------------------------- */

static void
put_address(struct buf *b, const struct mail_address *a)
{
	pack_str(b, a->name);
	pack_str(b, a->addr);
}

static void
get_address(struct reader *r, struct mail_address *a)
{
	a->name = get_line(r, MAX_NAME_BYTES);
	a->addr = get_line(r, MAX_ADDRESS_BYTES);
}

static void
put_recipients(struct buf *b, const struct message *m)
{
	pack_u32(b, (uint32_t)m->n_to);
	for (size_t i = 0; i < m->n_to; i++)
		put_address(b, &m->to[i]);
}

static void
get_recipients(struct reader *r, struct message *m)
{
	size_t n = unpack_below(&r->u, MAX_ADDRESSES + 1);
	struct mail_address *to = arena_array(r->arena, n, sizeof(*to));

	r->u.bad |= to == NULL;
	for (size_t i = 0; i < n && !r->u.bad; i++)
		get_address(r, &to[i]);
	m->to = to;
	m->n_to = n;
}

/* ---- headers ------------------------------------------------------------ */

static void
put_references(struct buf *b, const struct message *m)
{
	pack_u32(b, (uint32_t)m->n_references);
	for (size_t i = 0; i < m->n_references; i++)
		pack_str(b, m->references[i]);
}

static void
get_references(struct reader *r, struct message *m)
{
	size_t n = unpack_below(&r->u, MAX_REFERENCES + 1);
	const char **list = arena_array(r->arena, n, sizeof(*list));

	r->u.bad |= list == NULL;
	for (size_t i = 0; i < n && !r->u.bad; i++)
		list[i] = get_line(r, MAX_MESSAGE_ID_BYTES);
	m->references = list;
	m->n_references = n;
}

static void
put_headers(struct buf *b, const struct message *m)
{
	put_address(b, &m->from);
	put_address(b, &m->sender);
	put_address(b, &m->reply_to);
	put_recipients(b, m);
	pack_str(b, m->subject);
	pack_i64(b, m->date_s);
	pack_str(b, m->message_id);
	pack_str(b, m->in_reply_to);
	put_references(b, m);
}

static void
get_headers(struct reader *r, struct message *m)
{
	get_address(r, &m->from);
	get_address(r, &m->sender);
	get_address(r, &m->reply_to);
	get_recipients(r, m);
	m->subject = get_line(r, MAX_SUBJECT_BYTES);
	m->date_s = unpack_i64(&r->u);
	r->u.bad |= m->date_s < 0 || m->date_s > MAX_DATE_S;
	m->message_id = get_line(r, MAX_MESSAGE_ID_BYTES);
	m->in_reply_to = get_line(r, MAX_MESSAGE_ID_BYTES);
	get_references(r, m);
}

/* ---- text --------------------------------------------------------------- */

static void
put_body(struct buf *b, const struct message *m)
{
	pack_str(b, m->text);
	pack_str(b, m->quoted);
	pack_str(b, m->signature);
	pack_u32(b, m->text_from);
	pack_str(b, m->charset);
	pack_str(b, m->lost);
}

static void
get_body(struct reader *r, struct message *m)
{
	m->text = get_text(r);
	m->quoted = get_text(r);
	m->signature = get_text(r);
	m->text_from = (enum text_from)unpack_below(&r->u, TEXT_HTML + 1);
	m->charset = get_line(r, MAX_CHARSET_BYTES);
	m->lost = get_line(r, MAX_SIGN_BYTES);
}

/* ---- attachments -------------------------------------------------------- */

static void
put_attachment(struct buf *b, const struct attachment *a)
{
	pack_str(b, a->name);
	pack_str(b, a->type_claimed);
	pack_str(b, a->type);
	pack_str(b, a->link);
	pack_u64(b, a->size_bytes);
	buf_add(b, a->sha256, sizeof(a->sha256));
	pack_u32(b, a->flags);
	pack_bool(b, a->photo != NULL);
	if (a->photo != NULL)
		pack_bytes(b, a->photo, a->photo_bytes);
	pack_bool(b, a->data != NULL);
	if (a->data != NULL)
		pack_bytes(b, a->data, a->data_bytes);
}

/* *room is what photos may still take. */
static void
get_photo(struct reader *r, struct attachment *a, size_t *room)
{
	const void *data = unpack_bytes(&r->u, *room, &a->photo_bytes);

	r->u.bad |= a->photo_bytes == 0;
	if (r->u.bad)
		return;
	*room -= a->photo_bytes;
	a->photo = arena_memdup(r->arena, data, a->photo_bytes);
	r->u.bad |= a->photo == NULL;
}

static void
get_data(struct reader *r, struct attachment *a)
{
	const void *data = unpack_bytes(&r->u, a->size_bytes, &a->data_bytes);

	r->u.bad |= a->data_bytes != a->size_bytes;
	if (r->u.bad)
		return;
	a->data = arena_memdup(r->arena, data, a->data_bytes);
	r->u.bad |= a->data == NULL;
}

static void
get_attachment(struct reader *r, struct attachment *a, size_t *room)
{
	a->name = get_line(r, MAX_NAME_BYTES);
	a->type_claimed = get_line(r, MAX_NAME_BYTES);
	a->type = get_line(r, MAX_NAME_BYTES);
	a->link = get_line(r, MAX_LINK_BYTES);
	a->size_bytes = unpack_u64(&r->u);
	r->u.bad |= a->size_bytes > MAX_MESSAGE_BYTES;
	unpack_fixed(&r->u, a->sha256, sizeof(a->sha256));
	a->flags = unpack_below(&r->u, MAX_ATT_FLAGS);
	if (unpack_bool(&r->u))
		get_photo(r, a, room);
	if (unpack_bool(&r->u))
		get_data(r, a);
}

static void
put_attachments(struct buf *b, const struct message *m)
{
	pack_u32(b, (uint32_t)m->n_attachments);
	for (size_t i = 0; i < m->n_attachments; i++)
		put_attachment(b, &m->attachments[i]);
}

static void
get_attachments(struct reader *r, struct message *m)
{
	size_t n = unpack_below(&r->u, MAX_ATTACHMENTS + 1);
	struct attachment *list = arena_array(r->arena, n, sizeof(*list));
	size_t room = MAX_PHOTO_BYTES;
	size_t photos = 0;

	r->u.bad |= list == NULL;
	for (size_t i = 0; i < n && !r->u.bad; i++) {
		get_attachment(r, &list[i], &room);
		photos += list[i].photo != NULL;
		r->u.bad |= photos > MAX_PHOTOS;
	}
	m->attachments = list;
	m->n_attachments = n;
}

/* ---- spreadsheets -------------------------------------------------------- */

static void
put_sheet(struct buf *b, const struct workbook *s)
{
	pack_u32(b, s->attachment);
	pack_u32(b, s->state);
	pack_u32(b, (uint32_t)s->n_cells);
	for (size_t i = 0; i < s->n_cells; i++) {
		pack_u32(b, s->cells[i].part);
		pack_u32(b, s->cells[i].row);
		pack_u32(b, s->cells[i].column);
		pack_str(b, s->cells[i].text);
	}
}

static void
get_cell(struct reader *r, struct sheet_cell *c)
{
	c->part = (uint16_t)unpack_below(&r->u, MAX_SHEET_PARTS);
	c->row = (uint16_t)unpack_below(&r->u, MAX_SHEET_ROW + 1);
	c->column = (uint16_t)unpack_below(&r->u, MAX_SHEET_COLUMN + 1);
	c->text = get_line(r, MAX_SHEET_CELL_BYTES);
	r->u.bad |= c->row == 0 || c->column == 0 || c->text == NULL ||
		    c->text[0] == '\0';
}

static void
get_sheet(struct reader *r, struct workbook *s, size_t n_attachments)
{
	struct sheet_cell *cells;

	s->attachment = unpack_below(&r->u, (uint32_t)n_attachments);
	s->state = (enum sheet_state)unpack_below(&r->u, SHEET_NO_MEMORY);
	s->n_cells = unpack_below(&r->u, MAX_SHEET_CELLS + 1);
	cells = arena_array(r->arena, s->n_cells, sizeof(*cells));
	r->u.bad |= cells == NULL;
	for (size_t i = 0; i < s->n_cells && !r->u.bad; i++)
		get_cell(r, &cells[i]);
	s->cells = cells;
}

static void
put_sheets(struct buf *b, const struct message *m)
{
	pack_u32(b, (uint32_t)m->n_sheets);
	for (size_t i = 0; i < m->n_sheets; i++)
		put_sheet(b, &m->sheets[i]);
}

static void
get_sheets(struct reader *r, struct message *m)
{
	size_t n = unpack_below(&r->u, MAX_SHEETS + 1);
	struct workbook *list = arena_array(r->arena, n, sizeof(*list));

	r->u.bad |= list == NULL;
	for (size_t i = 0; i < n && !r->u.bad; i++)
		get_sheet(r, &list[i], m->n_attachments);
	m->sheets = list;
	m->n_sheets = n;
}

/* ---- signs -------------------------------------------------------------- */

static void
put_signs(struct buf *b, const struct mail_signs *s)
{
	pack_str(b, s->return_path);
	pack_bool(b, s->return_path_empty);
	pack_str(b, s->auto_submitted);
	pack_str(b, s->precedence);
	pack_str(b, s->list_id);
	pack_bool(b, s->list_unsubscribe);
	pack_bool(b, s->auto_suppress);
	pack_bool(b, s->spam_verdict);
	pack_str(b, s->spam_why);
	pack_str(b, s->auth_results);
	pack_str(b, s->mailer);
	pack_u32(b, s->report);
	pack_str(b, s->report_status);
	pack_str(b, s->report_action);
	pack_str(b, s->report_recipient);
	pack_str(b, s->report_message_id);
	pack_str(b, s->report_diagnostic);
}

static void
get_signs(struct reader *r, struct mail_signs *s)
{
	s->return_path = get_line(r, MAX_ADDRESS_BYTES);
	s->return_path_empty = unpack_bool(&r->u);
	s->auto_submitted = get_line(r, MAX_SIGN_BYTES);
	s->precedence = get_line(r, MAX_SIGN_BYTES);
	s->list_id = get_line(r, MAX_SIGN_BYTES);
	s->list_unsubscribe = unpack_bool(&r->u);
	s->auto_suppress = unpack_bool(&r->u);
	s->spam_verdict = unpack_bool(&r->u);
	s->spam_why = get_line(r, MAX_SIGN_BYTES);
	s->auth_results = get_line(r, MAX_SIGN_BYTES);
	s->mailer = get_line(r, MAX_SIGN_BYTES);
	s->report = (enum report_kind)unpack_below(&r->u, REPORT_FEEDBACK + 1);
	s->report_status = get_line(r, MAX_SIGN_BYTES);
	s->report_action = get_line(r, MAX_SIGN_BYTES);
	s->report_recipient = get_line(r, MAX_ADDRESS_BYTES);
	s->report_message_id = get_line(r, MAX_MESSAGE_ID_BYTES);
	s->report_diagnostic = get_line(r, MAX_SIGN_BYTES);
}

/* ---- the whole ---------------------------------------------------------- */

void
parse_wire_put(struct buf *b, const struct message *m)
{
	put_headers(b, m);
	put_body(b, m);
	put_attachments(b, m);
	put_sheets(b, m);
	put_signs(b, &m->signs);
	pack_u32(b, m->defects);
}

int
parse_wire_get(
    const void *data, size_t len, struct message **message_out, struct err *err)
{
	struct message *m = message_new();
	struct reader r;
	bool starved;

	if (m == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	r.arena = m->arena;
	unpack_init(&r.u, data, len);
	get_headers(&r, m);
	get_body(&r, m);
	get_attachments(&r, m);
	get_sheets(&r, m);
	get_signs(&r, &m->signs);
	m->defects = unpack_below(&r.u, MAX_DEFECTS);
	if (unpack_end(&r.u) < 0) {
		starved = arena_starved(m->arena);
		message_free(&m);
		if (starved)
			return err_set(
			    err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
		return err_set(err, ERR_INPUT, ERR_OWN, 0,
		    "the parser's answer is malformed (%zu bytes)", len);
	}
	*message_out = m;
	return 0;
}

/* ---- errors ------------------------------------------------------------- */

void
parse_wire_put_err(struct buf *b, const struct err *e)
{
	pack_u32(b, e->kind);
	pack_u32(b, e->origin);
	pack_u32(b, (uint32_t)e->code);
	pack_str(b, e->what);
	pack_str(b, e->where);
}

/* Fixed room instead of an arena: an error must not need memory. */
static void
get_err_text(struct unpack *u, char *out, size_t size)
{
	size_t len;
	const void *data = unpack_bytes(u, size - 1, &len);

	if (data == NULL)
		len = 0;
	else
		memcpy(out, data, len);
	out[len] = '\0';
	str_make_printable(out);
}

int
parse_wire_get_err(struct unpack *u, struct err *e)
{
	e->kind = (enum err_kind)unpack_below(u, ERR_SYSTEM + 1);
	e->origin = (enum err_origin)unpack_below(u, ERR_SQLITE + 1);
	e->code = (int)unpack_u32(u);
	get_err_text(u, e->what, sizeof(e->what));
	get_err_text(u, e->where, sizeof(e->where));
	return unpack_end(u);
}
