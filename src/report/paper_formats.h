/* SPDX-License-Identifier: ISC */
#ifndef REPORT_PAPER_FORMATS_H
#define REPORT_PAPER_FORMATS_H

#include "base/buf.h"
#include "base/err.h"
#include "report/dest.h"
#include "report/paper.h"

/* Inside paper: what the formats are made of. */
struct book; /* paper_xlsx.c */

struct paper {
	const struct paper_ops *ops;
	const struct paper_facts *facts;
	struct dest dest;
	struct buf out; /* text formats: what waits to be written */
	struct sheet sheet;
	size_t n_sheets, n_rows; /* rows of the sheet at hand */
	bool noted;		 /* notes were written below it */
	struct book *book;
	bool failed;
	struct err err; /* the first failure */
};

struct paper_ops {
	bool by_name; /* wants the file's name, not a stream */
	void (*open)(struct paper *p);
	void (*sheet)(struct paper *p);
	void (*row)(struct paper *p, const struct cell *cells);
	void (*note)(struct paper *p, const char *text);
	void (*chart)(struct paper *p, const struct chart *chart);
	void (*end)(struct paper *p);	  /* all is there */
	void (*discard)(struct paper *p); /* memory; also after end */
};
extern const struct paper_ops paper_text, paper_csv, paper_json, paper_xlsx;

/* Keeps the first failure. */
void paper_fail(struct paper *p, const struct err *err);
void paper_no_memory(struct paper *p);
/* A cell as people read it ("85.7%", "—"); text is not cleaned. */
void paper_cell_text(struct buf *out, const struct cell *c);

#endif
