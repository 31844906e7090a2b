/* SPDX-License-Identifier: ISC */
#ifndef CORE_TAKE_H
#define CORE_TAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "follow/clue.h"
#include "letter/token.h"

struct arena;
struct conf;
struct err;
struct message;
struct pipeline_source;
struct route;
struct store;

/* What holds for many messages in a row and is costly to find: the deadlines of
 * clues of one second, the key of the replies' codes.  Belongs to one
 * configuration. */
struct take_cache {
	struct {
		const struct deadline_class *cls; /* NULL = none */
		int64_t now_s;
		struct deadline_plan plan;
	} plans[2]; /* one a class */
	struct token_key key;
	bool has_key;
};
void take_cache_forget(struct take_cache *c);

/* What every step between a decoded message and its rows needs. */
struct take_context {
	const struct conf *conf;
	const struct route *route;
	struct store *store;
	struct take_cache *cache; /* NULL = none */
};

struct take_input {
	const struct pipeline_source *from;
	const void *raw;
	size_t raw_len;
	/* May be told of pieces of raw that are not needed any more. */
	void (*let_go)(const void *raw, size_t from, size_t len);
	unsigned char sha256[SHA256_BYTES];
	const struct message *message; /* NULL: quarantine, see failure */
	const struct err *failure;
	int64_t now_s;
};

/* A message that is in the store already and is taken anew. */
struct take_again {
	int64_t row;
	const char *as_tip; /* why it is a tip whatever it looks like; NULL */
	bool by_hand; /* in->message is not what its bytes say */
};

struct take_output {
	int64_t message;    /* its row; 0 = it leaves no trace */
	const char *kind;   /* intake_kind_name(), "quarantine" or "probe" */
	const char *number; /* of the clue; "" */
	bool repeat;        /* nothing new was written */
};

/* Writes everything that follows from one message, inside the transaction
 * that the caller holds: message and raw bytes, attachments, the reporter,
 * and by kind a clue with reasons, events, deadlines and letters.  Strings of
 * *out live in the arena or are static. */
int take_message(const struct take_context *c, const struct take_input *in,
    struct arena *a, struct take_output *out, struct err *err);

/* The same for a stored message that was quarantined or shelved: its row is
 * brought up to what in->message says (unless that was written by hand), and
 * everything follows as if it had just come.  in->message must be there;
 * in->raw is not read. */
int take_message_again(const struct take_context *c,
    const struct take_input *in, const struct take_again *again,
    struct arena *a, struct take_output *out, struct err *err);

#endif
