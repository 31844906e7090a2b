/* SPDX-License-Identifier: ISC */
#ifndef FOLLOW_HOURS_H
#define FOLLOW_HOURS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct calendar;
struct calendar_day;
struct work_day;

/* One day's working time in instants: what calendar.c walks.  Of this room
 * only. */
struct hours_span { int64_t from_s, to_s; };
struct hours { struct hours_span span[4]; size_t n; };

/* The instant, moved into the years 1 to 9999. */
int64_t hours_clamp(int64_t utc_s);
/* The local day of such an instant. */
int32_t hours_day(const struct calendar *cal, int64_t utc_s);
/* The day's entry in a calendar file; NULL when no file names it. */
const struct calendar_day *hours_listed(
    const struct calendar *cal, int32_t day_number);
/* The weekly hours that hold on the day; NULL when it is off. */
const struct work_day *hours_of_day(
    const struct calendar *cal, int32_t day_number);
/* The day's spans, ascending, none empty, none overlapping; n = 0 when the
 * day is off.  Hours that summer time skips are not there. */
void hours_open(
    const struct calendar *cal, int32_t day_number, struct hours *out);
/* Whether no weekday has any hours at all. */
bool hours_none(const struct calendar *cal);
/* Seconds that the span shares with [from_s, to_s). */
int64_t hours_overlap(
    const struct hours_span *span, int64_t from_s, int64_t to_s);

#endif
