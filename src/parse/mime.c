/* SPDX-License-Identifier: ISC */
#include "parse/mime.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/str.h"
#include "parse/charset.h"
#include "parse/message.h"
#include "parse/params.h"
#include "parse/sealed.h"

/* RFC 2046 has 70; longer ones are seen. */
#define MAX_BOUNDARY 255
/* How far into a body a boundary is looked for that the header does not tell.
 */
#define GUESS_BYTES (256UL << 10)

/* A decoded body, kept while slices point into it. */
struct kept {
	struct kept *next;
	struct buf data;
};

/* A part whose end has not been seen. */
struct open {
	size_t part;
	const char *boundary; /* NULL: no multipart */
	size_t len;
	uint32_t hash;
	bool closed; /* its last boundary has passed */
};

/* Bytes to find parts in: the message, or a body that was decoded. */
struct source {
	const char *data;
	size_t len;
	size_t parent; /* whose children they are; NO_PART for the message */
	const char *boundary; /* else: the body of one message */
};

struct scan {
	struct mime *m;
	const char *data;
	size_t len;
	struct open open[MAX_MIME_DEPTH + 2];
	size_t n_open;
	struct source *todo; /* a list that grows as parts are closed */
	size_t n_todo;
	size_t todo_room;
	bool full; /* MAX_MIME_PARTS reached */
};

/* ---- the tree ----------------------------------------------------------- */

bool
part_is(const struct part *p, const char *type)
{
	size_t n = strlen(type);

	if (n > 0 && type[n - 1] == '/')
		return strncmp(p->type, type, n) == 0;
	return strcmp(p->type, type) == 0;
}

bool
part_is_named(const struct part *p, const char *name)
{
	return (p->raw_type != NULL &&
		   str_icontains(p->raw_type, name) != NULL) ||
	       (p->raw_disposition != NULL &&
		   str_icontains(p->raw_disposition, name) != NULL);
}

size_t
mime_skip(const struct mime *m, size_t p)
{
	while (p != NO_PART && m->parts[p].next == NO_PART)
		p = m->parts[p].parent;
	return p != NO_PART ? m->parts[p].next : NO_PART;
}

size_t
mime_next(const struct mime *m, size_t p)
{
	return m->parts[p].child != NO_PART ? m->parts[p].child
					    : mime_skip(m, p);
}

/* A new last child of parent; NO_PART when memory is out. */
static size_t
add_part(struct mime *m, size_t parent)
{
	struct part *grown, *p;
	size_t room, i = m->n_parts;

	if (i == m->room) {
		room = m->room == 0 ? 8 : m->room * 2;
		grown = reallocarray(m->parts, room, sizeof(*grown));
		if (grown == NULL)
			return NO_PART;
		m->parts = grown;
		m->room = room;
	}
	p = &m->parts[i];
	*p = (struct part){.parent = parent,
	    .child = NO_PART,
	    .next = NO_PART,
	    .last = NO_PART};
	m->n_parts++;
	if (parent == NO_PART)
		return i;
	p->depth = m->parts[parent].depth + 1;
	if (m->parts[parent].child == NO_PART)
		m->parts[parent].child = i;
	else
		m->parts[m->parts[parent].last].next = i;
	m->parts[parent].last = i;
	return i;
}

/* ---- what a part is ----------------------------------------------------- */

/* "Text/Plain; charset=…" → "text/plain". */
static const char *
clean_type(const char *raw, const char *fallback, struct arena *arena)
{
	size_t n = strcspn(raw, "; \t,(");
	char *type;

	if (n == 0 || n > MAX_NAME_BYTES)
		return fallback;
	type = arena_memdup(arena, raw, n);
	if (type == NULL)
		return NULL;
	for (char *c = type; *c != '\0'; c++) {
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
		else if (*c <= ' ' || *c > '~')
			*c = '?';
	}
	if (strcmp(type, "text") == 0 || strcmp(type, "plain") == 0)
		return "text/plain";
	if (strcmp(type, "html") == 0)
		return "text/html";
	if (strcmp(type, "multipart") == 0)
		return "multipart/mixed";
	return strchr(type, '/') != NULL ? type : fallback;
}

/* NULL stays NULL for a header that is not there. */
static const char *
line_or_null(const struct part *p, const char *name, struct mime *m)
{
	return headers_find(&p->headers, name) != NULL
		   ? headers_line(&p->headers, name, m->arena)
		   : NULL;
}

static int
describe(struct mime *m, struct part *p)
{
	const char *fallback = "text/plain", *cte;

	if (p->parent != NO_PART && m->parts[p->parent].type != NULL &&
	    part_is(&m->parts[p->parent], "multipart/digest"))
		fallback = "message/rfc822";
	p->raw_type = line_or_null(p, "Content-Type", m);
	p->raw_disposition = line_or_null(p, "Content-Disposition", m);
	cte = headers_line(&p->headers, "Content-Transfer-Encoding", m->arena);
	p->type = clean_type(
	    p->raw_type != NULL ? p->raw_type : "", fallback, m->arena);
	if (cte == NULL || p->type == NULL)
		return -1;
	p->encoding = transfer_encoding(cte);
	p->attached = p->raw_disposition != NULL &&
		      str_istarts(p->raw_disposition, "attachment");
	return 0;
}

static bool
ends_in(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && str_ieq(s + n - m, end);
}

static bool
holds_message(const struct part *p)
{
	if (part_is(p, "message/rfc822") || part_is(p, "message/global") ||
	    part_is(p, "message/news"))
		return true;
	/* RFC 2046 section 5.2.2: the first piece begins with the header of
	 * the letter that was cut to pieces. */
	if (part_is(p, "message/partial"))
		return p->raw_type != NULL &&
		       (str_icontains(p->raw_type, "number=1;") != NULL ||
			   str_icontains(p->raw_type, "number=\"1\"") != NULL ||
			   ends_in(p->raw_type, "number=1"));
	/* Phones and webmail attach mails under any type. */
	return part_is(p, "application/octet-stream") &&
	       part_is_named(p, ".eml");
}

/* ---- boundaries --------------------------------------------------------- */

static size_t
trimmed(const char *s, size_t len)
{
	while (len > 0 && (unsigned char)s[len - 1] <= ' ')
		len--;
	return len;
}

/* The innermost open multipart with this boundary; those that are not closed
 * yet go first.  n_open if none. */
static size_t
find_open(const struct scan *s, const char *boundary, size_t len)
{
	uint32_t hash = hash_quick(boundary, len);
	size_t closed = s->n_open;

	for (size_t i = s->n_open; i-- > 0;) {
		const struct open *o = &s->open[i];

		if (o->boundary == NULL || o->hash != hash || o->len != len ||
		    memcmp(o->boundary, boundary, len) != 0)
			continue;
		if (!o->closed)
			return i;
		if (closed == s->n_open)
			closed = i;
	}
	return closed;
}

/* Whether a line is a boundary, and whose; *last_out: the closing one. */
static bool
match(const struct scan *s, const char *line, size_t len, size_t *open_out,
    bool *last_out)
{
	if (len < 3 || line[0] != '-' || line[1] != '-')
		return false;
	len = trimmed(line, len);
	if (len < 3 || len > MAX_BOUNDARY + 4)
		return false;
	*last_out = false;
	*open_out = find_open(s, line + 2, len - 2);
	if (*open_out < s->n_open)
		return true;
	if (len < 5 || line[len - 1] != '-' || line[len - 2] != '-')
		return false;
	*last_out = true;
	*open_out = find_open(s, line + 2, len - 4);
	return *open_out < s->n_open;
}

static bool
is_boundary(void *arg, const char *line, size_t len)
{
	size_t open;
	bool last;

	return match(arg, line, len, &open, &last);
}

/* The boundary parameter; NULL if there is none (or memory is out, which the
 * next allocation will notice). */
static const char *
boundary_of(struct mime *m, const struct part *p)
{
	struct buf BUF_AUTO b = BUF_INIT;
	struct charset_result ignored;
	size_t len;

	if (p->raw_type == NULL ||
	    params_find(p->raw_type, strlen(p->raw_type), "boundary", NULL,
		MAX_BOUNDARY, &b, &ignored) <= 0)
		return NULL;
	len = trimmed(buf_str(&b), b.len);
	return len > 0 ? arena_memdup(m->arena, b.data, len) : NULL;
}

/* Whether a line looks like a boundary: "--" and then only characters that a
 * parameter could name. */
static bool
boundary_like(const char *line, size_t len)
{
	if (len < 3 || len > MAX_BOUNDARY + 2 || line[0] != '-' ||
	    line[1] != '-')
		return false;
	for (size_t i = 2; i < len; i++) {
		if (line[i] < ' ' || line[i] > '~')
			return false;
	}
	return true;
}

/* A line "--X" with a "Content-…" header behind it: X is a boundary that the
 * header told wrong or not at all. */
static const char *
guess_boundary(struct mime *m, const char *data, size_t len)
{
	size_t at = 0, next = 0, n, name, value, after;

	if (len > GUESS_BYTES)
		len = GUESS_BYTES;
	for (; at < len; at = next) {
		n = header_line_at(data, len, at, &next);
		n = trimmed(data + at, n);
		if (next >= len || !boundary_like(data + at, n))
			continue;
		after = header_line_at(data, len, next, &(size_t){0});
		if (header_like(data + next, after, &name, &value) &&
		    name > 8 && strncasecmp(data + next, "Content-", 8) == 0)
			return arena_memdup(m->arena, data + at + 2, n - 2);
	}
	return NULL;
}

/* ---- work for later ----------------------------------------------------- */

static int
add_source(struct scan *s, struct source src)
{
	struct source *grown;

	if (s->n_todo == s->todo_room) {
		size_t room = s->todo_room == 0 ? 8 : s->todo_room * 2;

		grown = reallocarray(s->todo, room, sizeof(*grown));
		if (grown == NULL)
			return -1;
		s->todo = grown;
		s->todo_room = room;
	}
	s->todo[s->n_todo++] = src;
	return 0;
}

/* Decodes a body that may hold parts, against RFC 2045 section 6.4; kept until
 * the tree goes.  NULL when memory is out. */
static const struct buf *
decode_kept(struct mime *m, const struct part *p)
{
	struct kept *k = calloc(1, sizeof(*k));
	bool damaged = false;

	if (k == NULL)
		return NULL;
	k->next = m->kept;
	m->kept = k;
	buf_init(&k->data, 0);
	transfer_decode(p->encoding, p->body, p->body_len, &k->data, &damaged);
	if (damaged)
		m->defects |= DEFECT_STRUCTURE;
	return buf_bad(&k->data) ? NULL : &k->data;
}

/* ---- opening and closing parts ------------------------------------------ */

/* Without any part inside, a body is text. */
static void
make_text(struct part *p)
{
	p->kind = PART_LEAF;
	p->type = "text/plain";
}

/* A multipart without parts: its boundary is wrong, or it is only text. */
static int
mend_multipart(struct scan *s, size_t i)
{
	struct part *p = &s->m->parts[i];
	const char *boundary =
	    p->mended ? NULL : guess_boundary(s->m, p->body, p->body_len);

	s->m->defects |= DEFECT_STRUCTURE;
	p->mended = true;
	if (boundary != NULL)
		return add_source(
		    s, (struct source){p->body, p->body_len, i, boundary});
	make_text(p);
	return 0;
}

/* Whether a part that must not be encoded (RFC 2045 section 6.4) only says that
 * it is: its boundary, or the header of the letter in it, stands there. */
static bool
is_readable(
    struct mime *m, const struct part *p, const char *boundary, size_t left)
{
	const char *at = p->body, *end = p->body + left;
	size_t n = boundary != NULL ? strlen(boundary) : 0;
	struct headers inner;

	if (left > GUESS_BYTES)
		end = at + GUESS_BYTES;
	if (p->kind == PART_MESSAGE)
		return p->encoding == ENC_BASE64 &&
		       headers_read(p->body, (size_t)(end - at), NULL, NULL,
			   m->arena, &inner) == 0 &&
		       inner.n > 0;
	while (n > 0 &&
	       (at = memmem(at, (size_t)(end - at), boundary, n)) != NULL) {
		if (at - p->body >= 2 && at[-1] == '-' && at[-2] == '-' &&
		    (at - p->body == 2 || at[-3] == '\n'))
			return true;
		at++;
	}
	return false;
}

/* A multipart or message whose whole body is encoded. */
static int
open_encoded(struct scan *s, size_t i)
{
	struct part *p = &s->m->parts[i];
	const struct buf *b = decode_kept(s->m, p);
	const char *boundary = NULL;

	if (b == NULL)
		return -1;
	if (p->kind == PART_MULTIPART) {
		boundary = boundary_of(s->m, p);
		if (boundary == NULL)
			boundary = guess_boundary(s->m, buf_str(b), b->len);
		if (boundary == NULL) {
			make_text(p);
			return 0;
		}
		p->encoding = ENC_IDENTITY;
		p->body = buf_str(b);
	}
	return add_source(s, (struct source){buf_str(b), b->len, i, boundary});
}

/* The letter inside of an opaque signature takes the signature's place; what
 * is encrypted stays as it is. */
static int
open_signed(struct scan *s, size_t i)
{
	struct kept *k = calloc(1, sizeof(*k));
	struct part *p = &s->m->parts[i];
	struct buf BUF_AUTO b = BUF_INIT;
	bool found, damaged = false;

	if (k == NULL)
		return -1;
	k->next = s->m->kept;
	s->m->kept = k;
	buf_init(&k->data, 0);
	transfer_decode(p->encoding, p->body, p->body_len, &b, &damaged);
	found = !buf_bad(&b) && sealed_open(b.data, b.len, &k->data);
	if (buf_bad(&b) || buf_bad(&k->data))
		return -1;
	if (!found)
		return 0;
	p->kind = PART_MULTIPART;
	p->type = "multipart/mixed";
	p->attached = false;
	return add_source(
	    s, (struct source){buf_str(&k->data), k->data.len, i, NULL});
}

/* Ends every open part above the first n at offset `end`. */
static int
close_down_to(struct scan *s, size_t n, size_t end)
{
	while (s->n_open > n) {
		const struct open *o = &s->open[--s->n_open];
		struct part *p = &s->m->parts[o->part];
		size_t start = (size_t)(p->body - s->data);

		p->body_len = end > start ? end - start : 0;
		if (o->boundary != NULL && !o->closed && p->child != NO_PART)
			s->m->defects |= DEFECT_STRUCTURE;
		if (p->child != NO_PART ||
		    (p->kind == PART_LEAF && !sealed_possible(p)))
			continue;
		if ((p->kind == PART_LEAF ? open_signed(s, o->part)
			: p->encoding != ENC_IDENTITY
			    ? open_encoded(s, o->part)
			    : mend_multipart(s, o->part)) < 0)
			return -1;
	}
	return 0;
}

static void
push(struct scan *s, size_t part, const char *boundary)
{
	struct open *o = &s->open[s->n_open++];

	*o = (struct open){.part = part, .boundary = boundary};
	if (boundary != NULL) {
		o->len = strlen(boundary);
		o->hash = hash_quick(boundary, o->len);
	}
}

/* Reads one part's header at `at` and decides what it is; *body_out is where
 * its body begins. */
static int
open_part(struct scan *s, size_t parent, size_t at, size_t *body_out)
{
	size_t i = add_part(s->m, parent);
	const char *boundary = NULL;
	struct part *p;
	bool deep;

	if (i == NO_PART)
		return -1;
	p = &s->m->parts[i];
	if (headers_read(s->data + at, s->len - at, is_boundary, s, s->m->arena,
		&p->headers) < 0 ||
	    describe(s->m, p) < 0)
		return -1;
	if (p->headers.cut)
		s->m->defects |= DEFECT_HEADER_CUT;
	*body_out = at + p->headers.body;
	p->body = s->data + *body_out;
	deep = p->depth + 1 >= MAX_MIME_DEPTH;
	if (part_is(p, "multipart/"))
		p->kind = PART_MULTIPART;
	else if (holds_message(p))
		p->kind = PART_MESSAGE;
	if (deep && p->kind != PART_LEAF) {
		s->m->defects |= DEFECT_DEPTH;
		p->kind = PART_LEAF;
		p->type = "text/plain";
	}
	if (p->kind == PART_MULTIPART)
		boundary = boundary_of(s->m, p);
	if (p->kind != PART_LEAF && p->encoding != ENC_IDENTITY &&
	    is_readable(s->m, p, boundary, s->len - *body_out))
		p->encoding = ENC_IDENTITY;
	push(s, i, p->encoding == ENC_IDENTITY ? boundary : NULL);
	return 0;
}

/* Opens a part, and the messages directly inside of it. */
static int
open_parts(struct scan *s, size_t parent, size_t at, size_t *body_out)
{
	const struct part *p;

	do {
		if (s->m->n_parts >= MAX_MIME_PARTS) {
			s->m->defects |= DEFECT_DEPTH;
			s->full = true;
			return 0;
		}
		if (open_part(s, parent, at, body_out) < 0)
			return -1;
		at = *body_out;
		parent = s->m->n_parts - 1;
		p = &s->m->parts[parent];
	} while (p->kind == PART_MESSAGE && p->encoding == ENC_IDENTITY);
	return 0;
}

/* ---- one source --------------------------------------------------------- */

/* The offset of the next line that starts with "--"; `at` is the start of a
 * line.  len if there is none. */
static size_t
next_dashes(const struct scan *s, size_t at)
{
	const char *nl;

	for (; at < s->len; at = (size_t)(nl - s->data) + 1) {
		if (s->len - at >= 2 && s->data[at] == '-' &&
		    s->data[at + 1] == '-')
			return at;
		nl = memchr(s->data + at, '\n', s->len - at);
		if (nl == NULL)
			break;
	}
	return s->len;
}

/* The line end in front of a boundary belongs to the boundary. */
static size_t
before_boundary(const struct scan *s, size_t at)
{
	if (at > 0 && s->data[at - 1] == '\n')
		at--;
	while (at > 0 && s->data[at - 1] == '\r')
		at--;
	return at;
}

static int
on_boundary(struct scan *s, size_t at, size_t next, size_t open, bool last,
    size_t *at_out)
{
	*at_out = next;
	if (close_down_to(s, open + 1, before_boundary(s, at)) < 0)
		return -1;
	s->open[open].closed = last;
	return last ? 0 : open_parts(s, s->open[open].part, next, at_out);
}

/* Walks from boundary to boundary. */
static int
walk(struct scan *s, size_t at)
{
	size_t next, n, open;
	bool last;

	while (!s->full && (at = next_dashes(s, at)) < s->len) {
		n = header_line_at(s->data, s->len, at, &next);
		if (!match(s, s->data + at, n, &open, &last))
			at = next;
		else if (on_boundary(s, at, next, open, last, &at) < 0)
			return -1;
	}
	return close_down_to(s, 0, s->full ? at : s->len);
}

static int
scan_source(struct scan *s, const struct source *src)
{
	size_t at = 0;

	s->data = src->data;
	s->len = src->len;
	s->n_open = 0;
	if (src->boundary != NULL)
		push(s, src->parent, src->boundary);
	else if (open_parts(s, src->parent, 0, &at) < 0)
		return -1;
	return walk(s, at);
}

int
mime_parse(struct mime *m, const char *raw, size_t len)
{
	struct scan *s = calloc(1, sizeof(*s));
	int rc;

	*m = (struct mime){.arena = arena_new()};
	if (s == NULL || m->arena == NULL) {
		free(s);
		return -1;
	}
	s->m = m;
	rc = add_source(s, (struct source){raw, len, NO_PART, NULL});
	/* A copy: the list may move while it grows. */
	for (size_t i = 0; rc == 0 && i < s->n_todo && !s->full; i++)
		rc = scan_source(
		    s, &(struct source){s->todo[i].data, s->todo[i].len,
			   s->todo[i].parent, s->todo[i].boundary});
	free(s->todo);
	free(s);
	return rc;
}

void
mime_done(struct mime *m)
{
	struct kept *k, *next;

	for (k = m->kept; k != NULL; k = next) {
		next = k->next;
		buf_done(&k->data);
		free(k);
	}
	free(m->parts);
	arena_free(&m->arena);
	*m = (struct mime){0};
}
