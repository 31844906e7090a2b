/* SPDX-License-Identifier: ISC */
#ifndef SEND_REPLY_H
#define SEND_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <curl/curl.h>

#include "send/wire.h"

struct buf;

/*
 * What one try to send a letter came to.  Pure: CURLcode × SMTP reply × text
 * → outcome, by the tables in reply.c (RFC 5321 4.2 and 4.3, and what the
 * providers of the users answer).
 */

/* How far the dialogue went: the last command that was sent. */
enum reply_step {
	REPLY_CONNECT, /* nothing yet: TCP, TLS, greeting */
	REPLY_EHLO,
	REPLY_STARTTLS,
	REPLY_AUTH,
	REPLY_CHECK, /* NOOP of the check */
	REPLY_MAIL,
	REPLY_RCPT,
	REPLY_DATA,
	REPLY_DOT, /* 354 came: the letter itself, up to its final dot */
};

struct reply_facts {
	CURLcode rc;
	int code; /* SMTP reply of the last step; 0 = none came */
	enum reply_step step;
	bool sent_all;    /* the letter's last byte was handed over */
	bool reused;      /* the connection had carried a letter before */
	long verify;      /* CURLINFO_SSL_VERIFYRESULT: GnuTLS status bits */
	const char *text; /* the reply, printable, without its code; "" */
	const char *curl; /* libcurl's own words; "" */
};

struct reply_verdict {
	enum send_outcome outcome;
	int code;           /* for send_result; 0 = no reply decided */
	uint32_t pause_s;   /* nothing else should be sent for so long */
	bool again;         /* at once, once, on a fresh connection */
	const char *remedy; /* what a person can do; "" */
};

/* The step after sending `command` (a line of the dialogue) at `now`. */
enum reply_step reply_step(
    enum reply_step now, const char *command, size_t len);

void reply_judge(const struct reply_facts *f, struct reply_verdict *out);

/* Appends "554 DT:SPM …; remedy" or, where no server spoke, libcurl's words
 * and the remedy. */
void reply_describe(const struct reply_facts *f, const struct reply_verdict *v,
    struct buf *out);

#endif
