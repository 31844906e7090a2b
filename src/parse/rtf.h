/* SPDX-License-Identifier: ISC */
#ifndef PARSE_RTF_H
#define PARSE_RTF_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/* Rich text, as Outlook keeps a letter's body in. */

/* Unpacks compressed RTF (MS-OXRTFCP); what is damaged ends early.  Returns
 * false when the data is none. */
bool rtf_unpack(const void *data, size_t len, struct buf *out);

/* Appends what RTF 1.9 says as UTF-8.  *html_out: it had been HTML (MS-OXRTFEX)
 * and is that again; else it is plain text.  Linear; never fails but by
 * out->bad. */
void rtf_read(const char *rtf, size_t len, struct buf *out, bool *html_out);

#endif
