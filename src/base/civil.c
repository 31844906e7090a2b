/* SPDX-License-Identifier: ISC */
#include "base/civil.h"

/* Howard Hinnant's days_from_civil: eras of 400 years, March first. */
int32_t
civil_day_number(int year, int month, int day)
{
	int y = month <= 2 ? year - 1 : year;
	int era = (y >= 0 ? y : y - 399) / 400;
	int yoe = y - era * 400;
	int doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return era * 146097 + doe - 719468;
}

void
civil_from_day(int32_t day_number, struct civil *out)
{
	int z = day_number + 719468;
	int era = (z >= 0 ? z : z - 146096) / 146097;
	int doe = z - era * 146097;
	int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int mp = (5 * doy + 2) / 153;

	*out = (struct civil){0};
	out->day = doy - (153 * mp + 2) / 5 + 1;
	out->month = mp < 10 ? mp + 3 : mp - 9;
	out->year = yoe + era * 400 + (out->month <= 2);
	/* 1970-01-01 was a Thursday (4). */
	out->weekday = ((day_number + 3) % 7 + 7) % 7 + 1;
}
