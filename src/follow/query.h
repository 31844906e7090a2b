/* SPDX-License-Identifier: ISC */
#ifndef FOLLOW_QUERY_H
#define FOLLOW_QUERY_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/*
 * What a citizen's mail asks or names: the number of a clue and the query code
 * of its acknowledgement.  Pure, and forgiving: full-width characters, lower
 * case, blanks and dashes anywhere, letters that were taken for digits.
 */

/*
 * Sixteen characters of sixteen kinds, 64 bits: "72HK-90RW-M3Y1-5568".  Read
 * out on a telephone in groups of four.  Ten digits, and six letters that look
 * like none of them and sound like none of each other; whoever writes O, I, L,
 * Z, S, B, G or Q for a digit is understood.
 */
#define QUERY_ALPHABET "0123456789HKMRWY"
#define QUERY_CODE_CHARS 16
#define QUERY_GROUP 4
#define QUERY_CODE_SIZE (QUERY_CODE_CHARS + QUERY_CODE_CHARS / QUERY_GROUP)

/* Places of a mail that may be a code; more are not looked at. */
#define MAX_QUERY_CODES 3

struct query_asked {
	char number[32]; /* LY-2026-000123; "" = names none */
	/* In their groups; the first that looks like one first. */
	char codes[MAX_QUERY_CODES][QUERY_CODE_SIZE];
	size_t n_codes;
	bool asks;       /* subject or first line begins with 查询 */
	bool counted;    /* its own words name or ask something; then: */
	size_t rest;     /* characters that say something else */
};

/* prefix: of the office's numbers.  The quoted part is looked at only for what
 * the own words do not have.  -1 when memory is out. */
int query_read(const char *prefix, const char *subject, const char *text,
    const char *quoted, struct query_asked *out);

/* Whether the mail asks for a clue's state and does nothing else. */
bool query_is_question(const struct query_asked *q, bool answers_letter);

/* Appends the text to out with the code (as in `codes`) replaced by the mark
 * wherever it stands; out goes bad when memory runs out. */
void query_mask(const char *text, const char *code, const char *mark,
    struct buf *out);

#endif
