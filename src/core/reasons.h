/* SPDX-License-Identifier: ISC */
#ifndef CORE_REASONS_H
#define CORE_REASONS_H

struct arena;
struct route_decision;

/* The tip's fields as officers may read them, the citizen hidden: a word that
 * does not stand there whole is shown as hidden. */
struct reasons_shown {
	const char *subject, *text;
};

/*
 * "强揽渣土（+6.0）、渣土车（+10.5）": the words that put a tip into its domain,
 * as a clerk reads them.  Hits that lie over each other or found the same words
 * are one reason with the sum of what they gave; the strongest reasons come
 * first, at most eight, long ones shortened in the middle.  The ledger keeps
 * every hit.  NULL when memory is out.
 */
const char *reasons_words(const struct route_decision *r,
    const struct reasons_shown *shown, struct arena *a);
/* "砍伤、汽油": what makes it a major matter; "" when it is none. */
const char *reasons_major(const struct route_decision *r,
    const struct reasons_shown *shown, struct arena *a);

#endif
