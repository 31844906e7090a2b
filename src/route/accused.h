/* SPDX-License-Identifier: ISC */
#ifndef ROUTE_ACCUSED_H
#define ROUTE_ACCUSED_H

#include "conf/conf.h"
#include "route/route.h"

struct norm_table;

/*
 * Who of the roster is named in a tip.  Signs, all looked for in normal form
 * (王 某, 王*某, full width, traditional characters):
 *
 *   name, alias           sure, unless the name is also a word (common_name)
 *   name by its sound     陆文伯 for 陆文博, 陆wb, luwenbo (sound.h): sure with the
 *                         person's title or unit close to it, or surname and
 *                         title anywhere; else never
 *   telephone             sure; blanks, dashes, +86, Han digits, area code
 *                         left out; seven digits at least
 *   role                  sure: the role as written in the roster (环卫所所长),
 *                         or the unit's name and the same title near it
 *                         (环卫处的王所长)
 *   surname and title     王所长, 王所: sure when the unit is named as well
 *   leader of a unit      环卫所领导, 环卫所负责人, or a head's title that nobody
 *                         of the unit has (环卫所主任): never sure
 *   unit             环卫所的人每车收两百, 环卫所包庇他们: all its people,
 *                    never sure; not what a unit is asked to do (请环卫所
 *                    查处背后的保护伞)
 *   hidden name           王某某, 王*国, 姓王的 … with unit or title: never
 * sure
 *
 * A common name is sure with a second sign (unit, role, title, telephone).
 * An honorific opening (尊敬的环卫所领导：您好) names nobody.  Name and telephone
 * of a desk (office or discipline with common_name: 扫黑办, 纪检组) name nobody
 * either: half of all letters address it.
 */
struct suspects;

int suspects_new(const struct roster_conf *roster,
    const struct norm_table *table, struct suspects **out, struct err *err);
void suspects_free(struct suspects **suspects);

int suspects_find(const struct suspects *suspects, const char *const *texts,
    size_t n_texts, struct arena *a, const struct route_accused **out,
    size_t *n_out, struct err *err);

#endif
