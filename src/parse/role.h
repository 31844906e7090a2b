/* SPDX-License-Identifier: ISC */
#ifndef PARSE_ROLE_H
#define PARSE_ROLE_H

struct buf;
struct err;
struct message;

/*
 * What the program has done to a message's words beside decoding, in the same
 * child: pure, and as little to be trusted with a stranger's bytes as the
 * decoder.  This room does not know what it is (role/parse.c does); what it
 * wrote is read by the pool's owner (pool_read_more()).
 */
struct parse_more {
	/* Once in the zygote, before the sandbox closes: tables that are made
	 * here are shared by all children. */
	int (*init)(struct err *err);
	/* Appends what it made of m; out goes bad when memory runs out. */
	void (*write)(const struct message *m, struct buf *out);
};

/* The parser zygote: parse_init(), sandbox, then forks children on demand
 * over `sock`; returns the exit status when the socket closes.  more: borrowed;
 * NULL = only decode. */
int parse_zygote_main(int sock, const struct parse_more *more);

#endif
