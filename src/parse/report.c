/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/str.h"
#include "parse/bounce.h"
#include "parse/decode.h"
#include "parse/signs.h"

/* Groups of fields that are read: a report names each recipient once. */
#define MAX_GROUPS 100
/* How much of a bounce's text is searched. */
#define SEARCH_BYTES 20000UL

/* ---- fields ------------------------------------------------------------- */

/* A field of a report group as one clean line; "" if absent. */
static const char *
field(struct decode *d, const struct headers *h, const char *name)
{
	const struct header *f = headers_find(h, name);

	return f != NULL ? decode_text(
			       d, f->value, f->value_len, NULL, MAX_SIGN_BYTES)
			 : "";
}

/* "rfc822; user@example.com" → what stands behind the type; "" when it is too
 * long. */
static const char *
after_type(struct decode *d, const char *value, size_t max)
{
	const char *semicolon = strchr(value, ';');
	size_t len;

	if (semicolon != NULL)
		value = semicolon + 1;
	value += strspn(value, " <");
	len = strcspn(value, ">");
	while (len > 0 && value[len - 1] == ' ')
		len--;
	return len <= max ? arena_memdup(d->arena, value, len) : "";
}

/* The same for a field with an address; "" when it is none: a pipe, a file. */
static const char *
address_of(struct decode *d, const struct headers *h, const char *name)
{
	const char *value = field(d, h, name), *addr;

	if (value == NULL)
		return NULL;
	addr = after_type(d, value, MAX_ADDRESS_BYTES);
	if (addr == NULL)
		return NULL;
	return strchr(addr, '@') > addr && strpbrk(addr, "| ") == NULL ? addr
								       : "";
}

static const char *
lower(struct decode *d, const char *s)
{
	char *copy = arena_memdup(d->arena, s, strcspn(s, " ;(,"));

	for (char *c = copy; c != NULL && *c != '\0'; c++) {
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	}
	return copy;
}

/* A Message-ID without its brackets. */
static const char *
bare_id(struct decode *d, const char *value)
{
	value += strspn(value, " <");
	return arena_memdup(d->arena, value, strcspn(value, "> \t\n"));
}

/* ---- delivery status, RFC 3464 ------------------------------------------ */

/* Takes one recipient's group.  Later groups only count when they tell of a
 * failure and the earlier ones did not. */
static int
take_recipient(struct decode *d, const struct headers *h)
{
	struct mail_signs *s = &d->msg->signs;
	const char *action = field(d, h, "Action");
	const char *to = address_of(d, h, "Original-Recipient");
	const char *status = field(d, h, "Status");
	const char *code = field(d, h, "Diagnostic-Code");

	if (action == NULL || to == NULL || status == NULL || code == NULL)
		return -1;
	action = lower(d, action);
	if (action == NULL)
		return -1;
	if (s->report_recipient[0] != '\0' &&
	    (strcmp(s->report_action, "failed") == 0 ||
		strcmp(action, "failed") != 0))
		return 0;
	if (to[0] == '\0')
		to = address_of(d, h, "Final-Recipient");
	if (to != NULL && to[0] == '\0')
		to = address_of(d, h, "X-Actual-Recipient");
	s->report_action = action;
	s->report_recipient = to;
	s->report_status = lower(d, status);
	/* "smtp; 550 5.1.1 <a@example.com>…" */
	s->report_diagnostic =
	    strchr(code, ';') != NULL
		? strchr(code, ';') + 1 + strspn(strchr(code, ';') + 1, " ")
		: code;
	return s->report_recipient == NULL || s->report_status == NULL ? -1 : 0;
}

/* ---- disposition and feedback ------------------------------------------- */

/* RFC 8098 section 3.2. */
static int
take_disposition(struct decode *d, const struct headers *h)
{
	struct mail_signs *s = &d->msg->signs;
	const char *id = field(d, h, "Original-Message-ID");
	const char *to = field(d, h, "Final-Recipient");
	const char *how = field(d, h, "Disposition");

	if (id == NULL || to == NULL || how == NULL)
		return -1;
	if (id[0] != '\0')
		s->report_message_id = bare_id(d, id);
	if (to[0] != '\0')
		s->report_recipient = after_type(d, to, MAX_ADDRESS_BYTES);
	/* "manual-action/MDN-sent-manually; displayed" */
	if (strchr(how, ';') != NULL)
		s->report_action = lower(d,
		    strchr(how, ';') + 1 + strspn(strchr(how, ';') + 1, " "));
	return s->report_message_id == NULL || s->report_recipient == NULL ||
		       s->report_action == NULL
		   ? -1
		   : 0;
}

/* RFC 5965 section 3. */
static int
take_feedback(struct decode *d, const struct headers *h)
{
	struct mail_signs *s = &d->msg->signs;
	const char *type = field(d, h, "Feedback-Type");
	const char *to = field(d, h, "Original-Rcpt-To");

	if (type == NULL || to == NULL)
		return -1;
	if (type[0] != '\0')
		s->report_action = lower(d, type);
	if (to[0] != '\0')
		s->report_recipient = after_type(d, to, MAX_ADDRESS_BYTES);
	return s->report_action == NULL || s->report_recipient == NULL ? -1 : 0;
}

static int
take_group(struct decode *d, enum report_kind kind, const struct headers *h)
{
	switch (kind) {
	case REPORT_DELIVERY:
		/* The first group is about the whole message. */
		return headers_find(h, "Final-Recipient") != NULL ||
			       headers_find(h, "Original-Recipient") != NULL ||
			       headers_find(h, "Action") != NULL
			   ? take_recipient(d, h)
			   : 0;
	case REPORT_DISPOSITION:
		return take_disposition(d, h);
	default:
		return take_feedback(d, h);
	}
}

/* ---- report parts ------------------------------------------------------- */

static enum report_kind
kind_of(const struct part *p)
{
	if (part_is(p, "message/delivery-status") ||
	    part_is(p, "message/global-delivery-status"))
		return REPORT_DELIVERY;
	if (part_is(p, "message/disposition-notification") ||
	    part_is(p, "message/global-disposition-notification"))
		return REPORT_DISPOSITION;
	if (part_is(p, "message/feedback-report"))
		return REPORT_FEEDBACK;
	return REPORT_NONE;
}

static int
read_groups(struct decode *d, const struct part *p, enum report_kind kind)
{
	struct buf BUF_AUTO b = BUF_INIT;
	struct headers h;
	bool damaged = false;
	size_t at = 0;

	transfer_decode(p->encoding, p->body,
	    p->body_len < MAX_HEADER_BYTES ? p->body_len : MAX_HEADER_BYTES, &b,
	    &damaged);
	if (buf_bad(&b))
		return -1;
	for (int i = 0; i < MAX_GROUPS && at < b.len; i++) {
		if (headers_read_fields(
			b.data + at, b.len - at, d->mime->arena, &h) < 0 ||
		    take_group(d, kind, &h) < 0)
			return -1;
		if (h.body == 0)
			break;
		at += h.body;
	}
	return 0;
}

/* The Message-ID of the letter that came back, whole or only its headers. */
static int
read_returned(struct decode *d, size_t i)
{
	const struct part *p = &d->mime->parts[i];
	struct buf BUF_AUTO b = BUF_INIT;
	const struct headers *found = NULL;
	struct headers h;
	bool damaged = false;
	const char *id;

	if (d->msg->signs.report_message_id[0] != '\0')
		return 0;
	if (p->kind == PART_MESSAGE && p->child != NO_PART) {
		found = &d->mime->parts[p->child].headers;
	} else {
		transfer_decode(
		    p->encoding, p->body, p->body_len, &b, &damaged);
		if (buf_bad(&b) || headers_read(buf_str(&b), b.len, NULL, NULL,
				       d->mime->arena, &h) < 0)
			return -1;
		found = &h;
	}
	id = field(d, found, "Message-ID");
	if (id == NULL)
		return -1;
	d->msg->signs.report_message_id = bare_id(d, id);
	return d->msg->signs.report_message_id != NULL ? 0 : -1;
}

static bool
is_returned(const struct part *p)
{
	return p->kind == PART_MESSAGE || part_is(p, "text/rfc822-headers") ||
	       part_is(p, "message/rfc822-headers") ||
	       part_is(p, "message/global-headers");
}

static bool
in_report(const struct decode *d, const struct part *p)
{
	return p->parent != NO_PART &&
	       part_is(&d->mime->parts[p->parent], "multipart/report");
}

/* Hotmail's complaints (JMRP) are no RFC 5965: the letter complained of comes
 * with a header of theirs. */
static int
find_complaint(struct decode *d, const struct part *p)
{
	struct mail_signs *s = &d->msg->signs;
	const char *to;

	if (p->kind != PART_MESSAGE || p->child == NO_PART ||
	    s->report != REPORT_NONE)
		return 0;
	to = field(d, &d->mime->parts[p->child].headers,
	    "X-HmXmrOriginalRecipient");
	if (to == NULL)
		return -1;
	if (to[0] == '\0')
		return 0;
	s->report = REPORT_FEEDBACK;
	s->report_action = "abuse";
	s->report_recipient = after_type(d, to, MAX_ADDRESS_BYTES);
	return s->report_recipient != NULL ? 0 : -1;
}

/* Reads every report part outside of other messages. */
static int
read_parts(struct decode *d)
{
	const struct mime *m = d->mime;
	struct mail_signs *s = &d->msg->signs;

	for (size_t i = 0; i != NO_PART;) {
		const struct part *p = &m->parts[i];
		enum report_kind kind = kind_of(p);

		if (kind != REPORT_NONE) {
			d->use[i] |= USE_REPORT;
			if (s->report == REPORT_NONE)
				s->report = kind;
			if (s->report == kind && read_groups(d, p, kind) < 0)
				return -1;
		} else if (is_returned(p) && (in_report(d, p) || d->bounce)) {
			d->use[i] |=
			    p->kind == PART_MESSAGE ? USE_RETURNED : USE_REPORT;
			if (read_returned(d, i) < 0)
				return -1;
		} else if (find_complaint(d, p) < 0) {
			return -1;
		}
		i = p->kind == PART_MESSAGE && i != 0 ? mime_skip(m, i)
						      : mime_next(m, i);
	}
	return 0;
}

/* ---- bounces in words --------------------------------------------------- */

/* "Message-ID: <…>" among quoted headers of the returned letter. */
static int
find_quoted_id(struct decode *d, const char *text)
{
	const char *hit = str_icontains(text, "message-id:");
	const char *open = hit != NULL ? strchr(hit, '<') : NULL;

	if (d->msg->signs.report_message_id[0] != '\0' || open == NULL ||
	    open > hit + 20 || strcspn(open, ">\n") > MAX_MESSAGE_ID_BYTES)
		return 0;
	d->msg->signs.report_message_id = bare_id(d, open);
	return d->msg->signs.report_message_id != NULL ? 0 : -1;
}

/* What the postmaster says; quoted headers of the letter may have been split
 * off. */
static char *
report_text(struct decode *d)
{
	const struct message *m = d->msg;
	size_t n = strlen(m->text), q = strlen(m->quoted);

	return arena_printf(d->arena, "%.*s\n%.*s",
	    (int)utf8_cut(m->text, n, SEARCH_BYTES), m->text,
	    (int)utf8_cut(m->quoted, q, SEARCH_BYTES), m->quoted);
}

/* Fills what the fields of a report left out, or told as 5.0.0, from its
 * diagnostic code and its text. */
static int
complete(struct decode *d, const char *text)
{
	struct mail_signs *s = &d->msg->signs;

	if (s->report_recipient[0] == '\0')
		s->report_recipient = bounce_address(d, text);
	if (s->report_recipient == NULL)
		return -1;
	return bounce_complete_status(d, text);
}

int
report_read(struct decode *d)
{
	const struct mail_signs *s = &d->msg->signs;
	char *text;

	if (read_parts(d) < 0)
		return -1;
	if (s->report != REPORT_DELIVERY &&
	    (s->report != REPORT_NONE || !bounce_possible(d)))
		return 0;
	text = report_text(d);
	if (text == NULL)
		return -1;
	if (s->report == REPORT_DELIVERY)
		return complete(d, text);
	if (bounce_read(d, text) < 0)
		return -1;
	return s->report == REPORT_DELIVERY ? find_quoted_id(d, text) : 0;
}
