/* SPDX-License-Identifier: ISC */
#include "parse/date.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* What has been found so far; -1 = nothing yet. */
struct found {
	int numbers[3]; /* day, month, year in the order of the text */
	int digits[3];	/* how many digits each had */
	int n_numbers;
	int month; /* by name: 0 … 11 */
	int hour, minute, second;
	bool pm, am;
	bool have_zone;
	int zone_min;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* At most nine digits; returns how many were read. */
static int
read_number(const char *s, const char *end, int *out)
{
	int n = 0, v = 0;

	while (s + n < end && is_digit(s[n]) && n < 9)
		v = v * 10 + (s[n++] - '0');
	*out = v;
	return n;
}

/* ---- tokens ------------------------------------------------------------- */

/* "10:11:12", ":12" and a fraction may be missing; NULL if it is no time. */
static const char *
take_time(const char *s, const char *end, struct found *f)
{
	int n, ignored;

	n = read_number(s, end, &f->hour);
	s += n + 1;
	n = read_number(s, end, &f->minute);
	if (n == 0)
		return NULL;
	s += n;
	f->second = 0;
	if (s + 1 < end && s[0] == ':' && is_digit(s[1])) {
		s++;
		s += read_number(s, end, &f->second);
	}
	if (s + 1 < end && (s[0] == '.' || s[0] == ',') && is_digit(s[1])) {
		s++;
		s += read_number(s, end, &ignored);
	}
	return s;
}

/* "+0800", "-08:00", "+8". */
static const char *
take_offset(const char *s, const char *end, struct found *f)
{
	int sign = *s++ == '-' ? -1 : 1, v, n, minutes = 0;

	n = read_number(s, end, &v);
	s += n;
	if (n >= 3) {
		minutes = v % 100;
		v /= 100;
	} else if (s + 1 < end && *s == ':' && is_digit(s[1])) {
		s++;
		s += read_number(s, end, &minutes);
	}
	if (n > 0 && v <= 14 && minutes < 60) {
		f->zone_min = sign * (v * 60 + minutes);
		f->have_zone = true;
	}
	return s;
}

static void
take_zone_name(const char *s, size_t len, struct found *f)
{
	static const struct {
		const char *name;
		int hours;
	} zones[] = {{"UT", 0}, {"UTC", 0}, {"GMT", 0}, {"Z", 0}, {"CST", 8},
	    {"HKT", 8}, {"JST", 9}, {"KST", 9}, {"EST", -5}, {"EDT", -4},
	    {"CDT", -5}, {"MST", -7}, {"MDT", -6}, {"PST", -8}, {"PDT", -7},
	    {"CET", 1}, {"CEST", 2}, {"BST", 1}, {"MSK", 3}};

	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		if (strlen(zones[i].name) == len && !f->have_zone &&
		    strncasecmp(s, zones[i].name, len) == 0) {
			f->zone_min = zones[i].hours * 60;
			/* "GMT+8": the offset that follows says more. */
			f->have_zone = true;
		}
	}
}

static const char *
take_word(const char *s, const char *end, struct found *f)
{
	static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	const char *start = s;
	size_t len;

	while (s < end && is_alpha(*s))
		s++;
	len = (size_t)(s - start);
	f->am |= len == 2 && strncasecmp(start, "am", 2) == 0;
	f->pm |= len == 2 && strncasecmp(start, "pm", 2) == 0;
	for (int m = 0; m < 12 && len >= 3 && f->month < 0; m++) {
		if (strncasecmp(start, months + m * 3, 3) == 0) {
			f->month = m;
		}
	}
	take_zone_name(start, len, f);
	return s;
}

static const char *
take_digits(const char *s, const char *end, struct found *f)
{
	int v, n = read_number(s, end, &v);

	if (n <= 2 && s + n + 1 < end && s[n] == ':' && f->hour < 0)
		return take_time(s, end, f);
	if (f->n_numbers < 3) {
		f->numbers[f->n_numbers] = v;
		f->digits[f->n_numbers++] = n;
	}
	return s + n;
}

static const char *
skip_comment(const char *s, const char *end)
{
	int depth = 0;

	for (; s < end; s++) {
		depth += *s == '(';
		depth -= *s == ')';
		if (depth == 0)
			return s + 1;
	}
	return end;
}

static bool
scan(const char *s, const char *end, struct found *f)
{
	while (s != NULL && s < end) {
		bool zone_place = f->hour >= 0;

		if (*s == '(')
			s = skip_comment(s, end);
		else if ((*s == '+' || *s == '-') && zone_place)
			s = take_offset(s, end, f);
		else if (is_digit(*s))
			s = take_digits(s, end, f);
		else if (is_alpha(*s))
			s = take_word(s, end, f);
		else
			s++;
	}
	return s != NULL && f->hour >= 0;
}

/* ---- meaning ------------------------------------------------------------ */

/* Days since 1970-01-01 in the Gregorian calendar. */
static int64_t
days_from_civil(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = y / 400, yoe = y - era * 400;
	int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return era * 146097 + doe - 719468;
}

static int
full_year(int year, int digits)
{
	/* RFC 5322 section 4.3. */
	if (digits == 2)
		return year + (year < 50 ? 2000 : 1900);
	return digits == 3 ? year + 1900 : year;
}

/* Sorts the numbers into day, month and year. */
static bool
order(const struct found *f, int *year, int *month, int *day)
{
	const int *n = f->numbers;

	if (f->month >= 0 && f->n_numbers >= 2) {
		bool year_first = f->digits[0] == 4;

		*month = f->month + 1;
		*day = year_first ? n[1] : n[0];
		*year = year_first ? n[0] : full_year(n[1], f->digits[1]);
		return true;
	}
	if (f->month < 0 && f->n_numbers == 3 && f->digits[0] == 4) {
		*year = n[0];
		*month = n[1];
		*day = n[2];
		return true;
	}
	return false;
}

int64_t
date_parse(const char *text, size_t len)
{
	struct found f = {.month = -1, .hour = -1};
	int year, month, day;
	int64_t at;

	if (len > 200)
		len = 200;
	if (!scan(text, text + len, &f) || !order(&f, &year, &month, &day))
		return 0;
	if (f.pm && f.hour < 12)
		f.hour += 12;
	if (f.am && f.hour == 12)
		f.hour = 0;
	if (year < 1970 || year > 9999 || month < 1 || month > 12 || day < 1 ||
	    day > 31 || f.hour > 24 || f.minute > 59 || f.second > 60)
		return 0;
	at = days_from_civil(year, month, day) * 86400 + f.hour * 3600 +
	     f.minute * 60 + f.second - f.zone_min * 60;
	return at > 0 && at <= INT64_C(253402300799) ? at : 0;
}
