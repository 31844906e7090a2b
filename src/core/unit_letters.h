/* SPDX-License-Identifier: ISC */
#ifndef CORE_UNIT_LETTERS_H
#define CORE_UNIT_LETTERS_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;
struct err;
struct letter_attachment;
struct letter_field;
struct period;
struct person_conf;
struct take_context;

/* Letters about forms: with workbooks attached, and to units, which are no
 * persons of the roster.  Into the outbox, inside the caller's transaction.
 */
struct form_letter {
	const char *template_id;
	int unit; /* -1 = to a person */
	const struct person_conf *to; /* NULL = the office */
	int64_t clue;		      /* 0 = of none */
	const struct period *period;  /* NULL = of no form */
	const char *in_reply_to; /* a message of theirs; "" */
	const struct letter_field *fields; /* beside period, due, received */
	size_t n_fields;
	const struct letter_attachment *files;
	size_t n_files;
	int64_t now_s;
};
int form_letter(const struct take_context *c, const struct form_letter *l,
    struct arena *a, struct err *err);

/* What the outbox has in place of a person: "unit:haulage". */
#define UNIT_PREFIX "unit:"

/* The bytes of a workbook that write() makes at a path, by way of a private
 * temporary folder. */
int form_bytes(int (*write)(void *arg, const char *path, struct err *err),
    void *arg, struct buf *out, struct err *err);

/* The blank form of a unit as an attachment: bytes into *bytes, which must
 * outlive *file. */
int form_blank_file(const struct take_context *c, int unit,
    const struct period *period, struct arena *a, struct buf *bytes,
    struct letter_attachment *file, struct err *err);

/* "application/vnd.openxmlformats-…" */
extern const char form_xlsx_type[];

#endif
