/* SPDX-License-Identifier: ISC */
/* Spreadsheets: the whole archive, and the XML inside without the archive's
 * sums in the way. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/str.h"
#include "parse/sheet.h"
#include "parse/sheet_xml.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	sheet_init();
	return 0;
}

static void
check(const struct sheet_cell *cells, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (cells[i].row == 0 || cells[i].row > MAX_SHEET_ROW ||
		    cells[i].column == 0 ||
		    cells[i].column > MAX_SHEET_COLUMN ||
		    cells[i].text[0] == '\0' ||
		    strlen(cells[i].text) > MAX_SHEET_CELL_BYTES ||
		    !utf8_valid(cells[i].text, strlen(cells[i].text)))
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *xml = (const char *)data;
	struct arena *a = arena_new();
	struct sheet_strings strings = {0};
	struct sheet_cells cells = {0};
	struct workbook s = {0};

	if (a == NULL)
		return 0;
	if (sheet_read(data, size, a, &s) == 0 && s.state == SHEET_READ)
		check(s.cells, s.n_cells);
	(void)sheet_xml_strings(xml, size, a, &strings);
	if (sheet_xml_cells(xml, size, a, &strings, &cells) == SHEET_READ)
		check(cells.list, cells.n);
	arena_free(&a);
	return 0;
}
