/* SPDX-License-Identifier: ISC */
#ifndef CTL_CTL_H
#define CTL_CTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

struct buf;
struct conf;
struct err;
struct route;

/* cluectl: a table of commands, one file a command (cmd_NAME.c). */

enum ctl_status {
	CTL_OK = 0,
	CTL_FINDING = 1, /* it ran, and the answer is "no", "none", "bad" */
	CTL_USAGE = 2,   /* wrong words, or the configuration is refused */
	CTL_STORE = 3,
	CTL_SYSTEM = 4,
};

struct ctl {
	const char *conf_path;
	bool json;
	bool color; /* stdout is a terminal and NO_COLOR is not set */
	struct conf *conf;
	struct route *route;
	struct store *store;
};

struct ctl_command {
	const char *name;
	const char *summary;
	const char *help; /* options and examples, whole lines */
	bool needs_conf;  /* load the configuration first */
	bool no_rules;    /* it routes nothing: rules are not compiled */
	int store_mode;   /* enum store_mode; -1 = no store */
	int (*run)(struct ctl *ctl, int argc, char **argv);
};

extern const struct ctl_command cmd_list, cmd_show, cmd_status, cmd_doctor,
    cmd_ingest, cmd_release, cmd_parse, cmd_route, cmd_calendar, cmd_deadline,
    cmd_backup, cmd_restore, cmd_fsck, cmd_metrics,
    cmd_report, cmd_regulation, cmd_audit, cmd_search, cmd_assist,
    cmd_related, cmd_rules, cmd_resume, cmd_add, cmd_ask, cmd_query,
    cmd_units, cmd_transfer_letter, cmd_merge,
    cmd_assign, cmd_accept, cmd_feedback, cmd_return, cmd_reassign,
    cmd_extend, cmd_suspend, cmd_transfer, cmd_close, cmd_reopen, cmd_recuse,
    cmd_link, cmd_note, cmd_today, cmd_quarantine, cmd_shelf;

/* "cluectl: where: what" on stderr; returns the status for its kind. */
int ctl_fail(const struct err *err);
/* … without memory. */
int ctl_no_memory(void);
/* What check_load() refused, and said already: a person's mistake, or the
 * machine's trouble. */
int ctl_refused(const struct err *err);
/* Usage error of a command: prints its help to stderr, returns CTL_USAGE. */
int ctl_usage(const struct ctl_command *command);
/* For commands with no option but --json: takes it off argv.  -1 after the
 * help when there is another. */
int ctl_json_only(
    struct ctl *ctl, const struct ctl_command *me, int argc, char **argv);
/* Says that no clue has the number; returns CTL_FINDING. */
int ctl_no_clue(void);
/* For commands that need the store one way or the other (store_mode -1): the
 * store is closed with *ctl.  Returns the status, CTL_OK when it is open. */
int ctl_open_store(struct ctl *ctl, enum store_mode mode);
/* Enters one event, in a transaction of its own. */
int ctl_enter(
    struct ctl *ctl, const struct event_record *event, struct err *err);
/* The person who runs this, "unix:name", for the ledger: the user who logged
 * in (audit(8)'s loginuid, which sudo does not change), else the process's. */
const char *ctl_actor(char *out, size_t size);

/* "2026-11-24 17:30" in the office's zone, "—" for 0. */
const char *ctl_time(const struct ctl *ctl, int64_t utc_s, char out[20]);
/* "2026-11-24T09:30:00Z" with quotes, or null for 0. */
void ctl_json_time(struct buf *out, int64_t utc_s);
/* "2026-10-10 14:30[:05]" in the office's zone, or RFC 3339; -1 when it is
 * neither, or no such time exists. */
int ctl_parse_time(
    const struct ctl *ctl, const char *text, int64_t *utc_s_out);
/* "2026-10" or "2026" (month 0). */
int ctl_parse_month(const char *text, int *year_out, int *month_out);
/* Titles for people; the id itself when the configuration has it no more. */
const char *ctl_domain_title(const struct ctl *ctl, const char *id);
const char *ctl_area_name(const struct ctl *ctl, const char *id);
const char *ctl_person_name(const struct ctl *ctl, const char *id);
const char *ctl_state_title(const char *state);

/* Writes the whole buffer to stdout.  What went missing of one for want of
 * memory is remembered: main() tells it, and the exit status. */
void ctl_out(const struct buf *b);
bool ctl_out_lost(void);

/* -- tables --------------------------------------------------------------- */
#define TABLE_COLUMNS 12
struct table {
	const char *heads[TABLE_COLUMNS];
	size_t most[TABLE_COLUMNS]; /* widest a column may get; 0 = any */
	size_t n_columns;
	char ***rows;
	size_t n_rows, size;
	bool lost; /* a row was not added */
};
void table_init(
    struct table *t, const char *const *heads, const size_t *most, size_t n);
void table_done(struct table *t);
/* Copies the cells; -1 when memory is out. */
int table_add(struct table *t, const char *const *cells);
/* Columns line up whatever the text; the head is bold on a terminal.  *out goes
 * bad when a row was not added. */
void table_print(const struct table *t, bool color, struct buf *out);

#endif
