/* SPDX-License-Identifier: ISC */
#ifndef PARSE_SEALED_H
#define PARSE_SEALED_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct part;

/*
 * S/MIME's opaque signature (RFC 8551 section 3.5.2): the letter is inside the
 * signature's own structure (CMS, RFC 5652) and looks like a sealed one to
 * whoever does not look.  The signature is not checked.
 */

/* Whether a part may be one. */
bool sealed_possible(const struct part *p);

/* Appends the letter that stands in a CMS SignedData; false where there is
 * none: enveloped (encrypted), a signature beside its letter, damage.  Of cut
 * data what is there is given.  out goes bad when memory runs out. */
bool sealed_open(const void *data, size_t len, struct buf *out);

#endif
