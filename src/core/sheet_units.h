/* SPDX-License-Identifier: ISC */
#ifndef CORE_SHEET_UNITS_H
#define CORE_SHEET_UNITS_H

#include "core/sheet.h"

/* Inside the daily sheet: which units have sent their monthly report, from the
 * first day on which they are reminded to the end of the month. */
int sheet_units_gather(const struct conf *conf, struct store *s,
    int64_t now_s, struct arena *a, struct day_sheet *out, struct err *err);
void sheet_units_text(
    const struct conf *conf, const struct day_sheet *t, struct buf *out);
/* ,"units":[…] */
void sheet_units_json(
    const struct conf *conf, const struct day_sheet *t, struct buf *out);

#endif
