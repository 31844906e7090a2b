/* SPDX-License-Identifier: ISC */
#include "parse/bounce.h"

#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/str.h"
#include "parse/bounce_words.h"
#include "parse/decode.h"

/* How much of a line around an address says whose it is. */
#define LOOK_BEFORE 120UL
#define LOOK_BEHIND 80UL

/* What of a text is the reason: its line, a status code of RFC 3463, an SMTP
 * reply; NULL or 0 where there is none. */
struct bounce_reason {
	const char *line;
	size_t line_len;
	const char *status;
	size_t status_len;
	const char *reply; /* three digits */
};

/* ---- who writes --------------------------------------------------------- */

/* A mail system by its address, or by the name beside none ("From:
 * MAILER-DAEMON <>"). */
static bool
is_system(const struct message *m)
{
	return bounce_is_system_name(
		   m->from.addr, strcspn(m->from.addr, "@")) ||
	       (m->from.addr[0] == '\0' &&
		   bounce_is_system_name(m->from.name, strlen(m->from.name)));
}

/* Sent by nobody, as RFC 5321 section 4.5.5 wants it of a bounce. */
static bool
is_from_nowhere(const struct message *m)
{
	const char *path = m->signs.return_path;

	return m->signs.return_path_empty || m->from.addr[0] == '\0' ||
	       bounce_is_system_name(path, strcspn(path, "@"));
}

/* Nobody to answer: such mail may return a letter under any name. */
static bool
is_nobody(const struct message *m)
{
	return is_from_nowhere(m) || str_istarts(m->from.addr, "no-reply@") ||
	       str_istarts(m->from.addr, "noreply@") ||
	       str_istarts(m->from.addr, "no_reply@");
}

bool
bounce_sender(const struct decode *d)
{
	const struct message *m = d->msg;

	return is_system(m) || (is_nobody(m) && bounce_is_title(m->subject));
}

bool
bounce_possible(const struct decode *d)
{
	return d->bounce || is_nobody(d->msg) ||
	       headers_find(
		   &d->mime->parts[0].headers, "X-Failed-Recipients") != NULL;
}

/* ---- lines -------------------------------------------------------------- */

static const char *
line_end(const char *p, const char *end)
{
	const char *nl = memchr(p, '\n', (size_t)(end - p));

	return nl != NULL ? nl : end;
}

/* Copies a line, or a piece of one, to look at. */
static void
snip(const char *from, const char *to, char *out, size_t size)
{
	size_t n = (size_t)(to - from);

	n = n < size ? n : size - 1;
	memcpy(out, from, n);
	out[n] = '\0';
}

/* Where the postmaster's own words end: the returned letter, or the end. */
static const char *
own_end(const char *text, const char *end)
{
	char line[128];

	for (const char *p = text, *to; p < end; p = to + 1) {
		to = line_end(p, end);
		while (p < to && (*p == ' ' || *p == '\t'))
			p++;
		snip(p, to, line, sizeof(line));
		if (p > text && bounce_is_copy_line(line))
			return p;
	}
	return end;
}

/* ---- reasons ------------------------------------------------------------ */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* RFC 3463: "5.1.1" standing alone; its length. */
static size_t
status_at(const char *s, const char *end)
{
	size_t n = 1, digits;

	if (end - s < 5 || (s[0] != '4' && s[0] != '5') || s[1] != '.')
		return 0;
	for (int part = 0; part < 2; part++) {
		if (s + n >= end || s[n++] != '.')
			return 0;
		for (digits = 0; s + n < end && is_digit(s[n]); n++)
			digits++;
		if (digits == 0 || digits > 3)
			return 0;
	}
	if (s + n < end && (is_digit(s[n]) || (s[n] == '.' && s + n + 1 < end &&
						  is_digit(s[n + 1]))))
		return 0;
	return n;
}

/* A number that goes on to the left is a version, an address, a date. */
static bool
stands_alone(const char *text, const char *s)
{
	return s == text ||
	       !(is_digit(s[-1]) || (s[-1] | 32) == 'v' || s[-1] == '.' ||
		   s[-1] == '-' || s[-1] == '/' || s[-1] == '_');
}

/* An SMTP reply, RFC 5321: "550 …", "554:", "[551]". */
static bool
reply_at(const char *s, const char *end)
{
	return end - s >= 4 && (s[0] == '4' || s[0] == '5') && s[1] >= '0' &&
	       s[1] <= '7' && is_digit(s[2]) && strchr(" -:,;]#)", s[3]) &&
	       (end - s == 4 || !is_digit(s[4]) || status_at(s + 4, end) > 0);
}

/* The status behind a reply: "550 5.1.1", "550-5.7.1", "553 … (#5.7.1)" is
 * found on its own. */
static size_t
status_behind(const char *s, const char *end, const char **status_out)
{
	s += 3;
	while (s < end && strchr(" -:#", *s) != NULL)
		s++;
	*status_out = s;
	return status_at(s, end);
}

static void
set_line(
    struct bounce_reason *r, const char *text, const char *end, const char *at)
{
	while (at > text && at[-1] != '\n')
		at--;
	r->line = at;
	r->line_len = (size_t)(line_end(at, end) - at);
}

/* A status that says nothing: 5.0.0. */
static bool
is_vague(const char *status, size_t len)
{
	return len >= 5 && memcmp(status + 1, ".0.0", 4) == 0;
}

static void
find_reason(const char *text, size_t len, struct bounce_reason *out)
{
	const char *end = text + len, *status;
	size_t n;

	*out = (struct bounce_reason){0};
	for (const char *s = text; s < end; s++) {
		if ((*s != '4' && *s != '5') || !stands_alone(text, s))
			continue;
		n = status_at(s, end);
		if (n > 0 && (out->status == NULL ||
				 is_vague(out->status, out->status_len))) {
			if (out->status != NULL && is_vague(s, n))
				continue;
			out->status = s;
			out->status_len = n;
			set_line(out, text, end, s);
		} else if (reply_at(s, end)) {
			n = status_behind(s, end, &status);
			if (out->reply == NULL)
				out->reply = s;
			if (out->line == NULL)
				set_line(out, text, end, s);
			/* What a server answered is the reason itself. */
			if (n > 0 && !is_vague(status, n)) {
				out->status = status;
				out->status_len = n;
				set_line(out, text, end, s);
				return;
			}
		}
	}
}

/* Coremail, 163 and QQ tell the reason behind or below one of these words. */
static const char *
labelled_reason(const char *text, const char *end)
{
	static const char *const labels[] = {"英文说明", "bounce reason",
	    "退信原因", "失败原因", "退回原因", "退信代码"};
	const char *at = NULL;

	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]) && at == NULL;
	     i++) {
		at = str_icontains(text, labels[i]);
		if (at != NULL)
			at += strlen(labels[i]);
	}
	if (at == NULL || at >= end)
		return NULL;
	while (*at != '\0' && strchr(" \t\n/:", *at) != NULL)
		at++;
	if (str_starts(at, "："))
		at += strlen("：") + strspn(at + strlen("："), " \t\n");
	return at < end ? at : NULL;
}

/* The status that words and a reply's class make up. */
static const char *
made_up_status(struct decode *d, const char *own, char class)
{
	const char *detail = bounce_detail(own);

	return arena_printf(
	    d->arena, "%c.%s", class, detail != NULL ? detail : "0.0");
}

static int
set_reason(struct decode *d, const char *own)
{
	struct mail_signs *s = &d->msg->signs;
	const char *end = own + strlen(own), *label;
	bool late = strcmp(s->report_action, "delayed") == 0;
	struct bounce_reason r;

	find_reason(own, (size_t)(end - own), &r);
	label = labelled_reason(own, end);
	if (r.line == NULL && label != NULL) {
		r.line = label;
		r.line_len = (size_t)(line_end(label, end) - label);
	}
	if (r.status != NULL && !is_vague(r.status, r.status_len))
		s->report_status =
		    arena_memdup(d->arena, r.status, r.status_len);
	else
		s->report_status = made_up_status(d, own,
		    late	       ? '4'
		    : r.reply != NULL  ? r.reply[0]
		    : r.status != NULL ? r.status[0]
				       : '5');
	if (r.line != NULL)
		s->report_diagnostic = decode_text(
		    d, r.line, r.line_len, NULL, MAX_SIGN_BYTES / 2);
	return s->report_status == NULL || s->report_diagnostic == NULL ? -1
									: 0;
}

int
bounce_complete_status(struct decode *d, const char *text)
{
	struct mail_signs *s = &d->msg->signs;
	const char *end = own_end(text, text + strlen(text));
	const char *code = s->report_diagnostic;
	size_t n = status_at(
	    s->report_status, s->report_status + strlen(s->report_status));
	struct bounce_reason r;
	char class;

	if (n > 0 && !is_vague(s->report_status, n))
		return 0;
	if (n == 0 && s->report_status[0] == '2')
		return 0; /* delivered or relayed */
	find_reason(code, strlen(code), &r);
	class = r.reply != NULL ? r.reply[0] : '5';
	if (r.status == NULL || is_vague(r.status, r.status_len))
		find_reason(text, (size_t)(end - text), &r);
	if (r.status != NULL && !is_vague(r.status, r.status_len) &&
	    (n == 0 || r.status[0] == s->report_status[0]))
		s->report_status =
		    arena_memdup(d->arena, r.status, r.status_len);
	else if (n == 0)
		s->report_status = made_up_status(d, code,
		    strcmp(s->report_action, "delayed") == 0 ? '4' : class);
	return s->report_status != NULL ? 0 : -1;
}

/* ---- addresses ---------------------------------------------------------- */

static bool
is_address_char(char c)
{
	return is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
	       (c != '\0' && strchr(".!#$%&'*+/=?^_`{|}~-", c) != NULL);
}

/* The address around the @ at `at`; false when it is none. */
static bool
address_around(const char *text, const char *end, const char *at,
    const char **start_out, const char **end_out)
{
	const char *s = at, *e = at + 1;

	while (s > text && is_address_char(s[-1]))
		s--;
	while (e < end && is_address_char(*e))
		e++;
	while (e > at && (e[-1] == '.' || e[-1] == '-' || e[-1] == '\''))
		e--;
	while (s < at && *s == '\'')
		s++;
	/* X.400: "dda:SMTP=somebody@example.com" */
	if (at - s > 5 && str_istarts(s, "smtp="))
		s += 5;
	*start_out = s;
	*end_out = e;
	return s < at && e > at + 1 && e - s <= MAX_ADDRESS_BYTES &&
	       memchr(at, '.', (size_t)(e - at)) != NULL;
}

static bool
is_ours(const struct decode *d, const char *addr)
{
	if (str_ieq(addr, d->msg->from.addr))
		return true;
	return d->msg->n_to > 0 && str_ieq(addr, d->msg->to[0].addr);
}

/* How likely this address is the one that did not get the letter: by the words
 * on its line, by its place on it, by its own name. */
static int
weigh(const char *text, const char *end, const char *start, const char *stop)
{
	char look[LOOK_BEFORE + LOOK_BEHIND + 1];
	const char *line = start, *behind = line_end(stop, end), *lead;
	int weight;

	while (line > text && line[-1] != '\n' &&
	       (size_t)(start - line) < LOOK_BEFORE)
		line--;
	if ((size_t)(behind - stop) > LOOK_BEHIND)
		behind = stop + LOOK_BEHIND;
	snip(line, start, look, sizeof(look));
	lead = look + strspn(look, " \t<>[(*\"'-|");
	weight = bounce_weigh_words(lead);
	if (*lead == '\0')
		weight += 3;
	snip(stop, behind, look, sizeof(look));
	if (bounce_detail(look) != NULL || strpbrk(look, "45") != NULL)
		weight++;
	if (bounce_is_system_name(start, strcspn(start, "@")) ||
	    str_istarts(start, "support@") || str_istarts(start, "abuse@") ||
	    str_istarts(start, "help") || str_istarts(start, "noreply@") ||
	    strspn(start, "0123456789.") > 10)
		weight -= 4;
	return weight;
}

/* The heaviest address of the text, the first of its weight. */
static const char *
best_address(
    struct decode *d, const char *text, const char *end, int *weight_out)
{
	const char *best = "", *start, *stop;
	char *found;
	int weight;

	*weight_out = -100;
	for (const char *at = text;
	     (at = memchr(at, '@', (size_t)(end - at))) != NULL; at++) {
		if (!address_around(text, end, at, &start, &stop))
			continue;
		weight = weigh(text, end, start, stop);
		if (weight <= *weight_out)
			continue;
		found = arena_memdup(d->arena, start, (size_t)(stop - start));
		if (found == NULL)
			return NULL;
		if (is_ours(d, found))
			continue;
		best = found;
		*weight_out = weight;
	}
	return best;
}

/* Whom the returned letter was for; "" if it is not there. */
static const char *
returned_to(struct decode *d)
{
	const struct mime *m = d->mime;

	for (size_t i = 1; i < m->n_parts; i++) {
		const struct part *p = &m->parts[i];
		const char *to, *at, *start, *stop;

		if (p->kind != PART_MESSAGE || p->child == NO_PART)
			continue;
		to = decode_header(
		    d, &m->parts[p->child].headers, "To", MAX_SIGN_BYTES);
		if (to == NULL)
			return NULL;
		at = strchr(to, '@');
		if (at != NULL &&
		    address_around(to, to + strlen(to), at, &start, &stop))
			return arena_memdup(
			    d->arena, start, (size_t)(stop - start));
	}
	return "";
}

const char *
bounce_address(struct decode *d, const char *text)
{
	const char *end = own_end(text, text + strlen(text)), *best, *to;
	int weight;

	best = best_address(d, text, end, &weight);
	if (best == NULL || weight >= 0)
		return best;
	to = returned_to(d);
	return to == NULL || to[0] != '\0' ? to : best;
}

/* ---- fields in the text ------------------------------------------------- */

/* The value of "Name: …" at the start of a line; "" if there is none. */
static const char *
text_field(struct decode *d, const char *text, const char *name)
{
	const char *end = text + strlen(text), *to;
	size_t n = strlen(name);

	for (const char *p = text; p < end; p = to + 1) {
		to = line_end(p, end);
		p += strspn(p, " \t");
		if (str_istarts(p, name) && p[n] == ':')
			return decode_text(d, p + n + 1,
			    (size_t)(to - p) - n - 1, NULL, MAX_SIGN_BYTES);
		if (to == end)
			break;
	}
	return "";
}

/* The fields of RFC 3464 where they are only words: a report whose parts lost
 * their boundaries, or a "technical report".  1 = they were there. */
static int
read_fields(struct decode *d, const char *text)
{
	struct mail_signs *s = &d->msg->signs;
	const char *to = text_field(d, text, "Final-Recipient");
	const char *status = text_field(d, text, "Status");
	const char *code = text_field(d, text, "Diagnostic-Code");
	const char *at, *start, *stop;
	size_t n;

	if (to == NULL || status == NULL || code == NULL)
		return -1;
	at = strchr(to, '@');
	n = status_at(status, status + strlen(status));
	if (at == NULL || n == 0 ||
	    !address_around(to, to + strlen(to), at, &start, &stop))
		return 0;
	s->report_recipient =
	    arena_memdup(d->arena, start, (size_t)(stop - start));
	s->report_status = arena_memdup(d->arena, status, n);
	s->report_diagnostic = code;
	s->report_action = status[0] == '4' ? "delayed" : "failed";
	return s->report_recipient == NULL || s->report_status == NULL ? -1 : 1;
}

/* ---- the whole ---------------------------------------------------------- */

static bool
has_returned_letter(const struct decode *d)
{
	for (size_t i = 1; i < d->mime->n_parts; i++) {
		const struct part *p = &d->mime->parts[i];

		if (p->kind == PART_MESSAGE ||
		    part_is(p, "text/rfc822-headers"))
			return true;
	}
	return false;
}

/* The text says why: a status, a server's answer, a labelled reason, or
 * headers of what came back. */
static bool
gives_reason(struct decode *d, const char *text)
{
	const char *end = text + strlen(text), *own = own_end(text, end);
	const char *to = text_field(d, text, "To");
	struct bounce_reason r;

	if (own < end || (to != NULL && strchr(to, '@') != NULL))
		return true;
	find_reason(text, (size_t)(end - text), &r);
	return r.line != NULL || labelled_reason(text, end) != NULL;
}

/* A person at a postmaster's desk gets his own errors himself. */
static bool
answers_to_itself(const struct message *m)
{
	return m->from.addr[0] != '\0' &&
	       str_ieq(m->signs.return_path, m->from.addr);
}

/* Whether this is a bounce.  A postmaster may write himself: words in the text
 * alone must come with an address.  Where the sender's name does not say that
 * it is a system, nobody must have sent it, and it must return something or
 * tell under a bounce's title whom it did not reach and why: people write of
 * bounces, too. */
static bool
is_bounce(struct decode *d, const char *text)
{
	const struct message *m = d->msg;
	bool title = bounce_is_title(m->subject);
	bool failed = bounce_says_failed(text);
	bool addressed = strchr(text, '@') != NULL;

	if (has_returned_letter(d))
		return is_system(m) || (is_nobody(m) && (title || failed));
	if (is_system(m))
		return title || bounce_says_failed(m->subject) ||
		       bounce_says_delayed(m->subject) ||
		       (addressed && (failed || bounce_says_delayed(text)) &&
			   (!answers_to_itself(m) || gives_reason(d, text)));
	return is_from_nowhere(m) && title && addressed &&
	       gives_reason(d, text);
}

static int
read_as_bounce(struct decode *d, const char *text, const char *failed)
{
	struct mail_signs *s = &d->msg->signs;
	const char *end = own_end(text, text + strlen(text));
	char *own = arena_memdup(d->arena, text, (size_t)(end - text));
	bool late = bounce_says_delayed(d->msg->subject);
	int rc = read_fields(d, text);

	if (own == NULL || rc < 0)
		return -1;
	s->report = REPORT_DELIVERY;
	if (rc == 1)
		return 0;
	late |= bounce_says_delayed(own) && !bounce_says_failed(own);
	s->report_action = late ? "delayed" : "failed";
	s->report_recipient = failed[0] != '\0' ? arena_memdup(d->arena, failed,
						      strcspn(failed, ", "))
						: bounce_address(d, text);
	if (s->report_recipient == NULL)
		return -1;
	if (strlen(s->report_recipient) > MAX_ADDRESS_BYTES)
		s->report_recipient = "";
	return set_reason(d, own);
}

int
bounce_read(struct decode *d, const char *text)
{
	const struct header *f =
	    headers_find(&d->mime->parts[0].headers, "X-Failed-Recipients");
	const char *failed = "";

	if (f != NULL)
		failed = decode_text(
		    d, f->value, f->value_len, NULL, MAX_SIGN_BYTES);
	if (failed == NULL)
		return -1;
	if (failed[0] == '\0' && !is_bounce(d, text))
		return 0;
	return read_as_bounce(d, text, failed);
}
