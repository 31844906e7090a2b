/* SPDX-License-Identifier: ISC */
#ifndef CORE_NOTICE_H
#define CORE_NOTICE_H

#include <stdint.h>

struct arena;
struct clue_record;
struct err;
struct take_context;

/*
 * A clue's notice written anew, for the next who is told of it: the tip with
 * the citizen hidden, the photos of the first notice, and the deadlines as they
 * stand now.
 */
struct notice_request {
	const struct clue_record *clue;
	int person;
	const char *template_id; /* "notice", "triage" … */
	const char *people_why;	 /* how it came to this person; "" */
	const char *cause;	 /* why it waits with the office; "" */
	int64_t now_s;
};
int notice_again(const struct take_context *c, const struct notice_request *r,
    struct arena *a, struct err *err);

#endif
