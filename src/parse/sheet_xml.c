/* SPDX-License-Identifier: ISC */
#include "parse/sheet_xml.h"

#include <stdbool.h>
#include <string.h>

#include <libxml/xmlreader.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"
#include "parse/sheet.h"

void
sheet_init(void)
{
	/* Its tables and locks; nothing later touches a file. */
	xmlInitParser();
}

/* What a document's reader is at. */
struct scan {
	xmlTextReaderPtr reader;
	struct arena *arena;
	struct buf text;   /* of the string or cell at hand */
	unsigned phonetic; /* inside so many rPh: how it is read aloud */
	bool in_text;	   /* inside t, or v of a cell */
	enum sheet_state state;
};

/* -- opening -------------------------------------------------------------- */

/*
 * Nothing that these files ever have: a document type (entities that grow, or
 * stand for files), another encoding than UTF-8 (ECMA-376 part 2, 8.1.4 also
 * allows UTF-16, which no program writes).
 */
static bool
is_plain(const char *xml, size_t len)
{
	if (len > 3 && memcmp(xml, "\xef\xbb\xbf", 3) == 0) {
		xml += 3;
		len -= 3;
	}
	return len > 1 && xml[0] == '<' && memchr(xml, '\0', len) == NULL &&
	       memmem(xml, len, "<!D", 3) == NULL &&
	       memmem(xml, len, "<!E", 3) == NULL &&
	       memmem(xml, len, "<!d", 3) == NULL;
}

static int
scan_open(struct scan *s, const char *xml, size_t len, struct arena *a)
{
	*s = (struct scan){.arena = a, .text = BUF_INIT};
	s->state = SHEET_DAMAGED;
	if (!is_plain(xml, len) || len > INT32_MAX)
		return -1;
	s->reader = xmlReaderForMemory(xml, (int)len, NULL, "UTF-8",
	    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
		XML_PARSE_NOCDATA | XML_PARSE_COMPACT);
	if (s->reader == NULL)
		return -1;
	s->state = SHEET_READ;
	return 0;
}

static enum sheet_state
scan_close(struct scan *s)
{
	if (s->reader != NULL)
		xmlFreeTextReader(s->reader);
	if (buf_bad(&s->text) && s->state == SHEET_READ)
		s->state = SHEET_NO_MEMORY;
	buf_done(&s->text);
	return s->state;
}

static const char *
name(const struct scan *s)
{
	const xmlChar *n = xmlTextReaderConstLocalName(s->reader);

	return n != NULL ? (const char *)n : "";
}

static bool
is(const struct scan *s, const char *what)
{
	return strcmp(name(s), what) == 0;
}

/* Appends an attribute's value; nothing when there is none. */
static void
attribute(const struct scan *s, const char *what, char *out, size_t size)
{
	xmlChar *v = xmlTextReaderGetAttribute(
	    s->reader, (const xmlChar *)what);

	out[0] = '\0';
	if (v != NULL && strlen((const char *)v) < size)
		memcpy(out, v, strlen((const char *)v) + 1);
	xmlFree(v);
}

/* One line, cut to what a cell of a form may hold. */
static const char *
text_of(struct scan *s)
{
	char *text;

	for (size_t i = 0; i < s->text.len; i++) {
		unsigned char c = (unsigned char)s->text.data[i];

		if (c < ' ' || c == 0x7f)
			s->text.data[i] = ' ';
	}
	text = arena_memdup(s->arena, buf_str(&s->text),
	    utf8_cut(buf_str(&s->text), s->text.len, MAX_SHEET_CELL_BYTES));
	if (text == NULL || buf_bad(&s->text))
		s->state = SHEET_NO_MEMORY;
	return text;
}

static void
add_text(struct scan *s)
{
	const xmlChar *v = xmlTextReaderConstValue(s->reader);

	/* More is cut off anyway. */
	if (v != NULL && s->in_text && s->phonetic == 0 &&
	    s->text.len <= MAX_SHEET_CELL_BYTES)
		buf_adds(&s->text, (const char *)v);
}

/* Calls the three for every start, end and text, until the state changes. */
static void
scan_all(struct scan *s, void (*start)(struct scan *s, void *arg),
    void (*end)(struct scan *s, void *arg), void *arg)
{
	int rc = 0;

	while (s->state == SHEET_READ &&
	       (rc = xmlTextReaderRead(s->reader)) == 1) {
		switch (xmlTextReaderNodeType(s->reader)) {
		case XML_READER_TYPE_ELEMENT:
			start(s, arg);
			if (xmlTextReaderIsEmptyElement(s->reader))
				end(s, arg);
			break;
		case XML_READER_TYPE_END_ELEMENT:
			end(s, arg);
			break;
		case XML_READER_TYPE_TEXT:
		case XML_READER_TYPE_CDATA:
		case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
		case XML_READER_TYPE_WHITESPACE:
			add_text(s);
			break;
		case XML_READER_TYPE_ENTITY_REFERENCE:
		case XML_READER_TYPE_DOCUMENT_TYPE:
			s->state = SHEET_DAMAGED;
			break;
		default:
			break;
		}
	}
	if (rc < 0 && s->state == SHEET_READ)
		s->state = SHEET_DAMAGED;
}

/* What strings have in common, in cells and in the list. */
static void
string_start(struct scan *s)
{
	if (is(s, "rPh"))
		s->phonetic++;
	else if (is(s, "t"))
		s->in_text = true;
}

static void
string_end(struct scan *s)
{
	if (is(s, "rPh") && s->phonetic > 0)
		s->phonetic--;
	else if (is(s, "t"))
		s->in_text = false;
}

/* -- shared strings ------------------------------------------------------- */

static void
strings_start(struct scan *s, void *arg)
{
	(void)arg;
	if (is(s, "si"))
		buf_clear(&s->text);
	string_start(s);
}

static void
strings_end(struct scan *s, void *arg)
{
	struct sheet_strings *out = arg;

	string_end(s);
	if (!is(s, "si"))
		return;
	out->bytes += s->text.len;
	if (out->n == MAX_SHEET_STRINGS || out->bytes > MAX_SHEET_UNPACKED) {
		s->state = SHEET_TOO_LARGE;
		return;
	}
	out->list[out->n++] = text_of(s);
}

enum sheet_state
sheet_xml_strings(const char *xml, size_t len, struct arena *a,
    struct sheet_strings *out)
{
	struct scan s;

	out->list = arena_array(a, MAX_SHEET_STRINGS, sizeof(*out->list));
	if (out->list == NULL)
		return SHEET_NO_MEMORY;
	if (scan_open(&s, xml, len, a) == 0)
		scan_all(&s, strings_start, strings_end, out);
	return scan_close(&s);
}

/* -- cells ---------------------------------------------------------------- */

struct cells {
	const struct sheet_strings *strings;
	struct sheet_cells *out;
	uint32_t row, column; /* from 1 */
	bool in_cell;
	char type[16];
};

/* "AB12"; what is left out follows the one before. */
static void
take_place(struct cells *c, const char *ref)
{
	uint32_t column = 0, row = 0;

	for (; *ref >= 'A' && *ref <= 'Z' && column < 20000; ref++)
		column = column * 26 + (uint32_t)(*ref - 'A') + 1;
	for (; *ref >= '0' && *ref <= '9' && row < 2000000; ref++)
		row = row * 10 + (uint32_t)(*ref - '0');
	c->column = column > 0 ? column : c->column + 1;
	if (row > 0)
		c->row = row;
}

static void
row_start(struct scan *s, struct cells *c)
{
	char r[16];
	int64_t row;

	attribute(s, "r", r, sizeof(r));
	c->row = str_int64(r, 1, 2000000, &row) == 0 ? (uint32_t)row
						     : c->row + 1;
	c->column = 0;
}

static void
cells_start(struct scan *s, void *arg)
{
	struct cells *c = arg;
	char ref[16];

	if (is(s, "row")) {
		row_start(s, c);
	} else if (is(s, "c")) {
		attribute(s, "r", ref, sizeof(ref));
		take_place(c, ref);
		attribute(s, "t", c->type, sizeof(c->type));
		c->in_cell = true;
		buf_clear(&s->text);
	} else if (c->in_cell && is(s, "v")) {
		s->in_text = true;
	} else if (c->in_cell) {
		string_start(s);
	}
}

/* "s": the text is a place in the list of strings. */
static const char *
cell_text(struct scan *s, const struct cells *c)
{
	int64_t at;

	if (strcmp(c->type, "s") != 0)
		return text_of(s);
	if (str_int64(buf_str(&s->text), 0, MAX_SHEET_STRINGS, &at) == 0 &&
	    (size_t)at < c->strings->n)
		return c->strings->list[at];
	s->state = SHEET_DAMAGED;
	return NULL;
}

static void
add_cell(struct scan *s, struct cells *c)
{
	struct sheet_cells *out = c->out;
	const char *text;

	/* Far away and empty ones are formatting. */
	if (s->text.len == 0 || c->row == 0 || c->row > MAX_SHEET_ROW ||
	    c->column > MAX_SHEET_COLUMN)
		return;
	text = cell_text(s, c);
	if (text == NULL || text[0] == '\0')
		return;
	out->bytes += strlen(text);
	if (out->n == MAX_SHEET_CELLS || out->bytes > MAX_SHEET_TEXT) {
		s->state = SHEET_TOO_LARGE;
		return;
	}
	out->list[out->n++] = (struct sheet_cell){
	    out->part, (uint16_t)c->row, (uint16_t)c->column, text};
}

static void
cells_end(struct scan *s, void *arg)
{
	struct cells *c = arg;

	if (is(s, "v"))
		s->in_text = false;
	string_end(s);
	if (!c->in_cell || !is(s, "c"))
		return;
	c->in_cell = false;
	add_cell(s, c);
}

enum sheet_state
sheet_xml_cells(const char *xml, size_t len, struct arena *a,
    const struct sheet_strings *strings, struct sheet_cells *out)
{
	struct cells c = {.strings = strings, .out = out};
	struct scan s;

	if (out->list == NULL)
		out->list = arena_array(a, MAX_SHEET_CELLS, sizeof(*out->list));
	if (out->list == NULL)
		return SHEET_NO_MEMORY;
	if (scan_open(&s, xml, len, a) == 0)
		scan_all(&s, cells_start, cells_end, &c);
	return scan_close(&s);
}
