/* SPDX-License-Identifier: ISC */
#ifndef CTL_DECISION_H
#define CTL_DECISION_H

#include <stdint.h>

struct buf;
struct conf;
struct route_decision;

/* A decision of the rules as people and programs read it. */

/* -3 → "-0.003": thousandths without floating point. */
void add_thousandths(struct buf *b, int32_t v);
/* The same with one decimal and a sign where asked: "+2.5". */
void add_tenths(struct buf *b, int32_t v, int sign);
/* "priority", "major" for what is none. */
const char *decision_domain_id(const struct conf *conf, int domain);
/* The title; 优先, 重大信息 for what is none. */
const char *decision_domain_title(const struct conf *conf, int domain);
/* `"domain":…,"score":…` and the rest, without braces. */
void decision_json(
    struct buf *b, const struct conf *conf, const struct route_decision *d);

#endif
