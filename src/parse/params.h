/* SPDX-License-Identifier: ISC */
#ifndef PARSE_PARAMS_H
#define PARSE_PARAMS_H

#include <stddef.h>

struct buf;
struct charset_hint;
struct charset_result;

/*
 * Parameters of Content-Type and Content-Disposition as mailers really send
 * them: RFC 2231 continuations and charsets, RFC 2047 words inside quotes, raw
 * 8-bit, values with blanks and without quotes.
 */

/* Appends the decoded value of parameter `name` of a raw header value; the
 * RFC 2231 form wins over the plain one.  One line, no control characters, at
 * most max bytes.  Returns 1 when found, 0 when not, -1 when memory is out. */
int params_find(const char *raw, size_t len, const char *name,
    const struct charset_hint *hint, size_t max, struct buf *out,
    struct charset_result *result_out);

/* Appends the file name of a part, out of the raw values of its
 * Content-Disposition and Content-Type (NULL when absent): the better of
 * `filename` and `name`.  The name is safe to show and to store: no folder,
 * no control or reserved character, no leading dot, at most MAX_NAME_BYTES
 * with its extension kept.  Returns 1 when found, 0 when not, -1 when memory
 * is out. */
int params_filename(const char *raw_disposition, const char *raw_type,
    const struct charset_hint *hint, struct buf *out,
    struct charset_result *result_out);

/* Makes a decoded name safe in the way above; for names that come from
 * elsewhere (TNEF, uuencode, links). */
int params_safe_name(const char *name, size_t len, struct buf *out);

#endif
