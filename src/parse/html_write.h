/* SPDX-License-Identifier: ISC */
#ifndef PARSE_HTML_WRITE_H
#define PARSE_HTML_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/*
 * Text with the white space of a rendered page: what is asked for (a line
 * break, a blank, a cell's edge) is only written when text follows.
 */
struct html_writer {
	struct buf *out;
	size_t start; /* of our text in out */
	size_t limit; /* of out->len */
	bool cut;
	unsigned breaks;   /* line ends wanted in front of the next text */
	unsigned line_end; /* line ends that stand there already */
	bool blank;	   /* a collapsed blank is wanted */
	bool blank_line;   /* … that came from a line end in the source */
	unsigned cells;	   /* cell edges wanted */
	size_t row_start;  /* of the row's text in out */
	bool fresh;	   /* in a cell or list item without text yet */
	char prefix[24];   /* of a list item: "- ", "12. " */
	uint32_t last;	   /* code point at the end */
};

void html_write_init(struct html_writer *w, struct buf *out, size_t max);
enum html_write_how {
	WRITE_PAGE = 0,
	WRITE_PRESERVE = 1, /* white space stays */
	WRITE_PLAIN = 2,    /* no character references in it (any more) */
};
/* Text of the page. */
void html_write_text(
    struct html_writer *w, const char *text, size_t len, unsigned how);
/* At least n line ends in front of what follows; collapses as margins do. */
void html_write_break(struct html_writer *w, unsigned n);
/* <br>: one more line end. */
void html_write_line(struct html_writer *w);
/* A row of a table begins, a cell begins and ends. */
void html_write_row(struct html_writer *w);
void html_write_cell(struct html_writer *w);
void html_write_cell_end(struct html_writer *w);
/* A list item begins; `prefix` fits the writer's. */
void html_write_item(struct html_writer *w, const char *prefix);
void html_write_item_end(struct html_writer *w);
/* One of the marks of split.h, between lines. */
void html_write_mark(struct html_writer *w, char mark);

#endif
