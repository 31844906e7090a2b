/* SPDX-License-Identifier: ISC */
#ifndef CORE_CHECK_H
#define CORE_CHECK_H

#include <stdio.h>

struct conf;
struct conf_options;
struct err;
struct route;

/* Loads the configuration and compiles its rules; all mistakes and, if
 * wanted, warnings go to `to`, one line each: "file:line: text".  -1 when it is
 * refused: ERR_CONF, or ERR_SYSTEM when the machine had trouble, no mistake of
 * a person is known and another try may do.  The caller frees both results.
 * route_out NULL: the rules are not compiled. */
int check_load(const char *path, const struct conf_options *options,
    struct conf **conf_out, struct route **route_out, FILE *to,
    struct err *err);

#endif
