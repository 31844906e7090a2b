/* SPDX-License-Identifier: ISC */
#include "base/expiry.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/str.h"

int64_t
expiry_of_line(const char *line)
{
	static const char name[] = "Expire Date:";
	struct tm tm = {0};
	time_t at;

	if (!str_istarts(line, name) ||
	    sscanf(line + strlen(name), "%d-%d-%d %d:%d:%d", &tm.tm_year,
		&tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min,
		&tm.tm_sec) != 6 ||
	    tm.tm_year < 1970 || tm.tm_year > 9999)
		return 0;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	at = timegm(&tm);
	return at > 0 ? (int64_t)at : 0;
}
