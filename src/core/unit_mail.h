/* SPDX-License-Identifier: ISC */
#ifndef CORE_UNIT_MAIL_H
#define CORE_UNIT_MAIL_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct conf;
struct err;
struct message;
struct pipeline_source;
struct take_context;

/* Whose report the mail may be: the unit whose address it comes from, or that
 * of a person of the roster who sends its form himself; -1. */
int unit_mail_unit(const struct conf *conf, const struct message *m,
    int person, struct arena *a, bool *has_form_out);

struct unit_mail {
	const struct pipeline_source *from;
	const struct message *message;
	int64_t row;
	int unit;     /* unit_mail_unit() */
	bool answers; /* a letter of ours */
	int64_t now_s;
};
/* A unit's report: filed under unit and period with its attachments, read
 * where it is the form that we sent out, and acknowledged.  A form with faults
 * is answered with a list of them and a blank one, and changes nothing; so is
 * one of whose author the provider says that he is somebody else.  An answer
 * without a file is no report ("明天报"): it goes to the office.  Inside the
 * caller's transaction. */
int unit_mail_take(const struct take_context *c, const struct unit_mail *u,
    struct arena *a, struct err *err);

#endif
