/* SPDX-License-Identifier: ISC */
#ifndef PARSE_TEXT_H
#define PARSE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/* Plain text on its way from charset_decode() to split_text(). */

/* Appends the text with LF line ends (CRLF, CR, NEL, U+2028, U+2029, form and
 * page feeds become LF) and without what must not reach a screen: control
 * characters but TAB and LF, bidirectional overrides, U+FEFF.  Bad UTF-8
 * becomes U+FFFD.  At most max bytes; *cut_out (may be NULL) is set when there
 * was more, never cleared.  Returns -1 only when memory is out. */
int text_tidy(
    const char *text, size_t len, size_t max, struct buf *out, bool *cut_out);

/* What text_tidy() makes of one code point (UINT32_MAX = bad UTF-8): itself,
 * '\n', a blank, U+FFFD, or 0 for nothing. */
uint32_t text_tidy_cp(uint32_t cp);

/* Chinese, Japanese and full-width characters: written without blanks between
 * words, so that a line broken inside them is joined without one. */
bool text_is_cjk(uint32_t cp);

/* Appends tidy text with its soft line breaks removed, RFC 3676: lines of the
 * same quote depth flow together, stuffed blanks go, "-- " stays a line of its
 * own; delsp: the blank before the break goes too (Chinese text needs it). */
int text_unflow(const char *text, size_t len, bool delsp, struct buf *out);

#endif
