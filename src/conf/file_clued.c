/* SPDX-License-Identifier: ISC */
#include "conf/file_clued.h"

#include <limits.h>
#include <string.h>

#include "base/limits.h"
#include "conf/schema.h"

/*
 * clued.conf: everything but rules, areas, people and the calendar.  The
 * tables are the one place of its defaults; file_clued_take.c checks what a
 * table cannot and fills the contract's structs.
 */

#define AT(type, member) offsetof(type, member)

static const char *const tls_names[] = {"implicit", "starttls", "none", NULL};
static const char *const imap_auth_names[] = {
    "login", "plain", "xoauth2", NULL};
static const char *const smtp_auth_names[] = {
    "none", "plain", "login", "xoauth2", NULL};
static const char *const mark_names[] = {"nothing", "keyword", "move", NULL};

static const struct key secret_keys[] = {
    {"file", KEY_PATH, .at = AT(struct raw_secret, file)},
    {"credential", KEY_STR, .at = AT(struct raw_secret, credential)},
    {"command", KEY_STR, .at = AT(struct raw_secret, command)},
};
static const struct group secret_group =
    GROUP("secret", secret_keys, struct raw_secret);

static const struct key folder_keys[] = {
    {"name", KEY_WORD, .required = true, .min = 1, .max = 255,
	.at = AT(struct raw_folder, name)},
    {"junk", KEY_BOOL, .dflt = "false", .at = AT(struct raw_folder, junk)},
};
static const struct group folder_group =
    GROUP("folders", folder_keys, struct raw_folder);

#define MAILBOX(member) AT(struct raw_mailbox, member)
static const struct key mailbox_keys[] = {
    {"id", KEY_WORD, .required = true, .min = 1, .at = MAILBOX(id)},
    {"address", KEY_WORD, .required = true, .min = 1, .at = MAILBOX(address)},
    {"host", KEY_WORD, .required = true, .min = 1, .max = MAX_HOST_BYTES,
	.at = MAILBOX(server.host)},
    {"port", KEY_INT, .dflt = "0", .max = 65535, .at = MAILBOX(server.port)},
    {"tls", KEY_ENUM, .dflt = "implicit", .names = tls_names,
	.at = MAILBOX(server.tls)},
    {"ca_file", KEY_PATH, .at = MAILBOX(server.ca_file)},
    {"connect_to", KEY_WORD, .at = MAILBOX(server.connect_to)},
    {"user", KEY_STR, .max = MAX_USER_BYTES, .at = MAILBOX(server.user)},
    {"secret", KEY_GROUP, .group = &secret_group, .at = MAILBOX(server.secret)},
    {"auth", KEY_ENUM, .dflt = "login", .names = imap_auth_names,
	.at = MAILBOX(server.auth)},
    {"timeout", KEY_TIME, .dflt = "60s", .min = 100, .max = 3600000,
	.unit_ms = 1, .at = MAILBOX(server.timeout_ms)},
    {"send_id", KEY_BOOL, .dflt = "true", .at = MAILBOX(send_id)},
    {"folders", KEY_LIST, .min = 1, .max = MAX_FOLDERS, .group = &folder_group,
	.at = MAILBOX(folders)},
    {"mark", KEY_ENUM, .dflt = "nothing", .names = mark_names,
	.at = MAILBOX(mark)},
    {"mark_with", KEY_WORD, .max = 255, .at = MAILBOX(mark_with)},
    {"poll", KEY_TIME, .dflt = "60s", .min = 1, .max = 86400, .unit_ms = 1000,
	.at = MAILBOX(poll_s)},
    {"idle", KEY_BOOL, .dflt = "true", .at = MAILBOX(idle)},
    {"max_message", KEY_SIZE, .dflt = "50M", .min = 1 << 16,
	.max = MAX_MESSAGE_BYTES, .at = MAILBOX(max_message_bytes)},
    {"since", KEY_DATE, .at = MAILBOX(since)},
    {"no_ack_older", KEY_TIME, .dflt = "3d", .min = 0, .max = 3650,
	.unit_ms = 86400000, .at = MAILBOX(no_ack_older_days)},
    {"authserv_id", KEY_STR, .max = MAX_HOST_BYTES,
	.at = MAILBOX(authserv_id)},
};
static const struct group mailbox_group =
    GROUP("mailboxes", mailbox_keys, struct raw_mailbox);

#define SMTP(member) AT(struct raw_smtp, member)
/* The connection and the sender. */
#define SMTP_KEYS \
    {"host", KEY_WORD, .required = true, .min = 1, .max = MAX_HOST_BYTES, \
	.at = SMTP(server.host)}, \
    {"port", KEY_INT, .dflt = "0", .max = 65535, .at = SMTP(server.port)}, \
    {"tls", KEY_ENUM, .dflt = "implicit", .names = tls_names, \
	.at = SMTP(server.tls)}, \
    {"ca_file", KEY_PATH, .at = SMTP(server.ca_file)}, \
    {"connect_to", KEY_WORD, .at = SMTP(server.connect_to)}, \
    {"user", KEY_STR, .max = MAX_USER_BYTES, .at = SMTP(server.user)}, \
    {"secret", KEY_GROUP, .group = &secret_group, .at = SMTP(server.secret)}, \
    {"auth", KEY_ENUM, .dflt = "plain", .names = smtp_auth_names, \
	.at = SMTP(server.auth)}, \
    {"timeout", KEY_TIME, .dflt = "120s", .min = 100, .max = 3600000, \
	.unit_ms = 1, .at = SMTP(server.timeout_ms)}, \
    {"helo", KEY_WORD, .at = SMTP(helo)}, \
    {"mail_from", KEY_WORD, .at = SMTP(mail_from)}, \
    {"from_name", KEY_STR, .max = MAX_NAME_BYTES, .at = SMTP(from_name)}

static const struct key smtp_keys[] = {
    SMTP_KEYS,
    {"per_minute", KEY_INT, .dflt = "20", .min = 1, .max = 10000,
	.at = SMTP(per_minute)},
    {"retry_first", KEY_TIME, .dflt = "2m", .min = 1, .max = 86400,
	.unit_ms = 1000, .at = SMTP(retry_first_s)},
    {"retry_most", KEY_TIME, .dflt = "6h", .min = 1, .max = 7 * 86400,
	.unit_ms = 1000, .at = SMTP(retry_most_s)},
    {"attach_all", KEY_BOOL, .dflt = "false", .at = SMTP(attach_all)},
};
static const struct group smtp_group =
    GROUP("smtp", smtp_keys, struct raw_smtp);
static const struct key alarm_smtp_keys[] = {SMTP_KEYS};
static const struct group alarm_smtp_group =
    GROUP("alarm_smtp", alarm_smtp_keys, struct raw_smtp);

static const struct key office_keys[] = {
    {"name", KEY_STR, .required = true, .min = 1, .max = 200,
	.at = AT(struct raw_office, name)},
    {"number_prefix", KEY_WORD, .dflt = "LY", .min = 1, .max = 8,
	.at = AT(struct raw_office, number_prefix)},
    {"message_id_domain", KEY_WORD, .required = true, .min = 1,
	.at = AT(struct raw_office, message_id_domain)},
};
static const struct group office_group =
    GROUP("office", office_keys, struct raw_office);

static const struct key store_keys[] = {
    {"path", KEY_PATH, .dflt = "/var/lib/clued/clued.db", .min = 1, .max = 4000,
	.at = AT(struct raw_store, path)},
};
static const struct group store_group =
    GROUP("store", store_keys, struct raw_store);

#define HOURS(day) AT(struct raw_hours, week[day])
static const struct key hours_keys[] = {
    {"monday", KEY_HOURS, .dflt = "08:30-12:00 14:00-17:30", .at = HOURS(1)},
    {"tuesday", KEY_HOURS, .dflt = "08:30-12:00 14:00-17:30", .at = HOURS(2)},
    {"wednesday", KEY_HOURS, .dflt = "08:30-12:00 14:00-17:30", .at = HOURS(3)},
    {"thursday", KEY_HOURS, .dflt = "08:30-12:00 14:00-17:30", .at = HOURS(4)},
    {"friday", KEY_HOURS, .dflt = "08:30-12:00 14:00-17:30", .at = HOURS(5)},
    {"saturday", KEY_HOURS, .dflt = "", .at = HOURS(6)},
    {"sunday", KEY_HOURS, .dflt = "", .at = HOURS(7)},
};
static const struct group hours_group =
    GROUP("hours", hours_keys, struct raw_hours);

/* The two classes differ in their defaults only. */
#define CLASS(member) AT(struct raw_class, member)
#define CLASS_KEYS(title_, accept_, feedback_, conclude_, days_, warn_) \
	{ \
		{"title", KEY_STR, .dflt = title_, .min = 1, .max = 60, \
		    .at = CLASS(title)}, \
		    {"accept", KEY_TERM, .dflt = accept_, \
			.at = CLASS(accept)}, \
		    {"feedback", KEY_TERM, .dflt = feedback_, \
			.at = CLASS(feedback)}, \
		    {"conclude", KEY_TERM, .dflt = conclude_, \
			.at = CLASS(conclude)}, \
		    {"extensions", KEY_INT, .dflt = "1", .max = 20, \
			.at = CLASS(extensions_most)}, \
		    {"extension_days", KEY_INT, .dflt = days_, .max = 365, \
			.at = CLASS(extension_days)}, \
		    {"warn_before", KEY_TERM, .dflt = warn_, \
			.at = CLASS(warn_before)}, \
		    {"warn_to", KEY_WORD, .dflt = "officer", \
			.at = CLASS(warn_to)}, \
		    {"expired_to", KEY_WORD, .dflt = "officer", \
			.at = CLASS(expired_to)}, \
		    {"urge_after", KEY_TERM, .dflt = "1d", \
			.at = CLASS(urge_after)}, \
		    {"urge_to", KEY_WORD, .dflt = "officer leader", \
			.at = CLASS(urge_to)}, \
		    {"criticise_after", KEY_TERM, .dflt = "5d", \
			.at = CLASS(criticise_after)}, \
		    {"criticise_to", KEY_WORD, \
			.dflt = "bureau-leader office", \
			.at = CLASS(criticise_to)}, \
	}
static const struct key normal_keys[] =
    CLASS_KEYS("一般", "1d", "5d", "13d", "10", "4h");
static const struct key priority_keys[] =
    CLASS_KEYS("优先", "4h", "2d", "10d", "5", "1h");
static const struct group normal_group =
    GROUP("normal", normal_keys, struct raw_class);
static const struct group priority_group =
    GROUP("priority", priority_keys, struct raw_class);

static const struct key deadlines_keys[] = {
    {"normal", KEY_GROUP, .group = &normal_group,
	.at = AT(struct raw_deadlines, normal)},
    {"priority", KEY_GROUP, .group = &priority_group,
	.at = AT(struct raw_deadlines, priority)},
};
static const struct group deadlines_group =
    GROUP("deadlines", deadlines_keys, struct raw_deadlines);

static const struct key files_keys[] = {
    {"rules", KEY_PATH, .dflt = "rules.conf", .min = 1,
	.at = AT(struct raw_files, rules)},
    {"areas", KEY_PATH, .dflt = "areas.conf", .min = 1,
	.at = AT(struct raw_files, areas)},
    {"roster", KEY_PATH, .dflt = "roster.conf", .min = 1,
	.at = AT(struct raw_files, roster)},
    {"calendar", KEY_PATH, .dflt = "calendar", .min = 1,
	.at = AT(struct raw_files, calendar)},
    {"templates", KEY_PATH, .dflt = "templates", .min = 1,
	.at = AT(struct raw_files, templates)},
};
static const struct group files_group =
    GROUP("files", files_keys, struct raw_files);

static const struct key parser_keys[] = {
    {"messages_per_child", KEY_INT, .dflt = "64", .min = 1, .max = 10000,
	.at = AT(struct raw_parser, messages_per_child)},
};
static const struct group parser_group =
    GROUP("parser", parser_keys, struct raw_parser);

#define WATCH(member) AT(struct raw_watch, member)
static const struct key watch_keys[] = {
    {"silence", KEY_TIME, .dflt = "30m", .min = 1, .max = 7 * 1440,
	.unit_ms = 60000, .at = WATCH(silence_min)},
    {"letters", KEY_TIME, .dflt = "2h", .max = 7 * 1440, .unit_ms = 60000,
	.at = WATCH(letters_min)},
    {"unreadable", KEY_INT, .dflt = "5", .max = 10000,
	.at = WATCH(unreadable)},
    {"disk", KEY_SIZE, .dflt = "512M", .max = 1LL << 50,
	.at = WATCH(disk_bytes)},
    {"certificate", KEY_TIME, .dflt = "14d", .max = 365,
	.unit_ms = 86400000, .at = WATCH(certificate_days)},
    {"calendar", KEY_TIME, .dflt = "14d", .max = 365, .unit_ms = 86400000,
	.at = WATCH(calendar_days)},
    {"metrics", KEY_PATH, .max = 4000, .at = WATCH(metrics)},
};
static const struct group watch_group =
    GROUP("watch", watch_keys, struct raw_watch);

static const struct key probe_keys[] = {
    {"every", KEY_TIME, .dflt = "0d", .max = 31 * 24, .unit_ms = 3600000,
	.at = AT(struct raw_probe, every_h)},
    {"within", KEY_TIME, .dflt = "30m", .min = 1, .max = 1440,
	.unit_ms = 60000, .at = AT(struct raw_probe, within_min)},
};
static const struct group probe_group =
    GROUP("probe", probe_keys, struct raw_probe);

/* From the 29th on, February would have no such day. */
#define REPORT(member) AT(struct raw_report, member)
static const struct key report_keys[] = {
    {"period_day", KEY_INT, .dflt = "25", .min = 1, .max = 28,
	.at = REPORT(period_day)},
    {"title", KEY_STR, .dflt = "扫黑除恶专项斗争开展情况月报表", .min = 1,
	.max = 200, .at = REPORT(title)},
    {"total", KEY_BOOL, .dflt = "true", .at = REPORT(total)},
    {"filled_by", KEY_STR, .max = 100, .at = REPORT(filled_by)},
    {"phone", KEY_STR, .max = 100, .at = REPORT(phone)},
    {"copy_to", KEY_STR, .max = 300, .at = REPORT(copy_to)},
    {"due_day", KEY_INT, .dflt = "25", .min = 2, .max = 28,
	.at = REPORT(due_day)},
    {"remind_units", KEY_WORD, .dflt = "20 23", .at = REPORT(remind_units)},
    {"draft_day", KEY_INT, .dflt = "22", .max = 28, .at = REPORT(draft_day)},
    {"remind_office", KEY_WORD, .dflt = "24", .at = REPORT(remind_office)},
};
static const struct group report_group =
    GROUP("report", report_keys, struct raw_report);

static const char *const summary_days[] = {"never", "monday", "tuesday",
    "wednesday", "thursday", "friday", "saturday", "sunday", NULL};
#define SHEET(member) AT(struct raw_sheet, member)
static const struct key sheet_keys[] = {
    {"at", KEY_WORD, .max = 5, .at = SHEET(at)},
    {"summary_day", KEY_ENUM, .dflt = "monday", .names = summary_days,
	.at = SHEET(summary_day)},
    {"summary_to", KEY_WORD, .dflt = "unit-leaders bureau-leader",
	.at = SHEET(summary_to)},
};
static const struct group sheet_group =
    GROUP("sheet", sheet_keys, struct raw_sheet);

#define CITIZENS(member) AT(struct raw_citizens, member)
static const struct key citizens_keys[] = {
    {"acknowledge", KEY_BOOL, .dflt = "true", .at = CITIZENS(acknowledge)},
    {"acks_address_day", KEY_INT, .dflt = "5", .min = 1, .max = 1000,
	.at = CITIZENS(acks_address_day)},
    {"acks_hour", KEY_INT, .dflt = "200", .min = 1, .max = 100000,
	.at = CITIZENS(acks_hour)},
    {"answers_address_day", KEY_INT, .dflt = "10", .min = 1, .max = 1000,
	.at = CITIZENS(answers_address_day)},
    {"wrong_clue_day", KEY_INT, .dflt = "10", .min = 1, .max = 1000,
	.at = CITIZENS(wrong_clue_day)},
    {"closing_notice", KEY_BOOL, .dflt = "false",
	.at = CITIZENS(closing_notice)},
};
static const struct group citizens_group =
    GROUP("citizens", citizens_keys, struct raw_citizens);

/* A hundred letters a minute, day and night, is no office any more. */
#define MAX_CAP 150000
#define CAPS(member) AT(struct raw_caps, member)
#define CAP_KEY(name_, dflt_) \
	{#name_, KEY_INT, .dflt = dflt_, .min = 1, .max = MAX_CAP, \
	    .at = CAPS(name_)}
static const struct key caps_keys[] = {
    CAP_KEY(hour, "600"),
    CAP_KEY(day, "4000"),
    CAP_KEY(person_hour, "120"),
    CAP_KEY(person_day, "600"),
    CAP_KEY(citizen_hour, "6"),
    CAP_KEY(citizen_day, "20"),
};
static const struct group caps_group =
    GROUP("caps", caps_keys, struct raw_caps);

#define TOP(member) AT(struct raw_clued, member)
static const struct key clued_keys[] = {
    {"time_zone", KEY_WORD, .dflt = "Asia/Shanghai", .min = 1,
	.at = TOP(time_zone)},
    {"office", KEY_GROUP, .required = true, .group = &office_group,
	.at = TOP(office)},
    {"mailboxes", KEY_LIST, .required = true, .min = 1, .max = MAX_MAILBOXES,
	.group = &mailbox_group, .at = TOP(mailboxes)},
    {"smtp", KEY_GROUP, .required = true, .group = &smtp_group,
	.at = TOP(smtp)},
    {"alarm_smtp", KEY_GROUP, .group = &alarm_smtp_group,
	.at = TOP(alarm_smtp)},
    {"store", KEY_GROUP, .group = &store_group, .at = TOP(store)},
    {"hours", KEY_GROUP, .group = &hours_group, .at = TOP(hours)},
    {"deadlines", KEY_GROUP, .group = &deadlines_group, .at = TOP(deadlines)},
    {"files", KEY_GROUP, .group = &files_group, .at = TOP(files)},
    {"parser", KEY_GROUP, .group = &parser_group, .at = TOP(parser)},
    {"watch", KEY_GROUP, .group = &watch_group, .at = TOP(watch)},
    {"probe", KEY_GROUP, .group = &probe_group, .at = TOP(probe)},
    {"report", KEY_GROUP, .group = &report_group, .at = TOP(report)},
    {"sheet", KEY_GROUP, .group = &sheet_group, .at = TOP(sheet)},
    {"citizens", KEY_GROUP, .group = &citizens_group, .at = TOP(citizens)},
    {"caps", KEY_GROUP, .group = &caps_group, .at = TOP(caps)},
};
const struct group clued_group =
    GROUP("clued.conf", clued_keys, struct raw_clued);
