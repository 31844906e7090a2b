/* SPDX-License-Identifier: ISC */
#ifndef PARSE_HTML_ELEMENT_H
#define PARSE_HTML_ELEMENT_H

#include <stdbool.h>
#include <stdint.h>

struct html_token;

/* What we know of elements by their names, and of one element by its
 * attributes. */

enum html_flag {
	EL_VOID = 1,   /* has no content */
	EL_BLOCK = 2,  /* stands on lines of its own */
	EL_PARA = 4,   /* … with a blank line around it */
	EL_HIDDEN = 8, /* content is no text of the message */
	EL_CELL = 16,
	EL_ROW = 32,
	EL_TABLE = 64,
	EL_LIST = 128,
	EL_ITEM = 256,
	EL_PRE = 512,
	EL_LINK = 1024,
	EL_P = 2048,	   /* ends where a block begins */
	EL_QUOTE = 4096,   /* always quoted history */
	EL_ORDERED = 8192, /* a list with numbers */
};

/* A name; ids are below EL_NAMES, unknown names share the last ones. */
#define EL_NAMES 128
struct html_element {
	uint8_t id;
	uint16_t flags;
};
struct html_element html_element_find(const char *name);

/* What attributes say about an element's content. */
struct html_look {
	bool hidden;
	bool quote;	/* quoted history begins here */
	bool sign;	/* a signature */
	bool preserve;	/* white space stays */
	int font_zero;	/* 1 = set to nothing, 0 = set to something, -1 */
	int invisible;	/* likewise */
	bool no_margin; /* a paragraph without blank lines around it */
};
void html_look_at(const struct html_token *token, struct html_look *look_out);

#endif
