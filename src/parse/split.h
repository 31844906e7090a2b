/* SPDX-License-Identifier: ISC */
#ifndef PARSE_SPLIT_H
#define PARSE_SPLIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * A tidy text → what the sender wrote / what he quoted / how he signed.
 * Nothing is thrown away but the marks: every line lands in one of the three.
 */

/* Marks that html_text() writes and text_tidy() removes, so that no stranger
 * can write one in plain text.  They nest. */
#define SPLIT_QUOTE_BEGIN '\001'
#define SPLIT_QUOTE_END '\002'
#define SPLIT_SIGN_BEGIN '\003'
#define SPLIT_SIGN_END '\004'

struct split {
	struct buf own;
	struct buf quoted;
	struct buf signature;
	/* Nothing of one's own stood above a forwarded or quoted text, so
	 * that text is `own`. */
	bool forwarded;
};

/* Fills *split_out, which the caller ends with split_done() also on failure.
 * Texts of several parts may be joined by blank lines beforehand.  Returns -1
 * only when memory is out. */
int split_text(const char *text, size_t len, struct split *split_out);
void split_done(struct split *split);

#endif
