/* SPDX-License-Identifier: ISC */
#ifndef BASE_CIVIL_H
#define BASE_CIVIL_H

#include <stdint.h>

/* A day and a time of day on some wall clock. */
struct civil {
	int year, month, day;     /* month 1–12, day 1–31 */
	int hour, minute, second; /* 0–23, 0–59, 0–59 */
	int weekday;              /* 1 = Monday … 7 = Sunday (ISO 8601) */
};

/* Days since 1970-01-01 in the proleptic Gregorian calendar, and back
 * (fills year, month, day, weekday; the time of day becomes 0). */
int32_t civil_day_number(int year, int month, int day);
void civil_from_day(int32_t day_number, struct civil *out);

#endif
