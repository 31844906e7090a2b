/* SPDX-License-Identifier: ISC */
#ifndef REPORT_MONTHLY_H
#define REPORT_MONTHLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/kinds.h"
#include "report/paper.h"
#include "report/period.h"
#include "store/books.h"

struct arena;
struct conf;
struct err;
struct store;

/*
 * 《扫黑除恶专项斗争开展情况月报表》: one row a domain, four figures, and what
 * stands behind each.  Before it is filed it is a draft that follows the
 * ledger; filing freezes everything that is printed.  The same content gives
 * the same bytes.
 */
struct monthly_row {
	const char *id, *title;
	int64_t n[FIGURE_COUNT];
	/* What each figure counts: numbers of clues, cases, regulations; those
	 * of an earlier, filed period end in （补计）. */
	const char *const *refs[FIGURE_COUNT];
};
struct monthly {
	const char *office, *title;
	struct period period;
	const struct monthly_row *rows;
	size_t n_rows;
	bool total;
	const char *filled_by, *phone, *copy_to; /* "" = for the pen */
	int64_t filed_s;			 /* 0 = draft */
	int32_t filed_day;			 /* the same as a day number */
	int64_t last_event;
	char head[CHAIN_HEX]; /* the ledger's end when it was counted */
	int64_t n_late;
	/* Of forms that are none of the ledger's (unit_form.h): */
	bool blank;	    /* the figures are to be filled in */
	const char *mark;   /* instead of the ledger's end; NULL */
	const char *remark; /* instead of ours; NULL */
};

/* The form as it was filed (1), or a draft (0). */
int monthly_make(const struct conf *conf, struct store *s,
    const struct period *period, struct arena *a, struct monthly *out,
    struct err *err);

struct monthly_filing {
	const char *filled_by, *phone; /* NULL = as configured */
	const char *actor;	       /* for the ledger */
	int64_t now_s;
};
/* Counts, checks the whole chain, files.  Inside a transaction of the caller.
 * ERR_CONF when it is filed already, ERR_INPUT when its period has not begun
 * or the ledger's chain is broken. */
int monthly_file(const struct conf *conf, struct store *s,
    const struct period *period, const struct monthly_filing *filing,
    struct arena *a, struct monthly *out, struct err *err);

/* To a file, or standard output (path NULL).  With `prove`, everything that
 * stands behind the figures follows. */
int monthly_write(const struct monthly *m, enum paper_format format,
    const char *path, bool prove, struct err *err);

#endif
