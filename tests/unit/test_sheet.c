/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <zip.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "parse/sheet.h"

/* -- workbooks made by hand ----------------------------------------------- */

struct part {
	const char *name, *text;
	size_t len; /* 0 = a string */
};

static void
make_zip(struct buf *out, const struct part *parts, size_t n)
{
	zip_source_t *to = zip_source_buffer_create(NULL, 0, 0, NULL);
	zip_t *z = zip_open_from_source(to, ZIP_TRUNCATE, NULL);
	char piece[4096];
	zip_int64_t got;

	assert_non_null(z);
	zip_source_keep(to);
	for (size_t i = 0; i < n; i++) {
		size_t len = parts[i].len > 0 ? parts[i].len
					      : strlen(parts[i].text);
		zip_source_t *s =
		    zip_source_buffer(z, parts[i].text, len, 0);

		assert_true(
		    zip_file_add(z, parts[i].name, s, ZIP_FL_OVERWRITE) >= 0);
	}
	assert_int_equal(zip_close(z), 0);
	assert_int_equal(zip_source_open(to), 0);
	while ((got = zip_source_read(to, piece, sizeof(piece))) > 0)
		buf_add(out, piece, (size_t)got);
	(void)zip_source_close(to);
	zip_source_free(to);
}

#define NS " xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define SHEET(rows) \
	HEAD "<worksheet" NS "><sheetData>" rows "</sheetData></worksheet>"
#define STRINGS(list) HEAD "<sst" NS ">" list "</sst>"

struct world {
	struct arena *a;
	struct buf zip;
	struct workbook s;
};

static int
setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	w->a = arena_new();
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	struct world *w = *state;

	arena_free(&w->a);
	buf_done(&w->zip);
	free(w);
	return 0;
}

static void
read_parts(struct world *w, const struct part *parts, size_t n)
{
	buf_clear(&w->zip);
	make_zip(&w->zip, parts, n);
	assert_int_equal(
	    sheet_read(w->zip.data, w->zip.len, w->a, &w->s), 0);
}

static void
read_sheet(struct world *w, const char *strings, const char *sheet)
{
	const struct part parts[] = {
	    {"xl/worksheets/sheet1.xml", sheet, 0},
	    {"xl/sharedStrings.xml", strings, 0},
	};

	read_parts(w, parts, strings[0] != '\0' ? 2 : 1);
}

static const char *
cell(const struct world *w, unsigned part, unsigned row, unsigned column)
{
	for (size_t i = 0; i < w->s.n_cells; i++)
		if (w->s.cells[i].part == part && w->s.cells[i].row == row &&
		    w->s.cells[i].column == column)
			return w->s.cells[i].text;
	return "";
}

/* -- what programs write -------------------------------------------------- */

static void
every_kind_of_cell_is_read(void **state)
{
	struct world *w = *state;

	read_sheet(w,
	    STRINGS("<si><t>渣土运输</t></si>"
		    "<si><r><t>填报</t></r><r><rPr/><t>单位</t></r>"
		    "<rPh sb=\"0\" eb=\"1\"><t>tianbao</t></rPh></si>"
		    "<si><t xml:space=\"preserve\"> a&amp;b\n</t></si>"),
	    SHEET("<row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c>"
		  "<c r=\"B2\"><v>12</v></c>"
		  "<c r=\"C2\" t=\"str\"><f>1+2</f><v>3</v></c>"
		  "<c r=\"D2\" t=\"inlineStr\"><is><t>四</t></is></c>"
		  "<c r=\"E2\" s=\"4\"/></row>"
		  "<row r=\"4\"><c t=\"s\"><v>1</v></c>"
		  "<c t=\"n\"><f>SUM(A1:A2)</f><v>7.5</v></c>"
		  "<c r=\"AA4\" t=\"s\"><v>2</v></c></row>"
		  "<row><c><v>9</v></c></row>"));
	assert_int_equal(w->s.state, SHEET_READ);
	assert_string_equal(cell(w, 0, 2, 1), "渣土运输");
	assert_string_equal(cell(w, 0, 2, 2), "12");
	assert_string_equal(cell(w, 0, 2, 3), "3");
	assert_string_equal(cell(w, 0, 2, 4), "四");
	assert_string_equal(cell(w, 0, 4, 1), "填报单位");
	assert_string_equal(cell(w, 0, 4, 2), "7.5");
	assert_string_equal(cell(w, 0, 4, 27), " a&b ");
	assert_string_equal(cell(w, 0, 5, 1), "9");
	assert_int_equal(w->s.n_cells, 8);
}

static void
all_worksheets_are_read(void **state)
{
	struct world *w = *state;
	const struct part parts[] = {
	    {"[Content_Types].xml", "<Types/>", 0},
	    {"xl/worksheets/sheet2.xml",
		SHEET("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>"), 0},
	    {"xl/worksheets/_rels/sheet2.xml.rels", "<x", 0},
	    {"xl/drawings/drawing1.xml", "<x", 0},
	    {"xl/worksheets/sheet1.xml",
		SHEET("<row r=\"1\"><c r=\"A1\"><v>2</v></c></row>"), 0},
	};

	read_parts(w, parts, sizeof(parts) / sizeof(parts[0]));
	assert_int_equal(w->s.state, SHEET_READ);
	assert_string_equal(cell(w, 0, 1, 1), "1");
	assert_string_equal(cell(w, 1, 1, 1), "2");
}

/* Our form as LibreOffice saves it, by way of its own format. */
static void
a_form_saved_by_another_program_is_read(void **state)
{
	struct world *w = *state;
	FILE *f = fopen("tests/data/sheet/libreoffice.xlsx", "rb");
	char bytes[20000];
	size_t n;

	assert_non_null(f);
	n = fread(bytes, 1, sizeof(bytes), f);
	(void)fclose(f);
	assert_int_equal(sheet_read(bytes, n, w->a, &w->s), 0);
	assert_int_equal(w->s.state, SHEET_READ);
	assert_string_equal(cell(w, 0, 5, 1), "渣土运输");
	assert_string_equal(cell(w, 0, 5, 2), "12");
	assert_string_equal(cell(w, 0, 6, 3), "３");
	assert_non_null(strstr(cell(w, 0, 3, 1), "2026年10月25日"));
}

/* -- what attackers write ------------------------------------------------- */

static void
entities_and_other_encodings_are_refused(void **state)
{
	static const char utf16[] = "\xff\xfe<\0w\0/\0>";
	static const struct part t[] = {
	    {"", "<!DOCTYPE x [<!ENTITY a \"b\">]><worksheet>&a;</worksheet>",
		0},
	    {"", HEAD "<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><worksheet/>",
		0},
	    {"", "<!doctype x><worksheet/>", 0},
	    {"", utf16, sizeof(utf16) - 1},
	    {"", "<?xml version=\"1.0\"?><worksheet>&a;</worksheet>", 0},
	    {"", "<worksheet><row>", 0},
	    {"", "no xml", 0},
	    {"", "<worksheet>\xb0\xa1</worksheet>", 0},
	    {"", "\n", 0},
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct part p = t[i];

		p.name = "xl/worksheets/sheet1.xml";
		read_parts(w, &p, 1);
		if (w->s.state != SHEET_DAMAGED || w->s.n_cells != 0)
			fail_msg("%zu: %d", i, w->s.state);
	}
}

static void
a_bomb_is_put_out_early(void **state)
{
	struct world *w = *state;
	size_t len = 200UL << 20;
	char *blanks = malloc(len);
	struct part p = {"xl/worksheets/sheet1.xml", blanks, len};
	struct rusage before, after;

	assert_non_null(blanks);
	memset(blanks, ' ', len);
	make_zip(&w->zip, &p, 1);
	free(blanks);
	assert_true(w->zip.len < MAX_SHEET_FILE_BYTES);
	(void)getrusage(RUSAGE_SELF, &before);
	assert_int_equal(
	    sheet_read(w->zip.data, w->zip.len, w->a, &w->s), 0);
	(void)getrusage(RUSAGE_SELF, &after);
	assert_int_equal(w->s.state, SHEET_TOO_LARGE);
	assert_true(after.ru_utime.tv_sec - before.ru_utime.tv_sec <= 1);
	assert_true(arena_used(w->a) < 1 << 20);
}

static void
too_much_is_said_to_be_too_much(void **state)
{
	struct world *w = *state;
	BUF_AUTO struct buf b = BUF_INIT;
	struct part parts[MAX_SHEET_PARTS + 1];
	char names[MAX_SHEET_PARTS + 1][40];

	buf_adds(&b, HEAD "<worksheet" NS "><sheetData>");
	for (int row = 1; row <= 1000; row++)
		buf_addf(&b, "<row r=\"%d\"><c><v>1</v></c><c><v>1</v></c>"
			     "<c><v>1</v></c></row>", row);
	buf_adds(&b, "</sheetData></worksheet>");
	read_sheet(w, "", buf_str(&b));
	assert_int_equal(w->s.state, SHEET_TOO_LARGE);
	for (size_t i = 0; i <= MAX_SHEET_PARTS; i++) {
		(void)snprintf(names[i], sizeof(names[i]),
		    "xl/worksheets/sheet%zu.xml", i + 1);
		parts[i] = (struct part){names[i], SHEET(""), 0};
	}
	read_parts(w, parts, MAX_SHEET_PARTS + 1);
	assert_int_equal(w->s.state, SHEET_TOO_LARGE);
	read_parts(w, parts, MAX_SHEET_PARTS);
	assert_int_equal(w->s.state, SHEET_READ);
}

static void
cells_far_away_are_formatting(void **state)
{
	struct world *w = *state;

	read_sheet(w, "",
	    SHEET("<row r=\"1048576\"><c r=\"A1048576\"><v>1</v></c></row>"
		  "<row r=\"1\"><c r=\"XFD1\"><v>1</v></c></row>"
		  "<row r=\"99999999999999999999\"><c><v>1</v></c></row>"
		  "<row r=\"-5\"><c r=\"ZZZZZZZZZZZZZ1\"><v>1</v></c></row>"));
	assert_int_equal(w->s.state, SHEET_READ);
	for (size_t i = 0; i < w->s.n_cells; i++)
		assert_true(w->s.cells[i].row <= MAX_SHEET_ROW &&
			    w->s.cells[i].column <= MAX_SHEET_COLUMN);
}

static void
a_string_that_is_not_there_is_damage(void **state)
{
	static const char *const at[] = {"1", "-1", "x", "99999999999", "1.0"};
	struct world *w = *state;
	char xml[500];

	for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		(void)snprintf(xml, sizeof(xml),
		    SHEET("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>%s</v></c>"
			  "</row>"), at[i]);
		read_sheet(w, STRINGS("<si><t>a</t></si>"), xml);
		assert_int_equal(w->s.state, SHEET_DAMAGED);
	}
}

static void
long_texts_are_cut_at_a_character(void **state)
{
	struct world *w = *state;
	BUF_AUTO struct buf b = BUF_INIT;

	buf_adds(&b, HEAD "<worksheet" NS "><sheetData><row r=\"1\">"
		     "<c r=\"A1\" t=\"inlineStr\"><is><t>a");
	for (int i = 0; i < 5000; i++)
		buf_adds(&b, "土");
	buf_adds(&b, "</t></is></c></row></sheetData></worksheet>");
	read_sheet(w, "", buf_str(&b));
	assert_int_equal(w->s.state, SHEET_READ);
	assert_int_equal(strlen(cell(w, 0, 1, 1)) % 3, 1);
	assert_true(strlen(cell(w, 0, 1, 1)) <= MAX_SHEET_CELL_BYTES);
}

static void
what_is_locked_or_no_archive_is_told_apart(void **state)
{
	struct world *w = *state;
	static const char ole[] = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more";
	const struct part other = {"word/document.xml", "<x/>", 0};

	assert_int_equal(sheet_read(ole, sizeof(ole), w->a, &w->s), 0);
	assert_int_equal(w->s.state, SHEET_LOCKED);
	assert_int_equal(sheet_read("PK", 2, w->a, &w->s), 0);
	assert_int_equal(w->s.state, SHEET_DAMAGED);
	assert_int_equal(sheet_read("", 0, w->a, &w->s), 0);
	assert_int_equal(w->s.state, SHEET_DAMAGED);
	read_parts(w, &other, 1);
	assert_int_equal(w->s.state, SHEET_DAMAGED);
	assert_true(sheet_is_one("application/zip", "a.XLSX"));
	assert_false(sheet_is_one("application/zip", "a.zip"));
	assert_false(sheet_is_one("application/zip", "xlsx"));
}

static const char strings[] = STRINGS("<si><t>渣土运输</t></si>");
static const char good[] =
    SHEET("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c>"
	  "<c r=\"B1\"><v>12</v></c></row>");

/* Cut at every length, and with every byte changed: any answer but a fall. */
static void
no_damage_makes_it_fall(void **state)
{
	struct world *w = *state;
	unsigned seed = 5;
	size_t n;

	read_sheet(w, strings, good);
	assert_int_equal(w->s.state, SHEET_READ);
	n = w->zip.len;
	for (size_t i = 0; i < n; i++) {
		char *copy = malloc(n);

		memcpy(copy, w->zip.data, n);
		assert_int_equal(sheet_read(copy, i, w->a, &w->s), 0);
		copy[i] = (char)(copy[i] ^ (1 << rand_r(&seed) % 8));
		assert_int_equal(sheet_read(copy, n, w->a, &w->s), 0);
		copy[(size_t)rand_r(&seed) % n] = (char)rand_r(&seed);
		assert_int_equal(sheet_read(copy, n, w->a, &w->s), 0);
		free(copy);
	}
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(every_kind_of_cell_is_read),
	    T(all_worksheets_are_read),
	    T(a_form_saved_by_another_program_is_read),
	    T(entities_and_other_encodings_are_refused),
	    T(a_bomb_is_put_out_early),
	    T(too_much_is_said_to_be_too_much),
	    T(cells_far_away_are_formatting),
	    T(a_string_that_is_not_there_is_damage),
	    T(long_texts_are_cut_at_a_character),
	    T(what_is_locked_or_no_archive_is_told_apart),
	    T(no_damage_makes_it_fall),
	};

	sheet_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
