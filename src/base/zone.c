/* SPDX-License-Identifier: ISC */
#include "base/zone.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <glib.h>

#include "base/err.h"

struct zone {
	GTimeZone *tz;
	char *name;
};

/* Why there is no such zone: a name that is none, or a file of the tz database
 * that is there and could not be read. */
static int
no_zone(const char *name, struct err *err)
{
	char path[256];
	struct stat st;

	(void)snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name);
	if (stat(path, &st) < 0 ? errno == ENOMEM || errno == EIO
				: S_ISREG(st.st_mode))
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
		    "cannot read the time zone %s", name);
	return err_set(err, ERR_CONF, ERR_OWN, 0,
	    "unknown time zone \"%s\"; use a name of the tz database such as "
	    "Asia/Shanghai (package tzdata)", name);
}

int
zone_new(const char *name, struct zone **zone_out, struct err *err)
{
	struct zone *z = calloc(1, sizeof(*z));

	if (z == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	z->tz = g_time_zone_new_identifier(name);
	z->name = strdup(name);
	if (z->tz == NULL || z->name == NULL) {
		zone_free(&z);
		return no_zone(name, err);
	}
	*zone_out = z;
	return 0;
}

void
zone_free(struct zone **zone)
{
	if (*zone == NULL)
		return;
	if ((*zone)->tz != NULL)
		g_time_zone_unref((*zone)->tz);
	free((*zone)->name);
	free(*zone);
	*zone = NULL;
}

const char *
zone_name(const struct zone *zone)
{
	return zone->name;
}

void
zone_civil(const struct zone *zone, int64_t utc_s, struct civil *out)
{
	gint i = g_time_zone_find_interval(
	    zone->tz, G_TIME_TYPE_UNIVERSAL, utc_s);
	int64_t local_s = utc_s + g_time_zone_get_offset(zone->tz, i);
	int64_t day = local_s / 86400;
	int rest = (int)(local_s % 86400);

	if (rest < 0) {
		rest += 86400;
		day--;
	}
	civil_from_day((int32_t)day, out);
	out->hour = rest / 3600;
	out->minute = rest / 60 % 60;
	out->second = rest % 60;
}

int32_t
zone_day(const struct zone *zone, int64_t utc_s)
{
	struct civil c;

	zone_civil(zone, utc_s, &c);
	return civil_day_number(c.year, c.month, c.day);
}

int64_t
zone_utc_s(const struct zone *zone, const struct civil *c)
{
	gint64 local_s =
	    (int64_t)civil_day_number(c->year, c->month, c->day) * 86400 +
	    c->hour * 3600 + c->minute * 60 + c->second;
	gint i = g_time_zone_adjust_time(
	    zone->tz, G_TIME_TYPE_DAYLIGHT, &local_s);

	return local_s - g_time_zone_get_offset(zone->tz, i);
}

void
zone_format(const struct zone *zone, int64_t utc_s, char out[20])
{
	struct civil c;

	zone_civil(zone, utc_s, &c);
	(void)snprintf(out, 20, "%04u-%02u-%02u %02u:%02u",
	    (unsigned)c.year % 10000, (unsigned)c.month % 100,
	    (unsigned)c.day % 100, (unsigned)c.hour % 100,
	    (unsigned)c.minute % 100);
}
