/* SPDX-License-Identifier: ISC */
#ifndef SEND_WIRE_H
#define SEND_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/limits.h"

struct arena;
struct buf;
struct frame;

/*
 * Frames between core and the send process.
 *
 *   core → send   SEND_START   struct send_start
 *                 SEND_LETTER  struct send_letter + 1 fd: the letter, sealed
 *                 SEND_STOP    (finish the letter at hand, QUIT, exit 0)
 *   send → core   SEND_RESULT  struct send_result, one for each letter, in
 *                              their order and before the next one is begun
 *
 * Letters may be sent ahead.  After a result that halts (send_halts()) what was
 * sent ahead comes back untried: the core sees first what that result means
 * for them, and counts it in `halts` of the letters that it sends from then on.
 *
 * With `check` in SEND_START: connect, TLS, log in, then one SEND_RESULT with
 * letter 0, and exit.
 */
enum send_frame { SEND_START = 1, SEND_LETTER, SEND_STOP, SEND_RESULT };

enum send_tls { SEND_TLS_IMPLICIT, SEND_TLS_STARTTLS, SEND_TLS_NONE };
enum send_auth { SEND_AUTH_NONE, SEND_AUTH_PLAIN, SEND_AUTH_LOGIN,
	SEND_AUTH_XOAUTH2 };

struct send_start {
	const char *host;
	uint32_t port;
	enum send_tls tls;
	const char *ca_file;    /* "" = the system's bundle */
	const char *connect_to; /* as in fetch */
	enum send_auth auth;
	const char *user;
	const char *secret;
	const char *helo;       /* EHLO name */
	uint32_t timeout_ms;    /* hard limit of one letter */
	bool check;
};
/* A process that has not answered to a letter by then hangs: it may start, take
 * the letter's time limit twice over, and be slow. */
#define SEND_HUNG_MS(start) (2 * (int64_t)(start)->timeout_ms + 60000)

struct send_letter {
	uint64_t letter;      /* the outbox id, echoed in the result */
	const char *mail_from; /* envelope sender: printable ASCII or "" = <> */
	const char *rcpt_to;   /* one recipient, printable ASCII */
	uint32_t halts;        /* results of this process that halted so far */
};

enum send_outcome {
	SEND_OK,
	SEND_RETRY,   /* 4xx, network: later */
	SEND_FAILED,  /* 5xx for this letter: final */
	SEND_REFUSED, /* log-in or certificate: nothing will pass; pause */
	SEND_UNKNOWN, /* cut after DATA: may have arrived */
	SEND_BACK,    /* not tried: sent ahead of a result that halted */
};

struct send_result {
	uint64_t letter;
	enum send_outcome outcome;
	int32_t code;      /* SMTP reply; 0 if none */
	const char *what;  /* reply text or cause, printable UTF-8 */
	uint32_t pause_s;  /* provider throttles (421, MI:SFQ): wait so long */
	int64_t certificate_until_s; /* the server's; 0 = not said: without
	                              * TLS, or on a connection in use */
};

/* Bounds of a result: reply and remedy; the longest pause asked for. */
#define SEND_MAX_WHAT (MAX_REPLY_BYTES + 400)
#define SEND_MAX_PAUSE_S 86400

/* Writer and reader of each, side by side in wire.c.  Readers return -1 with
 * ERR_INPUT on any breach; strings live in the arena and are never NULL.
 * Whether an address may be used is asked by smtp.c, so that a bad one costs
 * one letter and not the process. */
void send_put_start(struct buf *b, const struct send_start *s);
int send_get_start(const void *d, size_t len, struct arena *a,
    struct send_start *out, struct err *err);
void send_put_letter(struct buf *b, const struct send_letter *l);
int send_get_letter(const void *d, size_t len, struct arena *a,
    struct send_letter *out, struct err *err);
void send_put_result(struct buf *b, const struct send_result *r);
int send_get_result(const void *d, size_t len, struct arena *a,
    struct send_result *out, struct err *err);
/* The same from a frame, which must be a SEND_RESULT. */
int send_take_result(const struct frame *f, struct arena *a,
    struct send_result *out, struct err *err);

/* Nothing else should be sent now: a pause was asked for, or nothing passes. */
bool send_halts(const struct send_result *r);

#endif
