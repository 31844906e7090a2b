/* SPDX-License-Identifier: ISC */
#include "conf/value.h"

#include <string.h>

#include "base/limits.h"
#include "base/str.h"
#include "base/zone.h"
#include "conf/conf.h"

struct unit {
	const char *name;
	uint64_t factor;
};

static const struct unit size_units[] = {
    {"B", 1},
    {"K", 1UL << 10},
    {"M", 1UL << 20},
    {"G", 1UL << 30},
    {NULL, 0},
};

static const struct unit time_units[] = {
    {"ms", 1},
    {"s", 1000},
    {"m", 60 * 1000},
    {"h", 3600 * 1000},
    {"d", 86400 * 1000UL},
    {"w", 7 * 86400 * 1000UL},
    {NULL, 0},
};

/* Working time: minutes, except for "d". */
static const struct unit term_units[] = {
    {"m", 1},
    {"h", 60},
    {NULL, 0},
};

/* Reads digits; returns what follows them, NULL if there are none or the
 * number passes 10^15. */
static const char *
read_digits(const char *s, uint64_t *out)
{
	const char *p = s;
	uint64_t v = 0;

	for (; *p >= '0' && *p <= '9'; p++) {
		v = v * 10 + (uint64_t)(*p - '0');
		if (v > 1000000000000000UL)
			return NULL;
	}
	if (p == s)
		return NULL;
	*out = v;
	return p;
}

static int
with_unit(const char *s, const struct unit *units, uint64_t *out)
{
	uint64_t number, v;
	const char *rest = read_digits(s, &number);

	if (rest == NULL)
		return -1;
	for (; units->name != NULL; units++) {
		if (strcmp(units->name, rest) != 0)
			continue;
		if (__builtin_mul_overflow(number, units->factor, &v))
			return -1;
		*out = v;
		return 0;
	}
	return -1;
}

int
value_size(const char *s, uint64_t *bytes_out)
{
	return with_unit(s, size_units, bytes_out);
}

int
value_time(const char *s, uint64_t *ms_out)
{
	return with_unit(s, time_units, ms_out);
}

int
value_term(const char *s, struct term *out)
{
	uint64_t v;
	const char *rest = read_digits(s, &v);

	if (rest != NULL && strcmp(rest, "d") == 0) {
		if (v > 1000)
			return -1;
		*out = (struct term){.working_days = (uint32_t)v};
		return 0;
	}
	if (with_unit(s, term_units, &v) < 0 || v > 100000)
		return -1;
	*out = (struct term){.working_minutes = (uint32_t)v};
	return 0;
}

/* Exactly n digits; returns what follows, NULL if it is otherwise. */
static const char *
fixed_digits(const char *s, int n, int *out)
{
	int v = 0;

	for (; n > 0; n--, s++) {
		if (*s < '0' || *s > '9')
			return NULL;
		v = v * 10 + (*s - '0');
	}
	*out = v;
	return s;
}

int
value_date(const char *s, int32_t *day_out)
{
	struct civil back;
	int year, month, day;
	int32_t number;

	s = fixed_digits(s, 4, &year);
	if (s == NULL || *s++ != '-')
		return -1;
	s = fixed_digits(s, 2, &month);
	if (s == NULL || *s++ != '-')
		return -1;
	s = fixed_digits(s, 2, &day);
	if (s == NULL || *s != '\0' || year < 1970 || month < 1 || month > 12)
		return -1;
	number = civil_day_number(year, month, day);
	civil_from_day(number, &back);
	if (back.month != month || back.day != day)
		return -1;
	*day_out = number;
	return 0;
}

/* "HH:MM" → minutes since midnight; 24:00 ends a day. */
static const char *
read_clock(const char *s, uint16_t *min_out)
{
	int hour, minute;

	s = fixed_digits(s, 2, &hour);
	if (s == NULL || *s++ != ':')
		return NULL;
	s = fixed_digits(s, 2, &minute);
	if (s == NULL || minute > 59 || hour * 60 + minute > 24 * 60)
		return NULL;
	*min_out = (uint16_t)(hour * 60 + minute);
	return s;
}

int
value_hours(const char *s, struct work_day *out)
{
	struct work_day day = {0};
	uint16_t last = 0;

	while (*s != '\0') {
		struct work_span span;

		if (day.n_spans > 0 && *s++ != ' ')
			return -1;
		s = read_clock(s, &span.from_min);
		if (s == NULL || *s++ != '-')
			return -1;
		s = read_clock(s, &span.to_min);
		if (s == NULL || span.from_min < last ||
		    span.to_min <= span.from_min ||
		    day.n_spans == sizeof(day.spans) / sizeof(day.spans[0]))
			return -1;
		last = span.to_min;
		day.spans[day.n_spans++] = span;
	}
	*out = day;
	return 0;
}

static bool
is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9');
}

/* RFC 1123 2.1: labels of letters, digits and inner hyphens. */
static bool
is_host_name(const char *s, size_t len)
{
	size_t label = 0;

	if (len == 0 || len > 253)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '.') {
			if (label == 0 || s[i - 1] == '-')
				return false;
			label = 0;
			continue;
		}
		if (!is_alnum(s[i]) && (s[i] != '-' || label == 0))
			return false;
		if (++label > 63)
			return false;
	}
	return label > 0 && s[len - 1] != '-';
}

/* RFC 5322 3.2.3 dot-atom; quoted local parts are not worth their trouble. */
static bool
is_dot_atom(const char *s, size_t len)
{
	if (len == 0 || s[0] == '.' || s[len - 1] == '.')
		return false;
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '.' && s[i + 1] == '.')
			return false;
		if (!is_alnum(s[i]) &&
		    strchr("!#$%&'*+-/=?^_`{|}~.", s[i]) == NULL)
			return false;
	}
	return true;
}

const char *
value_address_fault(const char *s)
{
	const char *at = strrchr(s, '@');

	if (at == NULL)
		return "has no @";
	if (strlen(s) > MAX_ADDRESS_BYTES)
		return "is longer than 254 bytes";
	for (const char *p = s; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~')
			return "holds a blank or a character that is not "
			       "ASCII (write an IDN domain as xn--…)";
	if (!is_dot_atom(s, (size_t)(at - s)) || at - s > 64)
		return "has a bad part before the @";
	if (!is_host_name(at + 1, strlen(at + 1)) ||
	    strchr(at + 1, '.') == NULL)
		return "has a bad domain";
	return NULL;
}

bool
value_host_ok(const char *s)
{
	size_t len = strlen(s);

	if (s[0] != '[')
		return is_host_name(s, len);
	return len >= 4 && len <= 47 && s[len - 1] == ']' &&
	       strspn(s + 1, "0123456789abcdefABCDEF:.") == len - 2;
}

bool
value_host_is_loopback(const char *s)
{
	return str_ieq(s, "localhost") || strcmp(s, "[::1]") == 0 ||
	       (str_starts(s, "127.") && strspn(s, "0123456789.") == strlen(s));
}

/* Cuts off ":port"; host has room for 300 bytes. */
static bool
split_port(const char *s, char host[300])
{
	const char *colon = strrchr(s, ':');
	int64_t port;

	if (colon == NULL || colon - s >= 300)
		return false;
	memcpy(host, s, (size_t)(colon - s));
	host[colon - s] = '\0';
	return str_int64(colon + 1, 1, 65535, &port) == 0;
}

bool
value_host_port_ok(const char *s)
{
	char host[300];

	return split_port(s, host) && value_host_ok(host);
}

bool
value_host_port_is_loopback(const char *s)
{
	char host[300];

	return split_port(s, host) && value_host_is_loopback(host);
}

bool
value_id_ok(const char *s)
{
	size_t len = strlen(s);

	return len > 0 && len <= 64 && s[0] != '-' &&
	       strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}
