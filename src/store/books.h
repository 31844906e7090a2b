/* SPDX-License-Identifier: ISC */
#ifndef STORE_BOOKS_H
#define STORE_BOOKS_H

#include <stdint.h>

#include "store/store.h"

/*
 * What forms, books and audits ask of the store beyond store.h.  The same
 * rules hold: no SQLite type, records borrowed on the way in and in the arena
 * on the way out.
 */

/* The short columns of a clue; its text is not read. */
struct clue_brief {
	const char *number, *domain, *officer, *state;
	int64_t received_s, dispatched_s;
	int64_t first_event; /* the ledger's entry with which it began */
};
/* 1 = found. */
int store_clue_brief(struct store *s, int64_t clue, struct arena *a,
    struct clue_brief *out, struct err *err);

/* -- the chain ------------------------------------------------------------ */
#define CHAIN_HEX 65
/* The ledger's last event and its hash, as the store says without checking
 * (0 and zeros for an empty ledger). */
int store_chain_head(struct store *s, int64_t *last_out,
    char head_hex_out[CHAIN_HEX], struct err *err);
/* The event whose hash begins with `hex` (lower case, 16 to 64 digits): what a
 * printed head means.  1 = found. */
int store_chain_find(struct store *s, const char *hex, int64_t *event_out,
    int64_t *at_s_out, struct err *err);
/* A clue's events with their hashes, oldest first. */
struct sealed_event {
	struct event_record event;
	char hash_hex[CHAIN_HEX];
};
int store_events_sealed(struct store *s, int64_t clue, struct arena *a,
    struct sealed_event **out, size_t *n_out, struct err *err);

/* All events of one kind that belong to no clue, oldest first. */
int store_events_of_none(struct store *s, const char *kind, struct arena *a,
    struct event_record **out, size_t *n_out, struct err *err);

/* -- forms that were filed ------------------------------------------------ */
struct form_record {
	const char *kind;   /* "monthly" */
	const char *period; /* "2026-11" */
	int64_t from_s, to_s;
	int64_t filed_s;
	int64_t last_event;  /* the ledger's end when it was counted */
	int64_t event;	     /* out: the ledger's entry "filed" */
	const void *content; /* opaque to the store */
	size_t len;
};
/* Freezes a form for good and enters "filed" with the content's SHA-256 in the
 * ledger.  ERR_CONF when the period was filed before. */
int store_form_file(struct store *s, const struct form_record *r,
    const char *actor, struct arena *a, struct err *err);
/* 1 = found.  ERR_INPUT when the content is not what the ledger says. */
int store_form(struct store *s, const char *kind, const char *period,
    struct arena *a, struct form_record *out, struct err *err);
/* All of a kind by their time, each checked as store_form() does. */
int store_forms(struct store *s, const char *kind, struct arena *a,
    struct form_record **out, size_t *n_out, struct err *err);

#endif
