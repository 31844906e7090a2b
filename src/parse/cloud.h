/* SPDX-License-Identifier: ISC */
#ifndef PARSE_CLOUD_H
#define PARSE_CLOUD_H

#include <stdbool.h>
#include <stddef.h>

struct decode;

/*
 * 超大附件: attachments too large for mail stay in the provider's cloud, and
 * the mail has a link.  The link and the file's name are kept; nothing is
 * ever fetched.
 */

/* Whether some text may hold such a link: a quick look at the host names. */
bool cloud_likely(const char *text, size_t len);

/* Adds the link if it leads to such a file.  text: what the link reads as. */
int cloud_add_link(struct decode *d, const char *url, const char *text);

/* Finds links in plain text; a name stands in front of one, on its line or
 * the line above. */
int cloud_scan_text(struct decode *d, const char *text, size_t len);

/* Drops links that only repeat others (the "download all" button). */
void cloud_finish(struct decode *d);

#endif
