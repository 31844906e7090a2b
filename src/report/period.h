/* SPDX-License-Identifier: ISC */
#ifndef REPORT_PERIOD_H
#define REPORT_PERIOD_H

#include <stdint.h>

struct conf;
struct err;

/*
 * A period of the forms: from report.period_day of one month up to, and not
 * including, that day of the next; it has the name of the month in which it
 * ends.  With 25, "2026-11" runs from 2026-10-25 to 2026-11-24; with 1 it is
 * the calendar month.
 */
struct period {
	int year, month;
	char name[8];		     /* "2026-11" */
	int32_t first_day, last_day; /* day numbers, both inside */
	int64_t from_s, to_s;	     /* [from_s, to_s) */
};

/* By its name; ERR_INPUT when it is none. */
int period_named(const struct conf *conf, const char *name, struct period *out,
    struct err *err);
/* The one that an instant lies in. */
void period_at(const struct conf *conf, int64_t at_s, struct period *out);
/* So many periods later (or, negative, earlier). */
void period_step(const struct conf *conf, const struct period *p, int months,
    struct period *out);
/* Any days, both inside; the name is empty. */
void period_of_days(const struct conf *conf, int32_t first_day,
    int32_t last_day, struct period *out);
/* "2026年10月25日至2026年11月24日"; out has PERIOD_TEXT bytes. */
#define PERIOD_TEXT 64
const char *period_text(const struct period *p, char out[PERIOD_TEXT]);

#endif
