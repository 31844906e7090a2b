/* SPDX-License-Identifier: ISC */
#ifndef INTAKE_AUTH_H
#define INTAKE_AUTH_H

#include <stdbool.h>

/*
 * Whether the mail's topmost Authentication-Results (RFC 8601), unfolded,
 * vouches for the author: it was written under this authserv-id, and says that
 * DMARC passed for the domain of `from`, or that SPF or DKIM did for a domain
 * that is the same, above or below it (relaxed alignment, RFC 7489 section
 * 3.1).  A header of somebody else, none at all or a broken one vouches for
 * nobody.  Pure.
 */
bool auth_vouches(
    const char *results, const char *authserv_id, const char *from);

#endif
