/* SPDX-License-Identifier: ISC */
#ifndef ROUTE_PHONE_H
#define ROUTE_PHONE_H

#include <stddef.h>
#include <stdint.h>

struct err;
struct roster_conf;

/*
 * Telephone numbers of the roster in a text in normal form: digits with or
 * without single marks between them.  Numbers of fewer than seven digits are
 * not looked for; a number with an area code is also found without it.  Sets
 * `sign` in signs[person].
 */
int phones_find(const char *text, size_t len, const struct roster_conf *roster,
    uint32_t sign, uint32_t *signs, struct err *err);

#endif
