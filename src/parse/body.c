/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/str.h"
#include "parse/cloud.h"
#include "parse/decode.h"
#include "parse/html.h"
#include "parse/params.h"
#include "parse/split.h"
#include "parse/stub.h"
#include "parse/text.h"

/* Bytes of one text part that are decoded: HTML is mostly markup. */
#define MAX_TEXT_RAW (16UL << 20)
/* Messages inside messages whose text is read. */
#define MAX_INNER 50

/* What has been gathered: the text of the message, then of those inside. */
struct body {
	struct decode *d;
	struct buf text; /* of the message under way, before the split */
	struct buf own;	 /* after it, of all messages */
	struct buf quoted;
	struct buf signature;
	struct charset_result charset;
	enum text_from from;
	bool cut;
	size_t inner[MAX_INNER]; /* PART_MESSAGEs still to be read */
	size_t n_inner;
};

/* ---- one text part ------------------------------------------------------ */

static bool
is_html(const struct part *p)
{
	/* The rich text of RFC 1896 has tags too. */
	return part_is(p, "text/html") || part_is(p, "text/enriched") ||
	       part_is(p, "text/richtext") ||
	       part_is(p, "application/xhtml+xml");
}

static bool
has_name(const struct part *p)
{
	return (p->raw_disposition != NULL &&
		   str_icontains(p->raw_disposition, "filename") != NULL) ||
	       (p->raw_type != NULL &&
		   str_icontains(p->raw_type, "name") != NULL);
}

/* Text that a reader is shown, unlike a calendar or a card. */
static bool
is_readable(const struct part *p)
{
	static const char *const others[] = {"text/calendar", "text/vcard",
	    "text/x-vcard", "text/directory", "text/rfc822-headers",
	    "text/x-amp-html", "text/rtf", "text/css", "text/xml", "text/csv",
	    "text/javascript", "text/x-pgp-signature"};

	if (p->kind != PART_LEAF || p->attached)
		return false;
	if (part_is(p, "text/plain") || is_html(p))
		return true;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (part_is(p, others[i]))
			return false;
	}
	return part_is(p, "text/") || part_is(p, "message/partial");
}

/* The value of a Content-Type parameter into out; "" if there is none. */
static int
type_param(const struct part *p, const char *name, char *out, size_t size)
{
	struct buf BUF_AUTO b = BUF_INIT;
	struct charset_result ignored = {0};

	out[0] = '\0';
	if (p->raw_type == NULL)
		return 0;
	if (params_find(p->raw_type, strlen(p->raw_type), name, NULL, size - 1,
		&b, &ignored) < 0)
		return -1;
	memcpy(out, buf_str(&b), b.len);
	out[b.len] = '\0';
	return 0;
}

/* Raw bytes → UTF-8, the charset by the part's label or the document's own. */
static int
to_utf8(struct body *b, const struct part *p, const char *raw, size_t len,
    struct buf *out, struct charset_result *r)
{
	struct charset_hint hint = decode_hint(b->d);
	char label[80];

	if (type_param(p, "charset", label, sizeof(label)) < 0)
		return -1;
	if (label[0] == '\0' && is_html(p))
		(void)html_meta_charset(raw, len, label, sizeof(label));
	return charset_decode(
	    raw, len, label[0] != '\0' ? label : NULL, &hint, out, r);
}

static void
on_link(void *arg, const char *url, const char *text)
{
	struct body *b = arg;

	/* Out of memory here only costs the link; the text will notice. */
	(void)cloud_add_link(b->d, url, text);
}

/* UTF-8 of a part → tidy text. */
static int
to_text(struct body *b, const struct part *p, const struct buf *utf8,
    struct buf *out)
{
	struct html_options options = {on_link, b};
	struct buf BUF_AUTO tidy = BUF_INIT;
	char format[16], delsp[8];

	if (is_html(p))
		return html_text(buf_str(utf8), utf8->len, MAX_TEXT_BYTES,
		    &options, out, &b->cut);
	if (type_param(p, "format", format, sizeof(format)) < 0 ||
	    type_param(p, "delsp", delsp, sizeof(delsp)) < 0)
		return -1;
	if (!str_ieq(format, "flowed"))
		return text_tidy(
		    buf_str(utf8), utf8->len, MAX_TEXT_BYTES, out, &b->cut);
	if (text_tidy(
		buf_str(utf8), utf8->len, MAX_TEXT_BYTES, &tidy, &b->cut) < 0)
		return -1;
	return text_unflow(
	    buf_str(&tidy), tidy.len, str_ieq(delsp, "yes"), out);
}

/* Leaves the uuencoded files out; the attachments' pass takes them. */
static bool
cut_uu(const char *raw, size_t len, struct buf *out)
{
	struct uu_file f;
	size_t at = 0;

	if (memmem(raw, len, "begin ", 6) == NULL ||
	    !transfer_find_uu(raw, len, 0, &f))
		return false;
	do {
		buf_add(out, raw + at, f.begin - at);
		at = f.end;
	} while (transfer_find_uu(raw, len, at, &f));
	buf_add(out, raw + at, len - at);
	return true;
}

/* The raw bytes of a text part, cut to what is worth reading. */
static int
raw_text(
    struct body *b, size_t i, struct buf *own, const char **raw, size_t *len)
{
	const struct part *p = &b->d->mime->parts[i];
	struct buf BUF_AUTO plain = BUF_INIT;
	bool damaged = false;

	*raw = p->body;
	*len = p->body_len < MAX_TEXT_RAW ? p->body_len : MAX_TEXT_RAW;
	b->cut |= *len < p->body_len;
	if (p->encoding != ENC_IDENTITY && p->encoding != ENC_UU) {
		transfer_decode(p->encoding, *raw, *len, own, &damaged);
		*raw = buf_str(own);
		*len = own->len;
	}
	if (!is_html(p) && cut_uu(*raw, *len, &plain)) {
		b->d->use[i] |= USE_UU;
		buf_clear(own);
		buf_add(own, buf_str(&plain), plain.len);
		*raw = buf_str(own);
		*len = own->len;
	}
	return buf_bad(own) || buf_bad(&plain) ? -1 : 0;
}

/* Decodes part i into out, without using it yet. */
static int
decode_part(struct body *b, size_t i, struct buf *out, struct charset_result *r)
{
	const struct part *p = &b->d->mime->parts[i];
	struct buf BUF_AUTO own = BUF_INIT;
	struct buf BUF_AUTO utf8 = BUF_INIT;
	const char *raw;
	size_t len;

	*r = (struct charset_result){0};
	if (raw_text(b, i, &own, &raw, &len) < 0 ||
	    to_utf8(b, p, raw, len, &utf8, r) < 0 ||
	    to_text(b, p, &utf8, out) < 0)
		return -1;
	/* HTML has told its links while it became text; bare ones are left. */
	return cloud_scan_text(b->d, buf_str(out), out->len);
}

/* Joins a part's text to what there is, by a blank line. */
static void
use_text(struct body *b, size_t i, const struct buf *text,
    const struct charset_result *r)
{
	const struct part *p = &b->d->mime->parts[i];

	b->d->use[i] |= USE_TEXT;
	decode_note(b->d, r, "text");
	charset_result_add(&b->charset, r);
	if (text->len == 0)
		return;
	if (b->from == TEXT_NONE)
		b->from = is_html(p) ? TEXT_HTML : TEXT_PLAIN;
	if (b->text.len > 0)
		buf_adds(&b->text,
		    buf_str(&b->text)[b->text.len - 1] == '\n' ? "\n" : "\n\n");
	buf_add(&b->text, text->data, text->len);
}

/* Appends the text without any blank. */
static void
squeeze(const struct buf *text, struct buf *out)
{
	for (size_t i = 0; i < text->len; i++) {
		if ((unsigned char)text->data[i] > ' ')
			buf_addc(out, text->data[i]);
	}
}

/* Whether HTML only repeats plain text that stands before it: some mailers
 * mix the two where they should let the reader choose. */
static bool
is_repeated(const struct body *b, const struct part *p, const struct buf *text)
{
	struct buf BUF_AUTO old = BUF_INIT;
	struct buf BUF_AUTO new = BUF_INIT;

	if (b->from != TEXT_PLAIN || !is_html(p) || b->text.len == 0)
		return false;
	squeeze(&b->text, &old);
	squeeze(text, &new);
	return new.len > 0 &&
	       memmem(buf_str(&old), old.len, new.data, new.len) != NULL;
}

static int
read_leaf(struct body *b, size_t i)
{
	struct buf BUF_AUTO text = BUF_INIT;
	struct charset_result r;

	if (decode_part(b, i, &text, &r) < 0)
		return -1;
	if (is_repeated(b, &b->d->mime->parts[i], &text))
		buf_clear(&text);
	use_text(b, i, &text, &r);
	return 0;
}

/* ---- choosing ----------------------------------------------------------- */

/* The first readable part of this sort inside p, p itself included; messages
 * inside are not looked into. */
static size_t
find_text(const struct mime *m, size_t top, bool html)
{
	size_t stop = mime_skip(m, top), i = top;

	while (i != NO_PART && i != stop) {
		const struct part *p = &m->parts[i];

		if (is_readable(p) && is_html(p) == html)
			return i;
		i = p->kind == PART_MESSAGE ? mime_skip(m, i) : mime_next(m, i);
	}
	return NO_PART;
}

/* All readable parts inside p are choices for the same text. */
static void
mark_choices(struct decode *d, size_t top)
{
	size_t stop = mime_skip(d->mime, top);

	for (size_t i = top; i != NO_PART && i != stop;) {
		const struct part *p = &d->mime->parts[i];

		if (is_readable(p) && (!has_name(p) || p->parent == top))
			d->use[i] |= USE_TEXT;
		i = p->kind == PART_MESSAGE ? mime_skip(d->mime, i)
					    : mime_next(d->mime, i);
	}
}

/* HTML that is not read may still have a link that the plain text lacks. */
static int
find_links(struct body *b, size_t html)
{
	struct buf BUF_AUTO own = BUF_INIT;
	struct buf BUF_AUTO text = BUF_INIT;
	struct charset_result ignored;
	const char *raw;
	size_t len;

	if (raw_text(b, html, &own, &raw, &len) < 0)
		return -1;
	return cloud_likely(raw, len) ? decode_part(b, html, &text, &ignored)
				      : 0;
}

/* Plain text and HTML of one letter: the plain one, unless it says less. */
static int
read_both(struct body *b, size_t plain, size_t html)
{
	struct buf BUF_AUTO p = BUF_INIT;
	struct buf BUF_AUTO h = BUF_INIT;
	struct charset_result pr, hr;

	if (decode_part(b, plain, &p, &pr) < 0)
		return -1;
	/* The HTML is only read where it may be needed: it costs most. */
	if (!stub_possible(buf_str(&p), p.len, pr.lost)) {
		use_text(b, plain, &p, &pr);
		return find_links(b, html);
	}
	if (decode_part(b, html, &h, &hr) < 0)
		return -1;
	if (stub_is(buf_str(&p), p.len, pr.lost, buf_str(&h), h.len, hr.lost))
		use_text(b, html, &h, &hr);
	else
		use_text(b, plain, &p, &pr);
	return 0;
}

static int
read_alternative(struct body *b, size_t top)
{
	const struct mime *m = b->d->mime;
	size_t plain = find_text(m, top, false), html = find_text(m, top, true);
	int rc = 0;

	if (plain != NO_PART && html != NO_PART)
		rc = read_both(b, plain, html);
	else if (plain != NO_PART || html != NO_PART)
		rc = read_leaf(b, plain != NO_PART ? plain : html);
	mark_choices(b->d, top);
	return rc;
}

/* ---- the walk ----------------------------------------------------------- */

/* The one child that is the text; the others are attachments. */
static bool
is_rooted(const struct part *p)
{
	return part_is(p, "multipart/related") ||
	       part_is(p, "multipart/signed") ||
	       part_is(p, "multipart/report") ||
	       part_is(p, "multipart/appledouble");
}

/* Whether part i is beside the text: a child that is not the root of its
 * related, signed or report parent. */
static bool
is_beside(const struct mime *m, size_t i)
{
	const struct part *parent = m->parts[i].parent != NO_PART
					? &m->parts[m->parts[i].parent]
					: NULL;

	if (parent != NULL && part_is(parent, "multipart/encrypted"))
		return true;
	return parent != NULL && is_rooted(parent) && parent->child != i;
}

/* Text beside other parts and with a name is a file, but for the first one:
 * some mailers name the body. */
static bool
is_file(const struct body *b, const struct part *p)
{
	return has_name(p) && (b->from != TEXT_NONE || b->text.len > 0);
}

static int
read_part(struct body *b, size_t i, size_t *next_out)
{
	const struct mime *m = b->d->mime;
	const struct part *p = &m->parts[i];

	*next_out = mime_skip(m, i);
	if (is_beside(m, i))
		return 0;
	if (p->kind == PART_MESSAGE) {
		/* A returned letter is not what the postmaster writes. */
		if (b->n_inner < MAX_INNER && !b->d->bounce) {
			b->inner[b->n_inner++] = i;
			b->d->use[i] |= USE_INNER;
		}
		return 0;
	}
	if (part_is(p, "multipart/alternative"))
		return read_alternative(b, i);
	if (p->kind == PART_MULTIPART)
		*next_out = mime_next(m, i);
	else if (is_readable(p) && !is_file(b, p))
		return read_leaf(b, i);
	return 0;
}

/* Gathers the text of the message whose top part is `top`. */
static int
read_tree(struct body *b, size_t top)
{
	size_t stop = mime_skip(b->d->mime, top), i = top;

	while (i != NO_PART && i != stop) {
		if (read_part(b, i, &i) < 0)
			return -1;
	}
	return 0;
}

/* ---- the split ---------------------------------------------------------- */

static void
join(struct buf *to, const struct buf *piece)
{
	if (piece->len == 0)
		return;
	if (to->len > 0)
		buf_adds(to, "\n\n");
	buf_add(to, piece->data, piece->len);
}

/* Splits b->text into the three and empties it. */
static int
split(struct body *b)
{
	struct split s;
	int rc = split_text(buf_str(&b->text), b->text.len, &s);

	if (rc == 0) {
		join(&b->own, &s.own);
		join(&b->quoted, &s.quoted);
		join(&b->signature, &s.signature);
	}
	split_done(&s);
	buf_clear(&b->text);
	return rc;
}

/* A message inside: its subject, then its text. */
static int
read_inner(struct body *b, size_t i)
{
	const struct mime *m = b->d->mime;
	size_t top = m->parts[i].child;
	const char *subject;

	if (top == NO_PART)
		return 0;
	subject = decode_header(
	    b->d, &m->parts[top].headers, "Subject", MAX_SUBJECT_BYTES);
	if (subject == NULL || read_tree(b, top) < 0)
		return -1;
	join(&b->own, &(struct buf){.data = (char *)(uintptr_t)subject,
			  .len = strlen(subject)});
	return split(b);
}

/* A letter without text may carry it as a file. */
static int
read_attached_text(struct body *b)
{
	const struct mime *m = b->d->mime;

	for (size_t i = 0; i < m->n_parts; i++) {
		const struct part *p = &m->parts[i];

		if (p->kind != PART_LEAF ||
		    (!part_is(p, "text/plain") && !is_html(p)) ||
		    (b->d->use[i] & USE_TEXT) != 0)
			continue;
		if (read_leaf(b, i) < 0)
			return -1;
		/* It stays in the index of attachments. */
		b->d->use[i] &= (uint8_t)~USE_TEXT;
		if (b->text.len > 0)
			return split(b);
	}
	return 0;
}

/* ---- the result --------------------------------------------------------- */

static const char *
keep(struct body *b, struct buf *text)
{
	size_t n = utf8_cut(buf_str(text), text->len, MAX_TEXT_BYTES);

	b->cut |= n < text->len;
	return arena_memdup(b->d->arena, buf_str(text), n);
}

static int
finish(struct body *b)
{
	struct message *m = b->d->msg;

	if (buf_bad(&b->text) || buf_bad(&b->own) || buf_bad(&b->quoted) ||
	    buf_bad(&b->signature))
		return -1;
	m->text = keep(b, &b->own);
	m->quoted = keep(b, &b->quoted);
	m->signature = keep(b, &b->signature);
	m->text_from = b->from;
	if (b->from != TEXT_NONE && b->charset.charset != NULL)
		m->charset = b->charset.charset;
	if (b->cut)
		m->defects |= DEFECT_TEXT_CUT;
	return m->text == NULL || m->quoted == NULL || m->signature == NULL ? -1
									    : 0;
}

static bool
nothing_found(const struct body *b)
{
	return b->own.len == 0 && b->quoted.len == 0;
}

static int
read_all(struct body *b, const void *arg)
{
	(void)arg;
	if (read_tree(b, 0) < 0 || split(b) < 0)
		return -1;
	for (size_t i = 0; i < b->n_inner; i++) {
		if (read_inner(b, b->inner[i]) < 0)
			return -1;
	}
	if (nothing_found(b) && read_attached_text(b) < 0)
		return -1;
	return finish(b);
}

/* Runs `read` with a fresh struct body. */
static int
with_body(
    struct decode *d, int (*read)(struct body *, const void *), const void *arg)
{
	struct body *b = calloc(1, sizeof(*b));
	int rc;

	if (b == NULL)
		return -1;
	b->d = d;
	rc = read(b, arg);
	buf_done(&b->text);
	buf_done(&b->own);
	buf_done(&b->quoted);
	buf_done(&b->signature);
	free(b);
	return rc;
}

int
body_read(struct decode *d)
{
	return with_body(d, read_all, NULL);
}

/* ---- text from elsewhere ------------------------------------------------ */

struct loose {
	const struct buf *raw;
	const char *charset;
	bool html;
};

static int
read_loose(struct body *b, const void *arg)
{
	const struct loose *l = arg;
	struct charset_hint hint = decode_hint(b->d);
	struct buf BUF_AUTO utf8 = BUF_INIT;
	int rc;

	if (charset_decode(buf_str(l->raw), l->raw->len, l->charset, &hint,
		&utf8, &b->charset) < 0)
		return -1;
	decode_note(b->d, &b->charset, "text");
	rc = l->html ? html_text(buf_str(&utf8), utf8.len, MAX_TEXT_BYTES, NULL,
			   &b->text, &b->cut)
		     : text_tidy(buf_str(&utf8), utf8.len, MAX_TEXT_BYTES,
			   &b->text, &b->cut);
	b->from = l->html ? TEXT_HTML : TEXT_PLAIN;
	return rc < 0 || split(b) < 0 ? -1 : finish(b);
}

int
body_take(
    struct decode *d, const struct buf *raw, const char *charset, bool html)
{
	return with_body(d, read_loose, &(struct loose){raw, charset, html});
}
