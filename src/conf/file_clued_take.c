/* SPDX-License-Identifier: ISC */
#include "conf/file_clued.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/zone.h"
#include "conf/check.h"
#include "conf/schema.h"
#include "conf/value.h"

bool
clued_read(struct load *l, const char *path, struct raw_clued *raw)
{
	struct source *s = source_open(l, path, (struct place){path, 0}, NULL);

	if (s == NULL) {
		schema_defaults(l, &clued_group, raw);
		return false;
	}
	schema_read(l, s, &clued_group, raw);
	source_close(&s);
	return true;
}

/* -- connections ----------------------------------------------------------- */

static void
take_secret(struct load *l, const struct raw_secret *raw, const char *what,
    struct secret_conf *out)
{
	int n = (*raw->file != '\0') + (*raw->credential != '\0') +
		(*raw->command != '\0');

	out->from = SECRET_NONE;
	out->value = "";
	if (n != 1) {
		load_mistake(l, raw->origin.at,
		    "%s: secret must name exactly one of file, credential "
		    "and command",
		    what);
		return;
	}
	if (*raw->file != '\0')
		*out = (struct secret_conf){SECRET_FILE, raw->file};
	else if (*raw->credential != '\0')
		*out = (struct secret_conf){SECRET_CREDENTIAL, raw->credential};
	else
		*out = (struct secret_conf){SECRET_COMMAND, raw->command};
	secret_check(l, out, raw->origin.at);
}

static bool
is_local(const struct raw_server *raw)
{
	return value_host_is_loopback(raw->host.text) ||
	       value_host_port_is_loopback(raw->connect_to.text);
}

/* Names and numbers end up in a URL and in the server's command line. */
static void
check_server(struct load *l, const struct raw_server *raw)
{
	if (*raw->host.text != '\0' && !value_host_ok(raw->host.text))
		load_mistake(l, raw->host.at,
		    "host: \"%s\" is not a host name (write an IDN as xn--…)",
		    raw->host.text);
	if (*raw->connect_to.text != '\0' &&
	    !value_host_port_ok(raw->connect_to.text))
		load_mistake(l, raw->connect_to.at,
		    "connect_to: \"%s\" is not host:port",
		    raw->connect_to.text);
	if (raw->tls == FETCH_TLS_NONE && *raw->host.text != '\0' &&
	    !is_local(raw))
		load_mistake(l, raw->host.at,
		    "tls = \"none\" would show the password and the tips to "
		    "everybody on the way to %s; use \"implicit\" or "
		    "\"starttls\"",
		    raw->host.text);
}

/* The usual port of a protocol for each of implicit, starttls, none. */
static uint32_t
usual_port(uint32_t port, const uint32_t usual[3], int tls)
{
	return port != 0 ? port : usual[tls];
}

static void
warn_of_port(struct load *l, const struct raw_server *raw, uint32_t port,
    const uint32_t usual[3])
{
	bool implicit = raw->tls == FETCH_TLS_IMPLICIT;

	if (port == usual[FETCH_TLS_IMPLICIT] && !implicit)
		load_warning(l, raw->host.at,
		    "port %u is usually tls = \"implicit\"", (unsigned)port);
	if (port == usual[FETCH_TLS_STARTTLS] && implicit)
		load_warning(l, raw->host.at,
		    "port %u is usually tls = \"starttls\"", (unsigned)port);
}

/* -- mailboxes ------------------------------------------------------------- */

/* RFC 3501 atom without what could end or quote it; '\' would be a system
 * flag. */
static bool
is_keyword(const char *s)
{
	if (*s == '\0')
		return false;
	for (; *s != '\0'; s++)
		if (*s <= ' ' || *s > '~' || strchr("(){%*\"\\]", *s) != NULL)
			return false;
	return true;
}

static void
take_mark(
    struct load *l, const struct raw_mailbox *raw, struct fetch_start *imap)
{
	imap->mark = (enum fetch_mark)raw->mark;
	imap->mark_with = raw->mark_with.text;
	if (imap->mark == FETCH_MARK_KEYWORD && !is_keyword(imap->mark_with))
		load_mistake(l, raw->mark_with.at,
		    "mark_with: mark = \"keyword\" needs an IMAP keyword such "
		    "as \"clued\"");
	if (imap->mark == FETCH_MARK_MOVE && *imap->mark_with == '\0')
		load_mistake(l, raw->mark_with.at,
		    "mark_with: mark = \"move\" needs the folder to move to");
}

static void
take_folders(
    struct load *l, const struct raw_mailbox *raw, struct fetch_start *imap)
{
	static const struct raw_folder inbox = {.name = {"INBOX", {"", 0}}};
	const struct raw_folder *folders = raw->folders.items;
	size_t n = raw->folders.n;
	struct fetch_folder_conf *out;

	if (n == 0) {
		folders = &inbox;
		n = 1;
	}
	out = load_array(l, n, sizeof(*out));
	for (size_t i = 0; out != NULL && i < n; i++) {
		out[i].name = folders[i].name.text;
		out[i].junk = folders[i].junk;
		for (size_t k = 0; k < i; k++)
			if (str_ieq(out[k].name, out[i].name))
				load_mistake(l, folders[i].name.at,
				    "folder \"%s\" is listed twice",
				    out[i].name);
		if (raw->mark == FETCH_MARK_MOVE &&
		    str_ieq(out[i].name, raw->mark_with.text))
			load_mistake(l, raw->mark_with.at,
			    "mark_with: \"%s\" is itself a folder that is "
			    "read",
			    out[i].name);
	}
	imap->folders = out;
	imap->n_folders = out != NULL ? (uint32_t)n : 0;
}

static void
take_since(
    struct load *l, const struct raw_mailbox *raw, struct mailbox_conf *out)
{
	struct civil day;

	out->since = "";
	if (raw->since == 0)
		return;
	civil_from_day(raw->since, &day);
	out->since = arena_printf(
	    l->keep, "%04d-%02d-%02d", day.year, day.month, day.day);
	if (out->since == NULL) {
		out->since = "";
		l->no_memory = true;
	}
	if (l->conf->zone != NULL)
		out->since_s = zone_utc_s(l->conf->zone, &day);
}

static void
take_mailbox(
    struct load *l, const struct raw_mailbox *raw, struct mailbox_conf *out)
{
	static const uint32_t usual[3] = {993, 143, 143};
	const struct raw_server *server = &raw->server;

	check_id(l, &raw->id);
	check_server(l, server);
	out->id = raw->id.text;
	check_address(l, &raw->address, "address");
	out->address = raw->address.text;
	out->imap = (struct fetch_start){
	    .host = server->host.text,
	    .port = usual_port(server->port, usual, server->tls),
	    .tls = (enum fetch_tls)server->tls,
	    .ca_file = server->ca_file,
	    .connect_to = server->connect_to.text,
	    .user = *server->user != '\0' ? server->user : out->address,
	    .secret = "",
	    .auth = (enum fetch_auth)server->auth,
	    .send_id = raw->send_id,
	    .poll_s = raw->poll_s,
	    .idle = raw->idle,
	    .timeout_ms = server->timeout_ms,
	    .max_message_bytes = raw->max_message_bytes,
	};
	warn_of_port(l, server, out->imap.port, usual);
	take_secret(l, &server->secret, "mailbox", &out->secret);
	take_folders(l, raw, &out->imap);
	take_mark(l, raw, &out->imap);
	take_since(l, raw, out);
	out->no_ack_older_days = raw->no_ack_older_days;
	out->authserv_id = raw->authserv_id;
}

/* Two mailboxes with one id would share their journal, two with one address
 * would take every message twice. */
static void
check_twins(struct load *l, const struct raw_mailbox *raw, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < i; k++) {
			if (strcmp(raw[i].id.text, raw[k].id.text) == 0)
				load_mistake(l, raw[i].id.at,
				    "mailbox \"%s\" is used twice; also at "
				    "%s:%d",
				    raw[i].id.text, raw[k].id.at.file,
				    raw[k].id.at.line);
			if (str_ieq(raw[i].address.text, raw[k].address.text))
				load_mistake(l, raw[i].address.at,
				    "address \"%s\" is used twice; also at "
				    "%s:%d",
				    raw[i].address.text, raw[k].address.at.file,
				    raw[k].address.at.line);
		}
}

static void
take_mailboxes(struct load *l, const struct raw_clued *raw)
{
	const struct raw_mailbox *list = raw->mailboxes.items;
	size_t n = raw->mailboxes.n;
	struct mailbox_conf *out = load_array(l, n, sizeof(*out));

	if (out == NULL)
		return;
	for (size_t i = 0; i < n; i++)
		take_mailbox(l, &list[i], &out[i]);
	check_twins(l, list, n);
	l->conf->mailboxes = out;
	l->conf->n_mailboxes = n;
}

/* -- sending --------------------------------------------------------------- */

static const char *
default_sender(const struct load *l)
{
	return l->conf->n_mailboxes > 0 ? l->conf->mailboxes[0].address : "";
}

static void
take_smtp(struct load *l, const struct raw_smtp *raw, const char *what,
    struct smtp_conf *out)
{
	static const uint32_t usual[3] = {465, 587, 25};
	const struct raw_server *server = &raw->server;

	check_server(l, server);
	if (*raw->helo.text != '\0' && !value_host_ok(raw->helo.text))
		load_mistake(l, raw->helo.at, "helo: \"%s\" is not a host name",
		    raw->helo.text);
	check_address(l, &raw->mail_from, "mail_from");
	out->mail_from = *raw->mail_from.text != '\0' ? raw->mail_from.text
						      : default_sender(l);
	out->smtp = (struct send_start){
	    .host = server->host.text,
	    .port = usual_port(server->port, usual, server->tls),
	    .tls = (enum send_tls)server->tls,
	    .ca_file = server->ca_file,
	    .connect_to = server->connect_to.text,
	    .auth = (enum send_auth)server->auth,
	    .user = *server->user != '\0' ? server->user : out->mail_from,
	    .secret = "",
	    .helo = *raw->helo.text != '\0' ? raw->helo.text
					    : l->conf->office.message_id_domain,
	    .timeout_ms = server->timeout_ms,
	};
	warn_of_port(l, server, out->smtp.port, usual);
	out->secret = (struct secret_conf){SECRET_NONE, ""};
	if (out->smtp.auth != SEND_AUTH_NONE)
		take_secret(l, &server->secret, what, &out->secret);
	out->from_name =
	    *raw->from_name != '\0' ? raw->from_name : l->conf->office.name;
	out->per_minute = raw->per_minute;
	out->retry_first_s = raw->retry_first_s;
	out->retry_most_s = raw->retry_most_s;
	out->attach_all = raw->attach_all;
	if (out->retry_most_s < out->retry_first_s)
		load_mistake(l, raw->origin.at,
		    "smtp: retry_most is shorter than retry_first");
}

/* -- office and time ------------------------------------------------------- */

static void
take_office(struct load *l, const struct raw_office *raw)
{
	struct office_conf *out = &l->conf->office;
	const char *prefix = raw->number_prefix.text;
	const char *domain = raw->message_id_domain.text;

	if (strspn(prefix, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != strlen(prefix))
		load_mistake(l, raw->number_prefix.at,
		    "number_prefix: \"%s\" must be of A-Z only; it stands in "
		    "subjects as in LY-2026-000123",
		    prefix);
	if (*domain != '\0' &&
	    (!value_host_ok(domain) || strchr(domain, '.') == NULL ||
		*domain == '['))
		load_mistake(l, raw->message_id_domain.at,
		    "message_id_domain: \"%s\" is not a domain", domain);
	out->name = raw->name;
	out->number_prefix = prefix;
	out->message_id_domain = domain;
}

static void
take_zone(struct load *l, const struct word *w)
{
	struct err err;

	if (zone_new(w->text, &l->conf->zone, &err) < 0)
		load_err(l, w->at, &err, "time_zone");
}

/* Make-up working days take Monday's hours, so Monday must have some. */
static void
take_hours(struct load *l, const struct raw_hours *raw)
{
	if (raw->week[1].n_spans == 0)
		load_mistake(l, raw->origin.at,
		    "hours: monday must have working hours; make-up working "
		    "days use them");
	memcpy(
	    l->conf->calendar.week, raw->week, sizeof(l->conf->calendar.week));
}

/* For comparing terms: a working day is as long as a Monday. */
static uint64_t
term_minutes(const struct load *l, const struct term *t)
{
	const struct work_day *monday = &l->conf->calendar.week[1];
	uint64_t day_min = 0;

	for (int i = 0; i < monday->n_spans; i++)
		day_min += (uint64_t)(monday->spans[i].to_min -
				      monday->spans[i].from_min);
	return t->working_days * day_min + t->working_minutes;
}

/* Each term is longer than nothing and not shorter than the one before it.  A
 * reminder that is due before its term begins would be sent at once. */
static void
check_terms(struct load *l, const struct raw_class *raw, const char *id)
{
	uint64_t accept = term_minutes(l, &raw->accept);
	uint64_t feedback = term_minutes(l, &raw->feedback);
	uint64_t conclude = term_minutes(l, &raw->conclude);

	if (accept == 0)
		load_mistake(l, raw->origin.at,
		    "deadlines.%s: a term of 0 cannot be met", id);
	else if (feedback < accept || conclude < feedback)
		load_mistake(l, raw->origin.at,
		    "deadlines.%s: accept, feedback and conclude must follow "
		    "each other",
		    id);
	else if (term_minutes(l, &raw->warn_before) >= accept)
		load_mistake(l, raw->origin.at,
		    "deadlines.%s: warn_before is not shorter than every "
		    "term",
		    id);
}

static const char *const step_names[] = {
    "officer", "leader", "bureau-leader", "office"};
static const char *const summary_names[] = {
    "", "unit-leaders", "bureau-leader", ""};

/* "officer leader" → bits of enum ladder_to; "" leaves the step out. */
static uint32_t
take_recipients(struct load *l, const struct word *w, const char *key,
    const char *const names[4])
{
	const char *p = w->text;
	uint32_t to = 0;
	size_t len, i;

	for (p += strspn(p, " "); *p != '\0'; p += len + strspn(p + len, " ")) {
		len = strcspn(p, " ");
		for (i = 0; i < 4; i++)
			if (strlen(names[i]) == len &&
			    memcmp(names[i], p, len) == 0)
				break;
		if (i == 4) {
			load_mistake(l, w->at,
			    "%s: \"%.*s\" is not one of %s",
			    key, (int)len, p,
			    names == step_names
				? "officer, leader, bureau-leader and office"
				: "unit-leaders and bureau-leader");
			return 0;
		}
		to |= 1U << i;
	}
	return to;
}

static uint32_t
take_steps(struct load *l, const struct word *w, const char *key)
{
	return take_recipients(l, w, key, step_names);
}

/* Steps that come at once or in another order would swallow each other: of
 * several that are due only the highest is sent. */
static void
take_ladder(struct load *l, const struct raw_class *raw, const char *id,
    struct ladder_step out[LADDER_SIZE])
{
	uint64_t urge = term_minutes(l, &raw->urge_after);
	uint64_t criticise = term_minutes(l, &raw->criticise_after);

	out[1].to = take_steps(l, &raw->warn_to, "warn_to");
	out[2].to = take_steps(l, &raw->expired_to, "expired_to");
	out[3].to = take_steps(l, &raw->urge_to, "urge_to");
	out[4].to = take_steps(l, &raw->criticise_to, "criticise_to");
	out[3].after = raw->urge_after;
	out[4].after = raw->criticise_after;
	if (l->conf->calendar.week[1].n_spans == 0)
		return;
	if ((out[3].to != 0 && urge == 0) ||
	    (out[4].to != 0 && criticise <= (out[3].to != 0 ? urge : 0)))
		load_mistake(l, raw->origin.at,
		    "deadlines.%s: urge_after and criticise_after must "
		    "follow the end and each other",
		    id);
}

static void
take_class(struct load *l, const struct raw_class *raw, const char *id,
    struct deadline_class *out)
{
	/* Without a Monday all terms would look empty. */
	if (l->conf->calendar.week[1].n_spans > 0)
		check_terms(l, raw, id);
	*out = (struct deadline_class){
	    .id = id,
	    .title = raw->title,
	    .accept = raw->accept,
	    .feedback = raw->feedback,
	    .conclude = raw->conclude,
	    .extensions_most = raw->extensions_most,
	    .extension_days = raw->extension_days,
	    .warn_before = raw->warn_before,
	};
	take_ladder(l, raw, id, out->ladder);
}

static void
take_classes(struct load *l, const struct raw_deadlines *raw)
{
	struct deadline_class *out = load_array(l, 2, sizeof(*out));

	if (out == NULL)
		return;
	take_class(l, &raw->normal, "normal", &out[0]);
	take_class(l, &raw->priority, "priority", &out[1]);
	l->conf->classes = out;
	l->conf->n_classes = 2;
}

/* An alarm that comes before the next look at the mailbox is a false one. */
/* "HH:MM", "off", or "" for the opening. */
static int
take_minute(struct load *l, const struct word *w)
{
	const char *s = w->text;
	int64_t hour, minute;
	char part[3] = {0};

	if (s[0] == '\0')
		return ROUNDS_OPENING;
	if (strcmp(s, "off") == 0)
		return ROUNDS_OFF;
	memcpy(part, s, 2);
	if (strlen(s) == 5 && s[2] == ':' &&
	    str_int64(part, 0, 23, &hour) == 0 &&
	    str_int64(s + 3, 0, 59, &minute) == 0)
		return (int)(hour * 60 + minute);
	load_mistake(l, w->at,
	    "at: \"%s\" is neither a time like \"08:30\" nor \"off\"", s);
	return ROUNDS_OFF;
}

static void
take_sheet(struct load *l, const struct raw_sheet *raw)
{
	l->conf->rounds = (struct rounds_conf){
	    .sheet_min = take_minute(l, &raw->at),
	    .summary_weekday = raw->summary_day,
	    .summary_to = take_recipients(
		l, &raw->summary_to, "summary_to", summary_names),
	};
}

static void
take_watch(struct load *l, const struct raw_watch *raw)
{
	l->conf->watch = (struct watch_conf){
	    .silence_min = raw->silence_min,
	    .letters_min = raw->letters_min,
	    .unreadable = raw->unreadable,
	    .disk_bytes = raw->disk_bytes,
	    .certificate_days = raw->certificate_days,
	    .calendar_days = raw->calendar_days,
	    .metrics = raw->metrics,
	};
	for (size_t i = 0; i < l->conf->n_mailboxes; i++)
		if (l->conf->mailboxes[i].imap.poll_s >= raw->silence_min * 60)
			load_mistake(l, raw->origin.at,
			    "watch.silence is not longer than poll of "
			    "mailbox \"%s\"",
			    l->conf->mailboxes[i].id);
}

static void
take_citizens(struct load *l, const struct raw_citizens *raw)
{
	l->conf->citizens = (struct citizens_conf){
	    .acknowledge = raw->acknowledge,
	    .closing_notice = raw->closing_notice,
	    .acks_address_day = raw->acks_address_day,
	    .acks_hour = raw->acks_hour,
	    .answers_address_day = raw->answers_address_day,
	    .wrong_clue_day = raw->wrong_clue_day,
	};
}

static void
take_cap(struct load *l, const struct raw_caps *raw, const char *name,
    uint32_t hour, uint32_t day)
{
	if (day < hour)
		load_mistake(l, raw->origin.at,
		    "caps: fewer letters a day than an hour (%s)", name);
}

static void
take_caps(struct load *l, const struct raw_caps *raw)
{
	take_cap(l, raw, "hour, day", raw->hour, raw->day);
	take_cap(l, raw, "person_hour, person_day", raw->person_hour,
	    raw->person_day);
	take_cap(l, raw, "citizen_hour, citizen_day", raw->citizen_hour,
	    raw->citizen_day);
	l->conf->caps = (struct caps_conf){
	    .hour = raw->hour,
	    .day = raw->day,
	    .person_hour = raw->person_hour,
	    .person_day = raw->person_day,
	    .citizen_hour = raw->citizen_hour,
	    .citizen_day = raw->citizen_day,
	};
}

/* "20 23" → bits; all before the day on which it is due. */
static uint32_t
take_days(struct load *l, const struct raw_report *report,
    const struct word *w, const char *key)
{
	const char *p = w->text;
	uint32_t days = 0;
	char one[4];
	int64_t day;
	size_t len;

	for (p += strspn(p, " "); *p != '\0'; p += len + strspn(p + len, " ")) {
		len = strcspn(p, " ");
		(void)snprintf(one, sizeof(one), "%.*s", (int)len, p);
		if (len > 2 || str_int64(one, 1, report->due_day - 1, &day) < 0)
			load_mistake(l, w->at,
			    "report.%s: \"%.*s\" is no day before due_day "
			    "(%u)",
			    key, (int)len, p, report->due_day);
		else
			days |= 1U << day;
	}
	return days;
}

void
clued_take(struct load *l, const struct raw_clued *raw)
{
	take_zone(l, &raw->time_zone);
	take_office(l, &raw->office);
	take_mailboxes(l, raw);
	take_smtp(l, &raw->smtp, "smtp", &l->conf->smtp);
	l->conf->has_alarm_smtp =
	    schema_seen(&clued_group, &raw->origin, "alarm_smtp");
	if (l->conf->has_alarm_smtp) {
		take_smtp(l, &raw->alarm_smtp, "alarm_smtp",
		    &l->conf->alarm_smtp);
		if (*raw->alarm_smtp.mail_from.text == '\0')
			load_mistake(l, raw->alarm_smtp.origin.at,
			    "alarm_smtp: \"mail_from\" is missing: the "
			    "address of the other account");
	}
	l->conf->store.path = raw->store.path;
	take_hours(l, &raw->hours);
	take_classes(l, &raw->deadlines);
	l->conf->report = (struct report_conf){
	    .period_day = raw->report.period_day,
	    .title = raw->report.title,
	    .total = raw->report.total,
	    .filled_by = raw->report.filled_by,
	    .phone = raw->report.phone,
	    .copy_to = raw->report.copy_to,
	    .due_day = raw->report.due_day,
	    .draft_day = raw->report.draft_day,
	    .units_days = take_days(l, &raw->report, &raw->report.remind_units,
		"remind_units"),
	    .office_days = take_days(l, &raw->report,
		&raw->report.remind_office, "remind_office"),
	};
	take_citizens(l, &raw->citizens);
	take_caps(l, &raw->caps);
	l->conf->messages_per_child = raw->parser.messages_per_child;
	take_watch(l, &raw->watch);
	take_sheet(l, &raw->sheet);
	l->conf->probe = (struct probe_conf){
	    raw->probe.every_h, raw->probe.within_min};
}
