/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/str.h"
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

/* "rfc822; user@example.com" → the address; "" when it is too long. */
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
	const char *to = field(d, h, "Original-Recipient");
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
		to = field(d, h, "Final-Recipient");
	if (to == NULL)
		return -1;
	s->report_action = action;
	s->report_recipient = after_type(d, to, MAX_ADDRESS_BYTES);
	s->report_status = lower(d, status);
	s->report_diagnostic = after_type(d, code, MAX_SIGN_BYTES);
	return s->report_recipient == NULL || s->report_status == NULL ||
		       s->report_diagnostic == NULL
		   ? -1
		   : 0;
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
		}
		i = p->kind == PART_MESSAGE && i != 0 ? mime_skip(m, i)
						      : mime_next(m, i);
	}
	return 0;
}

/* ---- bounces in words --------------------------------------------------- */

static bool
any_of(const char *text, const char *const *phrases)
{
	for (; *phrases != NULL; phrases++) {
		if (str_icontains(text, *phrases) != NULL)
			return true;
	}
	return false;
}

/* Words of servers that do not keep to RFC 3464: 163, QQ, Coremail, qmail. */
static bool
says_failed(const char *text)
{
	static const char *const phrases[] = {"退信", "被退回", "退回",
	    "投递失败", "无法投递", "无法送达", "未能送达", "发送失败",
	    "无法到达", "undeliver", "not delivered", "could not be delivered",
	    "couldn't be delivered", "unable to deliver",
	    "wasn't able to deliver", "delivery failed", "delivery has failed",
	    "delivery failure", "failed delivery", "returned mail",
	    "returned to sender", "failure notice", "permanent error",
	    "permanent fatal error", "email is returned", "bounce", NULL};

	return any_of(text, phrases);
}

static bool
says_delayed(const char *text)
{
	static const char *const phrases[] = {"delayed", "will be retried",
	    "will retry", "will keep trying", "still trying",
	    "not yet been delivered", "延迟", "稍后重试", "继续尝试", NULL};

	return any_of(text, phrases);
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* RFC 3463: "5.1.1" standing alone. */
static size_t
status_at(const char *s)
{
	size_t n = 1, digits;

	if ((s[0] != '2' && s[0] != '4' && s[0] != '5') || s[1] != '.')
		return 0;
	for (int part = 0; part < 2; part++) {
		if (s[n++] != '.')
			return 0;
		for (digits = 0; is_digit(s[n]) && digits < 4; n++)
			digits++;
		if (digits == 0 || digits > 3)
			return 0;
	}
	return s[n] == '.' && is_digit(s[n + 1]) ? 0 : n;
}

/* An SMTP reply, RFC 5321: "550 …", "554:", "[551]". */
static bool
reply_at(const char *s)
{
	return (s[0] == '4' || s[0] == '5') && s[1] >= '0' && s[1] <= '5' &&
	       is_digit(s[2]) && (s[3] == ' ' || s[3] == '-' || s[3] == ':') &&
	       s[4] != '\0' && !is_digit(s[4]);
}

/* Coremail, 163 and QQ tell the reason behind or below one of these words. */
static int
find_reason(struct decode *d, const char *text)
{
	static const char *const labels[] = {
	    "英文说明", "bounce reason", "退信原因", "失败原因", "退回原因"};
	const char *at = NULL;

	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]) && at == NULL;
	     i++) {
		at = str_icontains(text, labels[i]);
		if (at != NULL)
			at += strlen(labels[i]);
	}
	if (at == NULL)
		return 0;
	while (*at != '\0' && strchr(" \t\n/:", *at) != NULL)
		at++;
	if (str_starts(at, "："))
		at += strlen("：") + strspn(at + strlen("："), " \t\n");
	d->msg->signs.report_diagnostic =
	    decode_text(d, at, strcspn(at, "\n"), NULL, MAX_SIGN_BYTES / 2);
	return d->msg->signs.report_diagnostic != NULL ? 0 : -1;
}

/* Finds the status and the line it stands on. */
static int
find_status(struct decode *d, const char *text)
{
	struct mail_signs *s = &d->msg->signs;
	const char *reply = NULL, *hit = NULL, *line;
	size_t n = 0;

	for (const char *c = text; *c != '\0' && hit == NULL; c++) {
		if (c > text &&
		    (is_digit(c[-1]) || c[-1] == '.' || c[-1] == '-'))
			continue;
		n = status_at(c);
		if (n > 0)
			hit = c;
		else if (reply == NULL && reply_at(c))
			reply = c;
	}
	if (hit == NULL && reply == NULL)
		return find_reason(d, text);
	s->report_status = hit != NULL
			       ? arena_memdup(d->arena, hit, n)
			       : arena_printf(d->arena, "%c.0.0", reply[0]);
	line = hit != NULL ? hit : reply;
	while (line > text && line[-1] != '\n')
		line--;
	s->report_diagnostic =
	    decode_text(d, line, strcspn(line, "\n"), NULL, MAX_SIGN_BYTES / 2);
	return s->report_status == NULL || s->report_diagnostic == NULL ? -1
									: 0;
}

static bool
is_address_char(char c)
{
	return is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
	       (c != '\0' && strchr(".!#$%&'*+/=?^_`{|}~-", c) != NULL);
}

/* The first address in the text that is not the postmaster's nor ours. */
static const char *
find_address(struct decode *d, const char *text)
{
	const struct message *m = d->msg;
	const char *label = strstr(text, "收件人");
	const char *at, *start, *end;
	char *found;

	at = text = label != NULL ? label : text;

	while ((at = strchr(at, '@')) != NULL) {
		for (start = at; start > text && is_address_char(start[-1]);)
			start--;
		for (end = at + 1; is_address_char(*end);)
			end++;
		while (end > at && (end[-1] == '.' || end[-1] == '-'))
			end--;
		at++;
		if (start + 1 >= at || end <= at ||
		    memchr(at, '.', (size_t)(end - at)) == NULL ||
		    end - start > MAX_ADDRESS_BYTES)
			continue;
		found = arena_memdup(d->arena, start, (size_t)(end - start));
		if (found == NULL ||
		    (!str_ieq(found, m->from.addr) &&
			(m->n_to == 0 || !str_ieq(found, m->to[0].addr))))
			return found;
	}
	return "";
}

static int
read_words(struct decode *d, const char *text)
{
	struct mail_signs *s = &d->msg->signs;
	const char *failed =
	    field(d, &d->mime->parts[0].headers, "X-Failed-Recipients");

	if (failed == NULL)
		return -1;
	if (failed[0] == '\0' &&
	    (!d->bounce ||
		(!says_failed(d->msg->subject) && !says_failed(text) &&
		    !says_delayed(d->msg->subject))))
		return 0;
	s->report = REPORT_DELIVERY;
	s->report_action =
	    says_delayed(d->msg->subject) && !says_failed(d->msg->subject)
		? "delayed"
		: "failed";
	s->report_recipient = failed[0] != '\0' ? arena_memdup(d->arena, failed,
						      strcspn(failed, ", "))
						: find_address(d, text);
	if (s->report_recipient == NULL)
		return -1;
	if (strlen(s->report_recipient) > MAX_ADDRESS_BYTES)
		s->report_recipient = "";
	return find_status(d, text);
}

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

int
report_read(struct decode *d)
{
	const struct message *m = d->msg;
	size_t n = strlen(m->text);
	char *text;

	if (read_parts(d) < 0)
		return -1;
	if (m->signs.report != REPORT_NONE)
		return 0;
	if (!d->bounce && headers_find(&d->mime->parts[0].headers,
			      "X-Failed-Recipients") == NULL)
		return 0;
	/* Quoted headers of the letter may have been split off. */
	text = arena_printf(d->arena, "%.*s\n%.*s",
	    (int)utf8_cut(m->text, n, SEARCH_BYTES), m->text,
	    (int)utf8_cut(m->quoted, strlen(m->quoted), SEARCH_BYTES),
	    m->quoted);
	if (text == NULL || read_words(d, text) < 0)
		return -1;
	return m->signs.report == REPORT_DELIVERY ? find_quoted_id(d, text) : 0;
}
