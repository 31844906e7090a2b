/* SPDX-License-Identifier: ISC */
#ifndef REPORT_XLSX_H
#define REPORT_XLSX_H

#include <stdint.h>

#include <xlsxwriter.h>

/* What all our workbooks have in common. */

/* 宋体: on every machine with Chinese Windows, and replaced by a like face
 * elsewhere. */
#define XLSX_FONT "宋体"
#define XLSX_A4 9

enum xlsx_style {
	XLSX_BOLD = 1,
	XLSX_CENTER = 2, /* else to the left; always upright in the middle */
	XLSX_BOX = 4,
	XLSX_WRAP = 8,
	XLSX_GREY = 16,
	XLSX_RIGHT = 32,
	XLSX_FAINT = 64, /* small print */
};
/* A format of the workbook, which owns it. */
lxw_format *xlsx_style(lxw_workbook *w, double size, unsigned style);
/* Title and dates; no name of a person or a machine. */
void xlsx_properties(lxw_workbook *w, const char *title, int64_t created_s);

#endif
