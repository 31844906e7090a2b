/* SPDX-License-Identifier: ISC */
#ifndef PARSE_PHOTO_H
#define PARSE_PHOTO_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/*
 * Photos without what they tell beside the picture: place, time, camera,
 * owner, thumbnails, comments, films behind the picture.  The picture's own
 * data is copied, never decoded.  Only segments that the picture needs are
 * let through, and only in their exact lengths.
 */

/* Appends the cleaned JPEG (ITU T.81) or PNG (RFC 2083); false when the data
 * is neither, is malformed, or memory is out: then out is as it was.  An EXIF
 * orientation of 2 … 8 stays, alone in a block of its own. */
bool photo_clean(const void *data, size_t len, struct buf *out);

#endif
