/* SPDX-License-Identifier: ISC */
#ifndef PARSE_BOUNCE_WORDS_H
#define PARSE_BOUNCE_WORDS_H

#include <stdbool.h>

/* The phrases of mail systems, in the languages they are met in. */

/* A local part or a display name that only mail systems have. */
bool bounce_is_system_name(const char *name, unsigned long len);
/* A subject of returned mail, also where the sender says nothing. */
bool bounce_is_title(const char *subject);
/* Phrases for "your letter did not arrive". */
bool bounce_says_failed(const char *text);
/* Phrases for "your letter is late; it will be tried again". */
bool bounce_says_delayed(const char *text);
/* A line behind which the returned letter stands. */
bool bounce_is_copy_line(const char *line);
/* Words in front of an address: it is the one that did not get the letter
 * (+), or somebody else's (-); 0 says nothing. */
int bounce_weigh_words(const char *line);
/* Subject and detail of RFC 3463 that words tell ("mailbox is full" → 2.2);
 * NULL when they tell none. */
const char *bounce_detail(const char *text);

#endif
