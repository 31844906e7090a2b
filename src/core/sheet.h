/* SPDX-License-Identifier: ISC */
#ifndef CORE_SHEET_H
#define CORE_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/sheet.h"

struct arena;
struct buf;
struct conf;
struct err;
struct store;
struct unit_status;

/*
 * The office's daily sheet: what came since the last one, what waits for a
 * person, what is due and overdue, and whether the mailbox adds up.  Clues that
 * accuse the office's own person are not in it.
 */
struct sheet_item {
	const char *number, *officer, *state, *domain, *excluded;
	int kind;	   /* enum deadline_kind; -1 = about no deadline */
	int64_t due_s;	   /* or when it was received, returned … */
	int32_t over_days; /* working days past the end */
	bool discipline;
};
struct sheet_items {
	struct sheet_item *list;
	size_t n;
};
struct sheet_domain {
	const char *id;
	int64_t n;
};
#define SHEET_STEPS 5 /* by enum urge_step */

/* Where the last one ended: its time, and the ledger's last event then. */
struct sheet_mark {
	int64_t at_s, event;
};

struct day_sheet {
	int64_t from_s, now_s;
	int64_t n_new;
	struct sheet_domain domains[40];
	size_t n_domains;
	int64_t unaccepted; /* assigned, and nobody accepted yet */
	struct sheet_items triage, returned;
	struct sheet_items today, soon; /* due by tonight; in three days */
	struct sheet_items overdue;	/* by unit, officer and time */
	size_t overdue_clues;
	struct major_row *majors;
	size_t n_majors;
	int64_t steps[SHEET_STEPS];
	struct sheet_items urged; /* each of them: kind is the step, state the
				   * ledger's "accept: lu-wenbo" */
	struct letter_trouble *letters;
	size_t n_letters;
	int64_t failed, unknown, waiting;
	struct mail_seen seen, seen_all;
	int64_t shelf;	/* suspected spam and empty mail, in all */
	struct unit_status *units; /* monthly reports (sheet_units.h) */
	size_t n_units;
	char units_period[8];
	int missing_year; /* a calendar that is missing, or soon will be; 0 */
};

int sheet_gather(const struct conf *conf, struct store *s,
    const struct sheet_mark *from, int64_t now_s, struct arena *a,
    struct day_sheet *out, struct err *err);

/* What the mailbox showed and what became of it differ by so many; 0 = it
 * adds up. */
int64_t sheet_difference(const struct mail_seen *m);
/* Nothing that needs a person. */
bool sheet_is_quiet(const struct day_sheet *t);

/* For a phone: short lines, what matters first. */
void sheet_text(
    const struct conf *conf, const struct day_sheet *t, struct buf *out);
/* "新收 3，待分派 1，今日到期 2，超期 4": for a subject. */
void sheet_headline(const struct day_sheet *t, struct buf *out);
/* The term that a step was about: 签收 … */
const char *sheet_step_what(const struct sheet_item *x);
/* 线索, 回复 … */
const char *sheet_kind_title(enum mail_kind kind);
/* One object. */
void sheet_json(
    const struct conf *conf, const struct day_sheet *t, struct buf *out);
/* The tables as xlsx at path. */
int sheet_xlsx(const struct conf *conf, const struct day_sheet *t,
    const char *path, struct err *err);

#endif
