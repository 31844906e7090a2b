/* SPDX-License-Identifier: ISC */
#ifndef PARSE_DATE_H
#define PARSE_DATE_H

#include <stddef.h>
#include <stdint.h>

/* A Date header (RFC 5322 section 3.3 with its obsolete forms, asctime(3),
 * ISO 8601) → UTC seconds; 0 when it is unreadable or outside 1970…9999.  A
 * missing zone counts as UTC, a bare CST as China's. */
int64_t date_parse(const char *text, size_t len);

#endif
