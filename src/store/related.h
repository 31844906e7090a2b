/* SPDX-License-Identifier: ISC */
#ifndef STORE_RELATED_H
#define STORE_RELATED_H

#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

/* Clues on the same matter: prints by which they are found, and the links
 * between them.  The rules of store.h hold. */

/* A print's keys and signature; once a clue. */
int store_print_add(struct store *s, int64_t clue, const int64_t *keys,
    size_t n_keys, const void *sign, size_t sign_len, struct err *err);
/* Whether a clue has a print: 1 = yes. */
int store_print_has(struct store *s, int64_t clue, struct err *err);
/* The newest clues that have the key, at most max of them, into
 * clues_out[max]. */
int store_print_find(struct store *s, int64_t key, size_t max,
    int64_t *clues_out, size_t *n_out, struct err *err);
/* A clue's signature; 1 = it has one, of exactly len bytes. */
int store_print_sign(struct store *s, int64_t clue, void *sign_out, size_t len,
    struct err *err);

/* What decides whether a print's hit is a hit: the short columns. */
struct related_brief {
	const char *number, *domain, *area, *state, *officer, *excluded;
	bool discipline;
	int64_t received_s;
};
/* 1 = found. */
int store_related_brief(struct store *s, int64_t clue, struct arena *a,
    struct related_brief *out, struct err *err);

struct link_record {
	int64_t clue, other; /* the later and the earlier one */
	int32_t weight;      /* how strong, 0 to 1000 */
	const char *why;     /* "文字相近 86%、同一车牌"; no value of either */
	const char *actor;   /* "clued", or who linked by hand */
	int64_t at_s;
};
/* Replaces the same pair's. */
int store_link_add(
    struct store *s, const struct link_record *r, struct err *err);
/* All links of a clue in both directions, the strongest first; `other` is the
 * clue at the other end. */
int store_links(struct store *s, int64_t clue, struct arena *a,
    struct link_record **out, size_t *n_out, struct err *err);

#endif
