/* SPDX-License-Identifier: ISC */
#ifndef STORE_ANSWER_H
#define STORE_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "store/store.h"

/*
 * What is owed to citizens by mail, under the rules of store.h.  A row is
 * written with the message that it answers, worked off later (core/answer.c)
 * and gone when that is done: a backlog of tips costs the intake a row each.
 */
struct answer_record {
	int64_t id;       /* out */
	const char *kind; /* "acknowledge", "query", "closed" */
	int64_t message;  /* whom; what it answers */
	int64_t clue;     /* 0 = none, or not known yet */
	int64_t at_s;
	int64_t next_s;   /* when it is looked at; 0 = only to be counted */
	bool wrong;       /* a query code that did not fit */
	const char *said; /* number and code that a query named */
};
int store_answer_add(
    struct store *s, const struct answer_record *r, struct err *err);
/* The one that is due first.  1 = found. */
int store_answer_due(struct store *s, int64_t now_s, struct arena *a,
    struct answer_record *out, struct err *err);
/* Earliest next_s; 0 = nothing is owed. */
int store_answer_next(struct store *s, int64_t *next_s_out, struct err *err);
int store_answer_later(
    struct store *s, int64_t id, int64_t next_s, struct err *err);
int store_answer_done(struct store *s, int64_t id, struct err *err);
/* Kept, without what was said, until store_answer_forget(). */
int store_answer_wrong(struct store *s, int64_t id, struct err *err);
int store_answer_forget(struct store *s, int64_t before_s, struct err *err);
/* Wrong codes since then, for the clue (0 = for all). */
int store_answers_wrong(struct store *s, int64_t clue, int64_t since_s,
    int64_t *n_out, struct err *err);

/* The letter's bytes give way to these: a query code is not kept in clear once
 * it has left. */
int store_letter_forget(struct store *s, int64_t letter, const void *bytes,
    size_t len, struct err *err);
/* 1 = so many letters or more are due now. */
int store_letters_due(
    struct store *s, int64_t now_s, uint32_t n, struct err *err);
/* When the nth latest letter (1 = the latest) left in (since_s, until_s]; to
 * this address alone unless it is "".  0 = there were fewer. */
int store_sent_nth(struct store *s, const char *address, int64_t since_s,
    int64_t until_s, uint32_t nth, int64_t *sent_s_out, struct err *err);
/* How many left in (since_s, until_s], likewise; no more than max are counted.
 */
int store_sent_count(struct store *s, const char *address, int64_t since_s,
    int64_t until_s, uint32_t max, uint32_t *n_out, struct err *err);

#endif
