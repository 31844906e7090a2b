/* SPDX-License-Identifier: ISC */
#ifndef FOLLOW_CALENDAR_H
#define FOLLOW_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct calendar_conf;
struct term;
struct zone;

/*
 * Working time: the office's hours on working days (DOMAIN.md's rule: weekly
 * hours, State Council holidays off, make-up working days with the hours of
 * Monday when the weekday itself has none).  A year without a file has plain
 * weeks.  Pure.  Hours are half-open: at the close nothing is worked.  Without
 * any weekly hours all time is working time.  Calculations stop after
 * MAX_CALENDAR_DAYS.
 */
struct calendar {
	const struct calendar_conf *conf;
	const struct zone *zone;
};

/* Whether that day is worked; *why_out (may be NULL) becomes "国庆节",
 * "调休上班", "周末", "工作日"; "休息日" is a weekday without hours. */
bool calendar_is_working(
    const struct calendar *cal, int32_t day_number, const char **why_out);
/* Whether that year has a calendar file. */
bool calendar_has_year(const struct calendar *cal, int year);

/* Whether the instant is in working time, and the next instant that is
 * (itself if so). */
bool calendar_in_hours(const struct calendar *cal, int64_t utc_s);
int64_t calendar_next_hours(const struct calendar *cal, int64_t utc_s);

/* The end of a term that starts at from_s.  Working minutes run only in
 * working time.  Working days: the day of dispatch is not counted; the term
 * ends at the close of the n-th working day after it; a dispatch outside
 * working hours after close counts as that day, on a day off as the last
 * working day before.  A term of both: days first.  A term of nothing ends
 * where it starts. */
int64_t calendar_add(
    const struct calendar *cal, int64_t from_s, const struct term *term);
/* The instant that lies the term before to_s, in working time: minutes are
 * counted back; days give the same time of day so many working days earlier,
 * the close for a close. */
int64_t calendar_sub(
    const struct calendar *cal, int64_t to_s, const struct term *term);
/* The instant that lies the term after from_s, the mirror of calendar_sub():
 * days give the same time of day so many working days later, the close for a
 * close; minutes are counted on from there. */
int64_t calendar_later(
    const struct calendar *cal, int64_t from_s, const struct term *term);
/* Working minutes in [from_s, to_s), and the working days after the day of
 * from_s that have closed by to_s: what calendar_add() added.  0 when to_s is
 * not after from_s. */
int64_t calendar_minutes_between(
    const struct calendar *cal, int64_t from_s, int64_t to_s);
int32_t calendar_days_between(
    const struct calendar *cal, int64_t from_s, int64_t to_s);

/* One day of a term, for people who ask why it ends when it does. */
struct calendar_step {
	int32_t day_number;
	bool working;
	bool guessed;       /* its year has no file: a plain week was assumed */
	const char *why;    /* as calendar_is_working() */
	int64_t open_s, close_s; /* first opening, last close; 0 = off */
	uint32_t nth;       /* counted as the n-th working day; 0 = not */
	int64_t worked_s;   /* seconds of it that the term's minutes took */
};
struct calendar_explanation {
	int64_t from_s, end_s; /* calendar_add()'s answer */
	bool guessed;          /* any step is: the end may change */
	const struct calendar_step *steps; /* from's day to the end's */
	size_t n;
};
/* Every day from the start of a term to its end; the nth of the last counted
 * day and the sum of worked_s are the term.  -1 when memory is out. */
int calendar_explain(const struct calendar *cal, int64_t from_s,
    const struct term *term, struct arena *a,
    struct calendar_explanation *out);

/* A month as a wall calendar shows it. */
struct calendar_month_day {
	int32_t day_number;
	uint8_t weekday;  /* 1 = Monday … 7 = Sunday */
	bool working;
	bool listed;      /* a calendar file names it: holiday or make-up day */
	const char *why;  /* as calendar_is_working() */
	uint16_t minutes; /* working minutes */
};
struct calendar_month {
	int year, month;
	bool guessed;     /* the year has no file */
	uint8_t n_days;
	uint8_t working_days;
	uint32_t working_minutes;
	struct calendar_month_day days[31];
};
/* month 1–12. */
void calendar_month(const struct calendar *cal, int year, int month,
    struct calendar_month *out);

#endif
