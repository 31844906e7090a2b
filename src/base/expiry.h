/* SPDX-License-Identifier: ISC */
#ifndef BASE_EXPIRY_H
#define BASE_EXPIRY_H

#include <stdint.h>

/* What libcurl says of a certificate (CURLINFO_CERTINFO), line by line: "Expire
 * Date:2027-01-31 23:59:59 GMT", by other flavours of it with a small d, gives
 * UTC seconds; 0 for every other line. */
int64_t expiry_of_line(const char *line);

#endif
