/* SPDX-License-Identifier: ISC */
#ifndef FETCH_SAY_H
#define FETCH_SAY_H

#include <stdbool.h>
#include <stddef.h>

struct err;

/*
 * What a server says to people, made fit to be shown: UTF-8 as it is, else
 * GB18030 (QQ and others answer in GBK whatever the standard says), else with
 * '?' for every strange byte.  Nothing in it can move a cursor.
 */
struct say;

/* Opens the character set, before the sandbox closes. */
int say_new(struct say **say_out, struct err *err);
void say_free(struct say **say);

/* Writes at most size - 1 bytes of printable UTF-8 into out; where `secret`
 * (four bytes or more) occurs in it, nothing of the text is shown.  Returns
 * out. */
const char *say_text(struct say *say, const char *raw, const char *secret,
    char *out, size_t size);
/* Whether the text holds one of the words (any case; NULL ends the list). */
bool say_mentions(const char *text, const char *const *words);

#endif
