/* SPDX-License-Identifier: ISC */
#ifndef LETTER_HEADER_H
#define LETTER_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct zone;

/*
 * One header field each, with its CRLF; 7-bit and folded whatever the value
 * holds (RFC 5322 sections 2.2 and 3.6).
 */

/* Subject and the like: plain when it is short ASCII without "=?", else
 * encoded words.  At most max bytes of the text are used. */
void header_text(
    struct buf *out, const char *name, const char *text, size_t max);
/* From, To: an optional display name and an address that header_is_address()
 * passed. */
void header_address(struct buf *out, const char *name, const char *display,
    const char *address);
/* Date: the wall clock of the zone with its offset. */
void header_date(struct buf *out, const struct zone *zone, int64_t utc_s);
/* References and the like: blank-separated ids with or without brackets, one a
 * line; what is no msg-id is left out, in a long list the middle.  Nothing at
 * all when none is left. */
void header_ids(struct buf *out, const char *name, const char *ids);

/* Whether this is an address that we write into a header or an envelope:
 * dot-atom @ host name, printable ASCII, at most MAX_ADDRESS_BYTES. */
bool header_is_address(const char *s);
/* Whether len bytes are the inside of a msg-id that we may repeat. */
bool header_is_id(const char *s, size_t len);

#endif
