/* SPDX-License-Identifier: ISC */
#ifndef CONF_VALUE_H
#define CONF_VALUE_H

#include <stdbool.h>
#include <stdint.h>

struct term;
struct work_day;

/*
 * Values written as text.  libconfig cuts large integers silently, so sizes
 * and times carry a unit and are read here.  All return 0, or -1 with nothing
 * written; pure.
 */

/* "512K", "20M", "1G", "100B" → bytes (K = 1024). */
int value_size(const char *s, uint64_t *bytes_out);
/* "500ms", "30s", "5m", "2h", "3d", "1w" → milliseconds. */
int value_time(const char *s, uint64_t *ms_out);
/* "2026-10-01" → day number; the day must exist. */
int value_date(const char *s, int32_t *day_out);
/* A term in working time: "13d" working days, "4h" or "30m" working hours or
 * minutes. */
int value_term(const char *s, struct term *out);
/* "08:30-12:00 14:00-17:30" or "": up to four spans, ascending. */
int value_hours(const char *s, struct work_day *out);

/* An addr-spec that libcurl and every provider takes: printable ASCII, one
 * '@', RFC 5321 4.5.3.1 lengths.  NULL = good, else what is wrong with it. */
const char *value_address_fault(const char *s);
/* A host name, IPv4 address or "[IPv6]" that is safe inside a URL. */
bool value_host_ok(const char *s);
/* Whether the host is this machine. */
bool value_host_is_loopback(const char *s);
/* "host:port", as in connect_to: whether it is one, and whether that host is
 * this machine. */
bool value_host_port_ok(const char *s);
bool value_host_port_is_loopback(const char *s);
/* a-z, 0-9 and '-', starting with a letter or digit, at most 64 bytes. */
bool value_id_ok(const char *s);

#endif
