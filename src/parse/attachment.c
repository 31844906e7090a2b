/* SPDX-License-Identifier: ISC */
#include "parse/attachment.h"

#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/str.h"
#include "parse/cloud.h"
#include "parse/decode.h"
#include "parse/filetype.h"
#include "parse/params.h"
#include "parse/photo.h"
#include "parse/text.h"
#include "parse/sheet.h"
#include "parse/tnef.h"
#include "parse/words.h"

/* ---- the index ---------------------------------------------------------- */

struct attachment *
attachments_add(struct decode *d, bool *oom_out)
{
	struct attachment *a;

	if (d->files == NULL)
		d->files =
		    arena_array(d->arena, MAX_ATTACHMENTS, sizeof(*d->files));
	if (d->files == NULL) {
		*oom_out = true;
		return NULL;
	}
	if (d->n_files == MAX_ATTACHMENTS) {
		d->msg->defects |= DEFECT_ATTACHMENTS_CUT;
		return NULL;
	}
	a = &d->files[d->n_files++];
	*a = (struct attachment){
	    .name = "", .type_claimed = "", .type = "", .link = ""};
	return a;
}

/* The cleaned copy, if it is a photo and there is room. */
static int
add_photo(struct decode *d, struct attachment *a, const struct file *f)
{
	size_t room = MAX_PHOTO_BYTES - d->photo_bytes;
	struct buf BUF_AUTO out = BUF_INIT;

	if (d->n_photos == MAX_PHOTOS || f->len == 0 ||
	    (a->flags & ATT_DAMAGED) != 0 ||
	    (strcmp(a->type, "image/jpeg") != 0 &&
		strcmp(a->type, "image/png") != 0))
		return 0;
	if (!photo_clean(f->data, f->len, &out))
		return buf_bad(&out) ? -1 : 0;
	if (out.len > room)
		return 0;
	a->photo = arena_memdup(d->arena, out.data, out.len);
	a->photo_bytes = out.len;
	d->n_photos++;
	d->photo_bytes += out.len;
	return a->photo != NULL ? 0 : -1;
}

static int
add_sheet(struct decode *d, const struct attachment *a, const struct file *f)
{
	struct workbook *s;

	if (d->n_sheets == MAX_SHEETS || !sheet_is_one(a->type, a->name) ||
	    (a->flags & ATT_DAMAGED) != 0)
		return 0;
	if (d->sheets == NULL)
		d->sheets =
		    arena_array(d->arena, MAX_SHEETS, sizeof(*d->sheets));
	if (d->sheets == NULL)
		return -1;
	s = &d->sheets[d->n_sheets++];
	*s = (struct workbook){.attachment = (uint32_t)(a - d->files)};
	return sheet_read(f->data, f->len, d->arena, s);
}

int
attachment_add_file(struct decode *d, const struct file *f)
{
	bool oom = false;
	struct attachment *a = attachments_add(d, &oom);
	const char *type;

	if (a == NULL)
		return oom ? -1 : 0;
	/* libmagic knows mail by its first line only. */
	type = (f->flags & ATT_MESSAGE) != 0 ? "message/rfc822"
					     : filetype_of(f->data, f->len);
	if (type == NULL)
		return -1;
	a->name = arena_strdup(d->arena, f->name);
	a->type_claimed = arena_strdup(d->arena, f->type_claimed);
	a->type = arena_strdup(d->arena, type);
	if (a->name == NULL || a->type_claimed == NULL || a->type == NULL)
		return -1;
	a->size_bytes = f->len;
	hash_sha256(f->data, f->len, a->sha256);
	a->flags = f->flags | filetype_flags(a->type, a->name);
	if (d->want_files) {
		a->data = arena_memdup(d->arena, f->data, f->len);
		a->data_bytes = f->len;
		if (a->data == NULL)
			return -1;
	}
	return add_sheet(d, a, f) < 0 ? -1 : add_photo(d, a, f);
}

/* ---- TNEF --------------------------------------------------------------- */

struct tnef_context {
	struct decode *d;
	bool oom;
};

static void
on_tnef_file(void *arg, const char *name, size_t name_len, const char *charset,
    const void *data, size_t len)
{
	struct tnef_context *c = arg;
	struct charset_hint hint = decode_hint(c->d);
	struct charset_result r = {0};
	struct buf BUF_AUTO utf8 = BUF_INIT;
	struct buf BUF_AUTO safe = BUF_INIT;
	struct file f = {
	    .type_claimed = "", .data = data, .len = len, .flags = ATT_TNEF};

	if (charset_decode(name, name_len, charset, &hint, &utf8, &r) < 0 ||
	    params_safe_name(buf_str(&utf8), utf8.len, &safe) < 0) {
		c->oom = true;
		return;
	}
	f.name = buf_str(&safe);
	c->oom |= attachment_add_file(c->d, &f) < 0;
}

/* Letters inside a winmail.dat count like any other letter inside. */
static int
add_inner_text(struct decode *d, const struct buf *inner)
{
	const char *old = d->msg->text;
	size_t room = MAX_TEXT_BYTES - strlen(old);
	struct buf BUF_AUTO tidy = BUF_INIT;
	bool cut = false;

	if (inner->len == 0 || room < 3)
		return 0;
	if (text_tidy(buf_str(inner), inner->len, room - 2, &tidy, &cut) < 0)
		return -1;
	if (cut)
		d->msg->defects |= DEFECT_TEXT_CUT;
	d->msg->text = arena_printf(d->arena, "%s%s%s", old,
	    old[0] != '\0' ? "\n\n" : "", buf_str(&tidy));
	if (d->msg->text_from == TEXT_NONE)
		d->msg->text_from = TEXT_PLAIN;
	return d->msg->text != NULL ? 0 : -1;
}

/* 1 = its files are in the index, 0 = it is none. */
static int
open_tnef(struct decode *d, const struct file *f)
{
	struct tnef_context c = {d, false};
	struct buf BUF_AUTO raw = BUF_INIT;
	struct buf BUF_AUTO inner = BUF_INIT;
	struct tnef_text text = {.raw = &raw, .inner = &inner};
	size_t before = d->n_files;
	bool whole = tnef_read(f->data, f->len, on_tnef_file, &c, &text);

	if (c.oom || buf_bad(&raw) || buf_bad(&inner))
		return -1;
	if (raw.len > 0 && d->msg->text[0] == '\0' &&
	    d->msg->quoted[0] == '\0' &&
	    body_take(d, &raw, text.charset[0] != '\0' ? text.charset : NULL,
		text.html) < 0)
		return -1;
	if (add_inner_text(d, &inner) < 0)
		return -1;
	/* A damaged one stays in the index as what it is. */
	return whole && (d->n_files > before || raw.len > 0 || inner.len > 0);
}

static bool
is_tnef(const struct part *p, const char *name)
{
	return part_is(p, "application/ms-tnef") ||
	       part_is(p, "application/vnd.ms-tnef") ||
	       str_ieq(name, "winmail.dat");
}

/* ---- parts -------------------------------------------------------------- */

static int
part_name(struct decode *d, const struct part *p, struct buf *out)
{
	struct charset_hint hint = decode_hint(d);
	struct charset_result r = {0};
	int rc =
	    params_filename(p->raw_disposition, p->raw_type, &hint, out, &r);

	if (rc < 0)
		return -1;
	decode_note(d, &r, "a file name");
	/* A letter that was attached without a name: its subject is one. */
	if (rc == 0 && p->kind == PART_MESSAGE && p->child != NO_PART) {
		const char *subject = decode_header(
		    d, &d->mime->parts[p->child].headers, "Subject", 200);

		if (subject == NULL)
			return -1;
		if (subject[0] != '\0' &&
		    params_safe_name(subject, strlen(subject), out) < 0)
			return -1;
		if (out->len > 0)
			buf_adds(out, ".eml");
	}
	return 0;
}

static uint32_t
part_flags(const struct decode *d, size_t i)
{
	const struct part *p = &d->mime->parts[i];
	const struct part *parent =
	    p->parent != NO_PART ? &d->mime->parts[p->parent] : NULL;
	uint32_t flags = 0;

	if (p->raw_disposition != NULL
		? str_istarts(p->raw_disposition, "inline")
		: headers_find(&p->headers, "Content-ID") != NULL &&
		      parent != NULL && part_is(parent, "multipart/related"))
		flags |= ATT_INLINE;
	if ((d->use[i] & USE_INNER) != 0)
		flags |= ATT_MESSAGE;
	return flags;
}

static int
add_part(struct decode *d, size_t i)
{
	const struct part *p = &d->mime->parts[i];
	struct buf BUF_AUTO name = BUF_INIT;
	struct buf BUF_AUTO data = BUF_INIT;
	struct file f = {.type_claimed = p->type, .flags = part_flags(d, i)};
	bool damaged = false;
	int rc;

	if (part_name(d, p, &name) < 0)
		return -1;
	f.name = buf_str(&name);
	f.data = p->body;
	f.len = p->body_len;
	if (p->encoding != ENC_IDENTITY) {
		transfer_decode(
		    p->encoding, p->body, p->body_len, &data, &damaged);
		f.data = buf_str(&data);
		f.len = data.len;
	}
	if (damaged)
		f.flags |= ATT_DAMAGED;
	if (buf_bad(&data) || buf_bad(&name))
		return -1;
	if (is_tnef(p, f.name)) {
		rc = open_tnef(d, &f);
		if (rc != 0)
			return rc < 0 ? -1 : 0;
	}
	return attachment_add_file(d, &f);
}

/* RFC 2017: the file stays where a URL says. */
static int
add_external(struct decode *d, const struct part *p)
{
	struct buf BUF_AUTO url = BUF_INIT;
	struct buf BUF_AUTO name = BUF_INIT;
	struct charset_result r = {0};
	struct attachment *a;
	bool oom = false;

	if (p->raw_type == NULL ||
	    params_find(p->raw_type, strlen(p->raw_type), "url", NULL,
		MAX_LINK_BYTES, &url, &r) <= 0 ||
	    (!str_istarts(buf_str(&url), "https://") &&
		!str_istarts(buf_str(&url), "http://")))
		return 0;
	if (part_name(d, p, &name) < 0)
		return -1;
	a = attachments_add(d, &oom);
	if (a == NULL)
		return oom ? -1 : 0;
	a->flags = ATT_CLOUD;
	a->link = arena_memdup(d->arena, url.data, url.len);
	a->name = arena_memdup(d->arena, buf_str(&name), name.len);
	return a->link == NULL || a->name == NULL ? -1 : 0;
}

/* ---- uuencode ----------------------------------------------------------- */

static int
add_uu_file(struct decode *d, const char *raw, const struct uu_file *u)
{
	struct charset_hint hint = decode_hint(d);
	struct charset_result r = {0};
	struct buf BUF_AUTO utf8 = BUF_INIT;
	struct buf BUF_AUTO safe = BUF_INIT;
	struct buf BUF_AUTO data = BUF_INIT;
	struct file f = {.type_claimed = ""};
	bool damaged = false;

	if (charset_decode(u->name, u->name_len, NULL, &hint, &utf8, &r) < 0 ||
	    params_safe_name(buf_str(&utf8), utf8.len, &safe) < 0)
		return -1;
	transfer_decode(
	    u->how, raw + u->begin, u->end - u->begin, &data, &damaged);
	if (buf_bad(&data))
		return -1;
	f.name = buf_str(&safe);
	f.data = buf_str(&data);
	f.len = data.len;
	f.flags = damaged ? ATT_DAMAGED : 0;
	return attachment_add_file(d, &f);
}

/* The files that body.c cut out of a text part. */
static int
add_uu_files(struct decode *d, const struct part *p)
{
	struct buf BUF_AUTO own = BUF_INIT;
	const char *raw = p->body;
	size_t len = p->body_len, at = 0;
	struct uu_file u;
	bool damaged = false;

	if (p->encoding == ENC_BASE64 || p->encoding == ENC_QP) {
		transfer_decode(p->encoding, raw, len, &own, &damaged);
		if (buf_bad(&own))
			return -1;
		raw = buf_str(&own);
		len = own.len;
	}
	while ((d->msg->defects & DEFECT_ATTACHMENTS_CUT) == 0 &&
	       transfer_find_uu(raw, len, at, &u)) {
		if (add_uu_file(d, raw, &u) < 0)
			return -1;
		at = u.end;
	}
	return 0;
}

/* ---- the pass ----------------------------------------------------------- */

static int
visit(struct decode *d, size_t i)
{
	const struct part *p = &d->mime->parts[i];

	if (d->n_files == MAX_ATTACHMENTS) {
		d->msg->defects |= DEFECT_ATTACHMENTS_CUT;
		return 0;
	}
	if ((d->use[i] & USE_UU) != 0 && add_uu_files(d, p) < 0)
		return -1;
	if ((d->use[i] & (USE_TEXT | USE_REPORT)) != 0 ||
	    p->kind == PART_MULTIPART)
		return 0;
	/* The message itself without any text is no attachment. */
	if (i == 0 && part_is(p, "text/"))
		return 0;
	if (part_is(p, "message/external-body"))
		return add_external(d, p);
	return add_part(d, i);
}

int
attachments_read(struct decode *d)
{
	size_t i = 0;

	while (i != NO_PART) {
		if (visit(d, i) < 0)
			return -1;
		/* A returned letter is one thing, whatever is in it. */
		i = (d->use[i] & USE_RETURNED) != 0 ? mime_skip(d->mime, i)
						    : mime_next(d->mime, i);
	}
	cloud_finish(d);
	d->msg->attachments = d->files;
	d->msg->n_attachments = d->n_files;
	d->msg->sheets = d->sheets;
	d->msg->n_sheets = d->n_sheets;
	return 0;
}
