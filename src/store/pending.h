/* SPDX-License-Identifier: ISC */
#ifndef STORE_PENDING_H
#define STORE_PENDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct store;

/*
 * Rows that every message of a group would change again, kept back until the
 * commit: what was counted (table tally), and the last number given (counter).
 * They are written before a savepoint and before anybody asks, and forgotten
 * with what was rolled back.
 */
#define PENDING_COUNTS 24
#define PENDING_KEY 32

struct pending {
	struct {
		const char *what; /* of tally; static */
		char key[PENDING_KEY];
		int64_t n;
	} counts[PENDING_COUNTS];
	size_t n_counts;
	char prefix[PENDING_KEY]; /* the counter at hand */
	int year;
	int64_t last;
	bool counter;       /* the three above hold */
	bool counter_moved; /* and are not written yet */
};

/* One more row of this kind or in this state. */
int pending_count(struct store *s, const char *what, const char *key,
    struct err *err);
/* The next number of prefix and year. */
int pending_number(struct store *s, const char *prefix, int year,
    int64_t *number_out, struct err *err);
/* Writes all of it; outside a transaction there is none. */
int pending_flush(struct store *s, struct err *err);
void pending_forget(struct store *s);

#endif
