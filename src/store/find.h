/* SPDX-License-Identifier: ISC */
#ifndef STORE_FIND_H
#define STORE_FIND_H

#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

/*
 * Search over number, subject and text of all clues.  A word is found
 * wherever it stands, two Chinese characters as well as ten; capital and
 * full-width letters are the same as small ones.  Behind it is an FTS5 index
 * of pairs of characters (intake/gram.h), because SQLite's own trigram
 * tokenizer finds nothing shorter than three; what the index gives is checked
 * against the text, so nothing is found that is not there.
 */
struct find_filter {		  /* NULL, "" or 0 = do not filter */
	const char *const *words; /* all must occur; at least one */
	size_t n_words;
	const char *domain, *officer, *state, *area;
	int64_t received_from_s, received_before_s;
	size_t limit; /* 0 = all */
};
/* Where a word stands in a text, in bytes. */
struct find_span {
	size_t at, len;
};
struct find_row {
	const struct clue_record *clue;
	/* Ascending, not overlapping; at most MAX_FIND_SPANS each. */
	const struct find_span *in_subject, *in_text;
	size_t n_in_subject, n_in_text;
};
/* Newest first, one call each; a callback that returns non-zero stops.
 * ERR_INPUT when a word has neither letter nor digit.  1 = there are more hits
 * than were wanted. */
int store_find(struct store *s, const struct find_filter *f,
    int (*row)(void *arg, const struct find_row *r), void *arg,
    struct err *err);

/* Of the store only: a new clue is made known to the search by the commit,
 * with all the others of its transaction.  FTS5 writes what it holds to its
 * tables at every savepoint, and a group of messages has one each: a piece of
 * index a group instead of one a clue, and fewer to merge.  pairs: of the
 * clue's subject and text, copied; NULL = they are found then. */
void find_later(struct store *s, int64_t clue, const char *pairs);
void find_forget(struct store *s); /* the transaction is over */
int find_catch_up(struct store *s, struct err *err);

#endif
