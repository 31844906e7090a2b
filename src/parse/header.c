/* SPDX-License-Identifier: ISC */
#include "parse/header.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/limits.h"

/* No header of mail has a longer name. */
#define MAX_NAME 80
/* Lines behind a blank one that may still belong to a fold: filters put whole
 * reports into a header. */
#define FOLD_LOOK 120

size_t
header_line_at(const char *data, size_t len, size_t at, size_t *next_out)
{
	const char *nl = memchr(data + at, '\n', len - at);
	size_t end = nl != NULL ? (size_t)(nl - data) : len;

	*next_out = nl != NULL ? end + 1 : len;
	while (end > at && data[end - 1] == '\r')
		end--;
	return end - at;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

bool
header_like(
    const char *line, size_t len, size_t *name_len_out, size_t *value_out)
{
	size_t n = 0, at;

	while (n < len && n <= MAX_NAME && line[n] > ' ' && line[n] < 0x7f &&
	       line[n] != ':')
		n++;
	for (at = n; at < len && is_blank(line[at]);)
		at++;
	if (n == 0 || n > MAX_NAME || at >= len || line[at] != ':')
		return false;
	/* A web address is no header, wherever it stands. */
	if (len - at > 2 && line[at + 1] == '/' && line[at + 2] == '/')
		return false;
	*name_len_out = n;
	*value_out = at + 1;
	return true;
}

/* A line that goes on with the field above it: indented, or an encoded word
 * that some mailers forget to indent. */
static bool
is_fold(const char *line, size_t len)
{
	return is_blank(line[0]) ||
	       (len > 8 && line[0] == '=' && line[1] == '?' &&
		   memmem(line, len, "?=", 2) != NULL);
}

static bool
name_is(const char *name, size_t len, const char *wanted)
{
	return strlen(wanted) == len && strncasecmp(name, wanted, len) == 0;
}

/* Names that tell a header of mail from a line of text with a colon. */
static bool
is_known(const char *name, size_t len)
{
	static const char *const names[] = {"From", "To", "Cc", "Bcc",
	    "Subject", "Date", "Sender", "Reply-To", "Message-ID",
	    "In-Reply-To", "References", "Received", "Return-Path",
	    "Delivered-To", "Precedence", "Importance", "Priority",
	    "Sensitivity", "Organization", "Comments", "Keywords", "Encoding",
	    "Status", "Lines", "User-Agent", "Envelope-To", "Delivery-Date",
	    "Errors-To", "Auto-Submitted", "Thread-Topic", "Thread-Index",
	    "Accept-Language", "MIME-Version"};
	static const char *const prefixes[] = {"X-", "Content-", "List-",
	    "Resent-", "DKIM-", "ARC-", "Authentication-", "Received-",
	    "Disposition-", "DomainKey-", "Original-"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (name_is(name, len, names[i]))
			return true;
	}
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		size_t n = strlen(prefixes[i]);

		if (len > n && strncasecmp(name, prefixes[i], n) == 0)
			return true;
	}
	return false;
}

/* ---- the block ---------------------------------------------------------- */

enum line_kind { LINE_EMPTY, LINE_FIELD, LINE_FOLD, LINE_JUNK, LINE_STOP };

struct block {
	const char *data;
	size_t len;
	header_stop_fn *stop;
	void *arg;
	size_t n_fields;
	bool known;    /* some name was one of mail's */
	size_t junk;   /* first junk line behind the last field; len if none */
	size_t end;    /* behind the last line of the block */
	size_t looked; /* blanks_go_on() has decided up to here: true */
	bool separated;
	bool cut;
};

/* A line of blanks only: a fold when the header goes on behind it, at once or
 * after more of the fold; else what was meant as the empty line. */
static bool
blanks_go_on(struct block *b, size_t next)
{
	size_t name, value, after, n, i;

	if (next <= b->looked)
		return true;
	for (int k = 0; k < FOLD_LOOK && next < b->len; k++, next = after) {
		n = header_line_at(b->data, b->len, next, &after);
		for (i = 0; i < n && is_blank(b->data[next + i]);)
			i++;
		if (n == 0)
			return false;
		if (i > 0)
			continue;
		if (!header_like(b->data + next, n, &name, &value) ||
		    !is_known(b->data + next, name))
			return false;
		b->looked = next;
		return true;
	}
	return false;
}

static enum line_kind
kind_of(struct block *b, size_t at, size_t n, size_t next)
{
	const char *line = b->data + at;
	size_t name, value, i = 0;

	if (n == 0)
		return LINE_EMPTY;
	if (b->stop != NULL && b->stop(b->arg, line, n))
		return LINE_STOP;
	if (is_blank(line[0]) || (b->junk == b->len && is_fold(line, n))) {
		while (i < n && is_blank(line[i]))
			i++;
		if (i == n && !blanks_go_on(b, next))
			return LINE_EMPTY;
		return b->n_fields > 0 ? LINE_FOLD : LINE_JUNK;
	}
	if (!header_like(line, n, &name, &value))
		return LINE_JUNK;
	/* Behind junk only a header beyond doubt: the junk may be text. */
	if (b->junk < b->len && !is_known(line, name))
		return LINE_JUNK;
	return LINE_FIELD;
}

/* Counts a line that begins within the limit. */
static void
take_line(struct block *b, enum line_kind kind, size_t at, size_t n)
{
	size_t name, value;

	if (kind == LINE_JUNK && b->junk == b->len)
		b->junk = at;
	if (kind != LINE_FIELD || b->n_fields == MAX_HEADER_LINES)
		return;
	b->n_fields++;
	b->junk = b->len;
	if (!b->known && header_like(b->data + at, n, &name, &value))
		b->known = is_known(b->data + at, name);
}

/* Finds where the block ends and how many fields it has. */
static void
survey(struct block *b)
{
	enum line_kind kind = LINE_JUNK;
	size_t at = 0, next = 0, n;

	b->junk = b->len;
	while (at < b->len) {
		n = header_line_at(b->data, b->len, at, &next);
		kind = kind_of(b, at, n, next);
		if (kind == LINE_EMPTY || kind == LINE_STOP)
			break;
		/* That much behind junk is no header any more. */
		if (b->junk < b->len && next > MAX_HEADER_BYTES)
			break;
		b->cut |=
		    next > MAX_HEADER_BYTES ||
		    (kind == LINE_FIELD && b->n_fields == MAX_HEADER_LINES);
		if (at < MAX_HEADER_BYTES)
			take_line(b, kind, at, n);
		at = next;
	}
	b->separated = at < b->len && kind == LINE_EMPTY;
	b->end = b->separated ? next : at;
}

/* Slices the fields that survey() counted; returns how many there are. */
static size_t
slice(const struct block *b, struct header *list)
{
	size_t at = 0, next, n, name, value, i = 0;
	bool open = false; /* the line above belongs to the last field */

	while (at < b->end && i <= b->n_fields) {
		const char *line = b->data + at;

		n = header_line_at(b->data, b->len, at, &next);
		if (at >= b->junk || n == 0 || at >= MAX_HEADER_BYTES)
			break;
		if (n > MAX_HEADER_BYTES - at)
			n = MAX_HEADER_BYTES - at;
		if (is_fold(line, n) && open) {
			list[i - 1].value_len =
			    (size_t)(line + n - list[i - 1].value);
		} else if (header_like(line, n, &name, &value)) {
			if (i == b->n_fields)
				break;
			list[i++] = (struct header){
			    line, name, line + value, n - value};
			open = true;
		} else {
			open = false;
		}
		at = next;
	}
	return i;
}

static int
read_block(struct block *b, struct arena *arena, struct headers *out)
{
	struct header *list;
	const struct header *cte;

	*out = (struct headers){NULL, 0, 0, false, false};
	survey(b);
	if (!b->known) {
		/* No header at all; an empty line in front is none of the
		 * text. */
		out->separated =
		    b->n_fields == 0 && b->separated && b->junk == b->len;
		out->body = out->separated ? b->end : 0;
		return 0;
	}
	list = arena_array(arena, b->n_fields, sizeof(*list));
	if (list == NULL)
		return -1;
	out->n = slice(b, list);
	out->list = list;
	out->body = b->end;
	out->separated = b->separated;
	out->cut = b->cut;
	/* Junk behind the last field is more likely text whose empty line was
	 * forgotten, but base64 cannot begin with it. */
	cte = headers_find(out, "Content-Transfer-Encoding");
	if (b->junk < b->len && !b->cut &&
	    (cte == NULL ||
		memmem(cte->value, cte->value_len, "64", 2) == NULL)) {
		out->body = b->junk;
		out->separated = false;
	}
	return 0;
}

int
headers_read(const char *data, size_t len, header_stop_fn *stop, void *arg,
    struct arena *arena, struct headers *out)
{
	struct block b = {.data = data, .len = len, .stop = stop, .arg = arg};

	return read_block(&b, arena, out);
}

int
headers_read_fields(
    const char *data, size_t len, struct arena *arena, struct headers *out)
{
	struct block b = {.data = data, .len = len, .known = true};

	return read_block(&b, arena, out);
}

/* ---- access ------------------------------------------------------------- */

const struct header *
headers_next(const struct headers *h, const char *name, size_t from)
{
	for (size_t i = from; i < h->n; i++) {
		if (name_is(h->list[i].name, h->list[i].name_len, name))
			return &h->list[i];
	}
	return NULL;
}

const struct header *
headers_find(const struct headers *h, const char *name)
{
	return headers_next(h, name, 0);
}

const char *
header_line(const struct header *f, size_t max, struct arena *arena)
{
	size_t n = 0, len = f->value_len;
	char *out;

	if (max != 0 && len > max)
		len = max;
	out = arena_alloc(arena, len + 1);
	if (out == NULL)
		return NULL;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)f->value[i];

		if (c > ' ' && c != 0x7f)
			out[n++] = (char)c;
		else if (n > 0 && out[n - 1] != ' ')
			out[n++] = ' ';
	}
	while (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	return out;
}

const char *
headers_line(const struct headers *h, const char *name, struct arena *arena)
{
	const struct header *f = headers_find(h, name);

	return f != NULL ? header_line(f, 0, arena) : "";
}
