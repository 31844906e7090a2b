/* SPDX-License-Identifier: ISC */
#ifndef REPORT_REGULATION_H
#define REPORT_REGULATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;
struct err;
struct store;

/*
 * 出台加强行业监管措施: regulations that were issued, by domain.  They live in
 * the ledger alone, as events of no clue, so that nobody can change one; a
 * mistaken one is withdrawn by another event.
 *
 *   regulation            muck-transport 2026-11-20 【海城管〔2026〕3号】 title
 *   regulation-withdrawn  17 reason
 */
struct regulation {
	int64_t event; /* its id in the ledger: the number people use */
	int64_t at_s;  /* when it was entered: what the forms count by */
	const char *actor;
	const char *domain; /* id */
	int32_t day;	    /* of issue: day number */
	const char *number; /* of the document; "" = none */
	const char *title;
	bool withdrawn;
	const char *reason; /* why it was withdrawn; "" */
};

/* Writes the event.  Inside a transaction.  ERR_INPUT when a text is empty or
 * has brackets or controls that could not be read back. */
int regulation_add(struct store *s, const struct regulation *r, struct arena *a,
    struct err *err);
/* ERR_INPUT when there is none with that number, or it is withdrawn. */
int regulation_withdraw(struct store *s, int64_t event, const char *reason,
    const char *actor, int64_t at_s, struct arena *a, struct err *err);
/* All, oldest first, withdrawn ones marked. */
int regulations_read(struct store *s, struct arena *a, struct regulation **out,
    size_t *n_out, struct err *err);

#endif
