/* SPDX-License-Identifier: ISC */
#ifndef LETTER_EXPAND_H
#define LETTER_EXPAND_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct buf;
struct template;

/* A letter's lines, clean (clean.h), with what the template makes of them. */
enum line_kind {
	LINE_BLANK,
	LINE_TEXT,
	LINE_HEAD,  /* of the template alone: "来信内容：", "【…】" */
	LINE_FACT,  /* label：value */
	LINE_BLOCK, /* one field's text in a box; may have line ends */
};
struct letter_line {
	enum line_kind kind;
	const char *text;  /* the whole line */
	size_t label_len;  /* LINE_FACT: bytes of the label */
	const char *value; /* LINE_FACT: inside text, behind the colon */
	bool strong;       /* a deadline is in it */
};
struct letter_lines {
	struct letter_line *list;
	size_t n;
};

/* A field's value by its slot; never NULL. */
typedef const char *expand_value(const void *arg, int slot);

/* The subject; one clean line appended to out. */
void expand_subject(const struct template *t, expand_value *value,
    const void *arg, struct buf *out);
/* The body; -1 when memory is out. */
int expand_body(const struct template *t, expand_value *value,
    const void *arg, struct arena *a, struct letter_lines *out);

#endif
