/* SPDX-License-Identifier: ISC */
#ifndef REPORT_MONTHLY_PARTS_H
#define REPORT_MONTHLY_PARTS_H

#include "report/monthly.h"

struct buf;
struct dest;

/* Of monthly*.c only. */

/* monthly_pack.c: what is kept of a filed form, writer and reader. */
void monthly_pack(const struct monthly *m, struct buf *out);
/* ERR_INPUT when these bytes are none of ours. */
int monthly_unpack(const void *data, size_t len, struct arena *a,
    struct monthly *out, struct err *err);

/* The lines around the table, in every format the same. */
#define MONTHLY_LINE 512
const char *monthly_title(const struct monthly *m, char out[MONTHLY_LINE]);
/* "填报日期" of a filed form, or a place for the pen. */
const char *monthly_date(const struct monthly *m, char out[MONTHLY_LINE]);
/* The ledger's end: what `cluectl audit verify --head` takes. */
const char *monthly_seal(const struct monthly *m, char out[MONTHLY_LINE]);
/* "草稿…" and what was entered late; "" = nothing to say. */
const char *monthly_remark(const struct monthly *m, char out[MONTHLY_LINE]);
int64_t monthly_total(const struct monthly *m, enum figure f);

/* monthly_text.c and monthly_xlsx.c */
void monthly_text(const struct monthly *m, bool prove, struct buf *out);
void monthly_csv(const struct monthly *m, bool prove, struct buf *out);
void monthly_json(const struct monthly *m, bool prove, struct buf *out);
int monthly_xlsx(
    const struct monthly *m, bool prove, const char *path, struct err *err);

#endif
