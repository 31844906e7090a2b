/* SPDX-License-Identifier: ISC */
#include "report/xlsx.h"

lxw_format *
xlsx_style(lxw_workbook *w, double size, unsigned style)
{
	lxw_format *f = workbook_add_format(w);

	if (f == NULL)
		return NULL;
	format_set_font_name(f, XLSX_FONT);
	format_set_font_size(f, size);
	format_set_align(f, LXW_ALIGN_VERTICAL_CENTER);
	if (style & XLSX_CENTER)
		format_set_align(f, LXW_ALIGN_CENTER);
	if (style & XLSX_RIGHT)
		format_set_align(f, LXW_ALIGN_RIGHT);
	if (style & XLSX_BOLD)
		format_set_bold(f);
	if (style & XLSX_BOX)
		format_set_border(f, LXW_BORDER_THIN);
	if (style & XLSX_WRAP)
		format_set_text_wrap(f);
	if (style & XLSX_GREY)
		format_set_bg_color(f, 0xE7E6E6);
	if (style & XLSX_FAINT)
		format_set_font_color(f, 0x595959);
	return f;
}

void
xlsx_properties(lxw_workbook *w, const char *title, int64_t created_s)
{
	lxw_doc_properties p = {
	    .title = (char *)(size_t)title,
	    /* 0 would be the clock. */
	    .created = (time_t)(created_s != 0 ? created_s : 1),
	};

	(void)workbook_set_properties(w, &p);
}
