/* SPDX-License-Identifier: ISC */
#ifndef CORE_TIMERULES_H
#define CORE_TIMERULES_H

#include <stddef.h>

#include "conf/conf.h"
#include "follow/calendar.h"

struct arena;
struct buf;

/*
 * What ends and steps of deadlines depend on: zone, office hours, calendar,
 * terms and ladder.  They are kept beside the deadlines that were made by
 * them, as hexadecimal text, so that a change is noticed and can be carried
 * over.
 */
struct timerules {
	struct calendar_conf calendar; /* in the arena */
	struct zone *zone;
	const struct deadline_class *classes; /* terms only */
	size_t n_classes;
};

/* Appends them: three words of hexadecimal digits. */
void timerules_put(struct buf *out, const struct conf *conf);
/* -1 when the text is not one of ours or its zone is unknown here. */
int timerules_get(const char *text, struct arena *a, struct timerules *out);
void timerules_done(struct timerules *r);

/* What differs between two texts, for people: "上班时间、期限". */
void timerules_differ(const char *old, const char *text, struct buf *out);

#endif
