/* SPDX-License-Identifier: ISC */
#ifndef REPORT_CELL_H
#define REPORT_CELL_H

#include <stddef.h>

struct buf;

/*
 * Strangers' words in a table.  A cell is one line: controls, bidirectional
 * marks and what XML cannot hold are left out, bad UTF-8 becomes U+FFFD, line
 * ends and tabs become blanks.  Pure.
 */
void cell_clean(struct buf *out, const char *text);

/*
 * For a spreadsheet program that opens CSV: always in quotes, and whatever
 * would begin a formula (= + - @, their full-width forms, also behind blanks)
 * gets an apostrophe in front (OWASP, CSV injection).
 */
void cell_csv(struct buf *out, const char *text);

/* For an xlsx string cell: at most 32,767 characters, and no "_x0041_", which
 * readers would decode (ECMA-376 part 1, 22.4.2.4). */
void cell_xlsx(struct buf *out, const char *text);

/*
 * What a clue is about, for a form that many see: the subject, or the text's
 * beginning where there is none or it says little, at most max_chars, and
 * numbers by which a citizen could be found (telephones, identity cards, QQ,
 * mail addresses) masked but for their first three characters.
 */
void cell_brief(
    struct buf *out, const char *subject, const char *text, size_t max_chars);

#endif
