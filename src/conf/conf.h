/* SPDX-License-Identifier: ISC */
#ifndef CONF_CONF_H
#define CONF_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/zone.h"
#include "fetch/wire.h"
#include "send/wire.h"

struct arena;
struct buf;
struct err;
struct template;

/*
 * Text → one immutable struct.  Everything in it lives in one arena; strings
 * are valid UTF-8 and never NULL.  conf_load() finds all mistakes at once.
 */

/* The nine domains are data, but two ids mean something to the program. */
#define DOMAIN_OTHER "other"
#define MAX_DOMAINS 32

/* Where a password comes from; read by conf_secret() at the moment of use and
 * wiped after it. */
enum secret_from {
	SECRET_NONE,
	SECRET_FILE,
	SECRET_CREDENTIAL,
	SECRET_COMMAND
};
struct secret_conf {
	enum secret_from from;
	const char *value; /* path, credential name, or command */
};

struct mailbox_conf {
	const char *id;	     /* short name for logs: "tips" */
	const char *address; /* the published address */
	/* All of struct fetch_start but `secret`, `since_s`, once and check. */
	struct fetch_start imap;
	struct secret_conf secret;
	const char *since; /* "YYYY-MM-DD" or "": first-start guard */
	int64_t since_s;   /* the same in UTC seconds; 0 = everything */
	uint32_t no_ack_older_days; /* old mail gets no acknowledgement */
	const char *authserv_id; /* whose Authentication-Results count;
				  * "" = nobody's, commands do without */
};

struct smtp_conf {
	struct send_start smtp; /* all but `secret` and check */
	struct secret_conf secret;
	const char *mail_from;	/* envelope sender = From address */
	const char *from_name;	/* display name of From */
	uint32_t per_minute;	/* most letters a minute */
	uint32_t retry_first_s; /* first wait after a 4xx; doubles */
	uint32_t retry_most_s;
	bool attach_all; /* send all attachments without release */
};

/* When the office is alarmed; 0 in a number = never. */
struct watch_conf {
	uint32_t silence_min;	   /* working minutes without a poll */
	uint32_t letters_min;	   /* a letter's age that is stuck */
	uint32_t unreadable;	   /* quarantined messages of one day */
	uint64_t disk_bytes;	   /* least room for the store */
	uint32_t certificate_days; /* a server's, before its end */
	uint32_t calendar_days;	   /* before a year without a file */
	const char *metrics;	   /* file for node_exporter; "" = none */
};

/* A marked message that must come back through the public address. */
struct probe_conf {
	uint32_t every_h; /* 0 = no probe */
	uint32_t within_min;
};

struct store_conf {
	const char *path;
};

struct office_conf {
	const char *name;	   /* 填报单位: the bureau's full name */
	const char *number_prefix; /* "LY": numbers like LY-2026-000123 */
	const char *message_id_domain; /* right side of our Message-IDs */
};

/* What citizens get by mail, and how much of it. */
struct citizens_conf {
	bool acknowledge;	/* every tip by mail is acknowledged */
	bool closing_notice;	/* the citizen hears of the end */
	uint32_t acks_address_day; /* acknowledgements to one address */
	uint32_t acks_hour;	/* in all; the rest waits */
	uint32_t answers_address_day; /* answers to 查询, to one address */
	uint32_t wrong_clue_day; /* wrong query codes for one clue */
};

/* Most letters that leave, whatever asks for them; core/breaker.h. */
struct caps_conf {
	uint32_t hour, day;		   /* in all */
	uint32_t person_hour, person_day;  /* to one of the roster */
	uint32_t citizen_hour, citizen_day; /* to any other address */
};

/* Forms: what stands on them beside the figures. */
struct report_conf {
	uint32_t period_day;   /* 1 to 28: the day on which a period begins */
	const char *title;     /* of the monthly form, without the office */
	bool total;	       /* whether it has a 合计 row */
	const char *filled_by; /* 填表人; "" = left for the pen */
	const char *phone;     /* 联系电话; likewise */
	const char *copy_to;   /* 抄送; likewise */
	uint32_t due_day;      /* filed before this day of the month */
	uint32_t units_days;   /* bit d: units are reminded on the day d */
	uint32_t office_days;  /* likewise the office, while it is not filed */
	uint32_t draft_day;    /* drafts go to the office; 0 = never */
};

/* Regular letters: the office's daily sheet with officers' digests, and the
 * leaders' weekly summary. */
struct rounds_conf {
	int sheet_min;	     /* minute of the day; ROUNDS_OPENING, ROUNDS_OFF */
	int summary_weekday; /* 1 = Monday … 7; 0 = never */
	uint32_t summary_to; /* enum ladder_to: LEADER = of each unit */
};
#define ROUNDS_OPENING (-1)
#define ROUNDS_OFF (-2)

/* Working time of one weekday: up to 4 spans of minutes since midnight. */
struct work_span {
	uint16_t from_min, to_min;
};
struct work_day {
	struct work_span spans[4];
	uint8_t n_spans;
};

/* One day of a calendar file. */
struct calendar_day {
	int32_t day_number; /* civil_day_number() */
	bool working;	    /* make-up working day, else day off */
	const char *name;
};
struct calendar_conf {
	struct work_day week[8];	 /* index 1 = Monday … 7 = Sunday */
	const struct calendar_day *days; /* ascending by day_number */
	size_t n_days;
	const int *years; /* years that have a file, ascending */
	size_t n_years;
	const char *dir; /* where the files lie */
};

/* A term of deadlines: working minutes or working days. */
struct term {
	uint32_t working_days;
	uint32_t working_minutes;
};
/* Whom a step of the urging ladder is written to; bits. */
enum ladder_to {
	LADDER_OFFICER = 1, /* or who acts for an absent one */
	LADDER_LEADER = 2,  /* of the officer's unit, else of the duty */
	LADDER_BUREAU_LEADER = 4,
	LADDER_OFFICE = 8,
};
struct ladder_step {
	struct term after; /* working time beyond the end */
	uint32_t to;	   /* enum ladder_to; 0 = the step is left out */
};
#define LADDER_SIZE 5 /* by enum urge_step of follow/clue.h */
struct deadline_class {
	const char *id; /* "normal", "priority" */
	const char *title;
	struct term accept, feedback, conclude;
	uint32_t extensions_most; /* how many */
	uint32_t extension_days;  /* longest each, working days */
	struct term warn_before;  /* reminder this long before each end */
	struct ladder_step ladder[LADDER_SIZE];
};

struct term_conf {		  /* one keyword rule */
	const char *const *words; /* all must occur; at least one */
	size_t n_words;
	uint32_t within;     /* characters between first and last; 0 = any */
	const char *pattern; /* PCRE2 instead of words; "" = words */
	int32_t weight;	     /* thousandths; negative lowers; */
	bool cancels;	     /* a "not" term: removes the domain's score */
	bool repeat;	     /* counts at every occurrence, else once */
	bool wording;	     /* no words: how the letter is worded */
	const char *file;    /* for messages */
	int line;
};
struct domain_conf {
	const char *id;
	const char *title; /* 渣土运输 */
	const char *brief; /* what falls under it */
	bool overriding;   /* wins whenever it reaches override_from */
	bool priority;	   /* deadline class "priority" */
	bool discipline;   /* goes to discipline, not to an officer */
	const struct term_conf *terms;
	size_t n_terms;
	int32_t threshold; /* thousandths; 0 = that of all */
	int32_t override_from; /* thousandths: overrides from this score on;
				* 0 = from its threshold on */
};
struct synonym_conf {
	const char *name;
	const char *const *words;
	size_t n_words;
};
struct late_conf { /* what stands late in the text counts for less */
	uint32_t after; /* characters of the text's normal form */
	int32_t weight; /* factor in thousandths from there on */
};
struct rules_conf {
	const struct domain_conf *domains; /* in the form's order */
	size_t n_domains;
	const struct synonym_conf *synonyms;
	size_t n_synonyms;
	int32_t subject_weight; /* factor in thousandths for the subject */
	int32_t threshold;	/* thousandths; below: a person decides */
	int32_t margin;		/* least distance to the runner-up */
	int32_t override_share; /* thousandths: an overriding domain needs so
				 * much of the best other score */
	int32_t override_other; /* likewise of the score of "other" */
	const struct late_conf *late; /* by `after`, ascending */
	size_t n_late;
	const struct term_conf *priority_terms; /* make any clue priority */
	size_t n_priority_terms;
	const struct term_conf *major_terms; /* told of at once; priority too */
	size_t n_major_terms;
	char hash[SHA256_HEX]; /* of all rule files: the version */
};

struct area_conf {
	const char *id;		    /* "xugou" */
	const char *name;	    /* 墟沟街道 */
	const char *const *aliases; /* short names, communities, landmarks */
	size_t n_aliases;
};

enum person_kind { PERSON_OFFICER, PERSON_OFFICE, PERSON_DISCIPLINE };
struct person_conf {
	const char *id;
	const char *name;
	const char *address; /* mail */
	const char *const *aliases;
	size_t n_aliases;
	const char *const *phones; /* digits only */
	size_t n_phones;
	const char *role; /* 环卫所所长 */
	int unit;	  /* index into units; -1 = none */
	enum person_kind kind;
	int32_t absent_from, absent_to; /* day numbers; 0 = not absent */
	bool common_name; /* the name is also a word: needs a second sign */
	bool digest; /* reminders gathered in one mail each working morning */
};
struct unit_conf {
	const char *id;
	const char *name;
	const char *address; /* for monthly reports; "" if none */
	const char *const *aliases;
	size_t n_aliases;
	int leader; /* index into persons; -1 = none */
};
/* domain × area → who; area -1 = any. The first that matches is taken. */
struct duty_conf {
	int domain;  /* index into rules.domains; -1 = any */
	int area;    /* index into areas; -1 = any */
	int officer; /* indexes into persons; -1 = none */
	int deputy;
	int leader;
};
struct roster_conf {
	const struct unit_conf *units;
	size_t n_units;
	const struct person_conf *persons;
	size_t n_persons;
	const struct duty_conf *duties;
	size_t n_duties;
	int office;	   /* index into persons: triage, alarms */
	int discipline;	   /* index into persons */
	int bureau_leader; /* -1 = none */
};

/* A mail template: subject line, blank line, text, with {name} fields. */
struct template_conf {
	const char *id; /* file name without .txt: "notice" */
	const char *text;
	const char *file;
	const struct template *parsed; /* letter_read_template(); NULL: anew */
};

struct conf {
	struct arena *arena;
	const char *dir; /* of clued.conf */
	struct zone *zone;
	const struct mailbox_conf *mailboxes;
	size_t n_mailboxes;
	struct smtp_conf smtp;
	bool has_alarm_smtp;
	struct smtp_conf alarm_smtp; /* another account, for alarms alone */
	struct store_conf store;
	struct office_conf office;
	struct report_conf report;
	struct rounds_conf rounds;
	struct citizens_conf citizens;
	struct caps_conf caps;
	struct calendar_conf calendar;
	const struct deadline_class *classes; /* [0] normal, [1] priority */
	size_t n_classes;
	struct rules_conf rules;
	const struct area_conf *areas;
	size_t n_areas;
	struct roster_conf roster;
	const struct template_conf *templates;
	size_t n_templates;
	uint32_t messages_per_child; /* parser isolation; 1 = strict */
	struct watch_conf watch;
	struct probe_conf probe;
};

/* One mistake; text is ready to print: "etc/rules.conf:12: unknown key …" or
 * "etc/roster.conf:3: warning: …".  line is 0 where a whole file is meant. */
struct conf_mistake {
	const char *file;
	int line;
	const char *text;
};
struct conf_mistakes {
	struct arena *arena;
	struct conf_mistake *list;
	size_t n;
	size_t n_warnings; /* those at the end that do not refuse */
	/* The machine had trouble (no memory, no descriptors, a disk that does
	 * not read): what is refused may be right, and is to be read again. */
	bool machine;
};
void conf_mistakes_done(struct conf_mistakes *m);

/* Loads clued.conf and what it names.  0 with *conf_out, or -1 with all
 * mistakes in *mistakes (always initialised; warnings may be there on success
 * too).  *conf_out is
 * untouched on failure.  Relative names of files are looked for beside
 * clued.conf. */
int conf_load(
    const char *path, struct conf **conf_out, struct conf_mistakes *mistakes);

/* The same, otherwise: for tools that send no mail, and for trying rules. */
struct conf_options {
	const char *rules; /* instead of files.rules, against the working
			    * directory; NULL = as configured */
	bool no_secrets;   /* do not look whether secrets can be read */
	bool no_warnings;  /* check_load(): tell mistakes only */
};
int conf_load_with(const char *path, const struct conf_options *options,
    struct conf **conf_out, struct conf_mistakes *mistakes);
void conf_free(struct conf **conf);

/* What depends on today: no calendar for this year is a mistake, none for the
 * next from November on a warning.  Adds to what conf_load() found, or to a
 * list that is all zero. */
void conf_check_calendar(
    const struct conf *conf, int64_t now_s, struct conf_mistakes *mistakes);

/* Reads a secret into out (NUL-terminated, one trailing line end cut; CR, LF
 * and NUL inside are refused).  The caller wipes it (explicit_bzero). */
int conf_secret(const struct conf *conf, const struct secret_conf *secret,
    char *out, size_t size, struct err *err);
/* The secret of an SMTP account; "" where nobody logs in (auth none). */
int conf_smtp_secret(const struct conf *conf, const struct smtp_conf *smtp,
    char *out, size_t size, struct err *err);

/* Look-ups by id; -1 when there is none. */
int conf_domain(const struct conf *conf, const char *id);
int conf_area(const struct conf *conf, const char *id);
int conf_person(const struct conf *conf, const char *id);
/* Is away on that day (zone_day): the deputy stands in. */
bool conf_is_absent(const struct person_conf *p, int32_t day);
/* By mail address, ASCII case folded; -1 when there is none. */
int conf_person_by_address(const struct conf *conf, const char *address);
int conf_unit_by_address(const struct conf *conf, const char *address);
const struct template_conf *conf_template(
    const struct conf *conf, const char *id);

#endif
