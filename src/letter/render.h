/* SPDX-License-Identifier: ISC */
#ifndef LETTER_RENDER_H
#define LETTER_RENDER_H

#include <stdbool.h>

struct buf;
struct letter_lines;

/* The text/plain part: UTF-8 with CRLF. */
void render_text(struct buf *out, const struct letter_lines *lines);

/* The text/html part: one column that fits a phone, facts as a table, a
 * field's own text in a box, every value escaped, nothing loaded from anywhere
 * and no links. */
void render_html(struct buf *out, const char *title, bool priority,
    const struct letter_lines *lines);

#endif
