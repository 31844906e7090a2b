/* SPDX-License-Identifier: ISC */
#include "parse/sheet.h"

#include <string.h>

#include <zip.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"
#include "parse/sheet_xml.h"

static const char sheet_type[] =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/* Behind a password the whole is an OLE container (MS-OFFCRYPTO 2.3). */
static const unsigned char ole_magic[] = {0xd0, 0xcf, 0x11, 0xe0};

bool
sheet_is_one(const char *type, const char *name)
{
	const char *dot = strrchr(name, '.');

	return strcmp(type, sheet_type) == 0 ||
	       (dot != NULL &&
		   (str_ieq(dot, ".xlsx") || str_ieq(dot, ".xlsm")));
}

/* -- the archive ---------------------------------------------------------- */

struct book {
	zip_t *zip;
	size_t room; /* bytes that may still be unpacked */
	struct arena *arena;
	struct sheet_strings strings;
	struct sheet_cells cells;
};

/* A part's bytes.  What its header says of its size is not believed. */
static enum sheet_state
unpack_part(struct book *b, zip_uint64_t index, struct buf *out)
{
	zip_stat_t st;
	zip_file_t *f;
	char piece[16384];
	zip_int64_t n;
	enum sheet_state state = SHEET_READ;

	if (zip_stat_index(b->zip, index, 0, &st) < 0)
		return SHEET_DAMAGED;
	if ((st.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 &&
	    st.encryption_method != ZIP_EM_NONE)
		return SHEET_LOCKED;
	if (st.comp_method != ZIP_CM_STORE && st.comp_method != ZIP_CM_DEFLATE)
		return SHEET_DAMAGED;
	f = zip_fopen_index(b->zip, index, 0);
	if (f == NULL)
		return SHEET_DAMAGED;
	while (state == SHEET_READ &&
	       (n = zip_fread(f, piece, sizeof(piece))) != 0) {
		if (n < 0)
			state = SHEET_DAMAGED;
		else if ((size_t)n > b->room)
			state = SHEET_TOO_LARGE;
		else
			buf_add(out, piece, (size_t)n);
		b->room -= n > 0 && (size_t)n <= b->room ? (size_t)n : 0;
	}
	(void)zip_fclose(f);
	return state;
}

static bool
is_worksheet(const char *name)
{
	static const char folder[] = "xl/worksheets/";
	size_t n = strlen(name);

	return str_istarts(name, folder) && n > sizeof(folder) + 3 &&
	       str_ieq(name + n - 4, ".xml") &&
	       strchr(name + sizeof(folder) - 1, '/') == NULL;
}

static enum sheet_state
read_part(struct book *b, zip_uint64_t index, bool strings)
{
	BUF_AUTO struct buf xml = BUF_INIT;
	enum sheet_state state = unpack_part(b, index, &xml);

	if (state != SHEET_READ)
		return state;
	if (buf_bad(&xml))
		return SHEET_NO_MEMORY;
	return strings ? sheet_xml_strings(
			     xml.data, xml.len, b->arena, &b->strings)
		       : sheet_xml_cells(xml.data, xml.len, b->arena,
			     &b->strings, &b->cells);
}

static enum sheet_state
read_strings(struct book *b)
{
	zip_int64_t i =
	    zip_name_locate(b->zip, "xl/sharedStrings.xml", ZIP_FL_NOCASE);

	/* All strings may stand in the cells. */
	return i < 0 ? SHEET_READ : read_part(b, (zip_uint64_t)i, true);
}

/* The sheets in the order in which they lie there; who looks for a form looks
 * at all of them. */
static enum sheet_state
read_book(struct book *b)
{
	zip_int64_t n = zip_get_num_entries(b->zip, 0);
	enum sheet_state state;
	unsigned parts = 0;

	if (n > MAX_SHEET_ENTRIES)
		return SHEET_TOO_LARGE;
	state = read_strings(b);
	for (zip_int64_t i = 0; i < n && state == SHEET_READ; i++) {
		const char *name =
		    zip_get_name(b->zip, (zip_uint64_t)i, ZIP_FL_ENC_RAW);

		if (name == NULL || !is_worksheet(name))
			continue;
		if (parts == MAX_SHEET_PARTS)
			return SHEET_TOO_LARGE;
		b->cells.part = (uint16_t)parts++;
		state = read_part(b, (zip_uint64_t)i, false);
	}
	return state == SHEET_READ && parts == 0 ? SHEET_DAMAGED : state;
}

static zip_t *
open_zip(const void *data, size_t len)
{
	zip_source_t *source = zip_source_buffer_create(data, len, 0, NULL);
	zip_t *zip = source != NULL
			 ? zip_open_from_source(source, ZIP_RDONLY, NULL)
			 : NULL;

	if (zip == NULL && source != NULL)
		zip_source_free(source);
	return zip;
}

int
sheet_read(
    const void *data, size_t len, struct arena *a, struct workbook *out)
{
	struct book b = {.room = MAX_SHEET_UNPACKED, .arena = a};

	out->state = SHEET_DAMAGED;
	out->cells = NULL;
	out->n_cells = 0;
	if (len >= sizeof(ole_magic) &&
	    memcmp(data, ole_magic, sizeof(ole_magic)) == 0)
		out->state = SHEET_LOCKED;
	else if (len > MAX_SHEET_FILE_BYTES)
		out->state = SHEET_TOO_LARGE;
	else if ((b.zip = open_zip(data, len)) != NULL) {
		out->state = read_book(&b);
		zip_discard(b.zip);
	}
	if (out->state == SHEET_READ) {
		out->n_cells = b.cells.n;
		out->cells = b.cells.list;
	}
	return out->state == SHEET_NO_MEMORY ? -1 : 0;
}
