/* SPDX-License-Identifier: ISC */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include <stdint.h>

#include "base/civil.h"

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

/* UTC seconds → the zone's wall clock. */
void zone_civil(const struct zone *zone, int64_t utc_s, struct civil *out);
/* Wall clock → UTC seconds; a time skipped by summer time gives the instant
 * at which the clock jumped, one that occurs twice its first. */
int64_t zone_utc_s(const struct zone *zone, const struct civil *civil);

/* The number of the day on the zone's wall clock. */
int32_t zone_day(const struct zone *zone, int64_t utc_s);

/* "2026-10-10 14:30" in the zone; out has 20 bytes or more. */
void zone_format(const struct zone *zone, int64_t utc_s, char out[20]);

#endif
