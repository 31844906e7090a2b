/* SPDX-License-Identifier: ISC */
#ifndef FETCH_SESSION_H
#define FETCH_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include <libetpan/libetpan.h>

#include "base/err.h"
#include "fetch/retry.h"
#include "fetch/stream.h"

struct fetch_start;
struct peer;
struct say;
struct transport;

/* How far the damage of an error reaches. */
enum session_scope {
	SCOPE_FOLDER,     /* the connection lives, other folders can be tried */
	SCOPE_CONNECTION, /* it is closed; a new one may do */
	SCOPE_ACCOUNT,    /* it is closed; a new one would be refused as well */
};

/*
 * One log-in at one server.  The caller sets the first three and zeroes the
 * rest; a session can be opened and closed again and again.
 */
struct session {
	const struct fetch_start *conf; /* secret included */
	struct say *say;
	struct peer *peer;

	bool resting; /* between rounds: a stop does not cut the connection */
	bool open;    /* logged in, and nothing went wrong since */
	bool id_done; /* ID was sent on this connection */
	bool no_id;   /* a connection was closed on ID: never again */
	bool has_idle, has_move;
	enum session_scope scope; /* of the last error */

	/* The selected folder; -1 = none. */
	int folder;
	uint32_t uidvalidity;
	uint32_t uidnext; /* 0 = not told */
	uint32_t exists;
	bool read_only;

	struct transport *transport;
	struct stream stream;
	bool has_stream;
	mailimap *imap;
	int last_tag;
};

/* Connects, logs in, sends ID where it is offered (RFC 2971; 163.com and its
 * sisters refuse SELECT without it). */
int session_open(struct session *s, struct err *err);
/* With LOGOUT when there is a connection in order and `polite`. */
void session_close(struct session *s, bool polite);

/* SELECT, or EXAMINE when nothing will be marked there: EXAMINE cannot change
 * a flag.  On failure s->scope tells how far it reaches. */
int session_select(struct session *s, uint32_t folder, struct err *err);

/* What the server answered to one command. */
enum answer { ANSWER_OK, ANSWER_NO, ANSWER_BAD, ANSWER_LOST };

/* Sends one command (without tag and line end); its tag, or -1 when the
 * connection is lost. */
int session_send(struct session *s, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Reads to the answer with that tag, in the order of sending.  Waits
 * timeout_ms + extra_ms at most.  ANSWER_LOST fills err and s->scope; the
 * session must then be closed. */
enum answer session_answer(struct session *s, int tag,
    const struct firewall_grant *grant, uint64_t extra_ms, struct err *err);
/* Both for a command with a short answer. */
enum answer session_ask(struct session *s, const char *command,
    struct err *err);
/* What the call of a libetpan command came to; r is its result. */
enum answer session_result(struct session *s, int r, struct err *err);
/* Sets the time of one step and what its answer may hold. */
void session_step(struct session *s, const struct firewall_grant *grant,
    uint64_t extra_ms);
/* Fills err for a lost connection; -1. */
int session_lost(struct session *s, struct err *err);
/* The text of the last tagged answer, fit to be shown. */
const char *session_text(struct session *s, char *out, size_t size);
bool session_can(const struct session *s, const char *capability);

/* The steps of session_open(), one by one: libetpan over a pipe whose greeting
 * was read; the log-in (login.c); capabilities and ID. */
int session_begin(
    struct session *s, const struct stream_pipe *pipe, struct err *err);
int session_login(struct session *s, struct err *err);
int session_introduce(struct session *s, struct err *err);
/* Sends ID; once after log-in, or when a SELECT demands it. */
enum answer session_send_id(struct session *s, struct err *err);

/* For short answers, and for SEARCH in a mailbox of a million. */
extern const struct firewall_grant session_short, session_search;

#endif
