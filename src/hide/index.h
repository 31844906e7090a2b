/* SPDX-License-Identifier: ISC */
#ifndef HIDE_INDEX_H
#define HIDE_INDEX_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Which characters the words of a list begin and end with.  A letter of a
 * thousand characters asks some hundred lists at each of its places, and nearly
 * always no word of them can stand there: one bit says so.  The lists are
 * static; what is known of them is worked out when they are first asked.
 */

/* Bytes of the longest word of the NULL-terminated list that starts at s, of
 * which `left` bytes are there (UTF-8 with a NUL at its end); 0 = none. */
size_t hide_longest(const char *const *list, const char *s, size_t left);
/* The first place in s[b, e) where a word of the list stands whole; e if none.
 */
size_t hide_first(const char *const *list, const char *s, size_t b, size_t e);
/* Bytes of the longest word of the list that ends before s[n]; 0 = none. */
size_t hide_longest_before(const char *const *list, const char *s, size_t n);
/* Whether the character at s is one of the set, a string of characters of
 * three bytes each. */
bool hide_in_set(const char *set, const char *s);

#endif
