/* SPDX-License-Identifier: ISC */
#ifndef PARSE_JAIL_H
#define PARSE_JAIL_H

struct err;

/* Shuts the zygote in: no file, no network; it may fork, bury and kill its
 * children.  A call that is not allowed kills it.  What a child may do is in
 * child.h. */
int zygote_jail(struct err *err);

#endif
