/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/str.h"
#include "parse/addresses.h"
#include "parse/date.h"
#include "parse/decode.h"
#include "parse/words.h"

void
decode_note(struct decode *d, const struct charset_result *r, const char *what)
{
	if (r->guessed)
		d->msg->defects |= DEFECT_CHARSET_GUESSED;
	if (r->charset != NULL && !r->guessed && d->nearby == NULL &&
	    strcmp(r->charset, "us-ascii") != 0)
		d->nearby = r->charset;
	if (!r->lost)
		return;
	d->msg->defects |= DEFECT_CHARSET_LOST;
	if (strstr(buf_str(&d->lost), what) == NULL) {
		buf_adds(&d->lost, d->lost.len > 0 ? ", " : "characters in ");
		buf_adds(&d->lost, what);
	}
}

struct charset_hint
decode_hint(const struct decode *d)
{
	return (struct charset_hint){.nearby = d->nearby};
}

const char *
decode_text(
    struct decode *d, const char *raw, size_t len, const char *what, size_t max)
{
	struct charset_hint hint = decode_hint(d);
	struct charset_result r = {0};
	struct buf BUF_AUTO b = BUF_INIT;

	if (words_decode(raw, len, &hint, max, &b, &r) < 0)
		return NULL;
	if (what != NULL)
		decode_note(d, &r, what);
	return arena_memdup(d->arena, buf_str(&b), b.len);
}

const char *
decode_header(
    struct decode *d, const struct headers *h, const char *name, size_t max)
{
	const struct header *f = headers_find(h, name);

	return f != NULL ? decode_text(d, f->value, f->value_len, name, max)
			 : "";
}

/* ---- addresses ---------------------------------------------------------- */

/* Adds the addresses of all fields of that name. */
static int
add_addresses(struct decode *d, const char *name, struct mail_address *list,
    size_t size, size_t *n)
{
	const struct headers *h = &d->mime->parts[0].headers;
	const struct header *f = headers_find(h, name);
	struct charset_hint hint;
	struct charset_result r;

	for (; f != NULL && *n < size;
	     f = headers_next(h, name, (size_t)(f - h->list) + 1)) {
		hint = decode_hint(d);
		r = (struct charset_result){0};
		if (addresses_parse(f->value, f->value_len, &hint, d->arena,
			list, size, n, &r) < 0)
			return -1;
		decode_note(d, &r, name);
	}
	return 0;
}

static int
one_address(struct decode *d, const char *name, struct mail_address *out)
{
	size_t n = 0;

	return add_addresses(d, name, out, 1, &n);
}

static int
recipients(struct decode *d)
{
	struct mail_address *list;
	size_t n = 0;

	list = arena_array(d->arena, MAX_ADDRESSES, sizeof(*list));
	if (list == NULL ||
	    add_addresses(d, "To", list, MAX_ADDRESSES, &n) < 0 ||
	    add_addresses(d, "Cc", list, MAX_ADDRESSES, &n) < 0)
		return -1;
	d->msg->to = list;
	d->msg->n_to = n;
	return 0;
}

/* ---- identifiers -------------------------------------------------------- */

/* The next "<…>" at *at, without the brackets and without blanks in it; ""
 * when there is none, NULL when memory is out. */
static const char *
next_id(struct decode *d, const char **at, const char *end)
{
	const char *open = memchr(*at, '<', (size_t)(end - *at)), *close;
	char *id;
	size_t n = 0;

	if (open == NULL)
		return "";
	close = memchr(open, '>', (size_t)(end - open));
	if (close == NULL)
		close = end;
	*at = close;
	if (close - open - 1 > MAX_MESSAGE_ID_BYTES)
		return "";
	id = arena_memdup(d->arena, open + 1, (size_t)(close - open - 1));
	if (id == NULL)
		return NULL;
	for (const char *c = open + 1; c < close; c++) {
		if ((unsigned char)*c > ' ' && (unsigned char)*c < 0x7f)
			id[n++] = *c;
		else if ((unsigned char)*c > 0x7f)
			id[n++] = '?';
	}
	id[n] = '\0';
	return id;
}

/* A Message-ID, in brackets or (wrongly) bare. */
static const char *
one_id(struct decode *d, const char *name)
{
	const struct header *f = headers_find(&d->mime->parts[0].headers, name);
	const char *at, *id, *line;

	if (f == NULL)
		return "";
	at = f->value;
	id = next_id(d, &at, f->value + f->value_len);
	if (id == NULL || id[0] != '\0')
		return id;
	line = header_line(f, MAX_MESSAGE_ID_BYTES, d->arena);
	if (line == NULL || strpbrk(line, "<> ") != NULL ||
	    strchr(line, '@') == NULL || !utf8_valid(line, strlen(line)))
		return line != NULL ? "" : NULL;
	return line;
}

/* The first and the last ones: a long thread's middle says nothing. */
static int
references(struct decode *d)
{
	const struct header *f =
	    headers_find(&d->mime->parts[0].headers, "References");
	const char **list, *at, *end, *id;
	size_t n = 0;

	if (f == NULL)
		return 0;
	list = arena_array(d->arena, MAX_REFERENCES, sizeof(*list));
	at = f->value;
	end = at + f->value_len;
	while (list != NULL && (id = next_id(d, &at, end)) != NULL) {
		if (id[0] == '\0' &&
		    memchr(at, '<', (size_t)(end - at)) == NULL)
			break;
		if (id[0] == '\0')
			continue;
		if (n == MAX_REFERENCES)
			memmove(list + 1, list + 2, (--n - 1) * sizeof(*list));
		list[n++] = id;
	}
	if (list == NULL || id == NULL)
		return -1;
	d->msg->references = list;
	d->msg->n_references = n;
	return 0;
}

int
envelope_read(struct decode *d)
{
	const struct headers *h = &d->mime->parts[0].headers;
	const struct header *date = headers_find(h, "Date");
	struct message *m = d->msg;

	m->subject = decode_header(d, h, "Subject", MAX_SUBJECT_BYTES);
	m->message_id = one_id(d, "Message-ID");
	m->in_reply_to = one_id(d, "In-Reply-To");
	if (date != NULL)
		m->date_s = date_parse(date->value, date->value_len);
	if (m->subject == NULL || m->message_id == NULL ||
	    m->in_reply_to == NULL)
		return -1;
	return one_address(d, "From", &m->from) < 0 ||
		       one_address(d, "Sender", &m->sender) < 0 ||
		       one_address(d, "Reply-To", &m->reply_to) < 0 ||
		       recipients(d) < 0 || references(d) < 0
		   ? -1
		   : 0;
}
