/* SPDX-License-Identifier: ISC */
#ifndef CORE_REGISTER_H
#define CORE_REGISTER_H

#include <stdbool.h>
#include <stdint.h>

#include "follow/query.h"

struct arena;
struct err;
struct take_context;

/*
 * A tip that did not come by mail: hotline, letter, visit, inspection, another
 * body's transfer.  It is routed, numbered and told to the officer on the way
 * of a mail (core/dispatch.h).  Its material in the store is the registration
 * itself, as a message; who reported it stands in the table of reporters and
 * nowhere else.
 */
struct register_tip {
	const char *channel;  /* "hotline", "letter", … */
	const char *subject, *text;
	const char *name, *phone, *address; /* of the reporter; "" */
	int64_t received_s;   /* when the office heard it */
	const char *actor;
	int64_t now_s;
};

/* Whether a tip may be registered under this channel: not "mail", "file". */
bool register_is_channel(const char *channel);
/* "hotline letter visit inspection transfer". */
extern const char register_channels[];

struct register_result {
	const char *number;
	/* To be told to the reporter; "" when it goes to his mail address with
	 * the acknowledgement. */
	char code[QUERY_CODE_SIZE];
	bool by_mail;
};
/* In a transaction of its own.  ERR_INPUT for what cannot be registered. */
int register_add(const struct take_context *c, const struct register_tip *tip,
    struct arena *a, struct register_result *out, struct err *err);

#endif
