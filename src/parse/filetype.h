/* SPDX-License-Identifier: ISC */
#ifndef PARSE_FILETYPE_H
#define PARSE_FILETYPE_H

#include <stddef.h>
#include <stdint.h>

struct err;

/* What a file really is, by its content (libmagic) and by its name. */

/* Loads the magic database, once per process, so that no file is needed
 * later.  ERR_CONF when it is missing. */
int filetype_init(struct err *err);
void filetype_done(void);

/* The MIME type of these bytes, "application/octet-stream" when unknown, NULL
 * when memory was out; borrowed until the next call. */
const char *filetype_of(const void *data, size_t len);

/* ATT_IMAGE, ATT_EXECUTABLE and ATT_ARCHIVE by true type and by name. */
uint32_t filetype_flags(const char *type, const char *name);

#endif
