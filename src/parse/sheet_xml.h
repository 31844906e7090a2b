/* SPDX-License-Identifier: ISC */
#ifndef PARSE_SHEET_XML_H
#define PARSE_SHEET_XML_H

#include <stddef.h>
#include <stdint.h>

#include "parse/message.h"

struct arena;

/* Inside sheet: the two kinds of XML that are read (ECMA-376 part 1, 18.4.9
 * and 18.3.1.99). */
struct sheet_strings {
	const char **list; /* in the arena, MAX_SHEET_STRINGS of room */
	size_t n;
	size_t bytes; /* of all of them, against the limit */
};
struct sheet_cells {
	struct sheet_cell *list; /* MAX_SHEET_CELLS of room */
	size_t n;
	size_t bytes;
	uint16_t part; /* of the cells that are added */
};
enum sheet_state sheet_xml_strings(const char *xml, size_t len,
    struct arena *a, struct sheet_strings *out);
enum sheet_state sheet_xml_cells(const char *xml, size_t len, struct arena *a,
    const struct sheet_strings *strings, struct sheet_cells *out);

#endif
