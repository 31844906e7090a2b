/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/str.h"
#include "parse/decode.h"
#include "parse/html.h"
#include "parse/split.h"
#include "parse/stub.h"
#include "parse/text.h"
#include "parse/textpart.h"

/* Messages inside messages whose text is read. */
#define MAX_INNER 50
/* HTML parts that are compared with the text in front of them. */
#define MAX_COMPARED 10

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
	unsigned n_compared;
};

/* ---- gathering ---------------------------------------------------------- */

/* Joins a part's text to what there is, by a blank line. */
static void
use_text(struct body *b, size_t i, const struct part_text *t)
{
	const struct part *p = &b->d->mime->parts[i];

	b->d->use[i] |= USE_TEXT;
	b->cut |= t->cut;
	decode_note(b->d, &t->charset, "text");
	charset_result_add(&b->charset, &t->charset);
	if (t->text.len == 0)
		return;
	if (b->from == TEXT_NONE)
		b->from = textpart_is_html(p) ? TEXT_HTML : TEXT_PLAIN;
	if (b->text.len > 0)
		buf_adds(&b->text,
		    buf_str(&b->text)[b->text.len - 1] == '\n' ? "\n" : "\n\n");
	buf_add(&b->text, t->text.data, t->text.len);
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
is_repeated(struct body *b, const struct part *p, const struct buf *text)
{
	struct buf BUF_AUTO old = BUF_INIT;
	struct buf BUF_AUTO new = BUF_INIT;

	if (b->from != TEXT_PLAIN || !textpart_is_html(p) || b->text.len == 0 ||
	    b->n_compared++ >= MAX_COMPARED)
		return false;
	squeeze(&b->text, &old);
	squeeze(text, &new);
	return new.len > 0 &&
	       memmem(buf_str(&old), old.len, new.data, new.len) != NULL;
}

static int
read_leaf(struct body *b, size_t i)
{
	struct part_text t;
	int rc = textpart_decode(b->d, i, &t);

	if (rc == 0) {
		if (is_repeated(b, &b->d->mime->parts[i], &t.text))
			buf_clear(&t.text);
		use_text(b, i, &t);
	}
	buf_done(&t.text);
	return rc;
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

		if (textpart_is_readable(p) && textpart_is_html(p) == html)
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

		if (textpart_is_readable(p) &&
		    (!textpart_has_name(p) || p->parent == top))
			d->use[i] |= USE_TEXT;
		i = p->kind == PART_MESSAGE ? mime_skip(d->mime, i)
					    : mime_next(d->mime, i);
	}
}

/* The HTML's turn: its text is taken where it says more. */
static int
weigh(struct body *b, size_t plain, const struct part_text *p, size_t html)
{
	struct part_text h;
	int rc = textpart_decode(b->d, html, &h);

	if (rc == 0 && stub_is(buf_str(&p->text), p->text.len, p->charset.lost,
			   buf_str(&h.text), h.text.len, h.charset.lost))
		use_text(b, html, &h);
	else if (rc == 0)
		use_text(b, plain, p);
	buf_done(&h.text);
	return rc;
}

/* Plain text and HTML of one letter: the plain one, unless it says less. */
static int
read_both(struct body *b, size_t plain, size_t html)
{
	struct part_text p;
	int rc = textpart_decode(b->d, plain, &p);

	/* The HTML is only read where it may be needed: it costs most. */
	if (rc == 0 &&
	    stub_possible(buf_str(&p.text), p.text.len, p.charset.lost)) {
		rc = weigh(b, plain, &p, html);
	} else if (rc == 0) {
		use_text(b, plain, &p);
		rc = textpart_find_links(b->d, html);
	}
	buf_done(&p.text);
	return rc;
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
	return textpart_has_name(p) &&
	       (b->from != TEXT_NONE || b->text.len > 0);
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
	else if (textpart_is_readable(p) && !is_file(b, p))
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
		    (!part_is(p, "text/plain") && !textpart_is_html(p)) ||
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
