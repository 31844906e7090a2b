/* SPDX-License-Identifier: ISC */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include <stdint.h>

struct err;

/*
 * A time zone by its IANA name ("Asia/Shanghai"), independent of TZ and of
 * process-wide state (GLib's GTimeZone reads the tz database).
 */
struct zone;

/* ERR_CONF when the name is unknown to this machine. */
int zone_new(const char *name, struct zone **zone_out, struct err *err);
void zone_free(struct zone **zone);
const char *zone_name(const struct zone *zone);

/* A wall-clock day and time in a zone. */
struct civil {
	int year, month, day;     /* month 1–12, day 1–31 */
	int hour, minute, second; /* 0–23, 0–59, 0–59 */
	int weekday;              /* 1 = Monday … 7 = Sunday (ISO 8601) */
};

/* UTC seconds → the zone's wall clock. */
void zone_civil(const struct zone *zone, int64_t utc_s, struct civil *out);
/* Wall clock → UTC seconds; a time skipped by summer time gives the instant
 * at which the clock jumped, one that occurs twice its first. */
int64_t zone_utc_s(const struct zone *zone, const struct civil *civil);

/* Days since 1970-01-01 in the proleptic Gregorian calendar, and back
 * (fills year, month, day, weekday; the time of day becomes 0). */
int32_t civil_day_number(int year, int month, int day);
void civil_from_day(int32_t day_number, struct civil *out);

/* The number of the day on the zone's wall clock. */
int32_t zone_day(const struct zone *zone, int64_t utc_s);

/* "2026-10-10 14:30" in the zone; out has 20 bytes or more. */
void zone_format(const struct zone *zone, int64_t utc_s, char out[20]);

#endif
