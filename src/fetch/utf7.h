/* SPDX-License-Identifier: ISC */
#ifndef FETCH_UTF7_H
#define FETCH_UTF7_H

struct buf;

/* Appends a folder name in modified UTF-7 (RFC 3501 section 5.1.3):
 * 垃圾邮件 → &V4NXPpCuTvY-.  A name that is already in that form and pure
 * ASCII would be encoded again (& → &-): configuration holds plain names.
 * -1 when name is no valid UTF-8. */
int utf7_put(struct buf *out, const char *name);

#endif
