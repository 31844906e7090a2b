/* SPDX-License-Identifier: ISC */
#include "ctl/ctl.h"

#include <stddef.h>
#include <string.h>

#include "base/zone.h"
#include "conf/conf.h"

/* Reads n digits whose value is at most `most`; moves *at behind them. */
static bool
take_number(const char **at, int n, int most, int *out)
{
	const char *s = *at;
	int v = 0;

	for (; n > 0; n--, s++) {
		if (*s < '0' || *s > '9')
			return false;
		v = v * 10 + (*s - '0');
	}
	*at = s;
	*out = v;
	return v <= most;
}

static bool
take_char(const char **at, const char *set)
{
	if (**at == '\0' || strchr(set, **at) == NULL)
		return false;
	(*at)++;
	return true;
}

/* A day that exists. */
static bool
take_day(const char **at, struct civil *out)
{
	struct civil same;

	if (!take_number(at, 4, 9999, &out->year) || !take_char(at, "-") ||
	    !take_number(at, 2, 12, &out->month) || !take_char(at, "-") ||
	    !take_number(at, 2, 31, &out->day) || out->year == 0 ||
	    out->month == 0 || out->day == 0)
		return false;
	civil_from_day(
	    civil_day_number(out->year, out->month, out->day), &same);
	return same.day == out->day;
}

/* Seconds and their fraction may be left out; the fraction is dropped. */
static bool
take_clock(const char **at, struct civil *out)
{
	if (!take_number(at, 2, 23, &out->hour) || !take_char(at, ":") ||
	    !take_number(at, 2, 59, &out->minute))
		return false;
	if (!take_char(at, ":"))
		return true;
	if (!take_number(at, 2, 59, &out->second))
		return false;
	if (take_char(at, "."))
		do {
			if (!take_char(at, "0123456789"))
				return false;
		} while (**at >= '0' && **at <= '9');
	return true;
}

/* RFC 3339 section 5.6: "Z" or an offset in hours and minutes. */
static bool
take_offset(const char **at, int64_t *offset_s_out)
{
	bool west = **at == '-';
	int hours, minutes;

	*offset_s_out = 0;
	if (take_char(at, "Zz"))
		return true;
	if (!take_char(at, "+-") || !take_number(at, 2, 23, &hours) ||
	    !take_char(at, ":") || !take_number(at, 2, 59, &minutes))
		return false;
	*offset_s_out = (hours * 60 + minutes) * (west ? -60 : 60);
	return true;
}

int
ctl_parse_time(const struct ctl *ctl, const char *text, int64_t *utc_s_out)
{
	struct civil c = {.second = 0};
	int64_t offset_s;

	if (!take_day(&text, &c) || !take_char(&text, " Tt") ||
	    !take_clock(&text, &c))
		return -1;
	if (*text == '\0') {
		*utc_s_out = zone_utc_s(ctl->conf->zone, &c);
		return 0;
	}
	if (!take_offset(&text, &offset_s) || *text != '\0')
		return -1;
	*utc_s_out = (int64_t)civil_day_number(c.year, c.month, c.day) * 86400 +
		     c.hour * 3600 + c.minute * 60 + c.second - offset_s;
	return 0;
}

int
ctl_parse_month(const char *text, int *year_out, int *month_out)
{
	*month_out = 0;
	if (!take_number(&text, 4, 9999, year_out) || *year_out == 0)
		return -1;
	if (*text == '\0')
		return 0;
	if (!take_char(&text, "-") || !take_number(&text, 2, 12, month_out))
		return -1;
	return *month_out > 0 && *text == '\0' ? 0 : -1;
}
