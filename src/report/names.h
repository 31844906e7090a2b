/* SPDX-License-Identifier: ISC */
#ifndef REPORT_NAMES_H
#define REPORT_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "report/report.h"

struct conf;

/* What ids are called on paper; the id itself where the configuration has it
 * no more.  Never NULL. */
const char *name_domain(const struct conf *conf, const char *id);
const char *name_area(const struct conf *conf, const char *id);
const char *name_person(const struct conf *conf, const char *id);
/* Of the person's unit; "" when there is none. */
const char *name_unit_of(const struct conf *conf, const char *person);
const char *name_channel(const char *channel);
/* Who did it: a person, 系统, 举报人, or the Unix user. */
const char *name_actor(const struct conf *conf, const char *actor);

/* Whether a clue of this domain and officer is asked for. */
bool query_passes(const struct conf *conf, const struct report_query *q,
    const char *domain, const char *officer);
/* Whether it is for a unit's or an officer's eyes. */
bool query_is_for_others(const struct report_query *q);

/* "2026-11-24" in the office's zone; "" for 0. */
#define NAME_DAY 16
const char *name_day(
    const struct conf *conf, int64_t utc_s, char out[NAME_DAY]);
/* The line below a title: "填报单位：…　统计时段：…　责任单位：…". */
#define NAME_UNDER 640
const char *name_under(const struct conf *conf, const struct report_query *q,
    char out[NAME_UNDER]);
/* Facts of a report that all share. */
void name_facts(const struct conf *conf, const struct report_query *q,
    const char *report, const char *title, struct paper_facts *out);

#endif
