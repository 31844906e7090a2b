/* SPDX-License-Identifier: ISC */
#include "letter/draft.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/str.h"
#include "letter/clean.h"
#include "letter/encode.h"
#include "letter/header.h"
#include "letter/letter.h"
#include "letter/render.h"

/* A draft → RFC 5322 bytes.  Whoever changes what comes out gives the draft
 * another number (draft.c), for letters that were tried once must be tried
 * again as they were; a test knows the bytes. */

/* Bytes of an attachment's name. */
#define FILE_NAME_BYTES 200
/* … and of its ASCII form, so that it fits a line. */
#define ASCII_NAME_BYTES 54
/* Room for headers and part headers beside the encoded bodies. */
#define FRAME_BYTES (256UL << 10)
/* What HTML makes of one byte and of one line at the most: a tab is four
 * "&nbsp;", a fact has styles in two cells. */
#define HTML_BYTE 24
#define HTML_LINE 600

static const char *
or_empty(const char *s)
{
	return s != NULL ? s : "";
}

/* RFC 5322 section 3.6.4: References names the parent at least. */
static void
add_thread(struct buf *out, const struct draft *d)
{
	header_ids(out, "In-Reply-To", d->in_reply_to);
	header_ids(out, "References",
	    d->references[0] != '\0' ? d->references : d->in_reply_to);
}

static void
add_headers(struct buf *out, const struct draft *d)
{
	buf_adds(out, d->date);
	header_address(out, "From", d->from_name, d->from_addr);
	header_address(out, "To", d->to_name, d->to_addr);
	header_text(out, "Subject", d->subject, LETTER_SUBJECT_BYTES);
	header_ids(out, "Message-ID", d->message_id);
	add_thread(out, d);
	/* RFC 3834 section 5; the second one is what Exchange heeds. */
	buf_addf(out, "Auto-Submitted: %s\r\n", d->auto_submitted);
	buf_adds(out, "X-Auto-Response-Suppress: All\r\n");
	/* By which another copy of the program knows its kind. */
	buf_adds(out, "X-Mailer: " LETTER_MAILER "\r\n");
	if (d->priority)
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
add_bodies(struct buf *out, const struct draft *d, const struct buf *text,
    const struct buf *html)
{
	struct boundary mixed = make_boundary("mixed", d->message_id);
	struct boundary alternative = make_boundary("alt", d->message_id);

	if (d->n_attachments > 0) {
		open_multipart(out, "mixed", &mixed);
		buf_addf(out, "--%s\r\n", mixed.text);
	}
	open_multipart(out, "alternative", &alternative);
	add_text_part(out, &alternative, "plain", text);
	add_text_part(out, &alternative, "html", html);
	buf_addf(out, "--%s--\r\n", alternative.text);
	for (size_t i = 0; i < d->n_attachments; i++)
		add_attachment(out, &mixed, &d->attachments[i], i + 1);
	if (d->n_attachments > 0)
		buf_addf(out, "--%s--\r\n", mixed.text);
}

static size_t
frame_size(const struct draft *d)
{
	size_t sum = FRAME_BYTES, len;

	for (size_t i = 0; i < d->n_attachments; i++) {
		len = d->attachments[i].len;
		if (len > MAX_LETTER_BYTES)
			return SIZE_MAX / 4;
		sum += encode_base64_size(len);
		if (sum > MAX_LETTER_BYTES)
			break;
	}
	return sum;
}

/* The encoded texts, for certain not too small. */
static size_t
texts_bound(const struct draft *d)
{
	size_t text = 0, html = HTML_BYTE * strlen(d->subject);

	for (size_t i = 0; i < d->lines.n; i++) {
		size_t len = strlen(d->lines.list[i].text);

		text += 2 * len + 2;
		html += HTML_BYTE * len + HTML_LINE;
	}
	return encode_base64_size(text) + encode_base64_size(html);
}

static size_t
texts_size(const struct buf *text, const struct buf *html)
{
	return encode_base64_size(text->len) + encode_base64_size(html->len);
}

static void
render(const struct draft *d, struct buf *text, struct buf *html)
{
	render_text(text, &d->lines);
	render_html(html, d->subject, d->priority, &d->lines);
}

bool
draft_fits(const struct draft *d)
{
	BUF_AUTO struct buf text = BUF_INIT;
	BUF_AUTO struct buf html = BUF_INIT;
	size_t frame = frame_size(d);

	if (frame + texts_bound(d) <= MAX_LETTER_BYTES)
		return true;
	/* Hardly ever: it must be known exactly. */
	render(d, &text, &html);
	return frame + texts_size(&text, &html) <= MAX_LETTER_BYTES;
}

void
draft_to_mime(struct buf *out, const struct draft *d)
{
	BUF_AUTO struct buf text = BUF_INIT;
	BUF_AUTO struct buf html = BUF_INIT;

	render(d, &text, &html);
	if (d->n_attachments > 0)
		buf_room(out, frame_size(d) + texts_size(&text, &html));
	add_headers(out, d);
	add_bodies(out, d, &text, &html);
	out->bad = out->bad || buf_bad(&text) || buf_bad(&html);
}
