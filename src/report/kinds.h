/* SPDX-License-Identifier: ISC */
#ifndef REPORT_KINDS_H
#define REPORT_KINDS_H

#include <stdbool.h>

/* The ledger's words: how each kind of event is called in Chinese, and what
 * the forms count it as. */

/* The columns of the monthly form, in its order. */
enum figure {
	FIGURE_FOUND,	    /* 排查: the clue began */
	FIGURE_TRANSFERRED, /* 移送 */
	FIGURE_ASSISTED,    /* 配合查办: "CASE: …" of a clue */
	FIGURE_REGULATION,  /* 出台监管措施: regulation.h, of no clue */
	FIGURE_COUNT,
	FIGURE_NONE = -1,
};
const char *figure_key(enum figure f);	 /* "found" */
const char *figure_title(enum figure f); /* "排查涉黑涉恶线索数量" */

struct event_kind {
	const char *name;
	const char *title;
	enum figure figure; /* FIGURE_FOUND: may begin a clue */
};
/* NULL = a kind we do not know. */
const struct event_kind *event_kind_find(const char *name);
/* Its title; an action's or state's for kinds named so; else the name. */
const char *event_kind_title(const char *name);

/* Groups that the appraisal counts. */
bool event_is_assignment(const char *name);
bool event_is_return(const char *name);
bool event_is_urging(const char *name);
bool event_is_extension(const char *name);

#endif
