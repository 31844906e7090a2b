/* SPDX-License-Identifier: ISC */
#include "letter/letter.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/str.h"
#include "conf/conf.h"
#include "letter/clean.h"
#include "letter/encode.h"
#include "letter/expand.h"
#include "letter/header.h"
#include "letter/render.h"
#include "letter/template.h"
#include "letter/token.h"

/* A subject of ours in bytes: a phone shows a tenth of it. */
#define SUBJECT_BYTES 400
/* Bytes of an attachment's name. */
#define FILE_NAME_BYTES 200
/* … and of its ASCII form, so that it fits a line. */
#define ASCII_NAME_BYTES 54
/* Room for headers and part headers beside the encoded bodies. */
#define FRAME_BYTES (256UL << 10)

static const char *
or_empty(const char *s)
{
	return s != NULL ? s : "";
}

/* What a template finds behind a field's name. */
struct values {
	const struct conf *conf;
	const struct letter_request *request;
};

static const char *
value_of(const void *arg, int slot)
{
	const struct values *v = arg;
	const struct letter_request *r = v->request;

	for (size_t i = 0; i < r->n_fields; i++)
		if (strcmp(r->fields[i].name, slot_name((enum slot)slot)) == 0)
			return or_empty(r->fields[i].value);
	switch (slot) {
	case SLOT_OFFICER:
		return or_empty(r->to_name);
	case SLOT_OFFICE:
		return v->conf->office.name;
	case SLOT_PRIORITY:
		return r->priority ? LETTER_PRIORITY_MARK : "";
	case SLOT_REPLY_HELP:
		return letter_reply_help();
	default:
		return "";
	}
}

static bool
is_submission(const char *s)
{
	return strcmp(s, "auto-generated") == 0 ||
	    strcmp(s, "auto-replied") == 0;
}

static int
check_request(const struct conf *conf, const struct letter_request *r,
    struct err *err)
{
	for (size_t i = 0; i < r->n_fields; i++)
		if (slot_by_name(r->fields[i].name,
		    strlen(r->fields[i].name)) < 0)
			return err_set(err, ERR_BUG, ERR_OWN, 0,
			    "no template has a field \"%s\"",
			    r->fields[i].name);
	if (!header_is_address(or_empty(r->to_addr)))
		return err_set(err, ERR_INPUT, ERR_OWN, 0,
		    "recipient \"%s\" is not an address of printable ASCII",
		    or_empty(r->to_addr));
	if (!header_is_address(conf->smtp.mail_from))
		return err_set(err, ERR_CONF, ERR_OWN, 0,
		    "smtp.mail_from \"%s\" is not an address of printable "
		    "ASCII", conf->smtp.mail_from);
	if (!header_is_id(or_empty(r->message_id),
	    strlen(or_empty(r->message_id))))
		return err_set(err, ERR_BUG, ERR_OWN, 0,
		    "\"%s\" is no Message-ID", or_empty(r->message_id));
	if (!is_submission(or_empty(r->auto_submitted)))
		return err_set(err, ERR_BUG, ERR_OWN, 0,
		    "Auto-Submitted \"%s\" is not ours",
		    or_empty(r->auto_submitted));
	return 0;
}

bool
letter_is_address(const char *address)
{
	return header_is_address(address);
}

/* RFC 5322 section 3.6.4: References names the parent at least. */
static void
add_thread(struct buf *out, const struct letter_request *r)
{
	const char *parent = or_empty(r->in_reply_to);
	const char *references = or_empty(r->references);

	header_ids(out, "In-Reply-To", parent);
	header_ids(out, "References", *references != '\0' ? references
	                                                  : parent);
}

static void
add_headers(struct buf *out, const struct conf *conf,
    const struct letter_request *r, const char *subject)
{
	header_date(out, conf->zone, r->date_s);
	header_address(
	    out, "From", conf->smtp.from_name, conf->smtp.mail_from);
	header_address(out, "To", or_empty(r->to_name), r->to_addr);
	header_text(out, "Subject", subject, SUBJECT_BYTES);
	header_ids(out, "Message-ID", r->message_id);
	add_thread(out, r);
	/* RFC 3834 section 5; the second one is what Exchange heeds. */
	buf_addf(out, "Auto-Submitted: %s\r\n", r->auto_submitted);
	buf_adds(out, "X-Auto-Response-Suppress: All\r\n");
	/* By which another copy of the program knows its kind. */
	buf_adds(out, "X-Mailer: " LETTER_MAILER "\r\n");
	if (r->priority)
		buf_adds(out, "Importance: high\r\nX-Priority: 1\r\n");
	buf_adds(out, "MIME-Version: 1.0\r\n");
}

/* A boundary holds '_', which no base64 body does, and nothing in a letter is
 * outside base64 but our own headers; the Message-ID makes it the letter's
 * own. */
struct boundary { char text[40]; };

static struct boundary
make_boundary(const char *kind, const char *message_id)
{
	unsigned char hash[SHA256_BYTES];
	struct boundary b;
	char hex[25];

	hash_sha256(message_id, strlen(message_id), hash);
	hex_put(hash, 12, hex);
	(void)snprintf(b.text, sizeof(b.text), "=_%s_%s", kind, hex);
	return b;
}

static void
open_multipart(struct buf *out, const char *type, const struct boundary *b)
{
	buf_addf(out, "Content-Type: multipart/%s;\r\n boundary=\"%s\"\r\n\r\n",
	    type, b->text);
}

static void
add_text_part(struct buf *out, const struct boundary *b, const char *type,
    const struct buf *text)
{
	buf_addf(out, "--%s\r\nContent-Type: text/%s; charset=UTF-8\r\n"
	    "Content-Transfer-Encoding: base64\r\n\r\n", b->text, type);
	encode_base64_lines(out, text->data, text->len);
}

static bool
is_token(const char *s, size_t len)
{
	if (len == 0 || len > 60)
		return false;
	for (size_t i = 0; i < len; i++)
		if ((s[i] < 'a' || s[i] > 'z') && (s[i] < '0' || s[i] > '9') &&
		    (s[i] == '\0' || strchr(".+-", s[i]) == NULL))
			return false;
	return true;
}

/* Only a leaf type of plain tokens goes into a header. */
static const char *
safe_type(const char *type)
{
	const char *slash = strchr(type, '/');

	if (slash == NULL || str_starts(type, "multipart/") ||
	    str_starts(type, "message/") ||
	    !is_token(type, (size_t)(slash - type)) ||
	    !is_token(slash + 1, strlen(slash + 1)))
		return "application/octet-stream";
	return type;
}

/* A clean name without a path: what is a separator anywhere becomes _. */
static void
safe_name(struct buf *out, const char *name, size_t number)
{
	clean_line(out, name, FILE_NAME_BYTES);
	for (size_t i = 0; i < out->len; i++)
		if (strchr("/\\:*?\"<>|", out->data[i]) != NULL ||
		    (i == 0 && out->data[i] == '.'))
			out->data[i] = '_';
	if (out->len == 0)
		buf_addf(out, "attachment-%zu", number);
}

/* The same in ASCII for programs that know no RFC 2231. */
static void
ascii_name(struct buf *out, const char *name, size_t number)
{
	const char *dot = strrchr(name, '.');
	size_t i;

	for (i = 0; name[i] > ' ' && name[i] <= '~'; i++)
		;
	if (name[i] == '\0' && i <= ASCII_NAME_BYTES) {
		buf_adds(out, name);
		return;
	}
	buf_addf(out, "attachment-%zu", number);
	if (dot != NULL && strlen(dot) <= 6 && is_token(dot, strlen(dot)))
		buf_adds(out, dot);
}

static void
add_attachment(struct buf *out, const struct boundary *b,
    const struct letter_attachment *at, size_t number)
{
	BUF_AUTO struct buf name = BUF_INIT;
	BUF_AUTO struct buf ascii = BUF_INIT;

	safe_name(&name, or_empty(at->name), number);
	ascii_name(&ascii, buf_str(&name), number);
	buf_addf(out, "--%s\r\nContent-Type: %s", b->text,
	    safe_type(or_empty(at->type)));
	encode_parameter(out, "name", buf_str(&ascii));
	buf_adds(out, "\r\nContent-Transfer-Encoding: base64\r\n"
	    "Content-Disposition: attachment");
	encode_parameter(out, "filename", buf_str(&name));
	buf_adds(out, "\r\n\r\n");
	encode_base64_lines(out, at->data, at->len);
	out->bad = out->bad || buf_bad(&name) || buf_bad(&ascii);
}

static void
add_bodies(struct buf *out, const struct letter_request *r,
    const struct buf *text, const struct buf *html)
{
	struct boundary mixed = make_boundary("mixed", r->message_id);
	struct boundary alternative = make_boundary("alt", r->message_id);

	if (r->n_attachments > 0) {
		open_multipart(out, "mixed", &mixed);
		buf_addf(out, "--%s\r\n", mixed.text);
	}
	open_multipart(out, "alternative", &alternative);
	add_text_part(out, &alternative, "plain", text);
	add_text_part(out, &alternative, "html", html);
	buf_addf(out, "--%s--\r\n", alternative.text);
	for (size_t i = 0; i < r->n_attachments; i++)
		add_attachment(out, &mixed, &r->attachments[i], i + 1);
	if (r->n_attachments > 0)
		buf_addf(out, "--%s--\r\n", mixed.text);
}

static int
check_size(const struct letter_request *r, const struct buf *text,
    const struct buf *html, struct err *err)
{
	size_t sum = FRAME_BYTES + encode_base64_size(text->len) +
	    encode_base64_size(html->len);

	for (size_t i = 0; i < r->n_attachments; i++) {
		if (r->attachments[i].len > MAX_LETTER_BYTES)
			sum = MAX_LETTER_BYTES;
		sum += encode_base64_size(r->attachments[i].len);
		if (sum > MAX_LETTER_BYTES)
			break;
	}
	if (sum <= MAX_LETTER_BYTES)
		return 0;
	return err_set(err, ERR_INPUT, ERR_OWN, 0,
	    "the letter would be longer than %lu bytes; leave attachments out",
	    MAX_LETTER_BYTES);
}

static int
no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
}

/* Behind the subject, which gives way when it is long. */
static void
add_code(struct buf *subject, const char *code)
{
	size_t room = SUBJECT_BYTES - strlen(code) - strlen("… []");

	if (*code == '\0')
		return;
	if (subject->len > room) {
		buf_cut(subject, utf8_cut(subject->data, subject->len, room));
		buf_adds(subject, "…");
	}
	buf_addf(subject, " [%s]", code);
}

/* Template and values → both texts and the subject. */
static int
make_texts(const struct conf *conf, const struct letter_request *r,
    struct buf *subject, struct buf *text, struct buf *html, struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	const struct template_conf *tc = conf_template(conf, r->template_id);
	struct values v = {conf, r};
	struct letter_lines lines;
	struct template t;

	if (a == NULL)
		return no_memory(err);
	if (tc == NULL)
		return err_set(err, ERR_CONF, ERR_OWN, 0,
		    "no template \"%s\"; add %s.txt to the templates",
		    r->template_id, r->template_id);
	if (template_parse(tc->id, tc->text, tc->file, a, &t, err) != 0)
		return -1;
	expand_subject(&t, value_of, &v, subject);
	add_code(subject, or_empty(r->code));
	if (expand_body(&t, value_of, &v, a, &lines) != 0)
		return no_memory(err);
	render_text(text, &lines);
	render_html(html, buf_str(subject), r->priority, &lines);
	return buf_bad(subject) || buf_bad(text) || buf_bad(html)
	    ? no_memory(err) : 0;
}

int
letter_compose(const struct conf *conf, const struct letter_request *r,
    struct buf *out, struct err *err)
{
	BUF_AUTO struct buf subject = BUF_INIT;
	BUF_AUTO struct buf text = BUF_INIT;
	BUF_AUTO struct buf html = BUF_INIT;
	size_t start = out->len;

	if (r->template_id == NULL)
		return err_set(err, ERR_BUG, ERR_OWN, 0, "no template named");
	if (check_request(conf, r, err) != 0 ||
	    make_texts(conf, r, &subject, &text, &html, err) != 0 ||
	    check_size(r, &text, &html, err) != 0)
		return err_at(err, "letter %s", r->template_id);
	add_headers(out, conf, r, buf_str(&subject));
	add_bodies(out, r, &text, &html);
	if (!buf_bad(out))
		return 0;
	buf_cut(out, start);
	(void)no_memory(err);
	return err_at(err, "letter %s", r->template_id);
}

char *
letter_message_id(const struct conf *conf, struct arena *a)
{
	return token_message_id(conf, "", a);
}
