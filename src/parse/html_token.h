/* SPDX-License-Identifier: ISC */
#ifndef PARSE_HTML_TOKEN_H
#define PARSE_HTML_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/*
 * HTML cut into text and tags, after the tokenizer of the HTML standard
 * (section 13.2.5) but never losing text to what is not closed: a comment, a
 * quote, a style sheet without its end is passed over as if its opening were
 * text or alone.  Work is linear in the input.
 *
 * Not libxml2 (2.9.14): its parser took 14 s for 700 KB of "<b>" and "</i>",
 * and fed in chunks it swallowed all text behind a "</style>" that two chunks
 * shared.
 */

enum html_kind { HTML_END, HTML_TEXT, HTML_OPEN, HTML_CLOSE };

struct html_token {
	enum html_kind kind;
	const char *text; /* of HTML_TEXT, entities not resolved */
	size_t len;
	bool raw; /* text of a style sheet or script: no references in it */
	bool unclosed; /* such an element, but without its end: ignore it */
	char name[24]; /* of a tag: lower case, cut */
	const char *attributes; /* up to the tag's end */
	size_t attributes_len;
};

struct html_input {
	const char *p;
	const char *end;
	/* Where the element ends whose content is not HTML; NULL outside. */
	const char *raw_end;
	bool raw_text; /* its content has no references either */
	/* What does not occur in the rest any more, so that it is not looked
	 * for again. */
	bool no_gt;
	bool no_double;
	bool no_single;
	bool no_comment_end;
	unsigned no_raw_end; /* bit per raw element */
};

void html_input_init(struct html_input *in, const char *html, size_t len);
/* Reads the next token; HTML_END at the end. */
void html_next(struct html_input *in, struct html_token *token);

/* Appends an attribute's value with its entities resolved; false if the tag
 * does not have it.  At most `max` bytes of the value are looked at. */
bool html_attribute(const struct html_token *token, const char *name,
    size_t max, struct buf *out);

/* Reads the character reference at p ("&lt;", "&#20013;", "&nbsp") and appends
 * its text.  Returns its length, 0 if it is none. */
size_t html_entity(const char *p, const char *end, struct buf *out);

#endif
