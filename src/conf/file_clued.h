/* SPDX-License-Identifier: ISC */
#ifndef CONF_FILE_CLUED_H
#define CONF_FILE_CLUED_H

#include "conf/load.h"

/* clued.conf as its tables fill it; enums are kept as table indexes. */

struct raw_secret {
	struct origin origin;
	const char *file, *credential, *command; /* exactly one */
};
struct raw_folder {
	struct origin origin;
	struct word name;
	bool junk;
};
/* What IMAP and SMTP have in common. */
struct raw_server {
	struct word host;
	uint32_t port; /* 0 = the usual one */
	int tls;
	const char *ca_file;
	struct word connect_to;
	const char *user;
	struct raw_secret secret;
	int auth;
	uint32_t timeout_ms;
};
struct raw_mailbox {
	struct origin origin;
	struct word id, address;
	struct raw_server server;
	bool send_id, idle;
	struct list folders;
	int mark;
	struct word mark_with;
	const char *authserv_id;
	uint32_t poll_s, no_ack_older_days;
	uint64_t max_message_bytes;
	int32_t since;
};
struct raw_smtp {
	struct origin origin;
	struct raw_server server;
	struct word helo, mail_from;
	const char *from_name;
	uint32_t per_minute, retry_first_s, retry_most_s;
	bool attach_all;
};
struct raw_office {
	struct origin origin;
	const char *name;
	struct word number_prefix, message_id_domain;
};
struct raw_store {
	struct origin origin;
	const char *path;
};
struct raw_hours {
	struct origin origin;
	struct work_day week[8];
};
struct raw_class {
	struct origin origin;
	const char *title;
	struct term accept, feedback, conclude, warn_before;
	uint32_t extensions_most, extension_days;
	struct term urge_after, criticise_after;
	struct word warn_to, expired_to, urge_to, criticise_to;
};
struct raw_deadlines {
	struct origin origin;
	struct raw_class normal, priority;
};
struct raw_files {
	struct origin origin;
	const char *rules, *areas, *roster, *calendar, *templates;
};
struct raw_parser {
	struct origin origin;
	uint32_t messages_per_child;
};
struct raw_watch {
	struct origin origin;
	uint32_t silence_min, letters_min, unreadable, certificate_days,
	    calendar_days;
	uint64_t disk_bytes;
	const char *metrics;
};
struct raw_probe {
	struct origin origin;
	uint32_t every_h, within_min;
};
struct raw_report {
	struct origin origin;
	uint32_t period_day;
	const char *title, *filled_by, *phone, *copy_to;
	bool total;
	uint32_t due_day, draft_day;
	struct word remind_units, remind_office;
};
struct raw_sheet {
	struct origin origin;
	struct word at;
	int summary_day;
	struct word summary_to;
};
struct raw_citizens {
	struct origin origin;
	bool acknowledge, closing_notice;
	uint32_t acks_address_day, acks_hour, answers_address_day;
	uint32_t wrong_clue_day;
};
struct raw_caps {
	struct origin origin;
	uint32_t hour, day, person_hour, person_day, citizen_hour, citizen_day;
};
struct raw_clued {
	struct origin origin;
	struct word time_zone;
	struct raw_office office;
	struct list mailboxes;
	struct raw_smtp smtp, alarm_smtp;
	struct raw_store store;
	struct raw_hours hours;
	struct raw_deadlines deadlines;
	struct raw_files files;
	struct raw_parser parser;
	struct raw_watch watch;
	struct raw_probe probe;
	struct raw_report report;
	struct raw_sheet sheet;
	struct raw_citizens citizens;
	struct raw_caps caps;
};

/* Reads clued.conf into *raw; false and the defaults when that failed. */
bool clued_read(struct load *l, const char *path, struct raw_clued *raw);
/* Checks *raw and fills what of l->conf comes from it. */
void clued_take(struct load *l, const struct raw_clued *raw);

#endif
