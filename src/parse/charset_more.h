/* SPDX-License-Identifier: ISC */
#ifndef PARSE_CHARSET_MORE_H
#define PARSE_CHARSET_MORE_H

#include <stdbool.h>
#include <stddef.h>

#include "parse/charset_table.h"

/* The charsets of glibc that mail hardly ever has; their ids follow CS_COUNT.
 */
size_t charset_more_count(void);
const struct charset *charset_more_get(size_t i);
/* By a name reduced to lower-case letters and digits; the count if none. */
size_t charset_more_find(const char *name);

#endif
