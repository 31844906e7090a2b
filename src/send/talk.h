/* SPDX-License-Identifier: ISC */
#ifndef SEND_TALK_H
#define SEND_TALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <curl/curl.h>

#include "send/answer.h"
#include "send/reply.h"

/*
 * Mail transactions (RFC 5321 3.3) on a connection that libcurl has opened,
 * verified and logged in.  Where the server offers PIPELINING (RFC 2920) MAIL,
 * RCPT and DATA leave together: a letter costs two round trips and not four.
 * The letter itself never leaves before 354 came.
 */
struct talk {
	CURL *curl; /* connected; borrowed */
	curl_socket_t fd;
	int64_t end_ms; /* of clock_mono_ms(): nothing takes longer */
	CURLcode rc;    /* the first failure: nothing is said behind it */

	/* What EHLO said; by talk_ehlo_line(). */
	bool pipelining, size;

	/* How far it went, as struct reply_facts wants it. */
	enum reply_step step;
	struct answer reply; /* to that step */
	bool sent_all;       /* the final dot was handed over */

	bool skips; /* the rest of a line that was too long */
	size_t from, len;
	char in[4096];
	size_t n_out;
	char out[16384];
};

struct talk_letter {
	const char *mail_from; /* "" = <> */
	const char *rcpt_to;
	const char *data; /* CR LF line ends */
	size_t len;
};

/* A new connection: nothing of an older one is left. */
void talk_begin(struct talk *t, CURL *curl);
/* A line of the answer to EHLO, from libcurl's hands. */
void talk_ehlo_line(struct talk *t, const char *line, size_t len);
/* False when something came that nobody asked for, or the end: the next
 * answer could be taken for another's. */
bool talk_is_quiet(struct talk *t);

/* CURLE_OK: the server took it.  CURLE_WEIRD_SERVER_REPLY: t->reply refuses at
 * t->step.  CURLE_OPERATION_TIMEDOUT, CURLE_SEND_ERROR, CURLE_RECV_ERROR: as
 * they say.  After a failure the connection is of no more use. */
CURLcode talk_letter(struct talk *t, const struct talk_letter *l);
/* NOOP; likewise. */
CURLcode talk_check(struct talk *t);
/* Before the connection is closed: says QUIT and does not wait; where a letter
 * was cut off, not one byte of it leaves any more. */
void talk_end(struct talk *t);

#endif
